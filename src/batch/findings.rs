//! A window of records → what becomes of each: findings, or the reason why there are none.

use anyhow::bail;

use super::gather::Item;
use super::record::ErrorRecord;
use crate::panics::caught;
use crate::{Analysis, Article};

/// What became of one record.
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
