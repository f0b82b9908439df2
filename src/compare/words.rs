//! Words of sentences, as they are compared: stems of words that carry meaning.

use unicode_segmentation::UnicodeSegmentation;

use crate::article::{is_function_word, stem};
use crate::entities::letters::folded;

/// The stem of a word, without accents and case.
pub fn stem_of(word: &str) -> String {
    let word = folded(word);
    let bare = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(&word);
    if bare.len() > 3 && bare.bytes().all(|byte| byte.is_ascii_lowercase()) {
        stem(bare)
    } else {
        bare.to_owned()
    }
}

/// The words of a sentence in order, folded; `true` for those that carry meaning.
pub fn words(sentence: &str) -> Vec<(String, bool)> {
    sentence.unicode_words().map(|word| (stem_of(word), !is_function_word(word))).collect()
}
