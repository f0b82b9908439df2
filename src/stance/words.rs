//! Tokens of a sentence or an alias, for finding one in the other: words and signs, without blanks and invisible
//! characters.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use crate::article::Span;
use crate::entities::letters::{
    folded, folded_wide, is_apostrophe, is_hyphen, is_invisible, without_possessive,
};

/// A word without a possessive ending, split between letters and digits; or one sign.
#[derive(Debug, Clone)]
pub struct TextToken {
    /// Bytes of the text.
    pub span: Span,
    /// The word as [`folded`] gives it, or the sign itself.
    pub folded: String,
    /// The word as [`folded_wide`] gives it.
    pub wide: Option<String>,
    /// The letter case of the word.
    pub case: WordCase,
    /// Whether it ends in a small "s" behind capitals, as a plural: "MPs".
    pub is_plural: bool,
    /// Whether it is a word, not a sign.
    pub is_word: bool,
    /// Whether nothing stands between this and the token before it.
    pub attached: bool,
    /// Whether this and the token before it are letters and digits of one word ("F16").
    pub is_rest: bool,
}

/// The letter case of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordCase {
    /// No letter has a case: digits, signs, Chinese.
    Caseless,
    /// The first letter is small: "withdrawal", "iPhone".
    Small,
    /// The first letter is a capital: "Apple", "McDonald".
    Capitalised,
    /// All letters are capitals, a plural "s" aside: "US", "U.S", "MPs".
    Capitals,
}

impl WordCase {
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

/// Splits a text into words and signs.
pub fn tokens(text: &str) -> Vec<TextToken> {
    // The text without invisible characters and with one kind of apostrophe, and the place of each of its bytes in `text`.
    let mut clean = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices().filter(|(_, c)| !is_invisible(*c)) {
        let c = if is_apostrophe(c) { '\'' } else { c };
        clean.push(c);
        places.resize(clean.len(), at);
    }
    places.push(text.len());
    let place = |from: usize, to: usize| {
        // Invisible characters behind the last visible one are no part of the token.
        let last = places[to - 1];
        let end = last + text[last..].chars().next().map_or(0, char::len_utf8);
        Span::new(places[from], end)
    };
    let mut found: Vec<TextToken> = Vec::new();
    let mut end = None;
    let mut add = |from: usize, to: usize, is_word: bool| {
        let token = &clean[from..to];
        let folded = if is_word { plain(&folded(token)) } else { token.to_owned() };
        let case = WordCase::of(token);
        found.push(TextToken {
            span: place(from, to),
            folded,
            wide: if is_word { folded_wide(token) } else { None },
            case,
            is_plural: case == WordCase::Capitals && token.ends_with('s'),
            is_word,
            attached: end == Some(from),
            is_rest: is_word && end == Some(from) && joins_letter_and_digit(&clean, from),
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
            if joins_letter_and_digit(&clean, at + within) {
                add(from, at + within, true);
                from = at + within;
            }
        }
        add(from, at + word.len(), true);
    }
    found
}

/// Whether a letter and a digit meet at a place. Words are split there, so that "F16" and "F-16" are the same.
fn joins_letter_and_digit(text: &str, at: usize) -> bool {
    let (before, behind) = (text[..at].chars().next_back(), text[at..].chars().next());
    let (Some(before), Some(behind)) = (before, behind) else { return false };
    (before.is_numeric() && behind.is_alphabetic()) || (before.is_alphabetic() && behind.is_numeric())
}

/// A word without a possessive ending, unless it is nothing else.
fn bare(word: &str) -> &str {
    Some(without_possessive(word)).filter(|rest| !rest.is_empty()).unwrap_or(word)
}

/// A word without full stops between single letters: "u.s" → "us".
fn plain(word: &str) -> String {
    let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
    if initials { word.replace('.', "") } else { word.to_owned() }
}

/// Whether a sign may be missing in the text or in the alias.
pub fn is_loose(sign: &str) -> bool {
    sign.chars().all(|c| is_hyphen(c) || is_apostrophe(c) || ".,;:!?…—―\"“”„‟«»‹›()[]{}|·•".contains(c))
}

/// A sentence split into words and signs, and how it uses capitals.
pub struct Words {
    /// Words and signs, in order.
    pub tokens: Vec<TextToken>,
    /// Whether most long words have a capital, as in headings.
    title_case: bool,
    /// Whether it has no small letter.
    pub all_capitals: bool,
}

impl Words {
    /// Splits a sentence.
    pub fn of(sentence: &str) -> Self {
        static END: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"[.!?…]["”’»)\]]*$"#).expect("a valid pattern"));
        let tokens = tokens(sentence);
        let long = tokens.iter().filter(|p| p.is_word && p.folded.chars().count() >= 4);
        let (large, small): (Vec<&TextToken>, Vec<&TextToken>) =
            long.filter(|p| p.case != WordCase::Caseless).partition(|p| p.case != WordCase::Small);
        let title_case = large.len() >= 2 && small.len() * 5 <= large.len() && !END.is_match(sentence.trim());
        Self { all_capitals: !sentence.contains(char::is_lowercase), title_case, tokens }
    }

    /// Whether a word would have its capital in any case because of its place: at the start of the sentence, of a quotation
    /// or behind a colon, or in a heading. `number` is the index of its token.
    pub fn explains_capital(&self, number: usize) -> bool {
        if self.title_case || self.all_capitals {
            return true;
        }
        let before = &self.tokens[..number];
        let quoted = self.tokens[number].attached
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

    fn folded_tokens(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn texts_are_split_into_words_and_signs() {
        for (text, wanted) in [
            ("AT&T's F-16s", &["at", "&", "t", "f", "-", "16", "s"][..]),
            ("the U.S. and C++", &["the", "us", ".", "and", "c", "+", "+"]),
            ("Côte d’Ivoire", &["cote", "d'ivoire"]),
            ("Ber\u{AD}lin, Ki\u{200B}ev", &["berlin", ",", "kiev"]),
            ("use .NET 9/11", &["use", ".", "net", "9", "/", "11"]),
        ] {
            assert_eq!(folded_tokens(text), wanted, "{text}");
        }
        let letters = |word| tokens(word)[0].case;
        assert_eq!(["US", "MPs", "us", "Us", "iPhone", "16", "McD"].map(letters), {
            use WordCase::*;
            [Capitals, Capitals, Small, Capitalised, Small, Caseless, Capitalised]
        });
    }

    #[test]
    fn the_start_of_a_sentence_explains_a_capital() {
        let explained = |sentence: &str, word: &str| {
            let words = Words::of(sentence);
            let at = words.tokens.iter().position(|p| p.span.of(sentence) == word).unwrap();
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
        fn tokens_are_places_of_the_text(text in "[\\PC\u{AD}\u{200B}'’. 0-9A-Fa-f&+]{0,60}") {
            let mut at = 0;
            for token in tokens(&text) {
                prop_assert!(at <= token.span.start && token.span.start < token.span.end);
                prop_assert!(!token.span.of(&text).is_empty());
                at = token.span.end;
            }
        }
    }
}
