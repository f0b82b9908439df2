//! How far two annotators agree who worked apart from each other, and how far the automatic judgement of key
//! facts agrees with theirs.

use super::attributions::{Attribution, QuoteScores};
use super::facts::{GoldFacts, pairs};
use super::gold::{Fact, Gold, GoldQuote};
use super::item::{EntityScores, label_index, typed};
use super::metrics::classification::Confusion;
use super::metrics::spans::Matches;
use super::metrics::{likest_pairs, share};
use super::score::{covers, lines};
use super::text::{content, same_speaker};
use crate::stance::Label;

/// Agreement over all articles. F1 between two annotators is the same in both directions.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Mentions with the same boundaries and type.
    pub mentions: Matches,
    /// Whether a sentence mentions a target at all.
    pub sentence_mentions: Matches,
    /// Labels of sentences that both say mention the target.
    pub sentence_labels: Confusion,
    /// Labels of articles towards targets.
    pub article_labels: Confusion,
    /// Speakers of sentences that both say mention the target.
    pub speakers: Matches,
    pub facts: Matches,
    /// Of facts that both have, those of the same weight.
    pub weights: Matches,
    /// Attributions with the same content.
    pub quotes: Matches,
    /// Names of their speakers.
    pub quoted_names: Matches,
    /// Pairs of sentences that tell the same fact; `None` where nobody annotated any.
    pub shared_facts: Option<Matches>,
}

/// Compares two passes over the same articles, in the same order.
pub fn agreement(first: &[&Gold], second: &[&Gold]) -> Agreement {
    let mut found = Agreement {
        mentions: Matches::default(),
        sentence_mentions: Matches::default(),
        sentence_labels: Confusion::new(Label::ALL.len()),
        article_labels: Confusion::new(Label::ALL.len()),
        speakers: Matches::default(),
        facts: Matches::default(),
        weights: Matches::default(),
        quotes: Matches::default(),
        quoted_names: Matches::default(),
        shared_facts: None,
    };
    for (a, b) in first.iter().zip(second) {
        found.mentions += &EntityScores::new(&typed(a), &typed(b)).all.conll;
        stances(a, b, &mut found);
        if let (Some(mine), Some(theirs)) = (&a.quotes, &b.quotes) {
            let attributions =
                |quotes: &[GoldQuote]| quotes.iter().map(Attribution::from).collect::<Vec<_>>();
            let same = QuoteScores::new(&attributions(mine), &attributions(theirs), true);
            found.quotes += &same.content;
            same.name.iter().for_each(|names| found.quoted_names += names);
        }
        let pairs = same_facts(&a.facts, &b.facts);
        found.facts += &Matches { correct: pairs.len(), predicted: b.facts.len(), gold: a.facts.len() };
        let same = pairs.iter().filter(|(a, b)| a.weight == b.weight).count();
        found.weights += &Matches { correct: same, predicted: pairs.len(), gold: pairs.len() };
    }
    found
}

/// Pairs of sentences that two annotators say tell the same fact.
pub fn shared_facts(first: &GoldFacts, second: &GoldFacts) -> Matches {
    let (a, b) = (pairs(&first.clusters()), pairs(&second.clusters()));
    Matches { correct: a.intersection(&b).count(), predicted: b.len(), gold: a.len() }
}

fn stances(a: &Gold, b: &Gold, found: &mut Agreement) {
    for mine in &a.stance {
        let Some(theirs) = b.stance.iter().find(|other| other.target == mine.target) else { continue };
        found.article_labels.add(label_index(mine.label), label_index(theirs.label));
        let mut both = 0;
        for sentence in &mine.sentences {
            let Some(other) = theirs.sentences.iter().find(|other| other.start == sentence.start) else {
                continue;
            };
            both += 1;
            found.sentence_labels.add(label_index(sentence.label), label_index(other.label));
            let same = match (&sentence.speaker, &other.speaker) {
                (Some(one), Some(two)) => same_speaker(one, two),
                (one, two) => one.is_none() && two.is_none(),
            };
            found.speakers += &Matches { correct: usize::from(same), predicted: 1, gold: 1 };
        }
        let (gold, predicted) = (mine.sentences.len(), theirs.sentences.len());
        found.sentence_mentions += &Matches { correct: both, predicted, gold };
    }
}

/// Facts that annotators say their summaries state, against those that [`covers`] finds in them.
pub fn coverage_agreement(golds: &[&Gold]) -> Confusion {
    let mut found = Confusion::new(2);
    for gold in golds {
        for summary in &gold.summaries {
            let lines = lines(&summary.text);
            for fact in &gold.facts {
                let covered = lines.split('\n').any(|sentence| covers(sentence, fact));
                found.add(usize::from(summary.facts.contains(&fact.id)), usize::from(covered));
            }
        }
    }
    found
}

/// Content words that two wordings of one fact share, at the least (Dice).
const SAME_FACT: f64 = 0.4;

/// Pairs of facts that say the same: a sentence in common that supports them, and enough words; the most alike
/// first, each fact once.
fn same_facts<'a>(first: &'a [Fact], second: &'a [Fact]) -> Vec<(&'a Fact, &'a Fact)> {
    let mut likeness: Vec<(f64, usize, usize)> = Vec::new();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate() {
            let supported = a.support.iter().any(|one| b.support.iter().any(|two| one.start == two.start));
            let (x, y) = (content(&a.fact), content(&b.fact));
            let dice = share(2.0 * x.intersection(&y).count() as f64, (x.len() + y.len()) as f64);
            if supported && dice >= SAME_FACT {
                likeness.push((dice, i, j));
            }
        }
    }
    likest_pairs(likeness).into_iter().map(|(i, j)| (&first[i], &second[j])).collect()
}
