//! Tokenizers of checkpoints give the ids that those of `transformers` give, on a thousand sentences
//! (`scripts/peers/sentences.py` makes them).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::common::root;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wirelens::model::checkpoint::Checkpoint;

#[derive(Deserialize)]
struct Sentences {
    sentences: Vec<String>,
    ids: BTreeMap<String, Digests>,
}

#[derive(Deserialize)]
struct Digests {
    checkpoint: String,
    digests: Vec<String>,
}

#[test]
fn tokenizers_give_the_ids_of_the_reference_on_real_sentences() {
    let folder = root().join("tests/fixtures/checkpoints");
    let text = fs::read_to_string(folder.join("sentences.json")).unwrap();
    let expected: Sentences = serde_json::from_str(&text).unwrap();
    assert_eq!((expected.sentences.len(), expected.ids.len()), (1000, 3));
    for (kind, of) in &expected.ids {
        let whole = folder.join(&of.checkpoint);
        check_ids(kind, &whole, &expected.sentences, &of.digests);
        let older = tempfile::tempdir().unwrap();
        if as_older_repositories(&whole, older.path()) {
            check_ids(
                &format!("{kind} without tokenizer.json"),
                older.path(),
                &expected.sentences,
                &of.digests,
            );
        }
    }
}

/// Writes a checkpoint's vocabulary as it was before there was a `tokenizer.json`; Unigram models never had such files.
fn as_older_repositories(folder: &Path, older: &Path) -> bool {
    for name in ["config.json", "tokenizer_config.json"] {
        fs::copy(folder.join(name), older.join(name)).unwrap();
    }
    let text = fs::read_to_string(folder.join("tokenizer.json")).unwrap();
    let model = &serde_json::from_str::<serde_json::Value>(&text).unwrap()["model"];
    match model["type"].as_str().unwrap() {
        "WordPiece" => {
            let mut vocabulary: Vec<(&String, u64)> = model["vocab"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(token, id)| (token, id.as_u64().unwrap()))
                .collect();
            vocabulary.sort_by_key(|(_, id)| *id);
            let lines: Vec<&str> = vocabulary.iter().map(|(token, _)| token.as_str()).collect();
            fs::write(older.join("vocab.txt"), lines.join("\n")).unwrap();
        }
        "BPE" => {
            let pair = |pair: &serde_json::Value| {
                format!("{} {}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap())
            };
            let merges: Vec<String> = model["merges"].as_array().unwrap().iter().map(pair).collect();
            fs::write(older.join("merges.txt"), format!("#version: 0.2\n{}\n", merges.join("\n"))).unwrap();
            fs::write(older.join("vocab.json"), model["vocab"].to_string()).unwrap();
        }
        _ => return false,
    }
    true
}

fn check_ids(kind: &str, folder: &Path, sentences: &[String], digests: &[String]) {
    let tokenizer = Checkpoint::open(folder).unwrap().tokenizer().unwrap();
    for (sentence, digest) in sentences.iter().zip(digests) {
        let encoding = tokenizer.encode(sentence.as_str(), true).unwrap();
        let ids: Vec<String> = encoding.get_ids().iter().map(u32::to_string).collect();
        let found: String =
            Sha256::digest(ids.join(",")).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, *digest, "{kind}: {sentence}");
    }
}
