//! Names whose type is known, whatever the model takes them for.

use super::person::ends_with_address;
use super::{EntityMention, EntityType};

/// Organisations that are called a state, or by an acronym that models take for a place or a person.
const ORGANISATIONS: &[&str] = &["Islamic State", "ISIS", "ISIL", "Daesh"];

/// Last words of the names of organisations. In CoNLL-2003, `worldwide` and `politics`, 4 of 593 names that end with them are of
/// another type.
const BODIES: &[&str] = &[
    "Agency",
    "Association",
    "Commission",
    "Committee",
    "Council",
    "Department",
    "Foundation",
    "Institute",
    "Ministry",
    "Organisation",
    "Organization",
    "Party",
    "University",
];

/// A mention with the type that its name is known to have, or that "Sen." before it shows.
pub fn with_known_type(text: &str, mention: EntityMention) -> EntityMention {
    let name = mention.span.of(text);
    let is_person = ends_with_address(&text[..mention.span.start]) && name.starts_with(char::is_uppercase);
    let is_body = name.rsplit_once(' ').is_some_and(|(_, last)| BODIES.contains(&last));
    // "Never Trump" is a movement.
    let is_motto = mention.kind == EntityType::Per
        && ["Never ", "Stop ", "Anti-", "Pro-"].iter().any(|word| name.starts_with(word));
    match (ORGANISATIONS.contains(&name) || is_body, is_person) {
        _ if is_motto => EntityMention { kind: EntityType::Misc, ..mention },
        (true, _) => EntityMention { kind: EntityType::Org, ..mention },
        (_, true) => EntityMention { kind: EntityType::Per, ..mention },
        _ => mention,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;

    #[test]
    fn what_is_known_of_a_name_is_its_type() {
        let found = |name: &str| {
            let mention = EntityMention {
                span: Span::new(0, name.len()),
                kind: EntityType::Loc,
                score: 0.9,
                label: None,
            };
            with_known_type(name, mention).kind
        };
        assert_eq!((found("ISIS"), found("Iraq")), (EntityType::Org, EntityType::Loc));
        assert_eq!((found("World Trade Organization"), found("Council")), (EntityType::Org, EntityType::Loc));
        let text = "Sen. Angus King left";
        let mention =
            EntityMention { span: Span::new(5, 15), kind: EntityType::Misc, score: 0.9, label: None };
        assert_eq!(with_known_type(text, mention).kind, EntityType::Per);
    }
}
