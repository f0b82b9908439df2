//! Where the names of an article stand, in all of it and in one sentence.

use crate::article::Span;
use crate::entities::Entity;

/// Named entities with their places, in order.
pub(super) fn names(entities: &[Entity]) -> Vec<(Span, &Entity)> {
    let each = entities.iter().flat_map(|entity| entity.mentions.iter().map(move |m| (m.span, entity)));
    let mut names: Vec<(Span, &Entity)> = each.collect();
    names.sort_by_key(|(span, _)| *span);
    names
}

/// Those in a sentence, with their places in it.
pub(super) fn within<'a>(names: &[(Span, &'a Entity)], sentence: Span) -> Vec<(Span, &'a Entity)> {
    let first = names.partition_point(|(span, _)| span.start < sentence.start);
    let inside = names[first..].iter().take_while(|(span, _)| span.end <= sentence.end);
    let place = |span: &Span| Span::new(span.start - sentence.start, span.end - sentence.start);
    inside.map(|(span, entity)| (place(span), *entity)).collect()
}
