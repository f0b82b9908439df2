//! Composes the rooms: sentences, one reading, then entities, summary and stance of each article.
//!
//! A checkpoint of the user's may take over the entities or the stance; the rest still comes from the pack's reading.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::analysis::{self, Analysis, Evidence, Method, Place, SCHEMA_VERSION, TargetStance};
use crate::article::{Article, CodePoints, Role, Sentence, Span, sentences};
use crate::entities::{self, EntityType, case, schemes};
use crate::families::nli::{Nli, Templates};
use crate::families::tagger::{Aggregation, Tagged, Tagger};
use crate::model::{ModelError, checkpoint::Checkpoint, pack::Pack};
use crate::reader::compute::{Compute, DeviceChoice, PrecisionChoice};
use crate::reader::{EntityMention, Passage, Reader, Reading};
use crate::stance::{Judged, Scores, Speakers, Target, aggregate};
use crate::summary::{self, Length};

/// The findings that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Summary,
    Entities,
    Stance,
}

impl Task {
    pub const ALL: [Self; 3] = [Self::Summary, Self::Entities, Self::Stance];
}

/// How to read and what to look for.
#[derive(Debug, Clone)]
pub struct Options {
    pub device: DeviceChoice,
    pub precision: PrecisionChoice,
    /// `None` leaves the choice to libtorch: one per core.
    pub threads: Option<u16>,
    /// Tokens in one batch, padding included.
    pub batch_tokens: usize,
    pub tasks: Vec<Task>,
    pub summary_length: Length,
    /// Without any, stance is taken towards the article's own most prominent entities.
    pub targets: Vec<Target>,
    /// Whether results carry the article's text.
    pub with_text: bool,
    /// Folder of a checkpoint that finds the entities in place of the pack.
    pub entities_model: Option<PathBuf>,
    pub aggregation: Aggregation,
    /// Folder of an NLI checkpoint that judges stance in place of the pack.
    pub stance_model: Option<PathBuf>,
    pub templates: Templates,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            device: DeviceChoice::Auto,
            precision: PrecisionChoice::Auto,
            threads: None,
            batch_tokens: 4096,
            tasks: Task::ALL.to_vec(),
            summary_length: Length::default(),
            targets: Vec::new(),
            with_text: false,
            entities_model: None,
            aggregation: Aggregation::default(),
            stance_model: None,
            templates: Templates::default(),
        }
    }
}

/// Entities that stance is taken towards when no targets are given, at most.
const PROMINENT: usize = 5;

/// A loaded pack with what to look for.
pub struct Analyzer {
    reader: Reader,
    tagger: Option<Tagger>,
    nli: Option<Nli>,
    pack_name: String,
    pack_language: String,
    options: Options,
}

impl Analyzer {
    /// Verifies and loads a pack, and the checkpoints that take over a job of it.
    ///
    /// # Errors
    /// When the pack is damaged, a checkpoint cannot be used, or the device is not there.
    pub fn load(pack: &Pack, options: Options) -> Result<Self, ModelError> {
        let bf16_on_cpu = pack.manifest.encoder.bf16_on_cpu;
        let compute = Compute::choose(options.device, options.precision, options.threads, bf16_on_cpu)?;
        let open = |folder: &Option<PathBuf>| folder.as_deref().map(Checkpoint::open).transpose();
        let tagger = open(&options.entities_model)?
            .map(|checkpoint| Tagger::load(&checkpoint, &compute, options.batch_tokens, options.aggregation));
        let nli = open(&options.stance_model)?.map(|checkpoint| {
            Nli::load(&checkpoint, &compute, options.batch_tokens, options.templates.clone())
        });
        Ok(Self {
            reader: Reader::load(pack, compute, options.batch_tokens)?,
            tagger: tagger.transpose()?,
            nli: nli.transpose()?,
            pack_name: pack.manifest.name.clone(),
            pack_language: pack.manifest.language.clone(),
            options,
        })
    }

    pub fn compute(&self) -> &Compute {
        self.reader.compute()
    }

    /// Analyses articles; the answer has their order. Articles share batches, so many at a time are
    /// faster than one by one, and give the same findings.
    pub fn analyze(&self, articles: &[Article]) -> Result<Vec<Analysis>, ModelError> {
        let prepared: Vec<Prepared> = articles.iter().map(|article| self.prepare(article)).collect();
        let mut passages: Vec<Passage> = prepared.iter().flat_map(|p| p.passages()).collect();
        let tagged = self.tagger.as_ref().map(|tagger| tag(tagger, &mut passages)).transpose()?;
        let mut readings = self.reader.read(&passages)?;
        drop(passages);
        for (reading, entities) in readings.iter_mut().zip(tagged.into_iter().flatten()) {
            reading.entities = entities;
        }
        let mut readings = readings.into_iter();
        prepared
            .iter()
            .map(|prepared| {
                let mine: Vec<Reading> = readings.by_ref().take(prepared.sentences.len()).collect();
                self.conclude(prepared, &mine)
            })
            .collect()
    }

    fn prepare<'a>(&self, article: &'a Article) -> Prepared<'a> {
        let sentences = sentences(&article.text);
        let wanted = self.wants(Task::Stance);
        let targets = if wanted { self.options.targets.as_slice() } else { &[] };
        let mentions = targets
            .iter()
            .map(|target| {
                let per_sentence = sentences.iter().map(|s| target.mentions(s.span.of(&article.text)));
                per_sentence.collect()
            })
            .collect();
        Prepared { article, sentences, mentions }
    }

    fn wants(&self, task: Task) -> bool {
        self.options.tasks.contains(&task)
    }

    fn conclude(&self, prepared: &Prepared, readings: &[Reading]) -> Result<Analysis, ModelError> {
        let Prepared { article, sentences, .. } = prepared;
        let text = &article.text;
        let points = CodePoints::new(text);
        let entities = entities::group(text, &article_mentions(sentences, readings));
        let mut warnings = Vec::new();
        let language = self.language(text, &mut warnings);
        let summary = match self.wants(Task::Summary) {
            true => Some(self.summarize(prepared, readings, &points)?),
            false => None,
        };
        let stance = match self.wants(Task::Stance) {
            true => Some(self.stances(prepared, readings, &entities, &points)?),
            false => None,
        };
        let entities = self
            .wants(Task::Entities)
            .then(|| entities.iter().map(|entity| entity_result(entity, text, &points)).collect());
        Ok(Analysis {
            schema_version: SCHEMA_VERSION,
            id: article.id.clone(),
            title: article.title.clone(),
            source: article.source.clone(),
            url: article.url.clone(),
            published: article.published.clone(),
            language,
            characters: points.total(),
            tokens: readings.iter().map(|reading| reading.tokens).sum(),
            summary,
            entities,
            stance,
            warnings,
            text: self.options.with_text.then(|| text.clone()),
        })
    }

    /// The detected language; warns where the findings cannot be trusted because of it.
    fn language(&self, text: &str, warnings: &mut Vec<String>) -> Option<String> {
        if !text.chars().any(char::is_alphabetic) {
            warnings.push("the text has no letters; there is nothing to find in it".into());
            return None;
        }
        let start: String = text.chars().take(20_000).collect();
        let found = whatlang::detect(&start).filter(whatlang::Info::is_reliable)?;
        let language = isolang::Language::from_639_3(found.lang().code())
            .and_then(|language| language.to_639_1())
            .unwrap_or_else(|| found.lang().code());
        if language != self.pack_language {
            warnings.push(format!(
                "the text seems to be in {} ('{language}'), and the pack '{}' was trained on '{}': do not rely on these findings",
                found.lang().eng_name(),
                self.pack_name,
                self.pack_language
            ));
        }
        Some(language.to_owned())
    }

    fn summarize(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
        points: &CodePoints,
    ) -> Result<analysis::Summary, ModelError> {
        let text = &prepared.article.text;
        let candidates = summary::candidates(text, &prepared.sentences, readings);
        let salience = self.reader.salience(&summary::features(&candidates))?;
        let chosen = summary::select(&candidates, &salience, self.options.summary_length);
        let sentences: Vec<analysis::SummarySentence> = chosen
            .into_iter()
            .map(|index| {
                let place = place(candidates[index].span, text, points);
                analysis::SummarySentence {
                    start: place.start,
                    end: place.end,
                    text: place.text,
                    score: round(salience[index]),
                }
            })
            .collect();
        let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        Ok(analysis::Summary {
            method: Method::Extractive,
            model: self.pack_name.clone(),
            text: texts.join(" "),
            sentences,
        })
    }

    fn stances(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
        entities: &[entities::Entity],
        points: &CodePoints,
    ) -> Result<Vec<TargetStance>, ModelError> {
        let (text, sentences) = (&prepared.article.text, &prepared.sentences);
        let speakers = Speakers::find(text, sentences, entities);
        let mut wanted: Vec<(String, Vec<Judged>)> = if self.options.targets.is_empty() {
            let spans =
                |entity: &entities::Entity| entity.mentions.iter().map(|m| m.span).collect::<Vec<_>>();
            prominent(entities)
                .into_iter()
                .map(|entity| (entity.name.clone(), judged(sentences, readings, &spans(entity))))
                .collect()
        } else {
            let targets = self.options.targets.iter().zip(&prepared.mentions);
            targets
                .map(|(target, per_sentence)| {
                    let spans: Vec<Span> = sentences
                        .iter()
                        .zip(per_sentence)
                        .flat_map(|(sentence, spans)| spans.iter().map(|span| shifted(*span, sentence)))
                        .collect();
                    (target.name.clone(), judged(sentences, readings, &spans))
                })
                .collect()
        };
        if let Some(nli) = &self.nli {
            infer(nli, text, sentences, &mut wanted)?;
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
}

/// The entities of each passage by a checkpoint; those whose stance may be asked for become mentions of the passage.
fn tag(tagger: &Tagger, passages: &mut [Passage]) -> Result<Vec<Vec<EntityMention>>, ModelError> {
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text).collect();
    let found = tagger.read(&texts)?;
    let mentions = |text: &str, tagged: Vec<Tagged>| -> Vec<EntityMention> {
        let each = tagged.into_iter().filter_map(|tagged| {
            let (kind, span) = (schemes::kind(&tagged.label)?, case::bare(text, tagged.span)?);
            let label = Some(tagged.label).filter(|label| label != kind.name());
            Some(EntityMention { span, kind, score: tagged.score, label })
        });
        each.collect()
    };
    let entities: Vec<Vec<EntityMention>> =
        texts.iter().zip(found).map(|(text, tagged)| mentions(text, tagged)).collect();
    for (passage, entities) in passages.iter_mut().zip(&entities) {
        passage.mentions.extend(entities.iter().map(|entity| entity.span));
    }
    Ok(entities)
}

/// Puts what an NLI model says of each sentence in the place of the pack's judgements.
fn infer(
    nli: &Nli,
    text: &str,
    sentences: &[Sentence],
    wanted: &mut [(String, Vec<Judged>)],
) -> Result<(), ModelError> {
    let places = wanted
        .iter()
        .flat_map(|(target, mentions)| mentions.iter().map(move |m| (m.sentence, target.as_str())));
    let mut pairs: Vec<(usize, &str)> = places.collect();
    pairs.dedup();
    let inputs: Vec<(&str, &str)> =
        pairs.iter().map(|&(at, target)| (sentences[at].span.of(text), target)).collect();
    let judged: HashMap<(usize, String), Scores> =
        pairs.iter().map(|&(at, target)| (at, target.to_owned())).zip(nli.judge(&inputs)?).collect();
    for (target, mentions) in wanted {
        for mention in mentions {
            mention.scores = judged[&(mention.sentence, target.clone())];
        }
    }
    Ok(())
}

/// An article taken apart for the reader.
struct Prepared<'a> {
    article: &'a Article,
    sentences: Vec<Sentence>,
    /// For each target and sentence, the mentions of the target as spans in the sentence.
    mentions: Vec<Vec<Vec<Span>>>,
}

impl Prepared<'_> {
    fn passages(&self) -> impl Iterator<Item = Passage<'_>> {
        self.sentences.iter().enumerate().map(|(number, sentence)| Passage {
            text: sentence.span.of(&self.article.text),
            mentions: self.mentions.iter().flat_map(|per_sentence| per_sentence[number].clone()).collect(),
        })
    }
}

/// A span of a sentence as a span of the article.
fn shifted(span: Span, sentence: &Sentence) -> Span {
    Span::new(sentence.span.start + span.start, sentence.span.start + span.end)
}

fn article_mentions(sentences: &[Sentence], readings: &[Reading]) -> Vec<EntityMention> {
    let pairs = sentences.iter().zip(readings);
    pairs
        .flat_map(|(sentence, reading)| {
            reading
                .entities
                .iter()
                .map(|mention| EntityMention { span: shifted(mention.span, sentence), ..mention.clone() })
        })
        .collect()
}

/// The judged mentions among `spans` of the article.
fn judged(sentences: &[Sentence], readings: &[Reading], spans: &[Span]) -> Vec<Judged> {
    let wanted: std::collections::HashSet<Span> = spans.iter().copied().collect();
    let mut found = Vec::new();
    for (number, (sentence, reading)) in sentences.iter().zip(readings).enumerate() {
        // A dateline or a link to another story says nothing about how this one stands.
        if matches!(sentence.role, Role::Boilerplate | Role::Dateline) {
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

fn place(span: Span, text: &str, points: &CodePoints) -> Place {
    Place { start: points.at(span.start), end: points.at(span.end), text: span.of(text).to_owned() }
}

fn entity_result(entity: &entities::Entity, text: &str, points: &CodePoints) -> analysis::Entity {
    let mentions = entity.mentions.iter().map(|mention| {
        let place = place(mention.span, text, points);
        analysis::Mention {
            start: place.start,
            end: place.end,
            text: place.text,
            score: round(mention.score),
            label: mention.label.clone(),
        }
    });
    analysis::Entity { name: entity.name.clone(), kind: entity.kind, mentions: mentions.collect() }
}

/// Four decimals: what a probability of this model is worth, and less than what hardware may change.
fn round(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

fn rounded(scores: Scores) -> Scores {
    let Scores { favor, neutral, against } = scores;
    Scores { favor: round(favor), neutral: round(neutral), against: round(against) }
}
