//! The words of sentences for comparison: their stems, and whether they are content words.

use unicode_segmentation::UnicodeSegmentation;

use crate::article::{is_function_word, stem};
use crate::entities::letters::{folded, without_possessive};

/// The stem of a word, without accents, letter case and a possessive ending.
pub fn stem_of(word: &str) -> String {
    let word = folded(word);
    let bare = without_possessive(&word);
    if bare.len() > 3 && bare.bytes().all(|byte| byte.is_ascii_lowercase()) {
        stem(bare)
    } else {
        bare.to_owned()
    }
}

/// The stems of a sentence's words, in order, each with whether it is a content word.
pub fn words(sentence: &str) -> Vec<(String, bool)> {
    sentence.unicode_words().map(|word| (stem_of(word), !is_function_word(word))).collect()
}

/// Whether a word has a possessive ending, that of a plural as well: "Cooper's", "DeSantis’".
pub fn is_possessive(word: &str) -> bool {
    ["'s", "’s", "s'", "s’"].iter().any(|ending| word.ends_with(*ending))
}
