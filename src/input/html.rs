//! The main text of a web page, found by `dom_smoothie` (a port of Mozilla's Readability).

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};

use crate::article::Article;

/// Elements inside each other. Readability's time grows with the square of them and worse, so that a page of 100 kB made
/// for it would take minutes; browsers stop at 512.
const DEEPEST: usize = 1000;

/// The article of a page, without navigation, advertisements and comments; one paragraph a line.
///
/// # Errors
/// When the page holds nothing that reads like an article.
pub fn extract(id: &str, page: &str) -> Result<Article, String> {
    let page = Document::from(page);
    if is_too_deep(&page.root()) {
        return Err(format!("has more than {DEEPEST} elements inside each other, which no article has"));
    }
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let found = Readability::with_document(page, None, Some(config))
        .and_then(|mut page| page.parse())
        .map_err(|error| format!("no article was found in this page ({error})"))?;
    let known = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
    Ok(Article {
        id: id.into(),
        title: known(Some(found.title)),
        source: known(found.site_name),
        url: known(found.url),
        published: known(found.published_time),
        text: found.text_content.to_string(),
        warnings: Vec::new(),
    })
}

/// Without recursion: the page may be deeper than the stack.
fn is_too_deep(root: &NodeRef) -> bool {
    let (mut node, mut depth) = (*root, 0);
    loop {
        if let Some(child) = node.first_child() {
            (node, depth) = (child, depth + 1);
            if depth > DEEPEST {
                return true;
            }
            continue;
        }
        while node.next_sibling().is_none() {
            match node.parent() {
                Some(parent) if depth > 0 => (node, depth) = (parent, depth - 1),
                _ => return false,
            }
        }
        node = node.next_sibling().expect("it was just there");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_article_is_kept() {
        let body = "France said on Thursday that it would withdraw its soldiers from Mali. ".repeat(6);
        let page = format!(
            "<html><head><title>Allies leave &amp; go</title><script>evil()</script></head><body><nav><a href=x>Home</a></nav>\
             <article><h1>Allies leave</h1><p>{body}</p><p>{body}</p></article><footer>About us</footer></body></html>"
        );
        let article = extract("a", &page).unwrap();
        assert_eq!(article.title.as_deref(), Some("Allies leave & go"));
        assert!(article.text.contains("withdraw its soldiers"));
        for gone in ["evil", "Home", "About us", "<p>"] {
            assert!(!article.text.contains(gone), "{gone}");
        }
    }

    #[test]
    fn a_page_that_is_nested_to_take_for_ever_is_refused() {
        let page =
            |depth: usize| format!("<p>{}</p>{}word", "A sentence. ".repeat(50), "<div>".repeat(depth));
        assert!(extract("a", &page(20_000)).unwrap_err().contains("inside each other"));
        assert!(extract("a", &page(500)).is_ok());
    }
}
