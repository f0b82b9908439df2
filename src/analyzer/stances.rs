//! Readings of an article → its stance towards each target, by the pack's head or by an NLI model.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::results::{place, round, rounded};
use super::{Analyzer, Context, Prepared, shifted, targets};
use crate::analysis::{Evidence, Holder, TargetStance};
use crate::article::{Role, Sentence, Span};
use crate::entities::{self, EntityType};
use crate::jobs::nli::Nli;
use crate::model::ModelError;
use crate::reader::Reading;
use crate::stance::{self, Judged, Label, Scores, SentenceStance, Target, Witness, aggregate};

/// Entities that stance is taken towards when no targets are given, at most.
const PROMINENT: usize = 5;

impl Analyzer {
    pub(super) fn stances(
        &self,
        context: &Context,
        targets: &[Target],
        warnings: &mut Vec<String>,
    ) -> Result<Vec<TargetStance>, ModelError> {
        let Context { prepared, readings, entities, .. } = *context;
        let sentences = &prepared.sentences;
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
        let results = wanted.into_iter().map(|(target, mentions)| {
            let stance = self.summed_up(context, &mentions);
            let evidence = stance.evidence.iter().map(|found| context.evidence(found)).collect();
            TargetStance { target, label: stance.label, scores: stance.scores.map(rounded), evidence }
        });
        Ok(results.collect())
    }

    /// The judged mentions of one target as the stance of the article: as the pack has learned to sum them up where it judged
    /// them itself, else their mean.
    fn summed_up(&self, context: &Context, mentions: &[Judged]) -> stance::Stance {
        let Prepared { article, sentences, .. } = context.prepared;
        let mut stance = aggregate(mentions);
        let learned = self.reader.article_stance().filter(|_| self.nli.is_none());
        if let Some(learned) = learned.filter(|_| !stance.evidence.is_empty()) {
            let mut witnesses: Vec<Witness> = stance
                .evidence
                .iter()
                .map(|found| Witness {
                    sentence: found.sentence,
                    scores: found.scores,
                    is_quoted: sentences[found.sentence].span.of(&article.text).contains(['"', '“', '”']),
                })
                .collect();
            witnesses.sort_by_key(|witness| witness.sentence);
            let scores = learned.judge(&witnesses, sentences.len());
            stance.label = scores.best().0;
            stance.scores = Some(scores);
        }
        stance
    }
}

impl Context<'_> {
    fn evidence(&self, found: &SentenceStance) -> Evidence {
        let (text, points) = (&self.prepared.article.text, self.points);
        let sentence = place(self.prepared.sentences[found.sentence].span, text, points);
        Evidence {
            start: sentence.start,
            end: sentence.end,
            text: sentence.text,
            mention: place(found.mention, text, points),
            label: found.label,
            score: round(found.score),
            scores: Some(rounded(found.scores)),
            speaker: self.said.speakers[found.sentence].clone(),
            holder: self.holder(found),
        }
    }

    /// The entity of the sentence that is most clearly for or against the mention.
    fn holder(&self, found: &SentenceStance) -> Option<Holder> {
        let sentence = &self.prepared.sentences[found.sentence];
        let held = self.readings[found.sentence].held.iter();
        let about = held.filter(|held| shifted(held.target, sentence) == found.mention);
        let sides = about.filter_map(|held| {
            let (label, score) = Scores::new(held.probabilities).best();
            (label != Label::Neutral).then_some((shifted(held.holder, sentence), label, score))
        });
        let (span, label, score) = sides.max_by(|a, b| a.2.total_cmp(&b.2))?;
        let named = |entity: &&entities::Entity| entity.mentions.iter().any(|mention| mention.span == span);
        let name = self.entities.iter().find(named)?.name.clone();
        Some(Holder { name, label, score: round(score) })
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
        pairs.iter().map(|&(at, target)| (at, target.to_owned())).zip(nli.stances(&inputs)?).collect();
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
