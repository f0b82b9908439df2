//! Reads data sets of stance: towards marked mentions in sentences, or of whole articles towards a target.

use std::path::Path;

use encoding_rs::Encoding;

use super::documents::{JudgedDocument, document};
use super::mentions::{JudgedMention, mentions};
use super::rows::{Row, rows};
use super::{EvalError, FilePosition, read};
use crate::stance::Label;

/// The content of a file.
#[derive(Debug, Clone)]
pub enum StanceData {
    /// Mentions in sentences.
    Mentions(Vec<JudgedMention>),
    /// Whole articles.
    Documents(Vec<JudgedDocument>),
}

/// Reads a file of mentions or of articles; its first row decides which.
///
/// # Errors
/// When the file cannot be read, or a row is not of the same kind as the first.
pub fn read_stance(path: &Path, encoding: Option<&'static Encoding>) -> Result<StanceData, EvalError> {
    parse(path, &read(path, encoding)?)
}

/// Parses the text of such a file.
///
/// # Errors
/// As [`read_stance`].
pub fn parse(path: &Path, text: &str) -> Result<StanceData, EvalError> {
    let rows = rows(path, text)?;
    let has = |row: &Row, name| row.value.get(name).is_some();
    // Articles have the text and the name of the target; mentions have a sentence.
    let of_documents = has(&rows[0], "target") && has(&rows[0], "text");
    let known =
        ["sentence", "sentence_normalized", "mention", "polarity"].iter().any(|name| has(&rows[0], name));
    if !of_documents && !known {
        let reason = "has neither judged mentions (sentence, mention, from, to, polarity) nor judged articles (text, target, polarity)";
        return Err(rows[0].error(path, reason));
    }
    let at = |row: &Row, reason: String| row.error(path, reason);
    match of_documents {
        true => {
            let documents = rows.iter().map(|row| document(row).map_err(|reason| at(row, reason)));
            Ok(StanceData::Documents(documents.collect::<Result<_, _>>()?))
        }
        false => {
            let mentions = rows.iter().map(|row| mentions(row).map_err(|reason| at(row, reason)));
            let mentions: Vec<JudgedMention> = mentions.collect::<Result<Vec<_>, _>>()?.concat();
            match mentions.is_empty() {
                true => Err(EvalError::new(path, "judges no mention")),
                false => Ok(StanceData::Mentions(mentions)),
            }
        }
    }
}

/// A label that a system gives, and its probabilities in the order of [`Label::ALL`], if there are any.
pub type GivenStance = (Label, Option<[f64; 4]>);

/// Reads the stance that a system gives to the mentions or articles of `gold`. The file must have the same ones in the
/// same order.
///
/// # Errors
/// As [`read_stance`], and when the mentions or articles differ.
pub fn read_predictions(
    path: &Path,
    encoding: Option<&'static Encoding>,
    gold: &StanceData,
) -> Result<Vec<GivenStance>, EvalError> {
    let given = read_stance(path, encoding)?;
    match (&given, gold) {
        (StanceData::Mentions(given), StanceData::Mentions(gold)) => {
            let same = |a: &JudgedMention, b: &JudgedMention| {
                (&a.sentence, a.span, a.holder) == (&b.sentence, b.span, b.holder)
            };
            check(path, "mention", given, gold, |mention| mention.place, same)?;
            Ok(given.iter().map(|mention| (mention.label, mention.probabilities)).collect())
        }
        (StanceData::Documents(given), StanceData::Documents(gold)) => {
            let same = |a: &JudgedDocument, b: &JudgedDocument| {
                (&a.article, &a.target.name) == (&b.article, &b.target.name)
            };
            check(path, "article", given, gold, |document| document.place, same)?;
            Ok(given.iter().map(|document| (document.label, document.probabilities)).collect())
        }
        _ => Err(EvalError::new(
            path,
            "judges mentions where the data judges articles, or the other way round",
        )),
    }
}

/// Gives an error if predictions are not of the mentions or articles of the gold.
fn check<T>(
    path: &Path,
    what: &str,
    given: &[T],
    gold: &[T],
    place: fn(&T) -> FilePosition,
    same: fn(&T, &T) -> bool,
) -> Result<(), EvalError> {
    if given.len() != gold.len() {
        let reason = format!("has {} {what}s, and the data has {}", given.len(), gold.len());
        return Err(EvalError::new(path, reason));
    }
    match given.iter().zip(gold).find(|(given, gold)| !same(given, gold)) {
        None => Ok(()),
        Some((given, gold)) => {
            let reason = format!("the {what} is not that of {} of the data", place(gold));
            Err(EvalError::at(path, place(given), reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::stance::{TextCase, Words};

    fn read(text: &str) -> Result<StanceData, String> {
        parse(Path::new("data"), text).map_err(|error| error.to_string())
    }

    fn judged(text: &str) -> Vec<JudgedMention> {
        match read(text) {
            Ok(StanceData::Mentions(mentions)) => mentions,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn mentions_may_have_a_holder() {
        let row = r#"{"sentence": "É Ana likes Bo.", "mention": "Bo", "from": 12, "to": 14, "polarity": 1,
                      "source": "Ana", "source_from": 2, "source_to": 5, "scores": {"favor": 0.7, "neutral": 0.2, "against": 0.1}}"#
            .replace('\n', " ");
        let found = judged(&row);
        assert_eq!((found[0].span, found[0].holder), (Span::new(13, 15), Some(Span::new(3, 6))));
        assert_eq!((found[0].label, found[0].probabilities), (Label::Favor, Some([0.7, 0.2, 0.1, 0.0])));
        let none = row.replace("\"source_from\": 2", "\"source_from\": null");
        assert_eq!(judged(&none)[0].holder, None);
        let error = read(&row.replace("\"source_to\": 5", "\"source_to\": 4")).unwrap_err();
        assert!(error.contains("2..4 is \"An\", and not \"Ana\""), "{error}");
    }

    #[test]
    fn the_repository_of_newsmtsc_has_targets_in_a_list() {
        let row = r#"{"primary_gid": "x", "sentence_normalized": "Bo met Ana.", "targets": [
            {"Input.gid": "x", "from": 0, "to": 2, "mention": "Bo", "polarity": 2.0, "further_mentions": []},
            {"Input.gid": "y", "from": 7, "to": 10, "mention": "Ana", "polarity": 6.0}]}"#
            .replace('\n', " ");
        let found = judged(&row);
        let labels: Vec<(&str, Label)> = found.iter().map(|m| (m.span.of(&m.sentence), m.label)).collect();
        assert_eq!(labels, [("Bo", Label::Against), ("Ana", Label::Favor)]);
        assert_eq!(found[1].name, "line 1, target 2");
        let error = read(&row.replace("6.0", "1.0")).unwrap_err();
        assert!(error.contains("data:1: target 2: polarity 1 is not 2, 4 or 6"), "{error}");
        assert!(read(r#"{"sentence": "a", "targets": []}"#).unwrap_err().contains("judges no mention"));
    }

    #[test]
    fn articles_have_targets_with_aliases() {
        let text = "{\"id\": 7, \"text\": \"The AU met.\", \"target\": \"African Union\", \"aliases\": [\"AU\"], \"polarity\": \"negative\"}\n\
                    {\"text\": \"Bo left.\", \"target\": \"Bo\", \"polarity\": \"0\"}\n";
        let Ok(StanceData::Documents(found)) = read(text) else { panic!("articles") };
        let mentions = found[0].target.mentions(&Words::of("The AU met."), TextCase::Usual);
        assert_eq!(mentions.iter().map(|mention| mention.span).collect::<Vec<_>>(), [Span::new(4, 6)]);
        assert_eq!((found[0].article.id.as_str(), found[0].label), ("7", Label::Against));
        assert_eq!((found[1].article.id.as_str(), found[1].label), ("line 2", Label::Neutral));
        let table = "id,text,target,polarity\n1,\"Bo, they say, left.\",Bo,-1\n";
        let Ok(StanceData::Documents(found)) = read(table) else { panic!("articles") };
        assert_eq!((found[0].article.text.as_str(), found[0].label), ("Bo, they say, left.", Label::Against));
    }

    #[test]
    fn what_is_no_judgement_is_named() {
        for (row, reason) in [
            (r#"{"text": "Bo left.", "target": "Bo"}"#, "data:1: missing field `polarity`"),
            (r#"{"text": "Bo left.", "target": "…", "polarity": 0}"#, "need a letter or a digit"),
            (
                r#"{"text": "Bo left.", "target": "Bo", "aliases": "B", "polarity": 0}"#,
                "`aliases` is no list",
            ),
            (r#"{"text": "…", "target": "Bo", "polarity": 0}"#, "`text` has no words"),
            (r#"{"text": "Bo left.", "target": "Bo", "polarity": 0.5}"#, "polarity 0.5 is not -1, 0 or 1"),
            (r#"{"text": "Bo left.", "target": "Bo", "polarity": null}"#, "polarity null is not -1, 0 or 1"),
            (
                r#"{"text": "Bo left.", "target": "Bo", "polarity": 0, "scores": {"favor": 2, "neutral": 0, "against": 0}}"#,
                "no probabilities",
            ),
            (r#"{"text": "Bo left."}"#, "has neither judged mentions"),
            (
                r#"{"sentence": "Bo", "mention": "Bo", "from": 0, "to": 3, "polarity": 0}"#,
                "0..3 is no place in the sentence",
            ),
            (
                r#"{"sentence": "Bo", "mention": "", "from": 0, "to": 0, "polarity": 0}"#,
                "0..0 is no place in the sentence",
            ),
        ] {
            let error = read(row).unwrap_err();
            assert!(error.contains(reason), "{reason} in {error}");
        }
    }
}
