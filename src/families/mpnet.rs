//! MPNet (Song et al. 2020), which rust-bert does not have.
//!
//! It is BERT with three differences: positions are counted from the padding id + 1, there are no token types, and every
//! layer adds values from one table of relative positions to its attention scores. The encoder of a pack may add token
//! types as in BERT (`embeddings.token_type_embeddings`), for the letter case of word pieces.

use serde::Deserialize;
use serde_json::Value;
use tch::{Device, Tensor, no_grad};

use super::encoder::{
    Embeddings, Encoder, EncoderShape, LayerNames, Layers, Linear, Sizes, hidden_padding, positions,
};
use super::{Classifier, EMPTY, Family};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::model::tensors::Tensors;
use crate::model::weights::{is_ignorable, read_checkpoint};

/// What can be loaded of this family.
pub const FAMILY: Family = Family {
    model_types: &["mpnet"],
    encoder: Some(boxed),
    tokens: Some(tokens),
    sequences: Some(sequences),
    ..EMPTY
};

/// `config.json`, with the defaults of the reference.
#[derive(Deserialize)]
struct MpnetConfig {
    vocab_size: i64,
    hidden_size: i64,
    num_hidden_layers: i64,
    num_attention_heads: i64,
    intermediate_size: i64,
    max_position_embeddings: i64,
    #[serde(default = "gelu")]
    hidden_act: String,
    #[serde(default = "epsilon")]
    layer_norm_eps: f64,
    #[serde(default = "buckets")]
    relative_attention_num_buckets: i64,
    #[serde(default = "pad")]
    pad_token_id: i64,
    /// Only in packs; the reference has no token types.
    #[serde(default)]
    type_vocab_size: i64,
}

fn gelu() -> String {
    "gelu".into()
}

fn epsilon() -> f64 {
    1e-12
}

fn buckets() -> i64 {
    32
}

fn pad() -> i64 {
    1
}

/// From this distance on, all tokens are in the last bucket.
const FURTHEST: f64 = 128.0;

/// The encoder, for packs and under the heads of checkpoints.
struct MpnetEncoder {
    embeddings: Embeddings,
    /// The table of relative positions, (buckets, heads).
    relative: Tensor,
    layers: Layers,
    shape: EncoderShape,
}

const NAMES: LayerNames = LayerNames {
    query: "attention.attn.q",
    key: "attention.attn.k",
    value: "attention.attn.v",
    attended: "attention.attn.o",
    attended_norm: "attention.LayerNorm",
};

fn encoder(config: &Value, tensors: &mut Tensors, prefix: &str) -> Result<MpnetEncoder, String> {
    let config: MpnetConfig = serde_json::from_value(config.clone())
        .map_err(|error| format!("is not an MPNet configuration: {error}"))?;
    if config.hidden_act != "gelu" {
        return Err(format!("has hidden_act '{}'; gelu is known", config.hidden_act));
    }
    if config.relative_attention_num_buckets < 4 || config.relative_attention_num_buckets % 4 != 0 {
        return Err("has relative_attention_num_buckets that is no positive multiple of 4".into());
    }
    let sizes = Sizes {
        hidden: config.hidden_size,
        wide: config.intermediate_size,
        heads: config.num_attention_heads,
        layers: config.num_hidden_layers,
        epsilon: config.layer_norm_eps,
    }
    .checked()?;
    let types = (config.type_vocab_size > 0).then_some(("token_type_embeddings", config.type_vocab_size));
    let shape = EncoderShape {
        hidden: sizes.hidden,
        vocabulary: config.vocab_size,
        // Positions are counted from the padding id + 1.
        longest: config.max_position_embeddings - config.pad_token_id - 1,
        pad: config.pad_token_id,
        types: config.type_vocab_size,
    };
    let (vocabulary, positions) = (config.vocab_size, config.max_position_embeddings);
    let table = format!("{prefix}encoder.relative_attention_bias.weight");
    Ok(MpnetEncoder {
        embeddings: Embeddings::take(
            tensors,
            &format!("{prefix}embeddings."),
            sizes,
            vocabulary,
            positions,
            types,
        ),
        relative: tensors.take(&table, &[config.relative_attention_num_buckets, sizes.heads]),
        layers: Layers::take(tensors, &format!("{prefix}encoder."), sizes, &NAMES),
        shape,
    })
}

fn boxed(config: &Value, tensors: &mut Tensors, prefix: &str) -> Result<Box<dyn Encoder>, String> {
    Ok(Box::new(encoder(config, tensors, prefix)?))
}

impl Encoder for MpnetEncoder {
    fn encode(&self, inputs: &Inputs) -> Tensor {
        let width = inputs.width();
        // The positions of padding do not matter: it is on the right and hidden from attention.
        let positions = positions(self.shape.pad + 1, width, inputs.ids.device());
        let embedded = self.embeddings.forward(inputs, &positions);
        let buckets = buckets_of(width, self.relative.size()[0], inputs.ids.device());
        // (1, heads, width, width)
        let relative = Tensor::embedding(&self.relative, &buckets, -1, false, false).permute([2, 0, 1]);
        let bias = relative.unsqueeze(0) + hidden_padding(&inputs.mask, self.relative.kind());
        self.layers.forward(embedded, &bias)
    }

    fn shape(&self) -> EncoderShape {
        self.shape
    }
}

/// The bucket of each pair of query and key, (width, width), as `relative_position_bucket` of the reference computes
/// it. Near distances have a bucket each, farther ones share buckets; keys before and after the query have different
/// ones.
fn buckets_of(width: i64, buckets: i64, device: Device) -> Tensor {
    let half = buckets / 2;
    let exact = half / 2;
    let bucket = |distance: i64| {
        let far = distance.abs();
        let ratio = (far as f32 / exact as f32).ln() / (FURTHEST as f32 / exact as f32).ln();
        let place = match far < exact {
            true => far,
            false => (exact + (ratio * (half - exact) as f32) as i64).min(half - 1),
        };
        place + if distance > 0 { half } else { 0 }
    };
    // Computed once for each distance, because there are many more pairs.
    let of_distance: Vec<i64> = (1 - width..width).map(bucket).collect();
    let row = |query: i64| &of_distance[(width - 1 - query) as usize..][..width as usize];
    let pairs: Vec<i64> = (0..width).flat_map(row).copied().collect();
    Tensor::from_slice(&pairs).view([width, width]).to_device(device)
}

/// An MPNet encoder with a classification head.
struct Headed<H> {
    encoder: MpnetEncoder,
    head: H,
    logits: fn(&H, Tensor) -> Tensor,
}

impl<H: Send> Classifier for Headed<H> {
    fn logits(&self, inputs: &Inputs) -> Result<Tensor, ModelError> {
        Ok(no_grad(|| (self.logits)(&self.head, self.encoder.encode(inputs))))
    }
}

/// `MPNetForTokenClassification`
fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let head = |tensors: &mut Tensors, hidden, labels| Linear::take(tensors, "classifier", hidden, labels);
    headed(checkpoint, compute, head, |head, states| head.forward(&states))
}

/// `MPNetForSequenceClassification`, whose head uses the vector of the first token.
fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let head = |tensors: &mut Tensors, hidden, labels| {
        let dense = Linear::take(tensors, "classifier.dense", hidden, hidden);
        (dense, Linear::take(tensors, "classifier.out_proj", hidden, labels))
    };
    headed(checkpoint, compute, head, |(dense, out), states| {
        out.forward(&dense.forward(&states.select(1, 0)).tanh())
    })
}

/// Loads an encoder with a head: `take` takes the head's variables, `logits` computes its output.
fn headed<H: Send + 'static>(
    checkpoint: &Checkpoint,
    compute: &Compute,
    take: impl FnOnce(&mut Tensors, i64, i64) -> H,
    logits: fn(&H, Tensor) -> Tensor,
) -> Result<Box<dyn Classifier>, ModelError> {
    let bad = |reason| ModelError::pack(&checkpoint.config_path(), reason);
    let labels = checkpoint.labels()?.len() as i64;
    let mut tensors = read_checkpoint(&checkpoint.weights()?)?.to(|_| Some(compute.kind), compute.device);
    let encoder = encoder(&checkpoint.config()?, &mut tensors, "mpnet.").map_err(bad)?;
    let head = take(&mut tensors, encoder.shape.hidden, labels);
    tensors.finish(|_| false, is_ignorable)?;
    Ok(Box::new(Headed { encoder, head, logits }))
}
