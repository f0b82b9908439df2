//! Who says what a sentence says: the speaker of a quotation or of reported speech.
//!
//! Rules over verbs of saying ([`cues`](super::cues)) and their subjects ([`clause`](super::clause)), in the spirit of
//! the syntactic patterns of Pouliquen, Steinberger and Best (2007), "Automatic Detection of Quotations in Multilingual
//! News". A speaker is a name of the article where the subject is one; a pronoun or an office stands for whom the article
//! spoke of last; nouns such as "the statement" stand for themselves.

mod attribution;
mod carry;
mod focus;
mod names;
mod offices;
mod quoted;
#[cfg(test)]
mod tests;
mod transcript;
mod verb;
mod verbless;
mod view;
mod voice;

use std::collections::HashMap;

use self::attribution::Attribution;
use self::carry::carry;
use self::focus::Focus;
use self::names::{names, within};
use self::offices::Offices;
use self::quoted::is_bare;
pub use self::quoted::quoted;
use self::transcript::transcript;
use self::view::View;
use self::voice::voice;
use crate::article::{Sentence, Span};
use crate::entities::Entity;

/// The speakers of an article.
pub struct Speakers {
    /// By the rules, if any, of each sentence.
    of_sentences: Vec<Option<String>>,
    /// Whom words for a speaker stand for, where that is known.
    of_sources: HashMap<Span, String>,
}

impl Speakers {
    /// `quoted` are the [`quoted`] places of each sentence, `entities` those of the whole article, and `sources` the words for
    /// speakers that are found in each sentence, as bytes of the article.
    pub fn find(
        text: &str,
        sentences: &[Sentence],
        quoted: &[Vec<Span>],
        entities: &[Entity],
        sources: &[Vec<Span>],
    ) -> Self {
        let names = names(entities);
        let offices = Offices::of(text, &names);
        let mut focus = Focus::default();
        let mut found: Vec<Option<Attribution>> = Vec::with_capacity(sentences.len());
        let mut announced: Vec<Option<Attribution>> = Vec::with_capacity(sentences.len());
        let mut of_sources = HashMap::new();
        for (number, sentence) in sentences.iter().enumerate() {
            let inside = sentence.span.of(text);
            let view = View::new(inside, within(&names, sentence.span), &quoted[number]);
            let said = focus.attribution(&view, &offices).map(|attribution| match attribution {
                Attribution::Unnamed(Some(span)) => Attribution::Unnamed(Some(Span::new(
                    sentence.span.start + span.start,
                    sentence.span.start + span.end,
                ))),
                other => other,
            });
            for source in &sources[number] {
                let place = Span::new(source.start - sentence.span.start, source.end - sentence.span.start);
                if let Some(Attribution::Name(entity)) = focus.stands_for(&view, place, &offices) {
                    of_sources.insert(*source, entity.name.clone());
                }
            }
            focus.update(&view, said);
            // "Macron said:" says nothing by itself, and tells who speaks next.
            let announces = view.announces();
            let before =
                number.checked_sub(1).and_then(|before| announced[before]).filter(|_| said.is_none());
            // "“Who?” Macron demanded.": a sentence for the segmenter, but what is said stands before it.
            let trails = said.is_some()
                && view.trails()
                && number.checked_sub(1).is_some_and(|before| {
                    sentences[before].paragraph == sentence.paragraph
                        && sentences[before].span.of(text).ends_with(['”', '"', '’', '\''])
                        && is_bare(&sentences[before], &quoted[before])
                });
            if trails && found[number - 1].is_none() {
                found[number - 1] = said;
            }
            found.push(if announces || trails { None } else { said.or(before) });
            announced.push(said.filter(|_| announces));
        }
        carry(text, sentences, quoted, &mut found);
        transcript(text, sentences, &names, &mut found);
        let speaker = |attribution: Option<Attribution>| match attribution? {
            Attribution::Name(entity) => Some(entity.name.clone()),
            Attribution::Unnamed(span) => {
                let noun = span?.of(text);
                offices.holder(noun).map(str::to_owned).or_else(|| voice(noun))
            }
        };
        Self { of_sentences: found.into_iter().map(speaker).collect(), of_sources }
    }

    /// A name, or words such as "the statement".
    pub fn of_sentence(&self, sentence: usize) -> Option<&str> {
        self.of_sentences[sentence].as_deref()
    }

    pub fn of_source(&self, source: Span) -> Option<&str> {
        self.of_sources.get(&source).map(String::as_str)
    }
}
