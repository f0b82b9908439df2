//! Reads plain text: one article for each file.
//!
//! Programs that save pages as Markdown or text (web clippers of notebooks, trafilatura) may put what they know of the
//! article above it: lines `title: …` between two lines `---`. That is no part of the text, and neither are the page numbers
//! and running heads of text that was made from PDF. White space takes their place, so that positions in the file stay
//! valid.

use super::documents::pages;
use super::{InputOptions, decode};
use crate::Article;

/// The line above and below what is known of the article.
const FENCE: &str = "---";
/// Most lines between them.
const MOST_FIELDS: usize = 100;

/// The article of a file, with `stem` as its id.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    let text = decode::decode(bytes, options.encoding)?;
    let Some((fields, end)) = fields(&text) else {
        return Ok(vec![Article::new(stem, pages::without_edges(&text))]);
    };
    let known = |names: &[&str], fits: fn(&str) -> bool| {
        let is_known = |value: &str| !value.is_empty() && fits(value);
        let found = |name: &&str| fields.iter().find(|(known, value)| known == name && is_known(value));
        names.iter().find_map(found).map(|(_, value)| (*value).to_owned())
    };
    let blank: String = text[..end].chars().map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    Ok(vec![Article {
        title: known(&["title"], |_| true),
        source: known(&["sitename", "site", "publication", "source", "hostname"], |value| !is_address(value)),
        url: known(&["url", "source", "link"], is_address),
        published: known(&["published", "date"], |_| true),
        ..Article::new(stem, format!("{blank}{}", pages::without_edges(&text[end..])))
    }])
}

fn is_address(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// What is known of the article, and where that ends; `None` where the text does not begin with it.
fn fields(text: &str) -> Option<(Vec<(&str, &str)>, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    for (number, line) in text.split_inclusive('\n').enumerate().take(MOST_FIELDS) {
        at += line.len();
        let line = line.trim_end();
        match line.split_once(':') {
            _ if number == 0 && line == FENCE => {}
            _ if number == 0 => return None,
            _ if line == FENCE => {
                let is_known = |(name, _): &(&str, &str)| matches!(*name, "title" | "url" | "source");
                return found.iter().any(is_known).then_some((found, at));
            }
            Some((name, value)) if is_name(name) => found.push((name, unquoted(value.trim()))),
            // The items of a list, and blank lines.
            _ if line.is_empty() || line.starts_with([' ', '\t', '-']) => {}
            _ => return None,
        }
    }
    None
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(text: &str) -> Article {
        read(text.as_bytes(), "a", &InputOptions::default()).unwrap().remove(0)
    }

    #[test]
    fn what_a_program_knows_of_an_article_is_no_part_of_its_text() {
        let clipped = "---\ntitle: \"Strike ends: dockers go back\"\nsource: \"https://example.org/1\"\nauthor:\n  - \"[[Jane Roe]]\"\npublished: 2017-01-13\ntags:\n  - \"clippings\"\n---\nDockers went back.\n";
        let saved = "---\ntitle: Strike ends: dockers go back\nauthor: Jane Roe\nurl: https://example.org/1\nhostname: example.org\nsitename: The Example\ndate: 2017-01-13\n---\nDockers went back.\n";
        for (text, source) in [(clipped, None), (saved, Some("The Example"))] {
            let found = article(text);
            let Article { title, url, published, text: made, .. } = &found;
            assert_eq!(title.as_deref(), Some("Strike ends: dockers go back"));
            assert_eq!(url.as_deref(), Some("https://example.org/1"));
            assert_eq!((found.source.as_deref(), published.as_deref()), (source, Some("2017-01-13")));
            assert_eq!((made.trim(), made.len()), ("Dockers went back.", text.len()));
        }
        for text in
            ["---\nDockers: they went back.\n---\nIt rained.", "---\ntitle: x\nIt rained.", "title: x\n---\n"]
        {
            assert_eq!(article(text), Article::new("a", text));
        }
    }

    #[test]
    fn page_numbers_are_no_part_of_the_text() {
        assert_eq!(
            article("Dockers left.\n\n1\n\u{c}It rained.\n\n2\n\u{c}").text,
            "Dockers left.\n\n \n\nIt rained.\n\n \n\n"
        );
    }
}
