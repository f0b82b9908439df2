//! Who says each sentence of other people's articles. Items are articles.

use std::path::Path;

use encoding_rs::Encoding;

use crate::Task;
use crate::article::{Article, Span, sentences};
use crate::eval::EvalError;
use crate::eval::baselines;
use crate::eval::data::quotes::{Quoted, read_predictions, read_quotes};
use crate::eval::evaluation::Evaluation;
use crate::eval::item::Item;
use crate::eval::quotes::{by_sentence, score};
use crate::eval::run::{ARTICLES_TOGETHER, Progress, Sampling, System, TaskRun, in_parts, loaded};

/// Holds the speakers that a system finds against the attributions of a file.
pub fn quotes(
    data: &Path,
    encoding: Option<&'static Encoding>,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let gold = read_quotes(data, encoding)?;
    let split = |article: &Article| sentences(&article.text).iter().map(|sentence| sentence.span).collect();
    let texts: Vec<Vec<Span>> = gold.iter().map(|quoted| split(&quoted.article)).collect();
    let (given, compute) = match system {
        System::Pack(pack, setup, _) => {
            let analyzer = loaded(pack, setup, Task::Entities)?;
            let articles: Vec<Article> = gold.iter().map(|quoted| quoted.article.clone()).collect();
            let found = in_parts(&articles, ARTICLES_TOGETHER, progress, |some| analyzer.speakers(some))?;
            (found, Some(*analyzer.compute()))
        }
        System::Predictions(path) => {
            let found = read_predictions(path, encoding, &gold)?;
            let found = found.iter().zip(&texts);
            (found.map(|(attributions, sentences)| by_sentence(attributions, sentences)).collect(), None)
        }
    };
    let items = |given: &[Vec<Option<String>>]| -> Vec<Item> {
        let each = gold.iter().zip(&texts).zip(given);
        let item = |((quoted, sentences), given): ((&Quoted, &Vec<Span>), &Vec<_>)| Item {
            id: quoted.article.id.clone(),
            speakers: Some(score(&quoted.article.text, sentences, &quoted.attributions, given)),
            ..Item::default()
        };
        each.map(item).collect()
    };
    let floor = gold.iter().zip(&texts);
    let floor: Vec<_> =
        floor.map(|(quoted, sentences)| baselines::first_names(&quoted.article, sentences)).collect();
    let floors = vec![(baselines::FIRST_NAME.into(), items(&floor))];
    let run = TaskRun { data, unit: "article", system, compute, more: String::new(), sampling };
    run.evaluation(items(&given), floors, Vec::new())
}
