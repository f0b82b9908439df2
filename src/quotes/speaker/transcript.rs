//! Transcripts of interviews and debates: paragraphs that begin with the speaker's name and a colon, or with "Q:" and "A:".

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::referent::Referent;
use crate::article::{Sentence, Span};
use crate::entities::{Entity, EntityType, family_name, without_title};

/// Least number of labelled paragraphs in a transcript: an article with one "PENCE: …" is none.
const MIN_LABELS: usize = 2;

/// What stands before a question and before an answer of an interview. A full stop may stand in place of the colon,
/// too, but is not read: "A." and "Q." begin names as well.
const QUESTION: &[&str] = &["q", "question"];
const ANSWER: &[&str] = &["a", "answer"];

/// Quotation marks with which a paragraph of a transcript may begin.
const MARKS: [char; 4] = ['"', '“', '\'', '‘'];

/// What a person says in a transcript, up to the next label. Spans are bytes of the article.
pub struct Turn {
    /// Where its first paragraph begins, which may be before the label.
    pub start: usize,
    /// The label that names the person; empty for an answer ("A:").
    pub label: Span,
    /// The name of the person's entity.
    pub speaker: String,
    /// What the person says, a span for each paragraph; may be empty.
    pub content: Vec<Span>,
    /// Whether its first paragraph begins with a quotation mark.
    pub is_quoted: bool,
}

/// "WALLACE:", "Ursula von der Leyen:", "REP. JIM JORDAN (R-OH):", "STEVE INSKEEP, HOST:"
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^["“'‘]?((?:[\p{Lu}][\p{Lu}.'’-]+\s?){1,4}"#,
        r"|(?:\p{Lu}[\p{L}.'’-]+\s?)(?:(?:\p{Lu}[\p{L}.'’-]+|v[ao]n|de[lnr]?|d[aiu]|la|bin|ibn|al|el)\s?){0,4})",
        r"(?:,\s\p{Lu}[\p{Lu}\s]{1,40}|\([^()\n]{1,30}\)\s?)?:(?:\s|$)",
    ))
    .expect("a valid pattern")
});

/// Sets the speakers of a transcript. The label of a paragraph ("WALLACE: …") names the speaker of all its sentences, and
/// of the quoted paragraphs up to the next label. An article that is no transcript is left as it is. Returns the turns of those whom
/// a label names, in order.
pub(super) fn apply_transcript<'a>(
    text: &str,
    sentences: &[Sentence],
    names: &[(Span, &'a Entity)],
    found: &mut [Option<Referent<'a>>],
) -> Vec<Turn> {
    let paragraphs = paragraphs(sentences);
    let labels = labels(text, sentences, &paragraphs, names);
    let named = labels.iter().flatten().filter(|(_, entity)| entity.is_some()).count();
    if named < MIN_LABELS {
        return Vec::new();
    }
    let mut turns: Vec<Turn> = Vec::with_capacity(named);
    let mut speaker = None;
    for (paragraph, label) in paragraphs.into_iter().zip(labels) {
        let place = Span::new(sentences[paragraph.start].span.start, sentences[paragraph.end - 1].span.end);
        let is_quoted = place.of(text).starts_with(MARKS);
        if let Some((label, entity)) = label {
            speaker = entity.map(Referent::Entity);
            turns.extend(entity.map(|entity| Turn {
                start: place.start,
                label,
                speaker: entity.name.clone(),
                content: Vec::from_iter(behind_label(text, place, label)),
                is_quoted,
            }));
        } else if !is_quoted {
            speaker = None;
        } else if speaker.is_some()
            && !is_remark(place.of(text))
            && let Some(turn) = turns.last_mut()
        {
            turn.content.push(place);
        }
        if let Some(speaker) = speaker {
            found[paragraph].fill(Some(speaker));
        }
    }
    turns
}

/// A label, and whom it names. Without an entity where it names none of the article's: the speaker before it does not speak any more.
type Label<'a> = (Span, Option<&'a Entity>);

/// The label of each paragraph that has one.
fn labels<'a>(
    text: &str,
    sentences: &[Sentence],
    paragraphs: &[Range<usize>],
    names: &[(Span, &'a Entity)],
) -> Vec<Option<Label<'a>>> {
    let interviewee = interviewee(text, sentences, paragraphs, names);
    // Most articles have no label.
    let people = LazyCell::new(|| people_by_name(names));
    let label = |paragraph: &Range<usize>| -> Option<Label<'a>> {
        let span = sentences[paragraph.start].span;
        if let Some(entity) = interviewee
            && is_labelled(span.of(text), ANSWER)
        {
            return Some((Span::new(span.start, span.start), Some(entity)));
        }
        let label = LABEL.captures(span.of(text))?.get(1)?;
        let place = Span::new(label.start(), label.end()).shifted(span.start);
        let first = names.partition_point(|(name, _)| name.end <= place.start);
        // Where paragraphs tell of one country each ("Germany: …"), the countries do not speak.
        let speaks = |entity: &Entity| entity.kind != EntityType::Loc;
        let named = names.get(first).filter(|(name, entity)| name.end <= place.end && speaks(entity));
        let name = without_title(label.as_str()).to_lowercase();
        let called = || LazyCell::force(&people).get(&name).copied().flatten();
        Some((place, named.map(|(_, entity)| *entity).or_else(called)))
    };
    paragraphs.iter().map(label).collect()
}

/// The sentences of each paragraph, as a range of their numbers.
fn paragraphs(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let chunks = sentences.chunk_by(|a, b| a.paragraph == b.paragraph);
    let ranges = chunks.scan(0, |from, chunk| {
        *from += chunk.len();
        Some(*from - chunk.len()..*from)
    });
    ranges.collect()
}

/// Whether nobody says a paragraph: "(CROSSTALK.)"
fn is_remark(paragraph: &str) -> bool {
    paragraph.trim_start_matches(MARKS).starts_with(['(', '['])
}

/// What stands behind the label of a paragraph and its colon.
fn behind_label(text: &str, paragraph: Span, label: Span) -> Option<Span> {
    let colon = label.end + text[label.end..paragraph.end].find(':')?;
    let content = Span::new(colon + 1, paragraph.end).trimmed(text);
    (content.start < content.end).then_some(content)
}

/// The person who has a name or family name, by that name in small letters: "wallace" is Chris Wallace. `None` where several have it.
fn people_by_name<'a>(names: &[(Span, &'a Entity)]) -> HashMap<String, Option<&'a Entity>> {
    let mut seen: HashSet<*const Entity> = HashSet::new();
    let mut found: HashMap<String, Option<&Entity>> = HashMap::new();
    let people = names.iter().map(|(_, entity)| *entity).filter(|entity| entity.kind == EntityType::Per);
    for person in people.filter(|person| seen.insert(std::ptr::from_ref::<Entity>(person))) {
        for name in std::iter::once(person.name.as_str()).chain(family_name(&person.name)) {
            let known = found.entry(name.to_lowercase()).or_insert(Some(person));
            *known = known.filter(|other| std::ptr::eq(*other, person));
        }
    }
    found
}

/// Whether a text begins with one of these labels and a colon.
fn is_labelled(text: &str, labels: &[&str]) -> bool {
    text.split_once(':')
        .is_some_and(|(label, _)| labels.iter().any(|known| label.eq_ignore_ascii_case(known)))
}

/// Who answers in an interview whose questions and answers are labelled "Q:" and "A:": the person whom the paragraphs before
/// the first question name most often; of equals the first.
fn interviewee<'a>(
    text: &str,
    sentences: &[Sentence],
    paragraphs: &[Range<usize>],
    names: &[(Span, &'a Entity)],
) -> Option<&'a Entity> {
    let starts =
        |paragraph: &Range<usize>, labels| is_labelled(sentences[paragraph.start].span.of(text), labels);
    let first = paragraphs.iter().find(|paragraph| starts(paragraph, QUESTION))?;
    if paragraphs.iter().filter(|paragraph| starts(paragraph, ANSWER)).count() < MIN_LABELS {
        return None;
    }
    let before = names.iter().take_while(|(name, _)| name.end <= sentences[first.start].span.start);
    let people: Vec<&Entity> =
        before.map(|(_, entity)| *entity).filter(|entity| entity.kind == EntityType::Per).collect();
    let mut counts: HashMap<*const Entity, usize> = HashMap::new();
    for person in &people {
        *counts.entry(std::ptr::from_ref::<Entity>(person)).or_default() += 1;
    }
    people.iter().copied().rev().max_by_key(|person| counts[&std::ptr::from_ref::<Entity>(person)])
}
