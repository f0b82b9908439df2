//! What becomes of a record: findings, or the reason why there are none.

use anyhow::bail;
use serde::Serialize;

use super::gather::Item;
use crate::analysis::SCHEMA_VERSION;
use crate::input::InputError;
use crate::panics::caught;
use crate::{Analysis, Article};

/// A line of the errors file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorRecord {
    /// Null where not even the id could be read.
    pub id: Option<String>,
    pub input: Option<String>,
    /// Where in the input: a line, a row or a record. Null where the whole input is meant.
    pub place: Option<String>,
    pub reason: String,
}

impl From<InputError> for ErrorRecord {
    fn from(error: InputError) -> Self {
        let part = |place: &str| ["line ", "row ", "from row "].iter().any(|word| place.starts_with(word));
        let (input, place) = match error.place.rsplit_once(", ") {
            Some((input, place)) if part(place) => (input.to_owned(), Some(place.to_owned())),
            _ => (error.place, None),
        };
        Self { id: error.id, input: Some(input), place, reason: error.reason }
    }
}

/// An error among the results of a filter, which answers every record with one.
#[derive(Serialize)]
pub struct ErrorResult<'a> {
    pub schema_version: u32,
    pub id: Option<&'a str>,
    pub error: &'a ErrorRecord,
}

impl<'a> From<&'a ErrorRecord> for ErrorResult<'a> {
    fn from(error: &'a ErrorRecord) -> Self {
        Self { schema_version: SCHEMA_VERSION, id: error.id.as_deref(), error }
    }
}

pub struct Finding {
    /// Name of its file, where each article gets one.
    pub name: Option<String>,
    pub result: Result<Analysis, ErrorRecord>,
}

/// Reads the articles of a window together; should that fail, one by one, so that a bad one costs no other.
///
/// # Errors
/// When the model fails on every one of several articles: then it is not the articles.
pub fn read(
    items: Vec<Item>,
    analyze: impl Fn(&[Article]) -> Result<Vec<Analysis>, String>,
) -> anyhow::Result<Vec<Finding>> {
    let analyze = |articles: &[Article]| {
        let found = caught(|| analyze(articles));
        found.unwrap_or_else(|said| Err(format!("reading it broke off: {said}")))
    };
    let mut articles = Vec::new();
    let mut places = Vec::new();
    for item in items {
        let refused = item.article.map(|article| articles.push(article)).err();
        places.push((item.record, item.name, refused));
    }
    let mut results: Vec<Result<Analysis, String>> = match analyze(&articles) {
        Ok(analyses) => analyses.into_iter().map(Ok).collect(),
        Err(reason) if articles.len() == 1 => vec![Err(reason)],
        Err(reason) => {
            let alone = |article: &Article| {
                analyze(std::slice::from_ref(article)).map(|mut analyses| analyses.remove(0))
            };
            let results: Vec<_> = articles.iter().map(alone).collect();
            if results.iter().all(Result::is_err) {
                bail!("{reason} (on every one of {} articles)", articles.len());
            }
            results
        }
    };
    let mut results = results.drain(..).zip(&articles);
    let mut finding = |(record, name, refused): (u64, Option<String>, Option<ErrorRecord>)| {
        let result = match refused {
            Some(error) => Err(error),
            None => {
                let (result, article) = results.next().expect("an answer for each article");
                result.map_err(|reason| ErrorRecord {
                    id: Some(article.id.clone()),
                    input: None,
                    place: Some(format!("record {record}")),
                    reason,
                })
            }
        };
        Finding { name, result }
    };
    Ok(places.into_iter().map(&mut finding).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn analysis(article: &Article) -> Analysis {
        serde_json::from_value(json!({
            "schema_version": 1, "id": article.id, "title": null, "source": null, "url": null, "published": null,
            "language": null, "characters": 1, "tokens": 1, "warnings": []
        }))
        .unwrap()
    }

    fn items(texts: &[&str]) -> Vec<Item> {
        let item = |(n, text): (usize, &&str)| Item {
            record: n as u64,
            name: None,
            article: Ok(Article::new(n.to_string(), *text)),
        };
        texts.iter().enumerate().map(item).collect()
    }

    #[test]
    fn an_article_that_breaks_the_model_costs_no_other() {
        let analyze = |articles: &[Article]| {
            assert!(articles.iter().all(|article| article.text != "panic"), "a panic");
            match articles.iter().any(|article| article.text == "bad") {
                true => Err("out of luck".to_owned()),
                false => Ok(articles.iter().map(analysis).collect()),
            }
        };
        let found = read(items(&["a", "bad", "c", "panic"]), analyze).unwrap();
        let ids: Vec<_> = found.iter().map(|f| f.result.as_ref().map(|a| a.id.as_str()).ok()).collect();
        assert_eq!(ids, [Some("0"), None, Some("2"), None]);
        let error = found[1].result.as_ref().unwrap_err();
        assert_eq!((error.place.as_deref(), error.reason.as_str()), (Some("record 1"), "out of luck"));
        assert!(read(items(&["bad", "bad"]), analyze).is_err(), "then it is the model");
    }
}
