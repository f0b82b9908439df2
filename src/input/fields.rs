//! The fields of a record, by name, and the article that they make.
//!
//! A record is one of many in a file: a JSON object, a line of separated values, a row of a table. Programs that collect
//! news do not agree on the names of fields; those of the best known are tried where the usual name is not there.

use serde::Serialize;

use super::{InputOptions, checked, markup};
use crate::Article;

/// Names of the fields of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Fields {
    pub id: String,
    pub text: String,
    pub title: String,
    pub source: String,
    pub url: String,
    pub published: String,
}

/// Other names that are tried where a field has its usual name and the record has no such field: of news-please, of
/// schema.org (JSON-LD), of newspaper, of NewsAPI and of JSON Feed, in this order.
const TEXTS: [&str; 2] = ["maintext", "articleBody"];
const TITLES: [&str; 1] = ["headline"];
const SOURCES: [&str; 3] = ["source_domain", "source.name", "publisher.name"];
const DATES: [&str; 6] =
    ["date_publish", "datePublished", "publish_date", "publishedAt", "published_at", "date_published"];

impl Default for Fields {
    fn default() -> Self {
        let [id, text, title, source, url, published] =
            ["id", "text", "title", "source", "url", "published"].map(String::from);
        Self { id, text, title, source, url, published }
    }
}

impl Fields {
    /// Every name that is looked for.
    pub(super) fn names(&self) -> Vec<&str> {
        let others = [self.titles(), self.sources(), self.dates()].into_iter().flatten();
        self.texts().into_iter().chain([self.id.as_str(), &self.url]).chain(others).collect()
    }

    /// Names of the text, best first.
    pub(super) fn texts(&self) -> Vec<&str> {
        tried(&self.text, "text", &TEXTS)
    }

    fn titles(&self) -> Vec<&str> {
        tried(&self.title, "title", &TITLES)
    }

    fn sources(&self) -> Vec<&str> {
        tried(&self.source, "source", &SOURCES)
    }

    fn dates(&self) -> Vec<&str> {
        tried(&self.published, "published", &DATES)
    }
}

/// A name, and others where it is the usual one.
fn tried<'a>(name: &'a str, usual: &str, others: &[&'a str]) -> Vec<&'a str> {
    let others = if name == usual { others } else { &[] };
    std::iter::once(name).chain(others.iter().copied()).collect()
}

/// The article of a record. `field` gives what stands in a field.
///
/// # Errors
/// When it has no text but white space.
pub fn article(
    text: &str,
    fallback_id: &str,
    options: &InputOptions,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Article, String> {
    let fields = &options.fields;
    let known =
        |names: &[&str]| names.iter().filter_map(|name| field(name)).find(|value| !value.trim().is_empty());
    let title = known(&fields.titles()).map(|title| markup::without(&title, options.html_fields));
    checked(Article {
        id: known(&[&fields.id]).unwrap_or_else(|| fallback_id.to_owned()),
        title: title.filter(|title| !title.trim().is_empty()),
        source: known(&fields.sources()),
        url: known(&[&fields.url]),
        published: known(&fields.dates()),
        text: markup::without(text, options.html_fields),
        warnings: Vec::new(),
    })
}
