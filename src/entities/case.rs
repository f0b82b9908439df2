//! Corrects the boundaries of a found name by letter case and by the punctuation around it.

use std::sync::LazyLock;

use regex::Regex;

use super::person::{PARTICLES, is_address};
use super::{EntityMention, EntityType};
use crate::article::{Span, trailing_word};

/// Words in small letters that a name may begin with, besides [`PARTICLES`].
const OTHER_PARTICLES: &[&str] = &["dal", "el"];

/// Offices that stand before a name and are no part of it. They are fewer than those that [`super::person`] knows: only those
/// that were counted. In CoNLL-2003, `worldwide` and `politics`, 1,437 of 1,443 names of people
/// with one of them or with a form of address are labelled without it. Titles of nobility and of clerics are not among them.
const OFFICES: &[&str] = &[
    "Congressman",
    "Congresswoman",
    "General",
    "Governor",
    "Judge",
    "Minister",
    "President",
    "Professor",
    "Secretary",
    "Senator",
];

/// A found name without the words in small letters in front that are no part of it; `None` where no word of it has a
/// capital. In a text without capitals all names are left as they are. Spans are bytes of `text`.
///
/// Of 23,429 names in CoNLL-2003's training set, 6 have no capital and 8 begin with another word in small letters.
pub fn fitted(text: &str, name: Span) -> Option<Span> {
    if !text.contains(char::is_uppercase) {
        return Some(name);
    }
    let mut fitted = name;
    while let Some(first) = fitted.of(text).split_whitespace().next() {
        let is_particle = PARTICLES.contains(&first) || OTHER_PARTICLES.contains(&first);
        if has_capital(first) || (is_particle && has_capital(fitted.of(text))) {
            return Some(fitted);
        }
        fitted = Span::new(fitted.start + first.len(), fitted.end).trimmed(text);
    }
    None
}

/// A mention without the party and state behind a politician's name ("Lloyd Doggett, D-Texas"); `None` where it is nothing else
/// ("R-Ariz."). Spans are bytes of `text`.
pub fn without_party(text: &str, mention: EntityMention) -> Option<EntityMention> {
    // Of the tag, the pre-tokenizer makes three words, which may be found one by one.
    static PARTY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[(\[,] ?[RDI][-–](?:\p{Lu}[\p{L}.]*)?$").expect("a valid pattern"));
    // Without a mark before it, the tag has to end with a state: "Chuck Schumer D-N.Y.", but not "Canadian D-Wave".
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^[RDI][-–](?:\p{Lu}[\p{L}.]*\.[\p{L}.]*|\p{Lu}{2}",
            r"|Alaska|Hawaii|Idaho|Iowa|Maine|Ohio|Texas|Utah)$",
        ))
        .expect("a valid pattern")
    });
    let Span { start, end } = mention.span;
    let from = text.ceil_char_boundary(start.saturating_sub(4));
    let before = text[..start].strip_suffix(' ').map_or("", trailing_word);
    let is_tag = (PARTY.is_match(&text[from..end]) && !mention.span.of(text).ends_with("Day"))
        || (before.starts_with(char::is_uppercase) && TAG.is_match(mention.span.of(text)));
    match mention.span.of(text).split_once(", ").filter(|_| is_tag) {
        Some((person, _)) => Some(EntityMention { span: Span::new(start, start + person.len()), ..mention }),
        None => (!is_tag).then_some(mention),
    }
}

/// A mention of a person without the form of address or the office before the name: "Trump" of "President Trump". Only people, and not
/// places, have "Mr." before their name.
pub fn without_office(text: &str, mut mention: EntityMention) -> EntityMention {
    let mut span = mention.span;
    let is_addressed = ["Mr. ", "Mrs. ", "Ms. "].iter().any(|form| span.of(text).starts_with(form));
    if is_addressed && mention.kind == EntityType::Loc {
        mention.kind = EntityType::Per;
    }
    while let Some((first, rest)) = span.of(text).split_once(char::is_whitespace) {
        let rest = rest.trim_start();
        // "Mr. T" is a name; "MS Dhoni" has initials.
        let is_name = rest.starts_with(char::is_uppercase)
            && rest.chars().filter(|c| c.is_alphabetic()).nth(1).is_some();
        let is_office = OFFICES.contains(&first) || (is_address(first) && first.contains(char::is_lowercase));
        if mention.kind != EntityType::Per || !is_name || !is_office {
            break;
        }
        span = Span::new(span.end - rest.len(), span.end);
    }
    EntityMention { span, ..mention }
}

/// A found name without the punctuation around it and without a possessive ending, which tokenizers that split at blanks
/// leave in; `None` where nothing is left. Spans are bytes of `text`.
pub fn bare(text: &str, name: Span) -> Option<Span> {
    let opening = |c: char| !c.is_alphanumeric();
    let inside = name.of(text);
    let start = name.start + (inside.len() - inside.trim_start_matches(opening).len());
    let mut kept = text[start..name.end.max(start)]
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != ')');
    kept = ["'s", "’s"].iter().find_map(|ending| kept.strip_suffix(ending)).unwrap_or(kept);
    // The full stop of "U.S." belongs to it, that of a sentence does not.
    if let Some(short) = kept.strip_suffix('.').filter(|short| !short.contains('.')) {
        kept = short;
    }
    if let Some(short) = kept.strip_suffix(')').filter(|short| !short.contains('(')) {
        kept = short;
    }
    (!kept.is_empty()).then(|| Span::new(start, start + kept.len()))
}

/// Whether a word has a capital letter, a digit, or a letter of a script without letter case.
fn has_capital(word: &str) -> bool {
    word.chars().any(|c| c.is_uppercase() || c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_around_a_name_are_no_part_of_it() {
        let bared = |text: &str| bare(text, Span::new(0, text.len())).map(|span| span.of(text).to_owned());
        for (found, name) in [
            ("“Mali,", "Mali"),
            ("Mali's", "Mali"),
            ("Mali.", "Mali"),
            ("the U.S.", "the U.S."),
            ("(MINUSMA)", "MINUSMA"),
            ("Mission (UN)", "Mission (UN)"),
        ] {
            assert_eq!(bared(found).as_deref(), Some(name), "{found}");
        }
        assert_eq!(bared("…"), None);
    }

    #[test]
    fn parties_and_states_are_no_part_of_a_name() {
        for (text, name, wanted) in [
            ("Jeff Flake, R-Ariz., said", "R-Ariz", None),
            ("Duncan Hunter (R-Calif.) said", "Calif", None),
            ("Duncan Hunter (R-Calif.) said", "R-", None),
            ("Lloyd Doggett, D-Texas", "Lloyd Doggett, D-Texas", Some("Lloyd Doggett")),
            ("On June 6, D-Day began.", "D-Day", Some("D-Day")),
            ("Leader Chuck Schumer D-N.Y. said", "D-N.Y.", None),
            ("Senator John Cornyn R-Texas said", "R-Texas", None),
            ("the Canadian D-Wave machine", "D-Wave", Some("D-Wave")),
            ("in Kamonyi, Rwanda.", "Kamonyi, Rwanda", Some("Kamonyi, Rwanda")),
        ] {
            let start = text.find(name).unwrap();
            let span = Span::new(start, start + name.len());
            let found =
                without_party(text, EntityMention { span, kind: EntityType::Per, score: 0.9, label: None });
            assert_eq!(found.map(|mention| mention.span.of(text)), wanted, "{text}");
        }
    }

    #[test]
    fn an_office_is_no_part_of_a_name() {
        for (name, kind, wanted) in [
            ("President Trump", EntityType::Per, "Trump"),
            ("Mr. Sanders", EntityType::Per, "Sanders"),
            ("Ms Gina Haspel", EntityType::Per, "Gina Haspel"),
            ("Sen. Dr. Ann Poe", EntityType::Per, "Ann Poe"),
            ("Mr. T", EntityType::Per, "Mr. T"),
            ("MS Dhoni", EntityType::Per, "MS Dhoni"),
            ("Mr. and Mrs. Poe", EntityType::Per, "Mr. and Mrs. Poe"),
            ("Prince William", EntityType::Per, "Prince William"),
            ("General Motors", EntityType::Org, "General Motors"),
            ("Mr. Trump", EntityType::Loc, "Trump"),
            ("Mr. Coffee", EntityType::Org, "Mr. Coffee"),
            ("President", EntityType::Per, "President"),
        ] {
            let span = Span::new(0, name.len());
            let found = without_office(name, EntityMention { span, kind, score: 0.9, label: None });
            assert_eq!(found.span.of(name), wanted);
        }
    }

    #[test]
    fn names_have_capitals_where_the_text_has() {
        let fit = |text: &str, name: &str| -> Option<String> {
            let start = text.find(name).unwrap();
            fitted(text, Span::new(start, start + name.len())).map(|span| span.of(text).to_owned())
        };
        assert_eq!(fit("the west African state", "west African"), Some("African".into()));
        assert_eq!(fit("the communique of Paris", "communique"), None);
        assert_eq!(fit("Charles de Gaulle", "de Gaulle"), Some("de Gaulle".into()));
        assert_eq!(fit("An ex-Soviet state", "ex-Soviet"), Some("ex-Soviet".into()));
        assert_eq!(fit("paris fell, he wrote", "paris"), Some("paris".into()));
        assert_eq!(fit("The 1922 Committee", "1922 Committee"), Some("1922 Committee".into()));
    }
}
