//! The encoder of DeBERTa: embeddings and layers.

use rust_bert::Activation;
use tch::{
    Tensor,
    nn::{self, Init, Module, Path},
};

use super::attention::{Attention, PositionTable};
use super::config::{Conv, DebertaConfig};
use super::layers::{DebertaNorm, activate, linear};
use crate::compute::inputs::Inputs;

/// A linear layer whose output is added to an earlier vector and normed.
struct Residual {
    dense: nn::Linear,
    norm: DebertaNorm,
}

impl Residual {
    fn new(path: &Path, from: i64, config: &DebertaConfig) -> Self {
        Self {
            dense: linear(path / "dense", from, config.hidden_size, true),
            norm: DebertaNorm::new(path / "LayerNorm", config),
        }
    }

    fn forward(&self, x: &Tensor, before: &Tensor) -> Tensor {
        self.norm.forward(&(self.dense.forward(x) + before))
    }
}

/// One layer.
struct DebertaLayer {
    attention: Attention,
    after_attention: Residual,
    intermediate: nn::Linear,
    act: Activation,
    output: Residual,
}

impl DebertaLayer {
    fn new(path: &Path, config: &DebertaConfig) -> Self {
        let (size, wide) = (config.hidden_size, config.intermediate_size);
        Self {
            attention: Attention::new(&(path / "attention" / "self"), config),
            after_attention: Residual::new(&(path / "attention" / "output"), size, config),
            intermediate: linear(path / "intermediate" / "dense", size, wide, true),
            act: config.hidden_act,
            output: Residual::new(&(path / "output"), wide, config),
        }
    }
}

/// A convolution over neighbouring tokens, added to the output of the first layer.
struct Convolution {
    conv: nn::Conv1D,
    act: Activation,
    norm: DebertaNorm,
}

impl Convolution {
    fn new(path: &Path, config: &DebertaConfig, conv: Conv) -> Self {
        let settings = nn::ConvConfig {
            padding: (conv.kernel - 1) / 2,
            groups: conv.groups,
            ws_init: Init::Const(0.),
            bs_init: Init::Const(0.),
            ..nn::ConvConfig::default()
        };
        let size = config.hidden_size;
        Self {
            conv: nn::conv1d(path / "conv", size, size, conv.kernel, settings),
            act: conv.act,
            norm: DebertaNorm::new(path / "LayerNorm", config),
        }
    }

    /// The new output of the first layer. `embedded` are the embeddings, `first` the output so far, both (inputs,
    /// length, hidden); `kept`, (inputs, length, 1), is 1 for tokens and 0 for padding.
    fn forward(&self, embedded: &Tensor, first: &Tensor, kept: &Tensor) -> Tensor {
        let convolved = self.conv.forward(&embedded.transpose(1, 2).contiguous()).transpose(1, 2);
        self.norm.forward(&(activate(self.act, &(convolved * kept)) + first)) * kept
    }
}

/// The embeddings: for each token the sum of its rows in the tables, projected if needed, and normed.
struct DebertaEmbeddings {
    words: Tensor,
    positions: Option<Tensor>,
    types: Option<Tensor>,
    projection: Option<nn::Linear>,
    norm: DebertaNorm,
}

impl DebertaEmbeddings {
    fn new(path: &Path, config: &DebertaConfig) -> Self {
        let size = config.embedding_size;
        let table = |name: &str, rows: i64| (path / name).var("weight", &[rows, size], Init::Const(0.));
        Self {
            words: table("word_embeddings", config.vocab_size),
            positions: config.positions.map(|rows| table("position_embeddings", rows)),
            types: (config.types > 0).then(|| table("token_type_embeddings", config.types)),
            projection: (size != config.hidden_size)
                .then(|| linear(path / "embed_proj", size, config.hidden_size, false)),
            norm: DebertaNorm::new(path / "LayerNorm", config),
        }
    }

    fn forward(&self, inputs: &Inputs) -> Tensor {
        let of = |table: &Tensor, ids: &Tensor| Tensor::embedding(table, ids, -1, false, false);
        let mut found = of(&self.words, &inputs.ids);
        if let Some(table) = &self.positions {
            found += table.narrow(0, 0, inputs.ids.size()[1]);
        }
        if let Some(table) = &self.types {
            found += of(table, &inputs.types);
        }
        if let Some(projection) = &self.projection {
            found = projection.forward(&found);
        }
        self.norm.forward(&found)
    }
}

/// The encoder: everything before the heads.
pub struct DebertaEncoder {
    embeddings: DebertaEmbeddings,
    positions: Option<PositionTable>,
    layers: Vec<DebertaLayer>,
    convolution: Option<Convolution>,
}

impl DebertaEncoder {
    /// An encoder whose variables are under `path`.
    pub fn new(path: &Path, config: &DebertaConfig) -> Self {
        let encoder = path / "encoder";
        let layers = &encoder / "layer";
        Self {
            embeddings: DebertaEmbeddings::new(&(path / "embeddings"), config),
            positions: config.relative.map(|relative| PositionTable::new(&encoder, config, relative)),
            layers: (0..config.layers).map(|i| DebertaLayer::new(&(&layers / i), config)).collect(),
            convolution: config.conv.map(|conv| Convolution::new(&(&encoder / "conv"), config, conv)),
        }
    }

    /// The token vectors of a batch, (inputs, length, hidden).
    pub fn forward(&self, inputs: &Inputs) -> Tensor {
        let embedded = self.embeddings.forward(inputs);
        let kept = inputs.mask.unsqueeze(-1).to_kind(embedded.kind());
        let embedded = embedded * &kept;
        let padding = inputs.mask.eq(0).unsqueeze(1).unsqueeze(1);
        let positions = self.positions.as_ref().map(|table| table.of_length(inputs.ids.size()[1]));
        let mut hidden = embedded.shallow_clone();
        for (i, layer) in self.layers.iter().enumerate() {
            let attended = layer.attention.forward(&hidden, &padding, positions.as_ref());
            let attended = layer.after_attention.forward(&attended, &hidden);
            let wide = activate(layer.act, &layer.intermediate.forward(&attended));
            hidden = layer.output.forward(&wide, &attended);
            if let (0, Some(convolution)) = (i, &self.convolution) {
                hidden = convolution.forward(&embedded, &hidden, &kept);
            }
        }
        hidden
    }
}
