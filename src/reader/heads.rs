//! The three heads on the shared encoder, as `scripts/train/model.py` defines and names them.
//!
//! They compute in single precision whatever the encoder's: they are a few percent of the work, and
//! probabilities are what users compare.

use std::ops::Range;

use tch::nn::{self, Linear, Module};
use tch::{Device, Kind, Tensor};

/// Numbers the salience head takes; `summary::features` makes them.
pub const SALIENCE_FEATURES: usize = 18;
const SALIENCE_HIDDEN: i64 = 80;
const STANCE_HIDDEN: i64 = 256;
const ATTENTION_HEADS: i64 = 6;

pub struct Heads {
    store: nn::VarStore,
    entities: Linear,
    query: Linear,
    key: Linear,
    value: Linear,
    stance_hidden: Linear,
    stance_out: Linear,
    salience_hidden: Linear,
    salience_out: Linear,
    hidden: i64,
}

impl Heads {
    pub fn new(hidden: i64, labels: i64, device: Device) -> Self {
        let store = nn::VarStore::new(device);
        let root = store.root();
        let linear = |path: nn::Path, from, to| nn::linear(path, from, to, Default::default());
        let (stance, salience) = (&root / "stance", &root / "salience");
        Self {
            entities: linear(&root / "entities", hidden, labels),
            query: linear(&stance / "query", hidden, hidden),
            key: linear(&stance / "key", hidden, hidden),
            value: linear(&stance / "value", hidden, hidden),
            stance_hidden: linear(&stance / "hidden", 4 * hidden, STANCE_HIDDEN),
            stance_out: linear(&stance / "out", STANCE_HIDDEN, 3),
            salience_hidden: linear(&salience / "hidden", SALIENCE_FEATURES as i64, SALIENCE_HIDDEN),
            salience_out: linear(&salience / "out", SALIENCE_HIDDEN, 1),
            store,
            hidden,
        }
    }

    pub fn variables(&self) -> &nn::VarStore {
        &self.store
    }

    pub fn finish(mut self) -> Self {
        self.store.freeze();
        self
    }

    /// (n, tokens, hidden) → logits (n, tokens, labels).
    pub fn entities(&self, states: &Tensor) -> Tensor {
        self.entities.forward(states)
    }

    /// Keys and values of all tokens, each (n, heads, tokens, hidden / heads), shared by all mentions.
    pub fn stance_context(&self, states: &Tensor) -> (Tensor, Tensor) {
        let (n, tokens, _) = states.size3().expect("three dimensions");
        let split = |layer: &Linear| {
            let size = [n, tokens, ATTENTION_HEADS, self.hidden / ATTENTION_HEADS];
            layer.forward(states).view(size).transpose(1, 2)
        };
        (split(&self.key), split(&self.value))
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
        let size = self.hidden / ATTENTION_HEADS;
        let query = self.query.forward(&span).view([n, ATTENTION_HEADS, 1, size]);
        let keys = keys.index_select(0, &rows);
        let values = values.index_select(0, &rows);
        let scores = query.matmul(&keys.transpose(-1, -2)) / (size as f64).sqrt();
        let hidden = mask.eq(0).view([n, 1, 1, width]);
        let attention = scores.masked_fill(&hidden, f64::NEG_INFINITY).softmax(-1, Kind::Float);
        let context = attention.matmul(&values).view([n, self.hidden]);
        let joined = Tensor::cat(&[span, context, states.select(1, 0), mean_over(&states, &mask)], -1);
        self.stance_out.forward(&self.stance_hidden.forward(&joined).tanh())
    }

    /// Features of the sentences of one article → probabilities (sentences).
    pub fn salience(&self, features: &[[f32; SALIENCE_FEATURES]]) -> Tensor {
        let size = [features.len() as i64, SALIENCE_FEATURES as i64];
        let features = Tensor::from_slice(features.as_flattened()).view(size).to_device(self.store.device());
        self.salience_out.forward(&self.salience_hidden.forward(&features).tanh()).squeeze_dim(-1).sigmoid()
    }
}

/// Means of token vectors. states (n, tokens, hidden), weights (n, tokens) of 0 and 1 → (n, hidden).
pub fn mean_over(states: &Tensor, weights: &Tensor) -> Tensor {
    let weights = weights.to_kind(Kind::Float);
    let total = weights.sum_dim_intlist([1i64].as_slice(), true, Kind::Float).clamp_min(1.0);
    weights.unsqueeze(1).matmul(states).squeeze_dim(1) / total
}
