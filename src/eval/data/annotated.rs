//! Texts in which somebody marked the entities, whatever format they came in.
//!
//! A text made of tokens is a sentence, and its entities are runs of tokens; any other is a document, and its entities
//! are runs of characters.

use encoding_rs::Encoding;

use super::labels::LabelMap;
use crate::article::Span;
use crate::eval::metrics::spans::Typed;

/// A text with the entities in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotatedText {
    /// What reports call it, such as "line 3".
    pub name: String,
    pub text: String,
    /// Byte spans of the tokens; `None` where the data marks characters.
    pub tokens: Option<Vec<Span>>,
    /// Spans of tokens where there are any, else of bytes; in the order of the text.
    pub entities: Vec<Typed>,
}

impl AnnotatedText {
    /// A sentence of tokens, joined by blanks; `entities` are spans of tokens.
    pub fn of_tokens(name: String, tokens: &[&str], entities: Vec<Typed>) -> Self {
        let (text, spans) = joined(tokens);
        Self { name, text, tokens: Some(spans), entities }
    }

    /// Spans of bytes as spans of what this text is made of: the tokens that they touch, or the same bytes.
    pub fn placed(&self, spans: Vec<Typed>) -> Vec<Typed> {
        let Some(tokens) = &self.tokens else { return spans };
        let each = spans.into_iter().filter_map(|typed| {
            let start = tokens.iter().position(|token| token.overlaps(typed.span))?;
            let end = tokens.iter().rposition(|token| token.overlaps(typed.span))? + 1;
            Some(Typed { span: Span::new(start, end), kind: typed.kind })
        });
        each.collect()
    }
}

/// What a file or folder of annotations holds.
#[derive(Debug)]
pub struct EntityData {
    pub texts: Vec<AnnotatedText>,
    /// What was converted, left out or mended.
    pub notes: Vec<String>,
}

/// How annotations are to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub map: LabelMap,
    /// Of the token and the tag, where the data is made of columns; they are guessed otherwise.
    pub columns: Option<Columns>,
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

/// Tokens joined by blanks, and the byte span of each.
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

/// A note on mentions that lie over each other, of which a system that finds one name in one place misses all but one.
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
