//! Small questions about text that several parts of the evaluation ask.

use std::collections::HashSet;

use super::metrics::rouge::tokens;
use crate::article::{Span, is_function_word};

/// Characters `start..end` (code points) of a text; `None` where that is no place in it.
pub fn slice(text: &str, start: usize, end: usize) -> Option<&str> {
    let (from, to) = (byte_offset(text, start)?, byte_offset(text, end)?);
    text.get(from..to)
}

/// Byte at which character number `at` starts; the text's length for the one behind its last.
pub fn byte_offset(text: &str, at: usize) -> Option<usize> {
    let ends = std::iter::once(text.len());
    text.char_indices().map(|(byte, _)| byte).chain(ends).nth(at)
}

/// Byte offsets of every place in a text, by the unit that offsets of other people count in.
pub struct Places(Vec<Option<usize>>);

impl Places {
    /// Unicode code points, as in Python.
    pub fn code_points(text: &str) -> Self {
        let starts = text.char_indices().map(|(byte, _)| Some(byte));
        Self(starts.chain([Some(text.len())]).collect())
    }

    /// UTF-16 units, as in JavaScript and Java; nothing may begin inside a pair of surrogates.
    pub fn utf16(text: &str) -> Self {
        let starts = text
            .char_indices()
            .flat_map(|(byte, character)| [Some(byte), None].into_iter().take(character.len_utf16()));
        Self(starts.chain([Some(text.len())]).collect())
    }

    /// Bytes of a half-open range; `None` where it is empty or no place in the text.
    pub fn span(&self, start: usize, end: usize) -> Option<Span> {
        let at = |place: usize| self.0.get(place).copied().flatten();
        (start < end).then_some(())?;
        Some(Span::new(at(start)?, at(end)?))
    }
}

/// Stems of the words that carry meaning: no function words, as the `stop-words` list has them.
pub fn content(text: &str) -> HashSet<String> {
    let words = tokens(text, false).into_iter().filter(|word| !is_function_word(word));
    words.flat_map(|word| tokens(&word, true)).collect()
}

/// Share of the different content words of `wanted` that `text` has; 0 where there are none.
pub fn content_recall(wanted: &str, text: &str) -> f64 {
    let (wanted, given) = (content(wanted), content(text));
    super::metrics::share(wanted.intersection(&given).count() as f64, wanted.len() as f64)
}

/// Whether two ways of calling a speaker mean the same: the words of one are among those of the other,
/// articles and possessives aside.
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
        assert_eq!(Places::code_points(text).span(3, 4), Some(Span::new(9, 11)));
        assert_eq!(Places::utf16(text).span(5, 6), Some(Span::new(9, 11)));
        assert_eq!(Places::utf16(text).span(1, 6), None);
        for (start, end) in [(3, 5), (2, 2), (3, 2), (usize::MAX - 1, usize::MAX)] {
            assert_eq!(Places::code_points(text).span(start, end), None);
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
