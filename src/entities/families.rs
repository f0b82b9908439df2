//! Family names that the model takes for something else: "Munster expects" in an article on Gene Munster.

use std::collections::{HashMap, HashSet};

use super::person::family_name;
use super::{EntityMention, EntityType};

/// Least score of the full name.
const LEAST_SCORE: f64 = 0.8;
/// The mean score of a name that is taken for an organisation or another thing, from which on it is one: "Disney" beside "Walt Disney".
const SURE: f64 = 0.8;
/// The same for a place: "Washington" beside "George Washington".
const SURE_PLACE: f64 = 0.6;

/// The mentions of an article; one that consists of the family name of a person whom the article names in full is that person, too,
/// where the model is not sure of another type, and where no longer name of another thing has it ("Apple Watch" beside "Eli Apple").
pub fn with_families(text: &str, mut mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    let is_person = |mention: &EntityMention| mention.kind == EntityType::Per;
    let full = mentions.iter().filter(|mention| is_person(mention) && mention.score >= LEAST_SCORE);
    let families: HashSet<&str> = full.filter_map(|mention| family_name(mention.span.of(text))).collect();
    // Number and sum of the scores of each name that is no person's.
    let mut others: HashMap<&str, (f64, f64)> = HashMap::new();
    let mut parts: HashSet<&str> = HashSet::new();
    for mention in mentions.iter().filter(|mention| !is_person(mention)) {
        let name = mention.span.of(text);
        if name.contains(char::is_whitespace) {
            parts.extend(name.split_whitespace());
        } else if families.contains(name) {
            let (count, sum) = others.entry(name).or_default();
            *count += 1.0;
            *sum += mention.score;
        }
    }
    for mention in &mut mentions {
        let name = mention.span.of(text);
        let sure = if mention.kind == EntityType::Loc { SURE_PLACE } else { SURE };
        if !parts.contains(name) && others.get(name).is_some_and(|(count, sum)| *sum < sure * count) {
            mention.kind = EntityType::Per;
        }
    }
    mentions
}

#[cfg(test)]
mod tests {
    use EntityType::{Loc, Org, Per};

    use super::*;
    use crate::article::Span;

    #[test]
    fn the_family_name_of_a_person_is_that_person() {
        for (text, names, wanted) in [
            (
                "Gene Munster spoke. Munster left.",
                &[("Gene Munster", Per, 0.9), ("Munster", Org, 0.6)][..],
                Per,
            ),
            ("Walt Disney spoke. Disney grew.", &[("Walt Disney", Per, 0.9), ("Disney", Org, 0.9)], Org),
            ("Ann Poe spoke. Poe is far.", &[("Ann Poe", Per, 0.9), ("Poe", Loc, 0.7)], Loc),
            ("Ann Poe spoke. Poe is far.", &[("Ann Poe", Per, 0.5), ("Poe", Org, 0.6)], Org),
            (
                "Eli Apple spoke. Apple Watch sold. Apple grew.",
                &[("Eli Apple", Per, 0.9), ("Apple Watch", Org, 0.9), ("Apple", Org, 0.6)],
                Org,
            ),
        ] {
            let mention = |(name, kind, score): &(&str, EntityType, f64)| {
                let start = text.rfind(name).unwrap();
                let span = Span::new(start, start + name.len());
                EntityMention { span, kind: *kind, score: *score, label: None }
            };
            let found = with_families(text, names.iter().map(mention).collect());
            assert_eq!(found.last().map(|mention| mention.kind), Some(wanted), "{text}");
        }
    }
}
