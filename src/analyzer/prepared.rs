//! An article as the reader takes it, split into sentences, with the places that may mention targets; and what was read of its
//! sentences, put together for the whole article.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Request, Task};
use crate::article::{Article, Role, Sentence, Span, sentences, unfolded};
use crate::entities::{self, Entity, EntityMention};
use crate::quotes::{Part, QuotedSpeech};
use crate::reader::{Passage, Reading};
use crate::stance::{Target, TargetMention, TextCase, Words};

/// An article, split for the reader.
pub(super) struct PreparedArticle<'a> {
    pub(super) article: &'a Article,
    pub(super) sentences: Vec<Sentence>,
    /// The texts of the sentences, with blanks in place of line breaks inside them. Offsets stay the same.
    pub(super) read: Vec<Cow<'a, str>>,
    /// For each target and sentence, the places that may mention the target.
    pub(super) mentions: Vec<Vec<Vec<TargetMention>>>,
}

impl PreparedArticle<'_> {
    /// What the reader gets: the sentences with the places that may mention a target.
    pub(super) fn passages(&self) -> impl Iterator<Item = Passage<'_>> {
        self.read.iter().enumerate().map(|(number, sentence)| {
            let mentions = self.mentions.iter().flat_map(|per_sentence| &per_sentence[number]);
            Passage { mentions: mentions.map(|mention| mention.span).collect(), ..Passage::of(sentence) }
        })
    }
}

/// Splits an article into sentences and finds the places that may mention the targets.
pub(super) fn prepare<'a>(article: &'a Article, request: &Request) -> PreparedArticle<'a> {
    let sentences = sentences(&article.text);
    let read: Vec<Cow<str>> = sentences.iter().map(|s| unfolded(s.span.of(&article.text))).collect();
    let wanted = request.wants(Task::Stance);
    let targets = if wanted { request.targets.as_slice() } else { &[] };
    let mentions = places_of_targets(&article.text, &read, targets);
    PreparedArticle { article, sentences, read, mentions }
}

/// For each target and sentence, the places that may mention the target.
fn places_of_targets(text: &str, sentences: &[Cow<str>], targets: &[Target]) -> Vec<Vec<Vec<TargetMention>>> {
    if targets.is_empty() {
        return Vec::new();
    }
    let case = TextCase::of(text);
    let words: Vec<Words> = sentences.iter().map(|sentence| Words::of(sentence)).collect();
    targets.iter().map(|target| words.iter().map(|words| target.mentions(words, case)).collect()).collect()
}

/// The quotes and speakers of an article, from its readings.
pub(super) fn find_quotes(
    prepared: &PreparedArticle,
    readings: &[Reading],
    entities: &[Entity],
) -> QuotedSpeech {
    let PreparedArticle { article, sentences, .. } = prepared;
    let parts: Vec<Vec<Part>> = sentences
        .iter()
        .zip(readings)
        .map(|(sentence, reading)| match sentence.role {
            Role::Prose | Role::Heading => {
                let shift = |part: &Part| Part { span: shifted(part.span, sentence), ..*part };
                reading.parts.iter().map(shift).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    QuotedSpeech::find(&article.text, sentences, entities, &parts)
}

/// A span of a sentence as a span of the article.
pub(super) fn shifted(span: Span, sentence: &Sentence) -> Span {
    span.shifted(sentence.span.start)
}

/// The mentions of entities in the article, without what only boilerplate names, and the [repeats](entities::with_repeats) of their names.
pub(super) fn article_mentions(prepared: &PreparedArticle, readings: &[Reading]) -> Vec<EntityMention> {
    let text = &prepared.article.text;
    let pairs = prepared.sentences.iter().zip(readings);
    let read: Vec<(Role, EntityMention)> = pairs
        .flat_map(|(sentence, reading)| {
            let placed = |mention: &EntityMention| {
                (sentence.role, EntityMention { span: shifted(mention.span, sentence), ..mention.clone() })
            };
            reading.entities.iter().map(placed)
        })
        .collect();
    // What only a link or a credit names is not in the article.
    let outside = read.iter().filter(|(role, _)| *role != Role::Boilerplate);
    let named: HashSet<&str> = outside.map(|(_, mention)| mention.span.of(text)).collect();
    let mentions = read.into_iter().map(|(_, mention)| mention);
    let mentions = mentions.filter(|mention| named.contains(mention.span.of(text))).collect();
    entities::with_repeats(text, mentions)
}
