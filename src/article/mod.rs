//! An article and the places in it.
//!
//! Inside the program a place is a [`Span`] of *bytes*, because that is what Rust slices by. At the
//! edge (JSON, reports, gold files) a place is a pair of *Unicode code points*, because that is what
//! Python, and so nearly every consumer, slices by. [`CodePoints`] is the only converter.

mod boilerplate;
mod boundaries;
mod captions;
mod dateline;
mod folds;
mod lines;
mod paragraphs;
mod patterns;
mod porter;
mod sentences;
mod words;

pub(crate) use boilerplate::is_request;
pub use folds::{is_unseen, on_one_line, unfolded};
pub use porter::stem;
pub use sentences::{Role, Sentence, sentences};
pub use words::{MONTHS, WEEKDAYS, is_function_word};

use serde::{Deserialize, Serialize};

/// One article as it was read. `text` is never altered after reading: all offsets refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    pub id: String,
    pub title: Option<String>,
    pub source: Option<String>,
    pub url: Option<String>,
    pub published: Option<String>,
    pub text: String,
    /// What whoever reads the findings should know about how the text was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Article {
    /// An article with nothing known but its text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: None,
            source: None,
            url: None,
            published: None,
            text: text.into(),
            warnings: Vec::new(),
        }
    }
}

/// A half-open range of byte offsets into an article's text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How much of two spans is in both.
    pub fn shared(self, other: Span) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// Whether at least half of the shorter of two spans is in both.
    pub fn shares_half(self, other: Span) -> bool {
        let shorter = (self.end - self.start).min(other.end - other.start);
        self.shared(other) > 0 && 2 * self.shared(other) >= shorter
    }

    /// The span of `text[self]` without white space at its ends.
    pub fn trimmed(self, text: &str) -> Span {
        let inside = self.of(text);
        let start = self.start + (inside.len() - inside.trim_start().len());
        Span::new(start, start + inside.trim().len())
    }
}

/// Converts byte offsets of one text to Unicode code point offsets.
///
/// Keeps a mark every [`CodePoints::STEP`] bytes, so a lookup costs at most that many bytes of
/// counting however long the article is.
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points that start before byte `i * STEP`.
    marks: Vec<usize>,
    total: usize,
}

impl<'a> CodePoints<'a> {
    const STEP: usize = 1024;

    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / Self::STEP + 1);
        let mut total = 0;
        for block in text.as_bytes().chunks(Self::STEP) {
            marks.push(total);
            total += starts(block);
        }
        Self { text, marks, total }
    }

    /// Code points in the whole text.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The number of code points before byte `offset`, which must not exceed the text's length.
    pub fn at(&self, offset: usize) -> usize {
        match self.marks.get(offset / Self::STEP) {
            Some(before) => {
                let block = offset / Self::STEP * Self::STEP;
                before + starts(&self.text.as_bytes()[block..offset])
            }
            None => self.total,
        }
    }
}

/// Bytes that begin a code point, which are all but UTF-8's continuation bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_of_the_shorter_span_is_shared() {
        let span = Span::new(10, 20);
        assert_eq!((span.shared(Span::new(15, 40)), span.shared(Span::new(20, 30))), (5, 0));
        for (other, shares) in [((15, 40), true), ((16, 40), false), ((19, 21), true), ((20, 30), false)] {
            assert_eq!(span.shares_half(Span::new(other.0, other.1)), shares, "{other:?}");
        }
        assert!(!span.shares_half(Span::new(15, 15)), "nothing is no half");
    }

    proptest! {
        #[test]
        fn code_points_agree_with_counting(text in "\\PC{0,40}", repeat in 0usize..200) {
            let text = text.repeat(repeat);
            let points = CodePoints::new(&text);
            prop_assert_eq!(points.total(), text.chars().count());
            for (count, (offset, _)) in text.char_indices().enumerate().step_by(37) {
                prop_assert_eq!(points.at(offset), count);
            }
            prop_assert_eq!(points.at(text.len()), text.chars().count());
        }
    }

    #[test]
    fn trimming_keeps_the_inside() {
        let text = "a  bc\u{a0}\n d";
        let span = Span::new(1, text.len() - 1).trimmed(text);
        assert_eq!(span.of(text), "bc");
    }
}
