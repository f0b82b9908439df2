//! The mentions of targets in an article: matches of their aliases, confirmed by the named entities of the readings, and
//! all mentions of the entities that have an alias as a name.

use super::prepared::{PreparedArticle, shifted};
use crate::article::Span;
use crate::entities::{Entity, EntityType, Name, NameIndex};
use crate::reader::Reading;
use crate::stance::Target;

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
    let in_order = mentions_in_order(entities);
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
        let is_person = named.iter().any(|&entity| entities[entity].kind == EntityType::Per);
        let is_in_another = |span: Span| {
            let near = in_order.partition_point(|(name, _)| name.end <= span.start);
            in_order.get(near).is_some_and(|&(name, owner)| {
                let (part, whole, kind) = (span.of(text), name.of(text), entities[owner].kind);
                name.contains(span) && !named.contains(&owner) && is_another(part, whole, kind, is_person)
            })
        };
        places.retain(|span| !span.overlaps_any(&namesakes) && !is_in_another(*span));
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

/// The mentions of all entities in the order of the text, each with the index of its entity.
fn mentions_in_order(entities: &[Entity]) -> Vec<(Span, usize)> {
    let numbered = entities.iter().enumerate();
    let mut mentions: Vec<(Span, usize)> = numbered
        .flat_map(|(number, entity)| entity.mentions.iter().map(move |mention| (mention.span, number)))
        .collect();
    mentions.sort();
    mentions
}

/// Last words of names that mean a person's own people and offices: "Trump Administration".
const OWN: &[&str] = &["administration", "cabinet", "campaign", "government", "house", "team"];

/// Whether an alias that is only a part of a longer name, which has this type, does not mean the target: "Washington" in "Washington
/// Post", "China" in "South China Sea", "Kansas" in "Kansas City". If the target is a person, what is called after them is something
/// else, too: "Trump" in "Trump University". Other bodies may be the target's own: "US Navy".
fn is_another(part: &str, whole: &str, kind: EntityType, is_person: bool) -> bool {
    let (part, whole) = (Name::new(part), Name::new(whole));
    let last = whole.words.last().map_or("", String::as_str);
    // "Post" means the "Washington Post".
    if part.words.last().is_none_or(|word| word == last) {
        return false;
    }
    let is_sea = kind == EntityType::Loc && last == "sea";
    let is_called_after =
        is_person && matches!(kind, EntityType::Org | EntityType::Loc) && !OWN.contains(&last);
    let is_newspaper = kind != EntityType::Per && whole.is_newspaper();
    is_sea || is_called_after || is_newspaper || part.is_apart_from(&whole, kind)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_longer_name_may_mean_something_else() {
        use EntityType::{Loc, Misc, Org};
        for (part, whole, kind, is_person) in [
            ("Washington", "Washington Post", Org, false),
            ("Washington", "The Washington Times", Org, false),
            ("China", "China Daily", Misc, false),
            ("China", "South China Sea", Loc, false),
            ("Mexico", "Mexico City", Loc, false),
            ("Trump", "Trump University", Org, true),
            ("Trump", "Trump Tower", Loc, true),
            ("Jackson", "Jackson, Mississippi", Loc, true),
        ] {
            assert!(is_another(part, whole, kind, is_person), "{part} in {whole}");
        }
        for (part, whole, kind, is_person) in [
            ("Post", "Washington Post", Org, false),
            ("Washington Post", "The Washington Post", Org, false),
            ("US", "US Navy", Org, false),
            ("Gaza", "Gaza Strip", Loc, false),
            ("New York", "New York City", Loc, false),
            ("Democratic", "Democratic National Committee", Org, false),
            ("Trump", "Trump Administration", Org, true),
            ("Trump", "Fort Trump", Loc, true),
            ("Trump", "Trump White House", Org, true),
        ] {
            assert!(!is_another(part, whole, kind, is_person), "{part} in {whole}");
        }
    }
}
