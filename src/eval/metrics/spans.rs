//! Scores of typed spans: the four of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), equal to
//! `nervaluate`, and those of the CoNLL shared tasks (Tjong Kim Sang and De Meulder 2003), equal to
//! `seqeval`; and what kind of error each wrong span is.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::{f1, share};
use crate::article::Span;
use crate::entities::EntityType;

/// A span with a type. Offsets may count anything that grows along the text: characters, tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Typed {
    pub span: Span,
    pub kind: EntityType,
}

/// Counts of one scheme. Which field means what is told at [`Scheme`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub correct: usize,
    pub incorrect: usize,
    pub partial: usize,
    pub missed: usize,
    pub spurious: usize,
}

impl Tally {
    fn hits(&self) -> f64 {
        self.correct as f64 + 0.5 * self.partial as f64
    }

    pub fn precision(&self) -> f64 {
        share(self.hits(), (self.correct + self.incorrect + self.partial + self.spurious) as f64)
    }

    pub fn recall(&self) -> f64 {
        share(self.hits(), (self.correct + self.incorrect + self.partial + self.missed) as f64)
    }

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

/// When a predicted span is correct. One that is not, but overlaps a gold span, is `incorrect` (`partial` in
/// the partial scheme); one that overlaps none is `spurious`; a gold span that nothing was held against is
/// `missed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Same boundaries and same type.
    Strict,
    /// Same boundaries.
    Exact,
    /// Same boundaries; an overlap counts half.
    Partial,
    /// An overlap of the same type.
    Type,
}

/// Holds each predicted span, in order, against the gold spans not yet taken, as `nervaluate` does.
pub fn tally(gold: &[Typed], predicted: &[Typed], scheme: Scheme) -> Tally {
    let mut taken = vec![false; gold.len()];
    let mut tally = Tally::default();
    for given in predicted {
        let free = || gold.iter().enumerate().filter(|(i, _)| !taken[*i]);
        let overlapping = || free().filter(|(_, wanted)| wanted.span.overlaps(given.span));
        let correct = match scheme {
            Scheme::Strict => free().find(|(_, wanted)| *wanted == given),
            Scheme::Exact | Scheme::Partial => free().find(|(_, wanted)| wanted.span == given.span),
            // The nearest boundaries, the first of equals.
            Scheme::Type => {
                overlapping().filter(|(_, wanted)| wanted.kind == given.kind).min_by_key(|(_, wanted)| {
                    wanted.span.start.abs_diff(given.span.start) + wanted.span.end.abs_diff(given.span.end)
                })
            }
        };
        let held = correct.or_else(|| overlapping().next()).map(|(i, _)| i);
        match (correct.is_some(), held, scheme) {
            (true, ..) => tally.correct += 1,
            (false, Some(_), Scheme::Partial) => tally.partial += 1,
            (false, Some(_), _) => tally.incorrect += 1,
            (false, None, _) => tally.spurious += 1,
        }
        if let Some(i) = held {
            taken[i] = true;
        }
    }
    tally.missed = taken.iter().filter(|taken| !**taken).count();
    tally
}

/// Counts of the CoNLL shared tasks: spans that are in both, with the same boundaries and type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    pub correct: usize,
    pub predicted: usize,
    pub gold: usize,
}

impl Matches {
    pub fn precision(&self) -> f64 {
        share(self.correct as f64, self.predicted as f64)
    }

    pub fn recall(&self) -> f64 {
        share(self.correct as f64, self.gold as f64)
    }

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

/// Spans that are in both lists; no list has a span twice.
pub fn matches<T: PartialEq>(gold: &[T], predicted: &[T]) -> Matches {
    let correct = predicted.iter().filter(|given| gold.contains(given)).count();
    Matches { correct, predicted: predicted.len(), gold: gold.len() }
}

/// What is wrong with a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Missed,
    Spurious,
    WrongType,
    WrongBoundary,
    /// An overlap and nothing else right.
    WrongTypeAndBoundary,
}

impl Fault {
    pub const ALL: [Self; 5] =
        [Self::Missed, Self::Spurious, Self::WrongType, Self::WrongBoundary, Self::WrongTypeAndBoundary];

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

/// An error: what was wanted, what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    pub fault: Fault,
    pub gold: Option<Typed>,
    pub predicted: Option<Typed>,
}

/// Every error, in the order of the text. Each span is in at most one: right ones are set aside, then
/// those with right boundaries are paired, then those of the same type that overlap, then any that do.
pub fn errors(gold: &[Typed], predicted: &[Typed]) -> Vec<Error> {
    let mut gold: Vec<Typed> = gold.to_vec();
    let mut predicted: Vec<Typed> = predicted.to_vec();
    let mut errors = Vec::new();
    type Pairs = fn(&Typed, &Typed) -> bool;
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
            errors.extend(fault.map(|fault| Error { fault, gold: Some(*wanted), predicted: Some(given) }));
            false
        });
    }
    errors.extend(gold.into_iter().map(|g| Error { fault: Fault::Missed, gold: Some(g), predicted: None }));
    errors.extend(predicted.into_iter().map(|p| Error {
        fault: Fault::Spurious,
        gold: None,
        predicted: Some(p),
    }));
    errors.sort_by_key(|error| error.gold.or(error.predicted).map(|typed| typed.span));
    errors
}

/// Spans of a sequence of BIO tags, in tokens, as `conlleval` and `seqeval` read them: an `I-` that follows
/// nothing, or another type, begins a span. `None` is `O`.
pub fn from_bio(tags: &[Option<(bool, EntityType)>]) -> Vec<Typed> {
    let mut spans: Vec<Typed> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some((begins, kind)) = *tag else { continue };
        match spans.last_mut() {
            Some(last) if !begins && last.kind == kind && last.span.end == at => last.span.end = at + 1,
            _ => spans.push(Typed { span: Span::new(at, at + 1), kind }),
        }
    }
    spans
}
