//! Names whose type is known, whatever the model takes them for.

use super::{EntityMention, EntityType};

/// Organisations that are called a state, or by an acronym that models take for a place or a person.
const ORGANISATIONS: &[&str] = &["Islamic State", "ISIS", "ISIL", "Daesh"];

/// A mention with the type that its name is known to have.
pub fn with_known_type(text: &str, mention: EntityMention) -> EntityMention {
    match ORGANISATIONS.contains(&mention.span.of(text)) {
        true => EntityMention { kind: EntityType::Org, ..mention },
        false => mention,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;

    #[test]
    fn islamic_state_is_an_organisation() {
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
    }
}
