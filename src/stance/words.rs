//! A sentence, or an alias, as the pieces that are compared: words and signs, without blanks and invisible characters.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use crate::article::Span;
use crate::entities::letters::{folded, folded_wide, is_apostrophe, is_hyphen, is_invisible};

/// A word without its possessive, a run of letters or of digits; or one sign.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Bytes of the text.
    pub span: Span,
    /// [`folded`]; the sign itself.
    pub folded: String,
    /// [`folded_wide`].
    pub wide: Option<String>,
    pub letters: Letters,
    pub is_word: bool,
    /// Whether nothing stands between this and the piece before it.
    pub attached: bool,
    /// Whether this and the piece before it are letters and digits of one word.
    pub is_rest: bool,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// It has no letters of two cases: digits, signs, Chinese.
    Caseless,
    /// "withdrawal", "iPhone".
    Small,
    /// "Apple", "McDonald".
    Capitalised,
    /// "US", "U.S", "MPs".
    Capitals,
}

impl Letters {
    fn of(word: &str) -> Self {
        let cased: Vec<char> = word.chars().filter(|c| c.is_uppercase() || c.is_lowercase()).collect();
        let large = cased.iter().filter(|c| c.is_uppercase()).count();
        let plural = cased.len() > 2 && cased.ends_with(&['s']) && large + 1 == cased.len();
        match cased.first() {
            None => Self::Caseless,
            Some(first) if !first.is_uppercase() => Self::Small,
            _ if large == cased.len() || plural => Self::Capitals,
            _ => Self::Capitalised,
        }
    }
}

/// Takes a text apart.
pub fn pieces(text: &str) -> Vec<Piece> {
    // What is compared, and where each of its bytes stands in the text.
    let mut clean = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices().filter(|(_, c)| !is_invisible(*c)) {
        let c = if is_apostrophe(c) { '\'' } else { c };
        clean.push(c);
        places.resize(clean.len(), at);
    }
    places.push(text.len());
    let place = |from: usize, to: usize| {
        // Invisible characters behind the last visible one are no part of the piece.
        let last = places[to - 1];
        let end = last + text[last..].chars().next().map_or(0, char::len_utf8);
        Span::new(places[from], end)
    };
    let mut found: Vec<Piece> = Vec::new();
    let mut end = None;
    let mut add = |from: usize, to: usize, is_word: bool| {
        let piece = &clean[from..to];
        let folded = if is_word { plain(&folded(piece)) } else { piece.to_owned() };
        found.push(Piece {
            span: place(from, to),
            folded,
            wide: if is_word { folded_wide(piece) } else { None },
            letters: Letters::of(piece),
            is_word,
            attached: end == Some(from),
            is_rest: is_word && end == Some(from) && is_seam(&clean, from),
        });
        end = Some(to);
    };
    for (at, bound) in clean.split_word_bound_indices() {
        if !bound.chars().any(char::is_alphanumeric) {
            for (within, sign) in bound.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                add(at + within, at + within + sign.len_utf8(), false);
            }
            continue;
        }
        let word = bare(bound);
        let mut from = at;
        for (within, _) in word.char_indices().skip(1) {
            if is_seam(&clean, at + within) {
                add(from, at + within, true);
                from = at + within;
            }
        }
        add(from, at + word.len(), true);
    }
    found
}

/// Between a letter and a digit: "F16" and "F-16" are one.
fn is_seam(text: &str, at: usize) -> bool {
    let (before, behind) = (text[..at].chars().next_back(), text[at..].chars().next());
    let (Some(before), Some(behind)) = (before, behind) else { return false };
    (before.is_numeric() && behind.is_alphabetic()) || (before.is_alphabetic() && behind.is_numeric())
}

/// A word without its possessive ending.
fn bare(word: &str) -> &str {
    let cut = ["'s", "'S"].iter().find_map(|ending| word.strip_suffix(ending));
    cut.filter(|rest| !rest.is_empty()).unwrap_or(word)
}

/// "u.s" → "us": full stops between single letters.
fn plain(word: &str) -> String {
    let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
    if initials { word.replace('.', "") } else { word.to_owned() }
}

/// Signs that an alias may have and a text leave out, or the other way round.
pub fn is_loose(sign: &str) -> bool {
    sign.chars().all(|c| is_hyphen(c) || is_apostrophe(c) || ".,;:!?…—―\"“”„‟«»‹›()[]{}|·•".contains(c))
}

/// A sentence taken apart, with what its first words' capitals are worth.
pub struct Words {
    pub pieces: Vec<Piece>,
    /// Whether every long word has a capital, as in headings.
    title_case: bool,
    /// Whether there is no small letter.
    pub all_capitals: bool,
}

impl Words {
    pub fn of(sentence: &str) -> Self {
        static END: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"[.!?…]["”’»)\]]*$"#).expect("a valid pattern"));
        let pieces = pieces(sentence);
        let long = pieces.iter().filter(|p| p.is_word && p.folded.chars().count() >= 4);
        let (large, small): (Vec<&Piece>, Vec<&Piece>) =
            long.filter(|p| p.letters != Letters::Caseless).partition(|p| p.letters != Letters::Small);
        let title_case = large.len() >= 2 && small.len() * 5 <= large.len() && !END.is_match(sentence.trim());
        Self { all_capitals: !sentence.contains(char::is_lowercase), title_case, pieces }
    }

    /// Whether the place of a word is reason enough for its capital: the start of the sentence, of a quotation or of
    /// what a colon announces; a heading.
    pub fn explains_capital(&self, number: usize) -> bool {
        if self.title_case || self.all_capitals {
            return true;
        }
        let before = &self.pieces[..number];
        let quoted = self.pieces[number].attached
            && before.last().is_some_and(|p| "\"“„«‘'([".contains(p.folded.as_str()));
        let last = before.iter().rev().find(|p| p.is_word || !"\"“”„«»‘'()[]".contains(p.folded.as_str()));
        quoted
            || last.is_none_or(|p| [":", "•", "·", "*", "|", ">", "?", "!", "…"].contains(&p.folded.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded_pieces(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|piece| piece.folded).collect()
    }

    #[test]
    fn texts_are_words_and_signs() {
        for (text, wanted) in [
            ("AT&T's F-16s", &["at", "&", "t", "f", "-", "16", "s"][..]),
            ("the U.S. and C++", &["the", "us", ".", "and", "c", "+", "+"]),
            ("Côte d’Ivoire", &["cote", "d'ivoire"]),
            ("Ber\u{AD}lin, Ki\u{200B}ev", &["berlin", ",", "kiev"]),
            ("use .NET 9/11", &["use", ".", "net", "9", "/", "11"]),
        ] {
            assert_eq!(folded_pieces(text), wanted, "{text}");
        }
        let letters = |word| pieces(word)[0].letters;
        assert_eq!(["US", "MPs", "us", "Us", "iPhone", "16", "McD"].map(letters), {
            use Letters::*;
            [Capitals, Capitals, Small, Capitalised, Small, Caseless, Capitalised]
        });
    }

    #[test]
    fn the_start_of_a_sentence_explains_a_capital() {
        let explained = |sentence: &str, word: &str| {
            let words = Words::of(sentence);
            let at = words.pieces.iter().position(|p| p.span.of(sentence) == word).unwrap();
            words.explains_capital(at)
        };
        for (sentence, word) in [
            ("Apple pie is good.", "Apple"),
            ("“Apple pie is good,” he said.", "Apple"),
            ("He said: “Apple pie is good.”", "Apple"),
            ("Recipe: Apple pie", "Apple"),
            ("How To Bake Apple Pies With Cream", "Apple"),
            ("AN APPLE A DAY", "APPLE"),
        ] {
            assert!(explained(sentence, word), "{sentence}");
        }
        assert!(!explained("He works for Apple.", "Apple"));
        assert!(!explained("“We work,” Apple said.", "Apple"));
    }

    proptest! {
        #[test]
        fn pieces_are_places_of_the_text(text in "[\\PC\u{AD}\u{200B}'’. 0-9A-Fa-f&+]{0,60}") {
            let mut at = 0;
            for piece in pieces(&text) {
                prop_assert!(at <= piece.span.start && piece.span.start < piece.span.end);
                prop_assert!(!piece.span.of(&text).is_empty());
                at = piece.span.end;
            }
        }
    }
}
