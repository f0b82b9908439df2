//! `wirelens eval` on data sets: the scores of predictions, and bad data.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{stderr, wirelens};
use crate::evaluation::{at, json_of, place};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Runs a task on data and predictions, both given as text.
fn task(name: &str, data: &str, predictions: Option<&str>) -> (TempDir, assert_cmd::Command) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| -> PathBuf {
        let path: &Path = folder.path();
        fs::write(path.join(name), text).unwrap();
        path.join(name)
    };
    let mut command = wirelens();
    command.args(["eval", name, "--data"]).arg(write("data", data));
    if let Some(predictions) = predictions {
        command.arg("--predictions").arg(write("predictions", predictions));
    }
    (folder, command)
}

#[test]
fn conll_files_are_scored_as_the_shared_task_does() {
    let data = "-DOCSTART- O\n\nMacron\tB-person\nleft O\nMali  I-location\n. O\n\n\nUN I-organisation\nUN B-organisation\n";
    let found = "Macron B-person\nleft O\nMali B-person\n. O\n\nUN B-organisation\nUN I-organisation\n";
    let (_folder, mut command) = task("entities", data, Some(found));
    command.args(["--map", "person=PER,location=LOC,organisation=ORG"]);
    let report = json_of(&mut command);
    let value = |key: &str| at(&report["metrics"], key)["value"].as_f64().unwrap();
    assert_eq!(report["data"]["items"], 2);
    assert_eq!(value("entities.conll.recall"), 0.25);
    assert_eq!(value("entities.exact.precision"), 2.0 / 3.0);
    // Two I- tags begin an entity: the place, and the first UN.
    assert!(report["notes"].to_string().contains("2 I- tags"), "{}", report["notes"]);
    assert_eq!(report["types"]["LOC"]["errors"]["wrong_type"], 1);
    assert_eq!(report["types"]["ORG"]["errors"]["wrong_boundary"], 1);
}

#[test]
fn bad_data_is_named_with_its_line() {
    let good = "Macron B-PER\n";
    let mention = r#"{"sentence": "É Mali", "mention": "Mali", "from": 2, "to": 6, "polarity": -1}"#;
    let summary = r#"{"id": "a", "text": "Mali votes.", "summary": "Mali votes"}"#;
    let cases = [
        ("entities", "", None, "is empty"),
        ("entities", "\n\n", None, "is empty"),
        ("entities", "-DOCSTART- O\n", None, "has no sentence"),
        ("entities", "Macron B-PER\nleft\n", None, "data:2: has one column"),
        ("entities", "Macron PER\n", None, "data:1: 'PER' is no BIO tag"),
        ("entities", "Macron B-politician\n", None, "--map politician=…"),
        ("entities", good, Some("Maiga B-PER\n"), "differs from that at line 1"),
        ("entities", good, Some("Macron B-PER\n\nleft O\n"), "has 2 sentences, and the data has 1"),
        ("stance", "{\"sentence\": \"x\"}", None, "data:1: missing field"),
        (
            "stance",
            &mention.replace("\"to\": 6", "\"to\": 5"),
            None,
            "data:1: 2..5 is \"Mal\", and not \"Mali\"",
        ),
        ("stance", &mention.replace("-1}", "2}"), None, "data:1: polarity 2 is not -1, 0 or 1"),
        (
            "stance",
            mention,
            Some(&mention.replace('É', "E")),
            "predictions:1: the mention is not that of line 1",
        ),
        ("summary", &format!("{summary}\n{summary}"), None, "data:2: the id 'a' comes twice"),
        ("summary", &summary.replace("Mali votes\"", "…\""), None, "reference 1 of 'a' has no words"),
        ("summary", &summary.replace("\"Mali votes\"", "[]"), None, "'a' has no reference"),
        ("summary", summary, Some(r#"{"id": "b", "summary": "x"}"#), "predictions:1: 'b' is not in the data"),
        (
            "summary",
            &format!("{summary}\n{}", summary.replace("\"a\"", "\"c\"")),
            Some(r#"{"id": "a", "summary": "x"}"#),
            "has no summary of 'c'",
        ),
    ];
    for (name, data, predictions, reason) in cases {
        let (_folder, mut command) = task(name, data, predictions);
        let said = stderr(&mut command, 2);
        assert!(said.contains(reason), "{reason} in {said}");
    }
    for (map, reason) in [("person", "is not NAME=TYPE"), ("person=DOG", "'DOG' is not PER")] {
        let (_folder, mut command) = task("entities", good, None);
        let said = stderr(command.args(["--map", map]), 2);
        assert!(said.contains(reason), "{reason} in {said}");
    }
}

#[test]
fn empty_and_tiny_summaries_have_their_scores() {
    let record = |id: &str, summary: &str| json!({"id": id, "summary": summary}).to_string();
    let data = |id: &str| {
        json!({"id": id, "text": "Mali votes today.", "summary": ["Mali votes", "A vote"]}).to_string()
    };
    let data = [data("a"), data("b"), data("c")].join("\n");
    let found = [record("a", ""), record("b", "Mali"), record("c", "… !")].join("\n");
    let (_folder, mut command) = task("summary", &data, Some(&found));
    let report = json_of(&mut command);
    let value = |key: &str| at(&report["metrics"], key)["value"].as_f64().unwrap();
    // Two empty summaries score 0; "Mali" has a precision of 1 and half of the words of the first reference.
    assert!((value("summary.rouge1.f1") - (2.0 / 3.0) / 3.0).abs() < 1e-9);
    assert_eq!((value("summary.redundancy"), value("summary.faithfulness")), (0.0, 1.0));
    assert!((value("summary.compression") - 1.0).abs() < 1e-9);
    assert!(report["notes"].to_string().contains("2 of 3 summaries have no words"));
}

#[test]
fn speakers_in_a_data_set_are_scored() {
    let text = "Ann Lee spoke. “We go,” Ann Lee said. “They stay,” he said.";
    let quote = |content: &str, speaker: &str| {
        let found = place(text, content);
        json!({"content_spans": [[found["start"], found["end"]]], "speaker": speaker})
    };
    let record = |quotes: Vec<Value>| json!({"id": "a", "text": text, "quotes": quotes}).to_string();
    let data = record(vec![quote("“We go,”", "Ann Lee"), quote("“They stay,”", "he")]);
    let run = |found: Vec<Value>| {
        let (_folder, mut command) = task("quotes", &data, Some(&record(found)));
        let report = json_of(&mut command);
        let value = |key: &str| at(&report["metrics"], key)["value"].as_f64().unwrap();
        (value("quotes.speaker.precision"), value("quotes.speaker.recall"))
    };
    assert_eq!(run(vec![quote("“We go,”", "Ms. Lee"), quote("“They stay,”", "Bo Ek")]), (1.0, 1.0));
    assert_eq!(run(vec![quote("“We go,”", "Bo Ek")]), (0.0, 0.0));
    assert_eq!(run(vec![quote("“We go,”", "Ann Lee"), quote("Ann Lee spoke", "Ann Lee")]), (0.5, 1.0));
    // The same with the pack.
    let (_folder, mut command) = task("quotes", &data, None);
    assert_eq!(at(&json_of(&mut command), "metrics.quotes.speaker.recall.value"), 1.0);
    for (data, found, reason) in [
        (data.replace("[[15,", "[[915,"), data.clone(), "is no place in the text of 'a'"),
        (data.clone(), data.replace("\"a\"", "\"b\""), "'b' is not the article 'a' of the data"),
        (
            data.clone(),
            format!("{data}\n{}", data.replace("\"a\"", "\"b\"")),
            "has 2 articles, and the data has 1",
        ),
    ] {
        let (_folder, mut command) = task("quotes", &data, Some(&found));
        let said = stderr(&mut command, 2);
        assert!(said.contains(reason), "{reason} in {said}");
    }
}

#[test]
fn stance_predictions_are_scored() {
    let mention = |polarity: i32| {
        json!({"sentence": "É Mali", "mention": "Mali", "from": 2, "to": 6, "polarity": polarity}).to_string()
    };
    let data = [mention(-1), mention(0), mention(1), mention(1)].join("\n");
    let found = [mention(-1), mention(0), mention(0), mention(1)].join("\n");
    let (_folder, mut command) = task("stance", &data, Some(&found));
    let report = json_of(&mut command);
    assert_eq!(at(&report, "metrics.stance.accuracy.value"), 0.75);
    assert_eq!(report["confusion"]["counts"]["sentence"][0], json!([1, 1, 0, 0]));
    assert_eq!(report["data"]["unit"], "mention");
    assert!(report["metrics"]["stance"].get("brier").is_none(), "labels alone have no probabilities");
}
