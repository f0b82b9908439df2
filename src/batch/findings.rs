//! Analyses the records of a window. Each gives a *finding*: its analysis, or the reason why there is none.

use super::error::BatchError;
use super::gather::InputRecord;
use super::record::ErrorRecord;
use crate::panics::caught;
use crate::{Analysis, Article};

/// The result of one record.
pub struct Finding {
    /// Name of its file, where the output is a folder with one file for each article.
    pub file_name: Option<String>,
    /// The analysis, or the line for the errors file.
    pub result: Result<Analysis, ErrorRecord>,
}

/// Analyses the articles of a window together; if that fails, one by one, so that one bad article does not cost the
/// others. The findings are in the order of `records`.
///
/// # Errors
/// When the model fails on every one of several articles, so that the articles are not the cause.
pub fn analyze_records(
    records: Vec<InputRecord>,
    analyze: impl Fn(&[Article]) -> Result<Vec<Analysis>, String>,
) -> Result<Vec<Finding>, BatchError> {
    let analyze = |articles: &[Article]| {
        let found = caught(|| analyze(articles));
        found.unwrap_or_else(|said| Err(format!("reading it broke off: {said}")))
    };
    let mut articles = Vec::new();
    let mut places = Vec::new();
    for record in records {
        let unreadable = record.article.map(|article| articles.push(article)).err();
        places.push((record.number, record.file_name, unreadable));
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
                return Err(BatchError::EveryArticleFailed { reason, articles: articles.len() });
            }
            results
        }
    };
    let mut results = results.drain(..).zip(&articles);
    let mut finding = |(number, file_name, unreadable): (u64, Option<String>, Option<ErrorRecord>)| {
        let result = match unreadable {
            Some(error) => Err(error),
            None => {
                let (result, article) = results.next().expect("an answer for each article");
                result.map_err(|reason| ErrorRecord {
                    id: Some(article.id.clone()),
                    input: None,
                    place: Some(format!("record {number}")),
                    reason,
                })
            }
        };
        Finding { file_name, result }
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

    fn records(texts: &[&str]) -> Vec<InputRecord> {
        let record = |(n, text): (usize, &&str)| InputRecord {
            number: n as u64,
            file_name: None,
            article: Ok(Article::new(n.to_string(), *text)),
        };
        texts.iter().enumerate().map(record).collect()
    }

    #[test]
    fn an_article_on_which_the_model_fails_does_not_cost_the_others() {
        let analyze = |articles: &[Article]| {
            assert!(articles.iter().all(|article| article.text != "panic"), "a panic");
            match articles.iter().any(|article| article.text == "bad") {
                true => Err("out of luck".to_owned()),
                false => Ok(articles.iter().map(analysis).collect()),
            }
        };
        let found = analyze_records(records(&["a", "bad", "c", "panic"]), analyze).unwrap();
        let ids: Vec<_> = found.iter().map(|f| f.result.as_ref().map(|a| a.id.as_str()).ok()).collect();
        assert_eq!(ids, [Some("0"), None, Some("2"), None]);
        let error = found[1].result.as_ref().unwrap_err();
        assert_eq!((error.place.as_deref(), error.reason.as_str()), (Some("record 1"), "out of luck"));
        assert!(
            analyze_records(records(&["bad", "bad"]), analyze).is_err(),
            "the model fails, not an article"
        );
    }
}
