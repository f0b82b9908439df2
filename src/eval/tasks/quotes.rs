//! Who says each sentence of other people's articles. Items are articles.

use std::path::Path;

use encoding_rs::Encoding;

use crate::Task;
use crate::article::{Article, Span, sentences};
use crate::eval::EvalError;
use crate::eval::attributions::{Attribution, QuoteScores};
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
            let analyzer = loaded(pack, setup, &[Task::Quotes])?;
            let articles: Vec<Article> = gold.iter().map(|quoted| quoted.article.clone()).collect();
            let found = in_parts(&articles, ARTICLES_TOGETHER, progress, |some| analyzer.find_quotes(some))?;
            let given = found.into_iter().map(|said| Given {
                attributions: analyzer
                    .finds_quotes()
                    .then(|| said.quotes.iter().map(Attribution::from).collect()),
                speakers: said.speakers,
            });
            (given.collect(), Some(*analyzer.compute()))
        }
        System::Predictions(path) => {
            let found = read_predictions(path, encoding, &gold)?;
            let given = found.into_iter().zip(&texts).map(|(attributions, sentences)| Given {
                speakers: by_sentence(&attributions, sentences),
                attributions: Some(attributions),
            });
            (given.collect::<Vec<Given>>(), None)
        }
    };
    let items = |given: &[Given]| -> Vec<Item> {
        let each = gold.iter().zip(&texts).zip(given);
        let item = |((quoted, sentences), given): ((&Quoted, &Vec<Span>), &Given)| Item {
            id: quoted.article.id.clone(),
            speakers: Some(score(&quoted.article.text, sentences, &quoted.attributions, &given.speakers)),
            quotes: given
                .attributions
                .as_ref()
                .map(|attributions| QuoteScores::new(&quoted.attributions, attributions, false)),
            ..Item::default()
        };
        each.map(item).collect()
    };
    let floor = gold.iter().zip(&texts).map(|(quoted, sentences)| Given {
        speakers: baselines::first_names(&quoted.article, sentences),
        attributions: None,
    });
    let floor: Vec<Given> = floor.collect();
    let floors = vec![(baselines::FIRST_NAME.into(), items(&floor))];
    let run = TaskRun { data, unit: "article", system, compute, more: String::new(), sampling };
    run.evaluation(items(&given), floors, Vec::new())
}

/// What a system says of an article.
struct Given {
    /// Of each sentence.
    speakers: Vec<Option<String>>,
    /// `None` where it finds none.
    attributions: Option<Vec<Attribution>>,
}
