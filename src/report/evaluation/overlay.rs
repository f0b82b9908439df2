//! Gold and predicted entities laid over the text of an article.

use serde::Serialize;

use crate::eval::metrics::spans::Typed;
use crate::eval::score::EntityResult;

/// A run of text in which neither side begins or ends a mention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Piece {
    pub text: String,
    /// Types of the mentions that it is part of.
    pub gold: Option<&'static str>,
    pub given: Option<&'static str>,
    /// Whether the mentions of both sides are the same, or there is none.
    pub right: bool,
}

/// The text cut where a mention of either side begins or ends.
pub fn pieces(text: &str, entities: &EntityResult) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    let mut cuts: Vec<usize> = vec![0, characters.len()];
    cuts.extend(entities.gold.iter().chain(&entities.predicted).flat_map(|t| [t.span.start, t.span.end]));
    cuts.retain(|&cut| cut <= characters.len());
    cuts.sort();
    cuts.dedup();
    let over = |list: &[Typed], start: usize| {
        list.iter().find(|typed| typed.span.start <= start && start < typed.span.end).copied()
    };
    let piece = |cut: &[usize]| {
        let (gold, given) = (over(&entities.gold, cut[0]), over(&entities.predicted, cut[0]));
        Piece {
            text: characters[cut[0]..cut[1]].iter().collect(),
            gold: gold.map(|typed| typed.kind.name()),
            given: given.map(|typed| typed.kind.name()),
            right: gold == given,
        }
    };
    cuts.windows(2).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::entities::EntityType::{Loc, Org};

    #[test]
    fn text_is_cut_at_every_boundary() {
        let typed = |start, end, kind| Typed { span: Span::new(start, end), kind };
        let entities = EntityResult {
            gold: vec![typed(2, 6, Org), typed(8, 9, Loc)],
            predicted: vec![typed(4, 6, Org), typed(8, 9, Loc)],
            errors: Vec::new(),
        };
        let found = pieces("é abcd, x", &entities);
        let shown: Vec<_> = found.iter().map(|p| (p.text.as_str(), p.gold, p.given, p.right)).collect();
        let org = Some("ORG");
        assert_eq!(
            shown,
            [
                ("é ", None, None, true),
                ("ab", org, None, false),
                ("cd", org, org, false),
                (", ", None, None, true),
                ("x", Some("LOC"), Some("LOC"), true)
            ]
        );
    }
}
