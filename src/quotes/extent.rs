//! The *extent* of a content: where it begins in its sentence, and which words are no part of it.

use super::checks::OPENING;
use super::clause::{FORMS_OF_BE, FORMS_OF_HAVE};
use super::parts::QuoteParts;
use crate::article::{Span, leading_word};

/// Cues of the passive, which stand inside the content: "The firm is said to have tested it".
const PASSIVES: &[&str] =
    &["said", "reported", "believed", "thought", "alleged", "rumored", "rumoured", "understood", "expected"];
/// Words that may stand between the subject of such a cue and the cue, besides [`FORMS_OF_BE`] and [`FORMS_OF_HAVE`].
const BEFORE_PASSIVES: &[&str] = &["been", "be", "also", "now", "being"];
/// Most words of such a subject.
const LONGEST_SUBJECT: usize = 8;

/// The subject of what is said, where the cue is a passive without a source and the content behind it begins with "to".
pub fn subject_of_content(text: &str, sentence: Span, quote: &QuoteParts) -> Option<Span> {
    let cue = quote.cue.filter(|cue| quote.source.is_none() && cue.start > sentence.start)?;
    let is_passive = PASSIVES.iter().any(|passive| cue.of(text).ends_with(passive));
    let first =
        quote.content.first().filter(|first| first.start > cue.end && first.of(text).starts_with("to "))?;
    if !is_passive || text[cue.end..first.start].trim() != "" {
        return None;
    }
    let before = &text[sentence.start..cue.start];
    let from = before.rfind([',', ';', ':', '—', '–', '"', '“', '”', '(']).unwrap_or(0);
    let mut subject = before[from..].trim_matches(|c: char| !c.is_alphanumeric());
    let is_before =
        |word: &str| [FORMS_OF_BE, FORMS_OF_HAVE, BEFORE_PASSIVES].iter().any(|list| list.contains(&word));
    while let Some((rest, _)) = subject.rsplit_once(' ').filter(|(_, last)| is_before(last)) {
        subject = rest;
    }
    let words = subject.split_whitespace().count();
    let start = sentence.start + before.rfind(subject).filter(|_| (1..=LONGEST_SUBJECT).contains(&words))?;
    Some(Span::new(start, start + subject.len()))
}

/// Cuts a content that holds its own cue, so that it begins behind the cue.
pub fn drop_cue(text: &str, quote: &mut QuoteParts) {
    let Some(cue) = quote.cue else { return };
    for content in quote.content.iter_mut().filter(|content| content.contains(cue)) {
        let behind = &text[cue.end..content.end];
        let loose = |c: char| c.is_whitespace() || ",;:—–".contains(c);
        *content = Span::new(content.end - behind.trim_start_matches(loose).len(), content.end);
    }
    quote.content.retain(|content| content.of(text).contains(char::is_alphanumeric));
}

/// Removes what is no part of the content: words before the cue, where what is said directly follows it ("Mexican immigrants" of
/// "Mexican immigrants, calling them rapists"), or stands in quotation marks behind a colon. In "The plan, he said, would fail" both
/// parts are said.
pub fn drop_strangers(text: &str, quote: &mut QuoteParts) {
    let Some(cue) = quote.cue else { return };
    let is_quoted = |span: &Span| span.of(text).starts_with(OPENING);
    let end = quote.content.last().map_or(cue.end, |last| last.end.max(cue.end));
    if let Some(mark) = colon_before_mark(text, Span::new(cue.end, end)) {
        let behind = |span: &Span| span.end > mark;
        quote.content.retain(|span| behind(span) || is_quoted(span));
        for span in &mut quote.content {
            // What lies between the cue and the colon is said, too: "said the sign read: “Stop”".
            if span.end > mark && span.start < cue.start {
                span.start = mark;
            }
        }
        return;
    }
    if quote.content.iter().any(|content| is_next(text, cue, *content) && !is_quoted(content)) {
        quote.content.retain(|content| content.start > cue.start || is_quoted(content));
    }
    // What is said before "he said" ends with a mark: "Ambulances left on Monday as the navy said that it rains".
    let first = quote.source.map_or(cue.start, |source| source.start.min(cue.start));
    let ends = |span: &Span| {
        text.get(span.end..first)
            .is_none_or(|between| !between.trim_start().starts_with(char::is_alphanumeric))
    };
    if quote.content.iter().any(ends) {
        quote.content.retain(|span| ends(span) || is_quoted(span));
    }
}

/// Most words that are added before a content at the start of its sentence.
const LONGEST_START: usize = 3;
/// Most words of a subject that stands before "he said": "The documents, he said, show it".
const LONGEST_FRONT: usize = 12;
/// Words that join a sentence with the one before it, or begin a clause of the reporter.
const JOINING: &[&str] = &[
    "and", "but", "so", "yet", "or", "still", "also", "as", "when", "while", "after", "before", "since",
    "although", "though",
];
/// Marks that end a clause.
const CLAUSE_MARKS: [char; 12] = [',', ';', ':', '—', '–', '"', '“', '”', '(', ')', '‘', '’'];

/// Lengthens the first content to the start of its sentence, where one to three words stand before it; or adds the start of the
/// sentence to a content that goes on behind "he said": "The documents, he said, | show it".
pub fn complete_start(text: &str, sentence: Span, quote: &mut QuoteParts) {
    let Some(cue) = quote.cue else { return };
    let parts = quote.source.iter().chain(&quote.cue).map(|part| part.start);
    let (first, end) =
        (parts.min().unwrap_or(cue.start), quote.source.map_or(cue.end, |source| source.end.max(cue.end)));
    let joins = |words: &str| JOINING.contains(&leading_word(words).to_lowercase().as_str());
    let content = quote.content[0];
    if content.start < first {
        let gap = text.get(sentence.start..content.start).unwrap_or_default();
        let words = gap.split_whitespace().count();
        let is_open = !gap.contains(CLAUSE_MARKS) && gap.ends_with(' ') && !joins(gap);
        if is_open && (1..=LONGEST_START).contains(&words) && !content.of(text).starts_with(OPENING) {
            quote.content[0].start = sentence.start;
        }
        return;
    }
    let (Some(front), Some(behind)) = (text.get(sentence.start..first), text.get(end..content.start)) else {
        return;
    };
    let Some(front) = front.trim_end().strip_suffix(',') else { return };
    let from = if ["And ", "But "].iter().any(|word| front.starts_with(word)) { 4 } else { 0 };
    let front = &front[from..];
    let Some((_, missed)) = behind.rsplit_once(',') else { return };
    let missed = missed.trim_start();
    // One word behind the comma may be said, too: "The team, he wrote, only | expects it".
    let rest = Span::new(content.start - missed.len(), content.end);
    let goes_on = missed.split_whitespace().count() <= 1
        && [rest, content].iter().all(|span| {
            let words = span.of(text);
            words.starts_with(char::is_lowercase)
                && !joins(words)
                && !["which", "who", "adding", "saying"].contains(&leading_word(words))
        });
    if goes_on
        && !front.contains(CLAUSE_MARKS)
        && !joins(front)
        && (1..=LONGEST_FRONT).contains(&front.split_whitespace().count())
    {
        let start = sentence.start + from;
        quote.content[0] = rest;
        quote.content.insert(0, Span::new(start, start + front.len()));
    }
}

/// Most bytes between a cue and the colon behind it: "told reporters in Paris on Monday:".
const LONGEST_ANNOUNCEMENT: usize = 80;

/// Where a quotation begins that follows a colon, if no other mark stands before it.
fn colon_before_mark(text: &str, span: Span) -> Option<usize> {
    let mark = span.of(text).find(OPENING)?;
    let before = &span.of(text)[..mark];
    (mark <= LONGEST_ANNOUNCEMENT && before.trim_end().ends_with(':')).then_some(span.start + mark)
}

/// Whether only blanks stand between one span and the next.
pub fn is_next(text: &str, span: Span, next: Span) -> bool {
    text.get(span.end..next.start).is_some_and(|between| between.trim().is_empty())
}
