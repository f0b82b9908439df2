//! Tokenizes passages group by group, splits them into windows, groups windows of similar length into batches, and builds the input of a batch.

use std::ops::Range;

use tch::Device;

use super::Passage;
use super::tokens::{Encoded, PackTokenizer, SPECIAL};
use crate::compute::inputs::{Inputs, batches};
use crate::model::ModelError;

/// Word pieces from which on a group of passages is complete. Batches are made within a group, so this bounds the memory
/// for articles of any length.
const GROUP_TOKENS: usize = 32_768;

/// Tokenizes passages, one group at a time.
pub struct Groups<'a> {
    /// The tokenizer.
    pub tokens: &'a PackTokenizer,
    /// Those that are left.
    pub passages: &'a [Passage<'a>],
}

impl<'a> Iterator for Groups<'a> {
    type Item = Result<Vec<(&'a Passage<'a>, Encoded)>, ModelError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut group, mut size) = (Vec::new(), 0);
        while let Some((passage, rest)) = self.passages.split_first()
            && size < GROUP_TOKENS
        {
            let encoded = match self.tokens.encode(passage.text) {
                Ok(encoded) => encoded,
                Err(error) => return Some(Err(error)),
            };
            size += encoded.len();
            group.push((passage, encoded));
            self.passages = rest;
        }
        (!group.is_empty()).then_some(Ok(group))
    }
}

/// A range of the word pieces of a passage that is short enough for the encoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Index of the passage.
    pub passage: usize,
    /// Its word pieces in the window.
    pub pieces: Range<usize>,
}

/// Splits passages of the given lengths, in word pieces, into windows of at most `max_tokens` tokens, special tokens
/// included. Neighbouring windows of a passage share a quarter of their pieces.
pub fn windows(lengths: &[usize], max_tokens: usize) -> Vec<Window> {
    let room = max_tokens - SPECIAL;
    let stride = room - room / 4;
    let mut found = Vec::with_capacity(lengths.len());
    for (passage, &length) in lengths.iter().enumerate() {
        let mut start = 0;
        while start < length {
            let end = (start + room).min(length);
            found.push(Window { passage, pieces: start..end });
            if end == length {
                break;
            }
            start += stride;
        }
    }
    found
}

/// Width of a batch from which on attention, whose memory grows with the square of the width, needs more memory than the
/// rest, which grows with the number of tokens.
const WIDE: usize = 128;

/// Groups windows of similar length into batches of at most `budget` tokens, padding included. A window that is larger than
/// the budget is a batch of its own. In a batch wider than [`WIDE`] a token costs more, in proportion to the width, so that
/// the budget bounds the memory for all lengths. Gives indices into `windows`.
pub fn plan(windows: &[Window], budget: usize) -> Vec<Vec<usize>> {
    let cost = |length: usize| (length * length.max(WIDE)).div_ceil(WIDE);
    let costs: Vec<usize> = windows.iter().map(|window| cost(window.pieces.len() + SPECIAL)).collect();
    batches(&costs, budget)
}

/// The input of one encoder pass. `pad` is the id of the padding token. The token type of a word piece is its letter case
/// ([`case_of`](super::tokens::case_of)), limited to the `types` that the encoder has.
pub fn inputs(
    rows: &[(&Encoded, &Window)],
    tokens: &PackTokenizer,
    pad: i64,
    types: i64,
    device: Device,
) -> Inputs {
    let width = rows.iter().map(|(_, w)| w.pieces.len()).max().unwrap_or(0) + SPECIAL;
    let size = rows.len() * width;
    let (mut ids, mut mask, mut cases) = (vec![pad; size], vec![0i64; size], vec![0i64; size]);
    for (row, (encoded, window)) in rows.iter().enumerate() {
        let at = row * width;
        let length = window.pieces.len();
        ids[at] = tokens.first;
        ids[at + 1..at + 1 + length].copy_from_slice(&encoded.ids[window.pieces.clone()]);
        ids[at + 1 + length] = tokens.last;
        mask[at..at + length + SPECIAL].fill(1);
        for (case, &of_piece) in cases[at + 1..].iter_mut().zip(&encoded.cases[window.pieces.clone()]) {
            *case = of_piece.min(types - 1).max(0);
        }
    }
    Inputs::from_rows(&ids, &mask, &cases, rows.len(), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_passages_are_covered_with_overlap() {
        let found = windows(&[10, 0, 30], 18);
        let pieces: Vec<_> = found.iter().map(|w| (w.passage, w.pieces.clone())).collect();
        assert_eq!(pieces, [(0, 0..10), (2, 0..16), (2, 12..28), (2, 24..30)]);
    }

    proptest! {
        #[test]
        fn every_window_is_in_one_batch_under_the_budget(
            lengths in prop::collection::vec(0usize..600, 0..60), budget in 64usize..4096,
        ) {
            let windows = windows(&lengths, 512);
            let batches = plan(&windows, budget);
            let mut members: Vec<usize> = batches.iter().flatten().copied().collect();
            members.sort();
            prop_assert_eq!(members, (0..windows.len()).collect::<Vec<_>>());
            for batch in batches {
                let width = batch.iter().map(|&w| windows[w].pieces.len() + SPECIAL).max().unwrap();
                prop_assert!(batch.len() == 1 || batch.len() * width * width.max(WIDE) / WIDE <= budget);
            }
        }
    }
}
