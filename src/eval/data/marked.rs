//! Spans of a text as other people mark them, and the same as bytes of it.
//!
//! Their offsets are code points, or UTF-16 units where only so they give the words that the data quotes.

use super::labels::Labels;
use crate::article::Span;
use crate::eval::metrics::spans::Typed;
use crate::eval::text::Places;

/// A span as the data has it: offsets in its unit, labels, and the words if it quotes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked<'a> {
    pub start: usize,
    pub end: usize,
    pub label: String,
    pub quoted: Option<&'a str>,
}

/// What was done to the data on the way, counted.
#[derive(Default)]
pub struct Notes {
    utf16: usize,
    trimmed: usize,
    /// Texts with annotations by several people.
    pub several: usize,
}

impl Notes {
    pub fn said(self) -> Vec<String> {
        let lines = [
            (self.utf16, "texts of the data count their offsets in UTF-16 units"),
            (
                self.trimmed,
                "mentions of the data began or ended with white space, which is not part of them here",
            ),
            (
                self.several,
                "texts of the data were annotated more than once; the first annotation counts, or the one marked as ground truth",
            ),
        ];
        lines
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect()
    }
}

/// Spans as bytes of the text with our types, in its order, each once.
pub fn typed(
    text: &str,
    spans: Vec<Marked>,
    labels: &mut Labels,
    notes: &mut Notes,
) -> Result<Vec<Typed>, String> {
    let code_points = found(text, &spans, &Places::code_points(text));
    let placed = match code_points {
        Ok(placed) => placed,
        // Tools written in JavaScript and Java count otherwise where there are emoji.
        Err(reason) if spans.iter().all(|span| span.quoted.is_some()) => {
            let placed = found(text, &spans, &Places::utf16(text)).map_err(|_| reason)?;
            notes.utf16 += 1;
            placed
        }
        Err(reason) => return Err(reason),
    };
    let mut entities = Vec::with_capacity(spans.len());
    for (marked, span) in spans.iter().zip(placed) {
        let bare = span.trimmed(text);
        if bare.start == bare.end {
            return Err(format!("{}..{} is only white space", marked.start, marked.end));
        }
        notes.trimmed += usize::from(bare != span);
        entities.extend(labels.kind(&marked.label).map(|kind| Typed { span: bare, kind }));
    }
    entities.sort();
    entities.dedup();
    Ok(entities)
}

/// Bytes of each span; what the data quotes must be there.
fn found(text: &str, spans: &[Marked], places: &Places) -> Result<Vec<Span>, String> {
    let each = spans.iter().map(|Marked { start, end, quoted, .. }| {
        let span = places.span(*start, *end);
        match (span, quoted) {
            (None, _) => Err(format!("{start}..{end} is no place in the text")),
            (Some(span), Some(quoted)) if !same_words(span.of(text), quoted) => {
                Err(format!("{start}..{end} is {:?}, and not {quoted:?}", span.of(text)))
            }
            (Some(span), _) => Ok(span),
        }
    });
    each.collect()
}

/// Whether a quotation is that of a text, whose line breaks and blanks tools write in their own ways.
fn same_words(text: &str, quoted: &str) -> bool {
    text == quoted || text.split_whitespace().eq(quoted.replace("\\n", " ").split_whitespace())
}
