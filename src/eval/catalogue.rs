//! The catalogue of metrics: every number that a report, a gate or a comparison can name, and how it is computed from
//! scored items. `eval/METRICS.md` explains each of them; a test checks that both have the same metrics.

use super::attributions::QuoteScores;
use super::facts::FactScores;
use super::item::{
    EntityScores, EventGrouping, Judgement, ScoredItem, StanceScores, SummaryScores, calibration, confusion,
    label_index,
};
use super::metrics::classification::brier;
use super::metrics::rouge::RougeScore;
use super::metrics::spans::{Matches, Tally};
use super::metrics::{f1, share};
use crate::entities::EntityType;
use crate::stance::Label;

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Higher ones.
    Higher,
    /// Lower ones.
    Lower,
    /// Neither: the metric only describes, such as the number of words.
    Neither,
}

/// One number of an evaluation.
pub struct Metric {
    /// Its path under `metrics` in JSON, such as `summary.rouge1.f1`.
    pub key: &'static str,
    /// Which values are better.
    pub better: Better,
    /// Computes it over a list of items; `None` if they lack what it needs.
    pub measure: fn(&[&ScoredItem]) -> Option<f64>,
}

/// Precision, recall and F1 of one count.
macro_rules! prf {
    ($key:literal, $sum:expr) => {
        [
            Metric {
                key: concat!($key, ".precision"),
                better: Better::Higher,
                measure: |items| Some($sum(items)?.precision()),
            },
            Metric {
                key: concat!($key, ".recall"),
                better: Better::Higher,
                measure: |items| Some($sum(items)?.recall()),
            },
            Metric {
                key: concat!($key, ".f1"),
                better: Better::Higher,
                measure: |items| Some($sum(items)?.f1()),
            },
        ]
    };
}

/// Mean precision, recall and F1 of one ROUGE score.
macro_rules! rouge {
    ($key:literal, $score:expr) => {
        [
            Metric {
                key: concat!($key, ".precision"),
                better: Better::Higher,
                measure: |items| mean(items, |s| Some($score(s).precision)),
            },
            Metric {
                key: concat!($key, ".recall"),
                better: Better::Higher,
                measure: |items| mean(items, |s| Some($score(s).recall)),
            },
            Metric {
                key: concat!($key, ".f1"),
                better: Better::Higher,
                measure: |items| mean(items, |s| Some($score(s).f1)),
            },
        ]
    };
}

macro_rules! one {
    ($key:literal, $better:ident, $of:expr) => {
        [Metric { key: $key, better: Better::$better, measure: $of }]
    };
}

/// Every metric, in the order of reports; those of one list belong together.
pub static METRICS: &[&[Metric]] = &[
    &prf!("entities.strict", |items| tally(items, |e| &e.all.strict)),
    &prf!("entities.exact", |items| tally(items, |e| &e.all.exact)),
    &prf!("entities.partial", |items| tally(items, |e| &e.all.partial)),
    &prf!("entities.type", |items| tally(items, |e| &e.all.kind)),
    &prf!("entities.conll", |items| matches(items, |e| Some(e.all.conll))),
    &prf!("entities.types.PER", |items| of_kind(items, EntityType::Per)),
    &prf!("entities.types.ORG", |items| of_kind(items, EntityType::Org)),
    &prf!("entities.types.LOC", |items| of_kind(items, EntityType::Loc)),
    &prf!("entities.types.MISC", |items| of_kind(items, EntityType::Misc)),
    &prf!("entities.grouped", |items| matches(items, |e| e.grouped.map(|g| g.entities))),
    &one!("entities.b3.precision", Higher, |items| b3(items).map(|(precision, _)| precision)),
    &one!("entities.b3.recall", Higher, |items| b3(items).map(|(_, recall)| recall)),
    &one!("entities.b3.f1", Higher, |items| b3(items).map(|(precision, recall)| f1(precision, recall))),
    &rouge!("summary.rouge1", |s: &SummaryScores| -> RougeScore { s.rouge.rouge1 }),
    &rouge!("summary.rouge2", |s: &SummaryScores| -> RougeScore { s.rouge.rouge2 }),
    &rouge!("summary.rougeL", |s: &SummaryScores| -> RougeScore { s.rouge.rouge_l }),
    &rouge!("summary.rougeLsum", |s: &SummaryScores| -> RougeScore { s.rouge.rouge_lsum }),
    &one!("summary.fact_coverage", Higher, |items| mean(items, |s| s.fact_coverage)),
    &one!("summary.faithfulness", Higher, |items| mean(items, |s| Some(s.faithfulness))),
    &one!("summary.supported", Higher, |items| mean(items, |s| s.supported)),
    &one!("summary.redundancy", Lower, |items| mean(items, |s| Some(s.redundancy))),
    &one!("summary.words", Neither, |items| mean(items, |s| Some(s.words))),
    &one!("summary.compression", Neither, |items| mean(items, |s| Some(s.compression))),
    &one!("summary.coverage", Neither, |items| mean(items, |s| Some(s.coverage))),
    &one!("summary.density", Neither, |items| mean(items, |s| Some(s.density))),
    &one!("stance.macro_f1", Higher, |items| over(items, sentences, macro_f1)),
    &one!("stance.accuracy", Higher, |items| over(items, sentences, accuracy)),
    &one!("stance.kappa", Higher, |items| over(items, sentences, kappa)),
    &one!("stance.brier", Lower, |items| over(items, sentences, mean_brier)),
    &one!("stance.ece", Lower, |items| over(items, sentences, calibration_error)),
    &prf!("stance.detection", detection),
    &one!("stance.matched.macro_f1", Higher, |items| over(items, matched, macro_f1)),
    &one!("stance.matched.accuracy", Higher, |items| over(items, matched, accuracy)),
    &one!("stance.speaker.accuracy", Higher, |items| speakers(items)),
    &one!("stance.article.macro_f1", Higher, |items| over(items, articles, article_macro_f1)),
    &one!("stance.article.accuracy", Higher, |items| over(items, articles, accuracy)),
    &one!("stance.article.kappa", Higher, |items| over(items, articles, kappa)),
    &one!("stance.article.brier", Lower, |items| over(items, articles, mean_brier)),
    &one!("stance.article.ece", Lower, |items| over(items, articles, calibration_error)),
    &prf!("quotes.content", |items| quotes(items, |q| Some(q.content))),
    &prf!("quotes.source", |items| quotes(items, |q| q.source)),
    &prf!("quotes.name", |items| quotes(items, |q| q.name)),
    &prf!("quotes.speaker", |items: &[&ScoredItem]| total(items.iter().filter_map(|item| item.speakers))),
    &prf!("facts.pairs", |items: &[&ScoredItem]| total(facts(items).map(|facts| facts.pairs))),
    &one!("facts.b3.precision", Higher, |items| facts_b3(items).map(|(precision, _)| precision)),
    &one!("facts.b3.recall", Higher, |items| facts_b3(items).map(|(_, recall)| recall)),
    &one!("facts.b3.f1", Higher, |items| facts_b3(items).map(|(precision, recall)| f1(precision, recall))),
    &prf!("differences", |items: &[&ScoredItem]| differences(items)),
    &prf!("same", |items: &[&ScoredItem]| total(items.iter().filter_map(|item| item.same))),
    &one!("same.accuracy", Higher, |items| same_accuracy(items)),
    &one!("events.b3.precision", Higher, |items| events_b3(items).map(|(precision, _)| precision)),
    &one!("events.b3.recall", Higher, |items| events_b3(items).map(|(_, recall)| recall)),
    &one!("events.b3.f1", Higher, |items| events_b3(items).map(|(precision, recall)| f1(precision, recall))),
];

/// All metrics, one by one.
pub fn metrics() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().copied().flatten()
}

/// The metric with this key, if there is one.
pub fn metric(key: &str) -> Option<&'static Metric> {
    metrics().find(|metric| metric.key == key)
}

/// Keys of the metrics that short reports show.
pub const HEADLINES: &[&str] = &[
    "entities.strict.f1",
    "entities.conll.f1",
    "entities.partial.f1",
    "entities.type.f1",
    "entities.grouped.f1",
    "summary.rouge1.f1",
    "summary.rouge2.f1",
    "summary.rougeLsum.f1",
    "summary.fact_coverage",
    "summary.faithfulness",
    "summary.supported",
    "stance.macro_f1",
    "stance.accuracy",
    "stance.detection.f1",
    "stance.speaker.accuracy",
    "stance.article.macro_f1",
    "stance.article.accuracy",
    "quotes.content.f1",
    "quotes.source.f1",
    "quotes.name.f1",
    "quotes.speaker.precision",
    "quotes.speaker.recall",
    "facts.pairs.f1",
    "facts.b3.f1",
    "differences.precision",
    "differences.recall",
    "same.f1",
    "same.accuracy",
    "events.b3.f1",
];

fn entities<'a>(items: &'a [&ScoredItem]) -> impl Iterator<Item = &'a EntityScores> {
    items.iter().filter_map(|item| item.entities.as_ref())
}

fn tally(items: &[&ScoredItem], of: fn(&EntityScores) -> &Tally) -> Option<Tally> {
    entities(items).map(of).fold(None, |sum, tally| {
        let mut sum = sum.unwrap_or_default();
        sum += tally;
        Some(sum)
    })
}

fn matches(items: &[&ScoredItem], of: fn(&EntityScores) -> Option<Matches>) -> Option<Matches> {
    total(entities(items).filter_map(of))
}

fn quotes(items: &[&ScoredItem], of: fn(&QuoteScores) -> Option<Matches>) -> Option<Matches> {
    total(items.iter().filter_map(|item| item.quotes.as_ref()).filter_map(of))
}

fn total(matches: impl Iterator<Item = Matches>) -> Option<Matches> {
    matches.fold(None, |sum: Option<Matches>, matches| {
        let mut sum = sum.unwrap_or_default();
        sum += &matches;
        Some(sum)
    })
}

/// Undefined if neither the gold nor the system has the type.
fn of_kind(items: &[&ScoredItem], kind: EntityType) -> Option<Matches> {
    total(entities(items).filter_map(|scores| scores.types.get(&kind).map(|scores| scores.conll)))
}

fn b3(items: &[&ScoredItem]) -> Option<(f64, f64)> {
    let grouped: Vec<_> = entities(items).filter_map(|scores| scores.grouped).collect();
    let sum = |of: fn(&super::item::EntityGrouping) -> f64| grouped.iter().map(of).sum::<f64>();
    let precision = share(sum(|g| g.b3_precision), sum(|g| g.predicted_mentions as f64));
    let recall = share(sum(|g| g.b3_recall), sum(|g| g.gold_mentions as f64));
    (!grouped.is_empty()).then_some((precision, recall))
}

fn facts<'a>(items: &'a [&ScoredItem]) -> impl Iterator<Item = &'a FactScores> {
    items.iter().filter_map(|item| item.facts.as_ref())
}

fn facts_b3(items: &[&ScoredItem]) -> Option<(f64, f64)> {
    let sum = |of: fn(&FactScores) -> f64| facts(items).map(of).sum::<f64>();
    let precision = share(sum(|f| f.b3_precision), sum(|f| f.predicted as f64));
    let recall = share(sum(|f| f.b3_recall), sum(|f| f.gold as f64));
    facts(items).next().map(|_| (precision, recall))
}

/// Undefined if neither the gold nor the system has a difference.
fn differences(items: &[&ScoredItem]) -> Option<Matches> {
    total(items.iter().filter_map(|item| item.differences)).filter(|all| all.predicted + all.gold > 0)
}

/// Share of the sentence pairs that the system judges as the gold does.
fn same_accuracy(items: &[&ScoredItem]) -> Option<f64> {
    let all: Vec<Matches> = items.iter().filter_map(|item| item.same).collect();
    let right = all.iter().filter(|pair| pair.predicted == pair.gold).count();
    (!all.is_empty()).then(|| share(right as f64, all.len() as f64))
}

fn events_b3(items: &[&ScoredItem]) -> Option<(f64, f64)> {
    let all: Vec<EventGrouping> = items.iter().filter_map(|item| item.grouping).collect();
    let sum = |of: fn(&EventGrouping) -> f64| all.iter().map(of).sum::<f64>();
    let articles = sum(|g| g.articles as f64);
    (!all.is_empty())
        .then(|| (share(sum(|g| g.b3_precision), articles), share(sum(|g| g.b3_recall), articles)))
}

fn mean(items: &[&ScoredItem], of: impl Fn(&SummaryScores) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = items.iter().filter_map(|item| item.summary.as_ref()).filter_map(of).collect();
    (!values.is_empty()).then(|| share(values.iter().sum(), values.len() as f64))
}

fn stances<'a>(items: &'a [&ScoredItem]) -> impl Iterator<Item = &'a StanceScores> {
    items.iter().filter_map(|item| item.stance.as_ref())
}

/// A score of the judgements that `which` picks; undefined if it picks none.
fn over<'a>(
    items: &'a [&ScoredItem],
    which: fn(&'a StanceScores) -> Vec<&'a Judgement>,
    score: fn(&[&Judgement]) -> Option<f64>,
) -> Option<f64> {
    let picked: Vec<&Judgement> = stances(items).flat_map(which).collect();
    if picked.is_empty() { None } else { score(&picked) }
}

fn articles(stance: &StanceScores) -> Vec<&Judgement> {
    stance.articles.iter().collect()
}

fn sentences(stance: &StanceScores) -> Vec<&Judgement> {
    stance.sentences.iter().collect()
}

/// Pairs of sentence and target that both the gold and the system have.
fn matched(stance: &StanceScores) -> Vec<&Judgement> {
    stance.sentences.iter().filter(|j| j.gold != Label::Absent && j.given != Label::Absent).collect()
}

fn accuracy(judgements: &[&Judgement]) -> Option<f64> {
    Some(confusion(judgements.iter().copied()).accuracy())
}

fn kappa(judgements: &[&Judgement]) -> Option<f64> {
    Some(confusion(judgements.iter().copied()).kappa())
}

/// Over favor, neutral and against: for sentences, `absent` is never right, since it marks the side that lacks the pair.
fn macro_f1(judgements: &[&Judgement]) -> Option<f64> {
    Some(confusion(judgements.iter().copied()).macro_f1(&[0, 1, 2]))
}

fn article_macro_f1(judgements: &[&Judgement]) -> Option<f64> {
    Some(confusion(judgements.iter().copied()).macro_f1(&[0, 1, 2, 3]))
}

/// Undefined unless the system gives probabilities for all judgements.
fn mean_brier(judgements: &[&Judgement]) -> Option<f64> {
    let each: Option<Vec<f64>> =
        judgements.iter().map(|j| Some(brier(&j.probabilities?, label_index(j.gold)))).collect();
    each.map(|each| share(each.iter().sum(), each.len() as f64))
}

/// Undefined if no judgement has probabilities.
fn calibration_error(judgements: &[&Judgement]) -> Option<f64> {
    let calibration = calibration(judgements.iter().copied());
    (calibration.total() > 0).then(|| calibration.error())
}

/// Whether the system finds the sentences that mention a target. Undefined for data whose mentions are given instead of
/// found in articles.
fn detection(items: &[&ScoredItem]) -> Option<Matches> {
    stances(items).any(|stance| !stance.sentences.is_empty()).then_some(())?;
    total(stances(items).filter(|stance| !stance.articles.is_empty()).map(|stance| Matches {
        correct: matched(stance).len(),
        predicted: stance.sentences.iter().filter(|j| j.given != Label::Absent).count(),
        gold: stance.sentences.iter().filter(|j| j.gold != Label::Absent).count(),
    }))
}

fn speakers(items: &[&ScoredItem]) -> Option<f64> {
    let all = total(stances(items).map(|stance| stance.speakers))?;
    (all.gold > 0).then(|| all.recall())
}
