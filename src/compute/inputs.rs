//! Encoded texts → the tensors of one batch.

use tch::{Device, Kind, Tensor};
use tokenizers::Encoding;

/// Three (inputs, width) integer tensors, padded on the right.
pub struct Inputs {
    pub ids: Tensor,
    /// 1 for tokens, 0 for padding.
    pub mask: Tensor,
    /// Type of each token: the part of a pair that it is of, as the tokenizer numbers them, or its letter case.
    pub types: Tensor,
}

impl Inputs {
    /// `pad` is the id of the padding token.
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
        Self::of_rows(&ids, &mask, &types, encodings.len(), device)
    }

    /// From the numbers of `rows` rows of one width, one row behind the other.
    pub fn of_rows(ids: &[i64], mask: &[i64], types: &[i64], rows: usize, device: Device) -> Self {
        let shape = [rows as i64, (ids.len() / rows.max(1)) as i64];
        let tensor = |values: &[i64]| Tensor::from_slice(values).view(shape).to_device(device);
        Self { ids: tensor(ids), mask: tensor(mask), types: tensor(types) }
    }

    /// Tokens of each input, padding included.
    pub fn width(&self) -> i64 {
        self.ids.size()[1]
    }

    /// One input, without its padding.
    pub fn only(&self, row: i64) -> Self {
        let width = self.mask.get(row).sum(Kind::Int64).int64_value(&[]);
        let of = |tensor: &Tensor| tensor.narrow(0, row, 1).narrow(1, 0, width);
        Self { ids: of(&self.ids), mask: of(&self.mask), types: of(&self.types) }
    }
}

/// Indices of inputs of the given lengths in batches of like length, each of at most `budget` tokens, padding
/// included; one longer than that is a batch of its own.
pub fn batches(lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&i| lengths[i]);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for i in order {
        // Lengths rise, so the newcomer sets the width of the batch.
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * lengths[i] <= budget => batch.push(i),
            _ => batches.push(vec![i]),
        }
    }
    batches
}

/// Probabilities of scores.
pub fn softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = logits.iter().map(|&x| f64::from(x - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|x| x / sum).collect()
}
