//! Text generation by rust-bert's generators: token ids in, token ids out.
//!
//! rust-bert's generators tokenize by themselves, by another version of the tokenizer; they are only given ids here.
//! They still ask for a tokenizer when they are built, and get one that is never used.

use std::fs;
use std::path::Path;

use rust_bert::RustBertError;
use rust_bert::pipelines::common::{ModelResource, ModelType, TokenizerOption};
use rust_bert::pipelines::generation_utils::{GenerateConfig, GenerateOptions, LanguageGenerator};
use rust_bert::resources::LocalResource;
use serde_json::{Value, json};

use super::{FAMILIES, inputs::Inputs};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

/// How a sequence is searched for. The model's own settings are the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Fewest and most tokens, the first one that the decoder is given included.
    pub min_length: i64,
    pub max_length: i64,
    /// 1 is greedy.
    pub beams: i64,
    /// No n-gram of so many tokens comes twice; 0 allows all.
    pub no_repeat_ngram: i64,
    /// Exponent of the length that a hypothesis' score is divided by (Wu et al. 2016).
    pub length_penalty: f64,
    pub early_stopping: bool,
}

/// A model that writes.
pub trait Generate: Send {
    fn generate(&self, inputs: &Inputs, search: &Search) -> Result<Vec<Vec<i64>>, RustBertError>;
}

impl<G: LanguageGenerator + Send> Generate for G {
    fn generate(&self, inputs: &Inputs, search: &Search) -> Result<Vec<Vec<i64>>, RustBertError> {
        let options = GenerateOptions {
            min_length: Some(search.min_length),
            max_length: Some(search.max_length),
            num_beams: Some(search.beams),
            no_repeat_ngram_size: Some(search.no_repeat_ngram),
            length_penalty: Some(search.length_penalty),
            early_stopping: Some(search.early_stopping),
            do_sample: Some(false),
            ..GenerateOptions::default()
        };
        let (ids, mask) = (inputs.ids.copy(), inputs.mask.copy());
        let found = self.generate_from_ids_and_past(ids, Some(mask), Some(options))?;
        Ok(found.into_iter().map(|output| output.indices).collect())
    }
}

/// What a family builds its generator from.
pub type Build = fn(GenerateConfig, TokenizerOption) -> Result<Box<dyn Generate>, RustBertError>;

/// Settings of the hub that live in `generation_config.json` today and lived in `config.json` before; rust-bert looks for them in
/// the latter.
const SETTINGS: &[&str] = &[
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "decoder_start_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
];

/// A loaded generator, with the settings that its checkpoint asks for.
pub struct Generator {
    model: Box<dyn Generate>,
    pub search: Search,
    pub pad: i64,
    device: tch::Device,
}

impl Generator {
    pub fn load(checkpoint: &Checkpoint, compute: &Compute) -> Result<Self, ModelError> {
        let wanted = checkpoint.model_type.as_str();
        let family = FAMILIES.iter().find(|family| family.model_types.contains(&wanted));
        let Some(build) = family.and_then(|family| family.generator) else {
            let known =
                FAMILIES.iter().filter(|family| family.generator.is_some()).flat_map(|f| f.model_types);
            let known = known.copied().collect::<Vec<_>>().join(", ");
            let reason =
                format!("is of the architecture '{wanted}'; for writing summaries these are known: {known}");
            return Err(ModelError::pack(&checkpoint.config_path(), reason));
        };
        let settings = settings(checkpoint)?;
        let weights = match checkpoint.weights()?.as_slice() {
            [one] => one.clone(),
            _ => {
                return Err(ModelError::pack(
                    &checkpoint.folder,
                    "has its weights in shards, which generators cannot read yet; scripts/convert.py joins them",
                ));
            }
        };
        let failed = |error: RustBertError| ModelError::pack(&checkpoint.folder, error.to_string());
        // The configuration with the settings of generation, and a tokenizer of one word.
        let scratch = tempfile::tempdir().map_err(|error| ModelError::Encoder(error.to_string()))?;
        let write = |name: &str, value: &Value| -> Result<std::path::PathBuf, ModelError> {
            let path = scratch.path().join(name);
            fs::write(&path, value.to_string())
                .map_err(|error| ModelError::pack(&path, error.to_string()))?;
            Ok(path)
        };
        let config = write("config.json", &settings)?;
        let words = write(
            "tokenizer.json",
            &json!({"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
            "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
            "model": {"type": "WordLevel", "vocab": {"<unk>": 0}, "unk_token": "<unk>"}}),
        )?;
        let special = write("special_tokens_map.json", &json!({"unk_token": "<unk>"}))?;
        let tokenizer = TokenizerOption::from_hf_tokenizer_file(words, special).map_err(failed)?;
        let local = |path: &Path| Box::new(LocalResource { local_path: path.to_owned() });
        let search = search(&settings);
        let parts = GenerateConfig {
            model_type: ModelType::Bart,
            model_resource: ModelResource::Torch(local(&weights)),
            config_resource: local(&config),
            vocab_resource: local(&config),
            merges_resource: None,
            min_length: search.min_length,
            max_length: Some(search.max_length),
            do_sample: false,
            early_stopping: search.early_stopping,
            num_beams: search.beams,
            temperature: 1.0,
            top_k: 50,
            top_p: 1.0,
            repetition_penalty: 1.0,
            length_penalty: search.length_penalty,
            no_repeat_ngram_size: search.no_repeat_ngram,
            num_return_sequences: 1,
            num_beam_groups: None,
            diversity_penalty: None,
            device: compute.device,
            kind: Some(compute.kind),
        };
        let model = build(parts, tokenizer).map_err(failed)?;
        let pad = settings["pad_token_id"].as_i64().unwrap_or(0);
        Ok(Self { model, search, pad, device: compute.device })
    }

    /// Generated ids of each input, from the first that the decoder was given.
    pub fn generate(
        &self,
        encodings: &[&tokenizers::Encoding],
        search: &Search,
    ) -> Result<Vec<Vec<i64>>, ModelError> {
        let inputs = Inputs::new(encodings, self.pad, self.device);
        let found = tch::no_grad(|| self.model.generate(&inputs, search));
        found.map_err(|error| ModelError::Encoder(error.to_string()))
    }
}

/// The configuration, with what `generation_config.json` says of generation put over it.
fn settings(checkpoint: &Checkpoint) -> Result<Value, ModelError> {
    let mut config: Value = checkpoint.config()?;
    let path = checkpoint.folder.join("generation_config.json");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(config);
    };
    let over: Value = serde_json::from_str(&text)
        .map_err(|error| ModelError::pack(&path, format!("is not JSON: {error}")))?;
    for (key, value) in over.as_object().into_iter().flatten() {
        if SETTINGS.contains(&key.as_str()) || SEARCH.contains(&key.as_str()) {
            config[key] = value.clone();
        }
    }
    Ok(config)
}

const SEARCH: &[&str] =
    &["min_length", "max_length", "num_beams", "no_repeat_ngram_size", "length_penalty", "early_stopping"];

fn search(settings: &Value) -> Search {
    let number = |key: &str, otherwise: i64| settings[key].as_i64().unwrap_or(otherwise);
    Search {
        min_length: number("min_length", 0),
        max_length: number("max_length", 128),
        beams: number("num_beams", 1),
        no_repeat_ngram: number("no_repeat_ngram_size", 0),
        length_penalty: settings["length_penalty"].as_f64().unwrap_or(1.0),
        early_stopping: settings["early_stopping"].as_bool().unwrap_or(false),
    }
}
