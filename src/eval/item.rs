//! The counts and scores of one item of the data: an article, a sentence, a mention.
//!
//! Every metric is a function of a list of such items. The bootstrap resamples them, and a baseline file keeps them.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::attributions::QuoteScores;
use super::facts::FactScores;
use super::gold::Gold;
use super::metrics::calibration::Calibration;
use super::metrics::classification::Confusion;
use super::metrics::rouge::Rouge;
use super::metrics::spans::{Fault, Matches, Scheme, Tally, TypedSpan, errors, matches, tally};
use crate::article::Span;
use crate::entities::EntityType;
use crate::stance::Label;

/// The counts and scores of one item. What was not scored is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoredItem {
    /// The id of the article, or the place of the row in the data.
    pub id: String,
    /// Entity mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityScores>,
    /// The summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryScores>,
    /// Stance towards targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<StanceScores>,
    /// Attributions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<QuoteScores>,
    /// Sentences with a named speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speakers: Option<Matches>,
    /// Facts that several articles share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<FactScores>,
    /// Differences between articles, of a whole event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Matches>,
    /// For a pair of sentences: whether gold and system say that they tell the same. Each count is 0 or 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same: Option<Matches>,
    /// The grouping of articles into events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping: Option<EventGrouping>,
}

/// How well the articles of one event are grouped: B³ (Bagga and Baldwin 1998).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct EventGrouping {
    /// B³ precision, summed over the articles.
    pub b3_precision: f64,
    /// B³ recall, summed over the articles.
    pub b3_recall: f64,
    /// The number of articles.
    pub articles: usize,
}

/// Counts of entity mentions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EntityScores {
    /// Mentions of all types.
    pub all: SpanScores,
    /// Entities instead of mentions; `None` if the data does not group mentions into entities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouped: Option<EntityGrouping>,
    /// The counts of [`EntityScores::all`] for the mentions of each type alone.
    pub types: BTreeMap<EntityType, SpanScores>,
    /// The number of errors by the type of the gold mention (for a spurious mention, by its own type).
    pub faults: BTreeMap<EntityType, BTreeMap<Fault, usize>>,
}

/// Counts of mentions under each [`Scheme`], and those of the CoNLL shared tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanScores {
    /// [`Scheme::Strict`].
    pub strict: Tally,
    /// [`Scheme::Exact`].
    pub exact: Tally,
    /// [`Scheme::Partial`].
    pub partial: Tally,
    /// [`Scheme::Type`].
    #[serde(rename = "type")]
    pub kind: Tally,
    /// Mentions with the same boundaries and type, as in the CoNLL shared tasks.
    pub conll: Matches,
}

impl SpanScores {
    fn new(gold: &[TypedSpan], predicted: &[TypedSpan]) -> Self {
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

/// How well mentions are grouped into entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct EntityGrouping {
    /// Entities. One is right if it shares more than half of the mentions of the larger side with a gold entity.
    pub entities: Matches,
    /// B³ precision (Bagga and Baldwin 1998), summed over the mentions of the system.
    pub b3_precision: f64,
    /// B³ recall, summed over the mentions of the gold.
    pub b3_recall: f64,
    /// The number of mentions of the system.
    pub predicted_mentions: usize,
    /// The number of mentions of the gold.
    pub gold_mentions: usize,
}

impl EntityScores {
    /// Scores the mentions that a system found in a text.
    pub fn new(gold: &[TypedSpan], predicted: &[TypedSpan]) -> Self {
        let of_kind =
            |list: &[TypedSpan], kind| list.iter().filter(|t| t.kind == kind).copied().collect::<Vec<_>>();
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

impl EntityGrouping {
    /// Scores the entities that a system found; each is the list of its mentions.
    pub fn new(gold: &[Vec<TypedSpan>], predicted: &[Vec<TypedSpan>]) -> Self {
        let shared =
            |a: &[TypedSpan], b: &[TypedSpan]| a.iter().filter(|mention| b.contains(mention)).count();
        let same = |a: &[TypedSpan], b: &[TypedSpan]| 2 * shared(a, b) > a.len().max(b.len());
        let correct = predicted.iter().filter(|p| gold.iter().any(|g| same(g, p))).count();
        // Every mention counts the share of its entity's mentions that the other side puts into one entity, too.
        let b3 = |ours: &[Vec<TypedSpan>], theirs: &[Vec<TypedSpan>]| -> f64 {
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

/// Scores of one summary. `eval/METRICS.md` explains each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryScores {
    /// ROUGE against the reference summaries.
    pub rouge: Rouge,
    /// Share of the key facts, by weight, that it states; `None` if the data has no key facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact_coverage: Option<f64>,
    /// The number of its words.
    pub words: f64,
    /// Words of the article for each word of the summary.
    pub compression: f64,
    /// Share of its words that are in a fragment copied from the article.
    pub coverage: f64,
    /// Mean length, in words, of the copied fragment that a word is in.
    pub density: f64,
    /// Mean ROUGE-L F1 of the pairs of its sentences.
    pub redundancy: f64,
    /// Share of its names and numbers that the article has.
    pub faithfulness: f64,
    /// Share of the generated sentences that the article supports; `None` if no sentence was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<f64>,
}

/// Labels of stance, of the gold and of the system.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StanceScores {
    /// The stance of the article towards each target; empty if the data has only sentences.
    pub articles: Vec<Judgement>,
    /// One for each pair of a sentence and a target that gold or system has. Where one of them lacks the pair, its label
    /// is `absent`.
    pub sentences: Vec<Judgement>,
    /// Speakers of the pairs that gold and system both have.
    pub speakers: Matches,
}

/// The stance towards one target, in the gold and as the system gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The name of the target.
    pub target: String,
    /// The label of the gold.
    pub gold: Label,
    /// The label of the system.
    pub given: Label,
    /// The probabilities of the system, in the order of [`Label::ALL`]; `None` if it gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<[f64; 4]>,
}

/// The index of a label in [`Label::ALL`].
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

/// The calibration of the probabilities of judgements. Those that call a target absent have no real probability and are
/// left out.
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
pub fn typed(gold: &Gold) -> Vec<TypedSpan> {
    let mut mentions: Vec<TypedSpan> = groups(gold).concat();
    mentions.sort();
    mentions
}

/// The mentions of each entity of a gold file.
pub fn groups(gold: &Gold) -> Vec<Vec<TypedSpan>> {
    let typed = |kind, start, end| TypedSpan { span: Span::new(start, end), kind };
    let entity = |entity: &super::gold::GoldEntity| -> Vec<TypedSpan> {
        entity.mentions.iter().map(|mention| typed(entity.kind, mention.start, mention.end)).collect()
    };
    gold.entities.iter().map(entity).collect()
}
