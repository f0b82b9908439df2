//! Reads what a web page says of its article in JSON-LD: blocks of JSON with the vocabulary of schema.org.
//!
//! <https://schema.org/NewsArticle>, <https://developers.google.com/search/docs/appearance/structured-data/paywalled-content>

use dom_query::{Document, Selection};
use serde_json::Value;

use crate::article::collapsed;

/// What the page says of its article; empty where it says nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct JsonLd {
    /// Its title.
    pub headline: Option<String>,
    /// The publisher's name.
    pub publisher: Option<String>,
    /// When it was published, as the page writes it.
    pub published: Option<String>,
    /// Its web address.
    pub url: Option<String>,
    /// Its text, without HTML.
    pub body: Option<String>,
    /// Whether the page says that the article, or a part of it, is not free to read.
    pub is_paid: bool,
}

/// Most blocks of a page that are read.
const BLOCKS: usize = 32;
/// Largest block that is read, in bytes.
const LARGEST: usize = 4 << 20;
/// Most objects among which the article is searched.
const OBJECTS: usize = 1_000;

impl JsonLd {
    /// What `page` says. A block that is not JSON is left out.
    pub fn of(page: &Document) -> Self {
        let blocks = page.select("script[type='application/ld+json']");
        let blocks: Vec<Value> = blocks.iter().take(BLOCKS).filter_map(|block| parsed(&block)).collect();
        let mut objects = Vec::new();
        blocks.iter().for_each(|block| collect(block, &mut objects));
        let mut found = Self::default();
        let title = plain(&page.select_single("title").text());
        let is_titled =
            |article: &Value| headline(article).is_some_and(|known| title.contains(&plain(&known)));
        let mut articles: Vec<&Value> = objects.iter().copied().filter(|object| is_article(object)).collect();
        // The article with the title of the page is the one that the page shows.
        articles.sort_by_cached_key(|&article| !is_titled(article));
        for article in articles {
            if found.may_be(article) {
                found.fill_from(article);
            }
        }
        let is_paid = |object: &Value| object.get("isAccessibleForFree").is_some_and(is_false);
        let parts = objects.iter().filter(|object| is_article(object) || is_page(object));
        found.is_paid = parts.flat_map(|object| std::iter::once(*object).chain(each(&object["hasPart"]))).any(is_paid)
            || page
                .select("meta[itemprop='isAccessibleForFree'], meta[name='isAccessibleForFree'], meta[property='article:content_tier']")
                .iter()
                .any(|meta| matches!(&*meta.attr_or("content", "").to_ascii_lowercase(), "false" | "locked" | "metered"));
        found
    }

    /// Whether an object may describe the article that is known so far: it has the same title or address, or no title. A
    /// page may describe the articles that it links to as well.
    fn may_be(&self, article: &Value) -> bool {
        let (Some(known), Some(title)) = (&self.headline, headline(article)) else { return true };
        let at = |url: &str| url.trim_end_matches('/').to_owned();
        let is_there = |url: &String| address(article).is_some_and(|other| at(&other) == at(url));
        begins_alike(known, &title) || self.url.as_ref().is_some_and(is_there)
    }

    /// Fills fields that are empty from an object that describes an article.
    fn fill_from(&mut self, article: &Value) {
        let fill = |known: &mut Option<String>, value: Option<String>| {
            if known.is_none() {
                *known = value;
            }
        };
        fill(&mut self.headline, headline(article));
        fill(
            &mut self.publisher,
            each(&article["publisher"])
                .find_map(|publisher| text(publisher).or_else(|| text(&publisher["name"]))),
        );
        fill(&mut self.published, text(&article["datePublished"]));
        fill(&mut self.url, address(article));
        fill(&mut self.body, body(&article["articleBody"]).or_else(|| updates(&article["liveBlogUpdate"])));
    }
}

fn headline(article: &Value) -> Option<String> {
    text(&article["headline"]).or_else(|| text(&article["name"]))
}

fn address(article: &Value) -> Option<String> {
    let places = [&article["url"], &article["mainEntityOfPage"], &article["mainEntityOfPage"]["@id"]];
    places.into_iter().find_map(text).filter(|url| url.starts_with("http"))
}

/// Whether one of two titles begins as the other one is, but for case and punctuation: titles are cut off, and the name of
/// the outlet is put behind them.
fn begins_alike(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// The letters and digits of a title, in small letters.
pub fn plain(title: &str) -> String {
    title.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A block as JSON, without the comment marks that hide it from old browsers. Line breaks inside strings, which many
/// pages have and JSON does not allow, become spaces.
fn parsed(block: &Selection) -> Option<Value> {
    let text = block.text();
    let trimmed =
        text.trim().trim_start_matches("<!--").trim_start_matches("//").trim_start_matches("<![CDATA[");
    let trimmed = trimmed.trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches("//").trim();
    if trimmed.len() > LARGEST {
        return None;
    }
    serde_json::from_str(trimmed)
        .or_else(|_| serde_json::from_str(&trimmed.replace(|c: char| c.is_control(), " ")))
        .ok()
}

/// Collects the objects of a block, also from arrays, graphs and the main entity of a page. `serde_json` limits how deep
/// they are nested.
fn collect<'a>(value: &'a Value, objects: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, objects)),
        Value::Object(_) if objects.len() < OBJECTS => {
            objects.push(value);
            for inner in ["@graph", "mainEntity"] {
                collect(&value[inner], objects);
            }
        }
        _ => {}
    }
}

/// The items of an array, or a single value.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.iter(),
        value => std::slice::from_ref(value).iter(),
    }
}

fn is_article(object: &Value) -> bool {
    let named = |kind: &str| {
        kind.ends_with("Article") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
    };
    each(&object["@type"]).filter_map(Value::as_str).any(named)
}

fn is_page(object: &Value) -> bool {
    each(&object["@type"])
        .filter_map(Value::as_str)
        .any(|kind| matches!(kind, "WebPage" | "CreativeWork" | "NewsMediaOrganization"))
}

/// Whether a value is `false`, `"False"` or `"http://schema.org/False"`.
fn is_false(value: &Value) -> bool {
    match value {
        Value::Bool(free) => !free,
        Value::String(free) => free.rsplit('/').next().is_some_and(|free| free.eq_ignore_ascii_case("false")),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    let text = collapsed(&strip_html(value.as_str()?));
    (!text.is_empty()).then_some(text)
}

/// The text of an article with its paragraphs, which may be an array.
fn body(value: &Value) -> Option<String> {
    let paragraphs: Vec<String> = each(value).filter_map(Value::as_str).map(strip_html).collect();
    let body = paragraphs.join("\n\n").trim().to_owned();
    (!body.is_empty()).then_some(body)
}

/// The text of a page that is written as the event goes on: the title and the text of each update.
fn updates(value: &Value) -> Option<String> {
    let updates = each(value).filter_map(|update| {
        let text = body(&update["articleBody"])?;
        Some(match headline(update) {
            Some(title) => format!("{title}\n\n{text}"),
            None => text,
        })
    });
    let text = updates.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// Text without HTML, if it has any.
pub fn strip_html(text: &str) -> String {
    let marked = text.contains("</") || text.contains("/>") || text.contains("<br") || text.contains("<p>");
    match (marked, text.contains('&')) {
        (true, _) => Document::fragment(text).formatted_text().to_string(),
        (false, true) => text
            .split('\n')
            .map(|line| Document::fragment(line).text().to_string())
            .collect::<Vec<_>>()
            .join("\n"),
        (false, false) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(json: &str) -> JsonLd {
        JsonLd::of(&Document::from(format!("<script type=\"application/ld+json\">{json}</script><p>x</p>")))
    }

    #[test]
    fn an_article_is_found_in_every_kind_of_block() {
        let article = r#"{"@type": "NewsArticle", "headline": "Fund &amp; coal", "datePublished": "2020-03-01",
            "publisher": {"name": "The Example Times"}, "url": "https://example.org/1", "articleBody": "It is
sold.",
            "isAccessibleForFree": false}"#;
        let expected = JsonLd {
            headline: Some("Fund & coal".into()),
            publisher: Some("The Example Times".into()),
            published: Some("2020-03-01".into()),
            url: Some("https://example.org/1".into()),
            body: Some("It is sold.".into()),
            is_paid: true,
        };
        let typed = article.replace("\"NewsArticle\"", "[\"Thing\", \"ReportageNewsArticle\"]");
        for json in [
            article,
            &format!("[{{\"@type\": \"BreadcrumbList\"}}, {article}]"),
            &format!(
                "{{\"@context\": \"https://schema.org\", \"@graph\": [{{\"@type\": \"WebSite\", \"name\": \"x\"}}, {article}]}}"
            ),
            &format!("{{\"@type\": \"WebPage\", \"mainEntity\": {article}}}"),
            &typed,
            &format!("//<![CDATA[\n{article}\n//]]>"),
        ] {
            assert_eq!(described(json), expected, "{json}");
        }
        for json in ["", "{", "[]", "7", "{\"@type\": \"Person\", \"name\": \"Jane Roe\"}", "{\"@type\": 7}"]
        {
            assert_eq!(described(json), JsonLd::default(), "{json}");
        }
    }

    #[test]
    fn other_articles_of_the_page_are_not_mixed_with_it() {
        let page = |other: &str| {
            described(&format!(
                r#"[{{"@type": "NewsArticle", "headline": "Fire in Patras", "url": "https://example.org/1"}},
                {{"@type": "NewsArticle", "headline": "Strike ends", "articleBody": "It is sold.", {other}}}]"#
            ))
        };
        assert_eq!(page("\"url\": \"https://example.org/strike\"").body, None);
        assert_eq!(page("\"name\": \"x\"").body, None);
        assert_eq!(page("\"url\": \"https://example.org/1\"").body.as_deref(), Some("It is sold."));
        let more =
            r#"{"@type": "Article", "headline": "Fire in Patras | The Paper", "articleBody": "It burned."}"#;
        let found = described(&format!(r#"[{{"@type": "Article", "headline": "Fire in Patras"}}, {more}]"#));
        assert_eq!(found.body.as_deref(), Some("It burned."));
        let blocks = r#"[{"@type": "NewsArticle", "headline": "Strike ends"}, {"@type": "NewsArticle", "headline": "Fire in Patras",
            "url": "https://example.org/1"}]"#;
        let page = format!(
            "<title>Fire in Patras – The Paper</title><script type=\"application/ld+json\">{blocks}</script>"
        );
        assert_eq!(JsonLd::of(&Document::from(page)).url.as_deref(), Some("https://example.org/1"));
    }

    #[test]
    fn the_updates_of_a_live_page_are_its_text() {
        let found = described(
            r#"{"@type": "LiveBlogPosting", "headline": "Strike live", "liveBlogUpdate": [
            {"@type": "BlogPosting", "headline": "Dockers left", "articleBody": "<p>They left at 9.</p>"}, {"@type": "BlogPosting"},
            {"@type": "BlogPosting", "articleBody": "It rained."}]}"#,
        );
        assert_eq!(found.body.as_deref(), Some("Dockers left\n\nThey left at 9.\n\nIt rained."));
    }

    #[test]
    fn paid_articles_are_recognised_in_every_notation() {
        for (json, paid) in [
            (r#"{"@type": "NewsArticle", "isAccessibleForFree": "False"}"#, true),
            (r#"{"@type": "NewsArticle", "isAccessibleForFree": "http://schema.org/False"}"#, true),
            (
                r#"{"@type": "Article", "hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": false}]}"#,
                true,
            ),
            (r#"{"@type": "WebPage", "isAccessibleForFree": false}"#, true),
            (r#"{"@type": "NewsArticle", "isAccessibleForFree": true}"#, false),
            (r#"{"@type": "NewsArticle", "isAccessibleForFree": "True"}"#, false),
            (r#"{"@type": "Product", "isAccessibleForFree": false}"#, false),
            (r#"{"@type": "NewsArticle"}"#, false),
        ] {
            assert_eq!(described(json).is_paid, paid, "{json}");
        }
        let page = Document::from("<meta property=\"article:content_tier\" content=\"locked\"><p>x</p>");
        assert!(JsonLd::of(&page).is_paid);
    }

    #[test]
    fn bodies_may_hold_markup() {
        for (body, text) in [
            ("\"<p>It is sold.</p><p>So they say.</p>\"", "It is sold.\n\nSo they say."),
            ("\"AT&amp;T is sold.\\nSo they say.\"", "AT&T is sold.\nSo they say."),
            ("[\"It is sold.\", \"So they say.\"]", "It is sold.\n\nSo they say."),
            ("\"1 < 2 and 3 > 2.\"", "1 < 2 and 3 > 2."),
        ] {
            let found = described(&format!("{{\"@type\": \"NewsArticle\", \"articleBody\": {body}}}"));
            assert_eq!(found.body.as_deref(), Some(text));
        }
    }
}
