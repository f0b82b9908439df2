//! Decodes outputs for word pieces into outputs for words, and into parts of quotes.

use super::heads::PART_LABELS;
use super::tokens::Encoded;
use super::{WindowOutput, best_window};
use crate::article::Span;
use crate::entities::bio;
use crate::quotes::{Part, PartKind};

/// For each word the `count` outputs at its first word piece, from the window with most context around it.
pub(super) fn of_words<'a>(
    encoded: &'a Encoded,
    outputs: &'a [WindowOutput],
    count: usize,
    of: impl Fn(&'a WindowOutput) -> &'a Vec<f32>,
) -> impl Iterator<Item = &'a [f32]> {
    encoded.words.iter().map(move |word| {
        let window = best_window(outputs, word.pieces.start..word.pieces.start + 1);
        let at = (word.pieces.start - window.pieces.start) * count;
        &of(window)[at..at + count]
    })
}

/// Penalties, log probabilities, for a part of each kind that begins, and for a word that is outside of every part of the
/// kind; in the order of [`PartKind::ALL`]. Without the first, a long content falls into fragments. Chosen on PolNeAR's dev
/// part; `scripts/train/scores.py` has the same numbers.
const BEGIN_PENALTY: [f64; 3] = [1.0, 1.0, 1.5];
const OUTSIDE_PENALTY: [f64; 3] = [1.0, 0.9, 0.3];

/// The labels of each kind of part.
const OUTSIDE: usize = 0;
const BEGIN: usize = 1;
const INSIDE: usize = 2;

/// Sources, cues and contents: the most probable sequence of the labels O, B and I of each kind. There is a word between two
/// parts of one kind.
pub(super) fn parts(encoded: &Encoded, outputs: &[WindowOutput]) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let logits: Vec<&[f32]> = of_words(encoded, outputs, PART_LABELS, |window| &window.parts).collect();
    for (number, kind) in PartKind::ALL.into_iter().enumerate() {
        let scores: Vec<Vec<f64>> =
            logits.iter().map(|logits| bio::log_softmax(&logits[3 * number..3 * number + 3])).collect();
        let path = bio::best_path(&scores, |before, next| match (before, next) {
            (_, OUTSIDE) => OUTSIDE_PENALTY[number],
            (None | Some(OUTSIDE), BEGIN) => BEGIN_PENALTY[number],
            (Some(BEGIN | INSIDE), INSIDE) => 0.0,
            _ => f64::INFINITY,
        });
        let mut labelled = path.iter().enumerate().peekable();
        while let Some((first, &label)) = labelled.next() {
            if label == OUTSIDE {
                continue;
            }
            let mut last = first;
            while let Some((at, _)) = labelled.next_if(|(_, label)| **label == INSIDE) {
                last = at;
            }
            let probability: f64 = (first..=last).map(|at| scores[at][path[at]].exp()).sum();
            let span = Span::new(encoded.words[first].span.start, encoded.words[last].span.end);
            found.push(Part { kind, span, score: probability / (last - first + 1) as f64 });
        }
    }
    found.sort_by_key(|part| (part.span, part.kind));
    found
}
