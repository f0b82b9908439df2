//! Lengthens mentions that stop inside a name which was found whole elsewhere: "Grand" in "the Grand Foyer", where the article has
//! the name "Grand Foyer".

use std::collections::HashMap;

use super::{EntityMention, EntityType};
use crate::article::{Span, leading_word};

/// The mentions of an article, in order; each that is the start of a longer found name becomes the longest such name that stands
/// there, with its type, and takes the place of the mentions inside it.
pub fn lengthened(text: &str, mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    // Each name once, with the type of its first mention.
    let mut kinds: HashMap<&str, EntityType> = HashMap::new();
    for mention in mentions.iter().filter(|mention| mention.span.of(text).contains(' ')) {
        kinds.entry(mention.span.of(text)).or_insert(mention.kind);
    }
    let mut by_first: HashMap<&str, Vec<(&str, EntityType)>> = HashMap::new();
    for (name, kind) in kinds {
        by_first.entry(leading_word(name)).or_default().push((name, kind));
    }
    let mut found: Vec<EntityMention> = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let Span { start, end } = mention.span;
        let stands_here = |name: &str| {
            let behind = text[start..].strip_prefix(name).filter(|_| name.len() > end - start);
            behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
        };
        let names = by_first.get(leading_word(mention.span.of(text))).into_iter().flatten();
        let longest = names.filter(|(name, _)| stands_here(name)).max_by_key(|(name, _)| name.len());
        let (length, kind) = longest.map_or((end - start, mention.kind), |(name, kind)| (name.len(), *kind));
        let whole = EntityMention { span: Span::new(start, start + length), kind, ..mention };
        if found.last().is_none_or(|last| !last.span.overlaps(whole.span)) {
            found.push(whole);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::EntityType::{Loc, Misc, Org, Per};

    #[test]
    fn mentions_become_the_names_that_stand_there() {
        let text = "Donald Trump spoke in the Grand Foyer. The Grand Foyer was full; Donald Trump left. Grand plans.";
        let mention = |name: &str, from: usize, kind: EntityType| {
            let start = from + text[from..].find(name).unwrap();
            EntityMention { span: Span::new(start, start + name.len()), kind, score: 0.9, label: None }
        };
        let mentions = vec![
            mention("Donald Trump", 0, Per),
            mention("Grand Foyer", 0, Loc),
            mention("Grand", 40, Misc),
            mention("Donald", 40, Org),
            mention("Trump", 40, Per),
            mention("Grand", 75, Misc),
        ];
        let found: Vec<(&str, EntityType)> =
            lengthened(text, mentions).iter().map(|mention| (mention.span.of(text), mention.kind)).collect();
        assert_eq!(
            found,
            [
                ("Donald Trump", Per),
                ("Grand Foyer", Loc),
                ("Grand Foyer", Loc),
                ("Donald Trump", Per),
                ("Grand", Misc)
            ]
        );
    }
}
