//! Completes the *fragments* of names that a model finds: a form of address without the name behind it ("Mr" of "Mr. Obama"),
//! initials without their last full stop ("E.P.A"), the first word of "Islamic State".

use std::sync::LazyLock;

use regex::Regex;

use super::case::bare;
use super::person::is_address;
use super::{EntityMention, EntityType};
use crate::article::{Span, WEEKDAYS, leading_word};

/// A mention behind "#" or "@" is no name; one that is a form of address becomes the name behind it, or `None` where there is none; initials get their last full
/// stop. Spans are bytes of `text`.
pub fn completed(text: &str, mention: EntityMention) -> Option<EntityMention> {
    /// One to three capitalised words.
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\.?[ \u{a0}](\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2})").expect("a valid pattern")
    });
    static INITIALS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:\p{Lu}\.)+\p{Lu}$").expect("a valid pattern"));
    let span = mention.span;
    // Nor is one of "non-Muslims", a part of a web address, or what has no letter.
    if !span.of(text).contains(char::is_alphanumeric)
        || text[..span.start].ends_with(['#', '@'])
        || is_not_meant(text, span)
    {
        return None;
    }
    // "Nice '" of "Nice 'do: …"
    let kept = span.of(text).trim_end_matches(['"', '“', '‘', '\'']).trim_end();
    let ends_in_blank = span.of(text)[kept.len()..].starts_with(' ');
    let span = if ends_in_blank { Span::new(span.start, span.start + kept.len()) } else { span };
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

/// Whether "non-" stands before a span, or the span in a web address ("https://t.co/WKO4rX9eaH"), or it is a day of the week.
fn is_not_meant(text: &str, span: Span) -> bool {
    if WEEKDAYS.contains(&span.of(text).to_lowercase().as_str()) {
        return true;
    }
    let word = text[..span.start].rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    word.contains("://") || (word.contains('/') && word.contains('.')) || word.eq_ignore_ascii_case("non-")
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
