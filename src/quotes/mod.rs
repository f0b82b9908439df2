//! Who says what. An *attribution*, or quote, is a content, a cue and a source (Pareti 2012): what is said, the words that
//! tell that it is said, and the words for who says it.
//!
//! The reader's attribution head finds these parts in each sentence. Here they are put together ([`assemble`]), and the
//! words for a speaker become a name of the article. Rules over verbs of saying ([`speaker`]) tell who speaks where the
//! head finds nobody, or the pack has no such head.

mod assemble;
mod clause;
mod cues;
mod parts;
mod quotations;
mod speaker;

use crate::article::{Sentence, Span};
use crate::entities::Entity;
use assemble::assemble;
pub use parts::{Part, PartKind};
use speaker::{Speakers, quoted};

/// Somebody says something. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// In order; at least one.
    pub content: Vec<Span>,
    pub cue: Option<Span>,
    /// The words for the speaker.
    pub source: Option<Span>,
    /// Whom they stand for, by the article's name.
    pub speaker: Option<String>,
    /// Whether all of the content stands between quotation marks.
    pub is_direct: bool,
    /// Mean probability of its parts.
    pub score: f64,
}

/// Who says what in an article.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// In the order of their contents; none where the pack finds no parts.
    pub quotes: Vec<Quote>,
    /// The speaker, if any, of each sentence: a name, or words such as "the statement".
    pub speakers: Vec<Option<String>>,
}

impl Said {
    /// `entities` are those of the whole article; `parts` those of each sentence, as bytes of the article.
    pub fn find(text: &str, sentences: &[Sentence], entities: &[Entity], parts: &[Vec<Part>]) -> Self {
        let drafts = assemble(text, sentences, parts);
        let sentence_of = |span: Span| sentences.partition_point(|sentence| sentence.span.end <= span.start);
        let mut sources: Vec<Vec<Span>> = vec![Vec::new(); sentences.len()];
        for source in drafts.iter().filter_map(|draft| draft.source) {
            sources[sentence_of(source)].push(source);
        }
        let marks = quoted(text, sentences);
        let found = Speakers::find(text, sentences, &marks, entities, &sources);
        let is_quoted = |span: Span| {
            let number = sentence_of(span);
            let start = sentences[number].span.start;
            marks[number]
                .iter()
                .any(|mark| Span::new(start + mark.start, start + mark.end + END).contains(span))
        };
        let quotes: Vec<Quote> = drafts
            .into_iter()
            .map(|draft| Quote {
                is_direct: draft.content.iter().all(|span| is_quoted(*span)),
                speaker: match draft.source {
                    Some(source) => found.of_source(source).map(String::from),
                    None => found.of_sentence(sentence_of(draft.content[0])).map(String::from),
                },
                score: draft.score(),
                content: draft.content,
                cue: draft.cue,
                source: draft.source,
            })
            .collect();
        let speakers = sentences.iter().enumerate().map(|(number, sentence)| {
            let mut here =
                quotes.iter().filter(|quote| quote.content.iter().any(|c| c.shares_half(sentence.span)));
            // The rules are seldom wrong; where they find nobody, the head does.
            let learned = here.find_map(|quote| quote.speaker.as_deref().filter(|_| quote.score >= SURE));
            found.of_sentence(number).or(learned).map(String::from)
        });
        Self { speakers: speakers.collect(), quotes }
    }
}

/// Score from which the head's word for a speaker is taken where the rules find nobody; chosen on PolNeAR's dev part.
const SURE: f64 = 0.75;

/// A full stop or comma behind a closing mark.
const END: usize = 1;
