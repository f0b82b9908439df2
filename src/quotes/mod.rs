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
mod contents;
mod cues;
mod parts;
mod quotations;
mod speaker;
mod trim;

use std::collections::HashSet;

use crate::article::{Sentence, Span};
use crate::entities::Entity;
use assemble::assemble;
use contents::{Quotations, joined};
pub use parts::{Part, PartKind};
use speaker::{Speakers, mentions_in_order, phrase_of};

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
        let quotations = Quotations::new(text, sentences);
        let mut assembled = assemble(text, sentences, &parts);
        quotations.complete(&mut assembled);
        let mut sources: Vec<Vec<Span>> = vec![Vec::new(); sentences.len()];
        for source in assembled.iter().filter_map(|quote| quote.source) {
            sources[quotations.sentence_of(source)].push(source);
        }
        let found = Speakers::find(text, sentences, &quotations.marks, &names, &sources);
        let whole = assembled.into_iter().map(|quote| Quote {
            is_direct: quote.content.iter().all(|span| quotations.contain(*span)),
            speaker: match quote.source {
                Some(source) => found.of_source(source).map(String::from),
                None => found.of_sentence(quotations.sentence_of(quote.content[0])).map(String::from),
            },
            score: quote.score(),
            content: joined(text, &quote.content),
            cue: quote.cue,
            source: quote.source,
        });
        // Without a cue, only what stands in quotation marks or behind a colon is a quote.
        let mut quotes: Vec<Quote> =
            whole.filter(|quote| quote.cue.is_some() || quotations.announce(&quote.content)).collect();
        if !quotes.is_empty() {
            quotations.add_missed(&found, &mut quotes);
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
