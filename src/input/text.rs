//! Plain text: one article a file.

use super::{InputOptions, decode};
use crate::Article;

pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    Ok(vec![Article::new(stem, decode::decode(bytes, options.encoding)?)])
}
