//! Which mentions and pairs of mentions the stance heads judge, and where these stand in the batches that were read.

use std::collections::BTreeMap;

use super::mentions::{Item, MentionHead};
use super::tokens::Encoded;
use super::{
    HeldStance, MentionStance, Passage, Reader, Reading, Seen, States, Wanted, best_window, to_rows,
};
use crate::article::Span;
use crate::model::ModelError;

/// Entities of a sentence that are asked what they hold of others, at most: lists of names hold nothing of each other.
const HOLDERS: usize = 8;

/// One question to a head: the mentions in it, of which passage, and where it was read.
struct Question {
    passage: usize,
    spans: Vec<Span>,
    batch: usize,
    item: Item,
}

impl Reader {
    /// Asks the stance heads what is wanted of the given passages.
    pub(super) fn judge(
        &self,
        group: &[(&Passage, Encoded)],
        passages: &[usize],
        seen: &[Vec<Seen>],
        states: &BTreeMap<usize, States>,
        wanted: Wanted,
        readings: &mut [Reading],
    ) -> Result<(), ModelError> {
        let (mut mentions, mut pairs) = (Vec::new(), Vec::new());
        for &passage in passages {
            let (input, encoded) = &group[passage];
            let question = |spans: Vec<Span>| question(passage, spans, encoded, &seen[passage]);
            let targets = targets(input, &readings[passage]);
            if self.finds_holders() {
                let mut asked = input.pairs.clone();
                if wanted.holders {
                    asked.extend(held(&readings[passage], &targets));
                }
                pairs.extend(asked.into_iter().filter_map(|(holder, target)| question(vec![holder, target])));
            }
            if wanted.stance {
                mentions.extend(targets.into_iter().filter_map(|span| question(vec![span])));
            }
        }
        for (Question { passage, spans, .. }, probabilities) in answers(&self.heads.stance, mentions, states)?
        {
            readings[passage].stances.push(MentionStance { span: spans[0], probabilities });
        }
        if let Some(head) = &self.heads.directed {
            for (Question { passage, spans, .. }, probabilities) in answers(head, pairs, states)? {
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

/// Every entity and every wanted mention, in order.
fn targets(passage: &Passage, reading: &Reading) -> Vec<Span> {
    let mut spans: Vec<Span> = reading.entities.iter().map(|entity| entity.span).collect();
    spans.extend(&passage.mentions);
    spans.sort();
    spans.dedup();
    spans
}

/// Each of the first entities with each target that it is no part of.
fn held(reading: &Reading, targets: &[Span]) -> Vec<(Span, Span)> {
    let holders = reading.entities.iter().take(HOLDERS).map(|entity| entity.span);
    let pairs = holders.flat_map(|holder| targets.iter().map(move |&target| (holder, target)));
    pairs.filter(|(holder, target)| !holder.overlaps(*target)).collect()
}

/// `None` where a mention has no word pieces.
fn question(passage: usize, spans: Vec<Span>, encoded: &Encoded, seen: &[Seen]) -> Option<Question> {
    let pieces = spans.iter().map(|span| encoded.pieces_in(*span)).collect::<Option<Vec<_>>>()?;
    let first = pieces.iter().map(|range| range.start).min()?;
    let last = pieces.iter().map(|range| range.end).max()?;
    let window = best_window(seen, first..last);
    // A mention cut by the window's edge is judged by what the window holds of it.
    let inside = |range: &std::ops::Range<usize>| {
        let start = range.start.max(window.pieces.start);
        let end = range.end.min(window.pieces.end);
        (start < end).then(|| start - window.pieces.start + 1..end - window.pieces.start + 1)
    };
    let mentions = pieces.iter().map(inside).collect::<Option<Vec<_>>>()?;
    Some(Question { passage, spans, batch: window.batch, item: Item { row: window.row, mentions } })
}

/// What a head says to each question, batch by batch: probabilities of against, neutral and favor.
fn answers(
    head: &MentionHead,
    questions: Vec<Question>,
    states: &BTreeMap<usize, States>,
) -> Result<Vec<(Question, [f64; 3])>, ModelError> {
    let mut by_batch: BTreeMap<usize, Vec<Question>> = BTreeMap::new();
    for question in questions {
        by_batch.entry(question.batch).or_default().push(question);
    }
    let mut answers = Vec::new();
    for (batch, questions) in by_batch {
        let States { output, mask } = &states[&batch];
        let items: Vec<&Item> = questions.iter().map(|question| &question.item).collect();
        let probabilities = to_rows(&head.judge(output, mask, &items))?;
        let each = probabilities.chunks(3).map(|p| [p[0].into(), p[1].into(), p[2].into()]);
        answers.extend(questions.into_iter().zip(each));
    }
    Ok(answers)
}
