//! Reads a **checkpoint**: a folder with `config.json`, `tokenizer.json` and weights, as the hub publishes models.
//!
//! Weights are read from safetensors files (one, or several shards) or from rust-bert's `.ot` format. A Python pickle
//! can run code when it is read, so it is never opened.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokenizers::{Tokenizer, TruncationParams};

use super::files::{self, NoWeights, Weights};
use super::{ModelError, vocabulary};

/// The folder of a model, and its configuration.
pub struct Checkpoint {
    /// Where the files are.
    pub folder: PathBuf,
    /// `model_type` of the configuration, such as `bert`.
    pub model_type: String,
    config: Value,
}

impl Checkpoint {
    /// Reads the configuration of a folder.
    ///
    /// # Errors
    /// When there is no `config.json`, or it has no `model_type`.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("config.json");
        let bad = |reason: String| ModelError::pack(&path, reason);
        let text = fs::read_to_string(&path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        Self::parse(folder, &text).map_err(bad)
    }

    /// Parses the text of a configuration; the error says what is wrong with it.
    pub(crate) fn parse(folder: &Path, text: &str) -> Result<Self, String> {
        let mut config: Value =
            serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        add_defaults(&mut config);
        let model_type = config["model_type"].as_str().ok_or("has no model_type")?.to_owned();
        Ok(Self { folder: folder.into(), model_type, config })
    }

    /// The path of `config.json`.
    pub fn config_path(&self) -> PathBuf {
        self.folder.join("config.json")
    }

    /// The configuration as the type that a family uses.
    ///
    /// # Errors
    /// When the configuration does not fit that type.
    pub fn config<T: DeserializeOwned>(&self) -> Result<T, ModelError> {
        serde_json::from_value(self.config.clone()).map_err(|error| {
            let reason = format!("is not a configuration of '{}': {error}", self.model_type);
            ModelError::pack(&self.config_path(), reason)
        })
    }

    /// One value of the configuration; `null` if it is absent.
    pub fn value(&self, key: &str) -> &Value {
        &self.config[key]
    }

    /// Names of the outputs, in order (`id2label`).
    ///
    /// # Errors
    /// When there are none, their numbers have gaps, or they are only placeholders (`LABEL_0`, …).
    pub fn labels(&self) -> Result<Vec<String>, ModelError> {
        let bad = |reason: &str| ModelError::pack(&self.config_path(), reason);
        let map = self.config["id2label"].as_object().ok_or_else(|| bad("has no labels (id2label)"))?;
        let label = |i: usize| map.get(&i.to_string()).and_then(Value::as_str).map(String::from);
        let labels: Option<Vec<String>> = (0..map.len()).map(label).collect();
        let labels = labels.ok_or_else(|| bad("numbers its labels (id2label) with gaps"))?;
        if labels.is_empty() || labels.iter().all(|label| label.starts_with("LABEL_")) {
            return Err(bad("has no names for its labels (id2label); was the model fine-tuned?"));
        }
        Ok(labels)
    }

    /// The files that hold the weights, chosen by the same rule as for pulling and verifying.
    ///
    /// # Errors
    /// When there are no weights, only a pickle, or not all shards.
    pub fn weights(&self) -> Result<Vec<PathBuf>, ModelError> {
        let bad = |reason: String| ModelError::pack(&self.folder, reason);
        let entries = fs::read_dir(&self.folder).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match files::choose_weights(&names) {
            Ok(Weights::One(name)) => Ok(vec![self.folder.join(name)]),
            Ok(Weights::Shards { index, shards }) => self.shards(&self.folder.join(index), &shards),
            Err(NoWeights::Pickles(_)) => Err(bad(
                "has its weights only as a Python pickle, which can run code and is never read; if you trust it, convert it with scripts/convert.py".into(),
            )),
            Err(NoWeights::None) => Err(bad(
                "has no weights: model.safetensors (also in shards) or rust_model.ot is needed".into(),
            )),
            Err(NoWeights::Incomplete { shards }) => {
                Err(bad(format!("has only {shards} of the shards of its weights")))
            }
        }
    }

    /// The paths of the shards that an index names. Each must be one of `known`.
    fn shards(&self, index: &Path, known: &[&str]) -> Result<Vec<PathBuf>, ModelError> {
        let bad = |reason: String| ModelError::pack(index, reason);
        let text = fs::read_to_string(index).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let names = shard_names(&text).map_err(bad)?;
        if let Some(other) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(bad(format!("names '{other}', which is not one of the shards of this folder")));
        }
        Ok(names.iter().map(|name| self.folder.join(name)).collect())
    }

    /// The tokenizer. Padding and truncation that its file may ask for are switched off: [`crate::compute::inputs`]
    /// makes the batches.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it has more tokens than the model.
    pub fn tokenizer(&self) -> Result<Tokenizer, ModelError> {
        let path = self.folder.join("tokenizer.json");
        let bad = |reason: String| ModelError::pack(&path, reason);
        let mut tokenizer = match path.is_file() {
            true => Tokenizer::from_file(&path).map_err(|error| {
                bad(format!("cannot be read, perhaps because it is of a newer version: {error}"))
            })?,
            false => vocabulary::tokenizer(&self.folder)
                .ok_or_else(
                    || bad("is missing, and so are vocab.json with merges.txt, and vocab.txt".into()),
                )?
                .map_err(|reason| ModelError::pack(&self.folder, reason))?,
        };
        tokenizer.with_padding(None);
        // "</s>" in an article is ordinary text, not a special token.
        tokenizer.set_encode_special_tokens(true);
        tokenizer.with_truncation(None::<TruncationParams>).map_err(|error| bad(error.to_string()))?;
        let (known, size) = (tokenizer.get_vocab_size(true), self.config["vocab_size"].as_u64());
        match size {
            Some(size) if known as u64 > size => {
                Err(bad(format!("has {known} tokens, and the model of this folder knows {size}")))
            }
            _ => Ok(tokenizer),
        }
    }

    /// The longest input in tokens, special tokens included: the number of positions, or where the family has no limit,
    /// the length that its models were trained on.
    pub fn max_tokens(&self) -> usize {
        let unlimited = if self.model_type == "longt5" { 4096 } else { 512 };
        let positions = self.config["max_position_embeddings"].as_u64().map_or(unlimited, |n| n as usize);
        // These families count positions from the padding id + 1.
        let offset = match self.model_type.as_str() {
            "roberta" | "xlm-roberta" | "camembert" | "longformer" => 2,
            _ => 0,
        };
        positions.saturating_sub(offset).clamp(8, 4096)
    }
}

/// Adds the settings that rust-bert requires and newer versions of `transformers` leave out where they have a default.
///
/// `scale_decoder_outputs: false` of T5 was formerly written as `tie_word_embeddings: false`, which is what rust-bert
/// reads. Families without such a setting ignore it.
fn add_defaults(config: &mut Value) {
    let layers = config["encoder_layers"].clone();
    for (key, value) in
        [("num_hidden_layers", layers), ("tie_weights_", true.into()), ("untie_r", true.into())]
    {
        if config.is_object() && config[key].is_null() && !value.is_null() {
            config[key] = value;
        }
    }
    if config["scale_decoder_outputs"] == false {
        config["tie_word_embeddings"] = false.into();
    }
}

/// Names of the shards that the text of an index lists, sorted; the error says what is wrong with it.
pub(crate) fn shard_names(text: &str) -> Result<Vec<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
    let map = value["weight_map"].as_object().ok_or("has no weight_map")?;
    let names: BTreeSet<&str> = map.values().filter_map(Value::as_str).collect();
    // A name from a downloaded file must not lead out of the folder: an attacker may have written it.
    if let Some(odd) =
        names.iter().find(|name| Path::new(name).components().count() != 1 || !name.ends_with(".safetensors"))
    {
        return Err(format!("names '{odd}', which is no safetensors file in its folder"));
    }
    Ok(names.into_iter().map(String::from).collect())
}
