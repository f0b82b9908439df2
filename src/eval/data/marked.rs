//! Converts the marked spans of a data set to spans in bytes with our entity types.
//!
//! Their offsets are in code points, or in UTF-16 units if only these give the words that the data quotes.

use super::labels::Labels;
use crate::article::Span;
use crate::eval::metrics::spans::TypedSpan;
use crate::eval::text::OffsetTable;

/// A span as it is in the data.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedSpan<'a> {
    /// Where it starts, in the unit of the data.
    pub start: usize,
    /// Where it ends, in the unit of the data.
    pub end: usize,
    /// The label that the data gives it.
    pub label: String,
    /// Its words, if the data quotes them.
    pub quoted: Option<&'a str>,
}

/// Counts of what was changed or chosen when reading the data.
#[derive(Default)]
pub struct Notes {
    utf16: usize,
    trimmed: usize,
    /// Texts with annotations by several people.
    pub several: usize,
}

impl Notes {
    /// The notes of the report, one for each count that is not 0.
    pub fn into_lines(self) -> Vec<String> {
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

/// The spans in bytes of the text with our types, in the order of the text, each once.
///
/// # Errors
/// When a span is not in the text, has only white space, or is not what the data quotes.
pub fn typed(
    text: &str,
    spans: Vec<MarkedSpan>,
    labels: &mut Labels,
    notes: &mut Notes,
) -> Result<Vec<TypedSpan>, String> {
    let code_points = found(text, &spans, &OffsetTable::code_points(text));
    let placed = match code_points {
        Ok(placed) => placed,
        // Tools written in JavaScript and Java count UTF-16 units, of which an emoji has two.
        Err(reason) if spans.iter().all(|span| span.quoted.is_some()) => {
            let placed = found(text, &spans, &OffsetTable::utf16(text)).map_err(|_| reason)?;
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
        entities.extend(labels.kind(&marked.label).map(|kind| TypedSpan { span: bare, kind }));
    }
    entities.sort();
    entities.dedup();
    Ok(entities)
}

/// The bytes of each span, which must be the words that the data quotes.
fn found(text: &str, spans: &[MarkedSpan], places: &OffsetTable) -> Result<Vec<Span>, String> {
    let each = spans.iter().map(|MarkedSpan { start, end, quoted, .. }| {
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

/// Whether quoted words are those of the text. White space may differ, since tools write line breaks in different ways.
fn same_words(text: &str, quoted: &str) -> bool {
    text == quoted || text.split_whitespace().eq(quoted.replace("\\n", " ").split_whitespace())
}
