//! A checkpoint as the hub has it: a folder with `config.json`, `tokenizer.json` and weights.
//!
//! Weights are data: safetensors, whole or in shards, or rust-bert's own `.ot`. A Python pickle can run code
//! when it is read, so it is never opened here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokenizers::{Tokenizer, TruncationParams};

use super::files::{self, NoWeights, Weights};
use super::{ModelError, vocabulary};

/// A folder whose configuration was read.
pub struct Checkpoint {
    pub folder: PathBuf,
    /// `model_type` of the configuration, such as `bert`.
    pub model_type: String,
    config: Value,
}

impl Checkpoint {
    /// Reads the configuration of a folder.
    ///
    /// # Errors
    /// When there is none, or it does not say what kind of model it is.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("config.json");
        let bad = |reason: String| ModelError::pack(&path, reason);
        let text = fs::read_to_string(&path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        Self::parse(folder, &text).map_err(bad)
    }

    pub(crate) fn parse(folder: &Path, text: &str) -> Result<Self, String> {
        let mut config: Value =
            serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        complete(&mut config);
        let model_type = config["model_type"].as_str().ok_or("has no model_type")?.to_owned();
        Ok(Self { folder: folder.into(), model_type, config })
    }

    pub fn config_path(&self) -> PathBuf {
        self.folder.join("config.json")
    }

    /// The configuration as a family wants it.
    pub fn config<T: DeserializeOwned>(&self) -> Result<T, ModelError> {
        serde_json::from_value(self.config.clone()).map_err(|error| {
            let reason = format!("is not a configuration of '{}': {error}", self.model_type);
            ModelError::pack(&self.config_path(), reason)
        })
    }

    /// One value of the configuration, if it is there.
    pub fn value(&self, key: &str) -> &Value {
        &self.config[key]
    }

    /// Names of the outputs, in their order (`id2label`).
    ///
    /// # Errors
    /// When there are none, or only the stand-ins (`LABEL_0`, …) of a model that was never given any.
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

    /// The files that hold the weights, in the same choice as for what is fetched and verified.
    ///
    /// # Errors
    /// When there is none that is data only.
    pub fn weights(&self) -> Result<Vec<PathBuf>, ModelError> {
        let bad = |reason: String| ModelError::pack(&self.folder, reason);
        let entries = fs::read_dir(&self.folder).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match files::weights(&names) {
            Ok(Weights::One(name)) => Ok(vec![self.folder.join(name)]),
            Ok(Weights::Parts { index, parts }) => self.shards(&self.folder.join(index), &parts),
            Err(NoWeights::Pickles(_)) => Err(bad(
                "has its weights only as a Python pickle, which can run code and is never read; convert it, knowingly, with scripts/convert.py".into(),
            )),
            Err(NoWeights::None) => Err(bad(
                "has no weights: model.safetensors (also in shards) or rust_model.ot is needed".into(),
            )),
            Err(NoWeights::Incomplete { parts }) => {
                Err(bad(format!("has {parts} of the shards of its weights, and not all of them")))
            }
        }
    }

    /// The shards that an index names, which are among the parts that were chosen.
    fn shards(&self, index: &Path, parts: &[&str]) -> Result<Vec<PathBuf>, ModelError> {
        let bad = |reason: String| ModelError::pack(index, reason);
        let text = fs::read_to_string(index).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let names = shard_names(&text).map_err(bad)?;
        if let Some(other) = names.iter().find(|name| !parts.contains(&name.as_str())) {
            return Err(bad(format!("names '{other}', which is none of the shards of this folder")));
        }
        Ok(names.iter().map(|name| self.folder.join(name)).collect())
    }

    /// The tokenizer, without the padding and cutting that its file may ask for: batches are made here.
    pub fn tokenizer(&self) -> Result<Tokenizer, ModelError> {
        let path = self.folder.join("tokenizer.json");
        let bad = |reason: String| ModelError::pack(&path, reason);
        let mut tokenizer = match path.is_file() {
            true => Tokenizer::from_file(&path).map_err(|error| {
                bad(format!("cannot be read, perhaps because it is of a newer version: {error}"))
            })?,
            false => vocabulary::tokenizer(&self.folder)
                .ok_or_else(|| bad("is not there, nor vocab.json with merges.txt, nor vocab.txt".into()))?
                .map_err(|reason| ModelError::pack(&self.folder, reason))?,
        };
        tokenizer.with_padding(None);
        // An article that writes of "</s>" is a text, not the end of one.
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

    /// The longest input in tokens, special ones included: what the positions allow; where they know no limit, what
    /// models of the kind were trained on.
    pub fn max_tokens(&self) -> usize {
        let unlimited = if self.model_type == "longt5" { 4096 } else { 512 };
        let positions = self.config["max_position_embeddings"].as_u64().map_or(unlimited, |n| n as usize);
        // These families count positions from behind the padding id.
        let offset = match self.model_type.as_str() {
            "roberta" | "xlm-roberta" | "camembert" | "longformer" => 2,
            _ => 0,
        };
        positions.saturating_sub(offset).clamp(8, 4096)
    }
}

/// Puts the configurations of newer writers in the words of the older ones that rust-bert knows. They leave out what the
/// reference has a default for, and T5 without scaled outputs was once called T5 without shared tables. Families that
/// have no such setting pass over it.
fn complete(config: &mut Value) {
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

/// Names of the files that an index spreads the weights over.
pub(crate) fn shard_names(text: &str) -> Result<Vec<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
    let map = value["weight_map"].as_object().ok_or("has no weight_map")?;
    let names: BTreeSet<&str> = map.values().filter_map(Value::as_str).collect();
    // A name from a downloaded file must not lead out of the folder.
    if let Some(odd) =
        names.iter().find(|name| Path::new(name).components().count() != 1 || !name.ends_with(".safetensors"))
    {
        return Err(format!("names '{odd}', which is no safetensors file beside it"));
    }
    Ok(names.into_iter().map(String::from).collect())
}
