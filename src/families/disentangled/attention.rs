//! Disentangled attention: scores of the content and of the position of tokens, added up.
//!
//! With content H and a table P of relative positions, the score of query i and key j is the sum of
//! content-to-content, content-to-position and position-to-content (He et al. 2020, equation 4):
//!
//! ```text
//! (Qᵢ·Kⱼ + Qᵢ·Kᴾ[δ(i,j)] + Qᴾ[δ(i,j)]·Kⱼ) / √(3d)
//! ```
//!
//! The paper has δ(j,i) in the last term. The published weights were trained with δ(i,j), as the reference has it.

use tch::{
    Device, Kind, Tensor,
    nn::{self, Init, Module, Path},
};

use super::Generation;
use super::config::{Buckets, DebertaConfig, Relative};
use super::layers::{DebertaNorm, linear};

/// The table of relative positions.
pub struct PositionTable {
    embeddings: Tensor,
    norm: Option<DebertaNorm>,
    relative: Relative,
}

/// Relative positions for inputs of one length.
pub struct Positions {
    /// The rows of the table that an input of this length uses, (1, positions, hidden).
    embeddings: Tensor,
    /// The row for each pair of query and key, (1, 1, length, length).
    of_pair: Tensor,
}

impl PositionTable {
    /// A table whose variables are under `path`.
    pub fn new(path: &Path, config: &DebertaConfig, relative: Relative) -> Self {
        let size = [2 * relative.span, config.hidden_size];
        Self {
            embeddings: (path / "rel_embeddings").var("weight", &size, Init::Const(0.)),
            norm: relative.normed.then(|| DebertaNorm::new(path / "LayerNorm", config)),
            relative,
        }
    }

    /// The relative positions of inputs of `length` tokens.
    pub fn of_length(&self, length: i64) -> Positions {
        let device = self.embeddings.device();
        let distances = distances(length, self.relative.buckets, device);
        // Rows are independent, so only those in use are normed and projected.
        let reach = (distances.max().int64_value(&[]) + 1).min(self.relative.span);
        let rows = self.embeddings.narrow(0, self.relative.span - reach, 2 * reach);
        let rows = self.norm.as_ref().map_or_else(|| rows.shallow_clone(), |norm| norm.forward(&rows));
        let of_pair = (distances + reach).clamp(0, 2 * reach - 1);
        Positions { embeddings: rows.unsqueeze(0), of_pair: of_pair.view([1, 1, length, length]) }
    }
}

/// i − j for query i and key j, (length, length). With buckets, far distances are replaced by the number of their bucket.
fn distances(length: i64, buckets: Option<Buckets>, device: Device) -> Tensor {
    let places = Tensor::arange(length, (Kind::Int64, device));
    let distances = places.unsqueeze(1) - places.unsqueeze(0);
    let Some(Buckets { count, furthest }) = buckets else { return distances };
    let near = count / 2;
    let sizes = distances.abs();
    // In single precision on both sides, as in the reference: the last bit can change the result of `ceil`.
    let whole = Tensor::from((furthest - 1) as f32 / near as f32).to_device(device).log();
    let part = (sizes.clamp_min(near).to_kind(Kind::Float) / near).log() / whole;
    let far = ((part * (near - 1)).ceil() + near).to_kind(Kind::Int64) * distances.sign();
    distances.where_self(&sizes.less_equal(near), &far)
}

/// The projections of content to queries, keys and values.
enum Content {
    /// v1: one matrix, in which the three parts of each head are side by side. Keys have no bias.
    Joint { all: nn::Linear, query_bias: Tensor, value_bias: Tensor },
    /// v2 and v3: one matrix each.
    Separate { query: nn::Linear, key: nn::Linear, value: nn::Linear },
}

/// The attention of one layer, without the linear layer after it.
pub struct Attention {
    content: Content,
    /// Positions as keys, for content-to-position.
    position_key: Option<nn::Linear>,
    /// Positions as queries, for position-to-content.
    position_query: Option<nn::Linear>,
    heads: i64,
    scale: f64,
}

impl Attention {
    /// Attention whose variables are under `path`.
    pub fn new(path: &Path, config: &DebertaConfig) -> Self {
        let (size, heads) = (config.hidden_size, config.heads);
        let square = |name: &str, bias: bool| linear(path / name, size, size, bias);
        let shares = config.relative.is_some_and(|relative| relative.shares_projections);
        let wants_key = config.relative.is_some() && config.content_to_position;
        let wants_query = config.relative.is_some() && config.position_to_content;
        let (content, position_key, position_query) = match config.generation {
            Generation::First => {
                let content = Content::Joint {
                    all: linear(path / "in_proj", size, 3 * size, false),
                    query_bias: path.var("q_bias", &[size], Init::Const(0.)),
                    value_bias: path.var("v_bias", &[size], Init::Const(0.)),
                };
                let key = wants_key.then(|| square("pos_proj", false));
                (content, key, wants_query.then(|| square("pos_q_proj", true)))
            }
            Generation::Second => {
                let (query, key) = (square("query_proj", true), square("key_proj", true));
                let of_positions = |name: &str, shared: &nn::Linear| match shares {
                    true => nn::Linear {
                        ws: shared.ws.shallow_clone(),
                        bs: shared.bs.as_ref().map(Tensor::shallow_clone),
                    },
                    false => square(name, true),
                };
                let position_key = wants_key.then(|| of_positions("pos_key_proj", &key));
                let position_query = wants_query.then(|| of_positions("pos_query_proj", &query));
                let value = square("value_proj", true);
                (Content::Separate { query, key, value }, position_key, position_query)
            }
        };
        // The reference counts the terms in the configuration, even if there are no relative positions.
        let terms = 1 + i64::from(config.content_to_position) + i64::from(config.position_to_content);
        let scale = ((size / heads * terms) as f64).sqrt();
        Self { content, position_key, position_query, heads, scale }
    }

    /// Applies attention: (inputs, length, hidden) → the same shape. `padding`, (inputs, 1, 1, length), is true for
    /// keys to hide.
    pub fn forward(&self, hidden: &Tensor, padding: &Tensor, positions: Option<&Positions>) -> Tensor {
        let (query, key, value) = self.content(hidden);
        let query = query / self.scale;
        let key = key.transpose(-1, -2);
        let mut scores = query.matmul(&key);
        if let Some(positions) = positions {
            let of_pair = positions.of_pair.expand(scores.size(), false);
            let project = |linear| self.by_head(&nn::Linear::forward(linear, &positions.embeddings));
            if let Some(linear) = &self.position_key {
                let all = query.matmul(&project(linear).transpose(-1, -2));
                scores += all.gather(-1, &of_pair, false);
            }
            if let Some(linear) = &self.position_query {
                let all = (project(linear) / self.scale).matmul(&key);
                scores += all.gather(-2, &of_pair, false);
            }
        }
        let kind = scores.kind();
        let weights = scores.masked_fill(padding, lowest(kind)).softmax(-1, kind);
        let found = weights.matmul(&value).transpose(1, 2);
        found.reshape(hidden.size())
    }

    /// Queries, keys and values, each (inputs, heads, length, size of a head).
    fn content(&self, hidden: &Tensor) -> (Tensor, Tensor, Tensor) {
        match &self.content {
            Content::Joint { all, query_bias, value_bias } => {
                let parts = self.by_head(&all.forward(hidden)).chunk(3, -1);
                let bias = |bias: &Tensor| self.by_head(&bias.view([1, 1, -1]));
                (&parts[0] + bias(query_bias), parts[1].shallow_clone(), &parts[2] + bias(value_bias))
            }
            Content::Separate { query, key, value } => {
                let [query, key, value] = [query, key, value].map(|of| self.by_head(&of.forward(hidden)));
                (query, key, value)
            }
        }
    }

    /// (inputs, length, size) → (inputs, heads, length, size of a head).
    fn by_head(&self, x: &Tensor) -> Tensor {
        let size = x.size();
        x.view([size[0], size[1], self.heads, -1]).transpose(1, 2)
    }
}

/// The lowest finite number. −∞ would give NaN for an input that is only padding.
fn lowest(kind: Kind) -> f64 {
    match kind {
        Kind::Half => -65504.,
        Kind::BFloat16 => -(2. - 2f64.powi(-7)) * 2f64.powi(127),
        _ => f64::from(f32::MIN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_distances_are_exact_and_far_ones_share_buckets() {
        let row = |tensor: Tensor| Vec::<i64>::try_from(tensor.select(1, 0)).unwrap();
        assert_eq!(row(distances(4, None, Device::Cpu)), [0, 1, 2, 3]);
        let buckets = Some(Buckets { count: 8, furthest: 32 });
        // ceil(3 · ln(n/4) / ln(31/4)) + 4 from n = 5 on.
        let expected = [0, 1, 2, 3, 4, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7];
        assert_eq!(row(distances(18, buckets, Device::Cpu)), expected);
        let mirrored = -distances(18, buckets, Device::Cpu).transpose(0, 1);
        assert!(distances(18, buckets, Device::Cpu).equal(&mirrored));
    }
}
