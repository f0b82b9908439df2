//! Reads plain text: one article for each file.
//!
//! What a program put above the article is no part of its text, and neither are the times of a chat, and the page numbers
//! and running heads of text that was made from PDF. White space takes their place, so that positions in the file stay
//! valid. Markdown becomes the text that a reader of it would see.

use super::documents::pages;
use super::head::Head;
use super::markdown::{self, Shown};
use super::{InputOptions, chat, decode};
use crate::Article;

/// The article of a file, with `stem` as its id.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    let whole = decode::decode(bytes, options.encoding)?;
    let head = Head::of(&whole);
    let end = head.as_ref().map_or(0, |head| head.end);
    let Shown { title, text } = markdown::shown(&whole[end..]).unwrap_or_else(|| {
        let blank: String = whole[..end].chars().map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
        let rest = chat::without_times(&whole[end..]);
        Shown { title: None, text: format!("{blank}{}", pages::without_edges(&rest)) }
    });
    let mut article = Article { title, ..Article::new(stem, text) };
    if let Some(head) = head {
        article.title = head.title().or(article.title);
        (article.source, article.url, article.published) = (head.source(), head.url(), head.published());
    }
    Ok(vec![article])
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
        let headed = "Title: Strike ends: dockers go back\nDate: 13 January 2017\nSource: The Example\nURL: https://example.org/1\n\nDockers went back.\n";
        for (text, source) in [(clipped, None), (saved, Some("The Example")), (headed, Some("The Example"))] {
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
    fn markdown_below_a_head_is_read_as_it_is_shown() {
        let text = "---\ntitle: Strike ends\n---\n# The strike\n\n**Dockers** in [Piraeus](https://example.org/p) went back.\n";
        let found = article(text);
        assert_eq!(
            (found.title.as_deref(), found.text.as_str()),
            (Some("Strike ends"), "Dockers in Piraeus went back.")
        );
    }

    #[test]
    fn page_numbers_are_no_part_of_the_text() {
        assert_eq!(
            article("Dockers left.\n\n1\n\u{c}It rained.\n\n2\n\u{c}").text,
            "Dockers left.\n\n \n\nIt rained.\n\n \n\n"
        );
    }
}
