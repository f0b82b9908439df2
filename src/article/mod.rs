//! An article, spans of its text, and its sentences with their roles.
//!
//! A **span** is a range of the text. Inside the program it counts *bytes* ([`Span`]), as Rust's slices do. In JSON,
//! reports and gold files it counts *Unicode code points*, as Python's slices do. [`CodePoints`] is the only converter.

mod boilerplate;
mod boundaries;
mod captions;
mod dateline;
mod folds;
mod lines;
mod link_lists;
mod newsroom;
mod paragraphs;
mod patterns;
mod porter;
mod quotations;
mod remains;
mod requests;
mod role;
mod sentences;
mod words;

pub use folds::{collapsed, is_invisible, on_one_line, unfolded};
pub use lines::{ends_like_a_sentence, is_title_case, without_bullet};
pub use porter::stem;
pub use quotations::quotations;
pub(crate) use requests::is_request;
pub use role::{Role, Sentence};
pub use sentences::{sentence_at, sentences};
pub use words::{
    MONTHS, SUBJECT_PRONOUNS, TIME_WORDS, WEEKDAYS, is_function_word, leading_word, trailing_word,
};

use serde::{Deserialize, Serialize};

/// One article. `text` never changes after it was read from its file, because all offsets refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Name of the article in all outputs: the one that its input gives, or a path.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Outlet that published it.
    pub source: Option<String>,
    /// Web address.
    pub url: Option<String>,
    /// Date of publication, as the input states it.
    pub published: Option<String>,
    /// The text that is analysed.
    pub text: String,
    /// Remarks about how the text was read, for whoever uses the findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Article {
    /// An article of which only the text is known.
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
    /// First byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from byte `start` up to byte `end`, which must not be smaller.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The part of `text` that the span covers.
    ///
    /// # Panics
    /// When the span is not inside `text`, or not on character boundaries.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The span of a part as one of the whole, in which the part starts at byte `by`.
    pub fn shifted(self, by: usize) -> Self {
        Self::new(by + self.start, by + self.end)
    }

    /// Whether the spans have at least one byte in common.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the span overlaps one of `others`, which are in order.
    pub fn overlaps_any(self, others: &[Span]) -> bool {
        let near = others.partition_point(|other| other.end <= self.start);
        others.get(near).is_some_and(|other| other.overlaps(self))
    }

    /// Whether all of `other` is inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Number of bytes that both spans have in common.
    pub fn shared(self, other: Span) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// Whether the spans have at least half of the shorter one in common.
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
/// It keeps the count at every 1,024th byte, so a lookup counts at most that many bytes, however long the text is.
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points that start before byte `i * STEP`.
    marks: Vec<usize>,
    total: usize,
}

impl<'a> CodePoints<'a> {
    /// Bytes between two kept counts.
    const STEP: usize = 1024;

    /// A converter for `text`.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / Self::STEP + 1);
        let mut total = 0;
        for block in text.as_bytes().chunks(Self::STEP) {
            marks.push(total);
            total += starts(block);
        }
        Self { text, marks, total }
    }

    /// Number of code points in the whole text.
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

/// Number of bytes that start a code point: all but the continuation bytes of UTF-8.
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
        assert!(!span.shares_half(Span::new(15, 15)), "an empty span shares nothing");
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
    fn trimming_removes_white_space_only() {
        let text = "a  bc\u{a0}\n d";
        let span = Span::new(1, text.len() - 1).trimmed(text);
        assert_eq!(span.of(text), "bc");
    }
}
