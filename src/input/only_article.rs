//! Takes the text of the one `article` element of a page. Readability looks for paragraphs: where most of the text is in
//! lists or in captions of pictures, it finds little of it, or something else.

use std::sync::LazyLock;

use dom_query::Document;
use regex::Regex;

/// How many times as many letters as the text that was found the text of the element has, at least.
const MANY_TIMES: usize = 2;
/// At most one letter of so many is in a link: an element with more of them is a list of other articles.
const LETTERS_TO_A_LINKED_ONE: usize = 3;

/// Elements inside of an article that are no part of its text. The title has a field of its own.
const OTHERS: &str = "script, style, noscript, template, iframe, svg, object, nav, aside, header, footer, h1, form, \
                      button, select, dialog, [hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']";

/// Names of elements that are no part of the text, either.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)comment|related|recirc|recommend|promo|share|social|newsletter|subscri|paywall|sidebar|advert|sponsor|outbrain|taboola|teaser|byline|author|breadcrumb",
    )
    .expect("a valid pattern")
});

/// The text of the one `article` element of a page; `None` where there is not exactly one, or where it has not much more
/// text than `found`.
pub fn text(page: &str, found: &str) -> Option<String> {
    let page = Document::from(page);
    let elements = page.select("article");
    let [element] = elements.nodes() else { return None };
    let element = Document::fragment(element.html());
    element.select(OTHERS).remove();
    for part in element.select("[class], [id]").nodes() {
        let is_named = ["id", "class"].iter().any(|name| NAMED.is_match(&part.attr_or(name, "")));
        if is_named && !part.has_name("article") {
            part.remove_from_parent();
        }
    }
    // The library breaks no line around these.
    element.select("figcaption, figure, main, address, dt, dd").rename("div");
    let text = element.formatted_text().to_string();
    let (all, linked) = (letters(&text), letters(&element.select("a").text()));
    let is_much = all >= MANY_TIMES * letters(found) && all > 0;
    (is_much && linked * LETTERS_TO_A_LINKED_ONE <= all).then_some(text)
}

/// How many letters and digits a text has.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTIONS: &str = "<figure><img src=1.jpg><figcaption>Dockers left the port of Piraeus on Monday.</figcaption></figure>\
        <figure><img src=2.jpg><figcaption>Ships waited outside of it.</figcaption></figure>";

    #[test]
    fn captions_and_lists_are_text() {
        let page = format!(
            "<main><article class='post with-comments'><header><h1>Strike</h1></header>{CAPTIONS}<ul><li>It rained.</li></ul>\
             <ul class=share-tools><li>Share this with friends</li></ul><aside>Related</aside></article></main>"
        );
        let found = text(&page, "© 2026").unwrap();
        let lines: Vec<&str> = found.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(
            lines,
            ["Dockers left the port of Piraeus on Monday.", "Ships waited outside of it.", "It rained."]
        );
    }

    #[test]
    fn other_elements_are_not_taken() {
        let article = format!("<article>{CAPTIONS}</article>");
        assert!(
            text(&article, "Dockers left the port of Piraeus on Monday. Ships").is_none(),
            "not much more"
        );
        assert!(text(&article.repeat(2), "").is_none(), "which one is not known");
        assert!(text(CAPTIONS, "").is_none());
        let links = "<a href=x>Dockers left the port of Piraeus</a> <a href=y>Ships waited</a>";
        assert!(text(&format!("<article>{links}</article>"), "").is_none(), "a list of other articles");
        assert!(text("<article></article>", "").is_none());
    }
}
