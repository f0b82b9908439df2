//! Names whose type is known, whatever the model takes them for.

use super::person::is_address;
use super::{EntityMention, EntityType};
use crate::article::trailing_word;

/// Organisations that are called a state, or by an acronym that models take for a place or a person.
const ORGANISATIONS: &[&str] = &["Islamic State", "ISIS", "ISIL", "Daesh"];

/// A mention with the type that its name is known to have, or that "Sen." before it shows.
pub fn with_known_type(text: &str, mention: EntityMention) -> EntityMention {
    let before = &text[..mention.span.start];
    let address = before.trim_end_matches(' ').strip_suffix('.').map_or("", trailing_word);
    let name = mention.span.of(text);
    let is_person = before.ends_with(". ") && is_address(address) && name.starts_with(char::is_uppercase);
    match (ORGANISATIONS.contains(&name), is_person) {
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
        let text = "Sen. Angus King left";
        let mention =
            EntityMention { span: Span::new(5, 15), kind: EntityType::Misc, score: 0.9, label: None };
        assert_eq!(with_known_type(text, mention).kind, EntityType::Per);
    }
}
