//! Runs the stance heads: chooses the mentions and pairs of mentions to classify, and finds their tokens in the batches.

use std::collections::BTreeMap;

use super::mentions::{MentionHead, MentionTokens};
use super::tokens::Encoded;
use super::{
    HeldStance, MentionStance, Passage, Reader, ReaderOutputs, Reading, TokenVectors, WindowOutput,
    best_window, to_rows,
};
use crate::article::Span;
use crate::model::ModelError;

/// Most entities of a sentence that are taken as holders: in a list of names nobody has a stance.
const MAX_HOLDERS: usize = 8;

/// One classification by a stance head.
struct StanceInput {
    /// Index of the passage.
    passage: usize,
    /// The mentions, as bytes of the passage.
    spans: Vec<Span>,
    /// Index of the batch with the mentions.
    batch: usize,
    /// Their tokens in the batch.
    tokens: MentionTokens,
}

impl Reader {
    /// Runs the stance heads for the given passages of a group and adds the results to their readings.
    pub(super) fn add_stances(
        &self,
        group: &[(&Passage, Encoded)],
        passages: &[usize],
        outputs: &[Vec<WindowOutput>],
        states: &BTreeMap<usize, TokenVectors>,
        wanted: ReaderOutputs,
        readings: &mut [Reading],
    ) -> Result<(), ModelError> {
        let (mut mentions, mut pairs) = (Vec::new(), Vec::new());
        for &passage in passages {
            let (input, encoded) = &group[passage];
            let stance_input = |spans: Vec<Span>| stance_input(passage, spans, encoded, &outputs[passage]);
            let targets = targets(input, &readings[passage]);
            if self.finds_holders() {
                let mut wanted_pairs = input.pairs.clone();
                if wanted.holders {
                    wanted_pairs.extend(holder_pairs(&readings[passage], &targets));
                }
                pairs.extend(
                    wanted_pairs
                        .into_iter()
                        .filter_map(|(holder, target)| stance_input(vec![holder, target])),
                );
            }
            if wanted.stance {
                mentions.extend(targets.into_iter().filter_map(|span| stance_input(vec![span])));
            }
        }
        let tones = classify(&self.heads.stance, &mentions, states)?;
        let positions = match &self.position {
            Some(position) => classify(&position.head, &mentions, states)?.into_iter().map(Some).collect(),
            None => vec![None; mentions.len()],
        };
        for (input, (tone, position)) in mentions.into_iter().zip(tones.into_iter().zip(positions)) {
            let judged = MentionStance { span: input.spans[0], tone, position };
            readings[input.passage].stances.push(judged);
        }
        if let Some(head) = &self.heads.directed {
            let found = classify(head, &pairs, states)?;
            for (StanceInput { passage, spans, .. }, probabilities) in pairs.into_iter().zip(found) {
                let held = HeldStance { holder: spans[0], target: spans[1], probabilities };
                readings[passage].held.push(held);
            }
        }
        for &passage in passages {
            readings[passage].stances.sort_by_key(|stance| stance.span);
            readings[passage].held.sort_by_key(|stance| (stance.target, stance.holder));
        }
        Ok(())
    }
}

/// The spans of all entities and all mentions of a passage, in order.
fn targets(passage: &Passage, reading: &Reading) -> Vec<Span> {
    let mut spans: Vec<Span> = reading.entities.iter().map(|entity| entity.span).collect();
    spans.extend(&passage.mentions);
    spans.sort();
    spans.dedup();
    spans
}

/// Pairs of a holder and a target: each of the first entities with each target that does not overlap it.
fn holder_pairs(reading: &Reading, targets: &[Span]) -> Vec<(Span, Span)> {
    let holders = reading.entities.iter().take(MAX_HOLDERS).map(|entity| entity.span);
    let pairs = holders.flat_map(|holder| targets.iter().map(move |&target| (holder, target)));
    pairs.filter(|(holder, target)| !holder.overlaps(*target)).collect()
}

/// The classification of some mentions of a passage; `None` where a mention has no word pieces in the window.
fn stance_input(
    passage: usize,
    spans: Vec<Span>,
    encoded: &Encoded,
    outputs: &[WindowOutput],
) -> Option<StanceInput> {
    let pieces = spans.iter().map(|span| encoded.pieces_in(*span)).collect::<Option<Vec<_>>>()?;
    let first = pieces.iter().map(|range| range.start).min()?;
    let last = pieces.iter().map(|range| range.end).max()?;
    let window = best_window(outputs, first..last);
    // Of a mention that the window cuts, only the tokens in the window are used.
    let inside = |range: &std::ops::Range<usize>| {
        let start = range.start.max(window.pieces.start);
        let end = range.end.min(window.pieces.end);
        (start < end).then(|| start - window.pieces.start + 1..end - window.pieces.start + 1)
    };
    let mentions = pieces.iter().map(inside).collect::<Option<Vec<_>>>()?;
    Some(StanceInput {
        passage,
        spans,
        batch: window.batch,
        tokens: MentionTokens { row: window.row, mentions },
    })
}

/// Runs a head, batch by batch. Gives for each input the probabilities of against, neutral and favor.
fn classify(
    head: &MentionHead,
    inputs: &[StanceInput],
    states: &BTreeMap<usize, TokenVectors>,
) -> Result<Vec<[f64; 3]>, ModelError> {
    let mut by_batch: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, input) in inputs.iter().enumerate() {
        by_batch.entry(input.batch).or_default().push(number);
    }
    let mut results = vec![[0.0; 3]; inputs.len()];
    for (batch, numbers) in by_batch {
        let TokenVectors { output, mask } = &states[&batch];
        let items: Vec<&MentionTokens> = numbers.iter().map(|&number| &inputs[number].tokens).collect();
        let probabilities = to_rows(&head.probabilities(output, mask, &items))?;
        for (number, p) in numbers.into_iter().zip(probabilities.chunks(3)) {
            results[number] = [p[0].into(), p[1].into(), p[2].into()];
        }
    }
    Ok(results)
}
