//! The main text of a web page, found by `dom_smoothie` (a port of Mozilla's Readability).

use dom_smoothie::{Config, Readability, TextMode};

use crate::article::Article;

/// The article of a page, without navigation, advertisements and comments; one paragraph a line.
///
/// # Errors
/// When the page holds nothing that reads like an article.
pub fn extract(id: &str, page: &str) -> Result<Article, String> {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let found = Readability::new(page, None, Some(config))
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
    })
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
}
