//! Splits a text into word pieces with their spans in the text, by the `tokenizers` crate.

use std::ops::Range;

use tokenizers::Tokenizer;
use unicode_segmentation::GraphemeCursor;

use crate::article::Span;
use crate::model::ModelError;

/// The tokenizer of a pack with the ids of its special tokens.
pub struct PackTokenizer {
    tokenizer: Tokenizer,
    /// Id of the token before a text: `[CLS]` or its equivalent.
    pub first: i64,
    /// Id of the token behind a text: `[SEP]` or its equivalent.
    pub last: i64,
}

/// Number of special tokens of an input.
pub const SPECIAL: usize = 2;

/// A passage in word pieces, without special tokens.
pub struct Encoded {
    /// Id of each piece in the vocabulary.
    pub ids: Vec<i64>,
    /// Letter case of each piece ([`case_of`]).
    pub cases: Vec<i64>,
    /// Byte span of each piece in the passage.
    spans: Vec<Span>,
    /// The words that the pieces make.
    pub words: Vec<Word>,
}

/// A word of the pre-tokenizer: the text between blanks and punctuation marks, or one punctuation mark.
pub struct Word {
    /// Bytes of the passage. It never ends inside a grapheme, even where the normalizer removes an accent.
    pub span: Span,
    /// Its word pieces.
    pub pieces: Range<usize>,
}

impl PackTokenizer {
    /// Parses a `tokenizer.json`.
    ///
    /// # Errors
    /// When it is not a tokenizer, or does not add one special token before a text and one behind it.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(json)
            .map_err(|error| format!("is not a tokenizer this program can read: {error}"))?;
        // A tokenizer.json may ask for padding and truncation; here no text may be cut off.
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| error.to_string())?;
        let special = tokenizer.encode("", true).map_err(|error| error.to_string())?;
        match special.get_ids() {
            [first, last] => Ok(Self { first: (*first).into(), last: (*last).into(), tokenizer }),
            others => Err(format!(
                "puts {} special tokens around a text where there must be one before it and one behind it \
                 (post_processor)",
                others.len()
            )),
        }
    }

    /// Number of tokens in the vocabulary.
    pub fn vocabulary(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// Splits a text into word pieces.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn encode(&self, text: &str) -> Result<Encoded, ModelError> {
        let encoding =
            self.tokenizer.encode(text, false).map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        let spans: Vec<Span> = encoding.get_offsets().iter().map(|&(a, b)| Span::new(a, b)).collect();
        let mut words: Vec<Word> = Vec::new();
        let mut current = None;
        for (piece, word) in encoding.get_word_ids().iter().enumerate() {
            let end = grapheme_end(text, spans[piece].end);
            match words.last_mut() {
                Some(last) if *word == current => {
                    last.span.end = end;
                    last.pieces.end = piece + 1;
                }
                _ => words.push(Word { span: Span::new(spans[piece].start, end), pieces: piece..piece + 1 }),
            }
            current = *word;
        }
        Ok(Encoded {
            ids: encoding.get_ids().iter().map(|&id| id.into()).collect(),
            cases: spans.iter().map(|span| case_of(span.of(text))).collect(),
            spans,
            words,
        })
    }
}

impl Encoded {
    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Two passages with a separator between them: at most `longest` pieces of the first, and one less of the second. It has
    /// neither spans nor words, because its pieces are of two texts.
    pub fn joined(first: Self, second: Self, separator: i64, longest: usize) -> Self {
        let joined = |first: Vec<i64>, between: i64, second: Vec<i64>| {
            let second = second.into_iter().take(longest - 1);
            first.into_iter().take(longest).chain([between]).chain(second).collect()
        };
        Self {
            ids: joined(first.ids, separator, second.ids),
            cases: joined(first.cases, 0, second.cases),
            spans: Vec::new(),
            words: Vec::new(),
        }
    }

    /// The pieces that overlap a span of the passage; `None` where there is none.
    pub fn pieces_in(&self, span: Span) -> Option<Range<usize>> {
        let first = self.spans.partition_point(|piece| piece.end <= span.start);
        let count = self.spans[first..].iter().take_while(|piece| piece.start < span.end).count();
        (count > 0).then_some(first..first + count)
    }
}

/// Letter case of a piece as it is written in the text: 0 without capitals, 1 Capitalised, 2 ALL CAPS, 3 miXed.
///
/// The vocabulary of the encoder is lower-cased, so it takes this number as the token type.
pub fn case_of(piece: &str) -> i64 {
    let mut capitals = 0;
    let mut cased = 0;
    let mut first_is_capital = false;
    for c in piece.chars().filter(|c| c.is_uppercase() || c.is_lowercase()) {
        first_is_capital |= cased == 0 && c.is_uppercase();
        capitals += usize::from(c.is_uppercase());
        cased += 1;
    }
    match capitals {
        0 => 0,
        1 if first_is_capital => 1,
        n if n == cased => 2,
        _ => 3,
    }
}

/// The end of the grapheme that has `offset` inside it or at its end.
fn grapheme_end(text: &str, offset: usize) -> usize {
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
        _ => offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_a_letter_case() {
        let cases = ["mali", "12", "Mali", "M", "MI", "M.", "iPhone", "McD", "É"].map(case_of);
        assert_eq!(cases, [0, 0, 1, 1, 2, 1, 3, 3, 1]);
    }

    #[test]
    fn graphemes_are_not_split() {
        let text = "Jose\u{301} met";
        assert_eq!(grapheme_end(text, 4), 6);
        assert_eq!(grapheme_end(text, 6), 6);
        assert_eq!(grapheme_end(text, 2), 2);
    }
}
