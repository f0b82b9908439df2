//! DeBERTa with its disentangled attention (He et al. 2020, <https://arxiv.org/abs/2006.03654>; v3: He et al. 2021,
//! <https://arxiv.org/abs/2111.09543>), written on tch for both generations.
//!
//! rust-bert 0.23 has these models too, but they do not compute what the published weights were trained for, and
//! nothing that can be given to them from outside mends that:
//!
//! - v1 takes the number of heads for the length of the input where it cuts the table of relative positions, so that
//!   tokens farther apart than there are heads all look equally far.
//! - v2 and v3 look up content-to-position scores without moving the positions to the middle of their table, so that
//!   all tokens that follow look equally far, and divide the scores by d where the paper has √d. They also cut a
//!   ratio to a whole number before they take its logarithm, so that far tokens fall into the wrong buckets.
//!
//! `tests/checkpoints.rs` compares this module with the reference, and says when rust-bert no longer differs from it.
//! Variables bear the names that they have in checkpoints of the hub. There is no dropout: nothing is trained here.

mod attention;
pub(crate) mod config;
mod encoder;
mod layers;

use tch::{
    Tensor,
    nn::{self, Module},
};

use super::{Classifier, SEQUENCES, TOKENS, loaded};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use config::Config;
use encoder::Encoder;
use layers::{activate, linear};

/// v1, or v2 and v3, which differ in how they were trained only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    First,
    Second,
}

struct TokenClassifier {
    encoder: Encoder,
    classifier: nn::Linear,
}

struct SequenceClassifier {
    encoder: Encoder,
    pooler: nn::Linear,
    pooler_act: rust_bert::Activation,
    classifier: nn::Linear,
}

/// Loads a model that labels tokens.
pub fn tokens(
    checkpoint: &Checkpoint,
    compute: &Compute,
    generation: Generation,
) -> Result<Box<dyn Classifier>, ModelError> {
    let config = Config::of(checkpoint, generation)?;
    let labels = checkpoint.labels()?.len() as i64;
    let build = |store: &nn::VarStore| {
        let root = store.root();
        Ok(TokenClassifier {
            encoder: Encoder::new(&(&root / "deberta"), &config),
            classifier: linear(&root / "classifier", config.hidden_size, labels, true),
        })
    };
    loaded(checkpoint, compute, TOKENS, build, |model, inputs| Ok(model.logits(inputs)))
}

/// Loads a model that labels whole inputs.
pub fn sequences(
    checkpoint: &Checkpoint,
    compute: &Compute,
    generation: Generation,
) -> Result<Box<dyn Classifier>, ModelError> {
    let config = Config::of(checkpoint, generation)?;
    let labels = checkpoint.labels()?.len() as i64;
    let build = |store: &nn::VarStore| {
        let root = store.root();
        Ok(SequenceClassifier {
            encoder: Encoder::new(&(&root / "deberta"), &config),
            pooler: linear(&root / "pooler" / "dense", config.hidden_size, config.hidden_size, true),
            pooler_act: config.pooler_hidden_act,
            classifier: linear(&root / "classifier", config.hidden_size, labels, true),
        })
    };
    loaded(checkpoint, compute, SEQUENCES, build, |model, inputs| Ok(model.logits(inputs)))
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
