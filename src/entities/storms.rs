//! Names of storms, which are given names of people: "Hurricane Ian" is an event and no person.

use std::collections::HashSet;
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

/// The mentions of an article; "Ian" alone is the event, too, where the article has "Hurricane Ian", and nobody whose longer name has
/// an "Ian".
pub fn with_bare_names(text: &str, mut mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    static STORM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!(r"^(?:{KINDS}) (\p{{Lu}}\p{{L}}+)$")).expect("a valid pattern"));
    let names = || mentions.iter().map(move |mention| (mention.kind, mention.span.of(text)));
    let storms: HashSet<&str> =
        names().filter_map(|(_, name)| Some(STORM.captures(name)?.get(1)?.as_str())).collect();
    let people: HashSet<&str> = names()
        .filter(|(kind, name)| *kind == EntityType::Per && name.contains(' '))
        .flat_map(|(_, name)| name.split_whitespace())
        .collect();
    for mention in &mut mentions {
        let name = mention.span.of(text);
        if storms.contains(name) && !people.contains(name) {
            mention.kind = EntityType::Misc;
        }
    }
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_storm_alone_is_the_storm() {
        use EntityType::{Misc, Per};
        let kind = |text: &str, names: &[(&str, EntityType)]| {
            let place = |&(name, kind): &(&str, EntityType)| {
                let start = text.rfind(name).unwrap();
                EntityMention { span: Span::new(start, start + name.len()), kind, score: 0.9, label: None }
            };
            with_bare_names(text, names.iter().map(place).collect()).pop().unwrap().kind
        };
        let text = "Hurricane Ian hit. Ian killed 12.";
        assert_eq!(kind(text, &[("Hurricane Ian", Misc), ("Ian", Per)]), Misc);
        let text = "Hurricane Ian hit Ian Poe. Ian left.";
        assert_eq!(kind(text, &[("Hurricane Ian", Misc), ("Ian Poe", Per), ("Ian", Per)]), Per);
    }

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
