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

/// The parts of one quote. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteParts {
    /// The words for the speaker.
    pub source: Option<Span>,
    /// The words that show that something is said.
    pub cue: Option<Span>,
    /// What is said, in order; at least one span.
    pub content: Vec<Span>,
    /// The scores of the parts.
    pub scores: Vec<f64>,
    /// Index of the last sentence with one of its parts.
    pub last: usize,
}

impl QuoteParts {
    pub fn new(sentence: usize, source: Option<Part>, cue: Option<Part>) -> Self {
        Self {
            source: source.map(|part| part.span),
            cue: cue.map(|part| part.span),
            content: Vec::new(),
            scores: source.iter().chain(&cue).map(|part| part.score).collect(),
            last: sentence,
        }
    }

    /// A quote of parts without scores.
    #[cfg(test)]
    pub fn of(source: Option<Span>, cue: Option<Span>, content: Vec<Span>) -> Self {
        Self { source, cue, content, scores: Vec::new(), last: 0 }
    }

    /// The mean score of its parts.
    pub fn score(&self) -> f64 {
        self.scores.iter().sum::<f64>() / self.scores.len() as f64
    }

    pub fn add(&mut self, sentence: usize, content: Part) {
        self.content.push(content.span);
        self.content.sort();
        self.scores.push(content.score);
        self.last = self.last.max(sentence);
    }

    pub fn is_attributed(&self) -> bool {
        self.cue.or(self.source).is_some()
    }
}
