//! How an article stands towards targets: labels, probabilities, and the sentences that show it.
//!
//! The reader judges every *mention* of a target where it stands. Here mentions become sentences
//! (the mean of their mentions), and sentences become the article: the mean of its sentences, or
//! what the pack has learned to make of them ([`ArticleStance`]). A target without a mention is absent; nothing is guessed from what the rest of the article says.

mod aliases;
mod article;
mod target;
mod words;

pub use aliases::Case;
pub use article::{ArticleStance, Witness};
pub use target::{Mention, Target, TargetError};
pub use words::Words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    Favor,
    Neutral,
    Against,
    /// The article never mentions the target.
    Absent,
}

impl Label {
    /// In the order of confusion matrices and probabilities.
    pub const ALL: [Self; 4] = [Self::Favor, Self::Neutral, Self::Against, Self::Absent];

    pub fn name(self) -> &'static str {
        match self {
            Self::Favor => "favor",
            Self::Neutral => "neutral",
            Self::Against => "against",
            Self::Absent => "absent",
        }
    }
}

/// Probabilities that sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Scores {
    pub favor: f64,
    pub neutral: f64,
    pub against: f64,
}

impl Scores {
    /// From the stance head's order: against, neutral, favor.
    pub fn new([against, neutral, favor]: [f64; 3]) -> Self {
        Self { favor, neutral, against }
    }

    /// The likeliest label and its probability; neutral where two are level.
    pub fn best(&self) -> (Label, f64) {
        let rivals = [(Label::Favor, self.favor), (Label::Against, self.against)];
        rivals.into_iter().fold(
            (Label::Neutral, self.neutral),
            |best, rival| {
                if rival.1 > best.1 { rival } else { best }
            },
        )
    }

    fn mean<'a>(scores: impl Iterator<Item = &'a Scores> + Clone) -> Self {
        let n = scores.clone().count().max(1) as f64;
        let part = |of: fn(&Scores) -> f64| scores.clone().map(of).sum::<f64>() / n;
        Self { favor: part(|s| s.favor), neutral: part(|s| s.neutral), against: part(|s| s.against) }
    }
}

/// A judged mention: spans in the article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Number of the sentence it is in.
    pub sentence: usize,
    pub span: Span,
    pub scores: Scores,
}

/// A sentence that speaks of the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SentenceStance {
    pub sentence: usize,
    /// The mention that speaks most clearly for the sentence's label.
    pub mention: Span,
    pub label: Label,
    /// Probability of the label.
    pub score: f64,
    /// Probabilities of all labels: the mean over its mentions.
    pub scores: Scores,
}

/// The stance of an article towards one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Stance {
    pub label: Label,
    /// `None` where the target is absent.
    pub scores: Option<Scores>,
    /// Strongest first: those that take a side before the neutral, then by probability.
    pub evidence: Vec<SentenceStance>,
}

/// Sums up the judged mentions of one target.
pub fn aggregate(mentions: &[Judged]) -> Stance {
    let mut evidence: Vec<SentenceStance> = Vec::new();
    let mut numbers: Vec<usize> = mentions.iter().map(|mention| mention.sentence).collect();
    numbers.sort();
    numbers.dedup();
    for sentence in numbers {
        let here = mentions.iter().filter(|mention| mention.sentence == sentence);
        let scores = Scores::mean(here.clone().map(|mention| &mention.scores));
        let (label, score) = scores.best();
        let mention = here
            .max_by(|a, b| probability(&a.scores, label).total_cmp(&probability(&b.scores, label)))
            .expect("the sentence has a mention");
        evidence.push(SentenceStance { sentence, mention: mention.span, label, score, scores });
    }
    if evidence.is_empty() {
        return Stance { label: Label::Absent, scores: None, evidence: Vec::new() };
    }
    let scores = Scores::mean(evidence.iter().map(|stance| &stance.scores));
    evidence.sort_by(|a, b| {
        let side = |stance: &SentenceStance| stance.label == Label::Neutral;
        side(a).cmp(&side(b)).then(b.score.total_cmp(&a.score)).then(a.sentence.cmp(&b.sentence))
    });
    Stance { label: scores.best().0, scores: Some(scores), evidence }
}

fn probability(scores: &Scores, label: Label) -> f64 {
    match label {
        Label::Favor => scores.favor,
        Label::Neutral => scores.neutral,
        Label::Against => scores.against,
        Label::Absent => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(sentence: usize, at: usize, probabilities: [f64; 3]) -> Judged {
        Judged { sentence, span: Span::new(at, at + 1), scores: Scores::new(probabilities) }
    }

    #[test]
    fn a_sentence_with_many_mentions_counts_once() {
        let stance = aggregate(&[
            judged(4, 40, [0.1, 0.1, 0.8]),
            judged(4, 42, [0.0, 0.1, 0.9]),
            judged(4, 44, [0.2, 0.1, 0.7]),
            judged(2, 20, [0.9, 0.1, 0.0]),
            judged(7, 70, [0.6, 0.3, 0.1]),
            judged(8, 80, [0.1, 0.85, 0.05]),
        ]);
        assert_eq!(stance.label, Label::Against);
        let scores = stance.scores.unwrap();
        assert!((scores.against - (0.1 + 0.9 + 0.6 + 0.1) / 4.0).abs() < 1e-12);
        assert!((scores.favor + scores.neutral + scores.against - 1.0).abs() < 1e-12);
        let order: Vec<usize> = stance.evidence.iter().map(|e| e.sentence).collect();
        assert_eq!(order, [2, 4, 7, 8]);
        assert_eq!(stance.evidence[1].mention, Span::new(42, 43));
    }

    #[test]
    fn without_a_mention_the_target_is_absent() {
        let stance = aggregate(&[]);
        assert_eq!((stance.label, stance.scores), (Label::Absent, None));
        assert_eq!(Scores::new([0.4, 0.4, 0.2]).best().0, Label::Neutral);
    }
}
