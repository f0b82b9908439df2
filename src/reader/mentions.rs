//! The architecture of all stance heads: attention from one mention, or from a pair of mentions, over the sentence, and a
//! classifier with the labels against, neutral and favor. `scripts/train/model.py` defines and names the heads.

use std::ops::Range;

use tch::{Kind, Tensor};

use crate::families::encoder::Linear;
use crate::model::tensors::Tensors;

/// Number of labels: against, neutral, favor.
const STANCES: i64 = 3;

/// The mentions that one classification is about.
pub struct MentionTokens {
    /// The row of the batch.
    pub row: usize,
    /// Tokens of the row, one range for each mention that the head takes.
    pub mentions: Vec<Range<usize>>,
}

/// A stance head.
pub struct MentionHead {
    query: Linear,
    key: Linear,
    value: Linear,
    hidden: Linear,
    out: Linear,
    /// Number of attention heads.
    attention: i64,
    /// Size of a token vector.
    size: i64,
    /// How many mentions it takes: one or two.
    mentions: usize,
}

impl MentionHead {
    /// Takes the tensors below `name`. `size` is the hidden size of the encoder, `attention` the number of attention heads,
    /// which has to divide it, and `mentions` how many mentions the head takes.
    pub fn take(tensors: &mut Tensors, name: &str, size: i64, attention: i64, mentions: usize) -> Self {
        let units = tensors.size(&format!("{name}.hidden.weight")).map_or(0, |size| size[0]);
        let mut linear =
            |part: &str, from, to| Linear::take(tensors, &format!("{name}.{part}"), from, to).packed();
        let many = mentions as i64;
        Self {
            query: linear("query", many * size, size),
            key: linear("key", size, size),
            value: linear("value", size, size),
            hidden: linear("hidden", (many + 3) * size, units),
            out: linear("out", units, STANCES),
            attention,
            size,
            mentions,
        }
    }

    /// Probabilities (items, 3) in the order against, neutral, favor. `states` are the token vectors of a batch (rows, width,
    /// size) in single precision, `mask` is (rows, width). Keys and values are computed once for each row, and rows are not
    /// copied for their items.
    pub fn probabilities(&self, states: &Tensor, mask: &Tensor, items: &[&MentionTokens]) -> Tensor {
        let (rows, width, size) = states.size3().expect("three dimensions");
        let (heads, part) = (self.attention, self.size / self.attention);
        let device = states.device();
        let flat = states.view([rows * width, size]);
        let spans: Vec<Tensor> = (0..self.mentions)
            .map(|number| {
                let tokens = items.iter().map(|item| {
                    let at = item.row * width as usize;
                    at + item.mentions[number].start..at + item.mentions[number].end
                });
                means_of(&flat, tokens)
            })
            .collect();
        let mentions = Tensor::cat(&spans, -1);

        // The queries of a row are next to one another; rows with fewer queries are padded.
        let mut count = vec![0i64; rows as usize];
        let places: Vec<(i64, i64)> = items
            .iter()
            .map(|item| {
                let place = (item.row as i64, count[item.row]);
                count[item.row] += 1;
                place
            })
            .collect();
        let most = count.iter().copied().max().unwrap_or(0);
        let slots: Vec<i64> = places.iter().map(|(row, at)| row * most + at).collect();
        let slots = Tensor::from_slice(&slots).to_device(device);
        let queries = Tensor::zeros([rows * most, size], (Kind::Float, device));
        let queries = queries.index_copy(0, &slots, &self.query.forward(&mentions));
        let split = |x: &Tensor, count: i64| x.view([rows, count, heads, part]).transpose(1, 2);
        let keys = split(&self.key.forward(states), width);
        let values = split(&self.value.forward(states), width);
        let scores = split(&queries, most).matmul(&keys.transpose(-1, -2)) / (part as f64).sqrt();
        let padding = mask.eq(0).view([rows, 1, 1, width]);
        let attention = scores.masked_fill(&padding, f64::NEG_INFINITY).softmax(-1, Kind::Float);
        let context = attention.matmul(&values).transpose(1, 2).reshape([rows * most, size]);

        let of_row: Vec<i64> = items.iter().map(|item| item.row as i64).collect();
        let of_row = Tensor::from_slice(&of_row).to_device(device);
        let first = states.select(1, 0).index_select(0, &of_row);
        let mean = mean_over(states, mask).index_select(0, &of_row);
        let joined = Tensor::cat(&[mentions, context.index_select(0, &slots), first, mean], -1);
        self.out.forward(&self.hidden.forward(&joined).tanh()).softmax(-1, Kind::Float)
    }
}

/// The mean of the rows of each range: (rows, size) → (ranges, size).
fn means_of(rows: &Tensor, ranges: impl Iterator<Item = Range<usize>>) -> Tensor {
    let (mut indices, mut starts) = (Vec::new(), Vec::new());
    for range in ranges {
        starts.push(indices.len() as i64);
        indices.extend(range.map(|row| row as i64));
    }
    let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).to_device(rows.device());
    const MEAN: i64 = 1;
    let bags = Tensor::embedding_bag(
        rows,
        &tensor(&indices),
        &tensor(&starts),
        false,
        MEAN,
        false,
        None::<Tensor>,
        false,
    );
    bags.0
}

/// The mean of the token vectors of each row: `states` (n, tokens, hidden), `weights` (n, tokens) of 0 and 1 → (n, hidden).
pub fn mean_over(states: &Tensor, weights: &Tensor) -> Tensor {
    let weights = weights.to_kind(Kind::Float);
    let total = weights.sum_dim_intlist([1i64].as_slice(), true, Kind::Float).clamp_min(1.0);
    weights.unsqueeze(1).matmul(states).squeeze_dim(1) / total
}
