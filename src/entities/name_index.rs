//! Finds the entity of an article that a name means.

use std::collections::HashMap;

use super::EntityType;
use super::group::Entity;
use super::names::Name;
use super::person::{Fit, PersonName};

/// The entities of an article by their names.
pub struct NameIndex {
    /// Key of a name → the index of its entity; `None` where several have it.
    by_key: HashMap<String, Option<usize>>,
    /// The persons: their names, and the indices of their entities.
    people: Vec<(PersonName, usize)>,
}

impl NameIndex {
    /// Indexes the `entities` of the article `text` by their names and by the words of their mentions.
    pub fn of(text: &str, entities: &[Entity]) -> Self {
        let mut by_key: HashMap<String, Option<usize>> = HashMap::new();
        let mut people = Vec::new();
        for (number, entity) in entities.iter().enumerate() {
            let surfaces = entity.mentions.iter().map(|mention| mention.span.of(text));
            for key in surfaces.chain([entity.name.as_str()]).flat_map(keys) {
                let owner = by_key.entry(key).or_insert(Some(number));
                // A family name that two people of the article share identifies neither of them.
                *owner = owner.filter(|&owner| owner == number);
            }
            if entity.kind == EntityType::Per {
                people.push((PersonName::new(&entity.name), number));
            }
        }
        Self { by_key, people }
    }

    /// The index of the entity that has this name; `None` where no entity or more than one has it. A person's full name also
    /// means a person whom the article gives another middle name or none ("Donald Trump", "Donald J. Trump"), or the family
    /// name only, unless somebody else in the article has that family name.
    pub fn entity(&self, name: &str) -> Option<usize> {
        let found = keys(name).into_iter().find_map(|key| self.by_key.get(&key).copied().flatten());
        found.or_else(|| self.person(&PersonName::new(name)))
    }

    /// The only person who may be meant by a full name that the article does not have.
    fn person(&self, wanted: &PersonName) -> Option<usize> {
        let only = |fits: &dyn Fn(&PersonName) -> bool| {
            let mut found = self.people.iter().filter(|(known, _)| fits(known)).map(|(_, number)| *number);
            found.next().filter(|_| found.next().is_none())
        };
        if !wanted.is_full() {
            return None;
        }
        let whole = |known: &PersonName| [wanted.fit(known), known.fit(wanted)].contains(&Some(Fit::Whole));
        only(&whole).or_else(|| {
            let by_family = |known: &PersonName| known.fit(wanted) == Some(Fit::Family);
            let family = only(&by_family)?;
            let namesake = |known: &PersonName| known.is_full() && known.words.last() == wanted.words.last();
            (!self.people.iter().any(|(known, _)| namesake(known))).then_some(family)
        })
    }
}

/// The keys under which a name is indexed.
fn keys(surface: &str) -> Vec<String> {
    let name = Name::new(surface);
    let mut keys = vec![name.key, PersonName::new(surface).key()];
    keys.extend(name.wide_key);
    keys.retain(|key| !key.is_empty());
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::entities::{EntityMention, group};

    #[test]
    fn a_full_name_finds_the_person_whom_the_article_means() {
        let found = |text: &str, names: &[&str], wanted: &str| {
            let mentions = names.iter().map(|name| {
                let start = text.find(name).unwrap();
                let span = Span::new(start, start + name.len());
                EntityMention { span, kind: EntityType::Per, score: 0.9, label: None }
            });
            let entities = group(text, &mentions.collect::<Vec<_>>());
            NameIndex::of(text, &entities).entity(wanted).map(|entity| entities[entity].name.clone())
        };
        let text = "Donald J. Trump left. President Macron and Muammar al-Gaddafi came, and so did Rachel Johnson and Johnson.";
        let names = ["Donald J. Trump", "Macron", "Muammar al-Gaddafi", "Rachel Johnson"];
        assert_eq!(found(text, &names, "Donald Trump").as_deref(), Some("Donald J. Trump"));
        assert_eq!(found(text, &names, "Emmanuel Macron").as_deref(), Some("Macron"));
        assert_eq!(found(text, &names, "Muammar Gaddafi").as_deref(), Some("Muammar al-Gaddafi"));
        assert_eq!(found(text, &names, "Boris Johnson"), None);
        assert_eq!(found(text, &names, "Ivanka Trump"), None);
    }
}
