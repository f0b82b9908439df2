//! Completes the *fragments* of names that a model finds: a form of address without the name behind it ("Mr" of "Mr. Obama"),
//! initials without their last full stop ("E.P.A"), the first word of "Islamic State", "Qaeda" of "al-Qaeda". Takes from them the
//! marks behind a name that are no part of it.

use std::sync::LazyLock;

use regex::Regex;

use super::case::bare;
use super::person::is_address;
use super::{EntityMention, EntityType};
use crate::article::{Span, WEEKDAYS, leading_word};

/// A mention with its whole name: in place of a form of address the name behind it, initials with their last full stop. `None` where it
/// is no name, as behind "#" and "@", or where no name follows a form of address. Spans are bytes of `text`.
pub fn completed(text: &str, mention: EntityMention) -> Option<EntityMention> {
    /// One to three capitalised words.
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\.?[ \u{a0}](\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2})").expect("a valid pattern")
    });
    static INITIALS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:\p{Lu}\.)+\p{Lu}$").expect("a valid pattern"));
    // What has no letter is no name, but for "9/11"; nor is one of "non-Muslims", or a part of a web address.
    let span = with_article(text, without_marks(text, with_apostrophe(text, mention.span))?);
    if !span.of(text).contains(|c: char| c.is_alphabetic() || c == '/')
        || text[..span.start].ends_with(['#', '@'])
        || is_not_meant(text, span)
    {
        return None;
    }
    let mention = EntityMention { span, ..mention };
    if is_address(span.of(text)) {
        let name = NAME.captures(&text[span.end..])?.get(1)?;
        let name = bare(text, Span::new(name.start(), name.end()).shifted(span.end))?;
        return Some(EntityMention { span: name, ..mention });
    }
    // A letter alone names nobody.
    if mention.kind == EntityType::Per && span.of(text).chars().nth(1).is_none() {
        return None;
    }
    if span.of(text) == "Islamic"
        && leading_word(text[span.end..].strip_prefix(' ').unwrap_or_default()) == "State"
    {
        return Some(EntityMention { span: Span::new(span.start, span.end + " State".len()), ..mention });
    }
    let is_cut = INITIALS.is_match(span.of(text)) && text[span.end..].starts_with('.');
    Some(EntityMention { span: Span::new(span.start, span.end + usize::from(is_cut)), ..mention })
}

/// A name without the marks at its end that belong to what follows: the comma of "Paris, France", the hyphen of "Iraqi-born", the
/// apostrophe of "New York's", the quotation mark of "Nice 'do". `None` for what is left of "can't" or of "A-list".
fn without_marks(text: &str, span: Span) -> Option<Span> {
    const CONTRACTED: &[&str] = &["d", "ll", "m", "re", "t", "ve"];
    let (name, next) = (span.of(text), leading_word(&text[span.end..]));
    let has_apostrophe = name.ends_with(['\'', '’']);
    if has_apostrophe && CONTRACTED.contains(&next) {
        return None;
    }
    let is_cut_word = (has_apostrophe && next == "s")
        || (name.ends_with(['-', '–']) && next.starts_with(|c: char| !c.is_uppercase()));
    let unquoted = name.trim_end_matches(['"', '“', '‘', '\'']).trim_end();
    let kept = if is_cut_word {
        name.trim_end_matches(['\'', '’', '-', '–'])
    } else if name[unquoted.len()..].starts_with(' ') {
        unquoted
    } else {
        name.trim_end_matches([',', ';', ':']).trim_end()
    };
    let is_letter = is_cut_word && kept.chars().nth(1).is_none();
    (!is_letter).then(|| Span::new(span.start, span.start + kept.len()))
}

/// A name with both sides of the apostrophe behind a single capital: "O’Rourke" of "O’" or of "Rourke".
fn with_apostrophe(text: &str, span: Span) -> Span {
    const MARKS: [char; 2] = ['\'', '’'];
    // Whether a text ends with a capital that begins a word, and an apostrophe.
    let opens = |before: &str| {
        let mut letters = before.strip_suffix(MARKS).unwrap_or_default().chars().rev();
        letters.next().is_some_and(char::is_uppercase) && !letters.next().is_some_and(char::is_alphanumeric)
    };
    let (before, behind) = (&text[..span.start], &text[span.end..]);
    if opens(&text[..span.end]) && behind.starts_with(char::is_uppercase) {
        return Span::new(span.start, span.end + leading_word(behind).len());
    }
    if opens(before) && span.of(text).starts_with(char::is_uppercase) {
        let letter = before.strip_suffix(MARKS).and_then(|rest| rest.char_indices().next_back());
        return Span::new(letter.map_or(span.start, |(start, _)| start), span.end);
    }
    span
}

/// A name with the Arabic article before it: "al-Qaeda".
fn with_article(text: &str, span: Span) -> Span {
    let before = &text[..span.start];
    let article = ["al-", "Al-", "el-", "El-"].into_iter().find(|article| before.ends_with(article));
    let start = span.start - article.map_or(0, str::len);
    match text[..start].ends_with(char::is_alphanumeric) {
        true => span,
        false => Span::new(start, span.end),
    }
}

/// Whether "non-" stands before a span, or the span in a web address ("https://t.co/WKO4rX9eaH"), or it is a day of the week, or
/// the rest of "anti-Semitic", which names nobody.
fn is_not_meant(text: &str, span: Span) -> bool {
    if WEEKDAYS.contains(&span.of(text).to_lowercase().as_str()) {
        return true;
    }
    let word = text[..span.start].rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    word.contains("://")
        || (word.contains('/') && word.contains('.'))
        || word.eq_ignore_ascii_case("non-")
        || (word.eq_ignore_ascii_case("anti-") && span.of(text).starts_with("Semit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_become_names() {
        for (text, found, wanted) in [
            ("Change, Mr. Obama often says", "Mr", Some("Obama")),
            ("Change, Mrs Ann O'Neil-Poe's aide", "Mrs", Some("Ann O'Neil-Poe")),
            ("He told the Dr. so.", "Dr", None),
            ("as did Sen. Al Franken", "Sen", Some("Al Franken")),
            ("his friend, Adm. Chuck Larson", "Adm", Some("Chuck Larson")),
            ("an offer to O’Rourke", "O’", Some("O’Rourke")),
            ("an offer to O'Rourke's aide", "Rourke", Some("O'Rourke")),
            ("an offer of D’Souza-Lee", "D’", Some("D’Souza")),
            ("the ‘A’ Team", "Team", Some("Team")),
            ("the Islamic State said", "Islamic", Some("Islamic State")),
            ("an Islamic state", "Islamic", Some("Islamic")),
            ("the E.P.A. said", "E.P.A", Some("E.P.A.")),
            ("the E.P.A", "E.P.A", Some("E.P.A")),
            ("with #PorteOuverte", "PorteOuverte", None),
            ("and non-Muslims", "Muslims", None),
            ("and\u{a0}Ann Poe", "Ann Poe", Some("Ann Poe")),
            ("see https://t.co/WKO4rX9eaH", "WKO4rX9eaH", None),
            ("left on Friday", "Friday", None),
            ("REUTERS/Joshua Roe", "Joshua Roe", Some("Joshua Roe")),
            ("Nice 'do: he", "Nice '", Some("Nice")),
            ("in Jiaxing, a town", "Jiaxing,", Some("Jiaxing")),
            ("New York's Long Island", "New York'", Some("New York")),
            ("an Iraqi-born man", "Iraqi-", Some("Iraqi")),
            ("Hafez al-Assad", "Hafez al-", Some("Hafez al-")),
            ("the Rolling Stones' tour", "Rolling Stones'", Some("Rolling Stones'")),
            ("“I can't breathe”", "I can'", None),
            ("an A-list star", "A-", None),
            ("a 5-4 vote", "5-", None),
            ("in 2016", "2016", None),
            ("since 9/11", "9/11", Some("9/11")),
            ("two al-Qaeda suspects", "Qaeda", Some("al-Qaeda")),
            ("the Royal-Hotel", "Hotel", Some("Hotel")),
            ("an anti-Semitic tweet", "Semitic", None),
            ("an anti-Russian tweet", "Russian", Some("Russian")),
            ("George W. Bush", "W", None),
            ("Ann Poe. It rains.", "Ann Poe", Some("Ann Poe")),
        ] {
            let start = text.find(found).unwrap();
            let span = Span::new(start, start + found.len());
            let name =
                completed(text, EntityMention { span, kind: EntityType::Per, score: 0.9, label: None });
            assert_eq!(name.map(|mention| mention.span.of(text)), wanted, "{text}");
        }
    }
}
