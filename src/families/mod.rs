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
mod longformer;
mod longt5;
mod mbart;
mod mobilebert;
mod pegasus;
mod prophetnet;
mod roberta;
mod t5;
mod xlnet;

pub mod generator;
pub mod inputs;
pub mod nli;
mod search;
pub mod summarizer;
pub mod tagger;

use rust_bert::RustBertError;
use tch::{Tensor, nn::VarStore, no_grad};

use inputs::Inputs;

use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::model::weights::fill_checkpoint;
use crate::reader::compute::Compute;

/// A model that turns token ids into numbers: a row for each token, or one for each input.
pub trait Classifier: Send {
    /// (inputs, width, labels) of a token classifier, (inputs, labels) of a sequence classifier.
    fn logits(&self, inputs: &Inputs) -> Result<Tensor, ModelError>;
}

type Load<T> = fn(&Checkpoint, &Compute) -> Result<Box<T>, ModelError>;

/// What is known of an architecture.
pub struct Family {
    /// `model_type` in `config.json`; several where only the weights differ.
    pub model_types: &'static [&'static str],
    tokens: Option<Load<dyn Classifier>>,
    sequences: Option<Load<dyn Classifier>>,
    generator: Option<Load<dyn generator::Generate>>,
}

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

/// Probabilities of scores.
fn softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = logits.iter().map(|&x| f64::from(x - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|x| x / sum).collect()
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
