//! Reads web pages: decodes them as browsers do, and extracts the article.

use encoding_rs::Encoding;

use super::{InputOptions, decode, html, xml};
use crate::Article;
use crate::panics::caught;

/// Tags that web pages begin with, after <https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>;
/// without those that other kinds of text may begin with, too.
const FIRST_TAGS: [&str; 13] = [
    "!doctype html",
    "html",
    "head",
    "body",
    "script",
    "style",
    "title",
    "meta",
    "div",
    "article",
    "section",
    "main",
    "p",
];

/// Whether content begins as a web page does: with one of [`FIRST_TAGS`], after comments and an XML declaration.
pub fn recognise(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let Some(tag) = xml::after_comments(&start).and_then(|rest| rest.strip_prefix('<')) else {
        return false;
    };
    FIRST_TAGS.iter().any(|first| {
        tag.strip_prefix(first)
            .is_some_and(|behind| behind.starts_with(['>', ' ', '\t', '\n', '\r', '\x0c', '/']))
    })
}

/// The article of a page, with `stem` as its id.
///
/// # Errors
/// As for [`article`].
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    article(stem, bytes, None, options).map(|article| vec![article])
}

/// The article of a page, with `stem` as its id. `declared` is the encoding that the server named.
///
/// # Errors
/// When the bytes are no text, or hold nothing like an article.
pub fn article(
    stem: &str,
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    options: &InputOptions,
) -> Result<Article, String> {
    let (page, warnings) = decode::decode_html(bytes, options.encoding.or(declared))?;
    let mut article = caught(|| html::extract(stem, &page))
        .unwrap_or_else(|panic| Err(format!("reading the page broke off: {panic}")))?;
    article.warnings.splice(0..0, warnings);
    Ok(article)
}
