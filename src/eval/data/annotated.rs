//! Texts with annotated entities, the same for all formats that they are read from.
//!
//! A text that is given as tokens is a sentence, and its entities are spans of tokens. Any other text is a document, and
//! its entities are spans of bytes.

use encoding_rs::Encoding;

use super::labels::LabelMap;
use crate::article::Span;
use crate::eval::metrics::spans::TypedSpan;

/// A text with the entities in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotatedText {
    /// Its name in reports, such as "line 3".
    pub name: String,
    /// The text; of tokens, these joined by spaces.
    pub text: String,
    /// Byte spans of the tokens; `None` for a document.
    pub tokens: Option<Vec<Span>>,
    /// The entities in the order of the text, as spans of tokens, or of bytes for a document.
    pub entities: Vec<TypedSpan>,
}

impl AnnotatedText {
    /// A sentence of tokens, joined by spaces; `entities` are spans of tokens.
    pub fn of_tokens(name: String, tokens: &[&str], entities: Vec<TypedSpan>) -> Self {
        let (text, spans) = joined(tokens);
        Self { name, text, tokens: Some(spans), entities }
    }

    /// Converts spans of bytes to the unit of [`AnnotatedText::entities`]: to the tokens that they overlap, or not at all.
    pub fn to_own_units(&self, spans: Vec<TypedSpan>) -> Vec<TypedSpan> {
        let Some(tokens) = &self.tokens else { return spans };
        let each = spans.into_iter().filter_map(|typed| {
            let start = tokens.iter().position(|token| token.overlaps(typed.span))?;
            let end = tokens.iter().rposition(|token| token.overlaps(typed.span))? + 1;
            Some(TypedSpan { span: Span::new(start, end), kind: typed.kind })
        });
        each.collect()
    }
}

/// The content of a file or folder of annotations.
#[derive(Debug)]
pub struct EntityData {
    /// The texts, in their order.
    pub texts: Vec<AnnotatedText>,
    /// What was converted, left out or repaired, for the report.
    pub notes: Vec<String>,
}

/// How to read annotations.
#[derive(Debug, Clone, Default)]
pub struct EntityDataOptions {
    /// The types that the labels of the data stand for.
    pub map: LabelMap,
    /// The columns of the token and the tag, for data in columns; `None` to guess them.
    pub columns: Option<Columns>,
    /// The encoding of files without a byte order mark; `None` for UTF-8.
    pub encoding: Option<&'static Encoding>,
}

/// Which columns hold the token and the tag, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    pub(super) token: usize,
    pub(super) tag: usize,
}

impl Columns {
    /// `TOKEN,TAG`, counted from 1.
    ///
    /// # Errors
    /// When the argument is not two different numbers.
    pub fn parse(argument: &str) -> Result<Self, String> {
        let numbers: Vec<usize> =
            argument.split(',').filter_map(|number| number.trim().parse().ok()).collect();
        match numbers[..] {
            [token, tag] if token > 0 && tag > 0 && token != tag => {
                Ok(Self { token: token - 1, tag: tag - 1 })
            }
            _ => Err(format!("'{argument}' is not TOKEN,TAG, such as 2,4")),
        }
    }
}

/// Tokens joined by spaces, and the byte span of each.
pub fn joined(tokens: &[&str]) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(tokens.len());
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        spans.push(Span::new(text.len(), text.len() + token.len()));
        text.push_str(token);
    }
    (text, spans)
}

/// A note on mentions that overlap: a system that finds no overlapping names misses all but one of them.
pub fn overlaps(texts: &[AnnotatedText]) -> Option<String> {
    let overlapping = |text: &AnnotatedText| {
        let mut end = 0;
        let each = text.entities.iter().filter(|entity| {
            let overlaps = entity.span.start < end;
            end = end.max(entity.span.end);
            overlaps
        });
        each.count()
    };
    let count: usize = texts.iter().map(overlapping).sum();
    (count > 0).then(|| {
        format!(
            "{count} mentions of the data overlap another one, and only one of them can be found in its place"
        )
    })
}
