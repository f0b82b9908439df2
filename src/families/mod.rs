//! Checkpoints by architecture: one file for each family of models, each with what rust-bert has of it.
//!
//! A family is a row of [`FAMILIES`]; a new one is a new file and its line there.

mod albert;
mod bart;
mod bert;
mod deberta;
mod deberta_v2;
pub(crate) mod disentangled;
mod distilbert;
mod electra;
pub mod encoder;
mod longformer;
mod longt5;
mod mbart;
mod mobilebert;
mod mpnet;
mod pegasus;
mod prophetnet;
mod roberta;
mod t5;
mod xlnet;

pub mod generator;
mod search;
pub mod writer;

use rust_bert::RustBertError;
use serde_json::Value;
use tch::{Tensor, nn::VarStore, no_grad};

use encoder::Encoder;

use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::model::tensors::Tensors;
use crate::model::weights::fill_checkpoint;

/// A model that turns token ids into numbers: a row for each token, or one for each input.
pub trait Classifier: Send {
    /// (inputs, width, labels) of a token classifier, (inputs, labels) of a sequence classifier.
    fn logits(&self, inputs: &Inputs) -> Result<Tensor, ModelError>;
}

type Load<T> = fn(&Checkpoint, &Compute) -> Result<Box<T>, ModelError>;

/// Takes the variables of an encoder from under a prefix of their names; says what is wrong with the configuration.
type MakeEncoder = fn(&Value, &mut Tensors, &str) -> Result<Box<dyn Encoder>, String>;

/// What is known of an architecture.
pub struct Family {
    /// `model_type` in `config.json`; several where only the weights differ.
    pub model_types: &'static [&'static str],
    encoder: Option<MakeEncoder>,
    tokens: Option<Load<dyn Classifier>>,
    sequences: Option<Load<dyn Classifier>>,
    generator: Option<Load<dyn generator::Generate>>,
}

/// What a family has none of.
const NOTHING: Family =
    Family { model_types: &[], encoder: None, tokens: None, sequences: None, generator: None };

/// Every family.
pub const FAMILIES: &[Family] = &[
    albert::FAMILY,
    bart::FAMILY,
    bert::FAMILY,
    deberta::FAMILY,
    deberta_v2::FAMILY,
    distilbert::FAMILY,
    electra::FAMILY,
    longformer::FAMILY,
    longt5::FAMILY,
    mbart::FAMILY,
    mobilebert::FAMILY,
    mpnet::FAMILY,
    pegasus::FAMILY,
    prophetnet::FAMILY,
    roberta::FAMILY,
    t5::FAMILY,
    xlnet::FAMILY,
];

/// Loads a model that labels tokens.
pub fn token_classifier(
    checkpoint: &Checkpoint,
    compute: &Compute,
) -> Result<Box<dyn Classifier>, ModelError> {
    family_for(checkpoint, "labelling tokens", |family| family.tokens)?(checkpoint, compute)
}

/// Loads a model that labels whole inputs.
pub fn sequence_classifier(
    checkpoint: &Checkpoint,
    compute: &Compute,
) -> Result<Box<dyn Classifier>, ModelError> {
    family_for(checkpoint, "judging pairs of sentences", |family| family.sequences)?(checkpoint, compute)
}

/// Why there is no encoder.
#[derive(Debug)]
pub enum EncoderError {
    /// The family has none, or is not known.
    Family(String),
    /// Its configuration makes no sense.
    Config(String),
}

/// Makes the encoder of a family, whose variables stand under `<family>.`, by its configuration (`config.json`).
///
/// # Errors
/// When there is no encoder of that name, or the configuration makes no sense. Variables that are missing or of another
/// shape are told by [`Tensors::finish`].
pub fn encoder(
    family: &str,
    config: &Value,
    tensors: &mut Tensors,
) -> Result<Box<dyn Encoder>, EncoderError> {
    let known = || FAMILIES.iter().filter_map(|known| Some((known, known.encoder?)));
    match known().find(|(known, _)| known.model_types.contains(&family)) {
        Some((_, make)) => make(config, tensors, &format!("{family}.")).map_err(EncoderError::Config),
        None => {
            let names: Vec<&str> = known().flat_map(|(known, _)| known.model_types).copied().collect();
            Err(EncoderError::Family(format!("encoder.family is '{family}'; known: {}", names.join(", "))))
        }
    }
}

/// What the checkpoint's family has for a job.
///
/// # Errors
/// When the architecture is not known, or not for this job; says which are.
fn family_for<T: Copy>(
    checkpoint: &Checkpoint,
    job: &str,
    of: impl Fn(&Family) -> Option<T>,
) -> Result<T, ModelError> {
    let wanted = checkpoint.model_type.as_str();
    let family = FAMILIES.iter().find(|family| family.model_types.contains(&wanted));
    family.and_then(&of).ok_or_else(|| {
        let able = FAMILIES.iter().filter(|family| of(family).is_some());
        let known: Vec<&str> = able.flat_map(|family| family.model_types).copied().collect();
        let reason =
            format!("is of the architecture '{wanted}'; for {job} these are known: {}", known.join(", "));
        ModelError::pack(&checkpoint.config_path(), reason)
    })
}

/// A rust-bert model with its weights.
struct Loaded<M> {
    model: M,
    forward: fn(&M, &Inputs) -> Result<Tensor, RustBertError>,
    /// Owns the weights.
    _store: VarStore,
}

/// Parts of names of variables that rust-bert makes and a classifier of tokens or of sequences does not use.
const TOKENS: &[&str] = &["position_ids", "mask_emb", "pooler."];
const SEQUENCES: &[&str] = &["position_ids", "mask_emb"];

/// Builds a model, fills it but for what it does not use, and turns it to the precision of the run.
fn loaded<M: Send + 'static>(
    checkpoint: &Checkpoint,
    compute: &Compute,
    unused: &[&str],
    build: impl FnOnce(&VarStore) -> Result<M, RustBertError>,
    forward: fn(&M, &Inputs) -> Result<Tensor, RustBertError>,
) -> Result<Box<dyn Classifier>, ModelError> {
    checkpoint.labels()?;
    let mut store = VarStore::new(compute.device);
    let model =
        build(&store).map_err(|error| ModelError::pack(&checkpoint.config_path(), error.to_string()))?;
    fill_checkpoint(&store, &checkpoint.weights()?, unused, &[])?;
    store.freeze();
    store.set_kind(compute.kind);
    Ok(Box::new(Loaded { model, forward, _store: store }))
}

impl<M: Send> Classifier for Loaded<M> {
    fn logits(&self, inputs: &Inputs) -> Result<Tensor, ModelError> {
        no_grad(|| (self.forward)(&self.model, inputs))
            .map_err(|error| ModelError::Encoder(error.to_string()))
    }
}
