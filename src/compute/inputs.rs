//! Makes **batches**: groups of tokenized texts that the model computes at once, as tensors of one width.

use tch::{Device, Kind, Tensor};
use tokenizers::Encoding;

/// The tensors of one batch: integers of shape (inputs, width), padded on the right.
pub struct Inputs {
    /// Token ids.
    pub ids: Tensor,
    /// 1 for tokens, 0 for padding.
    pub mask: Tensor,
    /// Type of each token: which text of a pair it belongs to, as the tokenizer numbers them, or its letter case (in
    /// our packs).
    pub types: Tensor,
}

impl Inputs {
    /// A batch of tokenized texts on `device`; `pad` is the id of the padding token.
    pub fn new(encodings: &[&Encoding], pad: i64, device: Device) -> Self {
        let width = encodings.iter().map(|encoding| encoding.len()).max().unwrap_or(0);
        let (mut ids, mut mask, mut types) = (Vec::new(), Vec::new(), Vec::new());
        for encoding in encodings {
            let filler = width - encoding.len();
            ids.extend(encoding.get_ids().iter().map(|&id| i64::from(id)));
            ids.extend(std::iter::repeat_n(pad, filler));
            mask.extend(std::iter::repeat_n(1i64, encoding.len()));
            mask.extend(std::iter::repeat_n(0, filler));
            types.extend(encoding.get_type_ids().iter().map(|&part| i64::from(part)));
            types.extend(std::iter::repeat_n(0, filler));
        }
        Self::from_rows(&ids, &mask, &types, encodings.len(), device)
    }

    /// A batch of `rows` rows of the same width. Each slice has all rows, one after the other.
    pub fn from_rows(ids: &[i64], mask: &[i64], types: &[i64], rows: usize, device: Device) -> Self {
        let shape = [rows as i64, (ids.len() / rows.max(1)) as i64];
        let tensor = |values: &[i64]| Tensor::from_slice(values).view(shape).to_device(device);
        Self { ids: tensor(ids), mask: tensor(mask), types: tensor(types) }
    }

    /// Tokens of each row, padding included.
    pub fn width(&self) -> i64 {
        self.ids.size()[1]
    }

    /// A batch of one row of this one, without its padding.
    pub fn row(&self, row: i64) -> Self {
        let width = self.mask.get(row).sum(Kind::Int64).int64_value(&[]);
        let of = |tensor: &Tensor| tensor.narrow(0, row, 1).narrow(1, 0, width);
        Self { ids: of(&self.ids), mask: of(&self.mask), types: of(&self.types) }
    }
}

/// Groups inputs of similar length into batches of at most `budget` tokens, padding included. `lengths` are in tokens;
/// the result has indices into it. An input longer than `budget` is a batch of its own.
pub fn batches(lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&i| lengths[i]);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for i in order {
        // Lengths rise, so the added input sets the width of the batch.
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * lengths[i] <= budget => batch.push(i),
            _ => batches.push(vec![i]),
        }
    }
    batches
}

/// Turns logits into probabilities, which sum to 1.
pub fn softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = logits.iter().map(|&x| f64::from(x - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|x| x / sum).collect()
}
