//! Scores summaries in a data set of articles with reference summaries. Items are articles.

use std::path::Path;

use crate::analysis::Summary;
use crate::article::{Article, Span};
use crate::eval::EvalError;
use crate::eval::baselines;
use crate::eval::data::summaries::{SummarisedArticle, SummaryDataOptions, read_predictions, read_summaries};
use crate::eval::evaluation::Evaluation;
use crate::eval::item::ScoredItem;
use crate::eval::run::{Progress, Sampling, System, TaskRun, analyze_all, length_signature, load_analyzer};
use crate::eval::score::{score_summary, sentence_lines, supported_share};
use crate::{Request, Task};

/// Scores the summaries of a system against the references of a file.
///
/// # Errors
/// When the data or the predictions cannot be read, or the model cannot be loaded or run.
pub fn summary(
    data: &Path,
    options: &SummaryDataOptions,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let gold = read_summaries(data, options)?;
    let mut borne_out: Vec<Option<f64>> = vec![None; gold.len()];
    let (given, compute, more) = match system {
        System::Pack(pack, setup, request) => {
            let more = length_signature(request.summary_length);
            let request = Request { tasks: vec![Task::Summary], ..request.as_ref().clone() };
            let analyzer = load_analyzer(pack, setup, &[Task::Summary])?;
            let articles: Vec<Article> = gold.iter().map(|summarised| summarised.article.clone()).collect();
            let found =
                analyze_all(&analyzer, &articles, &request, progress)?.into_iter().filter_map(|a| a.summary);
            let found: Vec<Summary> = found.collect();
            borne_out = found.iter().map(supported_share).collect();
            let given: Vec<Vec<String>> =
                found.iter().map(|summary| summary.lines().map(String::from).collect()).collect();
            (given, Some(*analyzer.compute()), more)
        }
        System::Predictions(path) => {
            let texts = read_predictions(path, options, &gold)?;
            (texts.iter().map(|text| split(text)).collect(), None, "rouge:stemmed|".into())
        }
    };
    let items = |given: &[Vec<String>]| {
        gold.iter().zip(given).map(|(gold, given)| summary_item(gold, given)).collect::<Vec<_>>()
    };
    let taken = |article: &Article, spans: Vec<Span>| -> Vec<String> {
        spans.iter().map(|span| span.of(&article.text).to_owned()).collect()
    };
    let lead: Vec<_> = gold.iter().map(|g| taken(&g.article, baselines::lead(&g.article))).collect();
    let draw = |seed| -> Vec<_> {
        gold.iter().map(|g| taken(&g.article, baselines::random(&g.article, seed))).collect()
    };
    let random = (0..baselines::DRAWS).flat_map(|n| items(&draw(sampling.seed + n))).collect();
    let floors = vec![(baselines::LEAD.into(), items(&lead)), (baselines::RANDOM.into(), random)];
    let mut items = items(&given);
    for (item, borne_out) in items.iter_mut().zip(borne_out) {
        item.summary.iter_mut().for_each(|scores| scores.supported = borne_out);
    }
    let empty = items.iter().filter(|item| item.summary.is_some_and(|summary| summary.words == 0.0)).count();
    let notes = match empty {
        0 => Vec::new(),
        n => vec![format!("{n} of {} summaries have no words and score 0", items.len())],
    };
    TaskRun { data, unit: "article", system, compute, more, sampling }.evaluation(items, floors, notes)
}

/// The sentences of a summary that is one string.
fn split(text: &str) -> Vec<String> {
    sentence_lines(text)
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(String::from)
        .collect()
}

fn summary_item(gold: &SummarisedArticle, sentences: &[String]) -> ScoredItem {
    let (scores, _) = score_summary(&gold.article.text, sentences, &gold.references, &[]);
    ScoredItem { id: gold.article.id.clone(), summary: Some(scores), ..ScoredItem::default() }
}
