//! Scores of typed spans: the four schemes of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), equal to `nervaluate`, and
//! the scores of the CoNLL shared tasks (Tjong Kim Sang and De Meulder 2003), equal to `seqeval`; and the kind of each
//! error.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::{f1, share};
use crate::article::Span;
use crate::entities::EntityType;

/// A span with an entity type. Offsets may be in any unit: bytes, code points or tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypedSpan {
    /// The span.
    pub span: Span,
    /// The entity type.
    pub kind: EntityType,
}

/// Counts of spans under one [`Scheme`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Predicted spans that are correct under the scheme.
    pub correct: usize,
    /// Predicted spans that are not correct but overlap a gold span; 0 in the partial scheme.
    pub incorrect: usize,
    /// The same in the partial scheme; 0 in the others.
    pub partial: usize,
    /// Gold spans that no predicted span was paired with.
    pub missed: usize,
    /// Predicted spans that overlap no gold span.
    pub spurious: usize,
}

impl Tally {
    fn hits(&self) -> f64 {
        self.correct as f64 + 0.5 * self.partial as f64
    }

    /// Share of the predicted spans that are correct; partial ones count half.
    pub fn precision(&self) -> f64 {
        share(self.hits(), (self.correct + self.incorrect + self.partial + self.spurious) as f64)
    }

    /// Share of the gold spans that are found; partial ones count half.
    pub fn recall(&self) -> f64 {
        share(self.hits(), (self.correct + self.incorrect + self.partial + self.missed) as f64)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        f1(self.precision(), self.recall())
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

/// When a predicted span is correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Same boundaries and same type.
    Strict,
    /// Same boundaries.
    Exact,
    /// Same boundaries; any other overlap is partially correct.
    Partial,
    /// An overlap with a gold span of the same type.
    Type,
}

/// Pairs each predicted span, in order, with a gold span that is not in a pair yet, as `nervaluate` does, and counts.
pub fn tally(gold: &[TypedSpan], predicted: &[TypedSpan], scheme: Scheme) -> Tally {
    let mut taken = vec![false; gold.len()];
    let mut tally = Tally::default();
    for given in predicted {
        let free = || gold.iter().enumerate().filter(|(i, _)| !taken[*i]);
        let overlapping = || free().filter(|(_, wanted)| wanted.span.overlaps(given.span));
        let correct = match scheme {
            Scheme::Strict => free().find(|(_, wanted)| *wanted == given),
            Scheme::Exact | Scheme::Partial => free().find(|(_, wanted)| wanted.span == given.span),
            // The one with the nearest boundaries, and the first among equals.
            Scheme::Type => {
                overlapping().filter(|(_, wanted)| wanted.kind == given.kind).min_by_key(|(_, wanted)| {
                    wanted.span.start.abs_diff(given.span.start) + wanted.span.end.abs_diff(given.span.end)
                })
            }
        };
        let paired = correct.or_else(|| overlapping().next()).map(|(i, _)| i);
        match (correct.is_some(), paired, scheme) {
            (true, ..) => tally.correct += 1,
            (false, Some(_), Scheme::Partial) => tally.partial += 1,
            (false, Some(_), _) => tally.incorrect += 1,
            (false, None, _) => tally.spurious += 1,
        }
        if let Some(i) = paired {
            taken[i] = true;
        }
    }
    tally.missed = taken.iter().filter(|taken| !**taken).count();
    tally
}

/// Counts of things that are right or wrong, such as spans with the same boundaries and type in the CoNLL shared tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// How many of the predicted are right.
    pub correct: usize,
    /// How many the system predicts.
    pub predicted: usize,
    /// How many the gold has.
    pub gold: usize,
}

impl Matches {
    /// Share of the predicted that is right.
    pub fn precision(&self) -> f64 {
        share(self.correct as f64, self.predicted as f64)
    }

    /// Share of the gold that is found.
    pub fn recall(&self) -> f64 {
        share(self.correct as f64, self.gold as f64)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        f1(self.precision(), self.recall())
    }
}

impl AddAssign<&Matches> for Matches {
    fn add_assign(&mut self, other: &Matches) {
        self.correct += other.correct;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }
}

/// Counts the elements that are in both lists; no list may have an element twice.
pub fn matches<T: PartialEq>(gold: &[T], predicted: &[T]) -> Matches {
    let correct = predicted.iter().filter(|given| gold.contains(given)).count();
    Matches { correct, predicted: predicted.len(), gold: gold.len() }
}

/// What is wrong with a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A gold span that the system does not have.
    Missed,
    /// A predicted span that overlaps no gold span.
    Spurious,
    /// The same boundaries with another type.
    WrongType,
    /// An overlap of the same type.
    WrongBoundary,
    /// An overlap with another type.
    WrongTypeAndBoundary,
}

impl Fault {
    /// Every kind of error, in the order of reports.
    pub const ALL: [Self; 5] =
        [Self::Missed, Self::Spurious, Self::WrongType, Self::WrongBoundary, Self::WrongTypeAndBoundary];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Spurious => "spurious",
            Self::WrongType => "wrong type",
            Self::WrongBoundary => "wrong boundary",
            Self::WrongTypeAndBoundary => "wrong type and boundary",
        }
    }
}

/// A wrong, missed or spurious span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanError {
    /// What kind of error it is.
    pub fault: Fault,
    /// The gold span; `None` if the predicted one is spurious.
    pub gold: Option<TypedSpan>,
    /// The predicted span; `None` if the gold one is missed.
    pub predicted: Option<TypedSpan>,
}

/// Every error, in the order of the text. Each span is in one error at most: right spans are left out first; then spans
/// with the same boundaries are paired, then overlapping ones of the same type, then any that overlap.
pub fn errors(gold: &[TypedSpan], predicted: &[TypedSpan]) -> Vec<SpanError> {
    let mut gold: Vec<TypedSpan> = gold.to_vec();
    let mut predicted: Vec<TypedSpan> = predicted.to_vec();
    let mut errors = Vec::new();
    type Pairs = fn(&TypedSpan, &TypedSpan) -> bool;
    let stages: [(Option<Fault>, Pairs); 4] = [
        (None, |a, b| a == b),
        (Some(Fault::WrongType), |a, b| a.span == b.span),
        (Some(Fault::WrongBoundary), |a, b| a.kind == b.kind && a.span.overlaps(b.span)),
        (Some(Fault::WrongTypeAndBoundary), |a, b| a.span.overlaps(b.span)),
    ];
    for (fault, pairs) in stages {
        gold.retain(|wanted| {
            let Some(at) = predicted.iter().position(|given| pairs(wanted, given)) else {
                return true;
            };
            let given = predicted.remove(at);
            errors.extend(fault.map(|fault| SpanError {
                fault,
                gold: Some(*wanted),
                predicted: Some(given),
            }));
            false
        });
    }
    errors.extend(gold.into_iter().map(|g| SpanError {
        fault: Fault::Missed,
        gold: Some(g),
        predicted: None,
    }));
    errors.extend(predicted.into_iter().map(|p| SpanError {
        fault: Fault::Spurious,
        gold: None,
        predicted: Some(p),
    }));
    errors.sort_by_key(|error| error.gold.or(error.predicted).map(|typed| typed.span));
    errors
}

/// The spans of a sequence of BIO tags, in tokens, as `conlleval` and `seqeval` read them: an `I-` after an `O` or after
/// another type begins a span. A tag is whether it is a `B-`, and its type; `None` is `O`.
pub fn from_bio(tags: &[Option<(bool, EntityType)>]) -> Vec<TypedSpan> {
    let mut spans: Vec<TypedSpan> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some((begins, kind)) = *tag else { continue };
        match spans.last_mut() {
            Some(last) if !begins && last.kind == kind && last.span.end == at => last.span.end = at + 1,
            _ => spans.push(TypedSpan { span: Span::new(at, at + 1), kind }),
        }
    }
    spans
}
