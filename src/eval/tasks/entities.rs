//! Scores the entities of an annotated data set. Items are its texts: sentences of tokens, or documents.

use std::path::Path;

use crate::article::{Article, Sentence, Span, sentences};
use crate::eval::EvalError;
use crate::eval::baselines;
use crate::eval::data::annotated::{AnnotatedText, EntityData, EntityDataOptions};
use crate::eval::data::entities::{read_entities, read_predictions};
use crate::eval::evaluation::Evaluation;
use crate::eval::item::{EntityScores, ScoredItem};
use crate::eval::metrics::spans::TypedSpan;
use crate::eval::run::{Progress, Sampling, System, TaskRun, analyze_all, load_analyzer, read_all};
use crate::eval::text::OffsetTable;
use crate::eval::words::capitalised;
use crate::model::ModelError;
use crate::reader::{Passage, ReaderOutputs};
use crate::{Analyzer, Request, Task};

/// Scores the entities that a system finds in annotated texts.
///
/// # Errors
/// When the data or the predictions cannot be read, or the model cannot be loaded or run.
pub fn entities(
    data: &Path,
    reading: &EntityDataOptions,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let EntityData { texts, notes } = read_entities(data, reading)?;
    let (found, compute) = match system {
        System::Pack(pack, setup, _) => {
            let analyzer = load_analyzer(pack, setup, &[Task::Entities])?;
            let found = match texts.iter().all(|text| text.tokens.is_some()) {
                true => in_sentences(&analyzer, &texts, progress)?,
                false => in_documents(&analyzer, &texts, progress)?,
            };
            (found, Some(*analyzer.compute()))
        }
        System::Predictions(path) => (read_predictions(path, reading, &texts)?, None),
    };
    let items = |found: &[Vec<TypedSpan>]| -> Vec<ScoredItem> {
        let item = |(text, found): (&AnnotatedText, &Vec<TypedSpan>)| ScoredItem {
            id: text.name.clone(),
            entities: Some(EntityScores::new(&text.entities, found)),
            ..ScoredItem::default()
        };
        texts.iter().zip(found).map(item).collect()
    };
    let capitals: Vec<Vec<TypedSpan>> = texts.iter().map(by_capitals).collect();
    let baselines = vec![(baselines::CAPITALS.into(), items(&capitals))];
    let unit = if texts.iter().all(|text| text.tokens.is_some()) { "sentence" } else { "document" };
    let run = TaskRun { data, unit, system, compute, more: String::new(), sampling };
    run.evaluation(items(&found), baselines, notes)
}

/// Gives each text to the reader as one sentence, without splitting it.
fn in_sentences(
    analyzer: &Analyzer,
    texts: &[AnnotatedText],
    progress: Progress,
) -> Result<Vec<Vec<TypedSpan>>, ModelError> {
    let passages: Vec<Passage> = texts.iter().map(|text| Passage::of(&text.text)).collect();
    let readings = read_all(analyzer, &passages, ReaderOutputs::ENTITIES, progress)?;
    let found = readings.iter().zip(texts).map(|(reading, text)| {
        let spans = reading.entities.iter().map(|entity| TypedSpan { span: entity.span, kind: entity.kind });
        text.to_own_units(spans.collect())
    });
    Ok(found.collect())
}

/// Analyses each text as an article.
fn in_documents(
    analyzer: &Analyzer,
    texts: &[AnnotatedText],
    progress: Progress,
) -> Result<Vec<Vec<TypedSpan>>, ModelError> {
    let articles: Vec<Article> =
        texts.iter().map(|text| Article::new(text.name.clone(), text.text.clone())).collect();
    let analyses = analyze_all(analyzer, &articles, &Request::of(&[Task::Entities]), progress)?;
    let found = analyses.iter().zip(texts).map(|(analysis, text)| {
        let places = OffsetTable::code_points(&text.text);
        let entities = analysis.entities.iter().flatten();
        let mentions =
            entities.flat_map(|entity| entity.mentions.iter().map(|mention| (entity.kind, mention)));
        let spans = mentions.filter_map(|(kind, mention)| {
            Some(TypedSpan { span: places.span(mention.start, mention.end)?, kind })
        });
        let mut spans: Vec<TypedSpan> = spans.collect();
        spans.sort();
        text.to_own_units(spans)
    });
    Ok(found.collect())
}

/// The baseline: runs of capitalised words.
fn by_capitals(text: &AnnotatedText) -> Vec<TypedSpan> {
    let whole = || vec![Span::new(0, text.text.len())];
    let split = || sentences(&text.text).iter().map(|Sentence { span, .. }| *span).collect();
    let spans = if text.tokens.is_some() { whole() } else { split() };
    text.to_own_units(capitalised(&text.text, &spans))
}
