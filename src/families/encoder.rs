//! Encoders: token ids → token vectors, by one forward pass of our own over the variables of a checkpoint.
//!
//! rust-bert's modules, which are the reference this pass is compared with, write attention and GELU out in many passes
//! over memory. Here a layer is four matrix products and five other passes: queries, keys and values come from one
//! product, GELU and the layer norms are one pass each, and residuals are added in place.
//! A family gives the names of its variables, its embeddings, and what it adds to the scores of attention.

use tch::{Device, Kind, Tensor};

use crate::compute::inputs::Inputs;
use crate::model::tensors::Tensors;

/// Token vectors of a batch.
pub trait Encoder: Send {
    /// (inputs, width) → (inputs, width, hidden), in the encoder's own precision.
    fn encode(&self, inputs: &Inputs) -> Tensor;

    /// What a pack needs to know of it.
    fn shape(&self) -> Shape;
}

/// Sizes of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Numbers in a token's vector.
    pub hidden: i64,
    /// Tokens that it knows.
    pub vocabulary: i64,
    /// The longest input, special tokens included.
    pub longest: i64,
    /// Id of the token that fills inputs up to the width of their batch.
    pub pad: i64,
    /// Kinds of tokens that it tells apart by a number of their own (the letter case of a word piece, in our packs).
    pub types: i64,
}

/// A projection: weight (to, from) and bias (to).
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
    /// Whether both are in oneDNN's own layout, and so is what it multiplies.
    packed: bool,
}

impl Linear {
    pub fn take(tensors: &mut Tensors, name: &str, from: i64, to: i64) -> Self {
        Self {
            weight: tensors.take(&format!("{name}.weight"), &[to, from]),
            bias: tensors.take(&format!("{name}.bias"), &[to]),
            packed: false,
        }
    }

    /// The same, with what comes out times a factor.
    fn scaled(self, factor: f64) -> Self {
        Self { weight: self.weight * factor, bias: self.bias * factor, ..self }
    }

    /// Several projections of the same input as one.
    fn joined(parts: &[Self]) -> Self {
        let cat = |of: fn(&Self) -> &Tensor| Tensor::cat(&parts.iter().map(of).collect::<Vec<_>>(), 0);
        Self { weight: cat(|part| &part.weight), bias: cat(|part| &part.bias), packed: false }
    }

    /// Chooses the library that multiplies. In single precision libtorch leaves a product to MKL, which on processors that
    /// are not Intel's goes without AVX-512: 66–112 GFLOP/s where oneDNN gives 222–246 (one core of an AMD EPYC with
    /// Zen 5, 1,024 to 2,048 tokens). In bfloat16 libtorch takes oneDNN of itself.
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

    /// (…, from) → (…, to)
    pub fn forward(&self, x: &Tensor) -> Tensor {
        self.leave(self.multiply(&self.enter(x)))
    }

    /// An input in the layout that [`Linear::multiply`] wants.
    fn enter(&self, x: &Tensor) -> Tensor {
        if self.packed { x.g_to_mkldnn(Kind::Float) } else { x.shallow_clone() }
    }

    fn multiply(&self, x: &Tensor) -> Tensor {
        match self.packed {
            true => x.mkldnn_linear(&self.weight, Some(&self.bias)),
            false => x.linear(&self.weight, Some(&self.bias)),
        }
    }

    /// A product in the layout of all other operations.
    fn leave(&self, product: Tensor) -> Tensor {
        if self.packed { product.to_dense(Kind::Float, false) } else { product }
    }
}

/// Layer normalization (Ba et al. 2016).
pub(super) struct Norm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
}

impl Norm {
    pub fn take(tensors: &mut Tensors, name: &str, size: i64, epsilon: f64) -> Self {
        Self {
            weight: tensors.take(&format!("{name}.weight"), &[size]),
            bias: tensors.take(&format!("{name}.bias"), &[size]),
            epsilon,
        }
    }

    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.layer_norm(self.weight.size(), Some(&self.weight), Some(&self.bias), self.epsilon, false)
    }
}

/// Sizes of the layers, as `config.json` has them for BERT and its kin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub hidden: i64,
    pub wide: i64,
    pub heads: i64,
    pub layers: i64,
    pub epsilon: f64,
}

impl Sizes {
    /// # Errors
    /// When they cannot be those of an encoder.
    pub fn checked(self) -> Result<Self, String> {
        let Self { hidden, wide, heads, layers, .. } = self;
        if hidden < 1 || wide < 1 || heads < 1 || layers < 1 || hidden % heads != 0 {
            return Err(format!(
                "has sizes that no encoder has: {layers} layers, {hidden} numbers a token for {heads} heads, {wide} between"
            ));
        }
        Ok(self)
    }
}

/// What a layer's variables are called, below the layer's own prefix.
pub(super) struct LayerNames {
    pub query: &'static str,
    pub key: &'static str,
    pub value: &'static str,
    pub attended: &'static str,
    pub attended_norm: &'static str,
}

/// The layers of a transformer encoder (Vaswani et al. 2017), normed behind each residual as in BERT.
pub(super) struct Layers {
    sizes: Sizes,
    layers: Vec<Layer>,
}

struct Layer {
    /// Queries, keys and values of all heads, (3 × hidden, hidden).
    projected: Linear,
    attended: Linear,
    attended_norm: Norm,
    intermediate: Linear,
    output: Linear,
    output_norm: Norm,
}

impl Layer {
    /// (tokens, hidden) → (tokens, hidden), by way of the wider vectors between.
    fn widened(&self, x: &Tensor) -> Tensor {
        let wide = self.intermediate.multiply(&self.intermediate.enter(x));
        // In oneDNN's layout, where the first product is, the second takes it as it is.
        self.output.leave(self.output.multiply(&wide.gelu("none")))
    }
}

impl Layers {
    /// Takes the layers' variables, from `<prefix>layer.0.` on.
    pub fn take(tensors: &mut Tensors, prefix: &str, sizes: Sizes, names: &LayerNames) -> Self {
        let Sizes { hidden, wide, epsilon, .. } = sizes;
        let layers = (0..sizes.layers).map(|number| {
            let name = |part: &str| format!("{prefix}layer.{number}.{part}");
            let mut linear = |part: &str, from, to| Linear::take(tensors, &name(part), from, to);
            let [query, key, value] =
                [names.query, names.key, names.value].map(|part| linear(part, hidden, hidden));
            // The scale of attention is in the queries, which spares a pass over the scores.
            let parts = [query.scaled(((hidden / sizes.heads) as f64).sqrt().recip()), key, value];
            let attended = linear(names.attended, hidden, hidden);
            let intermediate = linear("intermediate.dense", hidden, wide);
            let output = linear("output.dense", wide, hidden);
            Layer {
                projected: Linear::joined(&parts).packed(),
                attended: attended.packed(),
                attended_norm: Norm::take(tensors, &name(names.attended_norm), hidden, epsilon),
                intermediate: intermediate.packed(),
                output: output.packed(),
                output_norm: Norm::take(tensors, &name("output.LayerNorm"), hidden, epsilon),
            }
        });
        Self { sizes, layers: layers.collect() }
    }

    /// The token vectors of embedded inputs, (inputs, width, hidden) → the same. `bias` is added to the scores of
    /// attention; it must be broadcast to (inputs, heads, width, width) and hide the padding.
    pub fn forward(&self, embedded: Tensor, bias: &Tensor) -> Tensor {
        let size = embedded.size();
        let (rows, width) = (size[0], size[1]);
        let Sizes { hidden, heads, .. } = self.sizes;
        // Rows of tokens: what is not attention does not care which input a token is of.
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
            let mut sum = layer.widened(&inner);
            let _ = sum.g_add_(&inner);
            x = layer.output_norm.forward(&sum);
        }
        x.view([rows, width, hidden])
    }
}

/// Scaled dot product attention of queries that are scaled, each (inputs, heads, width, size) → the same. `bias` is added to
/// the scores.
fn attended(query: &Tensor, key: &Tensor, value: &Tensor, bias: &Tensor) -> Tensor {
    if query.device() == Device::Cpu {
        // Sentences are short, so that the scores are small, and two products and a softmax beat libtorch's fused attention:
        // of a pass in bfloat16, 0.65 s instead of 1.05 s (there the fused one goes through a plain kernel of MKL on
        // processors that are not Intel's), of one in single precision a little (14,103 tokens, one core of an AMD EPYC with
        // Zen 5, processor time).
        let mut scores = query.matmul(&key.transpose(-1, -2));
        let _ = scores.g_add_(bias);
        return scores.softmax(-1, None).matmul(value);
    }
    // libtorch 2.4 refuses the undefined tensor that tch 0.17 hands it for "no mask", so there always is one.
    Tensor::scaled_dot_product_attention(query, key, value, Some(bias), 0.0, false, 1.0)
}

/// What hides padding: 0 for tokens and the lowest number for padding, (inputs, 1, 1, width).
pub(super) fn hidden_padding(mask: &Tensor, kind: Kind) -> Tensor {
    let hidden = mask.eq(0).unsqueeze(1).unsqueeze(1);
    Tensor::zeros(hidden.size(), (kind, mask.device())).masked_fill(&hidden, f64::NEG_INFINITY)
}

/// Ids and positions → rows of tables, added up and normed.
pub(super) struct Embeddings {
    words: Tensor,
    positions: Tensor,
    /// One row for each type of token; none where the family has no types.
    types: Option<Tensor>,
    norm: Norm,
}

impl Embeddings {
    /// Takes the tables, from `<prefix>word_embeddings.weight` on.
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
            norm: Norm::take(tensors, &format!("{prefix}LayerNorm"), hidden, sizes.epsilon),
        }
    }

    /// Precision of the vectors. The table of words may have another.
    pub fn kind(&self) -> Kind {
        self.norm.weight.kind()
    }

    /// (inputs, width, hidden) of inputs whose tokens stand at `positions`, which are broadcast to (inputs, width).
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

/// All positions of inputs of a width, from `first` on, (1, width).
pub(super) fn positions(first: i64, width: i64, device: Device) -> Tensor {
    Tensor::arange_start(first, first + width, (Kind::Int64, device)).unsqueeze(0)
}
