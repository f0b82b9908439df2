//! Whether a generated sentence says what the article says: its names and numbers, and the sentences nearest to it.
//!
//! Names count as found when the article writes them so, or has a form that grouping would join with them ("EU" for
//! "European Union"). Numbers are compared as digits, whether written in digits or in words.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use text2num::{Language, replace_numbers_in_text};

use super::{dot, unit};
use crate::entities::letters::folded;
use crate::entities::{Entity, Name, without_title};

/// What an article has that a summary may speak of.
pub struct Sources {
    /// The article in small letters, every run of white space one blank.
    text: String,
    names: Vec<Name>,
    numbers: HashSet<String>,
    /// Directions of the sentences' vectors; empty for a sentence without tokens.
    sentences: Vec<(usize, Vec<f32>)>,
}

/// How a generated sentence is borne out.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// Sentences of the article, by number, that are nearest to it, nearest first.
    pub nearest: Vec<usize>,
    /// Cosine of its vector and the nearest one's.
    pub similarity: f64,
    /// Its names and numbers that the article does not have, as it writes them.
    pub unsupported: Vec<String>,
}

/// Sentences that are looked at together for what bears a generated one out.
const NEAREST: usize = 3;
/// Numbers below it that are written as words ("one of the …") are no claim.
const CLAIMED: f64 = 10.0;

impl Sources {
    /// `vectors` are those of the article's sentences; empty ones are left out.
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

    /// Compares a generated sentence, the names in it, and its vector, with the article.
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
            numbers(sentence, CLAIMED).into_iter().filter(|(_, digits)| !self.numbers.contains(digits));
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

/// Folded, as the words of a [`Name`] are.
fn plain(text: &str) -> String {
    folded(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether `words` stand in `text` as whole words.
fn has_words(text: &str, words: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !words.is_empty()
        && text.match_indices(words).any(|(at, found)| {
            !inner(text[..at].chars().next_back()) && !inner(text[at + found.len()..].chars().next())
        })
}

/// Numbers as they stand once words are digits, and without what only groups their digits. Words that stand for less
/// than `least` stay words.
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
    // What stood in digits counts as it stood, too: "20 thousand" and "20,000" are looked for in both readings.
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

    fn sources() -> Sources {
        let entity = |name: &str| {
            let start = ARTICLE.find(name).unwrap();
            let mention = Mention { span: Span::new(start, start + name.len()), score: 1.0, label: None };
            Entity { name: name.into(), kind: EntityType::Org, gender: None, mentions: vec![mention] }
        };
        let entities = [entity("Emmanuel Macron"), entity("Mali"), entity("European Union")];
        Sources::new(ARTICLE, &entities, [[1.0, 0.0].as_slice(), &[0.6, 0.8], &[]].into_iter())
    }

    fn unsupported(sentence: &str, names: &[&str]) -> Vec<String> {
        sources().support(sentence, names.iter().copied(), &[1.0, 0.0]).unsupported
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
    fn numbers_are_compared_whatever_they_are_written_in() {
        assert!(unsupported("Some 2400 of the 25 left, one of them for 3.5 million.", &[]).is_empty());
        assert!(unsupported("Twenty-five trainers", &[]).is_empty());
        assert_eq!(unsupported("Some 2,500 left for thirty euros.", &[]), ["2,500", "30"]);
        assert_eq!(unsupported("It costs 3.6 million.", &[]).len(), 1);
    }

    #[test]
    fn the_nearest_sentences_come_first() {
        let support = sources().support("x", std::iter::empty(), &[0.5, 0.9]);
        assert_eq!(support.nearest, [1, 0]);
        assert!((support.similarity - 0.99).abs() < 0.01, "{}", support.similarity);
        assert_eq!(sources().support("x", std::iter::empty(), &[]).similarity, 0.0);
    }
}
