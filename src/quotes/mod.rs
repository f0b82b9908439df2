//! Who says what: direct and indirect quotes, and the speaker of each sentence.
//!
//! A *quote*, or attribution, has three parts (Pareti 2012): the *content*, which is what is said; the *cue*, the words
//! that show that it is said ("said", "according to"); and the *source*, the words for the speaker.
//!
//! The reader's attribution head finds these parts in each sentence. Here they are put together (`assemble`), and the
//! source is resolved to an entity of the article. Where the head finds no speaker, or the pack has no such head, rules
//! over verbs of saying (`speaker`) do.

mod assemble;
mod clause;
mod cues;
mod parts;
mod quotations;
mod speaker;
mod trim;

use std::collections::HashSet;

use crate::article::{Role, Sentence, Span};
use crate::entities::Entity;
use assemble::assemble;
pub use parts::{Part, PartKind};
use speaker::{Speakers, is_bare, mentions_in_order, phrase_of, quoted, runs_on};

/// A quote: who says what. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// What is said, in the order of the text; at least one span.
    pub content: Vec<Span>,
    /// The words that show that it is said.
    pub cue: Option<Span>,
    /// The words for the speaker.
    pub source: Option<Span>,
    /// The name of the speaker's entity, where the speaker is one of the article's entities.
    pub speaker: Option<String>,
    /// Whether all of the content stands between quotation marks.
    pub is_direct: bool,
    /// Mean probability of its parts; 0.5 where only quotation marks show it.
    pub score: f64,
}

/// The quotes and speakers of an article.
#[derive(Debug, Clone, Default)]
pub struct QuotedSpeech {
    /// In the order of their contents; empty where the pack has no attribution head.
    pub quotes: Vec<Quote>,
    /// For each sentence its speaker, if any: the name of an entity, or words such as "the statement".
    pub speakers: Vec<Option<String>>,
    /// The names that are the subject of a verb in their sentence.
    pub subjects: HashSet<Span>,
}

impl QuotedSpeech {
    /// Who says what stands at `place` in the sentence number `sentence`: the speaker of the quote around it. Where the sentence
    /// has quotes and none is around it, nobody; where it has none, the speaker of the sentence.
    pub fn speaker_at(&self, text: &str, sentence: &Sentence, number: usize, place: Span) -> Option<String> {
        let covers =
            |quote: &&Quote, place: Span| quote.content.iter().any(|content| content.overlaps(place));
        if let Some(quote) = self.quotes.iter().find(|quote| covers(quote, place)) {
            return quote
                .speaker
                .clone()
                .or_else(|| quote.source.and_then(|source| phrase_of(source.of(text))))
                .or_else(|| self.speakers[number].clone());
        }
        let has_quotes = self.quotes.iter().any(|quote| covers(&quote, sentence.span));
        self.speakers[number].clone().filter(|_| !has_quotes)
    }

    /// Puts the quotes of an article together and finds the speakers of its sentences. `entities` are those of the whole
    /// article; `parts` are those of each sentence, with spans of the article.
    pub fn find(text: &str, sentences: &[Sentence], entities: &[Entity], parts: &[Vec<Part>]) -> Self {
        let names = mentions_in_order(entities);
        let parts: Vec<Vec<Part>> =
            parts.iter().map(|parts| with_whole_names(trim::corrected(text, parts), &names)).collect();
        let assembled = assemble(text, sentences, &parts);
        let sentence_of = |span: Span| sentences.partition_point(|sentence| sentence.span.end <= span.start);
        let mut sources: Vec<Vec<Span>> = vec![Vec::new(); sentences.len()];
        for source in assembled.iter().filter_map(|quote| quote.source) {
            sources[sentence_of(source)].push(source);
        }
        let marks = quoted(text, sentences);
        let found = Speakers::find(text, sentences, &marks, &names, &sources);
        let is_quoted = |span: Span| {
            let number = sentence_of(span);
            let start = sentences[number].span.start;
            marks[number]
                .iter()
                .any(|mark| Span::new(start + mark.start, start + mark.end + PUNCTUATION).contains(span))
        };
        // A content that begins with a quotation goes on to its end, if nothing else of the quote stands in it.
        let others: Vec<Span> = assembled
            .iter()
            .flat_map(|quote| quote.cue.into_iter().chain(quote.source).chain(quote.content.iter().copied()))
            .collect();
        let to_end_of_quotation = |content: Span| {
            let number = sentence_of(content);
            let start = sentences[number].span.start;
            let whole =
                marks[number].iter().map(|mark| mark.shifted(start)).find(|mark| mark.start == content.start);
            let is_free = |whole: &Span| {
                whole.end > content.end
                    && !others.iter().any(|other| *other != content && other.overlaps(*whole))
            };
            whole.filter(is_free).unwrap_or(content)
        };
        let mut quotes: Vec<Quote> = assembled
            .into_iter()
            .map(|mut quote| {
                quote.content.iter_mut().for_each(|content| *content = to_end_of_quotation(*content));
                quote
            })
            .map(|quote| Quote {
                is_direct: quote.content.iter().all(|span| is_quoted(*span)),
                speaker: match quote.source {
                    Some(source) => found.of_source(source).map(String::from),
                    None => found.of_sentence(sentence_of(quote.content[0])).map(String::from),
                },
                score: quote.score(),
                content: joined(text, &quote.content),
                cue: quote.cue,
                source: quote.source,
            })
            // Without a cue, only what stands in quotation marks or behind a colon is a quote.
            .filter(|quote| {
                let first = quote.content[0];
                let has_marks = quote.content.iter().any(|content| content.of(text).contains(MARKS));
                quote.cue.is_some()
                    || quote.is_direct
                    || has_marks
                    || text[..first.start].trim_end().ends_with(':')
            })
            .collect();
        if !quotes.is_empty() {
            add_missed(text, sentences, &marks, &found, &mut quotes);
        }
        let speaker = |(number, sentence): (usize, &Sentence)| {
            let mut here =
                quotes.iter().filter(|quote| quote.content.iter().any(|c| c.shares_half(sentence.span)));
            // The rules are seldom wrong, so they come first.
            let learned =
                here.find_map(|quote| quote.speaker.as_deref().filter(|_| quote.score >= MIN_SCORE));
            found.of_sentence(number).or(learned).map(String::from)
        };
        let speakers = sentences.iter().enumerate().map(speaker).collect();
        Self { speakers, subjects: found.subjects, quotes }
    }
}

/// The contents of a quote, where those with only punctuation between them are one.
fn joined(text: &str, contents: &[Span]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::with_capacity(contents.len());
    let goes_on = |last: Span, next: Span| {
        let gap = text.get(last.end..next.start).unwrap_or_default();
        !gap.contains(|c: char| c.is_alphanumeric() || MARKS.contains(&c))
            && !next.of(text).starts_with(MARKS)
    };
    for &content in contents {
        match found.last_mut() {
            Some(last) if goes_on(*last, content) => last.end = content.end,
            _ => found.push(content),
        }
    }
    found
}

/// Adds what the attribution head missed of quotations: those at the start of a sentence go on with the quote before them, or are
/// quotes of their own where their speaker is known.
fn add_missed(
    text: &str,
    sentences: &[Sentence],
    marks: &[Vec<Span>],
    found: &Speakers,
    quotes: &mut Vec<Quote>,
) {
    for (number, sentence) in sentences.iter().enumerate() {
        let is_covered = quotes.iter().flat_map(|quote| &quote.content).any(|c| c.overlaps(sentence.span));
        let Some(first) = marks[number].first().filter(|first| first.start == 0 && !is_covered) else {
            continue;
        };
        let is_whole = is_bare(sentence, &marks[number]);
        let content = if is_whole { sentence.span } else { first.shifted(sentence.span.start) };
        let words = content.of(text).split_whitespace().count();
        if sentence.role != Role::Prose || (!is_whole && words < FEWEST_WORDS) {
            continue;
        }
        let before = number.checked_sub(1).filter(|before| runs_on(text, sentences, marks, *before));
        let ends_before = |quote: &&mut Quote| {
            let end = quote.content.last().map_or(0, |last| last.end);
            before.is_some_and(|before| {
                end <= sentence.span.start && end + 2 * PUNCTUATION > sentences[before].span.end
            })
        };
        if let Some(quote) = quotes.iter_mut().find(ends_before) {
            quote.content.push(content);
            quote.content = joined(text, &quote.content);
        } else if let Some(speaker) = found.of_sentence(number).filter(|_| words >= FEWEST_WORDS) {
            quotes.push(Quote {
                content: vec![content],
                cue: None,
                source: None,
                speaker: Some(speaker.to_owned()),
                is_direct: true,
                score: SCORE_OF_MARKS,
            });
        }
    }
    quotes.sort_by_key(|quote| (quote.content[0], quote.cue));
}

/// Fewest words of a quotation that is a quote by its marks alone; fewer may be a title.
const FEWEST_WORDS: usize = 5;
/// The score of such a quote.
const SCORE_OF_MARKS: f64 = 0.5;

/// The parts of a sentence, where each source that ends inside a name has all of it: "The New York Times" in place of "The New".
fn with_whole_names(mut parts: Vec<Part>, names: &[(Span, &Entity)]) -> Vec<Part> {
    for number in 0..parts.len() {
        let Part { kind, span, .. } = parts[number];
        let first = names.partition_point(|(name, _)| name.end <= span.start);
        let touched = names[first..].iter().take_while(|(name, _)| name.start < span.end);
        let whole = touched
            .fold(span, |whole, (name, _)| Span::new(whole.start.min(name.start), whole.end.max(name.end)));
        let is_free =
            parts.iter().enumerate().all(|(other, part)| other == number || !part.span.overlaps(whole));
        if kind == PartKind::Source && is_free {
            parts[number].span = whole;
        }
    }
    parts
}

/// Least score of a quote whose speaker is taken for a sentence where the rules find none; chosen on PolNeAR's dev part.
const MIN_SCORE: f64 = 0.75;

/// Marks of quotations.
const MARKS: [char; 4] = ['"', '“', '”', '«'];

/// Bytes of the full stop or comma that may follow a closing quotation mark.
const PUNCTUATION: usize = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;
    use crate::entities::{EntityType, Mention};

    /// The source and the speaker of a sentence "… said it rains", whose source was found as `source`.
    fn said(text: &str, source: &str, name: &str, kind: EntityType) -> (Option<String>, Option<String>) {
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let parts = [(PartKind::Source, source), (PartKind::Cue, "said"), (PartKind::Content, "it rains")];
        let parts = parts.map(|(kind, part)| Part { kind, span: place(part), score: 1.0 });
        let mentions = vec![Mention { span: place(name), score: 1.0, label: None }];
        let entities = [Entity { name: name.into(), kind, gender: None, mentions }];
        let quote = QuotedSpeech::find(text, &sentences(text), &entities, &[parts.to_vec()]).quotes.remove(0);
        (quote.source.map(|span| span.of(text).to_owned()), quote.speaker)
    }

    #[test]
    fn a_source_has_whole_names() {
        let times = "The New York Times".to_owned();
        let found = said("The New York Times said it rains.", "The New", "New York Times", EntityType::Org);
        assert_eq!(found, (Some(times), Some("New York Times".to_owned())));
    }

    #[test]
    fn quotations_without_parts_are_quotes() {
        let text = "Ann Poe said it rains. “We all go home. They never go home.”\n\n“You go to the new house?” Ann Poe asked.";
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let part = |kind, part| Part { kind, span: place(part), score: 1.0 };
        let read = vec![
            part(PartKind::Source, "Ann Poe"),
            part(PartKind::Cue, "said"),
            part(PartKind::Content, "it rains"),
        ];
        let sentences = sentences(text);
        let mut parts = vec![read, vec![part(PartKind::Content, "“We all go home")]];
        parts.resize(sentences.len(), Vec::new());
        let mentions = text.match_indices("Ann Poe").map(|(at, name)| Mention {
            span: Span::new(at, at + name.len()),
            score: 1.0,
            label: None,
        });
        let entities = [Entity {
            name: "Ann Poe".into(),
            kind: EntityType::Per,
            gender: None,
            mentions: mentions.collect(),
        }];
        let found = QuotedSpeech::find(text, &sentences, &entities, &parts).quotes;
        let found: Vec<(Vec<&str>, Option<&str>)> = found
            .iter()
            .map(|quote| (quote.content.iter().map(|span| span.of(text)).collect(), quote.speaker.as_deref()))
            .collect();
        let ann = Some("Ann Poe");
        assert_eq!(
            found,
            [
                (vec!["it rains", "“We all go home. They never go home.”"], ann),
                (vec!["“You go to the new house?”"], ann)
            ]
        );
    }

    #[test]
    fn a_party_is_a_speaker() {
        let found = said("Democrats said it rains.", "Democrats", "Democrats", EntityType::Misc);
        assert_eq!(found.1.as_deref(), Some("Democrats"));
    }
}
