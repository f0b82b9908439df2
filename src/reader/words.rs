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

/// Sources, cues and contents. For each of the three kinds, a word has the most probable of the labels O, B and I; an I
/// without a B before it begins a part, as in `scripts/train/scores.py`.
pub(super) fn parts(encoded: &Encoded, outputs: &[WindowOutput]) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let logits: Vec<&[f32]> = of_words(encoded, outputs, PART_LABELS, |window| &window.parts).collect();
    for (number, kind) in PartKind::ALL.into_iter().enumerate() {
        // The span of the part, the sum of the probabilities of its words, and their number.
        let mut open: Option<(Span, f64, usize)> = None;
        let mut close = |open: &mut Option<(Span, f64, usize)>| {
            if let Some((span, sum, words)) = open.take() {
                found.push(Part { kind, span, score: sum / words as f64 });
            }
        };
        for (word, logits) in encoded.words.iter().zip(&logits) {
            let scores = bio::log_softmax(&logits[3 * number..3 * number + 3]);
            let best = (1..3).fold(0, |best, label| if scores[label] > scores[best] { label } else { best });
            let score = scores[best].exp();
            match (best, &mut open) {
                (0, _) => close(&mut open),
                (2, Some((span, sum, words))) => {
                    span.end = word.span.end;
                    *sum += score;
                    *words += 1;
                }
                _ => {
                    close(&mut open);
                    open = Some((word.span, score, 1));
                }
            }
        }
        close(&mut open);
    }
    found.sort_by_key(|part| (part.span, part.kind));
    found
}
