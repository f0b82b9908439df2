//! DeBERTa with **disentangled attention**, which scores the content and the position of tokens separately (He et al.
//! 2020, <https://arxiv.org/abs/2006.03654>; v3: He et al. 2021, <https://arxiv.org/abs/2111.09543>). Written on tch
//! for both generations.
//!
//! rust-bert 0.23 has these models too, but computes something else than the published weights were trained for, and no
//! input or setting can correct that:
//!
//! - v1 cuts the table of relative positions at the number of heads instead of the length of the input, so all tokens farther apart
//!   than that number get the same relative position.
//! - v2 and v3 look up content-to-position scores without shifting the positions to the middle of the table, so all following tokens
//!   get the same relative position. They divide the scores by d instead of the paper's √d. They round a ratio to a whole number
//!   before taking its logarithm, so distant tokens get the wrong buckets.
//!
//! `tests/integration/checkpoints.rs` compares this module with the reference, and fails when rust-bert no longer differs from it.
//! Variables have the same names as in checkpoints of the hub. There is no dropout, because nothing is trained here.

mod attention;
pub(crate) mod config;
mod encoder;
mod layers;

use tch::{
    Tensor,
    nn::{self, Module},
};

use super::{Classifier, UNUSED_FOR_SEQUENCES, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use config::DebertaConfig;
use encoder::DebertaEncoder;
use layers::{activate, linear};

/// The generation of an architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// v1.
    First,
    /// v2 and v3, which differ only in their training.
    Second,
}

/// An encoder with a head over each token.
struct TokenClassifier {
    encoder: DebertaEncoder,
    classifier: nn::Linear,
}

/// An encoder with a head over the first token.
struct SequenceClassifier {
    encoder: DebertaEncoder,
    pooler: nn::Linear,
    pooler_act: rust_bert::Activation,
    classifier: nn::Linear,
}

/// Loads a model that labels each token.
///
/// # Errors
/// When configuration or weights do not fit.
pub fn tokens(
    checkpoint: &Checkpoint,
    compute: &Compute,
    generation: Generation,
) -> Result<Box<dyn Classifier>, ModelError> {
    let config = DebertaConfig::of(checkpoint, generation)?;
    let labels = checkpoint.labels()?.len() as i64;
    let build = |store: &nn::VarStore| {
        let root = store.root();
        Ok(TokenClassifier {
            encoder: DebertaEncoder::new(&(&root / "deberta"), &config),
            classifier: linear(&root / "classifier", config.hidden_size, labels, true),
        })
    };
    loaded(checkpoint, compute, UNUSED_FOR_TOKENS, build, |model, inputs| Ok(model.logits(inputs)))
}

/// Loads a model that labels each input.
///
/// # Errors
/// When configuration or weights do not fit.
pub fn sequences(
    checkpoint: &Checkpoint,
    compute: &Compute,
    generation: Generation,
) -> Result<Box<dyn Classifier>, ModelError> {
    let config = DebertaConfig::of(checkpoint, generation)?;
    let labels = checkpoint.labels()?.len() as i64;
    let build = |store: &nn::VarStore| {
        let root = store.root();
        Ok(SequenceClassifier {
            encoder: DebertaEncoder::new(&(&root / "deberta"), &config),
            pooler: linear(&root / "pooler" / "dense", config.hidden_size, config.hidden_size, true),
            pooler_act: config.pooler_hidden_act,
            classifier: linear(&root / "classifier", config.hidden_size, labels, true),
        })
    };
    loaded(checkpoint, compute, UNUSED_FOR_SEQUENCES, build, |model, inputs| Ok(model.logits(inputs)))
}

impl TokenClassifier {
    fn logits(&self, inputs: &Inputs) -> Tensor {
        self.classifier.forward(&self.encoder.forward(inputs))
    }
}

impl SequenceClassifier {
    fn logits(&self, inputs: &Inputs) -> Tensor {
        let first = self.encoder.forward(inputs).select(1, 0);
        self.classifier.forward(&activate(self.pooler_act, &self.pooler.forward(&first)))
    }
}
