//! The names of the fields of a record, and the article that is made from them.
//!
//! A *record* is one of many in a file: a JSON object, a CSV record, a row of a Parquet file. Programs that collect news
//! use different names for fields; those of the best known programs are tried where the usual name is missing.

use serde::Serialize;

use super::{InputOptions, checked, markup};
use crate::Article;

/// Names of the fields of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Fields {
    /// The article's id.
    pub id: String,
    /// Its text, without which there is no article.
    pub text: String,
    /// Its title.
    pub title: String,
    /// The outlet that published it.
    pub source: String,
    /// Its web address.
    pub url: String,
    /// When it was published.
    pub published: String,
}

/// Other names that are tried where a field is to have its usual name and the record has no such field: those of
/// news-please, trafilatura, schema.org (JSON-LD), newspaper, NewsAPI, JSON Feed, the Guardian and data sets of news, in this order.
const TEXTS: [&str; 6] = ["maintext", "articleBody", "content", "body", "fields.bodyText", "fields.body"];
const TITLES: [&str; 2] = ["headline", "webTitle"];
#[rustfmt::skip]
const SOURCES: [&str; 9] = [
    "source_domain", "source-hostname", "hostname", "source.name", "source.title", "publisher.name", "publication",
    "outlet", "domain",
];
const ADDRESSES: [&str; 2] = ["webUrl", "link"];
#[rustfmt::skip]
const DATES: [&str; 10] = [
    "date_publish", "datePublished", "publish_date", "publishedAt", "published_at", "date_published",
    "webPublicationDate", "pubDate", "date", "Date",
];

impl Default for Fields {
    fn default() -> Self {
        let [id, text, title, source, url, published] =
            ["id", "text", "title", "source", "url", "published"].map(String::from);
        Self { id, text, title, source, url, published }
    }
}

impl Fields {
    /// The names of all fields that are read.
    pub(super) fn names(&self) -> Vec<&str> {
        let others = [self.titles(), self.sources(), self.dates()].into_iter().flatten();
        self.texts().into_iter().chain([self.id.as_str()]).chain(self.addresses()).chain(others).collect()
    }

    /// Names that the text may have, the best first.
    pub(super) fn texts(&self) -> Vec<&str> {
        tried(&self.text, "text", &TEXTS)
    }

    fn titles(&self) -> Vec<&str> {
        tried(&self.title, "title", &TITLES)
    }

    fn sources(&self) -> Vec<&str> {
        tried(&self.source, "source", &SOURCES)
    }

    fn addresses(&self) -> Vec<&str> {
        tried(&self.url, "url", &ADDRESSES)
    }

    fn dates(&self) -> Vec<&str> {
        tried(&self.published, "published", &DATES)
    }
}

/// A name, and the others where it is the usual name.
fn tried<'a>(name: &'a str, usual: &str, others: &[&'a str]) -> Vec<&'a str> {
    let others = if name == usual { others } else { &[] };
    std::iter::once(name).chain(others.iter().copied()).collect()
}

/// The article of a record with this text. `field` gives the value of a field by its name.
///
/// # Errors
/// When the text is empty or white space.
pub fn article(
    text: &str,
    fallback_id: &str,
    options: &InputOptions,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Article, String> {
    let fields = &options.fields;
    let known =
        |names: &[&str]| names.iter().filter_map(|name| field(name)).find(|value| !value.trim().is_empty());
    // trafilatura has the address of the article in "source".
    let is_address = |value: &String| ["http://", "https://"].iter().any(|start| value.starts_with(start));
    let names_outlet = |value: &String| !value.trim().is_empty() && !is_address(value);
    let first_source = known(&fields.sources());
    let outlet = fields.sources().into_iter().filter_map(&field).find(names_outlet);
    let title = known(&fields.titles()).map(|title| markup::strip(&title, options.html_fields));
    checked(Article {
        id: known(&[&fields.id]).unwrap_or_else(|| fallback_id.to_owned()),
        title: title.filter(|title| !title.trim().is_empty()),
        url: known(&fields.addresses()).or_else(|| first_source.clone().filter(is_address)),
        source: outlet.or(first_source),
        published: known(&fields.dates()),
        text: markup::strip(text, options.html_fields),
        warnings: Vec::new(),
    })
}
