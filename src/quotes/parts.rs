//! The parts of an attribution that the reader finds among the words of a sentence.

use crate::article::Span;

/// What a stretch of words is in an attribution (Pareti 2012).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// The words for who says it.
    Source,
    /// The words that tell that it is said.
    Cue,
    /// The words that tell what is said.
    Content,
}

impl PartKind {
    /// In the order of the attribution head's outputs.
    pub const ALL: [Self; 3] = [Self::Source, Self::Cue, Self::Content];

    pub fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Cue => "cue",
            Self::Content => "content",
        }
    }
}

/// A part that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub kind: PartKind,
    /// Bytes of the sentence, or of the article.
    pub span: Span,
    /// Mean probability of the labels of its words.
    pub score: f64,
}
