//! An evaluation: the scored items of a run, and the metrics, tables and intervals that are computed from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::bootstrap::Resamples;
use super::catalogue::{Metric, metrics};
use super::item::{ScoredItem, SpanScores, calibration, confusion};
use super::metrics::calibration::{BINS, Bin, Calibration};
use super::metrics::spans::Fault;
use super::score::ArticleResult;
use crate::entities::EntityType;
use crate::stance::Label;

/// The value of a metric, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value over all items.
    pub value: f64,
    /// Its 95 % bootstrap interval; `None` if the metric is undefined for all resamples.
    pub ci95: Option<[f64; 2]>,
}

/// The result of one run: a system, scored on some data.
pub struct Evaluation {
    /// Everything that the numbers depend on: versions, data, system and sampling. Equal signatures mean equal numbers.
    pub signature: String,
    /// The name of the data.
    pub data: String,
    /// What its items are: "article", "sentence", "mention".
    pub unit: &'static str,
    /// The scored items.
    pub items: Vec<ScoredItem>,
    /// Simple systems without a model, scored on the same items: their names and items.
    pub baselines: Vec<(String, Vec<ScoredItem>)>,
    /// For each article what was found and every error in it; empty for data sets other than a folder of gold.
    pub articles: Vec<ArticleResult>,
    /// What a reader should know before relying on the numbers.
    pub notes: Vec<String>,
    /// The resamples that the intervals are computed from.
    pub resamples: Resamples,
}

/// The scores of the mentions of one entity type.
pub struct TypeRow {
    /// The type.
    pub kind: EntityType,
    /// Counts of its mentions.
    pub scores: SpanScores,
    /// The number of errors of each kind, in the order of [`Fault::ALL`].
    pub faults: [usize; Fault::ALL.len()],
}

impl Evaluation {
    /// Every metric that is defined for the items, with its interval.
    pub fn estimates(&self) -> Vec<(&'static Metric, Estimate)> {
        metrics()
            .filter_map(|metric| {
                let value = (metric.measure)(&self.items.iter().collect::<Vec<_>>())?;
                let ci95 = self.resamples.interval(&self.items, metric.measure);
                Some((metric, Estimate { value, ci95 }))
            })
            .collect()
    }

    /// The metrics of one item by itself, which have no interval.
    pub fn article_values(&self, item: &ScoredItem) -> Vec<(&'static Metric, f64)> {
        metrics().filter_map(|metric| Some((metric, (metric.measure)(&[item])?))).collect()
    }

    /// The baseline with the highest value of a metric: its name and that value.
    pub fn best_baseline(&self, metric: &Metric) -> Option<(&str, f64)> {
        let of = |items: &Vec<ScoredItem>| (metric.measure)(&items.iter().collect::<Vec<_>>());
        let values = self.baselines.iter().filter_map(|(name, items)| Some((name.as_str(), of(items)?)));
        values.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The confusion matrices of stance for "sentence" and "article", those that are not empty. Rows are gold labels,
    /// columns the labels that the system gave, both in the order of [`Label::ALL`].
    pub fn confusions(&self) -> Vec<(&'static str, Vec<Vec<usize>>)> {
        let stances = || self.items.iter().filter_map(|item| item.stance.as_ref());
        let matrices = [
            ("sentence", confusion(stances().flat_map(|stance| &stance.sentences))),
            ("article", confusion(stances().flat_map(|stance| &stance.articles))),
        ];
        let filled = matrices.into_iter().filter(|(_, matrix)| matrix.total() > 0);
        filled.map(|(level, matrix)| (level, matrix.counts().to_vec())).collect()
    }

    /// The calibration of stance for "sentence" and "article", where the system gives probabilities.
    pub fn calibrations(&self) -> Vec<(&'static str, Calibration)> {
        let stances = || self.items.iter().filter_map(|item| item.stance.as_ref());
        let all = [
            ("sentence", calibration(stances().flat_map(|stance| &stance.sentences))),
            ("article", calibration(stances().flat_map(|stance| &stance.articles))),
        ];
        all.into_iter().filter(|(_, calibration)| calibration.total() > 0).collect()
    }

    /// The scores of each entity type that occurs, in the order of [`EntityType::ALL`].
    pub fn types(&self) -> Vec<TypeRow> {
        let scores = || self.items.iter().filter_map(|item| item.entities.as_ref());
        let row = |kind| {
            let mut row = TypeRow { kind, scores: SpanScores::default(), faults: [0; Fault::ALL.len()] };
            for scores in scores() {
                row.scores += scores.types.get(&kind).unwrap_or(&SpanScores::default());
                for (count, fault) in row.faults.iter_mut().zip(Fault::ALL) {
                    *count += scores.faults.get(&kind).and_then(|faults| faults.get(&fault)).unwrap_or(&0);
                }
            }
            row
        };
        let rows = EntityType::ALL.into_iter().map(row);
        rows.filter(|row| row.scores.conll.gold + row.scores.conll.predicted > 0).collect()
    }

    /// The evaluation as JSON; `eval/METRICS.md` describes it.
    pub fn to_json(&self) -> Value {
        let estimates = self.estimates();
        let metrics = estimates.iter().map(|(metric, estimate)| (metric.key, json!(estimate)));
        let baselines = self.baselines.iter().map(|(name, items)| {
            let items: Vec<&ScoredItem> = items.iter().collect();
            let values = super::catalogue::metrics()
                .filter_map(|metric| Some((metric.key, json!((metric.measure)(&items)?))));
            (name.clone(), tree(values))
        });
        let types = self.types().into_iter().map(|row| {
            let faults: BTreeMap<Fault, usize> = Fault::ALL.into_iter().zip(row.faults).collect();
            (row.kind.name().to_owned(), json!({"counts": row.scores, "errors": faults}))
        });
        let labels: Vec<&str> = Label::ALL.into_iter().map(Label::name).collect();
        let confusions: Map<String, Value> =
            self.confusions().into_iter().map(|(level, counts)| (level.to_owned(), json!(counts))).collect();
        let bins = |(level, calibration): (&str, Calibration)| {
            let bin = |(number, bin): (usize, Bin)| {
                let range = [number, number + 1].map(|end| end as f64 / BINS as f64);
                json!({"range": range, "count": bin.count, "confidence": bin.confidence(), "accuracy": bin.accuracy()})
            };
            (level.to_owned(), calibration.0.into_iter().enumerate().map(bin).collect::<Value>())
        };
        let calibrations: Map<String, Value> = self.calibrations().into_iter().map(bins).collect();
        let articles: Vec<Value> = self
            .articles
            .iter()
            .map(|article| {
                let values = self.article_values(&article.item).into_iter();
                let mut value = json!(article);
                value["metrics"] = tree(values.map(|(metric, value)| (metric.key, json!(value))));
                value
            })
            .collect();
        json!({
            "schema_version": 1,
            "signature": self.signature,
            "data": {"name": self.data, "unit": self.unit, "items": self.items.len()},
            "metrics": tree(metrics),
            "baselines": Value::Object(baselines.collect()),
            "types": Value::Object(types.collect()),
            "confusion": {"labels": labels, "counts": confusions},
            "calibration": calibrations,
            "articles": articles,
            "notes": self.notes,
        })
    }
}

/// `a.b.c` → nested objects.
fn tree<'a>(values: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let mut root = Value::Object(Map::new());
    for (key, value) in values {
        let place = key.split('.').fold(&mut root, |place, part| &mut place[part]);
        *place = value;
    }
    root
}
