//! Corrects the ends of the parts that the attribution head finds: a source that holds the start of another clause, a content
//! that holds its cue, a source that is only an article.

use std::sync::LazyLock;

use regex::Regex;

use super::cues::cue;
use super::parts::{Part, PartKind};
use crate::article::{Span, WEEKDAYS};
use crate::entities::is_address;
use crate::quotes::clause::{is_determiner, starts_phrase};

/// Words that begin a new clause behind a comma: "Marta Lopez, while captain Jill Hart".
const CLAUSE_WORDS: &[&str] = &["while", "but", "whereas", "although"];
/// Words besides these that are no part of a source at its start.
const JOINING: &[&str] = &["and", "as", "or"];

/// Bytes behind a source of one word ("an") in which the rest of its noun phrase has to end.
const MAX_SOURCE: usize = 60;

/// The parts of a sentence, in order, with corrected ends. Spans are bytes of `text`.
pub fn corrected(text: &str, parts: &[Part]) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::with_capacity(parts.len());
    for (number, &part) in parts.iter().enumerate() {
        match part.kind {
            PartKind::Source if is_listener(text, part.span) || stands_in_content(text, parts, part) => {}
            PartKind::Source => {
                let cue = parts[number + 1..].iter().find(|other| other.kind == PartKind::Cue);
                found.extend(sources(text, part, cue.map(|cue| cue.span)));
            }
            PartKind::Cue => {
                let contents = parts.iter().filter(|other| other.kind == PartKind::Content);
                let governs = contents
                    .map(|content| content.span)
                    .any(|content| content.start > part.span.start && content.start <= part.span.end + 1);
                found.extend(bare_cue(text, part, governs));
            }
            PartKind::Content => {
                let cue = found.last().filter(|last| last.kind == PartKind::Cue).map(|cue| cue.span);
                // "“WALLACE: Will you come?”": the label is no part of what is said.
                let label = parts.iter().find(|other| is_label(text, part.span, other));
                let from = label.map_or(part.span.start, |label| label.span.end);
                // A word is cue or content, not both.
                let start = cue.map_or(from, |cue| cue.end.max(from));
                let start = cue.map_or(start, |cue| with_article(text, cue, start));
                if start < part.span.end {
                    let part = Part { span: Span::new(start, part.span.end), ..part };
                    let next = parts[number + 1..].iter().find(|next| next.span.start >= part.span.end);
                    let limit = next.map_or(text.len(), |next| next.span.start);
                    let whole = content(text, part, cue.is_some());
                    found.extend(
                        whole.into_iter().map(|part| Part { span: extended(text, part.span, limit), ..part }),
                    );
                }
            }
        }
    }
    found.sort_by_key(|part| (part.span, part.kind));
    found
}

/// Whether a source is a pronoun for somebody who listens: "told us". "According to him" names the speaker.
fn is_listener(text: &str, span: Span) -> bool {
    let is_object = ["us", "me", "them", "him", "her"].contains(&span.of(text).to_lowercase().as_str());
    is_object && !text[..span.start].ends_with("to ") && !text[..span.start].ends_with("by ")
}

/// Whether a source is a word of what is said: "he" in "prosecutors say, he offered a law".
fn stands_in_content(text: &str, parts: &[Part], source: Part) -> bool {
    let contains = |other: &&Part, kind: PartKind| other.kind == kind && other.span.contains(source.span);
    parts.iter().filter(|other| contains(other, PartKind::Content)).any(|content| {
        let holds_cue = parts.iter().any(|cue| cue.kind == PartKind::Cue && content.span.contains(cue.span));
        !holds_cue && !is_label(text, content.span, &source)
    })
}

/// Whether a part is the label at the start of a content: the speaker's name in "“WALLACE: Will you come?”".
fn is_label(text: &str, content: Span, part: &Part) -> bool {
    part.kind == PartKind::Source
        && content.contains(part.span)
        && !text[content.start..part.span.start].contains(char::is_alphanumeric)
        && text[part.span.end..].starts_with(':')
}

/// Where a content begins behind a cue, whose article ("listed a | series of options") belongs to it.
fn with_article(text: &str, cue: Span, start: usize) -> usize {
    let between = text.get(cue.end..start).unwrap_or_default();
    match ["a", "an", "the"].contains(&between.trim()) {
        true => cue.end + (between.len() - between.trim_start().len()),
        false => start,
    }
}

/// Most words by which a content is extended.
const LONGEST_EXTENSION: usize = 3;

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

/// A source without joining words, as two sources where such a word stands in it behind a comma. A source that is only an
/// article goes on to the cue: "an angry Novak Djokovic".
fn sources(text: &str, part: Part, cue: Option<Span>) -> Vec<Part> {
    let mut span = with_antecedent(text, whole_words(text, without_preposition(text, part.span)));
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

/// Words with which no source ends.
const OPEN_SOURCE: &[&str] = &[
    "who", "whose", "which", "that", "and", "of", "from", "at", "in", "for", "by", "with", "the", "a", "an",
];

/// A source without such words at its end, where it has others: "the organizers of the".
fn closed_source(text: &str, span: Span) -> Span {
    let mut kept = span.of(text);
    while let Some((rest, last)) = kept.rsplit_once(' ')
        && OPEN_SOURCE.contains(&last)
    {
        kept = rest.trim_end_matches([',', ' ']);
    }
    Span::new(span.start, span.start + kept.len())
}

/// A source without "according to" and "by" at its start.
fn without_preposition(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let found = ["according to ", "by "]
        .iter()
        .find(|words| inside.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words)));
    Span::new(span.start + found.map_or(0, |words| words.len()), span.end)
}

/// Most words of what "who" stands for.
const LONGEST_ANTECEDENT: usize = 5;

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

/// A cue without the punctuation behind it, and without the "s" of "it's"; `None` for one that is only an auxiliary verb
/// ("had"). Of one that `governs` the content directly behind it ("called on"), the preposition is kept.
fn bare_cue(text: &str, part: Part, governs: bool) -> Option<Part> {
    let part = Part { span: behind_possessive(text, part.span), ..part };
    let mut inside = part.span.of(text).trim_end_matches([':', ',', ' ']);
    // "said on" (Monday): what follows the preposition is not in the cue.
    while let Some((rest, last)) = inside.rsplit_once(' ')
        && LOOSE_ENDS.contains(&last)
        && (!governs || ["a", "an", "the"].contains(&last))
    {
        inside = rest.trim_end_matches([',', ' ']);
    }
    let only_auxiliary = ["has", "have", "had", "is", "are", "was", "were", "be", "do", "did", "does"]
        .contains(&inside.to_lowercase().as_str());
    let span = Span::new(part.span.start, part.span.start + inside.len());
    (span.start < span.end && !only_auxiliary).then_some(Part { span, ..part })
}

/// The first word of a text, where it is in one of the lists and a blank follows.
fn first_word<'a>(text: &'a str, lists: &[&[&str]]) -> Option<&'a str> {
    let (first, _) = text.split_once(' ')?;
    lists.iter().any(|list| list.contains(&first.to_lowercase().as_str())).then_some(first)
}

/// A content without punctuation before it. A cue in front of it that the head took as content becomes a cue, unless there is
/// one (`behind_cue`).
fn content(text: &str, part: Part, behind_cue: bool) -> Vec<Part> {
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

/// A span without the "s" at its start that belongs to the word before it: "Trump's order" is not "s order".
fn behind_possessive(text: &str, span: Span) -> Span {
    let owned = text[..span.start].ends_with(['\'', '’']) && span.of(text).starts_with("s ");
    if owned { Span::new(span.start + 2, span.end) } else { span }
}

/// Words that no cue ends with. "According to" and "spoke of" are whole.
const LOOSE_ENDS: &[&str] = &["on", "at", "in", "from", "a", "an", "the", "and", "during", "after"];

/// Words that no statement ends with: the next one begins with them, or their noun was cut off.
const OPEN_WORDS: &[&str] = &[
    "and", "but", "or", "also", "which", "who", "while", "the", "a", "an", "of", "at", "because", "although",
];

/// Prepositions with which no statement ends where a word follows: "to withdraw on" Friday.
const OPEN_PREPOSITIONS: &[&str] = &["on", "in", "at", "by", "for", "from", "with", "during", "after"];

/// A content without such words and commas at its end: "it rains, but", "it will vote, which".
fn closed(text: &str, span: Span) -> Span {
    let goes_on =
        text[span.end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let mut kept = span.of(text).trim_end();
    while let Some((rest, last)) = kept.rsplit_once(' ')
        && (OPEN_WORDS.contains(&last) || (goes_on && OPEN_PREPOSITIONS.contains(&last)))
    {
        kept = rest.trim_end_matches([',', ';', ' ', '–', '—']);
    }
    Span::new(span.start, span.start + kept.len())
}

/// A span that does not end inside a word with a hyphen: "Ban Ki-moon", not "Ban Ki-".
fn whole_words(text: &str, span: Span) -> Span {
    if !span.of(text).ends_with('-') {
        return span;
    }
    let rest = &text[span.end..];
    Span::new(span.start, span.end + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_parts_are_corrected() {
        use PartKind::{Content, Cue, Source};
        for (text, parts, wanted) in [
            (
                "said coach Ann Lee, while captain Jill Hart said no",
                &[(Source, "coach Ann Lee, while captain Jill Hart")][..],
                &[(Source, "coach Ann Lee"), (Source, "captain Jill Hart")][..],
            ),
            (
                "but prosecutor Ann Poe replied",
                &[(Source, "but prosecutor Ann Poe")],
                &[(Source, "prosecutor Ann Poe")],
            ),
            (
                "an angry Novak Djokovic told us",
                &[(Source, "an"), (Cue, "told")],
                &[(Source, "an angry Novak Djokovic"), (Cue, "told")],
            ),
            ("in the words of Ban Ki-moon", &[(Source, "Ban Ki-")], &[(Source, "Ban Ki-moon")]),
            (
                "Xi said growth was slowing",
                &[(Content, "said growth was slowing")],
                &[(Cue, "said"), (Content, "growth was slowing")],
            ),
            (
                "Xi said it fell",
                &[(Cue, "said"), (Content, "said it fell")],
                &[(Cue, "said"), (Content, "it fell")],
            ),
            (
                "Lee said: “No.”",
                &[(Cue, "said:"), (Content, ": “No.”")],
                &[(Cue, "said"), (Content, "“No.”")],
            ),
            (
                "He had to collect it",
                &[(Cue, "had"), (Content, "to collect it")],
                &[(Content, "to collect it")],
            ),
            (
                "Lee said it fell, but",
                &[(Cue, "said"), (Content, "it fell, but")],
                &[(Cue, "said"), (Content, "it fell")],
            ),
            ("Lee said on Monday it fell", &[(Cue, "said on")], &[(Cue, "said")]),
            (
                "Lee called on us to go on Friday",
                &[(Cue, "called on"), (Content, "us to go on")],
                &[(Cue, "called on"), (Content, "us to go")],
            ),
            ("Lee's order on it", &[(Content, "s order on it")], &[(Content, "order on it")]),
            (
                "But sources who know him said",
                &[(Source, "who"), (Cue, "said")],
                &[(Source, "sources"), (Cue, "said")],
            ),
            ("Ann, who said", &[(Source, "who"), (Cue, "said")], &[(Source, "who"), (Cue, "said")]),
            ("Mr Lee told us", &[(Source, "Mr"), (Cue, "told")], &[(Source, "Mr Lee"), (Cue, "told")]),
            ("said the", &[(Cue, "said"), (Source, "the")], &[(Cue, "said")]),
            ("The woman whose house", &[(Source, "The woman whose")], &[(Source, "The woman")]),
            (
                "The organizers of the fair",
                &[(Source, "The organizers of the")],
                &[(Source, "The organizers")],
            ),
            ("told us it fell", &[(Cue, "told"), (Source, "us")], &[(Cue, "told")]),
            ("it fell, according to him", &[(Source, "him")], &[(Source, "him")]),
            (
                "police say, he fled",
                &[(Source, "he"), (Cue, "say"), (Content, "he fled")],
                &[(Cue, "say"), (Content, "he fled")],
            ),
            ("It fell, according to Ann", &[(Source, "according to Ann")], &[(Source, "Ann")]),
            (
                "listed a series of laws",
                &[(Cue, "listed a"), (Content, "series of laws")],
                &[(Cue, "listed"), (Content, "a series of laws")],
            ),
            (
                "from almost any submarine or warship.",
                &[(Content, "from almost any")],
                &[(Content, "from almost any submarine or warship")],
            ),
            (
                "it fell by 4.6 points, he said",
                &[(Content, "it fell by 4.")],
                &[(Content, "it fell by 4.6 points")],
            ),
            ("it fell on Monday, he said", &[(Content, "it fell")], &[(Content, "it fell")]),
            (
                "said Tuesday morning 17 fires burned",
                &[(Cue, "said"), (Content, "Tuesday morning 17 fires burned")],
                &[(Cue, "said"), (Content, "17 fires burned")],
            ),
            (
                "said Monday would do",
                &[(Cue, "said"), (Content, "Monday would do")],
                &[(Cue, "said"), (Content, "Monday would do")],
            ),
            ("it fell, but also", &[(Content, "it fell, but also")], &[(Content, "it fell")]),
            (
                "“LEE: Will you come?”",
                &[(Content, "“LEE: Will you come?”"), (Source, "LEE")],
                &[(Source, "LEE"), (Content, "Will you come?”")],
            ),
            ("“LEE: No.”", &[(Content, "“"), (Source, "LEE")], &[(Source, "LEE")]),
            ("Ann, Bo, and Cy said", &[(Source, "Ann, Bo, and Cy")], &[(Source, "Ann, Bo, and Cy")]),
            ("Ann Poe, as head, said", &[(Source, "Ann Poe, as head")], &[(Source, "Ann Poe, as head")]),
        ] {
            let place = |(kind, part): &(PartKind, &str)| {
                let start = text.find(part).unwrap();
                Part { kind: *kind, span: Span::new(start, start + part.len()), score: 1.0 }
            };
            let parts: Vec<Part> = parts.iter().map(place).collect();
            let found: Vec<(PartKind, &str)> =
                corrected(text, &parts).into_iter().map(|part| (part.kind, part.span.of(text))).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
