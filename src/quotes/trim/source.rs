//! Sources: the words for a speaker, whole and without the words around them.

use super::super::clause::{ends_as_adverb, is_determiner, is_office_or_group, is_preposition};
use super::content::is_label;
use super::{Part, PartKind, without_last};
use crate::article::{Span, WEEKDAYS, leading_word, trailing_word};
use crate::entities::is_address;

/// Words that begin a new clause behind a comma: "Marta Lopez, while captain Jill Hart".
const CLAUSE_WORDS: &[&str] = &["while", "but", "whereas", "although"];
/// Words besides these that are no part of a source at its start.
const JOINING: &[&str] = &["and", "as", "or"];
/// Words with which no source ends.
const OPEN_WORDS: &[&str] = &[
    "who", "whose", "which", "that", "and", "of", "from", "at", "in", "for", "by", "with", "the", "a", "an",
];
/// Adverbs with which no source ends, besides those in "-ly".
const ADVERBS: &[&str] = &["again", "also", "later", "now", "often", "once", "recently", "then"];
/// What somebody publishes.
const DOCUMENTS: &[&str] =
    &["communique", "communiqué", "declaration", "letter", "memo", "report", "statement", "study"];
/// Bytes behind a source of one word ("an") in which the rest of its noun phrase has to end.
const MAX_SOURCE: usize = 60;
/// Most words of what "who" stands for.
const LONGEST_ANTECEDENT: usize = 5;

/// Whether a source is a pronoun for somebody who listens: "told us", but not "the US". "According to him" names the speaker.
pub(super) fn is_listener(text: &str, span: Span) -> bool {
    let is_object = ["us", "me", "them", "him", "her"].contains(&span.of(text));
    is_object && !text[..span.start].ends_with("to ") && !text[..span.start].ends_with("by ")
}

/// Whether a source only says that the speaker is another one than before: "Macron, for his part, said".
pub(super) fn is_own_part(text: &str, span: Span) -> bool {
    ["his part", "her part", "its part", "their part"].contains(&span.of(text).to_lowercase().as_str())
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
/// article goes on to the cue: "an angry Novak Djokovic". At `limit` the next part begins.
pub(super) fn sources(text: &str, part: Part, cue: Option<Span>, limit: usize) -> Vec<Part> {
    let mut span = with_antecedent(text, whole_words(text, without_preposition(text, part.span)));
    span = with_office(text, with_noun(text, behind_opening(text, span, cue), cue), limit);
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

/// A source without such words at its end, where it has others: "the organizers of the", "Ann Poe, who later", "economists broadly", "Ann
/// Poe on Monday".
fn closed_source(text: &str, span: Span) -> Span {
    let is_open = |word: &str| {
        OPEN_WORDS.contains(&word)
            || ADVERBS.contains(&word)
            || (ends_as_adverb(word) && word.starts_with(char::is_lowercase))
            || !word.contains(char::is_alphanumeric)
    };
    let closed = without_last(span.of(text), is_open);
    // "A poll released on Monday" has a verb, to which the day belongs.
    let without_day = closed.rsplit_once(" on ").filter(|(before, day)| {
        let has_verb = before.split(' ').any(|word| word.ends_with("ed") || word == "who");
        WEEKDAYS.contains(&day.to_lowercase().as_str()) && !has_verb
    });
    Span::new(span.start, span.start + without_day.map_or(closed, |(before, _)| before).len())
}

/// A source without the end of the phrase that opens its sentence: "Over the objections of | Democrats, Republicans said". "After Ann Poe,
/// the mayor, said so" is a clause.
fn behind_opening(text: &str, span: Span, cue: Option<Span>) -> Span {
    let before = text[..span.start].trim_end_matches(' ');
    let opens = behind_last_mark(before);
    let phrase = before[opens..].trim_start();
    let (first, last) = (leading_word(phrase), trailing_word(phrase).to_lowercase());
    let is_phrase = first.starts_with(char::is_uppercase)
        && is_preposition(&first.to_lowercase())
        && is_preposition(&last)
        && before.len() < span.start;
    let Some((front, mut rest)) = span.of(text).split_once(", ").filter(|_| is_phrase) else { return span };
    let Some(gap) = cue.and_then(|cue| text.get(span.end..cue.start)) else { return span };
    let is_apposition =
        is_determiner(leading_word(rest)) || ["after", "before", "since"].contains(&last.as_str());
    if is_apposition && gap.contains(',') {
        return span;
    }
    // "In Austin, Texas, officials said"
    if trailing_word(front).starts_with(char::is_uppercase)
        && let Some((state, behind)) = rest.split_once(", ")
        && state.starts_with(char::is_uppercase)
        && !state.contains(' ')
    {
        rest = behind;
    }
    Span::new(span.end - rest.len(), span.end)
}

/// Where the phrase begins with which a text ends: behind its last mark.
fn behind_last_mark(text: &str) -> usize {
    text.rfind(|c: char| ".,;:!?\n\"“”—–()".contains(c)).map_or(0, |at| text.ceil_char_boundary(at + 1))
}

/// A source that ends with a name, with the office or the group for which the name stands: "the US | president", "Trump | critics". A
/// plural and a noun that may be a verb are none: "Democrats campaign".
fn with_office(text: &str, span: Span, limit: usize) -> Span {
    let last = span.of(text).rsplit(' ').next().unwrap_or_default();
    let noun = leading_word(text[span.end..].strip_prefix(' ').unwrap_or_default());
    let end = span.end + 1 + noun.len();
    let is_name = last.starts_with(char::is_uppercase)
        && (last.ends_with(char::is_alphanumeric) || last.matches('.').count() > 1)
        && last.len() > 1
        && !last.contains(['\'', '’'])
        && !is_determiner(last)
        && !["He", "It", "She", "They", "We", "Who", "You"].contains(&last)
        && (!last.ends_with('s') || noun.ends_with('s'));
    let is_noun = is_office_or_group(noun) && end <= limit;
    // In "Clinton campaign manager Robby Mook" the name behind it is the speaker's.
    let ends_phrase = || !text[end..].trim_start_matches(' ').starts_with(char::is_uppercase);
    match is_name && is_noun && ends_phrase() {
        true => Span::new(span.start, end),
        false => span,
    }
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
    let opens = behind_last_mark(before);
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
