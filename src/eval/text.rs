//! Offsets and words of texts, for several parts of the evaluation.

use std::collections::HashSet;

use super::metrics::rouge::tokens;
use crate::article::{Span, is_function_word};

/// The part `start..end` of a text, in code points; `None` if it is not in the text.
pub fn slice(text: &str, start: usize, end: usize) -> Option<&str> {
    let (from, to) = (byte_offset(text, start)?, byte_offset(text, end)?);
    text.get(from..to)
}

/// The byte at which code point `at` starts, or the length of the text if `at` is the number of its code points.
pub fn byte_offset(text: &str, at: usize) -> Option<usize> {
    let ends = std::iter::once(text.len());
    text.char_indices().map(|(byte, _)| byte).chain(ends).nth(at)
}

/// Converts the offsets of a data set, in code points or UTF-16 units, to bytes of a text.
pub struct OffsetTable(Vec<Option<usize>>);

impl OffsetTable {
    /// For offsets in Unicode code points, as in Python.
    pub fn code_points(text: &str) -> Self {
        let starts = text.char_indices().map(|(byte, _)| Some(byte));
        Self(starts.chain([Some(text.len())]).collect())
    }

    /// For offsets in UTF-16 units, as in JavaScript and Java. An offset inside a pair of surrogates is not valid.
    pub fn utf16(text: &str) -> Self {
        let starts = text
            .char_indices()
            .flat_map(|(byte, character)| [Some(byte), None].into_iter().take(character.len_utf16()));
        Self(starts.chain([Some(text.len())]).collect())
    }

    /// The bytes of a half-open range; `None` if it is empty or not in the text.
    pub fn span(&self, start: usize, end: usize) -> Option<Span> {
        let at = |place: usize| self.0.get(place).copied().flatten();
        (start < end).then_some(())?;
        Some(Span::new(at(start)?, at(end)?))
    }
}

/// The stems of the content words of a text: all words but the function words of the list `stop-words`.
pub fn content_stems(text: &str) -> HashSet<String> {
    let words = tokens(text, false).into_iter().filter(|word| !is_function_word(word));
    words.flat_map(|word| tokens(&word, true)).collect()
}

/// Share of the content words of `wanted`, each counted once, that `text` has; 0 if `wanted` has none.
pub fn content_recall(wanted: &str, text: &str) -> f64 {
    let (wanted, given) = (content_stems(wanted), content_stems(text));
    super::metrics::share(wanted.intersection(&given).count() as f64, wanted.len() as f64)
}

/// A word without "'s" at its end.
pub fn without_possessive(word: &str) -> &str {
    ["'s", "’s"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

/// Whether two names of a speaker mean the same: the words of one are all among those of the other, without "the", "a",
/// "an" and "'s".
pub fn same_speaker(a: &str, b: &str) -> bool {
    let words = |name: &str| -> HashSet<String> {
        tokens(name, false)
            .into_iter()
            .filter(|word| !["the", "a", "an", "s"].contains(&word.as_str()))
            .collect()
    };
    let (a, b) = (words(a), words(b));
    !a.is_empty() && !b.is_empty() && (a.is_subset(&b) || b.is_subset(&a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_count_characters() {
        let text = "“é” ok";
        assert_eq!(slice(text, 1, 2), Some("é"));
        assert_eq!(slice(text, 4, 6), Some("ok"));
        assert_eq!(slice(text, 4, 7), None);
        assert_eq!(slice(text, 3, 2), None);
    }

    #[test]
    fn places_count_code_points_or_utf16() {
        let text = "🇲🇱 é";
        assert_eq!(OffsetTable::code_points(text).span(3, 4), Some(Span::new(9, 11)));
        assert_eq!(OffsetTable::utf16(text).span(5, 6), Some(Span::new(9, 11)));
        assert_eq!(OffsetTable::utf16(text).span(1, 6), None);
        for (start, end) in [(3, 5), (2, 2), (3, 2), (usize::MAX - 1, usize::MAX)] {
            assert_eq!(OffsetTable::code_points(text).span(start, end), None);
        }
    }

    #[test]
    fn content_words_are_stems_without_function_words() {
        assert_eq!(content_recall("The troops were leaving Mali", "a troop leaves; Mali"), 1.0);
        assert_eq!(content_recall("the and of", "the and of"), 0.0);
    }

    #[test]
    fn speakers_may_be_called_by_part_of_their_name() {
        assert!(same_speaker("Macron", "Emmanuel Macron"));
        assert!(same_speaker("the joint statement", "joint statement"));
        assert!(!same_speaker("Emmanuel Macron", "Abdoulaye Maiga"));
        assert!(!same_speaker("the", "the"));
    }
}
