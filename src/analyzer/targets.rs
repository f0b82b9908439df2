//! The mentions of targets in an article: matches of their aliases, confirmed by the named entities of the readings, and
//! all mentions of the entities that have an alias as a name.

use std::borrow::Cow;

use super::{PreparedArticle, shifted};
use crate::article::Span;
use crate::entities::{Entity, EntityType, NameIndex};
use crate::reader::Reading;
use crate::stance::{Target, TargetMention, TextCase, Words};

/// For each target and sentence, the places that may mention the target.
pub fn found(text: &str, sentences: &[Cow<str>], targets: &[Target]) -> Vec<Vec<Vec<TargetMention>>> {
    if targets.is_empty() {
        return Vec::new();
    }
    let case = TextCase::of(text);
    let words: Vec<Words> = sentences.iter().map(|sentence| Words::of(sentence)).collect();
    targets.iter().map(|target| words.iter().map(|words| target.mentions(words, case)).collect()).collect()
}

/// For each target the spans of the article that mention it, in order and without overlaps. Adds a warning where the letter
/// case of the text cannot show whether a target is meant, and where a target with a capital is only found in small letters.
pub fn mentions(
    prepared: &PreparedArticle,
    targets: &[Target],
    readings: &[Reading],
    entities: &[Entity],
    warnings: &mut Vec<String>,
) -> Vec<Vec<Span>> {
    let (text, sentences) = (&prepared.article.text, &prepared.sentences);
    let names = NameIndex::of(text, entities);
    let is_named = |sentence: usize, span: Span| {
        readings[sentence].entities.iter().any(|entity| entity.span.overlaps(span))
    };
    let mut spans = Vec::with_capacity(targets.len());
    for (target, found) in targets.iter().zip(&prepared.mentions) {
        let confirmed = target.confirmed(found, is_named);
        if confirmed.iter().flatten().any(|mention| mention.guess) {
            warnings.push(format!(
                "the text does not use capital and small letters as usual: where it mentions '{}' is a guess",
                target.name
            ));
        }
        let named = target.entities(&names);
        let places = sentences.iter().zip(&confirmed);
        let mut places: Vec<Span> = places
            .flat_map(|(sentence, mentions)| mentions.iter().map(|mention| shifted(mention.span, sentence)))
            .collect();
        let namesakes = namesakes(&named, entities, text);
        places.retain(|span| !span.overlaps_any(&namesakes));
        let of_entities =
            named.iter().flat_map(|&entity| &entities[entity].mentions).map(|mention| mention.span);
        let more: Vec<Span> = of_entities.filter(|span| !span.overlaps_any(&places)).collect();
        places.extend(more);
        places.sort();
        if places.is_empty() {
            let mut texts = sentences.iter().map(|sentence| sentence.span.of(text));
            if let Some(alias) = texts.find_map(|text| target.in_small_letters(text)) {
                warnings.push(format!(
                    "'{alias}' is in the text with small letters only, and a target with a capital is looked for with one: give '{}' to find it in any case",
                    alias.to_lowercase()
                ));
            }
        }
        spans.push(places);
    }
    spans
}

/// The mentions of other people in which an alias does not mean the target, in order. For a target that is a person with a
/// full name, they are those of all other people with full names: the alias "Johnson" of the target Boris Johnson does not
/// mean "Rachel Johnson". For one that is a place or an organisation, they are the names of people of several words: "Israel"
/// does not mean "Israel Katz".
fn namesakes(named: &[usize], entities: &[Entity], text: &str) -> Vec<Span> {
    let is_person = |entity: &Entity| entity.kind == EntityType::Per && entity.name.contains(' ');
    let has_person = named.iter().any(|&entity| is_person(&entities[entity]));
    let has_other = named.iter().any(|&entity| entities[entity].kind != EntityType::Per);
    let others = entities
        .iter()
        .enumerate()
        .filter(|(number, entity)| (has_person || has_other) && !named.contains(number) && is_person(entity));
    let mentions = others.flat_map(|(_, entity)| entity.mentions.iter().map(|mention| mention.span));
    let mut spans: Vec<Span> =
        mentions.filter(|span| has_person || span.of(text).contains(char::is_whitespace)).collect();
    spans.sort();
    spans
}
