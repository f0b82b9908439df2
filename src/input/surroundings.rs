//! Removes what stands around the article on a web page: requests to agree to cookies, bars of archives, boxes, menus, the foot.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use regex::Regex;

use crate::article::is_request;

/// Longest text of a box that asks to subscribe to a newsletter, in bytes.
const LONGEST_BOX: usize = 800;

/// What the Wayback Machine and the cache of Google put into the pages that they keep.
const OF_ARCHIVES: &str =
    "#wm-ipp-base, #wm-ipp, #wm-ipp-print, #donato, [id='bN015htcoyT__google-cache-hdr']";

/// Removes what is no part of an article: bars of archives, text for screen readers that the page hides, boxes that ask to
/// subscribe to a newsletter, and the menus and the foot of the page, which would be taken for the article where no other text
/// is found.
pub fn remove_surroundings(page: &Document) {
    page.select(OF_ARCHIVES).remove();
    let hidden = ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, [style*='clip:rect(0'], [style*='clip: rect(0']";
    let boxes = "[class*=newsletter], [id*=newsletter], [class*=signup-form], [class*=email-signup]";
    for element in page.select(&format!("{hidden}, {boxes}")).nodes() {
        let has_main = is_main(element) || element.descendants_it().any(|inner| is_main(&inner));
        if !has_main && element.text().len() <= LONGEST_BOX {
            element.remove_from_parent();
        }
    }
    // Readability reads JSON-LD, too.
    let is_kept = |inner: &NodeRef| {
        is_main(inner) || (inner.has_name("script") && inner.attr_or("type", "").ends_with("json"))
    };
    for element in page.select("nav, footer").nodes() {
        let is_inside = element.ancestors_it(None).any(|outer| is_main(&outer));
        let has_kept = element.descendants_it().any(|inner| is_kept(&inner));
        if !is_inside && !has_kept {
            element.remove_from_parent();
        }
    }
}

/// Most elements of a page that are checked for a request to agree to cookies.
const CANDIDATES: usize = 200;
/// Longest text of such an element, in bytes.
const LONGEST_REQUEST: usize = 20_000;

/// Removes elements that ask the reader to agree to cookies, by their names and by their words. A name alone is not enough:
/// an article about cookies may have it, too.
pub fn remove_consent(page: &Document) {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)cookie|consent|gdpr|privacy|onetrust|didomi|truste|quantcast|qc-cmp|sp_message|\bcmp\b",
        )
        .expect("a valid pattern")
    });
    let elements = page.select("div, section, aside, dialog, form");
    let is_named =
        |element: &&NodeRef| ["id", "class"].iter().any(|name| NAMED.is_match(&element.attr_or(name, "")));
    let asks = |element: &NodeRef| {
        if element.descendants_it().any(|inner| is_main(&inner)) {
            return false;
        }
        let text = element.formatted_text();
        let sentences: Vec<&str> =
            text.split(['.', '!', '?', '\n']).filter(|s| s.split_whitespace().nth(2).is_some()).collect();
        let requests = sentences.iter().filter(|sentence| is_request(sentence)).count();
        text.len() <= LONGEST_REQUEST && requests > 0 && requests * 3 >= sentences.len()
    };
    for element in elements.nodes().iter().filter(is_named).take(CANDIDATES) {
        if asks(element) {
            element.remove_from_parent();
        }
    }
}

/// Whether an element is the article or holds it, or is its title.
fn is_main(node: &NodeRef) -> bool {
    node.node_name().is_some_and(|name| matches!(&*name, "article" | "main" | "h1"))
}
