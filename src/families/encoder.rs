//! The forward pass of the **encoders** of packs: token ids in, token vectors out.
//!
//! rust-bert's modules, which this pass is tested against, compute attention and GELU in many passes over memory. Here
//! a layer is four matrix products and five other passes: one product gives queries, keys and values, GELU and each
//! layer norm are one pass, and residuals are added in place. Each family defines the names of its variables, its
//! embeddings, and what it adds to the attention scores.

use tch::{Device, Kind, Tensor};

use crate::compute::inputs::Inputs;
use crate::model::tensors::Tensors;

/// A model that turns token ids into token vectors.
pub trait Encoder: Send {
    /// The token vectors of a batch: (inputs, width) → (inputs, width, hidden), in the precision of the weights.
    fn encode(&self, inputs: &Inputs) -> Tensor;

    /// The sizes of the encoder.
    fn shape(&self) -> EncoderShape;
}

/// Sizes of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncoderShape {
    /// Length of a token vector.
    pub hidden: i64,
    /// Number of tokens in the vocabulary.
    pub vocabulary: i64,
    /// The longest input in tokens, special tokens included.
    pub longest: i64,
    /// Id of the padding token.
    pub pad: i64,
    /// Number of token types; in our packs the type is the letter case of a word piece.
    pub types: i64,
}

/// A linear layer: weight (to, from) and bias (to).
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
    /// Whether weight and bias are in oneDNN's memory layout, which inputs must then have, too.
    packed: bool,
}

impl Linear {
    /// Takes `<name>.weight` and `<name>.bias`.
    pub fn take(tensors: &mut Tensors, name: &str, from: i64, to: i64) -> Self {
        Self {
            weight: tensors.take(&format!("{name}.weight"), &[to, from]),
            bias: tensors.take(&format!("{name}.bias"), &[to]),
            packed: false,
        }
    }

    /// The same layer with its output multiplied by a factor.
    fn scaled(self, factor: f64) -> Self {
        Self { weight: self.weight * factor, bias: self.bias * factor, ..self }
    }

    /// Several layers with the same input as one layer with their outputs side by side.
    fn joined(parts: &[Self]) -> Self {
        let cat = |of: fn(&Self) -> &Tensor| Tensor::cat(&parts.iter().map(of).collect::<Vec<_>>(), 0);
        Self { weight: cat(|part| &part.weight), bias: cat(|part| &part.bias), packed: false }
    }

    /// The same layer, computed by oneDNN where that is faster: in single precision on an x86-64 processor.
    ///
    /// There libtorch uses MKL, which does not use AVX-512 on processors of other makers than Intel: 66–112 GFLOP/s
    /// where oneDNN reaches 222–246 (one core of an AMD EPYC with Zen 5, 1,024 to 2,048 tokens). In bfloat16 libtorch
    /// uses oneDNN anyway.
    pub fn packed(self) -> Self {
        let single = self.weight.kind() == Kind::Float && self.weight.device() == Device::Cpu;
        if !(single && cfg!(target_arch = "x86_64")) {
            return self;
        }
        Self {
            weight: self.weight.g_to_mkldnn(Kind::Float),
            bias: self.bias.g_to_mkldnn(Kind::Float),
            packed: true,
        }
    }

    /// Applies the layer: (…, from) → (…, to).
    pub fn forward(&self, x: &Tensor) -> Tensor {
        self.to_dense(self.multiply(&self.to_packed(x)))
    }

    /// An input in the layout that [`Linear::multiply`] needs.
    fn to_packed(&self, x: &Tensor) -> Tensor {
        if self.packed { x.g_to_mkldnn(Kind::Float) } else { x.shallow_clone() }
    }

    /// Applies the layer to an input in its layout; the result has the same layout.
    fn multiply(&self, x: &Tensor) -> Tensor {
        match self.packed {
            true => x.mkldnn_linear(&self.weight, Some(&self.bias)),
            false => x.linear(&self.weight, Some(&self.bias)),
        }
    }

    /// A result in the layout that all other operations need.
    fn to_dense(&self, product: Tensor) -> Tensor {
        if self.packed { product.to_dense(Kind::Float, false) } else { product }
    }
}

/// Layer normalization (Ba et al. 2016).
pub(super) struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
}

impl LayerNorm {
    /// Takes `<name>.weight` and `<name>.bias`.
    pub fn take(tensors: &mut Tensors, name: &str, size: i64, epsilon: f64) -> Self {
        Self {
            weight: tensors.take(&format!("{name}.weight"), &[size]),
            bias: tensors.take(&format!("{name}.bias"), &[size]),
            epsilon,
        }
    }

    /// Normalizes each vector: (…, size) → the same shape.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.layer_norm(self.weight.size(), Some(&self.weight), Some(&self.bias), self.epsilon, false)
    }
}

/// Sizes of the layers, from the `config.json` of BERT and similar families.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Length of a token vector.
    pub hidden: i64,
    /// Length of the vector between the two products of the feed-forward part.
    pub wide: i64,
    /// Attention heads.
    pub heads: i64,
    /// Layers.
    pub layers: i64,
    /// Epsilon of the layer norms.
    pub epsilon: f64,
}

impl Sizes {
    /// Checks that the sizes fit together.
    ///
    /// # Errors
    /// When a size is not positive, or the heads do not divide the vectors evenly.
    pub fn checked(self) -> Result<Self, String> {
        let Self { hidden, wide, heads, layers, .. } = self;
        if hidden < 1 || wide < 1 || heads < 1 || layers < 1 || hidden % heads != 0 {
            return Err(format!(
                "has impossible sizes: {layers} layers, vectors of {hidden} numbers for {heads} heads, {wide} numbers in the feed-forward part"
            ));
        }
        Ok(self)
    }
}

/// Names of a layer's variables after the prefix of the layer.
pub(super) struct LayerNames {
    /// Projection to queries.
    pub query: &'static str,
    /// Projection to keys.
    pub key: &'static str,
    /// Projection to values.
    pub value: &'static str,
    /// Linear layer after attention.
    pub attended: &'static str,
    /// Layer norm after attention.
    pub attended_norm: &'static str,
}

/// The layers of a transformer encoder (Vaswani et al. 2017), with a layer norm after each residual as in BERT.
pub(super) struct Layers {
    sizes: Sizes,
    layers: Vec<EncoderLayer>,
}

/// One layer.
struct EncoderLayer {
    /// Queries, keys and values of all heads, (3 × hidden, hidden).
    projected: Linear,
    attended: Linear,
    attended_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
}

impl EncoderLayer {
    /// The feed-forward part: (tokens, hidden) → (tokens, hidden).
    fn feed_forward(&self, x: &Tensor) -> Tensor {
        let wide = self.intermediate.multiply(&self.intermediate.to_packed(x));
        // The first product stays in its layout, because the second one needs the same.
        self.output.to_dense(self.output.multiply(&wide.gelu("none")))
    }
}

impl Layers {
    /// Takes the variables of all layers, from `<prefix>layer.0.` on.
    pub fn take(tensors: &mut Tensors, prefix: &str, sizes: Sizes, names: &LayerNames) -> Self {
        let Sizes { hidden, wide, epsilon, .. } = sizes;
        let layers = (0..sizes.layers).map(|number| {
            let name = |part: &str| format!("{prefix}layer.{number}.{part}");
            let mut linear = |part: &str, from, to| Linear::take(tensors, &name(part), from, to);
            let [query, key, value] =
                [names.query, names.key, names.value].map(|part| linear(part, hidden, hidden));
            // The scale of attention is applied to the queries, which saves a pass over the scores.
            let parts = [query.scaled(((hidden / sizes.heads) as f64).sqrt().recip()), key, value];
            let attended = linear(names.attended, hidden, hidden);
            let intermediate = linear("intermediate.dense", hidden, wide);
            let output = linear("output.dense", wide, hidden);
            EncoderLayer {
                projected: Linear::joined(&parts).packed(),
                attended: attended.packed(),
                attended_norm: LayerNorm::take(tensors, &name(names.attended_norm), hidden, epsilon),
                intermediate: intermediate.packed(),
                output: output.packed(),
                output_norm: LayerNorm::take(tensors, &name("output.LayerNorm"), hidden, epsilon),
            }
        });
        Self { sizes, layers: layers.collect() }
    }

    /// Applies all layers: (inputs, width, hidden) → the same shape. `bias` is added to the attention scores. It must
    /// be broadcastable to (inputs, heads, width, width), and must hide the padding.
    pub fn forward(&self, embedded: Tensor, bias: &Tensor) -> Tensor {
        let size = embedded.size();
        let (rows, width) = (size[0], size[1]);
        let Sizes { hidden, heads, .. } = self.sizes;
        // One row for each token: only attention needs to know which input a token belongs to.
        let mut x = embedded.view([rows * width, hidden]);
        for layer in &self.layers {
            // (3, inputs, heads, width, hidden / heads)
            let parts = layer.projected.forward(&x);
            let parts = parts.view([rows, width, 3, heads, hidden / heads]).permute([2, 0, 3, 1, 4]);
            let (query, key, value) = (parts.get(0), parts.get(1), parts.get(2));
            let attended = attended(&query, &key, &value, bias);
            let attended = attended.transpose(1, 2).reshape([rows * width, hidden]);
            let mut sum = layer.attended.forward(&attended);
            let _ = sum.g_add_(&x);
            let inner = layer.attended_norm.forward(&sum);
            let mut sum = layer.feed_forward(&inner);
            let _ = sum.g_add_(&inner);
            x = layer.output_norm.forward(&sum);
        }
        x.view([rows, width, hidden])
    }
}

/// Dot product attention of queries that are already scaled: each (inputs, heads, width, size) → the same shape. `bias`
/// is added to the scores.
fn attended(query: &Tensor, key: &Tensor, value: &Tensor, bias: &Tensor) -> Tensor {
    if query.device() == Device::Cpu {
        // Sentences are short, so there are few scores, and two products and a softmax are faster than libtorch's fused
        // attention: 0.65 s instead of 1.05 s for a pass in bfloat16 (where the fused one uses a slow kernel of MKL on
        // processors of other makers than Intel), and a little faster in single precision (14,103 tokens, one core of
        // an AMD EPYC with Zen 5, processor time).
        let mut scores = query.matmul(&key.transpose(-1, -2));
        let _ = scores.g_add_(bias);
        return scores.softmax(-1, None).matmul(value);
    }
    // tch 0.17 passes "no mask" as an undefined tensor, which libtorch 2.4 refuses, so there always is a mask.
    Tensor::scaled_dot_product_attention(query, key, value, Some(bias), 0.0, false, 1.0)
}

/// The bias that hides padding: 0 for tokens and −∞ for padding, (inputs, 1, 1, width).
pub(super) fn hidden_padding(mask: &Tensor, kind: Kind) -> Tensor {
    let hidden = mask.eq(0).unsqueeze(1).unsqueeze(1);
    Tensor::zeros(hidden.size(), (kind, mask.device())).masked_fill(&hidden, f64::NEG_INFINITY)
}

/// The embeddings: for each token the sum of its rows in the tables of words, positions and types, with a layer norm.
pub(super) struct Embeddings {
    words: Tensor,
    positions: Tensor,
    /// One row for each type of token; none where the family has no types.
    types: Option<Tensor>,
    norm: LayerNorm,
}

impl Embeddings {
    /// Takes the tables, from `<prefix>word_embeddings.weight` on. `vocabulary` and `positions` are their numbers of
    /// rows; `types` is name and number of rows of the table of types.
    pub fn take(
        tensors: &mut Tensors,
        prefix: &str,
        sizes: Sizes,
        vocabulary: i64,
        positions: i64,
        types: Option<(&str, i64)>,
    ) -> Self {
        let hidden = sizes.hidden;
        let mut table =
            |name: &str, rows: i64| tensors.take(&format!("{prefix}{name}.weight"), &[rows, hidden]);
        Self {
            words: table("word_embeddings", vocabulary),
            positions: table("position_embeddings", positions),
            types: types.map(|(name, rows)| table(name, rows)),
            norm: LayerNorm::take(tensors, &format!("{prefix}LayerNorm"), hidden, sizes.epsilon),
        }
    }

    /// Precision of the vectors. The table of words may be stored in another one.
    pub fn kind(&self) -> Kind {
        self.norm.weight.kind()
    }

    /// The embeddings of a batch, (inputs, width, hidden). `positions` are those of the tokens, broadcastable to
    /// (inputs, width).
    pub fn forward(&self, inputs: &Inputs, positions: &Tensor) -> Tensor {
        let table = |weight: &Tensor, rows: &Tensor| Tensor::embedding(weight, rows, -1, false, false);
        let mut sum = table(&self.words, &inputs.ids).to_kind(self.kind());
        let _ = sum.g_add_(&table(&self.positions, positions));
        if let Some(types) = &self.types {
            let _ = sum.g_add_(&table(types, &inputs.types));
        }
        self.norm.forward(&sum)
    }
}

/// The positions of `width` tokens, counted from `first`, (1, width).
pub(super) fn positions(first: i64, width: i64, device: Device) -> Tensor {
    Tensor::arange_start(first, first + width, (Kind::Int64, device)).unsqueeze(0)
}
