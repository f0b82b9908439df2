//! The result of resolving the words for a speaker.

use crate::article::Span;
use crate::entities::Entity;

/// What the words for a speaker refer to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Referent<'a> {
    /// An entity of the article.
    Entity(&'a Entity),
    /// No entity: the span of a noun, or `None` for a pronoun that could not be resolved.
    Unnamed(Option<Span>),
}

/// The entity that all of these are; `None` where there is none, or where they are several.
pub(super) fn only<'a>(mut entities: impl Iterator<Item = &'a Entity>) -> Option<&'a Entity> {
    let first = entities.next()?;
    entities.all(|other| std::ptr::eq(other, first)).then_some(first)
}
