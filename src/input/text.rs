//! Reads plain text: one article for each file.

use super::{InputOptions, decode};
use crate::Article;

/// The article of a file, with `stem` as its id.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    Ok(vec![Article::new(stem, decode::decode(bytes, options.encoding)?)])
}
