//! Loads a **generator**: an encoder-decoder that writes text, with the settings of its checkpoint.
//!
//! The models and their caches are rust-bert's. The search is our own (`search.rs`): rust-bert's supports forced tokens
//! for some families only, and ends a beam search differently from the reference.

use std::fs;
use std::path::Path;

use rust_bert::RustBertError;
use serde_json::Value;
use tch::{Device, nn::VarStore, no_grad};
use tokenizers::Encoding;

use super::writer::{EarlyStopping, Encode, EncoderDecoder, LayerCache, Search, Step};
use super::{Family, family_for, search};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::model::weights::{Tied, fill_checkpoint};

/// Generates token ids. It hides the type of the cache, which differs between families.
pub trait Generate: Send {
    /// The generated ids of each input, the start token included.
    ///
    /// # Errors
    /// When libtorch or rust-bert reports one.
    fn generate(&self, inputs: &Inputs, search: &Search) -> Result<Vec<Vec<i64>>, RustBertError>;
}

impl<M: Send, L: LayerCache> Generate for EncoderDecoder<M, L> {
    fn generate(&self, inputs: &Inputs, search: &Search) -> Result<Vec<Vec<i64>>, RustBertError> {
        match search.beams {
            1 => search::greedy(self, inputs, search),
            _ => search::beams(self, inputs, search),
        }
    }
}

/// Builds a rust-bert model and loads its weights. `tied` names variables that files may leave out, because they share
/// the tensor of another variable. `encode` and `step` call the model.
///
/// # Errors
/// When configuration or weights do not fit.
pub fn loaded<M: Send + 'static, L: LayerCache + 'static>(
    checkpoint: &Checkpoint,
    compute: &Compute,
    tied: Tied,
    build: impl FnOnce(&VarStore) -> Result<M, RustBertError>,
    encode: Encode<M>,
    step: Step<M, L>,
) -> Result<Box<dyn Generate>, ModelError> {
    let mut store = VarStore::new(compute.device);
    let model =
        build(&store).map_err(|error| ModelError::pack(&checkpoint.config_path(), error.to_string()))?;
    fill_checkpoint(&store, &checkpoint.weights()?, &["final_logits_bias"], tied)?;
    store.freeze();
    store.set_kind(compute.kind);
    Ok(Box::new(EncoderDecoder { model, encode, step, store }))
}

/// A loaded encoder-decoder with the settings of its checkpoint.
pub struct Generator {
    model: Box<dyn Generate>,
    /// How the checkpoint asks to search.
    pub search: Search,
    pad: i64,
    device: Device,
}

impl Generator {
    /// Loads a checkpoint.
    ///
    /// # Errors
    /// When the architecture does not generate text, the weights do not fit, or the configuration names no start or end
    /// token.
    pub fn load(checkpoint: &Checkpoint, compute: &Compute) -> Result<Self, ModelError> {
        let load = family_for(checkpoint, "writing summaries", |family: &Family| family.generator)?;
        let settings = settings(checkpoint)?;
        let search = settings_search(&settings).ok_or_else(|| {
            let reason = "does not say where a text starts and ends (decoder_start_token_id, eos_token_id)";
            ModelError::pack(&checkpoint.config_path(), reason)
        })?;
        let pad = settings["pad_token_id"].as_i64().unwrap_or(0);
        Ok(Self { model: load(checkpoint, compute)?, search, pad, device: compute.device })
    }

    /// The generated ids of each input, from the start token to the end token.
    ///
    /// # Errors
    /// When libtorch or rust-bert reports one.
    pub fn generate(&self, encodings: &[&Encoding], search: &Search) -> Result<Vec<Vec<i64>>, ModelError> {
        let inputs = Inputs::new(encodings, self.pad, self.device);
        let found = no_grad(|| self.model.generate(&inputs, search));
        found.map_err(|error| ModelError::Encoder(error.to_string()))
    }
}

/// The settings of generation. `generation_config.json` overrides `config.json`, which held these settings formerly;
/// settings for summaries override both, as in the reference's pipeline.
fn settings(checkpoint: &Checkpoint) -> Result<Value, ModelError> {
    let mut config: Value = checkpoint.config()?;
    let for_summaries = config["task_specific_params"]["summarization"].clone();
    let path = checkpoint.folder.join("generation_config.json");
    if path.is_file() {
        overlay(&mut config, &generation_config(&path)?);
    }
    overlay(&mut config, &for_summaries);
    Ok(config)
}

/// Overrides values with those of `over` that are not null.
fn overlay(config: &mut Value, over: &Value) {
    for (key, value) in over.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        config[key] = value.clone();
    }
}

fn generation_config(path: &Path) -> Result<Value, ModelError> {
    let bad = |reason: String| ModelError::pack(path, reason);
    let text = fs::read_to_string(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| bad(format!("is not JSON: {error}")))
}

/// The search that settings ask for; none if they name no start or end token. Defaults are those of the reference.
fn settings_search(settings: &Value) -> Option<Search> {
    let count = |key: &str, otherwise: usize| settings[key].as_u64().map_or(otherwise, |n| n as usize);
    let ends = match &settings["eos_token_id"] {
        Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
        id => vec![id.as_i64()?],
    };
    Some(Search {
        min_length: count("min_length", 0),
        max_length: count("max_length", 128).max(2),
        beams: count("num_beams", 1).max(1),
        no_repeat_ngram: count("no_repeat_ngram_size", 0),
        length_penalty: settings["length_penalty"].as_f64().unwrap_or(1.0),
        stop: match &settings["early_stopping"] {
            Value::Bool(true) => EarlyStopping::Yes,
            Value::String(_) => EarlyStopping::Never,
            _ => EarlyStopping::Heuristic,
        },
        start: settings["decoder_start_token_id"].as_i64().or(settings["bos_token_id"].as_i64())?,
        ends,
        first: settings["forced_bos_token_id"].as_i64(),
        last: settings["forced_eos_token_id"].as_i64(),
    })
}
