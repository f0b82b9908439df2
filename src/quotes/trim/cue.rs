//! Cues: the words that show that something is said, without the words around them.

use super::{Part, behind_possessive, without_last};
use crate::article::Span;
use crate::quotes::checks::with_negation;
use crate::quotes::clause::{FORMS_OF_BE, FORMS_OF_HAVE, is_article};

/// Words that no cue ends with. "According to" and "spoke of" are whole.
const LOOSE_ENDS: &[&str] = &["on", "at", "in", "from", "a", "an", "the", "and", "during", "after"];

/// Auxiliary verbs that are no cue by themselves, besides forms of "be" and "have".
const OTHER_AUXILIARIES: &[&str] = &["be", "do", "did", "does"];

/// A cue without the punctuation behind it, and without the "s" of "it's"; `None` for one that is only an auxiliary verb
/// ("had"). Of one that `governs` the content directly behind it ("called on"), the preposition is kept.
pub(super) fn bare_cue(text: &str, part: Part, governs: bool) -> Option<Part> {
    let part = Part { span: with_negation(text, behind_possessive(text, part.span)), ..part };
    // "said on" (Monday): what follows the preposition is not in the cue.
    let is_loose = |word: &str| LOOSE_ENDS.contains(&word) && (!governs || is_article(word));
    let inside = without_last(part.span.of(text).trim_end_matches([':', ',', ' ']), is_loose);
    let lower = inside.to_lowercase();
    let auxiliaries = [FORMS_OF_BE, FORMS_OF_HAVE, OTHER_AUXILIARIES];
    let only_auxiliary = auxiliaries.iter().any(|forms| forms.contains(&lower.as_str()));
    let span = Span::new(part.span.start, part.span.start + inside.len());
    (span.start < span.end && !only_auxiliary).then_some(Part { span, ..part })
}
