//! Checks that a match is not part of a longer word or name.

use crate::stance::words::TextToken;

/// Whether a match is not part of a longer word or of a name with signs, as "AT" is in "AT&T", "C" in "C++" and "F" in
/// "F16". `first` is the index of its first token, `behind` that of the token that touches its end, if any, and `end` the byte behind it.
pub(super) fn is_apart(tokens: &[TextToken], first: usize, behind: Option<usize>, end: usize) -> bool {
    let short = |token: &TextToken| token.folded.chars().count() <= 2;
    let joins = |sign: &TextToken| ["&", "/", "+", "#"].contains(&sign.folded.as_str());
    let before = first.checked_sub(1).map(|before| &tokens[before]).filter(|_| tokens[first].attached);
    let front = match before {
        Some(word) if word.is_word => !tokens[first].is_rest,
        Some(sign) if joins(sign) && tokens[first].is_word && short(&tokens[first]) => {
            // "T" in "AT&T" belongs to the word on the other side of the sign.
            first < 2 || !sign.attached || !tokens[first - 2].is_word
        }
        _ => true,
    };
    let behind =
        behind.and_then(|at| tokens.get(at).filter(|p| p.span.start >= end).map(|token| (at, token)));
    let back = match behind {
        Some((_, word)) if word.is_word => !word.is_rest,
        Some((at, sign)) if joins(sign) && at > 0 && tokens[at - 1].is_word && short(&tokens[at - 1]) => {
            let closes = ["+", "#"].contains(&sign.folded.as_str());
            !closes && !tokens.get(at + 1).is_some_and(|p| p.attached && p.is_word)
        }
        _ => true,
    };
    front && back
}
