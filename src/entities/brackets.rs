//! Brackets in names: a mention is extended or cut so that it has both brackets of a pair or neither.

use super::EntityMention;
use crate::article::Span;

/// The farthest that the other bracket may be from a mention, in bytes.
const MAX_DISTANCE: usize = 40;

/// Mentions of one passage, in order, with complete pairs of brackets. In "Acme (Pty) Ltd" the mention "Pty) Ltd" is
/// joined with a mention "Acme" of the same type, or becomes "(Pty) Ltd" where there is none. Where the other bracket is
/// farther away than 40 bytes, the mention is cut before its bracket.
pub fn closed(text: &str, mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    let mut found: Vec<EntityMention> = Vec::with_capacity(mentions.len());
    for mut mention in mentions {
        let Some(span) = closed_span(text, mention.span) else { continue };
        let opens = span.start < mention.span.start;
        mention.span = span;
        match found.last_mut() {
            Some(last)
                if opens
                    && last.kind == mention.kind
                    && text.get(last.span.end..span.start).is_some_and(is_blank) =>
            {
                last.span.end = span.end;
                last.score = (last.score + mention.score) / 2.0;
            }
            Some(last) if last.span.overlaps(span) => last.span.end = last.span.end.max(span.end),
            _ => found.push(mention),
        }
    }
    found
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The span with both brackets or neither; `None` where no letter is left.
fn closed_span(text: &str, span: Span) -> Option<Span> {
    let mut open: Option<usize> = None;
    let inside = span.of(text).char_indices().map(|(at, c)| (span.start + at, c));
    let mut start = span.start;
    for (at, c) in inside {
        match (c, open) {
            ('(' | '[', None) => open = Some(at),
            (')' | ']', Some(_)) => open = None,
            (')' | ']', None) => {
                let from = text.ceil_char_boundary(start.saturating_sub(MAX_DISTANCE)).min(start);
                let before = text[from..start]
                    .rfind(['(', ')', '[', ']', '\n'])
                    .filter(|&back| text[from + back..].starts_with(['(', '[']));
                match before {
                    Some(back) => start = from + back,
                    None => return kept(text, start, at),
                }
            }
            _ => {}
        }
    }
    let Some(open) = open else { return Some(Span::new(start, span.end)) };
    let to = text.floor_char_boundary((span.end + MAX_DISTANCE).min(text.len())).max(span.end);
    let behind = text[span.end..to]
        .find(['(', ')', '[', ']', '\n'])
        .filter(|&on| text[span.end + on..].starts_with([')', ']']));
    match behind {
        Some(on) => Some(Span::new(start, span.end + on + 1)),
        None => kept(text, start, open),
    }
}

/// The part of the text without blanks around it; `None` where it has no letter or digit.
fn kept(text: &str, start: usize, end: usize) -> Option<Span> {
    let span = Span::new(start, end).trimmed(text);
    span.of(text).chars().any(char::is_alphanumeric).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::EntityType::{self, Org, Per};
    use proptest::prelude::*;

    fn mention(span: Span, kind: EntityType) -> EntityMention {
        EntityMention { span, kind, score: 0.5, label: None }
    }

    #[test]
    fn both_brackets_or_none() {
        for (text, names, wanted) in [
            ("Acme (Pty) Ltd fell.", &["Acme", "Pty) Ltd"][..], &["Acme (Pty) Ltd"][..]),
            ("At (Pty) Ltd.", &["Pty) Ltd"], &["(Pty) Ltd"]),
            ("Sasol (Pty) Ltd fell.", &["Sasol (Pty"], &["Sasol (Pty)"]),
            ("Acme (Hong Kong) Limited fell.", &["Acme (Hong Kong) Limited"], &["Acme (Hong Kong) Limited"]),
            ("WHO) fell", &["WHO) fell"], &["WHO"]),
            ("Mali (where", &["Mali (where"], &["Mali"]),
            ("Sheriff [James] O'Neill fell.", &["James] O'Neill"], &["[James] O'Neill"]),
            ("The WHO (in Geneva) fell.", &["WHO", "Geneva"], &["WHO", "Geneva"]),
        ] {
            let place =
                |name: &&str| text.find(name).map(|at| mention(Span::new(at, at + name.len()), Org)).unwrap();
            let found = closed(text, names.iter().map(place).collect());
            let found: Vec<&str> = found.iter().map(|mention| mention.span.of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
        let text = "Ann (Pty) Ltd";
        let found = closed(text, vec![mention(Span::new(0, 3), Per), mention(Span::new(5, 13), Org)]);
        assert_eq!(found.len(), 2);
    }

    proptest! {
        #[test]
        fn mentions_stay_apart_and_in_order(text in "[a(é) \n]{1,60}", cuts in proptest::collection::vec(0usize..60, 0..8)) {
            let mut at: Vec<usize> = cuts.into_iter().map(|cut| text.floor_char_boundary(cut.min(text.len()))).collect();
            at.sort();
            at.dedup();
            let spans = at.chunks_exact(2).map(|pair| mention(Span::new(pair[0], pair[1]), Org));
            let found = closed(&text, spans.collect());
            for pair in found.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start, "{found:?}");
            }
            for mention in &found {
                prop_assert!(!mention.span.of(&text).is_empty());
            }
        }
    }
}
