//! Names whose type is known, whatever the model takes them for.

use super::person::ends_with_address;
use super::{EntityMention, EntityType};

/// Armed groups, which models take for a place, a person or an event. In CoNLL-2003, `worldwide` and `politics`, 50 of 51 mentions of
/// them are organisations.
#[rustfmt::skip]
const ORGANISATIONS: &[&str] = &[
    "Islamic State", "ISIS", "ISIL", "Daesh", "Boko Haram", "Hamas", "Hezbollah", "Hizbollah", "Hizbullah", "Taliban", "al-Qaeda",
    "Al-Qaeda", "al Qaeda", "Al Qaeda", "al-Qaida", "Al-Qaida", "al Qaida", "Al Qaida", "al-Shabaab", "Al-Shabaab", "al Shabaab",
    "Al Shabaab",
];

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

/// Last words of the names of organisations and of some places. In these sets, no name that ends with them is of another type.
const BODIES_OR_PLACES: &[&str] = &["Authority", "Bureau", "Corporation", "Court", "Navy", "Parliament"];

/// The score from which on a name before "-based" has the type that was found: "Android-based".
const SURE: f64 = 0.9;

/// Endings of names of peoples.
const PEOPLES: &[&str] =
    &["can", "ean", "ese", "i", "ian", "ish", "Arab", "Dutch", "French", "German", "Greek", "Swiss"];

/// A mention with the type that its name is known to have, or that "Sen." before it shows. What is not the name of a people before
/// "-based" is a place: in the dev set of `worldwide`, 4 of 5 names that are taken for something else there, the other an organisation.
pub fn with_known_type(text: &str, mention: EntityMention) -> EntityMention {
    let name = mention.span.of(text);
    let is_person = ends_with_address(&text[..mention.span.start]) && name.starts_with(char::is_uppercase);
    let is_misc = mention.kind == EntityType::Misc;
    let is_body = name
        .rsplit_once(' ')
        .is_some_and(|(_, last)| BODIES.contains(&last) || (is_misc && BODIES_OR_PLACES.contains(&last)));
    let is_people = PEOPLES.iter().any(|ending| name.ends_with(ending));
    if is_misc && !is_people && mention.score < SURE && text[mention.span.end..].starts_with("-based") {
        return EntityMention { kind: EntityType::Loc, ..mention };
    }
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
        assert_eq!((found("Boko Haram"), found("Earls Court")), (EntityType::Org, EntityType::Loc));
        let event = |text: &str, name: &str| {
            let span = Span::new(0, name.len());
            let mention = EntityMention { span, kind: EntityType::Misc, score: 0.8, label: None };
            with_known_type(text, mention).kind
        };
        assert_eq!(event("Clay County Circuit Court", "Clay County Circuit Court"), EntityType::Org);
        assert_eq!(event("Brooklyn-based aides", "Brooklyn"), EntityType::Loc);
        assert_eq!(event("Colombian-based firm", "Colombian"), EntityType::Misc);
        let text = "Sen. Angus King left";
        let mention =
            EntityMention { span: Span::new(5, 15), kind: EntityType::Misc, score: 0.9, label: None };
        assert_eq!(with_known_type(text, mention).kind, EntityType::Per);
    }
}
