//! The parts of a quote (source, cue, content), as the reader's attribution head finds them in a sentence.

use crate::article::Span;

/// The part of a quote that some words are (Pareti 2012).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// The words for the speaker.
    Source,
    /// The words that show that something is said.
    Cue,
    /// What is said.
    Content,
}

impl PartKind {
    /// In the order of the attribution head's outputs.
    pub const ALL: [Self; 3] = [Self::Source, Self::Cue, Self::Content];

    /// The name in the manifest of a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Cue => "cue",
            Self::Content => "content",
        }
    }
}

/// A part of a quote that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Which part it is.
    pub kind: PartKind,
    /// Bytes of the sentence, or of the article, as the function that takes or gives it says.
    pub span: Span,
    /// Mean probability of the labels of its words.
    pub score: f64,
}
