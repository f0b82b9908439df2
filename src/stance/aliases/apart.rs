//! Whether what was found stands for itself, or is part of something longer.

use crate::stance::words::Piece;

/// Whether the place is no part of a longer word or a name with signs: "AT" in "AT&T", "C" in "C++", "F" in "F16".
pub(super) fn is_apart(pieces: &[Piece], first: usize, behind: Option<usize>, end: usize) -> bool {
    let short = |piece: &Piece| piece.folded.chars().count() <= 2;
    let joins = |sign: &Piece| ["&", "/", "+", "#"].contains(&sign.folded.as_str());
    let before = first.checked_sub(1).map(|before| &pieces[before]).filter(|_| pieces[first].attached);
    let front = match before {
        Some(word) if word.is_word => !pieces[first].is_rest,
        Some(sign) if joins(sign) && pieces[first].is_word && short(&pieces[first]) => {
            // "AT" and "T" belong together where a word touches the sign on its other side, too.
            first < 2 || !sign.attached || !pieces[first - 2].is_word
        }
        _ => true,
    };
    let behind =
        behind.and_then(|at| pieces.get(at).filter(|p| p.span.start >= end).map(|piece| (at, piece)));
    let back = match behind {
        Some((_, word)) if word.is_word => !word.is_rest,
        Some((at, sign)) if joins(sign) && at > 0 && pieces[at - 1].is_word && short(&pieces[at - 1]) => {
            let closes = ["+", "#"].contains(&sign.folded.as_str());
            !closes && !pieces.get(at + 1).is_some_and(|p| p.attached && p.is_word)
        }
        _ => true,
    };
    front && back
}
