//! Reads the `.story` files of the CNN/DailyMail collection: the text, then highlights that summarise it, each below a line
//! `@highlight`. Highlights are not part of the text.

use super::super::{InputOptions, decode};
use super::lines;
use crate::article::Article;

/// The line above a highlight.
const HIGHLIGHT: &str = "@highlight";

/// Whether the first bytes of a file have a highlight.
pub fn recognise(start: &[u8]) -> bool {
    String::from_utf8_lossy(start).lines().any(|line| line.trim() == HIGHLIGHT)
}

/// The article of a file, with `stem` as its id.
///
/// # Errors
/// When there is no text above the highlights, or the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    let text = decode::decode(bytes, options.encoding)?;
    let lines = text.lines().take_while(|line| line.trim() != HIGHLIGHT);
    let text = lines::unfolded(lines).join("\n\n");
    match text.is_empty() {
        true => Err(format!("has no text above its first {HIGHLIGHT}")),
        false => Ok(vec![Article::new(stem, text)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_are_not_part_of_the_text() {
        let text = "(CNN) -- Dockers went back.\n\nIt rained.\n\n@highlight\n\nStrike ends\n\n@highlight\n\nRain falls\n";
        assert!(recognise(text.as_bytes()) && !recognise(b"An @highlight of the day"));
        let read = |text: &str| read(text.as_bytes(), "a", &InputOptions::default());
        assert_eq!(read(text).unwrap()[0], Article::new("a", "(CNN) -- Dockers went back.\n\nIt rained."));
        assert!(read("@highlight\n\nStrike").is_err());
    }
}
