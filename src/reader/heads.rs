//! The three heads on the shared encoder, as `scripts/train/model.py` defines and names them.
//!
//! They compute in single precision whatever the encoder's: they are a few percent of the work, and
//! probabilities are what users compare.

use std::ops::Range;

use tch::{Kind, Tensor};

use crate::families::encoder::Linear;
use crate::model::tensors::Tensors;

pub struct Heads {
    entities: Linear,
    stance: Stance,
    salience: Salience,
    hidden: i64,
}

struct Stance {
    query: Linear,
    key: Linear,
    value: Linear,
    hidden: Linear,
    out: Linear,
    /// Heads of its attention.
    attention: i64,
}

struct Salience {
    hidden: Linear,
    out: Linear,
    /// Numbers of a sentence that it takes.
    features: i64,
}

impl Heads {
    /// Takes the heads' variables. `hidden` is the encoder's, `labels` are those of the entity head, and `attention` is the
    /// number of heads by which a mention looks over its sentence; all other sizes are those of the tensors.
    ///
    /// # Errors
    /// When `attention` does not divide `hidden`. Tensors that do not fit are told by [`Tensors::finish`].
    pub fn take(tensors: &mut Tensors, hidden: i64, labels: i64, attention: i64) -> Result<Self, String> {
        if attention < 1 || hidden % attention != 0 {
            return Err(format!(
                "heads.stance_attention_heads is {attention}, which does not divide {hidden}"
            ));
        }
        let rows = |tensors: &Tensors, name: &str| tensors.size(name).map_or(0, |size| size[0]);
        let units = rows(tensors, "stance.hidden.weight");
        let salience_units = rows(tensors, "salience.hidden.weight");
        let features =
            tensors.size("salience.hidden.weight").and_then(|size| size.get(1).copied()).unwrap_or(0);
        let mut linear = |name: &str, from, to| Linear::take(tensors, name, from, to).packed();
        Ok(Self {
            entities: linear("entities", hidden, labels),
            stance: Stance {
                query: linear("stance.query", hidden, hidden),
                key: linear("stance.key", hidden, hidden),
                value: linear("stance.value", hidden, hidden),
                hidden: linear("stance.hidden", 4 * hidden, units),
                out: linear("stance.out", units, 3),
                attention,
            },
            salience: Salience {
                hidden: linear("salience.hidden", features, salience_units),
                out: linear("salience.out", salience_units, 1),
                features,
            },
            hidden,
        })
    }

    /// Numbers of a sentence that the salience head takes.
    pub fn salience_features(&self) -> i64 {
        self.salience.features
    }

    /// (n, tokens, hidden) → logits (n, tokens, labels).
    pub fn entities(&self, states: &Tensor) -> Tensor {
        self.entities.forward(states)
    }

    /// Keys and values of all tokens, each (n, heads, tokens, hidden / heads), shared by all mentions.
    pub fn stance_context(&self, states: &Tensor) -> (Tensor, Tensor) {
        let (n, tokens, _) = states.size3().expect("three dimensions");
        let split = |layer: &Linear| {
            let size = [n, tokens, self.stance.attention, self.hidden / self.stance.attention];
            layer.forward(states).view(size).transpose(1, 2)
        };
        (split(&self.stance.key), split(&self.stance.value))
    }

    /// Logits (mentions, 3) of mentions given by their row and their range of tokens in that row.
    pub fn stance(
        &self,
        states: &Tensor,
        mask: &Tensor,
        (keys, values): &(Tensor, Tensor),
        rows: &[i64],
        tokens: &[Range<usize>],
    ) -> Tensor {
        let (n, width) = (rows.len() as i64, states.size()[1]);
        let device = states.device();
        let mut weights = vec![0f32; rows.len() * width as usize];
        for (row, range) in tokens.iter().enumerate() {
            let at = row * width as usize;
            weights[at + range.start..at + range.end].fill(1.0);
        }
        let weights = Tensor::from_slice(&weights).view([n, width]).to_device(device);
        let rows = Tensor::from_slice(rows).to_device(device);
        let states = states.index_select(0, &rows);
        let mask = mask.index_select(0, &rows);

        let span = mean_over(&states, &weights);
        let (heads, size) = (self.stance.attention, self.hidden / self.stance.attention);
        let query = self.stance.query.forward(&span).view([n, heads, 1, size]);
        let keys = keys.index_select(0, &rows);
        let values = values.index_select(0, &rows);
        let scores = query.matmul(&keys.transpose(-1, -2)) / (size as f64).sqrt();
        let hidden = mask.eq(0).view([n, 1, 1, width]);
        let attention = scores.masked_fill(&hidden, f64::NEG_INFINITY).softmax(-1, Kind::Float);
        let context = attention.matmul(&values).view([n, self.hidden]);
        let joined = Tensor::cat(&[span, context, states.select(1, 0), mean_over(&states, &mask)], -1);
        self.stance.out.forward(&self.stance.hidden.forward(&joined).tanh())
    }

    /// Features (sentences, features) of the sentences of one article → probabilities (sentences).
    pub fn salience(&self, features: &Tensor) -> Tensor {
        let inner = self.salience.hidden.forward(features).tanh();
        self.salience.out.forward(&inner).squeeze_dim(-1).sigmoid()
    }
}

/// Means of token vectors. states (n, tokens, hidden), weights (n, tokens) of 0 and 1 → (n, hidden).
pub fn mean_over(states: &Tensor, weights: &Tensor) -> Tensor {
    let weights = weights.to_kind(Kind::Float);
    let total = weights.sum_dim_intlist([1i64].as_slice(), true, Kind::Float).clamp_min(1.0);
    weights.unsqueeze(1).matmul(states).squeeze_dim(1) / total
}
