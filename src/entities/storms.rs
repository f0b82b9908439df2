//! Names of storms, which are given names of people: "Hurricane Ian" is an event and no person.

use std::sync::LazyLock;

use regex::Regex;

use super::{EntityMention, EntityType};
use crate::article::Span;

/// The words before the name of a storm.
const KINDS: &str = r"(?:(?:Super|Tropical) )?(?:Hurricane|Typhoon|Cyclone|Storm)|Tropical Depression";

/// A mention of a storm's name as an event, together with the word for its kind; any other mention as it is.
pub fn as_event(text: &str, mention: EntityMention) -> EntityMention {
    static BEFORE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!(r"\b(?:{KINDS}) $")).expect("a valid pattern"));
    static INSIDE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!(r"^(?:{KINDS}) \p{{Lu}}")).expect("a valid pattern"));
    let from = text.ceil_char_boundary(mention.span.start.saturating_sub(24));
    let start = match BEFORE.find(&text[from..mention.span.start]) {
        Some(before) => from + before.start(),
        None if INSIDE.is_match(mention.span.of(text)) => mention.span.start,
        None => return mention,
    };
    EntityMention { span: Span::new(start, mention.span.end), kind: EntityType::Misc, ..mention }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storms_are_events() {
        use EntityType::{Loc, Misc, Org, Per};
        for (text, name, kind, wanted) in [
            ("Hurricane Ian hit Cuba.", "Ian", Per, ("Hurricane Ian", Misc)),
            ("When Super Typhoon Haiyan hit", "Haiyan", Loc, ("Super Typhoon Haiyan", Misc)),
            ("Storm Eunice came.", "Storm Eunice", Org, ("Storm Eunice", Misc)),
            ("Ian Moore left.", "Ian Moore", Per, ("Ian Moore", Per)),
            ("The storm Ian saw", "Ian", Per, ("Ian", Per)),
        ] {
            let start = text.find(name).unwrap();
            let span = Span::new(start, start + name.len());
            let found = as_event(text, EntityMention { span, kind, score: 0.9, label: None });
            assert_eq!((found.span.of(text), found.kind), wanted, "{text}");
        }
    }
}
