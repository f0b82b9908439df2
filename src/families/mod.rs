//! Loads models by their architecture.
//!
//! A **family** is all models of one architecture (`model_type` in `config.json`): one file here and one row of
//! [`FAMILIES`]. Classifiers and generators are mostly rust-bert's; the encoders of packs have their own forward pass
//! ([`encoder`](mod@encoder)).

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

/// A model that scores labels, for each token or for each input.
pub trait Classifier: Send {
    /// The logits of a batch: (inputs, width, labels) of a token classifier, (inputs, labels) of a sequence classifier.
    ///
    /// # Errors
    /// When libtorch or rust-bert reports one.
    fn logits(&self, inputs: &Inputs) -> Result<Tensor, ModelError>;
}

/// Loads a model of a family from a checkpoint.
type Load<T> = fn(&Checkpoint, &Compute) -> Result<Box<T>, ModelError>;

/// Builds an encoder from a configuration and the tensors whose names start with a prefix. The error says what is wrong
/// with the configuration.
type MakeEncoder = fn(&Value, &mut Tensors, &str) -> Result<Box<dyn Encoder>, String>;

/// What can be loaded of an architecture.
pub struct Family {
    /// Values of `model_type` in `config.json`; several if only the weights differ.
    pub model_types: &'static [&'static str],
    /// An encoder for packs.
    encoder: Option<MakeEncoder>,
    /// A token classifier.
    tokens: Option<Load<dyn Classifier>>,
    /// A sequence classifier.
    sequences: Option<Load<dyn Classifier>>,
    /// An encoder-decoder that generates text.
    generator: Option<Load<dyn generator::Generate>>,
}

/// A family of which nothing can be loaded, for the fields that a family does not set.
const EMPTY: Family =
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

/// Loads a model that labels each token.
///
/// # Errors
/// When the architecture is unknown or not a token classifier, or weights and configuration do not fit.
pub fn token_classifier(
    checkpoint: &Checkpoint,
    compute: &Compute,
) -> Result<Box<dyn Classifier>, ModelError> {
    family_for(checkpoint, "labelling tokens", |family| family.tokens)?(checkpoint, compute)
}

/// Loads a model that labels each input.
///
/// # Errors
/// When the architecture is unknown or not a sequence classifier, or weights and configuration do not fit.
pub fn sequence_classifier(
    checkpoint: &Checkpoint,
    compute: &Compute,
) -> Result<Box<dyn Classifier>, ModelError> {
    family_for(checkpoint, "judging pairs of sentences", |family| family.sequences)?(checkpoint, compute)
}

/// Why an encoder cannot be built.
#[derive(Debug)]
pub enum EncoderError {
    /// The family is unknown, or has no encoder.
    Family(String),
    /// Its configuration is invalid.
    Config(String),
}

/// Builds the encoder of a family from its configuration (`config.json`) and the tensors whose names start with `<family>.`.
///
/// # Errors
/// When there is no encoder of that name, or the configuration is invalid. Tensors that are missing or have another
/// shape are reported by [`Tensors::finish`].
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

/// What the family of a checkpoint has for a job; `of` returns it for any family.
///
/// # Errors
/// When the architecture is unknown or cannot do the job. The message lists those that can.
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
    /// Keeps the weights alive.
    _store: VarStore,
}

/// Parts of the names of variables that rust-bert creates and a token classifier does not use.
const UNUSED_FOR_TOKENS: &[&str] = &["position_ids", "mask_emb", "pooler."];
/// The same for a sequence classifier.
const UNUSED_FOR_SEQUENCES: &[&str] = &["position_ids", "mask_emb"];

/// Builds a rust-bert model, loads its weights (those of `unused` variables may be missing), and converts it to the
/// precision of the run.
///
/// # Errors
/// When configuration or weights do not fit.
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
