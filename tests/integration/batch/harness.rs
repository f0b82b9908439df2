//! Helpers of the tests of `wirelens batch`: a folder to run in, articles to read, and runs that are killed.

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use arrow_array::cast::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

/// Tests run side by side, and the threads of several programs would wait for each other.
pub const ONE_THREAD: [&str; 2] = ["--threads", "1"];

pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `wirelens batch` in the folder.
    pub fn batch(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = crate::common::wirelens();
        command.current_dir(self.folder()).arg("batch").args(ONE_THREAD).args(arguments);
        command
    }
}

/// Lines of articles of one sentence, with ids `<prefix>0`, `<prefix>1`, …
pub fn articles(count: usize, prefix: &str) -> String {
    const NAMES: [&str; 5] = ["Angela Merkel", "Emmanuel Macron", "Olaf Scholz", "Joe Biden", "Theresa May"];
    const PLACES: [&str; 7] = ["Paris", "Berlin", "Bamako", "Rome", "Madrid", "London", "Warsaw"];
    let line = |n: usize| {
        let text = format!("{} visited {} on day {n} of the talks.", NAMES[n % 5], PLACES[n % 7]);
        format!("{}\n", json!({ "id": format!("{prefix}{n}"), "text": text }))
    };
    (0..count).map(line).collect()
}

/// The beginnings of news articles where they are at hand, else sentences of our own.
pub fn soak_articles(count: usize) -> String {
    let data = std::env::var("DATA").unwrap_or_else(|_| "../shared/data".into());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(data).join("fnc1/train_bodies.csv");
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        eprintln!("no {}: articles of one sentence", path.display());
        return articles(count, "x");
    };
    let bodies: Vec<String> = reader.records().map(|record| record.unwrap()[1].to_owned()).collect();
    let beginning = |n: usize| bodies[n % bodies.len()].chars().take(150).collect::<String>();
    (0..count).map(|n| format!("{}\n", json!({ "id": n, "text": beginning(n) }))).collect()
}

pub fn spawn(place: &Place, arguments: &[&str], input: Stdio, output: Stdio) -> Child {
    let mut command = crate::common::settled(Command::new(env!("CARGO_BIN_EXE_wirelens")));
    command.arg("batch").args(arguments).args(ONE_THREAD).current_dir(place.folder());
    command.stdin(input).stdout(output).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs the same command, whose last argument is the output, until it ends by itself, and kills it up to `most` times: when its
/// output or its journal has grown some number of times, which is drawn from `growths`; every other time once at least, so that
/// the run advances. Gives the number of kills.
pub fn finish(place: &Place, arguments: &[&str], seed: u64, most: usize, growths: Range<usize>) -> usize {
    let mut random = rand_pcg::Pcg64::seed_from_u64(seed);
    let output = arguments.last().expect("an output").trim_end_matches('/');
    let files = ["", ".part", ".journal"].map(|end| place.path(&format!("{output}{end}")));
    let size = || files.iter().map(|file| fs::metadata(file).map_or(0, |data| data.len())).sum::<u64>();
    let mut kills = 0;
    loop {
        let mut known = size();
        let mut child = spawn(place, arguments, Stdio::null(), Stdio::null());
        let mut left = random.random_range(growths.clone()).max(kills % 2);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            let now = size();
            if now != known {
                (known, left) = (now, left.saturating_sub(1));
            }
            if kills < most && left == 0 {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            sleep(Duration::from_millis(1));
        };
        match status {
            Some(status) => {
                let mut said = String::new();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                assert_eq!(status.code(), Some(0), "{said}");
                return kills;
            }
            None => kills += 1,
        }
    }
}

pub fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

/// The ids of an output of any kind; of lines, packed or not, with everything else in them.
pub fn lines(path: &Path) -> Vec<String> {
    let file = fs::File::open(path).unwrap();
    let mut text = String::new();
    match path.extension().unwrap().to_str().unwrap() {
        "parquet" => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
            let batches: Vec<_> = reader.map(Result::unwrap).collect();
            let ids =
                batches.iter().map(|batch| batch.column_by_name("id").unwrap().as_string::<i32>().iter());
            return ids.flatten().map(|id| id.unwrap().to_owned()).collect();
        }
        "gz" => flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap(),
        "zst" => zstd::Decoder::new(file).unwrap().read_to_string(&mut text).unwrap(),
        _ => {
            return ids(&fs::read_to_string(path).unwrap(), "out.parquet");
        }
    };
    text.lines().map(String::from).collect()
}

/// What [`lines`] gives for an output of the same results under another name.
pub fn ids(text: &str, name: &str) -> Vec<String> {
    match name.rsplit('.').next().unwrap() {
        "parquet" | "jsonl" => {
            let id =
                |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
            text.lines().map(id).collect()
        }
        _ => text.lines().map(String::from).collect(),
    }
}
