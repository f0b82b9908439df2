//! Cuts the text of an article into pieces, each with its gold and its predicted entity type.

use serde::Serialize;

use crate::eval::metrics::spans::TypedSpan;
use crate::eval::score::EntityResult;

/// A part of the text in which no mention of gold or system begins or ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverlayPiece {
    /// Its words.
    pub text: String,
    /// The type of the gold mention that it is part of.
    pub gold: Option<&'static str>,
    /// The type of the system's mention that it is part of.
    pub given: Option<&'static str>,
    /// Whether the two mentions are the same, or there is none.
    pub right: bool,
}

/// The text, cut where a mention of gold or system begins or ends.
pub fn pieces(text: &str, entities: &EntityResult) -> Vec<OverlayPiece> {
    let characters: Vec<char> = text.chars().collect();
    let mut cuts: Vec<usize> = vec![0, characters.len()];
    cuts.extend(entities.gold.iter().chain(&entities.predicted).flat_map(|t| [t.span.start, t.span.end]));
    cuts.retain(|&cut| cut <= characters.len());
    cuts.sort();
    cuts.dedup();
    let over = |list: &[TypedSpan], start: usize| {
        list.iter().find(|typed| typed.span.start <= start && start < typed.span.end).copied()
    };
    let piece = |cut: &[usize]| {
        let (gold, given) = (over(&entities.gold, cut[0]), over(&entities.predicted, cut[0]));
        OverlayPiece {
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
        let typed = |start, end, kind| TypedSpan { span: Span::new(start, end), kind };
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
