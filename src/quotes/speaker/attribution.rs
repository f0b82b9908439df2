//! What a sentence says of its speaker, before that has a name to show.

use crate::article::Span;
use crate::entities::Entity;

/// What a sentence says of its speaker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Attribution<'a> {
    Name(&'a Entity),
    /// A noun, or a pronoun that stands for nobody known: bytes of the article.
    Unnamed(Option<Span>),
}
