//! Named entities: the people, organisations, places and other things that an article names.
//!
//! A *mention* is one place where the text names an entity. Labels of words are decoded into mentions ([`bio`],
//! [`schemes`]), their ends and types are corrected ([`case`], [`corrected`]), places where the model missed a name of the
//! article are found ([`with_repeats`]), and the mentions that name the same thing are grouped into one entity
//! ([`group()`]).

pub mod bio;
mod brackets;
pub mod case;
mod families;
mod form;
mod fragments;
pub mod gender;
mod group;
mod known_types;
mod lengthened;
pub mod letters;
mod members;
mod name_index;
mod names;
mod people;
mod person;
mod repeats;
pub mod schemes;
mod spelling;
mod storms;

pub(crate) use form::root_of;
pub use group::{Entity, Mention, group};
pub use members::are_member_and_group;
pub use name_index::NameIndex;
pub use names::Name;
pub use person::{Fit, PersonName, family_name, is_address, without_title};
pub use repeats::with_repeats;

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::Span;

/// A mention: one place where a text names an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityMention {
    /// Byte span in the text that was read: a passage, or the whole article.
    pub span: Span,
    /// Its type.
    pub kind: EntityType,
    /// Mean probability of the labels chosen for its words.
    pub score: f64,
    /// The model's own name of the type, where it differs from [`EntityType`].
    pub label: Option<String>,
}

/// Entity types of CoNLL-2003 (Tjong Kim Sang and De Meulder 2003).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum EntityType {
    /// People.
    Per,
    /// Organisations.
    Org,
    /// Places.
    Loc,
    /// Other names: nationalities, events, works.
    Misc,
}

/// The mentions that were found in a text, in order, with their types and ends corrected: fragments are completed, known names
/// have their type, storms are events, offices and parties are no part of a name, brackets have both sides.
pub fn corrected(text: &str, found: impl Iterator<Item = EntityMention>) -> Vec<EntityMention> {
    let whole = found.filter_map(|mention| fragments::completed(text, mention));
    let whole = whole.map(|mention| known_types::with_known_type(text, case::without_office(text, mention)));
    let named = whole.filter_map(|mention| case::without_party(text, storms::as_event(text, mention)));
    brackets::closed(text, named.collect())
}

impl EntityType {
    /// All types.
    pub const ALL: [Self; 4] = [Self::Per, Self::Org, Self::Loc, Self::Misc];

    /// The name in CoNLL-2003 and in all output: `PER`, `ORG`, `LOC` or `MISC`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Misc => "MISC",
        }
    }
}

impl FromStr for EntityType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| format!("'{text}' is no entity type; known: PER, ORG, LOC, MISC"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::Span;

    /// Words that some rule looks for, and characters of several bytes around them.
    const PIECES: &[&str] = &[
        "Mr.",
        "Sen. ",
        "non-",
        "al-",
        "President ",
        "Ann Poé",
        "Trump",
        "Donald ",
        "Islamic ",
        "State",
        "E.P.A",
        "the ",
        "U.S.",
        "(",
        ")",
        ", ",
        ". ",
        "\u{a0}",
        "\u{2009}",
        "\n",
        "“",
        "”",
        "’s",
        "'",
        "#",
        "@",
        "https://t.co/",
        "/",
        "-",
        "—",
        "É",
        "ß",
        "İ",
        "Storm ",
        "Party",
        "of ",
    ];

    proptest! {
        #[test]
        fn every_text_has_entities(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..20),
            cuts in proptest::collection::vec(0usize..100, 0..10),
            kinds in proptest::collection::vec(proptest::sample::select(&EntityType::ALL[..]), 5),
        ) {
            let text = pieces.concat();
            let mut at: Vec<usize> = cuts.into_iter().map(|cut| text.floor_char_boundary(cut.min(text.len()))).collect();
            at.sort();
            at.dedup();
            let found = at.chunks_exact(2).zip(kinds).map(|(pair, kind)| {
                EntityMention { span: Span::new(pair[0], pair[1]), kind, score: 0.9, label: None }
            });
            let mentions = with_repeats(&text, corrected(&text, found));
            for mention in &mentions {
                prop_assert!(!mention.span.of(&text).is_empty());
            }
            for entity in group(&text, &mentions) {
                prop_assert!(!entity.mentions.is_empty());
            }
        }
    }
}
