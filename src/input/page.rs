//! Web pages: bytes → text as browsers decode it → the article in it.

use encoding_rs::Encoding;

use super::{InputOptions, decode, html, xml};
use crate::Article;
use crate::panics::caught;

/// Tags that pages and parts of pages begin with, after <https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>;
/// without those that other texts may begin with, too.
const FIRST: [&str; 13] = [
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

/// Whether bytes begin as a web page does: behind comments and an XML declaration with one of its tags.
pub fn recognise(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let Some(tag) = xml::behind_comments(&start).and_then(|rest| rest.strip_prefix('<')) else {
        return false;
    };
    FIRST.iter().any(|first| {
        tag.strip_prefix(first)
            .is_some_and(|behind| behind.starts_with(['>', ' ', '\t', '\n', '\r', '\x0c', '/']))
    })
}

pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    article(stem, bytes, None, options).map(|article| vec![article])
}

/// The article of a page. `declared` is the encoding that whoever sent the page named.
pub fn article(
    stem: &str,
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    options: &InputOptions,
) -> Result<Article, String> {
    let (page, warnings) = decode::decode_html(bytes, options.encoding.or(declared))?;
    let mut article = caught(|| html::extract(stem, &page))
        .unwrap_or_else(|said| Err(format!("reading the page broke off: {said}")))?;
    article.warnings.splice(0..0, warnings);
    Ok(article)
}
