//! The commands as users run them: results, their schema, exit codes, output to pipes.

use std::fs;
use std::process::{Command, Stdio};

use crate::common::{articles, check_offsets, results, root, settled, stderr, stdout, wirelens};
use predicates::prelude::*;

#[test]
fn five_articles_give_five_results_that_match_the_schema() {
    let targets = root().join("eval/targets.toml");
    let mut command = wirelens();
    command.arg("analyze").arg(articles()).arg("--targets").arg(targets);
    let found = results(&mut command, 0);
    assert_eq!(found.len(), 5);
    for result in &found {
        let id = result["id"].as_str().unwrap();
        let text = fs::read_to_string(articles().join(format!("{id}.txt"))).unwrap();
        let text: Vec<char> = text.chars().collect();
        assert_eq!(result["characters"], text.len());
        assert!(check_offsets(result, &text) > 40, "{id}");
        assert_eq!(result["language"], "en");
        assert_eq!(result["schema_version"], 1);
        assert_eq!(result["summary"]["sentences"].as_array().unwrap().len(), 3);
        assert_eq!(result["stance"].as_array().unwrap().len(), 5);
        let names: Vec<&str> =
            result["entities"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap()).collect();
        for name in ["Mali", "France", "Niger"] {
            assert!(names.contains(&name), "{id}: {names:?}");
        }
    }
    // Two of the articles never mention Wagner or mercenaries: no stance is guessed there.
    let wagner: Vec<&str> = found.iter().map(|r| r["stance"][4]["label"].as_str().unwrap()).collect();
    assert_eq!((wagner[0], wagner[3]), ("absent", "absent"));
    assert!(found[0]["stance"][4]["scores"].is_null());
    assert_ne!(wagner[1], "absent");
}

#[test]
fn summaries_are_verbatim_in_order_and_without_boilerplate() {
    let found = results(wirelens().arg("summarize").arg(articles()).args(["--words", "120"]), 0);
    for result in &found {
        let sentences = result["summary"]["sentences"].as_array().unwrap();
        let starts: Vec<u64> = sentences.iter().map(|s| s["start"].as_u64().unwrap()).collect();
        assert!(starts.is_sorted() && !starts.is_empty());
        let text = result["summary"]["text"].as_str().unwrap();
        assert!(text.split_whitespace().count() <= 125, "{text}");
        for boilerplate in [
            "READ MORE",
            "TASS",
            "(with wires)",
            "What did the allies say?",
            "date 2017",
            "Further cooperation",
        ] {
            assert!(!text.contains(boilerplate), "{boilerplate} in {text}");
        }
        assert!(result.get("entities").is_none() && result.get("stance").is_none());
    }
    let one = results(wirelens().arg("summarize").arg(articles()).args(["--sentences", "1"]), 0);
    assert!(one.iter().all(|r| r["summary"]["sentences"].as_array().unwrap().len() == 1));
}

#[test]
fn findings_do_not_depend_on_other_articles_or_on_batches() {
    let together = results(wirelens().args(["analyze", "--precision", "f32"]).arg(articles()), 0);
    for (number, path) in sorted_articles().into_iter().enumerate() {
        let mut command = wirelens();
        command.args(["analyze", "--precision", "f32", "--batch-tokens", "97"]).arg(path);
        let alone = results(&mut command, 0);
        assert!(close(&alone[0], &together[number]), "article {number}");
    }
}

/// Equal but for numbers, which may differ by 2e-4 (they are rounded to 1e-4).
fn close(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::*;
    match (a, b) {
        (Number(a), Number(b)) => (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 2.01e-4,
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| close(v, w)))
        }
        _ => a == b,
    }
}

fn sorted_articles() -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(articles()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    paths
}

#[test]
fn standard_input_globs_and_records_are_read() {
    let path = &sorted_articles()[3];
    let text = fs::read_to_string(path).unwrap();
    let from_stdin = results(wirelens().args(["analyze", "-"]).write_stdin(text.clone()), 0);
    assert_eq!(from_stdin[0]["id"], "stdin");
    let pattern = format!("{}/00[13]_*.txt", articles().display());
    assert_eq!(results(wirelens().args(["entities", &pattern]), 0).len(), 2);
    let line = serde_json::json!({"uid": 9, "body": text, "title": "T", "outlet": "O"}).to_string();
    let mut command = wirelens();
    command.args(["analyze", "-", "--id-field", "uid", "--text-field", "body", "--source-field", "outlet"]);
    let from_json = results(command.write_stdin(format!("{line}\n{line}\n")), 0);
    assert_eq!(from_json.len(), 2);
    assert_eq!((&from_json[0]["id"], &from_json[0]["source"]), (&"9".into(), &"O".into()));
    assert_eq!(from_json[0]["entities"], from_stdin[0]["entities"]);
}

#[test]
fn json_lines_and_the_array_have_the_same_results() {
    let array = results(wirelens().arg("stance").arg(articles()).args(["--target", "Mali"]), 0);
    let lines =
        stdout(wirelens().args(["stance", "--format", "jsonl", "--target", "Mali"]).arg(articles()), 0);
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, lines);
}

#[test]
fn text_is_coloured_only_where_wanted() {
    let article = sorted_articles()[0].clone();
    let run = |more: &[&str], variables: &[(&str, &str)]| {
        let mut command = wirelens();
        command.arg("entities").arg(&article).args(more).envs(variables.iter().copied());
        stdout(&mut command, 0)
    };
    let plain = run(&[], &[]);
    assert!(!plain.contains('\u{1b}') && plain.contains("Mali ×"));
    assert!(!run(&[], &[("NO_COLOR", "1")]).contains('\u{1b}'));
    let colored = run(&["--color", "always"], &[]);
    assert!(colored.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn an_output_file_is_replaced_only_by_a_result_and_no_input_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let article = file("a.txt", "France said on Monday that it would withdraw its soldiers from Mali.");
    let mut command = wirelens();
    command.arg("summarize").arg(&article).arg("-o").arg(&article);
    assert!(stderr(&mut command, 2).contains("is an input, and would be overwritten"));
    assert!(fs::read_to_string(&article).unwrap().starts_with("France"));
    let kept = file("kept.md", "Yesterday's report, which the folder holds, too.");
    for name in ["summarize", "compare"] {
        let mut command = wirelens();
        command.arg(name).arg(folder.path().join("none.txt")).arg("-o").arg(&kept);
        assert!(stderr(&mut command, 1).contains("there is no such file"));
        assert!(fs::read_to_string(&kept).unwrap().starts_with("Yesterday"));
    }
    for _ in 0..2 {
        let mut command = wirelens();
        command.args(["summarize", "--format", "markdown"]).arg(folder.path()).arg("-o").arg(&kept);
        assert_eq!(stderr(&mut command, 0), "");
        let report = fs::read_to_string(&kept).unwrap();
        assert!(report.contains("France said") && !report.contains("Yesterday"), "{report}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no unfinished file is left");
}

#[test]
fn a_dash_as_output_is_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let text = "France said on Monday that it would withdraw its soldiers from Mali.";
    fs::write(folder.path().join("a.txt"), text).unwrap();
    for name in ["summarize", "compare"] {
        let mut command = wirelens();
        command.current_dir(folder.path()).args([name, "a.txt", "--output", "-"]);
        assert!(stdout(&mut command, 0).contains("France said"), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no file was written");
}

#[test]
fn a_short_article_is_summarised_whole() {
    let text = "The mayor resigned on Friday. The council met at noon. Voters go to polls in May. It rained.";
    let found = results(wirelens().args(["summarize", "--sentences", "3", "-"]).write_stdin(text), 0);
    assert_eq!(found[0]["summary"]["sentences"].as_array().unwrap().len(), 3);
}

#[test]
fn markdown_and_output_files_work() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.md");
    let mut command = wirelens();
    command.args(["analyze", "--format", "markdown", "--output"]).arg(&file).arg(articles());
    assert_eq!(stdout(&mut command, 0), "");
    let report = fs::read_to_string(&file).unwrap();
    assert_eq!(report.matches("### Summary").count(), 5);
    assert!(report.contains("| Mali | LOC |"));
    let mut command = wirelens();
    command.args(["analyze", "--output", "/no/such/folder/x"]).arg(articles());
    assert!(stderr(&mut command, 2).contains("--output /no/such/folder/x"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = settled(Command::new(assert_cmd::cargo::cargo_bin("wirelens")))
        .args(["entities", "--format", "jsonl"])
        .arg(articles())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn help_has_examples() {
    for command in COMMANDS {
        let help = stdout(wirelens().args([command, "--help"]), 0);
        assert!(help.contains("Examples:") && help.contains(&format!("wirelens {command}")), "{command}");
    }
    let help = stdout(wirelens().arg("--help"), 0);
    assert!(help.contains("Exit codes: 0 all articles read; 1 some failed"));
}

/// Every subcommand.
const COMMANDS: [&str; 13] = [
    "analyze",
    "summarize",
    "entities",
    "stance",
    "quotes",
    "compare",
    "batch",
    "eval",
    "doctor",
    "models",
    "schema",
    "completions",
    "man",
];

#[test]
fn completions_know_every_command_in_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(wirelens().args(["completions", shell]), 0);
        for word in COMMANDS.iter().chain(&["target", "input-format"]) {
            assert!(script.contains(word), "{word} in {shell}");
        }
    }
    assert!(stderr(wirelens().args(["completions", "tcsh"]), 2).contains("zsh"));
}

#[test]
fn manual_pages_describe_every_command() {
    let page = stdout(wirelens().arg("man"), 0);
    assert!(page.contains("\n.TH wirelens 1"), "{}", &page[..300]);
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    assert_eq!(stdout(wirelens().arg("man").arg("--output").arg(&pages), 0), "");
    for command in COMMANDS {
        let heading = format!("\n.SH \"WIRELENS {}\"", command.to_uppercase());
        assert!(page.contains(&heading), "{command}");
        let single = fs::read_to_string(pages.join(format!("wirelens-{command}.1"))).unwrap();
        assert!(single.contains("Examples:") && single.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(
        page.contains("\n.SH \"WIRELENS MODELS PULL\"") && pages.join("wirelens-models-pull.1").is_file()
    );
    assert!(!page.contains("WIRELENS HELP") && pages.join("wirelens.1").is_file());
}

#[test]
fn the_schema_has_every_field_of_a_result() {
    let schema: serde_json::Value = serde_json::from_str(&stdout(wirelens().arg("schema"), 0)).unwrap();
    let fields = schema["properties"].as_object().unwrap();
    for field in [
        "schema_version",
        "id",
        "language",
        "characters",
        "tokens",
        "summary",
        "entities",
        "stance",
        "warnings",
    ] {
        assert!(fields.contains_key(field), "{field}");
    }
}

#[test]
fn the_doctor_prints_the_setup_and_names_a_missing_device() {
    wirelens()
        .args(["doctor", "--device", "cpu", "--precision", "f32", "--threads", "1"])
        .assert()
        .success()
        .stdout(predicate::str::contains("verified    every file"))
        .stdout(predicate::str::contains("precision   f32"))
        .stdout(predicate::str::contains("threads     1"))
        .stdout(predicate::str::contains("reading     2 entities"));
    let error = stderr(wirelens().args(["doctor", "--device", "cuda:77"]), 2);
    assert!(error.contains("device cuda:77: "), "{error}");
}

#[test]
fn usage_errors_come_before_models_are_loaded() {
    for (arguments, reason) in [
        (&["analyze"][..], "<INPUT>"),
        (&["analyze", "x", "--device", "gpu"], "cuda:N"),
        (&["analyze", "x", "--threads", "0"], "0 is not in 1..=1024"),
        (&["analyze", "-", "x", "-"], "standard input (-) is named 2 times"),
        (&["compare", "-", "-"], "can be read only once"),
        (&["batch", "-", "-", "--output", "-"], "can be read only once"),
        (&["summarize", "x", "--words", "5", "--sentences", "2"], "cannot be used with"),
        (&["stance", "x", "--target", "a=b,,c"], "--target: 'a=b,,c' is no target"),
        (&["stance", "x", "--target", "a", "--target", "a=b"], "the target 'a' is given twice"),
        (&["stance", "x", "--targets", "/no/such.toml"], "/no/such.toml: cannot be read"),
        (&["analyze", "x", "--encoding", "klingon"], "'klingon' is no encoding"),
    ] {
        let error = stderr(wirelens().args(arguments), 2);
        assert!(error.contains(reason), "{arguments:?}: {error}");
    }
}
