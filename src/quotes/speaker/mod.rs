//! Finds the speaker of each sentence that quotes somebody or reports what somebody said, by rules.
//!
//! The rules look for verbs of saying ([`cues`](super::cues)) and their subjects ([`clause`](super::clause)), after the
//! syntactic patterns of Pouliquen, Steinberger and Best (2007), "Automatic Detection of Quotations in Multilingual News".
//! If the subject is a name, the speaker is that entity. A pronoun or an office is resolved to a person whom the article
//! mentioned before. Nouns such as "the statement" are speakers as they stand.

mod focus;
mod names;
mod offices;
mod parsed;
mod quoted;
mod referent;
mod spread;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_offices;
#[cfg(test)]
mod tests_of_pronouns;
#[cfg(test)]
mod tests_of_subjects;
mod transcript;
mod unnamed;
mod verb;
mod verbless;

use std::collections::{HashMap, HashSet};

use self::focus::Focus;
use self::names::called;
pub use self::names::{mentions_in, mentions_in_order, mentions_within};
use self::offices::Offices;
use self::parsed::ParsedSentence;
pub use self::quoted::{is_bare, quoted, runs_on};
use self::referent::Referent;
use self::spread::spread_speakers;
pub use self::transcript::Turn;
use self::transcript::apply_transcript;
pub use self::unnamed::phrase_of;
use self::unnamed::unnamed_speaker;
pub use self::verb::is_no_statement;
use crate::article::{Sentence, Span};
use crate::entities::{Entity, without_title};

/// The speakers of an article.
pub struct Speakers {
    /// For each sentence its speaker, if any.
    of_sentences: Vec<Option<String>>,
    /// The entity's name for each source that could be resolved.
    of_sources: HashMap<Span, String>,
    /// The names that are the subject of a verb, as bytes of the article.
    pub subjects: HashSet<Span>,
    /// The turns of those who speak in a transcript, in order; none in another article.
    pub turns: Vec<Turn>,
}

impl Speakers {
    /// Finds the speakers of an article. `quoted` are the [`quoted`] spans of each sentence, `names` the mentions of
    /// the whole article in order, and `sources` the sources that the attribution head found in each sentence, as bytes of the article.
    pub fn find(
        text: &str,
        sentences: &[Sentence],
        quoted: &[Vec<Span>],
        names: &[(Span, &Entity)],
        sources: &[Vec<Span>],
    ) -> Self {
        let offices = Offices::of(text, names);
        let called = called(text, names);
        let mut focus = Focus::default();
        let mut found: Vec<Option<Referent>> = Vec::with_capacity(sentences.len());
        let mut announced: Vec<Option<Referent>> = Vec::with_capacity(sentences.len());
        let mut of_sources = HashMap::new();
        let mut subjects = HashSet::new();
        for (number, sentence) in sentences.iter().enumerate() {
            let inside = sentence.span.of(text);
            let start = sentence.span.start;
            let parsed = ParsedSentence::new(inside, mentions_in(names, sentence.span), &quoted[number]);
            let said = focus.speaker(&parsed, &offices).map(|referent| match referent {
                Referent::Unnamed(Some(span)) => Referent::Unnamed(Some(span.shifted(start))),
                other => other,
            });
            subjects.extend(parsed.subjects().map(|span| span.shifted(start)));
            let mut named = None;
            for source in &sources[number] {
                let place = Span::new(source.start - start, source.end - start);
                let entity = match focus.resolve_source(&parsed, place, &offices) {
                    Some(Referent::Entity(entity)) => Some(entity),
                    // A name may be found in one place and missed in another, and what stands in brackets has no tokens.
                    _ => called.get(without_title(source.of(text))).copied().flatten(),
                };
                if let Some(entity) = entity {
                    of_sources.insert(*source, entity.name.clone());
                    named = named.or(Some(Referent::Entity(entity)));
                }
            }
            focus.update(&parsed, named.filter(|_| sources[number].len() == 1).or(said));
            // "Macron said:" has no content itself; it names the speaker of the next sentence.
            let announces = parsed.announces_content();
            let before =
                number.checked_sub(1).and_then(|before| announced[before]).filter(|_| said.is_none());
            // "“Who?” Macron demanded.": "Macron demanded." is a sentence of its own, and what is said stands before it.
            let trails = said.is_some()
                && parsed.is_reporting_clause()
                && follows_quotation(text, sentences, quoted, number);
            if trails && found[number - 1].is_none() {
                found[number - 1] = said;
            }
            found.push(if announces || trails { None } else { said.or(before) });
            announced.push(said.filter(|_| announces));
        }
        spread_speakers(text, sentences, quoted, &mut found);
        let turns = apply_transcript(text, sentences, names, &mut found);
        of_sources.extend(sources_in_labels(&turns, sources));
        let speaker = |referent: Option<Referent>| match referent? {
            Referent::Entity(entity) => Some(entity.name.clone()),
            Referent::Unnamed(span) => unnamed_speaker(span?.of(text)),
        };
        Self { of_sentences: found.into_iter().map(speaker).collect(), of_sources, subjects, turns }
    }

    /// The speaker of a sentence, by its index: the name of an entity, or words such as "the statement".
    pub fn of_sentence(&self, sentence: usize) -> Option<&str> {
        self.of_sentences[sentence].as_deref()
    }

    /// The same, where it is one of the names of the article's entities, `known`.
    pub fn name_of_sentence(&self, sentence: usize, known: &HashSet<&str>) -> Option<String> {
        self.of_sentence(sentence).filter(|speaker| known.contains(speaker)).map(String::from)
    }

    /// The name of the entity that a source stands for, where it could be resolved.
    pub fn of_source(&self, source: Span) -> Option<&str> {
        self.of_sources.get(&source).map(String::as_str)
    }
}

/// The sources that stand in the label of a turn ("WALLACE:"), with the name of whom the label names.
fn sources_in_labels(turns: &[Turn], sources: &[Vec<Span>]) -> Vec<(Span, String)> {
    let in_label = |source: &Span| {
        let turn = turns.iter().find(|turn| turn.label.overlaps(*source))?;
        Some((*source, turn.speaker.clone()))
    };
    sources.iter().flatten().filter_map(in_label).collect()
}

/// Whether only a quotation, which ends, stands before a sentence in its paragraph.
fn follows_quotation(text: &str, sentences: &[Sentence], quoted: &[Vec<Span>], number: usize) -> bool {
    number.checked_sub(1).is_some_and(|before| {
        sentences[before].paragraph == sentences[number].paragraph
            && sentences[before].span.of(text).ends_with(['”', '"', '’', '\''])
            && is_bare(&sentences[before], &quoted[before])
    })
}
