//! Agreement of annotators: how far two of them who worked independently agree, and how far the automatic test whether a
//! summary states a key fact agrees with them.

use super::attributions::{Attribution, QuoteScores};
use super::facts::{GoldFacts, fact_pairs};
use super::gold::{Gold, GoldQuote, KeyFact};
use super::item::{EntityScores, label_index, typed};
use super::metrics::classification::Confusion;
use super::metrics::spans::Matches;
use super::metrics::{best_pairs, share};
use super::score::{covers, sentence_lines};
use super::text::{content_stems, same_speaker};
use crate::stance::Label;

/// Agreement over all articles. The first annotator is taken as the gold; F1 is the same the other way round.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Mentions with the same boundaries and type.
    pub mentions: Matches,
    /// Pairs of a sentence and a target that the sentence mentions.
    pub sentence_mentions: Matches,
    /// Labels of sentences that both say mention the target.
    pub sentence_labels: Confusion,
    /// Labels of articles towards targets.
    pub article_labels: Confusion,
    /// Speakers of sentences that both say mention the target.
    pub speakers: Matches,
    /// Key facts that say the same.
    pub facts: Matches,
    /// Of key facts that both have, those of the same weight.
    pub weights: Matches,
    /// Attributions with the same content.
    pub quotes: Matches,
    /// Names of their speakers.
    pub quoted_names: Matches,
    /// Pairs of sentences that tell the same fact; `None` if no facts were annotated.
    pub shared_facts: Option<Matches>,
}

/// Compares the annotations of the same articles, in the same order, by two annotators.
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
    let (a, b) = (fact_pairs(&first.clusters()), fact_pairs(&second.clusters()));
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

/// For each summary and key fact: whether the annotator says that the summary states it (rows), and whether [`covers`]
/// does (columns).
pub fn coverage_agreement(golds: &[&Gold]) -> Confusion {
    let mut found = Confusion::new(2);
    for gold in golds {
        for summary in &gold.summaries {
            let lines = sentence_lines(&summary.text);
            for fact in &gold.facts {
                let covered = lines.split('\n').any(|sentence| covers(sentence, fact));
                found.add(usize::from(summary.facts.contains(&fact.id)), usize::from(covered));
            }
        }
    }
    found
}

/// The Dice coefficient of content words from which two key facts can be the same.
const SAME_FACT: f64 = 0.4;

/// Pairs of key facts that say the same: a sentence supports both, and they share enough words. The most similar pairs
/// come first, and each fact is in one pair at most.
fn same_facts<'a>(first: &'a [KeyFact], second: &'a [KeyFact]) -> Vec<(&'a KeyFact, &'a KeyFact)> {
    let mut likeness: Vec<(f64, usize, usize)> = Vec::new();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate() {
            let supported = a.support.iter().any(|one| b.support.iter().any(|two| one.start == two.start));
            let (x, y) = (content_stems(&a.fact), content_stems(&b.fact));
            let dice = share(2.0 * x.intersection(&y).count() as f64, (x.len() + y.len()) as f64);
            if supported && dice >= SAME_FACT {
                likeness.push((dice, i, j));
            }
        }
    }
    best_pairs(likeness).into_iter().map(|(i, j)| (&first[i], &second[j])).collect()
}
