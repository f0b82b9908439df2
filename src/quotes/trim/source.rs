//! Sources: the words for a speaker, whole and without the words around them.

use super::super::clause::is_determiner;
use super::content::is_label;
use super::{Part, PartKind, without_last};
use crate::article::Span;
use crate::entities::is_address;

/// Words that begin a new clause behind a comma: "Marta Lopez, while captain Jill Hart".
const CLAUSE_WORDS: &[&str] = &["while", "but", "whereas", "although"];
/// Words besides these that are no part of a source at its start.
const JOINING: &[&str] = &["and", "as", "or"];
/// Words with which no source ends.
const OPEN_WORDS: &[&str] = &[
    "who", "whose", "which", "that", "and", "of", "from", "at", "in", "for", "by", "with", "the", "a", "an",
];
/// What somebody publishes.
const DOCUMENTS: &[&str] =
    &["communique", "communiqué", "declaration", "letter", "memo", "report", "statement", "study"];
/// Bytes behind a source of one word ("an") in which the rest of its noun phrase has to end.
const MAX_SOURCE: usize = 60;
/// Most words of what "who" stands for.
const LONGEST_ANTECEDENT: usize = 5;

/// Whether a source is a pronoun for somebody who listens: "told us". "According to him" names the speaker.
pub(super) fn is_listener(text: &str, span: Span) -> bool {
    let is_object = ["us", "me", "them", "him", "her"].contains(&span.of(text).to_lowercase().as_str());
    is_object && !text[..span.start].ends_with("to ") && !text[..span.start].ends_with("by ")
}

/// Whether a source is a word of what is said: "he" in "prosecutors say, he offered a law".
pub(super) fn stands_in_content(text: &str, parts: &[Part], source: Part) -> bool {
    let contains = |other: &&Part, kind: PartKind| other.kind == kind && other.span.contains(source.span);
    parts.iter().filter(|other| contains(other, PartKind::Content)).any(|content| {
        let holds_cue = parts.iter().any(|cue| cue.kind == PartKind::Cue && content.span.contains(cue.span));
        !holds_cue && !is_label(text, content.span, &source)
    })
}

/// A source without joining words, as two sources where such a word stands in it behind a comma. A source that is only an
/// article goes on to the cue: "an angry Novak Djokovic".
pub(super) fn sources(text: &str, part: Part, cue: Option<Span>) -> Vec<Part> {
    let mut span = with_antecedent(text, whole_words(text, without_preposition(text, part.span)));
    span = with_noun(text, span, cue);
    let opens = is_determiner(span.of(text)) || is_address(span.of(text));
    if opens
        && let Some(cue) = cue.filter(|cue| cue.start > span.end && cue.start - span.end <= MAX_SOURCE)
        && !text[span.end..cue.start].contains([',', ';', ':', '"', '“', '”'])
    {
        span = Span::new(span.start, cue.start).trimmed(text);
    }
    let mut spans = Vec::new();
    let mut from = span.start;
    for (at, _) in span.of(text).match_indices(", ") {
        let at = span.start + at;
        if at > from && first_word(&text[at + 2..span.end], &[CLAUSE_WORDS]).is_some() {
            spans.push(Span::new(from, at));
            from = at + 2;
        }
    }
    spans.push(Span::new(from, span.end));
    let is_empty = |span: &Span| {
        let words = span.of(text).split_whitespace();
        words.clone().count() > 0 && words.clone().all(|word| is_determiner(word) || is_address(word))
    };
    let bare = spans.into_iter().map(|span| closed_source(text, span)).map(|span| {
        let joined = first_word(span.of(text), &[CLAUSE_WORDS, JOINING]).map_or(0, |word| word.len() + 1);
        let span = Span::new(span.start + joined, span.end);
        Span::new(span.start, span.start + span.of(text).trim_end_matches([',', ' ', ':']).len())
    });
    bare.filter(|span| span.start < span.end && !is_empty(span)).map(|span| Part { span, ..part }).collect()
}

/// A source without such words at its end, where it has others: "the organizers of the".
fn closed_source(text: &str, span: Span) -> Span {
    Span::new(span.start, span.start + without_last(span.of(text), |word| OPEN_WORDS.contains(&word)).len())
}

/// A source without "according to" and "by" at its start.
fn without_preposition(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let found = ["according to ", "by "]
        .iter()
        .find(|words| inside.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words)));
    Span::new(span.start + found.map_or(0, |words| words.len()), span.end)
}

/// A source that begins with "who" or "which", together with the words of its clause before it: "sources who know him"; of one
/// that is only "who", those words.
fn with_antecedent(text: &str, span: Span) -> Span {
    let first = span.of(text).split(' ').next().unwrap_or_default();
    let before = text[..span.start].trim_end();
    let opens = before
        .rfind(|c: char| ".,;:!?\n\"“”—–()".contains(c))
        .map_or(0, |at| before.ceil_char_boundary(at + 1));
    let words = before[opens..].split_whitespace().count();
    match ["who", "which"].contains(&first) && (1..=LONGEST_ANTECEDENT).contains(&words) {
        true if span.of(text) == first => Span::new(opens, before.len()).trimmed(text),
        true => Span::new(opens, span.end).trimmed(text),
        false => span,
    }
}

/// A source of a determiner and an adjective with the noun that follows: "a joint | statement".
fn with_noun(text: &str, span: Span, cue: Option<Span>) -> Span {
    let opens = span.of(text).split_once(' ').is_some_and(|(first, _)| is_determiner(first));
    let rest = text[span.end..].strip_prefix(' ').unwrap_or_default();
    let noun = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    // "The doctors report" is a source with its cue.
    let is_cue = cue.is_some_and(|cue| cue.start == span.end + 1);
    match opens && !is_cue && DOCUMENTS.contains(&noun) {
        true => Span::new(span.start, span.end + 1 + noun.len()),
        false => span,
    }
}

/// A span that does not end inside a word with a hyphen: "Ban Ki-moon", not "Ban Ki-".
fn whole_words(text: &str, span: Span) -> Span {
    if !span.of(text).ends_with('-') {
        return span;
    }
    let rest = &text[span.end..];
    Span::new(span.start, span.end + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()))
}

/// The first word of a text, where it is in one of the lists and a blank follows.
fn first_word<'a>(text: &'a str, lists: &[&[&str]]) -> Option<&'a str> {
    let (first, _) = text.split_once(' ')?;
    lists.iter().any(|list| list.contains(&first.to_lowercase().as_str())).then_some(first)
}
