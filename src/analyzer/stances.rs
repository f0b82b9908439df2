//! Readings of an article → its stance towards each target, by the pack's head or by an NLI model.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::results::{place, round, rounded};
use super::{Analyzer, Prepared, Request, Task, article_mentions, prepare, shifted, targets};
use crate::analysis::{Evidence, TargetStance};
use crate::article::{Article, CodePoints, Role, Sentence, Span};
use crate::entities::{self, EntityType};
use crate::jobs::nli::Nli;
use crate::model::ModelError;
use crate::reader::{Reading, Wanted};
use crate::stance::{Judged, Scores, Speakers, Target, aggregate};

/// Entities that stance is taken towards when no targets are given, at most.
const PROMINENT: usize = 5;

impl Analyzer {
    pub(super) fn stances(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
        entities: &[entities::Entity],
        points: &CodePoints,
        targets: &[Target],
        warnings: &mut Vec<String>,
    ) -> Result<Vec<TargetStance>, ModelError> {
        let (text, sentences) = (&prepared.article.text, &prepared.sentences);
        let speakers = Speakers::find(text, sentences, entities);
        let judged = |spans: &[Span]| match self.nli {
            Some(_) => to_judge(sentences, spans),
            None => judged(sentences, readings, spans),
        };
        let mut wanted: Vec<(String, Vec<Judged>)> = if targets.is_empty() {
            let spans =
                |entity: &entities::Entity| entity.mentions.iter().map(|m| m.span).collect::<Vec<_>>();
            prominent(entities)
                .into_iter()
                .map(|entity| (entity.name.clone(), judged(&spans(entity))))
                .collect()
        } else {
            let spans = targets::mentions(prepared, targets, readings, entities, warnings);
            let named = targets.iter().zip(spans);
            named.map(|(target, spans)| (target.name.clone(), judged(&spans))).collect()
        };
        if let Some(nli) = &self.nli {
            infer(nli, &prepared.read, &mut wanted)?;
        }
        let results = wanted
            .into_iter()
            .map(|(target, mentions)| {
                let stance = aggregate(&mentions);
                let evidence = stance
                    .evidence
                    .iter()
                    .map(|found| {
                        let sentence = place(sentences[found.sentence].span, text, points);
                        Evidence {
                            start: sentence.start,
                            end: sentence.end,
                            text: sentence.text,
                            mention: place(found.mention, text, points),
                            label: found.label,
                            score: round(found.score),
                            scores: Some(rounded(found.scores)),
                            speaker: speakers.of(found.sentence).map(String::from),
                        }
                    })
                    .collect();
                TargetStance { target, label: stance.label, scores: stance.scores.map(rounded), evidence }
            })
            .collect();
        Ok(results)
    }

    /// The speaker, if any, of each sentence of each article, as [`crate::article::sentences`] splits it.
    pub fn speakers(&self, articles: &[Article]) -> Result<Vec<Vec<Option<String>>>, ModelError> {
        let request = Request::of(&[Task::Entities]);
        let prepared: Vec<Prepared> = articles.iter().map(|article| prepare(article, &request)).collect();
        let wanted = Wanted { entities: true, stance: false, vectors: false };
        let readings = self.read_prepared(&prepared, wanted)?;
        let each = prepared.iter().zip(&readings).map(|(Prepared { article, sentences, .. }, mine)| {
            let entities = entities::group(&article.text, &article_mentions(sentences, mine));
            let speakers = Speakers::find(&article.text, sentences, &entities);
            (0..sentences.len()).map(|number| speakers.of(number).map(str::to_owned)).collect()
        });
        Ok(each.collect())
    }
}

/// Puts what an NLI model says of each sentence in the place of the pack's judgements.
fn infer(nli: &Nli, sentences: &[Cow<str>], wanted: &mut [(String, Vec<Judged>)]) -> Result<(), ModelError> {
    let places = wanted
        .iter()
        .flat_map(|(target, mentions)| mentions.iter().map(move |m| (m.sentence, target.as_str())));
    let mut pairs: Vec<(usize, &str)> = places.collect();
    pairs.dedup();
    let inputs: Vec<(&str, &str)> = pairs.iter().map(|&(at, target)| (&*sentences[at], target)).collect();
    let judged: HashMap<(usize, String), Scores> =
        pairs.iter().map(|&(at, target)| (at, target.to_owned())).zip(nli.judge(&inputs)?).collect();
    for (target, mentions) in wanted {
        for mention in mentions {
            mention.scores = judged[&(mention.sentence, target.clone())];
        }
    }
    Ok(())
}

/// Whether what a sentence says counts for the article's stance: a dateline or a link to another story says nothing.
fn counts(sentence: &Sentence) -> bool {
    !matches!(sentence.role, Role::Boilerplate | Role::Dateline)
}

/// Mentions that an NLI model is to judge: `spans` of the article, in order.
fn to_judge(sentences: &[Sentence], spans: &[Span]) -> Vec<Judged> {
    let place = |span: &Span| {
        let sentence = sentences.partition_point(|sentence| sentence.span.end <= span.start);
        Judged { sentence, span: *span, scores: Scores::default() }
    };
    spans.iter().map(place).filter(|found| sentences.get(found.sentence).is_some_and(counts)).collect()
}

/// The judged mentions among `spans` of the article.
fn judged(sentences: &[Sentence], readings: &[Reading], spans: &[Span]) -> Vec<Judged> {
    let wanted: HashSet<Span> = spans.iter().copied().collect();
    let mut found = Vec::new();
    for (number, (sentence, reading)) in sentences.iter().zip(readings).enumerate() {
        if !counts(sentence) {
            continue;
        }
        for stance in &reading.stances {
            let span = shifted(stance.span, sentence);
            if wanted.contains(&span) {
                found.push(Judged { sentence: number, span, scores: Scores::new(stance.probabilities) });
            }
        }
    }
    found
}

/// The entities an article is about: those it names most often, nationalities and the like left out.
fn prominent(entities: &[entities::Entity]) -> Vec<&entities::Entity> {
    let mut named: Vec<&entities::Entity> =
        entities.iter().filter(|entity| entity.kind != EntityType::Misc).collect();
    named.sort_by_key(|entity| std::cmp::Reverse(entity.mentions.len()));
    named.truncate(PROMINENT);
    named
}
