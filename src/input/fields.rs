//! Names of the fields of a record, and the article that they make.

use serde::Serialize;

use super::InputOptions;
use crate::Article;

/// Names of the fields of a JSON Lines object, or of the columns of a CSV or Parquet file.
#[derive(Debug, Clone, Serialize)]
pub struct Fields {
    pub id: String,
    pub text: String,
    pub title: String,
    pub source: String,
    pub url: String,
    pub published: String,
}

impl Fields {
    pub(super) fn names(&self) -> [&str; 6] {
        [&self.id, &self.text, &self.title, &self.source, &self.url, &self.published]
    }
}

impl Default for Fields {
    fn default() -> Self {
        let [id, text, title, source, url, published] =
            ["id", "text", "title", "source", "url", "published"].map(String::from);
        Self { id, text, title, source, url, published }
    }
}

pub fn article(
    text: String,
    fallback_id: &str,
    options: &InputOptions,
    field: impl Fn(&str) -> Option<String>,
) -> Article {
    let known = |name: &str| field(name).filter(|value| !value.trim().is_empty());
    Article {
        id: known(&options.fields.id).unwrap_or_else(|| fallback_id.to_owned()),
        title: known(&options.fields.title),
        source: known(&options.fields.source),
        url: known(&options.fields.url),
        published: known(&options.fields.published),
        text,
        warnings: Vec::new(),
    }
}
