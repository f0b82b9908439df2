//! Contents: what is said, up to the end of its phrase and without the words around it.

use std::sync::LazyLock;

use regex::Regex;

use super::super::clause::{is_article, starts_phrase};
use super::super::cues::cue;
use super::{Part, PartKind, behind_possessive, without_last};
use crate::article::{Span, WEEKDAYS};

/// Words that no statement ends with: the next one begins with them, or their noun was cut off.
const OPEN_WORDS: &[&str] = &[
    "and", "but", "or", "also", "which", "who", "while", "the", "a", "an", "of", "at", "because", "although",
];
/// Prepositions with which no statement ends where a word follows: "to withdraw on" Friday.
const OPEN_PREPOSITIONS: &[&str] = &["on", "in", "at", "by", "for", "from", "with", "during", "after"];
/// Most words by which a content is extended.
const LONGEST_EXTENSION: usize = 3;

/// The content of a part, whole and without the words around it: `label` is its speaker's name at its start, `cue` the cue before
/// it, and at `limit` the next part begins. A cue in front of it that the head took as content becomes a part of its own, unless
/// there is one.
pub(super) fn contents(
    text: &str,
    part: Part,
    label: Option<Span>,
    cue: Option<Span>,
    limit: usize,
) -> Vec<Part> {
    let from = label.map_or(part.span.start, |label| label.end);
    // A word is cue or content, not both.
    let start = cue.map_or(from, |cue| with_article(text, cue, cue.end.max(from)));
    if start >= part.span.end {
        return Vec::new();
    }
    let part = Part { span: Span::new(start, part.span.end), ..part };
    let whole = bare_content(text, part, cue.is_some()).into_iter();
    whole.map(|part| Part { span: extended(text, part.span, limit), ..part }).collect()
}

/// Whether a part is the label at the start of a content: the speaker's name in "“WALLACE: Will you come?”".
pub(super) fn is_label(text: &str, content: Span, part: &Part) -> bool {
    part.kind == PartKind::Source
        && content.contains(part.span)
        && !text[content.start..part.span.start].contains(char::is_alphanumeric)
        && text[part.span.end..].starts_with(':')
}

/// Where a content begins behind a cue, whose article ("listed a | series of options") belongs to it.
fn with_article(text: &str, cue: Span, start: usize) -> usize {
    let between = text.get(cue.end..start).unwrap_or_default();
    match is_article(between.trim()) {
        true => cue.end + (between.len() - between.trim_start().len()),
        false => start,
    }
}

/// A content with the rest of its last phrase, where one to three words stand between it and the next mark ("from almost any |
/// submarine or warship."), and with the rest of a number ("$4.|6 million").
fn extended(text: &str, span: Span, limit: usize) -> Span {
    let rest = &text[span.end..limit.max(span.end)];
    if span.of(text).ends_with('.') && rest.starts_with(|c: char| c.is_ascii_digit()) {
        let number = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        return extended(text, Span::new(span.start, span.end + number), limit);
    }
    let Some(end) = rest.find(|c: char| ".,;:!?\n\"“”()—–".contains(c)).filter(|_| rest.starts_with(' '))
    else {
        return span;
    };
    let words: Vec<&str> = rest[..end].split_whitespace().collect();
    let goes_on = words.first().is_some_and(|first| {
        let lower = first.to_lowercase();
        !starts_phrase(&lower) && !WEEKDAYS.contains(&lower.as_str())
    });
    match goes_on && words.len() <= LONGEST_EXTENSION && span.of(text).ends_with(char::is_alphanumeric) {
        true => Span::new(span.start, span.end + rest[..end].trim_end().len()),
        false => span,
    }
}

/// A content without punctuation before it. A cue in front of it that the head took as content becomes a cue, unless there is
/// one (`behind_cue`).
fn bare_content(text: &str, part: Part, behind_cue: bool) -> Vec<Part> {
    let loose = |c: char| c.is_whitespace() || [',', ':', ';', '–', '—'].contains(&c);
    let span = behind_possessive(text, part.span);
    let inside = span.of(text);
    let start = span.start + (inside.len() - inside.trim_start_matches(loose).len());
    let start = start + if behind_cue { leading_day(&text[start..span.end.max(start)]) } else { 0 };
    let span = closed(text, Span::new(start, span.end));
    if !span.of(text).contains(char::is_alphanumeric) {
        return Vec::new();
    }
    let Some((first, rest)) = span.of(text).split_once(' ') else {
        return vec![Part { span, ..part }];
    };
    let is_cue = cue(first).is_some_and(|cue| !cue.is_base && !cue.is_participle && !cue.needs_content);
    if behind_cue || !is_cue || rest.trim().is_empty() {
        return vec![Part { span, ..part }];
    }
    let cue = Part {
        kind: PartKind::Cue,
        span: Span::new(span.start, span.start + first.len()),
        score: part.score,
    };
    vec![cue, Part { span: Span::new(cue.span.end + 1, span.end).trimmed(text), ..part }]
}

/// Bytes of the day with which a content begins, where it says when somebody spoke: "said | Tuesday morning 17 fires burned". In
/// "said Monday would be better" it belongs to what is said.
fn leading_day(content: &str) -> usize {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        let days = WEEKDAYS.join("|");
        Regex::new(&format!(
            r"^(?:on )?(?i:{days})(?: (?:morning|afternoon|evening|night))?,? (?:(?:that|the|a|an|he|she|it|they|there)\b|\d|\p{{Lu}}|[“\x22])"
        ))
        .expect("a valid pattern")
    });
    let Some(found) = DAY.find(content) else { return 0 };
    found.as_str().trim_end().rfind(' ').map_or(0, |blank| blank + 1)
}

/// A content without such words and commas at its end: "it rains, but", "it will vote, which".
fn closed(text: &str, span: Span) -> Span {
    let goes_on =
        text[span.end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let is_open = |word: &str| OPEN_WORDS.contains(&word) || (goes_on && OPEN_PREPOSITIONS.contains(&word));
    let kept = without_last(span.of(text), is_open);
    // The comma before "he said" is no part of what is said, unless a quotation mark follows it.
    Span::new(span.start, span.start + kept.trim_end_matches([',', ';', ' ']).len())
}
