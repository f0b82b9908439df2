//! BERT (Devlin et al. 2018).
//!
//! Checkpoints that a user chooses are computed by rust-bert. The encoder of a pack has its own forward pass over the
//! same variables; `tests/integration/parity.rs` compares it with rust-bert's.

use rust_bert::Activation;
use rust_bert::bert::{BertConfig, BertForSequenceClassification, BertForTokenClassification};

use serde_json::Value;
use tch::Tensor;

use super::encoder::{
    Embeddings, Encoder, EncoderShape, LayerNames, Layers, Sizes, hidden_padding, positions,
};
use super::{Classifier, EMPTY, Family, UNUSED_FOR_SEQUENCES, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::model::tensors::Tensors;

/// What can be loaded of this family.
pub const FAMILY: Family = Family {
    model_types: &["bert"],
    encoder: Some(encoder),
    tokens: Some(tokens),
    sequences: Some(sequences),
    ..EMPTY
};

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| BertForTokenClassification::new(store.root(), &config),
        |model: &BertForTokenClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)
                .logits)
        },
    )
}

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_SEQUENCES,
        |store| BertForSequenceClassification::new(store.root(), &config),
        |model: &BertForSequenceClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)
                .logits)
        },
    )
}

/// The encoder of a pack.
struct BertEncoder {
    embeddings: Embeddings,
    layers: Layers,
    shape: EncoderShape,
}

const NAMES: LayerNames = LayerNames {
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attended: "attention.output.dense",
    attended_norm: "attention.output.LayerNorm",
};

fn encoder(config: &Value, tensors: &mut Tensors, prefix: &str) -> Result<Box<dyn Encoder>, String> {
    let pad = config["pad_token_id"].as_i64().unwrap_or(0);
    // rust-bert uses 1e-12 for every BERT; here the configuration decides.
    let epsilon = config["layer_norm_eps"].as_f64().unwrap_or(1e-12);
    let config: BertConfig = serde_json::from_value(config.clone())
        .map_err(|error| format!("is not a BERT configuration: {error}"))?;
    if !matches!(config.hidden_act, Activation::gelu) {
        return Err(format!("has hidden_act {:?}; gelu is known", config.hidden_act));
    }
    let sizes = Sizes {
        hidden: config.hidden_size,
        wide: config.intermediate_size,
        heads: config.num_attention_heads,
        layers: config.num_hidden_layers,
        epsilon,
    }
    .checked()?;
    let (vocabulary, longest) = (config.vocab_size, config.max_position_embeddings);
    let types = Some(("token_type_embeddings", config.type_vocab_size));
    let embeddings =
        Embeddings::take(tensors, &format!("{prefix}embeddings."), sizes, vocabulary, longest, types);
    let layers = Layers::take(tensors, &format!("{prefix}encoder."), sizes, &NAMES);
    let shape =
        EncoderShape { hidden: sizes.hidden, vocabulary, longest, pad, types: config.type_vocab_size };
    Ok(Box::new(BertEncoder { embeddings, layers, shape }))
}

impl Encoder for BertEncoder {
    fn encode(&self, inputs: &Inputs) -> Tensor {
        let positions = positions(0, inputs.width(), inputs.ids.device());
        let embedded = self.embeddings.forward(inputs, &positions);
        self.layers.forward(embedded, &hidden_padding(&inputs.mask, self.embeddings.kind()))
    }

    fn shape(&self) -> EncoderShape {
        self.shape
    }
}
