//! Inputs that cannot be read or are outputs, outputs without articles, and records that are too large for the memory.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::harness::{Place, articles, lines, spawn};
use crate::common::{settled, stderr};

const ENTITIES: [&str; 3] = ["--tasks", "entities", "--output"];

#[test]
fn an_output_that_is_also_an_input_is_refused_and_kept() {
    let place = Place::new();
    place.write("x.jsonl", &articles(3, "x"));
    for output in ["x.jsonl", "x.parquet"] {
        fs::write(place.path("x.parquet"), "").unwrap();
        let arguments = [&["x.jsonl", "x.parquet", "--restart"], &ENTITIES[..], &[output]].concat();
        let said = stderr(&mut place.batch(&arguments), 2);
        assert!(said.contains(&format!("{output}: this is what the run writes")), "{said}");
        assert_eq!(place.read("x.jsonl"), articles(3, "x"));
    }
    let said = stderr(&mut place.batch(&[&["y.jsonl"], &ENTITIES[..], &["new/y.out.jsonl"]].concat()), 2);
    assert!(said.contains("y.jsonl: there is no such file or folder"), "{said}");
    assert!(!place.path("new").exists());
}

#[cfg(unix)]
#[test]
fn an_output_is_not_read_as_an_input_through_links() {
    let place = Place::new();
    fs::create_dir(place.path("real")).unwrap();
    place.write("real/in.jsonl", &articles(5, "x"));
    std::os::unix::fs::symlink(place.path("real"), place.path("link")).unwrap();
    let options = ["--with-text", "--window", "1", "--max-errors", "0"];
    place.batch(&[&["link/"], &options[..], &ENTITIES[..], &["link/out/f.jsonl"]].concat()).assert().code(0);
    assert_eq!(place.read("real/out/f.jsonl").lines().count(), 5);
}

#[test]
fn without_articles_the_output_is_empty_and_complete() {
    let place = Place::new();
    place.write("in.jsonl", "{\"id\": \"no text\"}\n");
    for name in ["o.jsonl", "o.jsonl.gz", "o.jsonl.zst", "o.parquet"] {
        let arguments = [&["in.jsonl"], &ENTITIES[..], &[name]].concat();
        place.batch(&arguments).assert().code(1);
        assert_eq!(lines(&place.path(name)), Vec::<String>::new(), "{name}");
        let said = stderr(&mut place.batch(&arguments), 1);
        assert!(said.contains("already complete, 0 articles, 1 failed"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_read_to_its_end_is_not_called_complete() {
    let place = Place::new();
    place.write("in.csv", "id,text\n1,Emmanuel Macron left Mali.\n2,\"\n3,Angela Merkel left Berlin.\n");
    let arguments = [&["in.csv"], &ENTITIES[..], &["o.jsonl"]].concat();
    for began in ["o.jsonl: ended", "o.jsonl: already ended"] {
        let said = stderr(&mut place.batch(&arguments), 1);
        assert!(
            said.contains(&format!(
                "{began}, but one file could not be read to its end, 1 article, 1 failed"
            )),
            "{said}"
        );
        assert!(!said.contains("complete"), "{said}");
    }
    assert_eq!(lines(&place.path("o.jsonl")), ["1"]);
    let errors = place.read("o.jsonl.errors.jsonl");
    assert!(errors.contains("\"place\":\"line 3\"") && errors.contains("never closed"), "{errors}");
}

#[test]
fn unknown_files_are_reported_and_addresses_are_refused() {
    let place = Place::new();
    fs::create_dir(place.path("in")).unwrap();
    place.write("in/a.jsonl", &articles(2, "x"));
    place.write("in/b.log", "A line.");
    let said = stderr(&mut place.batch(&[&["in"], &ENTITIES[..], &["o.jsonl"]].concat()), 0);
    assert!(said.contains("1 file was skipped, of kinds that are not read: 1 .log"), "{said}");
    let said =
        stderr(&mut place.batch(&[&["https://example.org/a.html"], &ENTITIES[..], &["p.jsonl"]].concat()), 2);
    assert!(said.contains("fetch it first") && !place.path("p.jsonl").exists(), "{said}");
}

#[test]
fn a_restart_that_was_killed_can_be_done_again() {
    let place = Place::new();
    place.write("in.jsonl", &articles(4, "x"));
    let arguments = [&["in.jsonl"], &ENTITIES[..], &["out/"]].concat();
    place.batch(&arguments).assert().code(0);
    // A file that cannot be removed ends the restart in the middle, as a kill does.
    fs::remove_file(place.path("out.errors.jsonl")).unwrap();
    fs::create_dir(place.path("out.errors.jsonl")).unwrap();
    place.write("out/x9.json", "{}");
    place.batch(&arguments).arg("--restart").assert().code(2);
    fs::remove_dir(place.path("out.errors.jsonl")).unwrap();
    place.write("out/x0.json", "{}");
    place.batch(&arguments).arg("--restart").assert().code(0);
    assert_eq!(fs::read_dir(place.path("out")).unwrap().count(), 4);
}

#[test]
fn a_complete_output_gets_no_more_articles_from_a_pipe() {
    let place = Place::new();
    let arguments = [&["-", "--input-format", "jsonl"], &ENTITIES[..], &["o.jsonl"]].concat();
    place.batch(&arguments).write_stdin(articles(2, "x")).assert().code(0);
    let said = stderr(place.batch(&arguments).write_stdin(articles(2, "y")), 2);
    assert!(said.contains("standard input was not read"), "{said}");
    assert_eq!(lines(&place.path("o.jsonl")), ["x0", "x1"]);
}

#[test]
fn metrics_are_not_written_over_inputs_and_results() {
    let place = Place::new();
    place.write("in.jsonl", &articles(1, "x"));
    for metrics in ["o.jsonl", "./o.jsonl.journal", "in.jsonl"] {
        let arguments = [&["in.jsonl", "--metrics", metrics], &ENTITIES[..], &["o.jsonl"]].concat();
        let said = stderr(&mut place.batch(&arguments), 2);
        assert!(said.contains("give --metrics another name"), "{said}");
        assert!(!place.path("o.jsonl").exists() && !place.path("o.jsonl.journal").exists());
    }
    assert_eq!(place.read("in.jsonl"), articles(1, "x"));
}

#[test]
fn metrics_that_cannot_be_written_do_not_hide_why_a_run_ended() {
    let place = Place::new();
    place.write("in.jsonl", &format!("a\nb\n{}", articles(2, "x")));
    let metrics = ["--metrics", "no/such/m.json"];
    let arguments = [&["in.jsonl", "--max-errors", "1"], &metrics[..], &ENTITIES[..], &["o.jsonl"]].concat();
    let said = stderr(&mut place.batch(&arguments), 2);
    assert!(said.contains("2 articles failed, and 1 may"), "{said}");
    let arguments = [&["in.jsonl"], &metrics[..], &ENTITIES[..], &["p.jsonl"]].concat();
    let said = stderr(&mut place.batch(&arguments), 2);
    assert!(said.contains("m.json: the metrics cannot be written"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_continues_when_standard_error_cannot_be_written() {
    let place = Place::new();
    place.write("in.jsonl", &articles(4, "x"));
    let options = ["in.jsonl", "--window", "1", "--progress-every", "0", "--threads", "1"];
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = settled(std::process::Command::new(env!("CARGO_BIN_EXE_wirelens")));
    command.arg("batch").args(options).args(ENTITIES).arg("o.jsonl").current_dir(place.folder());
    assert_eq!(command.stderr(full).status().unwrap().code(), Some(0));
    assert_eq!(lines(&place.path("o.jsonl")).len(), 4);
}

/// Peak of memory of a filter over a line, in bytes.
#[cfg(target_os = "linux")]
fn peak(line: &str) -> u64 {
    let place = Place::new();
    let arguments = ["-", "--output", "-", "--metrics", "m.json", "--tasks", "entities"];
    let mut run = spawn(&place, &arguments, Stdio::piped(), Stdio::null());
    run.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    run.wait().unwrap();
    let metrics: serde_json::Value = serde_json::from_str(&place.read("m.json")).unwrap();
    metrics["peak_memory_bytes"].as_u64().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn fields_that_are_not_read_take_no_memory() {
    let article = "\"text\": \"Angela Merkel visited Paris.\"";
    let few = peak(&format!("{{{article}, \"x\": [{{\"\":0}}]}}\n"));
    let many = peak(&format!("{{{article}, \"x\": [{{\"\":0}}{}]}}\n", ",{\"\":0}".repeat(1 << 20)));
    let names = peak(&format!("{{\"{}\": 0}}\n", "x".repeat(1 << 20)).repeat(128));
    // The line and its text are in memory twice; a parsed value of all fields would take a gigabyte.
    assert!(many < few + (64 << 20), "{few} {many}");
    assert!(names < few + (64 << 20), "{few} {names}");
}
