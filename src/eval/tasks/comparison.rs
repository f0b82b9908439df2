//! Scores comparisons of articles: shared facts of a folder of gold; and, in other data sets, pairs of sentences that say
//! the same, digests, and the grouping of articles into events.

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::Encoding;

use crate::analysis::Place;
use crate::article::{CodePoints, Role, on_one_line, sentences};
use crate::compare::{self, Account, CompareOptions, Pair, SameFact, TF_IDF_COSINE, VECTOR_COSINE};
use crate::eval::EvalError;
use crate::eval::data::events::{AnnotatedEvent, ComparisonData, SentencePair, read_comparison_data};
use crate::eval::evaluation::Evaluation;
use crate::eval::facts::{
    FactCluster, FactScores, GoldFacts, SentenceKey, differences, given_clusters, gold_clusters,
};
use crate::eval::gold_set::GoldSet;
use crate::eval::item::{EventGrouping, ScoredItem};
use crate::eval::metrics::spans::Matches;
use crate::eval::run::{
    ARTICLES_TOGETHER, Progress, SENTENCES_TOGETHER, Sampling, System, TaskRun, in_chunks, load_analyzer,
};
use crate::eval::score::score_summary;
use crate::{Analyzer, Article, Request, Task};

/// Baselines: the cosine (of sentence vectors, of TF-IDF) from which two sentences of an event tell the same fact. Chosen
/// on the annotated events.
const VECTORS_ALONE: f32 = 0.83;
const WORDS_ALONE: f32 = 0.15;
/// The same for the pairs of a data set. Chosen on the training part of MSRP.
const VECTORS_OF_PAIRS: f32 = 0.90;
const WORDS_OF_PAIRS: f32 = 0.59;
/// Most words of a digest that is scored against a roundup (a neutral summary of the event).
const DIGEST_WORDS: usize = 60;

/// Scores the shared facts and the differences of the articles of a folder of gold. Items are sentences.
///
/// # Errors
/// When there is no valid file of facts, or the system is no pack.
pub fn facts(
    set: &GoldSet,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let articles: Vec<Article> = set.articles.iter().map(|(article, _)| article.clone()).collect();
    let path = set.folder.join("facts").join("gold.json");
    let gold = GoldFacts::load(&path, &articles.iter().collect::<Vec<_>>())?;
    let analyzer = analyzer(system)?;
    let accounts = read(&analyzer, &articles, &Task::ALL, ARTICLES_TOGETHER, progress)?;
    let starts: Vec<Vec<(usize, usize)>> = articles.iter().map(places).collect();
    let numbers: BTreeMap<&str, usize> =
        articles.iter().enumerate().map(|(n, a)| (a.id.as_str(), n)).collect();
    let sentence = |article: &str, start: usize, end: usize| -> Option<SentenceKey> {
        let number = *numbers.get(article)?;
        let shared = |&&(a, b): &&(usize, usize)| end.min(b).saturating_sub(start.max(a));
        starts[number].iter().max_by_key(shared).map(|&(start, _)| (number, start))
    };
    let wanted = gold_clusters(&gold, sentence);
    let items = |given: &[FactCluster]| -> Vec<ScoredItem> {
        let each = FactScores::by_sentence(&wanted, given).into_iter();
        each.map(|((article, start), facts)| ScoredItem {
            id: format!("{}:{start}", articles[article].id),
            facts: Some(facts),
            ..ScoredItem::default()
        })
        .collect()
    };
    let pairs = compare::pairs(&analyzer, &accounts, None)?;
    let by = |feature: usize, least: f32| -> Vec<FactCluster> {
        let alike = pairs.iter().filter(|pair| pair.features[feature] >= least);
        let both = alike.map(|pair| {
            let of =
                |(account, place): &(usize, Place)| sentence(&articles[*account].id, place.start, place.end);
            pair.places.each_ref().map(of)
        });
        both.map(|pair| pair.into_iter().flatten().collect()).collect()
    };
    let floors = vec![
        ("TF-IDF cosine".to_owned(), items(&by(TF_IDF_COSINE, WORDS_ALONE))),
        ("vector cosine".to_owned(), items(&by(VECTOR_COSINE, VECTORS_ALONE))),
    ];
    let wanted = CompareOptions { words: 100, events: false, targets: Vec::new() };
    let comparison = compare::compare(&analyzer, accounts, &wanted)?;
    let event = comparison.events.first().ok_or_else(|| EvalError::new(&path, "there are no articles"))?;
    let mut items = items(&given_clusters(event, sentence));
    if let Some(first) = items.first_mut() {
        first.differences = Some(differences(&gold, event));
    }
    let compute = Some(*analyzer.compute());
    TaskRun { data: &path, unit: "sentence", system, compute, more: String::new(), sampling }.evaluation(
        items,
        floors,
        Vec::new(),
    )
}

/// Scores a data set of sentence pairs or of events. Items are pairs or events.
///
/// # Errors
/// When the data cannot be read, or the system is no pack.
pub fn comparison(
    data: &Path,
    encoding: Option<&'static Encoding>,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let read = read_comparison_data(data, encoding)?;
    let analyzer = analyzer(system)?;
    let (items, floors, unit) = match &read {
        ComparisonData::Pairs(pairs) => {
            let (items, floors) = of_pairs(&analyzer, pairs, progress)?;
            (items, floors, "pair")
        }
        ComparisonData::Events(events) => {
            let (items, floors) = of_events(&analyzer, events, progress)?;
            (items, floors, "event")
        }
    };
    let compute = Some(*analyzer.compute());
    TaskRun { data, unit, system, compute, more: String::new(), sampling }.evaluation(
        items,
        floors,
        Vec::new(),
    )
}

/// A comparison needs sentence vectors: stored results have none.
fn analyzer(system: &System) -> Result<Analyzer, EvalError> {
    match system {
        System::Pack(pack, setup, _) => Ok(load_analyzer(pack, setup, &Task::ALL)?),
        System::Predictions(path) => {
            Err(EvalError::new(path, "a comparison is not scored from stored results: it needs a pack"))
        }
    }
}

fn read(
    analyzer: &Analyzer,
    articles: &[Article],
    tasks: &[Task],
    together: usize,
    progress: Progress,
) -> Result<Vec<Account>, EvalError> {
    let request = Request::of(tasks);
    let read = in_chunks(articles, together, progress, |some| analyzer.analyze_sentences(some, &request))?;
    Ok(read.into_iter().map(|(analysis, sentences)| Account { analysis, sentences }).collect())
}

/// The sentences of an article, in code points.
fn places(article: &Article) -> Vec<(usize, usize)> {
    let points = CodePoints::new(&article.text);
    sentences(&article.text).iter().map(|s| (points.at(s.span.start), points.at(s.span.end))).collect()
}

/// The scored items of the system, and those of each baseline with its name.
type ItemsAndBaselines = (Vec<ScoredItem>, Vec<(String, Vec<ScoredItem>)>);

fn of_pairs(
    analyzer: &Analyzer,
    pairs: &[SentencePair],
    progress: Progress,
) -> Result<ItemsAndBaselines, EvalError> {
    let texts = pairs.iter().flat_map(|pair| &pair.sentences);
    let articles: Vec<Article> =
        texts.enumerate().map(|(n, text)| Article::new(n.to_string(), text.as_str())).collect();
    let accounts = read(analyzer, &articles, &[Task::Entities, Task::Summary], SENTENCES_TOGETHER, progress)?;
    let both: Vec<(usize, usize)> = (0..pairs.len()).map(|n| (2 * n, 2 * n + 1)).collect();
    let found = compare::pairs(analyzer, &accounts, Some(&both))?;
    let features: BTreeMap<usize, Pair> =
        found.into_iter().map(|pair| (pair.places[0].0 / 2, pair)).collect();
    let items = |same: &dyn Fn(&Pair) -> bool| -> Vec<ScoredItem> {
        let each = pairs.iter().enumerate().map(|(number, pair)| {
            let given = features.get(&number).is_some_and(same);
            ScoredItem {
                id: pair.id.clone(),
                same: Some(Matches {
                    correct: usize::from(given && pair.same),
                    predicted: usize::from(given),
                    gold: usize::from(pair.same),
                }),
                ..ScoredItem::default()
            }
        });
        each.collect()
    };
    let same = SameFact::side_by_side(analyzer.pack_name());
    let found = items(&|pair| {
        let together = pair.joint.and_then(|read| same.together(read.paraphrase));
        together.unwrap_or_else(|| same.apart(&pair.features)) >= 0.5
    });
    let floors = vec![
        ("always the same".to_owned(), items(&|_| true)),
        ("TF-IDF cosine".to_owned(), items(&|pair| pair.features[TF_IDF_COSINE] >= WORDS_OF_PAIRS)),
        ("vector cosine".to_owned(), items(&|pair| pair.features[VECTOR_COSINE] >= VECTORS_OF_PAIRS)),
    ];
    Ok((found, floors))
}

/// Scores the digest of each event against its roundup, and the grouping of the articles of all events.
fn of_events(
    analyzer: &Analyzer,
    events: &[AnnotatedEvent],
    progress: Progress,
) -> Result<ItemsAndBaselines, EvalError> {
    let articles: Vec<Article> = events.iter().flat_map(|event| event.articles.clone()).collect();
    let accounts = read(analyzer, &articles, &[Task::Entities, Task::Summary], SENTENCES_TOGETHER, progress)?;
    let of: Vec<usize> =
        events.iter().enumerate().flat_map(|(n, event)| event.articles.iter().map(move |_| n)).collect();
    let grouping = grouping(&compare::group(&accounts), &of, events.len());
    let wanted = CompareOptions { words: DIGEST_WORDS, events: false, targets: Vec::new() };
    let (mut items, mut leads) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (event, grouping) in events.iter().zip(grouping) {
        let mine = accounts[at..at + event.articles.len()].to_vec();
        at += event.articles.len();
        let lead: Vec<String> = mine.iter().filter_map(first_sentence).collect();
        let digest: Vec<String> = match compare::compare(analyzer, mine, &wanted)?.events.pop() {
            Some(found) => found.digest.into_iter().map(|sentence| sentence.text).collect(),
            None => Vec::new(),
        };
        let text: Vec<&str> = event.articles.iter().map(|article| article.text.as_str()).collect();
        let score = |sentences: &[String]| {
            event.roundup.as_ref().map(|roundup| {
                score_summary(&text.join("\n"), sentences, std::slice::from_ref(roundup), &[]).0
            })
        };
        items.push(ScoredItem {
            id: event.id.clone(),
            summary: score(&digest),
            grouping: Some(grouping),
            ..ScoredItem::default()
        });
        leads.push(ScoredItem { id: event.id.clone(), summary: score(&lead), ..ScoredItem::default() });
    }
    Ok((items, vec![("lead of each".to_owned(), leads)]))
}

fn first_sentence(account: &Account) -> Option<String> {
    let prose = account.sentences.iter().find(|sentence| sentence.role == Role::Prose);
    prose.or(account.sentences.first()).map(|sentence| on_one_line(&sentence.place.text))
}

/// B³ of groups of articles, summed over the articles of each event. `of[article]` is the event of an article.
fn grouping(groups: &[Vec<usize>], of: &[usize], events: usize) -> Vec<EventGrouping> {
    let mut sizes = vec![0usize; events];
    of.iter().for_each(|&event| sizes[event] += 1);
    let mut found = vec![EventGrouping::default(); events];
    for group in groups {
        for &article in group {
            let together = group.iter().filter(|&&other| of[other] == of[article]).count() as f64;
            let scores = &mut found[of[article]];
            scores.b3_precision += together / group.len() as f64;
            scores.b3_recall += together / sizes[of[article]] as f64;
            scores.articles += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_scored_by_article() {
        let right = grouping(&[vec![0, 1], vec![2]], &[0, 0, 1], 2);
        assert_eq!((right[0].b3_precision, right[0].b3_recall, right[1].articles), (2.0, 2.0, 1));
        let one = grouping(&[vec![0, 1, 2]], &[0, 0, 1], 2);
        assert!((one[0].b3_precision - 4.0 / 3.0).abs() < 1e-12 && one[0].b3_recall == 2.0);
    }
}
