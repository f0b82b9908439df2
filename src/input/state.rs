//! Takes the text of an article from the state of a page: JSON that the page hands to its scripts, which show it. Next.js,
//! Arc and others make such pages. Where the page is saved without what its scripts show, the text is nowhere else.

use std::sync::LazyLock;

use dom_query::Document;
use regex::Regex;
use serde_json::{Map, Value};

use super::json_ld::{plain, strip_html};
use super::only_article::letters;
use crate::article::ends_like_a_sentence;

/// An article in the state of a page.
pub struct Stated {
    /// Its title.
    pub headline: String,
    /// Its text: a blank line between paragraphs.
    pub text: String,
}

/// Most scripts of a page that are read.
const SCRIPTS: usize = 200;
/// Largest script that is read, in bytes.
const LARGEST: usize = 4 << 20;
/// Most objects of a script that are read.
const OBJECTS: usize = 16;
/// Least letters of the text of an article. A shorter one is its summary.
const LEAST: usize = 200;
/// Least letters of a title: that of the page may begin with a shorter one by chance.
const SHORTEST_TITLE: usize = 8;

/// Fields that hold a text, or the parts of one. The same text may be in several of them, so only the first is read.
const PARTS: [&str; 20] = [
    "text",
    "html",
    "value",
    "copy",
    "markup",
    "articleBody",
    "body",
    "bodyText",
    "content",
    "contents",
    "content_elements",
    "children",
    "paragraphs",
    "paragraph",
    "blocks",
    "elements",
    "components",
    "items",
    "model",
    "data",
];

/// The article with the title of the page that has the longest text; `None` where there is none.
pub fn article(markup: &str) -> Option<Stated> {
    let page = Document::from(markup);
    let title = page.select_single("title").text().to_string();
    let shared = page.select_single("meta[property='og:title']").attr_or("content", "").to_string();
    let titles = [plain(&title), plain(&shared)];
    let mut found = None;
    for script in page.select("script").nodes().iter().take(SCRIPTS) {
        if script.attr_or("type", "").ends_with("ld+json") {
            continue;
        }
        states(&script.text()).iter().for_each(|state| search(state, &titles, &mut found));
    }
    found.filter(|found: &Stated| letters(&found.text) >= LEAST)
}

/// The objects that a script is, or that it gives names: `window.__STATE__ = {…}`.
fn states(script: &str) -> Vec<Value> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?:(?:window|self|globalThis)(?:\.[A-Za-z_$][\w$]*|\[["'][^"'\]]{1,80}["']\])+|\b__[A-Z][A-Z_]*__|\bFusion\.globalContent)\s*=\s*(?:JSON\.parse\(\s*)?([{"])"#,
        )
        .expect("a valid pattern")
    });
    if script.len() > LARGEST {
        return Vec::new();
    }
    if script.trim_start().starts_with(['{', '[']) {
        return first_value(script).into_iter().collect();
    }
    let places = NAMED.captures_iter(script).filter_map(|found| found.get(1)).take(OBJECTS);
    places.filter_map(|place| first_value(&script[place.start()..])).collect()
}

/// The value that a text begins with. It may be JSON in a string.
fn first_value(json: &str) -> Option<Value> {
    match serde_json::Deserializer::from_str(json).into_iter::<Value>().next()?.ok()? {
        Value::String(inner) => serde_json::from_str(&inner).ok(),
        value => Some(value),
    }
}

/// Searches the objects in a value, and keeps the one with the longest text. `serde_json` limits how deep they are nested.
fn search(value: &Value, titles: &[String], best: &mut Option<Stated>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| search(item, titles, best)),
        Value::Object(fields) => {
            if let Some(headline) = headline(value, titles) {
                let texts = PARTS.iter().filter_map(|name| fields.get(*name)).map(shown);
                let longest = texts.max_by_key(|text| letters(text)).unwrap_or_default();
                if best.as_ref().is_none_or(|best| letters(&best.text) < letters(&longest)) {
                    *best = Some(Stated { headline, text: longest.trim().to_owned() });
                }
            }
            fields.values().for_each(|field| search(field, titles, best));
        }
        _ => {}
    }
}

/// The title of an object, if a title of the page begins with it: the name of a section or of the outlet stands behind.
fn headline(object: &Value, titles: &[String]) -> Option<String> {
    let places =
        [&object["headline"], &object["title"], &object["headlines"]["basic"], &object["title"]["rendered"]];
    places.into_iter().filter_map(Value::as_str).map(strip_html).find(|known| {
        let known = plain(known);
        known.len() >= SHORTEST_TITLE && titles.iter().any(|title| title.starts_with(&known))
    })
}

/// The text of a value: of an object the first of its [`PARTS`] that has text, of a list its items.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => strip_html(text),
        Value::Array(items) => {
            let parts = items.iter().map(shown).filter(|part| !part.trim().is_empty());
            joined(&parts.collect::<Vec<_>>())
        }
        Value::Object(fields) if !is_other(fields) => {
            let mut parts = PARTS.iter().filter_map(|name| fields.get(*name)).map(shown);
            parts.find(|part| !part.trim().is_empty()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The parts of one paragraph, or paragraphs. Links and words in bold type are parts of their own: "In ", "Lima", " it rained."
fn joined(parts: &[String]) -> String {
    let goes_on = |before: &str, after: &str| {
        after.starts_with(|c: char| c == ' ' || c.is_lowercase() || ",.;:!?)’”".contains(c))
            || (before.ends_with(' ') && !ends_like_a_sentence(before))
    };
    let is_one = parts.windows(2).any(|pair| goes_on(&pair[0], &pair[1]));
    parts.join(if is_one { "" } else { "\n\n" })
}

/// Whether an object is said to be a picture, an advertisement or the like.
fn is_other(object: &Map<String, Value>) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)image|photo|picture|video|audio|gallery|caption|related|recommend|promo|newsletter|advert|^ad$|embed|share|social|byline|author")
            .expect("a valid pattern")
    });
    let kinds = ["type", "_type", "__typename", "nodeType"].into_iter().filter_map(|name| object.get(name));
    kinds.filter_map(Value::as_str).any(|kind| OTHERS.is_match(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "The finance ministry in Stockholm said on Monday that the fund would sell its shares. It gave no date for \
        the sale, and the opposition asked for one. Its leader said that it would vote against the sale in the parliament, and \
        that other parties would do the same.";

    fn of(script: &str) -> Option<Stated> {
        article(&format!("<title>Fund sells shares | The Paper</title><div id=app></div>{script}"))
    }

    #[test]
    fn the_text_in_the_state_of_a_page_is_found() {
        let next = format!(
            r#"<script id="__NEXT_DATA__" type="application/json">{{"props": {{"pageProps": {{"related": [{{"title": "Rain", "body": "{BODY}{BODY}{BODY}"}}],
            "article": {{"headline": "Fund sells shares", "author": "Jane Roe", "body": [{{"type": "paragraph", "text": "{BODY}"}},
            {{"type": "image", "text": "Stockholm by night"}}, {{"type": "paragraph", "children": [{{"text": "In "}}, {{"text": "Lima"}}, {{"text": " it rained."}}]}}]}}}}}}}}</script>"#
        );
        let markup = format!(
            r#"<script>window.x = 7; window.__INITIAL_STATE__={{"story": {{"title": "Fund sells shares", "content": "<p>{BODY}</p><p>In Lima it rained.</p>"}}}};</script>"#
        );
        let inner = format!(
            r#"{{"title": "Fund sells shares", "summary": "x", "paragraphs": ["{BODY}", "In Lima it rained."]}}"#
        );
        let string = format!("<script>window.__DATA__ = {};</script>", Value::String(inner));
        for script in [next, markup, string] {
            let found = of(&script).unwrap();
            assert_eq!(found.headline, "Fund sells shares", "{script}");
            assert_eq!(found.text, format!("{BODY}\n\nIn Lima it rained."), "{script}");
        }
    }

    #[test]
    fn other_texts_in_a_state_are_not_taken() {
        for script in [
            format!(r#"<script type="application/json">{{"title": "The Paper", "body": "{BODY}"}}</script>"#),
            r#"<script type="application/json">{"title": "Fund sells shares", "body": "Short."}</script>"#
                .to_owned(),
            format!(
                r#"<script>var a = {{"title": "Fund sells shares", "body": "{BODY}"}}; window.b = {{broken</script>"#
            ),
            "<script>window.a = {\"a\":".repeat(300),
        ] {
            assert!(of(&script).is_none(), "{script}");
        }
    }
}
