//! Sentences of an article, and the roles that they have in it.

use super::Span;

/// What a sentence is in its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A sentence of the article's own text.
    Prose,
    /// A headline, subheading or list entry that is not a sentence.
    Heading,
    /// "PARIS, February 17. /TASS/.", "LONDON (Reuters) -", a scraped date.
    Dateline,
    /// A text about a picture, or prose before the article's dateline.
    Caption,
    /// A link to another story, a credit, a request to subscribe or to accept cookies.
    Boilerplate,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is in the article's text.
    pub span: Span,
    /// What it is in the article.
    pub role: Role,
    /// Number of its paragraph, from 0.
    pub paragraph: usize,
}
