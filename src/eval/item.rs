//! What one item of the data (an article, a sentence, a mention) contributes to every score.
//!
//! Items are what the bootstrap resamples and what a baseline file keeps: every metric is a function of a
//! list of them, so that intervals and comparisons need nothing else.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::attributions::QuoteScores;
use super::facts::FactScores;
use super::gold::Gold;
use super::metrics::calibration::Calibration;
use super::metrics::classification::Confusion;
use super::metrics::rouge::Rouge;
use super::metrics::spans::{Fault, Matches, Scheme, Tally, Typed, errors, matches, tally};
use crate::article::Span;
use crate::entities::EntityType;
use crate::stance::Label;

/// Parts that were not scored are `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityScores>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryScores>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<StanceScores>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<QuoteScores>,
    /// Sentences with a named speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speakers: Option<Matches>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<FactScores>,
    /// What is given differently, of a whole event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Matches>,
    /// Of a pair of sentences, whether they are and were said to tell the same: each count is 0 or 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same: Option<Matches>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping: Option<Grouping>,
}

/// How well the articles of one event were brought together: B³ (Bagga and Baldwin 1998), sums over articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Grouping {
    pub b3_precision: f64,
    pub b3_recall: f64,
    pub articles: usize,
}

/// Counts of entity mentions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EntityScores {
    pub all: SpanScores,
    /// Entities, not mentions; `None` where the data has no groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouped: Option<Grouped>,
    /// The same counts over the mentions of one type alone.
    pub types: BTreeMap<EntityType, SpanScores>,
    /// By the type of the gold mention; of a spurious one, by its own.
    pub faults: BTreeMap<EntityType, BTreeMap<Fault, usize>>,
}

/// Counts of mentions under each scheme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanScores {
    pub strict: Tally,
    pub exact: Tally,
    pub partial: Tally,
    #[serde(rename = "type")]
    pub kind: Tally,
    pub conll: Matches,
}

impl SpanScores {
    fn new(gold: &[Typed], predicted: &[Typed]) -> Self {
        Self {
            strict: tally(gold, predicted, Scheme::Strict),
            exact: tally(gold, predicted, Scheme::Exact),
            partial: tally(gold, predicted, Scheme::Partial),
            kind: tally(gold, predicted, Scheme::Type),
            conll: matches(gold, predicted),
        }
    }
}

impl AddAssign<&SpanScores> for SpanScores {
    fn add_assign(&mut self, other: &SpanScores) {
        self.strict += &other.strict;
        self.exact += &other.exact;
        self.partial += &other.partial;
        self.kind += &other.kind;
        self.conll += &other.conll;
    }
}

/// How well mentions were brought together into entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Grouped {
    /// Entities that share their type and more than half of the mentions of each side.
    pub entities: Matches,
    /// B³ (Bagga and Baldwin 1998): for each mention, how much of its entity is right; sums over mentions.
    pub b3_precision: f64,
    pub b3_recall: f64,
    pub predicted_mentions: usize,
    pub gold_mentions: usize,
}

impl EntityScores {
    pub fn new(gold: &[Typed], predicted: &[Typed]) -> Self {
        let of_kind =
            |list: &[Typed], kind| list.iter().filter(|t| t.kind == kind).copied().collect::<Vec<_>>();
        let types = EntityType::ALL.into_iter().filter_map(|kind| {
            let (wanted, given) = (of_kind(gold, kind), of_kind(predicted, kind));
            let there = !(wanted.is_empty() && given.is_empty());
            there.then(|| (kind, SpanScores::new(&wanted, &given)))
        });
        let mut faults: BTreeMap<EntityType, BTreeMap<Fault, usize>> = BTreeMap::new();
        for error in errors(gold, predicted) {
            if let Some(typed) = error.gold.or(error.predicted) {
                *faults.entry(typed.kind).or_default().entry(error.fault).or_default() += 1;
            }
        }
        Self { all: SpanScores::new(gold, predicted), grouped: None, types: types.collect(), faults }
    }
}

impl Grouped {
    /// Each entity is the list of its mentions.
    pub fn new(gold: &[Vec<Typed>], predicted: &[Vec<Typed>]) -> Self {
        let shared = |a: &[Typed], b: &[Typed]| a.iter().filter(|mention| b.contains(mention)).count();
        let same = |a: &[Typed], b: &[Typed]| 2 * shared(a, b) > a.len().max(b.len());
        let correct = predicted.iter().filter(|p| gold.iter().any(|g| same(g, p))).count();
        // Every mention of an entity counts the share of its entity that the other side holds together.
        let b3 = |ours: &[Vec<Typed>], theirs: &[Vec<Typed>]| -> f64 {
            let pairs = ours.iter().flat_map(|a| theirs.iter().map(move |b| (a, b)));
            pairs.map(|(a, b)| (shared(a, b) as f64).powi(2) / a.len().max(1) as f64).sum()
        };
        Self {
            entities: Matches { correct, predicted: predicted.len(), gold: gold.len() },
            b3_precision: b3(predicted, gold),
            b3_recall: b3(gold, predicted),
            predicted_mentions: predicted.iter().map(Vec::len).sum(),
            gold_mentions: gold.iter().map(Vec::len).sum(),
        }
    }
}

/// Scores of one summary, each as `catalogue` describes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryScores {
    pub rouge: Rouge,
    /// `None` where the data has no key facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact_coverage: Option<f64>,
    pub words: f64,
    pub compression: f64,
    pub coverage: f64,
    pub density: f64,
    pub redundancy: f64,
    pub faithfulness: f64,
    /// `None` where no sentence was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<f64>,
}

/// Labels given and wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StanceScores {
    /// One for each target; empty where the data has only sentences.
    pub articles: Vec<Judgement>,
    /// One for each pair of a sentence and a target that either side has; `absent` marks the other.
    pub sentences: Vec<Judgement>,
    /// Speakers of the pairs that both have.
    pub speakers: Matches,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub target: String,
    pub gold: Label,
    pub given: Label,
    /// In the order of [`Label::ALL`]; `None` where the system gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<[f64; 4]>,
}

/// Place of a label in [`Label::ALL`].
pub fn label_index(label: Label) -> usize {
    Label::ALL.iter().position(|&other| other == label).expect("ALL holds every label")
}

/// The confusion matrix of judgements.
pub fn confusion<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> Confusion {
    let mut matrix = Confusion::new(Label::ALL.len());
    for judgement in judgements {
        matrix.add(label_index(judgement.gold), label_index(judgement.given));
    }
    matrix
}

/// How the probabilities of judgements compare with what is right. That a target is absent is said without one.
pub fn calibration<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> Calibration {
    let absent = label_index(Label::Absent);
    let mut calibration = Calibration::default();
    for judgement in judgements {
        if let Some(probabilities) = judgement.probabilities.filter(|all| all[absent] == 0.0) {
            calibration.add(probabilities[label_index(judgement.given)], judgement.given == judgement.gold);
        }
    }
    calibration
}

/// All mentions of a gold file, in the order of the text.
pub fn typed(gold: &Gold) -> Vec<Typed> {
    let mut mentions: Vec<Typed> = groups(gold).concat();
    mentions.sort();
    mentions
}

/// The mentions of each entity of a gold file.
pub fn groups(gold: &Gold) -> Vec<Vec<Typed>> {
    let typed = |kind, start, end| Typed { span: Span::new(start, end), kind };
    let entity = |entity: &super::gold::GoldEntity| -> Vec<Typed> {
        entity.mentions.iter().map(|mention| typed(entity.kind, mention.start, mention.end)).collect()
    };
    gold.entities.iter().map(entity).collect()
}
