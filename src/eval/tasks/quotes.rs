//! Scores attributions and the speakers of sentences in an annotated data set. Items are articles.

use std::path::Path;

use encoding_rs::Encoding;

use crate::Task;
use crate::article::{Article, Span, sentences};
use crate::eval::EvalError;
use crate::eval::attributions::{Attribution, QuoteScores};
use crate::eval::baselines;
use crate::eval::data::quotes::{QuotedArticle, read_predictions, read_quotes};
use crate::eval::evaluation::Evaluation;
use crate::eval::item::ScoredItem;
use crate::eval::quotes::{by_sentence, score};
use crate::eval::run::{ARTICLES_TOGETHER, Progress, Sampling, System, TaskRun, in_chunks, load_analyzer};

/// Scores the attributions and speakers that a system finds in the articles of a file.
///
/// # Errors
/// When the data or the predictions cannot be read, or the model cannot be loaded or run.
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
            let analyzer = load_analyzer(pack, setup, &[Task::Quotes])?;
            let articles: Vec<Article> = gold.iter().map(|quoted| quoted.article.clone()).collect();
            let found = in_chunks(&articles, ARTICLES_TOGETHER, progress, |some| analyzer.find_quotes(some))?;
            let given = found.into_iter().map(|said| SystemQuotes {
                attributions: analyzer
                    .finds_quotes()
                    .then(|| said.quotes.iter().map(Attribution::from).collect()),
                speakers: said.speakers,
            });
            (given.collect(), Some(*analyzer.compute()))
        }
        System::Predictions(path) => {
            let found = read_predictions(path, encoding, &gold)?;
            let given = found.into_iter().zip(&texts).map(|(attributions, sentences)| SystemQuotes {
                speakers: by_sentence(&attributions, sentences),
                attributions: Some(attributions),
            });
            (given.collect::<Vec<SystemQuotes>>(), None)
        }
    };
    let items = |given: &[SystemQuotes]| -> Vec<ScoredItem> {
        let each = gold.iter().zip(&texts).zip(given);
        let item = |((quoted, sentences), given): ((&QuotedArticle, &Vec<Span>), &SystemQuotes)| ScoredItem {
            id: quoted.article.id.clone(),
            speakers: Some(score(&quoted.article.text, sentences, &quoted.attributions, &given.speakers)),
            quotes: given
                .attributions
                .as_ref()
                .map(|attributions| QuoteScores::new(&quoted.attributions, attributions, false)),
            ..ScoredItem::default()
        };
        each.map(item).collect()
    };
    let floor = gold.iter().zip(&texts).map(|(quoted, sentences)| SystemQuotes {
        speakers: baselines::first_names(&quoted.article, sentences),
        attributions: None,
    });
    let floor: Vec<SystemQuotes> = floor.collect();
    let floors = vec![(baselines::FIRST_NAME.into(), items(&floor))];
    let run = TaskRun { data, unit: "article", system, compute, more: String::new(), sampling };
    run.evaluation(items(&given), floors, Vec::new())
}

/// What a system finds in one article.
struct SystemQuotes {
    /// The speaker of each sentence.
    speakers: Vec<Option<String>>,
    /// `None` for a system that gives speakers only.
    attributions: Option<Vec<Attribution>>,
}
