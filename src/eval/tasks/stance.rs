//! Scores stance in an annotated data set. Items are marked mentions in sentences, or whole articles.

use std::path::Path;

use encoding_rs::Encoding;

use crate::eval::EvalError;
use crate::eval::baselines::{self, majority};
use crate::eval::data::documents::JudgedDocument;
use crate::eval::data::mentions::JudgedMention;
use crate::eval::data::stance::{GivenStance, StanceData, read_predictions, read_stance};
use crate::eval::evaluation::Evaluation;
use crate::eval::item::{Judgement, ScoredItem, StanceScores};
use crate::eval::run::{
    Progress, SENTENCES_TOGETHER, Sampling, System, TaskRun, in_chunks, load_analyzer, read_all,
};
use crate::eval::score::probabilities;
use crate::model::ModelError;
use crate::reader::{Passage, ReaderOutputs};
use crate::stance::{Label, Scores};
use crate::{Analyzer, Request, Task};

/// Scores the stance that a system gives to the mentions or articles of a file.
///
/// # Errors
/// When the data or the predictions cannot be read, or the model cannot be loaded or run.
pub fn stance(
    data: &Path,
    encoding: Option<&'static Encoding>,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let gold = read_stance(data, encoding)?;
    let (given, compute, knows_holders) = match system {
        System::Pack(pack, setup, _) => {
            let analyzer = load_analyzer(pack, setup, &[Task::Stance])?;
            let given = match &gold {
                StanceData::Mentions(mentions) => towards_mentions(&analyzer, mentions, progress)?,
                StanceData::Documents(documents) => of_documents(&analyzer, documents, progress)?,
            };
            (given, Some(*analyzer.compute()), analyzer.finds_holders())
        }
        System::Predictions(path) => (read_predictions(path, encoding, &gold)?, None, true),
    };
    let mut notes = Vec::new();
    let unit = match &gold {
        StanceData::Mentions(mentions) => {
            let held = mentions.iter().filter(|mention| mention.holder.is_some()).count();
            if held > 0 && !knows_holders {
                notes.push(format!("{held} of {} mentions have a holder, whom the pack does not know: the stance that it gives is that of the whole sentence", mentions.len()));
            }
            "mention"
        }
        StanceData::Documents(documents) => {
            let absent = given.iter().filter(|(label, _)| *label == Label::Absent).count();
            if absent > 0 {
                notes.push(format!("{absent} of {} targets are absent from their article as the analysis has it; each counts as neutral", documents.len()));
            }
            "article"
        }
    };
    let labels: Vec<Label> = judged(&gold).map(|(.., label)| label).collect();
    let floor = vec![(majority(&labels), None); labels.len()];
    let baselines = vec![(baselines::MAJORITY.into(), items(&gold, &floor))];
    let run = TaskRun { data, unit, system, compute, more: String::new(), sampling };
    run.evaluation(items(&gold, &given), baselines, notes)
}

/// The stance of each sentence towards its mention.
fn towards_mentions(
    analyzer: &Analyzer,
    gold: &[JudgedMention],
    progress: Progress,
) -> Result<Vec<GivenStance>, ModelError> {
    let scores: Vec<Option<Scores>> = match analyzer.nli() {
        Some(nli) => {
            let pairs: Vec<(&str, &str)> =
                gold.iter().map(|m| (m.sentence.as_str(), m.span.of(&m.sentence))).collect();
            let judged = in_chunks(&pairs, SENTENCES_TOGETHER, progress, |some| nli.stances(some))?;
            judged.into_iter().map(Some).collect()
        }
        None => {
            let holder = |m: &JudgedMention| m.holder.filter(|_| analyzer.finds_holders());
            let passages: Vec<Passage> = gold
                .iter()
                .map(|m| match holder(m) {
                    Some(holder) => Passage { pairs: vec![(holder, m.span)], ..Passage::of(&m.sentence) },
                    None => Passage { mentions: vec![m.span], ..Passage::of(&m.sentence) },
                })
                .collect();
            let wanted = ReaderOutputs { stance: true, ..ReaderOutputs::NOTHING };
            let readings = read_all(analyzer, &passages, wanted, progress)?;
            let pairs = readings.iter().zip(gold);
            // The model gives no stance for a mention that has no token.
            pairs
                .map(|(reading, mention)| {
                    let probabilities = match holder(mention) {
                        Some(_) => reading.held.first()?.probabilities,
                        None => reading.stances.iter().find(|s| s.span == mention.span)?.tone,
                    };
                    Some(Scores::new(probabilities))
                })
                .collect()
        }
    };
    let given = scores
        .into_iter()
        .map(|scores| (scores.map_or(Label::Absent, |scores| scores.best().0), Some(probabilities(scores))));
    Ok(given.collect())
}

/// The stance of each article towards its own target.
fn of_documents(
    analyzer: &Analyzer,
    gold: &[JudgedDocument],
    progress: Progress,
) -> Result<Vec<GivenStance>, ModelError> {
    let mut given = Vec::with_capacity(gold.len());
    for document in gold {
        progress(given.len(), gold.len());
        let request = Request { targets: vec![document.target.clone()], ..Request::of(&[Task::Stance]) };
        let analyses = analyzer.analyze(std::slice::from_ref(&document.article), &request)?;
        let stance = analyses.iter().flat_map(|analysis| analysis.stance.iter().flatten()).next();
        let label = stance.map_or(Label::Absent, |stance| stance.label);
        given.push((label, Some(probabilities(stance.and_then(|stance| stance.scores)))));
    }
    Ok(given)
}

/// Name, target and gold label of each mention or article.
fn judged(gold: &StanceData) -> Box<dyn Iterator<Item = (String, String, Label)> + '_> {
    match gold {
        StanceData::Mentions(mentions) => Box::new(mentions.iter().map(|mention| {
            (mention.name.clone(), mention.span.of(&mention.sentence).to_owned(), mention.label)
        })),
        StanceData::Documents(documents) => Box::new(
            documents
                .iter()
                .map(|document| (document.place.to_string(), document.target.name.clone(), document.label)),
        ),
    }
}

/// Scored items. A mention counts for the metrics of sentences, an article for those of articles.
fn items(gold: &StanceData, given: &[GivenStance]) -> Vec<ScoredItem> {
    let of_articles = matches!(gold, StanceData::Documents(_));
    let item = |((id, target, gold), (label, probabilities)): ((String, String, Label), &GivenStance)| {
        // Such data of articles has three labels. `absent` (the target is not mentioned) comes nearest to neutral.
        let given = if of_articles && *label == Label::Absent { Label::Neutral } else { *label };
        let judgement = vec![Judgement { target, gold, given, probabilities: *probabilities }];
        let (articles, sentences) =
            if of_articles { (judgement, Vec::new()) } else { (Vec::new(), judgement) };
        ScoredItem {
            id,
            stance: Some(StanceScores { articles, sentences, ..StanceScores::default() }),
            ..ScoredItem::default()
        }
    };
    judged(gold).zip(given).map(item).collect()
}
