//! Checkpoints of the user instead of the pack: tiny random ones (`tests/fixtures/checkpoints`) do each job from the
//! command line, also when pulled from a hub on loopback; and the errors for checkpoints that cannot be used.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::hub::Hub;
use crate::common::{articles, check_offsets, results, root, stderr, stdout, wirelens};
use serde_json::{Value, json};
use tempfile::TempDir;

fn article(number: usize) -> PathBuf {
    let mut files: Vec<PathBuf> =
        fs::read_dir(articles()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.swap_remove(number)
}

fn checkpoint(name: &str) -> PathBuf {
    root().join("tests/fixtures/checkpoints").join(name)
}

/// A copy of a checkpoint, which a test may change.
fn copy(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(checkpoint(name)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn change(folder: &Path, file: &str, change: impl FnOnce(&mut Value)) {
    let path = folder.join(file);
    let mut value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

/// The error for a checkpoint that cannot be used.
fn refusal(command: &str, flag: &str, folder: &Path) -> String {
    let said = stderr(wirelens().arg(command).arg(flag).arg(folder).arg(article(0)), 2);
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn a_model_that_writes_is_checked_against_the_article() {
    let model = checkpoint("summary-bart");
    let mut command = wirelens();
    command.arg("summarize").arg("--summary-model").arg(&model).arg(articles());
    let found = results(&mut command, 0);
    assert_eq!(found.len(), 5);
    for result in &found {
        let text =
            fs::read_to_string(articles().join(format!("{}.txt", result["id"].as_str().unwrap()))).unwrap();
        let summary = &result["summary"];
        assert_eq!(summary["method"], "abstractive");
        assert_eq!(summary["model"], model.to_str().unwrap());
        assert!(summary["levels"].as_u64().unwrap() > 1, "128 positions are too few for an article");
        assert!(summary["sentences"].as_array().unwrap().is_empty());
        let generated = summary["generated"].as_array().unwrap();
        let texts: Vec<&str> = generated.iter().map(|sentence| sentence["text"].as_str().unwrap()).collect();
        assert_eq!(summary["text"], texts.join(" "));
        assert_eq!(check_offsets(summary, &text.chars().collect::<Vec<_>>()), generated.len());
        for sentence in generated {
            let bare = sentence["unsupported"].as_array().unwrap().is_empty();
            assert_eq!(sentence["supported"], bare);
        }
    }
}

#[test]
fn unsupported_sentences_are_marked_or_left_out() {
    let (writes, infers) = (checkpoint("summary-pegasus"), checkpoint("nli-bart"));
    let run = |more: &[&str]| {
        let mut command = wirelens();
        command.arg("summarize").arg("--summary-model").arg(&writes).arg("--stance-model").arg(&infers);
        results(command.args(more).arg(article(1)).arg(article(4)), 0)
    };
    let (marked, faithful) = (run(&[]), run(&["--faithful"]));
    let mut dropped = 0;
    for (marked, faithful) in marked.iter().zip(&faithful) {
        let of = |result: &Value| result["summary"]["generated"].as_array().cloned().unwrap_or_default();
        assert!(of(marked).iter().all(|sentence| sentence["entailment"].is_number()));
        let kept: Vec<Value> =
            of(marked).into_iter().filter(|sentence| sentence["supported"] == true).collect();
        dropped += of(marked).len() - kept.len();
        assert_eq!(of(faithful), kept);
        let warned = |result: &Value, word: &str| result["warnings"].to_string().contains(word);
        assert_eq!(warned(marked, "marked as unsupported"), kept.len() < of(marked).len());
        assert_eq!(warned(faithful, "dropped as unsupported"), kept.len() < of(marked).len());
    }
    assert!(dropped > 0, "random weights write nothing that an article says");
}

#[test]
fn settings_of_the_search_are_the_models_own_unless_given() {
    let run = |more: &[&str]| {
        let mut command = wirelens();
        command.arg("summarize").arg("--summary-model").arg(checkpoint("summary-t5"));
        let found = results(command.args(more).arg(article(0)), 0);
        found[0]["summary"]["text"].as_str().unwrap().to_owned()
    };
    let own = run(&[]);
    assert_eq!(run(&["--beams", "4", "--length-penalty", "2", "--no-repeat-ngram", "3"]), own);
    assert_ne!(run(&["--beams", "1"]), own);
    assert_ne!(run(&["--no-repeat-ngram", "0"]), own);
    let long = run(&["--words", "60"]);
    assert!(long.split_whitespace().count() > own.split_whitespace().count(), "{long}\n{own}");
    let said = stderr(
        wirelens()
            .args(["summarize", "--sentences", "2", "--summary-model"])
            .arg(checkpoint("summary-t5"))
            .arg("-"),
        2,
    );
    assert!(said.contains("set the length of a generated summary with --words"), "{said}");
}

#[test]
fn labels_of_other_type_sets_are_kept_beside_our_types() {
    let mut command = wirelens();
    command.arg("entities").arg("--entities-model").arg(checkpoint("entities-xlnet")).arg(articles());
    let found = results(&mut command, 0);
    let mentions = found.iter().flat_map(|result| result["entities"].as_array().unwrap().iter());
    let labels: Vec<String> = mentions
        .flat_map(|entity| entity["mentions"].as_array().unwrap().iter())
        .filter_map(|mention| mention["label"].as_str().map(String::from))
        .collect();
    assert!(
        !labels.is_empty() && labels.iter().all(|label| label.chars().all(|c| c.is_uppercase() || c == '_'))
    );
}

#[test]
fn a_pack_of_the_hub_is_pulled_once_and_then_works_offline() {
    let home = tempfile::tempdir().unwrap();
    let folder = checkpoint("summary-bart");
    let names = ["config.json", "generation_config.json", "tokenizer.json", "model.safetensors"];
    let files: Vec<(&str, Vec<u8>)> =
        names.into_iter().map(|name| (name, fs::read(folder.join(name)).unwrap())).collect();
    let hub = Hub::start(&files);
    let command = |arguments: &[&str], endpoint: &str| {
        let mut command = wirelens();
        command.env("HF_HOME", home.path()).env("HF_ENDPOINT", endpoint).env_remove("HF_HUB_OFFLINE");
        command.env_remove("HF_HUB_CACHE").args(arguments);
        command
    };
    let article = article(1);
    let article = article.to_str().unwrap();
    let summarize = ["summarize", "--summary-model", "hub:owner/name", article];
    let said = stderr(&mut command(&summarize, &hub.address()), 2);
    assert!(said.contains("wirelens models pull hub:owner/name"), "{said}");
    stdout(&mut command(&["models", "pull", "hub:owner/name"], &hub.address()), 0);
    drop(hub);
    let nowhere = "http://127.0.0.1:9";
    for name in ["analyze", "summarize"] {
        let mut command = command(&[name, "--summary-model", "hub:owner/name", article], nowhere);
        let found = results(command.env("HF_HUB_OFFLINE", "1"), 0);
        assert_eq!(found[0]["summary"]["model"], "hub:owner/name");
    }
    let mut scored = command(&["eval", "--format", "json", "--summary-model", "hub:owner/name"], nowhere);
    let found: Value = serde_json::from_str(&stdout(scored.env("HF_HUB_OFFLINE", "1"), 0)).unwrap();
    assert!(found["metrics"]["summary"]["supported"]["value"].is_number(), "{}", found["metrics"]["summary"]);
    let said = stdout(&mut command(&["doctor", "--summary-model", "hub:owner/name"], nowhere), 0);
    assert!(said.contains("summary     hub:owner/name in "), "{said}");
}

#[test]
fn architectures_that_are_not_known_are_named_with_those_that_are() {
    let folder = copy("summary-bart");
    change(folder.path(), "config.json", |config| config["model_type"] = json!("bard"));
    let said = refusal("summarize", "--summary-model", folder.path());
    assert!(said.contains("'bard'; for writing summaries these are known: bart, longt5, mbart"), "{said}");
    let said = refusal("entities", "--entities-model", &checkpoint("summary-bart"));
    assert!(said.contains("for labelling tokens these are known: albert, bert"), "{said}");
    let said = refusal("stance", "--stance-model", &checkpoint("entities-xlnet"));
    assert!(said.contains("for judging pairs of sentences these are known: bart, bert"), "{said}");
    let folder = copy("nli-bart");
    change(folder.path(), "config.json", |config| {
        config["id2label"] = json!({"0": "good", "1": "bad", "2": "none"})
    });
    let said = refusal("stance", "--stance-model", folder.path());
    assert!(said.contains("no label 'entailment' among good, bad, none"), "{said}");
}

#[test]
fn configurations_without_what_is_needed_are_refused() {
    for (change_of, words) in [
        (json!({"id2label": null}), "has no labels (id2label)"),
        (json!({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}), "was the model fine-tuned?"),
        (json!({"id2label": {"0": "O", "2": "B-PER"}}), "with gaps"),
        (json!({"hidden_size": null}), "is not a configuration of 'bert'"),
        (json!({"model_type": null}), "has no model_type"),
        (json!({"vocab_size": 100}), "in shape [400, 24] where the model has [100, 24]"),
        (json!({"vocab_size": 500}), "in shape [400, 24] where the model has [500, 24]"),
        (json!({"num_hidden_layers": 3}), "missing bert.encoder.layer.2."),
        (json!({"num_hidden_layers": 1}), "surplus bert.encoder.layer.1."),
    ] {
        let folder = copy("entities-bert");
        change(folder.path(), "config.json", |config| {
            let over = change_of.as_object().unwrap();
            over.iter().for_each(|(key, value)| config[key] = value.clone());
        });
        let said = refusal("entities", "--entities-model", folder.path());
        assert!(said.contains(words), "{change_of}: {said}");
    }
    let folder = copy("entities-bert");
    change(folder.path(), "tokenizer.json", |tokenizer| tokenizer["model"]["vocab"]["zyzzyva"] = json!(400));
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("has 401 tokens, and the model of this folder knows 400"), "{said}");
    change(folder.path(), "tokenizer.json", |tokenizer| tokenizer["model"]["type"] = json!("Telepathy"));
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("perhaps because it is of a newer version"), "{said}");
}

#[test]
fn only_complete_safetensors_weights_are_read() {
    let folder = copy("entities-bert");
    fs::rename(folder.path().join("model.safetensors"), folder.path().join("pytorch_model.bin")).unwrap();
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("pickle") && said.contains("scripts/convert.py"), "{said}");
    fs::remove_file(folder.path().join("pytorch_model.bin")).unwrap();
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("model.safetensors"), "{said}");
    fs::write(folder.path().join("model.safetensors"), b"not weights").unwrap();
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("is not a safetensors file"), "{said}");
    let index = json!({"weight_map": {"a": "../../etc/passwd"}});
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join("model.safetensors.index.json"), index.to_string()).unwrap();
    let said = refusal("entities", "--entities-model", folder.path());
    assert!(said.contains("0 of the parts of its weights"), "{said}");
}

#[test]
fn a_generated_text_without_an_end_is_cut_at_the_last_position() {
    let folder = copy("summary-bart");
    change(folder.path(), "generation_config.json", |config| {
        config["max_length"] = json!(1_000_000_000u64);
        config["min_length"] = json!(1_000_000_000u64);
        config["num_beams"] = json!(1);
        config["forced_eos_token_id"] = json!(null);
    });
    change(folder.path(), "config.json", |config| config["forced_eos_token_id"] = json!(null));
    let mut command = wirelens();
    command.arg("summarize").arg("--summary-model").arg(folder.path()).arg(article(2));
    let found = results(&mut command, 0);
    assert!(
        found[0]["warnings"].to_string().contains("came to its greatest length"),
        "{}",
        found[0]["warnings"]
    );
}

#[test]
fn special_tokens_in_an_article_are_text() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("odd.txt");
    fs::write(
        &article,
        "The </s> tag </s></s> puzzled Angela Merkel in Berlin. <s>She</s> said <pad> nothing.",
    )
    .unwrap();
    let mut command = wirelens();
    command.arg("analyze").arg("--stance-model").arg(checkpoint("nli-bart"));
    command.arg("--summary-model").arg(checkpoint("summary-bart")).arg(&article);
    let found = results(&mut command, 0);
    assert!(!found[0]["stance"][0]["evidence"].as_array().unwrap().is_empty(), "{}", found[0]["stance"]);
}
