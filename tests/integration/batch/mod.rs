//! `wirelens batch`: each record is in the output exactly once, even if the run is killed; refused outputs; the filter.

mod archives;
mod edges;
mod faults;
mod harness;
mod ways;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::common::{settled, stderr, stdout, wirelens};
use harness::{Place, articles, bytes, finish, spawn};
use serde_json::{Value, json};

#[test]
fn results_are_those_of_analyze_and_bad_records_are_in_the_errors_file() {
    let place = Place::new();
    let mut lines = articles(20, "x");
    lines.insert_str(0, "not json\n");
    lines.push_str("{\"id\": \"dumb\"}\n");
    place.write("in.jsonl", &lines);
    let wanted = stdout(
        wirelens().args(["analyze", "--threads", "1", "--format", "jsonl"]).arg(place.path("in.jsonl")),
        1,
    );

    let metrics = place.path("metrics.json");
    let mut command = place.batch(&["in.jsonl", "--output", "out.jsonl"]);
    let said = stderr(command.arg("--metrics").arg(&metrics), 1);
    assert!(said.contains("complete, 20 articles, 2 failed; the reasons are in"), "{said}");
    assert_eq!(place.read("out.jsonl"), wanted);
    let errors: Vec<Value> = place
        .read("out.jsonl.errors.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((&errors[0]["id"], &errors[0]["place"]), (&Value::Null, &"line 1".into()));
    assert_eq!((&errors[1]["id"], &errors[1]["place"]), (&"dumb".into(), &"line 22".into()));
    assert!(errors[1]["input"].as_str().unwrap().ends_with("in.jsonl"));
    assert!(errors[1]["reason"].as_str().unwrap().contains("no text in a field 'text'"));
    let metrics: Value = serde_json::from_slice(&fs::read(metrics).unwrap()).unwrap();
    assert_eq!((&metrics["state"], &metrics["this_run"]["articles"]), (&"complete".into(), &20.into()));
    assert!(metrics["this_run"]["window_seconds"]["p99"].as_f64().unwrap() > 0.0);
    let settings = &metrics["settings"];
    assert_eq!(settings["tasks"], json!(["summary", "entities", "stance", "quotes"]));
    assert_eq!(
        (&settings["output"], &settings["batch_tokens"]),
        (&json!({ "lines": "plain" }), &2048.into())
    );

    // A complete run gives the same exit code again, and reads nothing.
    let said = stderr(&mut place.batch(&["in.jsonl", "--output", "out.jsonl"]), 1);
    assert!(said.contains("already complete, 20 articles, 2 failed"), "{said}");
    assert_eq!(place.read("out.jsonl"), wanted);
}

#[test]
fn killed_runs_give_the_output_of_an_undisturbed_run() {
    let place = Place::new();
    place.write("in.jsonl", &articles(160, "x"));
    let options = ["in.jsonl", "--tasks", "entities", "--window", "8", "--output"];
    let undisturbed = place.batch(&[&options[..], &["whole.jsonl"]].concat()).assert().code(0);
    drop(undisturbed);
    let whole = place.read("whole.jsonl");
    for (name, seed) in [("out.jsonl", 1), ("out.jsonl.gz", 2), ("out.jsonl.zst", 3), ("out.parquet", 4)] {
        let kills = finish(&place, &[&options[..], &[name]].concat(), seed, 3, 0..6);
        assert!(kills > 0, "{name} was never killed");
        assert_eq!(harness::lines(&place.path(name)), harness::ids(&whole, name), "{name}");
        assert!(!place.path("out.parquet.part").exists());
    }
    assert_eq!(place.read("out.jsonl"), whole);
}

/// `make soak`: some minutes.
#[test]
#[ignore = "part of make soak"]
fn soak() {
    let place = Place::new();
    let text = harness::soak_articles(2_000);
    place.write("in.jsonl", &text);
    let options = ["in.jsonl", "--tasks", "entities", "--window", "32", "--output"];
    let kills = finish(&place, &[&options[..], &["out.jsonl.zst"]].concat(), 7, 30, 0..4);
    assert_eq!(kills, 30);
    place.batch(&[&options[..], &["whole.jsonl.zst"]].concat()).assert().code(0);
    assert!(bytes(&place.path("out.jsonl.zst")) == bytes(&place.path("whole.jsonl.zst")));
    assert_eq!(harness::lines(&place.path("out.jsonl.zst")).len(), text.lines().count());
    eprintln!("{kills} kills, {} articles, not a byte of difference", text.lines().count());
}

#[test]
fn incomplete_ends_of_files_are_cut_off_and_written_again() {
    let place = Place::new();
    place.write("in.jsonl", &(articles(15, "x") + "nonsense\n"));
    let arguments = ["in.jsonl", "--tasks", "entities", "--window", "4", "--output", "out.jsonl"];
    place.batch(&arguments).assert().code(1);
    let (output, errors) = (place.read("out.jsonl"), place.read("out.jsonl.errors.jsonl"));
    let journal = place.read("out.jsonl.journal");
    let lines: Vec<&str> = journal.lines().collect();
    assert_eq!(lines.len(), 6, "a head, four windows and an end");
    let until = |n: usize| lines[..n].iter().map(|line| format!("{line}\n")).collect::<String>();
    let half = output.len() / 2;
    let torn = [
        // The output shorter than the journal says; a half-written record and journal line; zeros at the end of the journal.
        (output[..half].to_owned(), String::new(), until(5)),
        (output[..output.len() - 9].to_owned(), errors.clone(), until(4) + &lines[4][..50]),
        (output.clone() + "{\"schema", errors.clone() + "{\"id", until(3) + "\0\0\0\0\0\0\n"),
        (String::new(), String::new(), until(1)),
        (output.clone(), errors.clone(), until(5)),
    ];
    for (number, (torn_output, torn_errors, torn_journal)) in torn.into_iter().enumerate() {
        place.write("out.jsonl", &torn_output);
        place.write("out.jsonl.errors.jsonl", &torn_errors);
        place.write("out.jsonl.journal", &torn_journal);
        place.batch(&arguments).assert().code(1);
        assert_eq!(place.read("out.jsonl"), output, "case {number}");
        assert_eq!(place.read("out.jsonl.errors.jsonl"), errors, "case {number}");
        assert_eq!(place.read("out.jsonl.journal"), journal, "case {number}");
    }
}

#[test]
fn outputs_and_inputs_of_another_run_are_refused() {
    let place = Place::new();
    place.write("in.jsonl", &articles(9, "x"));
    let base = ["in.jsonl", "--tasks", "entities", "--window", "4", "--output", "out.jsonl"];
    place.write("out.jsonl", "precious");
    let said = stderr(&mut place.batch(&base), 2);
    assert!(said.contains("is there already") && said.contains("--restart"), "{said}");
    assert_eq!(place.read("out.jsonl"), "precious");
    assert!(!place.path("out.jsonl.journal").exists());
    place.batch(&base).arg("--restart").assert().code(0);

    let other = ["in.jsonl", "--tasks", "entities,summary", "--output", "out.jsonl"];
    let said = stderr(&mut place.batch(&other), 2);
    assert!(said.contains("tasks (was [\"entities\"], is [\"summary\",\"entities\"])"), "{said}");
    let said = stderr(place.batch(&base).args(["--precision", "bf16"]), 2);
    assert!(said.contains("precision (was f32, is bf16)"), "{said}");
    let said = stderr(&mut place.batch(&["in.jsonl", "--output", "out.xml"]), 2);
    assert!(said.contains("has to end in .jsonl"), "{said}");

    // An unfinished run whose input has changed; whose input is shorter; whose input is longer, which is allowed.
    let journal = place.read("out.jsonl.journal");
    let head: String = journal.lines().take(3).map(|line| format!("{line}\n")).collect();
    let unfinished = || place.write("out.jsonl.journal", &head);
    unfinished();
    place.write("in.jsonl", &articles(9, "y"));
    assert!(stderr(&mut place.batch(&base), 2).contains("first 8 records are no longer those"));
    place.write("in.jsonl", &articles(5, "x"));
    assert!(stderr(&mut place.batch(&base), 2).contains("it has 5 records, and this run had already read 8"));
    place.write("in.jsonl", &articles(11, "x"));
    place.batch(&base).assert().code(0);
    assert_eq!(place.read("out.jsonl").lines().count(), 11);
    place.write("in.jsonl", &articles(12, "x"));
    assert!(stderr(&mut place.batch(&base), 0).contains("the size of the input has changed"));
}

#[test]
fn too_many_errors_end_a_run_that_can_be_continued() {
    let place = Place::new();
    place.write("in.jsonl", &format!("a\nb\n{}c\n{}", articles(3, "x"), articles(2, "y")));
    let base = ["in.jsonl", "--tasks", "entities", "--window", "2", "--output", "out.jsonl", "--max-errors"];
    let said = stderr(place.batch(&base).arg("1"), 2);
    assert!(
        said.contains(
            "2 articles failed, and 1 may; see the errors file; a larger --max-errors lets the run continue"
        ),
        "{said}"
    );
    assert!(stderr(place.batch(&base).arg("1"), 2).contains("and 1 may"));
    place.batch(&base).arg("3").assert().code(1);
    assert_eq!(place.read("out.jsonl").lines().count(), 5);
    assert_eq!(place.read("out.jsonl.errors.jsonl").lines().count(), 3);
}

#[test]
fn a_second_run_on_an_output_is_refused_and_a_signal_ends_a_run_cleanly() {
    let place = Place::new();
    let arguments =
        ["-", "--input-format", "jsonl", "--window", "2", "--tasks", "entities", "--output", "o.jsonl"];
    let mut first = spawn(&place, &arguments, Stdio::piped(), Stdio::null());
    let mut input = first.stdin.take().unwrap();
    input.write_all(articles(4, "x").as_bytes()).unwrap();
    while !place.path("o.jsonl").exists() || place.read("o.jsonl").lines().count() < 4 {
        sleep(Duration::from_millis(50));
    }
    let said = stderr(place.batch(&arguments).write_stdin(""), 2);
    assert!(said.contains("another run is writing this output"), "{said}");
    std::process::Command::new("kill").args(["-INT", &first.id().to_string()]).status().unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(130));
    drop(input);
    let said = stderr(place.batch(&arguments).write_stdin(articles(5, "x")), 0);
    assert!(said.contains("complete, 5 articles"), "{said}");
}

#[test]
fn a_filter_answers_each_line_at_once_and_in_order() {
    let place = Place::new();
    let mut filter =
        spawn(&place, &["-", "--output", "-", "--tasks", "entities"], Stdio::piped(), Stdio::piped());
    let mut input = filter.stdin.take().unwrap();
    let mut output = BufReader::new(filter.stdout.take().unwrap()).lines();
    let mut answer = |line: &str| -> Value {
        input.write_all(line.as_bytes()).unwrap();
        serde_json::from_str(&output.next().unwrap().unwrap()).unwrap()
    };
    assert_eq!(
        answer("{\"id\":1,\"text\":\"Angela Merkel is in Rome.\"}\n")["entities"][0]["name"],
        "Angela Merkel"
    );
    let error = answer("{\"id\":\"bad\"}\n");
    assert_eq!((&error["id"], &error["error"]["place"]), (&"bad".into(), &"line 2".into()));
    assert_eq!(answer("{\"id\":3,\"text\":\"Paris.\"}\n")["id"], "3");
    drop(input);
    assert_eq!(filter.wait().unwrap().code(), Some(1));

    // When its output is closed, it ends without a message.
    let mut filter =
        spawn(&place, &["-", "--output", "-", "--tasks", "entities"], Stdio::piped(), Stdio::piped());
    drop(filter.stdout.take());
    let mut input = filter.stdin.take().unwrap();
    while input.write_all(articles(8, "x").as_bytes()).is_ok() {
        sleep(Duration::from_millis(20));
    }
    let output = filter.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_and_the_run_continues_when_there_is_space() {
    let place = Place::new();
    place.write("in.jsonl", &articles(24, "x"));
    let program = Path::new(env!("CARGO_BIN_EXE_wirelens")).display();
    let arguments = "batch in.jsonl --tasks entities --window 4 --output out.jsonl";
    // Files may have no more than 4 blocks of 512 or 1024 bytes.
    let script = format!("trap '' XFSZ; ulimit -f 4; exec {program} {arguments}");
    let output = settled(std::process::Command::new("sh"))
        .args(["-c", &script])
        .current_dir(place.folder())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot be written; free space or mend the permissions, then run the same command"),
        "{said}"
    );
    let arguments: Vec<&str> = arguments.split(' ').skip(1).collect();
    place.batch(&arguments).assert().code(0);
    let ids = harness::lines(&place.path("out.jsonl"));
    assert_eq!(ids, (0..24).map(|n| format!("x{n}")).collect::<Vec<_>>());
}

/// Page faults while the articles of the evaluation are read.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn page_faults(variable: &str) -> u64 {
    let program = env!("CARGO_BIN_EXE_wirelens");
    let script = format!("{program} analyze --threads 1 eval/articles > /dev/null && cat /proc/$$/stat");
    let mut shell = settled(std::process::Command::new("sh"));
    shell.env(variable, "131072").current_dir(crate::common::root());
    let output = shell.args(["-c", &script]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    // The eleventh field (proc_pid_stat(5)): minor faults of children that ended.
    said.split_whitespace().nth(10).expect("the fields of stat").parse().unwrap()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn freed_memory_is_used_again_unless_the_environment_sets_the_allocator() {
    let (ours, theirs) = (page_faults("NOTHING"), page_faults("MALLOC_MMAP_THRESHOLD_"));
    assert!(ours * 3 < theirs, "{ours} faults; {theirs} as glibc comes");
}
