//! Removes folds from text without moving anything.
//!
//! A **fold** is a line break inside a sentence: it stands for a blank, or for nothing inside a word that was
//! hyphenated. Quote marks of mail (`> `) after the break belong to the fold.

use std::borrow::Cow;

/// The text with each fold replaced by blanks, or by invisible characters where the fold divides a word ("Euro-" and
/// "pean").
///
/// The result has the same length in bytes, so every byte offset of a visible character stays valid.
pub fn unfolded(text: &str) -> Cow<'_, str> {
    const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
    if !text.contains(BREAKS) {
        return Cow::Borrowed(text);
    }
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BREAKS) {
        let before = rest[..at].trim_end_matches([' ', '\t']);
        let after =
            rest[at..].trim_start_matches([' ', '\t', '\u{a0}', '>', '\n', '\r', '\u{2028}', '\u{2029}']);
        let end = rest.len() - after.len();
        match without_hyphen(before, after) {
            Some(word) => {
                found.push_str(word);
                found.push_str(&invisible_bytes(end - word.len()));
            }
            None => {
                found.push_str(before);
                found.extend(std::iter::repeat_n(' ', end - before.len()));
            }
        }
        rest = after;
    }
    found.push_str(rest);
    Cow::Owned(found)
}

/// The text on one line: without folds and invisible characters, and with single blanks.
pub fn on_one_line(text: &str) -> String {
    let visible: String = unfolded(text).chars().filter(|&c| !is_invisible(c)).collect();
    collapsed(&visible)
}

/// The text with one blank for every run of white space, and none at its ends.
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character is invisible and without meaning in English text: soft hyphens and zero-width characters.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// `before` without its hyphen, if the hyphen divides a word at the end of a line.
fn without_hyphen<'a>(before: &'a str, after: &str) -> Option<&'a str> {
    let word = before.strip_suffix(['-', '\u{2010}', '\u{ad}'])?;
    let inside = word.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase);
    inside.then_some(word)
}

/// Invisible characters of `bytes` bytes in all, which must be at least 2.
fn invisible_bytes(bytes: usize) -> String {
    let odd = if bytes % 2 == 1 { "\u{200b}" } else { "" };
    odd.to_owned() + &"\u{ad}".repeat((bytes - odd.len()) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_are_blanks_and_divided_words_are_whole() {
        for (text, line) in [
            ("Ryan met Ada\nLovelace", "Ryan met Ada Lovelace"),
            ("Ryan met Ada \r\n  Lovelace", "Ryan met Ada Lovelace"),
            ("the Euro-\npean Union", "the European Union"),
            ("the Euro-\r\npean Union", "the European Union"),
            ("the Euro\u{2010}\n   pean Union", "the European Union"),
            ("the Euro\u{ad}\npean Union", "the European Union"),
            ("the Ber\u{ad}lin wall\u{200b}", "the Berlin wall"),
            ("the Franco-\nGerman line", "the Franco- German line"),
            ("they left -\nand stayed", "they left - and stayed"),
            ("> Ryan met Ada\n> Lovelace", "> Ryan met Ada Lovelace"),
            (">> Ryan met Ada\n>>\n>> Lovelace", ">> Ryan met Ada Lovelace"),
            ("one line", "one line"),
            ("", ""),
        ] {
            assert_eq!(on_one_line(text), line, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn offsets_stay_valid(text in "([a-z\\-> \n\r\u{a0}\u{2028}é]|[A-Z]){0,60}") {
            let read = unfolded(&text);
            prop_assert_eq!(read.len(), text.len());
            prop_assert!(!read.contains('\n'));
            for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphabetic()) {
                prop_assert!(read[at..].starts_with(c));
            }
        }
    }
}
