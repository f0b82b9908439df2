//! The mentions of entities in order: of a whole article, and of one sentence.

use std::collections::HashMap;

use crate::article::Span;
use crate::entities::Entity;

/// All mentions of the entities, in the order of the text. Spans are bytes of the article.
pub fn mentions_in_order(entities: &[Entity]) -> Vec<(Span, &Entity)> {
    let each = entities.iter().flat_map(|entity| entity.mentions.iter().map(move |m| (m.span, entity)));
    let mut names: Vec<(Span, &Entity)> = each.collect();
    names.sort_by_key(|(span, _)| *span);
    names
}

/// The mentions inside a part of the article. `names` are in order, with spans of the article, which they keep.
pub fn mentions_within<'n, 'a>(names: &'n [(Span, &'a Entity)], place: Span) -> &'n [(Span, &'a Entity)] {
    let first = names.partition_point(|(span, _)| span.start < place.start);
    let count = names[first..].iter().take_while(|(span, _)| span.end <= place.end).count();
    &names[first..first + count]
}

/// The mentions inside a sentence. Their spans become bytes of the sentence.
pub fn mentions_in<'a>(names: &[(Span, &'a Entity)], sentence: Span) -> Vec<(Span, &'a Entity)> {
    let place = |span: &Span| Span::new(span.start - sentence.start, span.end - sentence.start);
    mentions_within(names, sentence).iter().map(|(span, entity)| (place(span), *entity)).collect()
}

/// The entity that an article calls by each name; `None` for a name by which it calls several.
pub fn called<'a, 't>(text: &'t str, names: &[(Span, &'a Entity)]) -> HashMap<&'t str, Option<&'a Entity>> {
    let mut found: HashMap<&str, Option<&Entity>> = HashMap::new();
    for &(span, entity) in names {
        let known = found.entry(span.of(text)).or_insert(Some(entity));
        *known = known.filter(|other| std::ptr::eq(*other, entity));
    }
    found
}
