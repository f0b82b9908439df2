//! Composes the rooms: sentences, one reading, then entities, summary and stance of each article.
//!
//! A checkpoint of the user's may take over any of the three jobs; the rest still comes from the pack's reading.

mod results;
mod stances;
mod summaries;

use std::path::PathBuf;

use serde::Serialize;

use crate::analysis::{Analysis, SCHEMA_VERSION};
use crate::article::{Article, CodePoints, Sentence, Span, sentences};
use crate::entities::{self, case, schemes};
use crate::families::nli::{Nli, Templates};
use crate::families::summarizer::{Summarizer, Writing};
use crate::families::tagger::{Aggregation, Tagged, Tagger};
use crate::model::{ModelError, checkpoint::Checkpoint, pack::Pack};
use crate::reader::compute::{Compute, DeviceChoice, PrecisionChoice};
use crate::reader::{EntityMention, Passage, Reader, Reading};
use crate::stance::Target;
use crate::summary::Length;

use summaries::Draft;

/// The findings that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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
    /// Finds the entities in place of the pack.
    pub entities_model: Option<ModelFolder>,
    pub aggregation: Aggregation,
    /// Writes the summaries in place of the pack's choice of sentences.
    pub summary_model: Option<ModelFolder>,
    pub writing: Writing,
    /// Leaves out what the article does not bear out of a generated summary.
    pub faithful: bool,
    /// An NLI checkpoint that judges stance in place of the pack.
    pub stance_model: Option<ModelFolder>,
    pub templates: Templates,
}

impl Options {
    /// The models that take over a job, each with the name of the job.
    pub fn models(&self) -> impl Iterator<Item = (&'static str, &ModelFolder)> {
        let all = [
            ("entities", &self.entities_model),
            ("summary", &self.summary_model),
            ("stance", &self.stance_model),
        ];
        all.into_iter().filter_map(|(job, model)| Some((job, model.as_ref()?)))
    }
}

/// A checkpoint on this machine, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    pub name: String,
    pub folder: PathBuf,
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
            summary_model: None,
            writing: Writing::default(),
            faithful: false,
            stance_model: None,
            templates: Templates::default(),
        }
    }
}

/// A loaded pack with what to look for.
pub struct Analyzer {
    reader: Reader,
    tagger: Option<Tagger>,
    summarizer: Option<Summarizer>,
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
        let open = |model: &Option<ModelFolder>, needed: bool| {
            let model = model.as_ref().filter(|_| needed);
            model.map(|model| Checkpoint::open(&model.folder)).transpose()
        };
        let tokens = options.batch_tokens;
        let writes = options.summary_model.is_some() && options.tasks.contains(&Task::Summary);
        // Stance without targets is that towards entities, and generated summaries are judged by inference.
        let infers = writes || options.tasks.contains(&Task::Stance);
        let tags = infers || options.tasks.contains(&Task::Entities);
        let tagger = open(&options.entities_model, tags)?
            .map(|checkpoint| Tagger::load(&checkpoint, &compute, tokens, options.aggregation));
        let summarizer = open(&options.summary_model, writes)?
            .map(|checkpoint| Summarizer::load(&checkpoint, &compute, tokens, options.writing));
        let nli = open(&options.stance_model, infers)?
            .map(|checkpoint| Nli::load(&checkpoint, &compute, tokens, options.templates.clone()));
        Ok(Self {
            reader: Reader::load(pack, compute, options.batch_tokens)?,
            tagger: tagger.transpose()?,
            summarizer: summarizer.transpose()?,
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
        let passages: Vec<Passage> = prepared.iter().flat_map(|p| p.passages()).collect();
        let mut readings = self.read(passages)?.into_iter();
        let readings: Vec<Vec<Reading>> = prepared
            .iter()
            .map(|prepared| readings.by_ref().take(prepared.sentences.len()).collect())
            .collect();
        let drafts = self.drafts(&prepared, &readings)?;
        let articles = prepared.iter().zip(&readings).zip(&drafts);
        articles.map(|((prepared, mine), draft)| self.conclude(prepared, mine, draft.as_ref())).collect()
    }

    /// Reads sentences that stand alone; their entities are those of the model that finds them.
    pub fn read(&self, mut passages: Vec<Passage>) -> Result<Vec<Reading>, ModelError> {
        let tagged = self.tagger.as_ref().map(|tagger| tag(tagger, &mut passages)).transpose()?;
        let mut readings = self.reader.read(&passages)?;
        for (reading, entities) in readings.iter_mut().zip(tagged.into_iter().flatten()) {
            reading.entities = entities;
        }
        Ok(readings)
    }

    /// The model that judges stance by inference; none where the pack judges.
    pub fn nli(&self) -> Option<&Nli> {
        self.nli.as_ref()
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

    fn conclude(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
        draft: Option<&Draft>,
    ) -> Result<Analysis, ModelError> {
        let Prepared { article, sentences, .. } = prepared;
        let text = &article.text;
        let points = CodePoints::new(text);
        let entities = entities::group(text, &article_mentions(sentences, readings));
        let mut warnings = Vec::new();
        let language = self.language(text, &mut warnings);
        let summary = match draft {
            Some(draft) => Some(self.check(draft, prepared, readings, &entities, &points, &mut warnings)?),
            None if self.wants(Task::Summary) => Some(self.extract(prepared, readings, &points)?),
            None => None,
        };
        let stance = match self.wants(Task::Stance) {
            true => Some(self.stances(prepared, readings, &entities, &points)?),
            false => None,
        };
        let entities = self
            .wants(Task::Entities)
            .then(|| entities.iter().map(|entity| results::entity_result(entity, text, &points)).collect());
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
