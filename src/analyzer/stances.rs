//! The stance of an article towards each target, from its readings or by an NLI model.
//!
//! Of a sentence that mentions a person, the *tone* is read: how it speaks of them. Of one that mentions anything else, the
//! *position* is read: what is said for or against it, whoever says so. An angry sentence may be in favor of a plan.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::holders::{is_agent, is_before_noun, stands_before};
use super::prepared::{PreparedArticle, shifted};
use super::results::place;
use super::{Analyzer, Request, targets};
use crate::analysis::{Evidence, Holder, TargetStance, round, rounded};
use crate::article::{CodePoints, Role, Sentence, Span, sentence_at};
use crate::entities::{self, EntityType, without_title};
use crate::jobs::nli::Nli;
use crate::model::ModelError;
use crate::quotes::{Quote, QuotedSpeech, names_several};
use crate::reader::Reading;
use crate::stance::{
    self, Label, MentioningSentence, ScoredMention, Scores, SentenceStance, aggregate, clear_label,
    put_label_first,
};

/// Least probability with which a holder is for or against a target.
const MIN_HOLDER: f64 = 0.7;

impl Analyzer {
    /// The stance of one article towards each target: the given ones, or its prominent entities where there are none.
    pub(super) fn stances(
        &self,
        context: &StanceContext,
        request: &Request,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<TargetStance>, ModelError> {
        let targets = &request.targets;
        let StanceContext { prepared, readings, entities, .. } = *context;
        let sentences = &prepared.sentences;
        let judged = |target: String, spans: &[Span]| {
            let judgement = Judgement::of(&prepared.article.text, spans, entities);
            let owners = spans.iter().filter_map(|span| context.owner(*span));
            let names = owners.map(|entity| entity.name.clone()).collect();
            let mentions = match self.nli {
                Some(_) => without_scores(sentences, spans),
                None => scored_mentions(sentences, readings, spans, judgement),
            };
            JudgedTarget { target, judgement, mentions, names }
        };
        let mut wanted: Vec<JudgedTarget> = if targets.is_empty() {
            let spans =
                |entity: &entities::Entity| entity.mentions.iter().map(|m| m.span).collect::<Vec<_>>();
            // One that only a dateline or a link names has no stance.
            prominent(&prepared.article.text, entities)
                .into_iter()
                .map(|entity| judged(entity.name.clone(), &spans(entity)))
                .filter(|judged| !judged.mentions.is_empty())
                .take(request.most_targets)
                .collect()
        } else {
            let spans = targets::mentions(prepared, targets, readings, entities, warnings);
            targets.iter().zip(spans).map(|(target, spans)| judged(target.name.clone(), &spans)).collect()
        };
        if let Some(nli) = &self.nli {
            infer(nli, &prepared.read, &mut wanted)?;
        }
        let results = wanted.into_iter().map(|judged| {
            let stance = self.article_stance(context, &judged);
            // What a target says itself shows least of what the article thinks of it.
            let (own, others): (Vec<_>, Vec<_>) =
                stance.evidence.iter().partition(|found| context.is_own_statement(found, &judged.names));
            let shown = others.into_iter().chain(own);
            let evidence = shown.map(|found| context.evidence(found, &judged.names)).collect();
            let (label, scores) = (stance.label, stance.scores.map(rounded));
            TargetStance { target: judged.target, label, scores, evidence }
        });
        Ok(results.collect())
    }

    /// The stance of the article from the mentions of one target: by the regression of the pack, or the mean where the pack
    /// has none or the scores come from an NLI model.
    fn article_stance(&self, context: &StanceContext, judged: &JudgedTarget) -> stance::Stance {
        let PreparedArticle { article, sentences, .. } = context.prepared;
        let mut stance = aggregate(&judged.mentions);
        let position = self.reader.article_position().filter(|_| judged.judgement == Judgement::Position);
        let regression = position.or(self.reader.article_tone()).filter(|_| self.nli.is_none());
        if let Some(regression) = regression.filter(|_| !stance.evidence.is_empty()) {
            let mut mentioning: Vec<MentioningSentence> = stance
                .evidence
                .iter()
                .map(|found| MentioningSentence {
                    index: found.sentence,
                    scores: found.scores,
                    is_quoted: sentences[found.sentence].span.of(&article.text).contains(['"', '“', '”']),
                })
                .collect();
            mentioning.sort_by_key(|sentence| sentence.index);
            let scores = regression.scores(&mentioning, sentences.len());
            stance.label = clear_label(&scores, &stance.evidence);
            stance.scores = Some(scores);
        }
        put_label_first(stance.label, &mut stance.evidence);
        stance
    }
}

/// What is read of the sentences that mention a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    /// How they speak of it.
    Tone,
    /// What they say for or against it; the tone where the pack does not tell positions.
    Position,
}

impl Judgement {
    /// The tone where at least half of the mentions of a target are names of persons or parts of them.
    fn of(text: &str, spans: &[Span], entities: &[entities::Entity]) -> Self {
        let people = entities.iter().filter(|entity| entity.kind == EntityType::Per);
        let mut names: Vec<Span> = people.flat_map(|entity| &entity.mentions).map(|m| m.span).collect();
        names.sort();
        let is_named = |span: &&Span| {
            let near = names.partition_point(|name| name.end <= span.start);
            names.get(near).is_some_and(|name| is_of_name(text, **span, *name))
        };
        match 2 * spans.iter().filter(is_named).count() >= spans.len() {
            true => Self::Tone,
            false => Self::Position,
        }
    }
}

/// A target with its mentions in an article.
struct JudgedTarget {
    /// Its name.
    target: String,
    judgement: Judgement,
    mentions: Vec<ScoredMention>,
    /// The names of the entities that it is.
    names: HashSet<String>,
}

/// What the stance results of one article are made from.
pub(super) struct StanceContext<'a> {
    prepared: &'a PreparedArticle<'a>,
    readings: &'a [Reading],
    entities: &'a [entities::Entity],
    speech: &'a QuotedSpeech,
    points: &'a CodePoints<'a>,
    /// The mentions of all entities in the order of the text, each with its entity.
    owners: Vec<(Span, &'a entities::Entity)>,
}

impl<'a> StanceContext<'a> {
    pub(super) fn new(
        prepared: &'a PreparedArticle<'a>,
        readings: &'a [Reading],
        entities: &'a [entities::Entity],
        speech: &'a QuotedSpeech,
        points: &'a CodePoints<'a>,
    ) -> Self {
        let mentions =
            |entity: &'a entities::Entity| entity.mentions.iter().map(move |mention| (mention.span, entity));
        let mut owners: Vec<(Span, &entities::Entity)> = entities.iter().flat_map(mentions).collect();
        owners.sort_by_key(|(span, _)| *span);
        Self { prepared, readings, entities, speech, points, owners }
    }
}

impl StanceContext<'_> {
    /// A sentence with its stance as the result has it. `names` are those of the target.
    fn evidence(&self, found: &SentenceStance, names: &HashSet<String>) -> Evidence {
        let (text, points) = (&self.prepared.article.text, self.points);
        let own = &self.prepared.sentences[found.sentence];
        let sentence = place(own.span, text, points);
        // Only a quote around the mention shows that the target speaks of itself.
        let is_covered = self.speech.quote_around(text, found.mention).is_some();
        let speaker = self.speech.speaker_at(text, own, found.sentence, found.mention);
        Evidence {
            start: sentence.start,
            end: sentence.end,
            text: sentence.text,
            mention: place(found.mention, text, points),
            label: found.label,
            score: round(found.score),
            scores: Some(rounded(found.scores)),
            speaker: speaker.filter(|name| is_covered || !names.contains(name)),
            holder: self.holder(found, names),
        }
    }

    /// The entity that a mention names, also by a part of its name.
    fn owner(&self, mention: Span) -> Option<&entities::Entity> {
        let near = self.owners.partition_point(|(name, _)| name.end <= mention.start);
        let (name, entity) = self.owners.get(near)?;
        is_of_name(&self.prepared.article.text, mention, *name).then_some(*entity)
    }

    /// Whether a sentence mentions the target as the speaker of a quote ("Macron said …"), or in words of its own. `names` are those
    /// of the target.
    fn is_own_statement(&self, found: &SentenceStance, names: &HashSet<String>) -> bool {
        let around = self.speech.quote_around(&self.prepared.article.text, found.mention);
        if around.and_then(|quote| quote.speaker.as_ref()).is_some_and(|speaker| names.contains(speaker)) {
            return true;
        }
        // "Trump critics" are not Trump.
        let text = &self.prepared.article.text;
        let speaks = |quote: &Quote, source: Span| match &quote.speaker {
            Some(speaker) => names.contains(speaker) || names_several(source.of(text)),
            None => source.end == found.mention.end,
        };
        let mut sources = self.speech.quotes.iter().filter_map(|quote| Some((quote, quote.source?)));
        sources.any(|(quote, source)| source.contains(found.mention) && speaks(quote, source))
    }

    /// The entity of the sentence with the highest probability of being for or against the mention, if any is. `names` are those of
    /// the target.
    fn holder(&self, found: &SentenceStance, names: &HashSet<String>) -> Option<Holder> {
        let sentence = &self.prepared.sentences[found.sentence];
        let held = self.readings[found.sentence].held.iter();
        let about = held.filter(|held| shifted(held.target, sentence) == found.mention);
        // A sentence that takes no side shows nobody's. Nobody is asked what they think of themselves. Who thinks something is the
        // subject of a verb before the target: "Democrats have taken issue with Barr", or stands behind a passive: "Barr was blamed by
        // Democrats". The head was trained on pairs that people had chosen; of the other pairs of a sentence it calls too many a stance.
        let text = &self.prepared.article.text;
        let may_hold = |span: Span| {
            let is_subject =
                || self.speech.subjects.contains(&span) && stands_before(text, span, found.mention);
            self.owner(span).is_some_and(|entity| {
                !names.contains(&entity.name) && (is_subject() || is_agent(text, span, found.mention))
            })
        };
        let sides = about.filter(|_| found.label != Label::Neutral).filter_map(|held| {
            let (label, score) = Scores::new(held.probabilities).best();
            let holder = shifted(held.holder, sentence);
            (label != Label::Neutral && score >= MIN_HOLDER && may_hold(holder))
                .then_some((holder, label, score))
        });
        let (span, label, score) = sides.max_by(|a, b| a.2.total_cmp(&b.2))?;
        Some(Holder { name: self.owner(span)?.name.clone(), label, score: round(score) })
    }
}

/// Whether a mention of a target is a name of an entity or a part of it, offices and forms of address aside: "Trump" in "Donald
/// Trump", and "President Trump" around "Trump".
fn is_of_name(text: &str, mention: Span, name: Span) -> bool {
    let is_whole = || mention.contains(name) && without_title(mention.of(text)) == name.of(text);
    name.contains(mention) || is_whole()
}

/// Sets the scores of all mentions to those of an NLI model, which classifies each pair of a sentence and a target once.
fn infer(nli: &Nli, sentences: &[Cow<str>], wanted: &mut [JudgedTarget]) -> Result<(), ModelError> {
    let places = wanted
        .iter()
        .flat_map(|judged| judged.mentions.iter().map(move |m| (m.sentence, judged.target.as_str())));
    let mut pairs: Vec<(usize, &str)> = places.collect();
    pairs.dedup();
    let inputs: Vec<(&str, &str)> = pairs.iter().map(|&(at, target)| (&*sentences[at], target)).collect();
    let scores: HashMap<(usize, String), Scores> =
        pairs.iter().map(|&(at, target)| (at, target.to_owned())).zip(nli.stances(&inputs)?).collect();
    for JudgedTarget { target, mentions, .. } in wanted {
        for mention in mentions {
            mention.scores = scores[&(mention.sentence, target.clone())];
        }
    }
    Ok(())
}

/// Whether a sentence counts for the article's stance: not a dateline, a caption, nor boilerplate such as a link to another story.
fn counts(sentence: &Sentence) -> bool {
    matches!(sentence.role, Role::Prose | Role::Heading)
}

/// Whether a sentence is only the mention: "4. Ben Carson."
fn is_only(sentence: &Sentence, mention: Span) -> bool {
    const NUMBER_AND_STOPS: usize = 4;
    sentence.span.end - sentence.span.start <= mention.end - mention.start + NUMBER_AND_STOPS
}

/// The mentions at `spans` of the article, in order, with zeros as scores: an NLI model will set them.
fn without_scores(sentences: &[Sentence], spans: &[Span]) -> Vec<ScoredMention> {
    let place = |span: &Span| {
        let sentence = sentence_at(sentences, span.start);
        ScoredMention { sentence, span: *span, scores: Scores::default() }
    };
    let shows = |found: &ScoredMention| {
        sentences
            .get(found.sentence)
            .is_some_and(|sentence| counts(sentence) && !is_only(sentence, found.span))
    };
    spans.iter().map(place).filter(shows).collect()
}

/// The mentions at `spans` of the article that the reader has scored.
fn scored_mentions(
    sentences: &[Sentence],
    readings: &[Reading],
    spans: &[Span],
    judgement: Judgement,
) -> Vec<ScoredMention> {
    let wanted: HashSet<Span> = spans.iter().copied().collect();
    let mut found = Vec::new();
    for (number, (sentence, reading)) in sentences.iter().zip(readings).enumerate() {
        if !counts(sentence) {
            continue;
        }
        for stance in &reading.stances {
            let span = shifted(stance.span, sentence);
            if wanted.contains(&span) && !is_only(sentence, span) {
                let position = stance.position.filter(|_| judgement == Judgement::Position);
                let scores = Scores::new(position.unwrap_or(stance.tone));
                found.push(ScoredMention { sentence: number, span, scores });
            }
        }
    }
    found
}

/// The entities of an article that a stance can be taken towards, the most frequent first: all but nationalities and other
/// `MISC` names that mostly stand before a noun ("French troops").
fn prominent<'a>(text: &str, entities: &'a [entities::Entity]) -> Vec<&'a entities::Entity> {
    let is_thing = |entity: &&entities::Entity| {
        let alone =
            entity.mentions.iter().filter(|mention| !is_before_noun(&text[mention.span.end..])).count();
        entity.kind != EntityType::Misc || 2 * alone > entity.mentions.len()
    };
    let mut named: Vec<&entities::Entity> = entities.iter().filter(is_thing).collect();
    named.sort_by_key(|entity| std::cmp::Reverse(entity.mentions.len()));
    named
}

#[cfg(test)]
mod tests;
