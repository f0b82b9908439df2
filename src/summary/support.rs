//! Checks generated summaries against the article: whether the article has the names and numbers of a generated sentence,
//! and which of its sentences are nearest to it.
//!
//! A name is found if the article has the same words, or a form that grouping of mentions would join with it ("EU" for
//! "European Union"). Numbers are compared as digits, whether they are written in digits or in words.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use text2num::{Language, replace_numbers_in_text};

use super::{dot, unit};
use crate::article::collapsed;
use crate::entities::letters::folded;
use crate::entities::{Entity, Name, without_title};

/// The names, numbers and sentence vectors of an article, which a generated summary is checked against.
pub struct SourceArticle {
    /// The article, folded, with single blanks.
    text: String,
    names: Vec<Name>,
    numbers: HashSet<String>,
    /// Index and vector of length 1 of each sentence that has tokens.
    sentences: Vec<(usize, Vec<f32>)>,
}

/// How far the article supports a generated sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// Indices of the nearest sentences of the article, the nearest first.
    pub nearest: Vec<usize>,
    /// Cosine of its vector and that of the nearest sentence.
    pub similarity: f64,
    /// Its names and numbers that the article does not have, as the generated sentence writes them.
    pub unsupported: Vec<String>,
}

/// How many of the nearest sentences are given.
const NEAREST: usize = 3;
/// A smaller number in words ("one of the …") is not checked.
const MIN_IN_WORDS: f64 = 10.0;

impl SourceArticle {
    /// Collects what an article has. `vectors` are those of its sentences, in order; empty ones are left out.
    pub fn new<'v>(article: &str, entities: &[Entity], vectors: impl Iterator<Item = &'v [f32]>) -> Self {
        let forms: HashSet<&str> =
            entities.iter().flat_map(|entity| &entity.mentions).map(|m| m.span.of(article)).collect();
        let vectors = vectors.enumerate().filter(|(_, vector)| !vector.is_empty());
        Self {
            text: plain(article),
            names: forms.into_iter().map(Name::new).collect(),
            numbers: numbers(article, 0.0).into_iter().map(|(_, digits)| digits).collect(),
            sentences: vectors.map(|(number, vector)| (number, unit(vector.to_vec()))).collect(),
        }
    }

    /// Checks a generated sentence with its names and its vector.
    pub fn support<'n>(
        &self,
        sentence: &str,
        names: impl Iterator<Item = &'n str>,
        vector: &[f32],
    ) -> Support {
        let mut unsupported: Vec<String> =
            names.filter(|name| !self.has_name(name)).map(String::from).collect();
        let named = plain(&unsupported.join(" "));
        let missing =
            numbers(sentence, MIN_IN_WORDS).into_iter().filter(|(_, digits)| !self.numbers.contains(digits));
        unsupported
            .extend(missing.map(|(written, _)| written).filter(|written| !named.contains(written.as_str())));
        unsupported.dedup();
        let direction = unit(vector.to_vec());
        let mut near: Vec<(f32, usize)> =
            self.sentences.iter().map(|(number, other)| (dot(&direction, other), *number)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        Support {
            similarity: near
                .first()
                .filter(|_| !vector.is_empty())
                .map_or(0.0, |(cosine, _)| f64::from(*cosine)),
            nearest: near.into_iter().take(NEAREST).map(|(_, number)| number).collect(),
            unsupported,
        }
    }

    /// Whether the article has a name, or another form of it.
    fn has_name(&self, written: &str) -> bool {
        let name = Name::new(without_title(written));
        let joins = |form: &Name| {
            name.key == form.key
                || name.is_surname_of(form)
                || name.is_acronym_of(form)
                || form.is_acronym_of(&name)
                || name.is_core_of(form)
                || form.is_core_of(&name)
                || name.is_variant_of(form)
        };
        name.key.is_empty()
            || has_words(&self.text, &plain(&name.words.join(" ")))
            || self.names.iter().any(joins)
    }
}

/// A text, folded as the words of a [`Name`] are, with single blanks.
fn plain(text: &str) -> String {
    folded(&collapsed(text))
}

/// Whether `text` has `words` as whole words.
fn has_words(text: &str, words: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !words.is_empty()
        && text.match_indices(words).any(|(at, found)| {
            !inner(text[..at].chars().next_back()) && !inner(text[at + found.len()..].chars().next())
        })
}

/// The numbers of a text, each as it is written once words are digits, and as digits without commas. Numbers in words that
/// are smaller than `least` are left out.
fn numbers(text: &str, least: f64) -> Vec<(String, String)> {
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d+(?:[.,]\d+)*").expect("a valid pattern"));
    static ENGLISH: LazyLock<Language> = LazyLock::new(Language::english);
    let digits = replace_numbers_in_text(text, &*ENGLISH, least);
    let of = |text: &str| {
        let each =
            NUMBER.find_iter(text).map(|found| (found.as_str().to_owned(), found.as_str().replace(',', "")));
        each.collect::<Vec<_>>()
    };
    // Of the article, numbers are also taken as they are written: "20 thousand" gives both 20 and 20000.
    let mut found = of(&digits);
    if least == 0.0 {
        found.extend(of(text));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::entities::{EntityType, Mention};

    const ARTICLE: &str = "Emmanuel Macron said on Thursday that 2,400 soldiers would leave Mali.\n\
        The European Union had sent twenty-five trainers; it costs 3.5 million euros.";

    fn source() -> SourceArticle {
        let entity = |name: &str| {
            let start = ARTICLE.find(name).unwrap();
            let mention = Mention { span: Span::new(start, start + name.len()), score: 1.0, label: None };
            Entity { name: name.into(), kind: EntityType::Org, gender: None, mentions: vec![mention] }
        };
        let entities = [entity("Emmanuel Macron"), entity("Mali"), entity("European Union")];
        SourceArticle::new(ARTICLE, &entities, [[1.0, 0.0].as_slice(), &[0.6, 0.8], &[]].into_iter())
    }

    fn unsupported(sentence: &str, names: &[&str]) -> Vec<String> {
        source().support(sentence, names.iter().copied(), &[1.0, 0.0]).unsupported
    }

    #[test]
    fn names_of_the_article_and_their_short_forms_are_supported() {
        assert!(
            unsupported("x", &["Macron", "Mali", "EU", "E.U.", "the European Union", "President Macron"])
                .is_empty()
        );
        assert_eq!(
            unsupported("x", &["Olaf Scholz", "Malian", "Brigitte Macron"]),
            ["Olaf Scholz", "Malian", "Brigitte Macron"]
        );
    }

    #[test]
    fn numbers_in_words_and_in_digits_are_compared() {
        assert!(unsupported("Some 2400 of the 25 left, one of them for 3.5 million.", &[]).is_empty());
        assert!(unsupported("Twenty-five trainers", &[]).is_empty());
        assert_eq!(unsupported("Some 2,500 left for thirty euros.", &[]), ["2,500", "30"]);
        assert_eq!(unsupported("It costs 3.6 million.", &[]).len(), 1);
    }

    #[test]
    fn the_nearest_sentences_come_first() {
        let support = source().support("x", std::iter::empty(), &[0.5, 0.9]);
        assert_eq!(support.nearest, [1, 0]);
        assert!((support.similarity - 0.99).abs() < 0.01, "{}", support.similarity);
        assert_eq!(source().support("x", std::iter::empty(), &[]).similarity, 0.0);
    }
}
