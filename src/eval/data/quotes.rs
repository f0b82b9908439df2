//! Reads articles with attributions (as in PolNeAR, Newell et al. 2018): rows with `id`, `text`, and `quotes`. Each quote
//! has `content_spans` (pairs of code points), `speaker` (its words in the text; null or empty if there are none), and, if
//! known, the place of these words, `speaker_from` and `speaker_to`.

use std::path::Path;

use encoding_rs::Encoding;
use serde::Deserialize;

use super::rows::{Row, rows};
use super::{EvalError, distinct, read};
use crate::Article;
use crate::article::Span;
use crate::eval::attributions::Attribution;
use crate::eval::text::byte_offset;

/// An article with its attributions.
pub struct QuotedArticle {
    /// The article.
    pub article: Article,
    /// Its attributions, in bytes of the text.
    pub attributions: Vec<Attribution>,
}

#[derive(Deserialize)]
struct QuoteRow {
    content_spans: Vec<(usize, usize)>,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    speaker_from: Option<usize>,
    #[serde(default)]
    speaker_to: Option<usize>,
}

/// Reads articles and their attributions.
///
/// # Errors
/// When the file cannot be read, a row is not valid, or an id comes twice.
pub fn read_quotes(
    path: &Path,
    encoding: Option<&'static Encoding>,
) -> Result<Vec<QuotedArticle>, EvalError> {
    parse(path, &read(path, encoding)?)
}

/// Parses the text of such a file.
///
/// # Errors
/// As [`read_quotes`].
pub fn parse(path: &Path, text: &str) -> Result<Vec<QuotedArticle>, EvalError> {
    let rows = rows(path, text)?;
    let each = rows.iter().map(|row| quoted(row).map_err(|reason| row.error(path, reason)));
    let each: Vec<QuotedArticle> = each.collect::<Result<_, _>>()?;
    distinct(path, rows.iter().zip(&each).map(|(row, one)| (row.place, one.article.id.as_str())))?;
    Ok(each)
}

fn quoted(row: &Row) -> Result<QuotedArticle, String> {
    let (id, text) = (row.id(), row.fields()?.text(&["text"])?);
    let (_, quotes) = row.fields()?.first(&["quotes"])?;
    let quotes: Vec<QuoteRow> =
        serde_json::from_value(quotes.clone()).map_err(|error| format!("`quotes`: {error}"))?;
    let span = |what: &str, (start, end): (usize, usize)| {
        let bytes = byte_offset(text, start).zip(byte_offset(text, end)).filter(|_| start < end);
        let bad = || format!("{what} {start}..{end} is no place in the text of '{id}'");
        bytes.map(|(start, end)| Span::new(start, end)).ok_or_else(bad)
    };
    let attribution = |quote: QuoteRow| -> Result<Attribution, String> {
        let content =
            quote.content_spans.into_iter().map(|place| span("content", place)).collect::<Result<_, _>>()?;
        let speaker = quote.speaker.filter(|speaker| !speaker.trim().is_empty());
        let source =
            quote.speaker_from.zip(quote.speaker_to).map(|place| span("speaker", place)).transpose()?;
        Ok(Attribution { content, source, speaker })
    };
    let attributions = quotes.into_iter().map(attribution).collect::<Result<_, _>>()?;
    Ok(QuotedArticle { article: Article::new(id.clone(), text), attributions })
}

/// Reads the attributions of the articles of `gold` from a file that has the same articles in the same order.
///
/// # Errors
/// As [`read_quotes`], and when the articles differ.
pub fn read_predictions(
    path: &Path,
    encoding: Option<&'static Encoding>,
    gold: &[QuotedArticle],
) -> Result<Vec<Vec<Attribution>>, EvalError> {
    let given = read_quotes(path, encoding)?;
    if given.len() != gold.len() {
        return Err(EvalError::new(
            path,
            format!("has {} articles, and the data has {}", given.len(), gold.len()),
        ));
    }
    for (given, wanted) in given.iter().zip(gold) {
        if (&given.article.id, &given.article.text) != (&wanted.article.id, &wanted.article.text) {
            let reason =
                format!("'{}' is not the article '{}' of the data", given.article.id, wanted.article.id);
            return Err(EvalError::new(path, reason));
        }
    }
    Ok(given.into_iter().map(|quoted| quoted.attributions).collect())
}
