//! Inputs and outputs of `wirelens batch`: compressed and Parquet input, tables, folders, shards.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use super::harness::{Place, articles, finish, lines};
use crate::common::{stderr, stdout, wirelens};

#[test]
fn packed_input_is_read_everywhere() {
    let place = Place::new();
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let two_members = [gzip(&articles(2, "a")), gzip(&articles(2, "b"))].concat();
    fs::write(place.path("1.jsonl.gz"), &two_members).unwrap();
    let csv = zstd::encode_all(&b"id,text\nc,Paris is far.\n"[..], 0).unwrap();
    fs::write(place.path("2.csv.zst"), csv).unwrap();
    fs::write(place.path("3.txt.gz"), gzip("Berlin is near.")).unwrap();
    let torn = &gzip(&articles(300, "t"))[..200];
    fs::write(place.path("4.jsonl.gz"), torn).unwrap();
    fs::write(place.path("5.jsonl.gz"), "not packed").unwrap();
    // A quarter of a gigabyte of one line, from a few kilobytes.
    let bomb = zstd::encode_all(std::io::repeat(b'a').take_of(256 << 20), 0).unwrap();
    assert!(bomb.len() < 100_000);
    fs::write(place.path("6.jsonl.zst"), &bomb).unwrap();
    let opened = zstd::encode_all(&b"id,text\n1,\""[..], 0).unwrap();
    fs::write(place.path("7.csv.zst"), [opened, bomb].concat()).unwrap();

    let mut command = wirelens();
    command.args(["entities", "--threads", "1", "--format", "jsonl"]).arg(place.folder());
    let found = stdout(&mut command, 1);
    let ids: Vec<String> = found.lines().map(id).filter(|id| !id.starts_with('t')).collect();
    assert_eq!(ids, ["a0", "a1", "b0", "b1", "c", "3"]);
    let said = stderr(&mut command, 1);
    for reason in
        ["4.jsonl.gz", "5.jsonl.gz", "6.jsonl.zst, line 1: is longer than 64 MiB", "longer than 64 MiB"]
    {
        assert!(said.contains(reason), "{reason} in {said}");
    }
    let piped = stdout(
        wirelens().args(["entities", "--threads", "1", "--format", "jsonl", "-"]).write_stdin(two_members),
        0,
    );
    assert_eq!(piped.lines().count(), 4);
}

fn id(line: &str) -> String {
    serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
}

/// `Read::take` of an endless reader.
trait TakeOf: std::io::Read + Sized {
    fn take_of(self, bytes: u64) -> std::io::Take<Self> {
        std::io::Read::take(self, bytes)
    }
}

impl TakeOf for std::io::Repeat {}

#[test]
fn a_table_has_every_field_and_can_be_read_as_input() {
    let place = Place::new();
    place.write("in.jsonl", &articles(6, "x"));
    let wanted = stdout(
        wirelens().args(["analyze", "--threads", "1", "--format", "jsonl"]).arg(place.path("in.jsonl")),
        0,
    );
    let wanted: Vec<Value> = wanted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    place.batch(&["in.jsonl", "--with-text", "--output", "out.parquet"]).assert().code(0);
    let file = fs::File::open(place.path("out.parquet")).unwrap();
    let table: Vec<_> = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(table.len(), 1);
    for (row, wanted) in wanted.iter().enumerate() {
        let entities = table[0].column_by_name("entities").unwrap().as_list::<i32>().value(row);
        let entities = entities.as_struct();
        assert_eq!(entities.len(), wanted["entities"].as_array().unwrap().len());
        let mentions = entities.column_by_name("mentions").unwrap().as_list::<i32>().value(0);
        let mention = |name: &str| mentions.as_struct().column_by_name(name).unwrap().clone();
        let first = &wanted["entities"][0]["mentions"][0];
        assert_eq!(mention("text").as_string::<i32>().value(0), first["text"]);
        assert_eq!(mention("end").as_primitive::<Int64Type>().value(0), first["end"].as_i64().unwrap());
        assert_eq!(mention("score").as_primitive::<Float64Type>().value(0), first["score"].as_f64().unwrap());
        let summary = table[0].column_by_name("summary").unwrap().as_struct();
        let text = summary.column_by_name("text").unwrap().as_string::<i32>().value(row);
        assert_eq!(text, wanted["summary"]["text"]);
    }
    let again = stdout(
        wirelens().args(["analyze", "--threads", "1", "--format", "jsonl"]).arg(place.path("out.parquet")),
        0,
    );
    let again: Vec<Value> = again.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(again, wanted);
    let said =
        stderr(wirelens().args(["analyze", "--text-field", "entities"]).arg(place.path("out.parquet")), 1);
    assert!(said.contains("has no text in its column 'entities'"), "{said}");
}

#[test]
fn a_folder_gets_one_file_for_each_article_and_no_id_leads_out_of_it() {
    let place = Place::new();
    let odd = "{\"id\":\"../../evil\",\"text\":\"Paris.\"}\n{\"id\":\"x0\",\"text\":\"Rome again.\"}\n";
    place.write("in.jsonl", &(articles(3, "x") + odd));
    let arguments = ["in.jsonl", "--tasks", "entities", "--window", "2", "--output", "out/"];
    let said = stderr(&mut place.batch(&arguments), 0);
    assert!(said.contains("1 article has the id of an earlier one"), "{said}");
    let names = || -> BTreeSet<String> {
        let entries = fs::read_dir(place.path("out")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let found = names();
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(["x0.json", "x1.json", "x2.json"].iter().all(|name| found.contains(*name)), "{found:?}");
    assert!(found.iter().any(|name| name.starts_with("evil-")), "{found:?}");

    // As after a kill behind the first window.
    let head: String = place.read("out.journal").lines().take(2).map(|line| format!("{line}\n")).collect();
    place.write("out.journal", &head);
    fs::remove_file(place.path("out/x2.json")).unwrap();
    place.batch(&arguments).assert().code(0);
    assert_eq!(names(), found);
    // Files that are not of the run stay in the folder.
    place.batch(&arguments).arg("--restart").assert().code(0);
    assert_eq!(names(), found);
    fs::create_dir(place.path("mine")).unwrap();
    place.write("mine/notes.json", "{}");
    let said = stderr(place.batch(&["in.jsonl", "--output", "mine"]).arg("--restart"), 2);
    assert!(said.contains("which a restart leaves alone, too; name another --output"), "{said}");
}

#[test]
fn shards_divide_the_articles_and_an_output_is_not_read_as_input() {
    let place = Place::new();
    fs::create_dir(place.path("all")).unwrap();
    place.write("all/in.jsonl", &articles(12, "x"));
    let mut found = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let output = format!("all/{}.jsonl", &shard[..1]);
        // Each run also reads the outputs of the others, which hold no text, and skips its own.
        let arguments = ["all/in.jsonl", "--tasks", "entities", "--shard", shard, "--output", &output];
        place.batch(&arguments).assert().code(0);
        found.extend(lines(&place.path(&output)));
    }
    found.sort();
    let mut wanted: Vec<String> = (0..12).map(|n| format!("x{n}")).collect();
    wanted.sort();
    assert_eq!(found, wanted);

    for name in ["1", "2", "3"] {
        fs::remove_file(place.path(&format!("all/{name}.jsonl"))).unwrap();
        fs::remove_file(place.path(&format!("all/{name}.jsonl.errors.jsonl"))).unwrap();
    }
    let arguments = ["all", "--tasks", "entities", "--output", "all/out.jsonl"];
    place.batch(&arguments).assert().code(0);
    let head: String =
        place.read("all/out.jsonl.journal").lines().take(1).map(|line| format!("{line}\n")).collect();
    place.write("all/out.jsonl.journal", &head);
    place.batch(&arguments).assert().code(0);
    assert_eq!(lines(&place.path("all/out.jsonl")).len(), 12);
}

#[test]
fn killed_runs_over_every_file_layout_continue() {
    let place = Place::new();
    fs::create_dir(place.path("in")).unwrap();
    let array = |prefix: &str| format!("[{}]", articles(24, prefix).trim_end().replace('\n', ","));
    place.write("in/a.json", &array("a"));
    let rows: String =
        (0..24).map(|n| format!("b{n};\"Angela Merkel; visited\nRome on day {n}.\"\n")).collect();
    place.write("in/b.csv", &("id;text\n".to_owned() + &rows));
    let entry = |n: usize| {
        format!(
            "<item><guid>c{n}</guid><description>&lt;p&gt;Day {n} in Paris.&lt;/p&gt;</description></item>"
        )
    };
    let entries: String = (0..24).map(entry).collect();
    place.write(
        "in/c.xml",
        &format!("<rss version=\"2.0\"><channel><title>t</title>{entries}</channel></rss>"),
    );
    let utf16: Vec<u8> =
        ("\u{feff}".to_owned() + &articles(24, "d")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(place.path("in/d.jsonl"), utf16).unwrap();
    let options = ["in", "--tasks", "entities", "--window", "8", "--output"];
    place.batch(&[&options[..], &["whole.jsonl"]].concat()).assert().code(0);
    let kills = finish(&place, &[&options[..], &["out.jsonl"]].concat(), 5, 3, 0..6);
    assert!(kills > 0, "it was never killed");
    assert_eq!(place.read("out.jsonl"), place.read("whole.jsonl"));
    let ids: BTreeSet<String> = lines(&place.path("out.jsonl")).into_iter().collect();
    assert_eq!(
        ids,
        ["a", "b", "c", "d"].iter().flat_map(|p| (0..24).map(move |n| format!("{p}{n}"))).collect()
    );

    let said =
        stderr(place.batch(&[&options[..], &["out.jsonl"]].concat()).args(["--html-fields", "never"]), 2);
    assert!(said.contains("html_fields (was auto, is never)"), "{said}");
}
