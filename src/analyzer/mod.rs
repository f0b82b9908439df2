//! The analyzer: from articles to analyses.
//!
//! It splits articles into sentences, has them read once by the reader, and computes the entities, quotes, stance and
//! summary of each article from the readings. A checkpoint of the user can take the place of the pack for entities, summary
//! or stance.

mod holders;
mod prepared;
mod request;
mod results;
mod stances;
mod summaries;
mod targets;

use crate::analysis::{Analysis, Quote, SCHEMA_VERSION};
use crate::article::{Article, CodePoints};
use crate::compute::Compute;
use crate::entities::{self, EntityMention, case, schemes};
use crate::jobs::nli::Nli;
use crate::jobs::summarizer::Summarizer;
use crate::jobs::tagger::{Tagged, Tagger};
use crate::model::{ModelError, checkpoint::Checkpoint, pack::Pack};
use crate::quotes::QuotedSpeech;
use crate::reader::{JointReading, Passage, Reader, ReaderOutputs, Reading};

use prepared::{PreparedArticle, article_mentions, find_quotes, prepare};
pub use request::{ModelFolder, ModelOptions, Request, Task};
pub use results::ReadSentence;
use stances::StanceContext;
use summaries::GeneratedSummary;

/// A loaded pack, with the checkpoints that are used in place of it for some findings.
///
/// It is `Send`: load it in one thread and move it to another. It computes with all cores, so several at a time gain nothing;
/// threads that share one take turns by a lock:
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use wirelens::{Analyzer, Article, ModelOptions, Pack, Request};
///
/// let analyzer = Arc::new(Mutex::new(Analyzer::load(&Pack::find(None)?, ModelOptions::default())?));
/// let threads = ["Olaf Scholz is in Paris.", "Angela Merkel is in Rome."].map(|text| {
///     let analyzer = analyzer.clone();
///     std::thread::spawn(move || {
///         let analyses = analyzer.lock().unwrap().analyze(&[Article::new("note", text)], &Request::default());
///         analyses.map(|mut one| one.remove(0))
///     })
/// });
/// for thread in threads {
///     assert_eq!(thread.join().unwrap()?.entities.unwrap().len(), 2);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Analyzer {
    reader: Reader,
    tagger: Option<Tagger>,
    /// Its name and the model.
    summarizer: Option<(String, Summarizer)>,
    nli: Option<Nli>,
    pack_name: String,
    pack_language: String,
}

impl Analyzer {
    /// Verifies and loads a pack and the checkpoints of `setup`.
    ///
    /// # Errors
    /// When the pack is damaged, a checkpoint cannot be used, or this machine does not have the device.
    pub fn load(pack: &Pack, setup: ModelOptions) -> Result<Self, ModelError> {
        let bf16_on_cpu = pack.manifest.encoder.bf16_on_cpu;
        let compute = Compute::choose(setup.device, setup.precision, setup.threads, bf16_on_cpu)?;
        let tokens = setup.batch_tokens;
        let open = |model: &ModelFolder| Checkpoint::open(&model.folder);
        let tagger = |model| Tagger::load(&open(model)?, &compute, tokens, setup.aggregation);
        let summarizer = |model: &ModelFolder| -> Result<_, ModelError> {
            Ok((model.name.clone(), Summarizer::load(&open(model)?, &compute, tokens, setup.writing)?))
        };
        let nli = |model| Nli::load(&open(model)?, &compute, tokens, setup.templates.clone());
        Ok(Self {
            tagger: setup.entities_model.as_ref().map(tagger).transpose()?,
            summarizer: setup.summary_model.as_ref().map(summarizer).transpose()?,
            nli: setup.stance_model.as_ref().map(nli).transpose()?,
            reader: Reader::load(pack, compute, tokens)?,
            pack_name: pack.manifest.name.clone(),
            pack_language: pack.manifest.language.clone(),
        })
    }

    /// The device, precision and threads that it computes with.
    #[doc(hidden)]
    pub fn compute(&self) -> &Compute {
        self.reader.compute()
    }

    /// Analyses articles; the analyses have their order. Articles share batches: many articles in one call are faster than
    /// one call for each, and give the same findings.
    ///
    /// # Errors
    /// When a text cannot be tokenized, or the computation fails.
    pub fn analyze(&self, articles: &[Article], request: &Request) -> Result<Vec<Analysis>, ModelError> {
        let each = self.analyze_with(articles, request, |_, _| Ok(()))?;
        Ok(each.into_iter().map(|(analysis, ())| analysis).collect())
    }

    /// As [`analyze`](Self::analyze), with the sentences of each article and their vectors.
    ///
    /// # Errors
    /// As [`analyze`](Self::analyze).
    pub fn analyze_sentences(
        &self,
        articles: &[Article],
        request: &Request,
    ) -> Result<Vec<(Analysis, Vec<ReadSentence>)>, ModelError> {
        self.analyze_with(articles, request, |prepared, readings| self.read_sentences(prepared, readings))
    }

    /// Analyses articles. `more` computes a further result for each of them.
    fn analyze_with<T>(
        &self,
        articles: &[Article],
        request: &Request,
        more: impl Fn(&PreparedArticle, &[Reading]) -> Result<T, ModelError>,
    ) -> Result<Vec<(Analysis, T)>, ModelError> {
        let prepared: Vec<PreparedArticle> =
            articles.iter().map(|article| prepare(article, request)).collect();
        let writes = request.wants(Task::Summary) && self.summarizer.is_some();
        let speaks = request.wants_speakers();
        let wanted = ReaderOutputs {
            // Speakers and targets are entities, and the names of a generated summary are compared with entities.
            entities: request.wants(Task::Entities) || speaks || writes,
            stance: request.wants(Task::Stance) && self.nli.is_none(),
            holders: request.wants(Task::Stance),
            parts: speaks,
            vectors: request.wants(Task::Summary),
        };
        let readings = self.read_prepared(&prepared, wanted)?;
        let summaries = match &self.summarizer {
            Some((_, summarizer)) if writes => self.generate(summarizer, &prepared, &readings, request)?,
            _ => prepared.iter().map(|_| None).collect(),
        };
        let articles = prepared.iter().zip(&readings).zip(&summaries);
        articles
            .map(|((prepared, mine), generated)| {
                Ok((self.analysis(prepared, mine, generated.as_ref(), request)?, more(prepared, mine)?))
            })
            .collect()
    }

    /// Reads the sentences of all articles together. Gives the readings of each article.
    fn read_prepared(
        &self,
        prepared: &[PreparedArticle],
        wanted: ReaderOutputs,
    ) -> Result<Vec<Vec<Reading>>, ModelError> {
        let passages = prepared.iter().flat_map(|prepared| prepared.passages()).collect();
        let mut readings = self.read(passages, wanted)?.into_iter();
        let each = prepared.iter().map(|p| readings.by_ref().take(p.sentences.len()).collect());
        Ok(each.collect())
    }

    /// Reads single sentences. Their entities come from the checkpoint for entities, where there is one.
    ///
    /// # Errors
    /// When a text cannot be tokenized, or the computation fails.
    #[doc(hidden)]
    pub fn read(
        &self,
        mut passages: Vec<Passage>,
        wanted: ReaderOutputs,
    ) -> Result<Vec<Reading>, ModelError> {
        let Some(tagger) = self.tagger.as_ref().filter(|_| wanted.entities) else {
            return self.reader.read(&passages, wanted);
        };
        let tagged = tag(tagger, &mut passages)?;
        let mut readings = self.reader.read(&passages, ReaderOutputs { entities: false, ..wanted })?;
        for (reading, entities) in readings.iter_mut().zip(tagged) {
            reading.entities = entities;
        }
        Ok(readings)
    }

    /// The name of the pack.
    #[doc(hidden)]
    pub fn pack_name(&self) -> &str {
        &self.pack_name
    }

    /// Reads pairs of sentences, both of a pair together; the results have their order. `None` where the pack cannot do
    /// this.
    ///
    /// # Errors
    /// When a file of the pack is damaged, a text cannot be tokenized, or the computation fails.
    #[doc(hidden)]
    pub fn read_jointly(&self, pairs: &[(&str, &str)]) -> Result<Option<Vec<JointReading>>, ModelError> {
        self.reader.read_jointly(pairs)
    }

    /// The quotes and speakers of each article, with sentences as [`crate::article::sentences`] splits them.
    ///
    /// # Errors
    /// When a text cannot be tokenized, or the computation fails.
    #[doc(hidden)]
    pub fn find_quotes(&self, articles: &[Article]) -> Result<Vec<QuotedSpeech>, ModelError> {
        let request = Request::of(&[Task::Quotes]);
        let prepared: Vec<PreparedArticle> =
            articles.iter().map(|article| prepare(article, &request)).collect();
        let readings =
            self.read_prepared(&prepared, ReaderOutputs { parts: true, ..ReaderOutputs::ENTITIES })?;
        let each = prepared.iter().zip(&readings).map(|(prepared, mine)| {
            let entities = entities::group(&prepared.article.text, &article_mentions(prepared, mine));
            find_quotes(prepared, mine, &entities)
        });
        Ok(each.collect())
    }

    /// Whether the pack finds quotes.
    #[doc(hidden)]
    pub fn finds_quotes(&self) -> bool {
        self.reader.finds_parts()
    }

    /// Whether holders of stances are found: not by an NLI model, nor by a pack without that head.
    #[doc(hidden)]
    pub fn finds_holders(&self) -> bool {
        self.nli.is_none() && self.reader.finds_holders()
    }

    /// The NLI model for stance; `None` where stance comes from the pack.
    #[doc(hidden)]
    pub fn nli(&self) -> Option<&Nli> {
        self.nli.as_ref()
    }

    /// The analysis of one article from the readings of its sentences.
    fn analysis(
        &self,
        prepared: &PreparedArticle,
        readings: &[Reading],
        generated: Option<&GeneratedSummary>,
        request: &Request,
    ) -> Result<Analysis, ModelError> {
        let PreparedArticle { article, .. } = prepared;
        let text = &article.text;
        let points = CodePoints::new(text);
        let entities = entities::group(text, &article_mentions(prepared, readings));
        let mut warnings = article.warnings.clone();
        let language = self.language(text, &mut warnings);
        let summary = match generated {
            Some(generated) => {
                let faithful = request.faithful;
                let (summary, unsupported) =
                    self.check(generated, prepared, readings, &entities, &points, faithful)?;
                warnings.extend(unsupported);
                Some(summary)
            }
            None if request.wants(Task::Summary) => {
                Some(self.extract(prepared, readings, &points, request.summary_length)?)
            }
            None => None,
        };
        let speech = match request.wants_speakers() {
            true => find_quotes(prepared, readings, &entities),
            false => QuotedSpeech::default(),
        };
        let stance = match request.wants(Task::Stance) {
            true => {
                let context = StanceContext::new(prepared, readings, &entities, &speech, &points);
                Some(self.stances(&context, request, &mut warnings)?)
            }
            false => None,
        };
        let quotes = match request.wants(Task::Quotes) {
            true => self.quotes(&speech, text, &points, &mut warnings),
            false => None,
        };
        let entities = request.wants(Task::Entities).then(|| results::entities(&entities, text, &points));
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
            quotes,
            warnings,
            text: request.with_text.then(|| text.clone()),
        })
    }

    /// The quotes of an article as the result has them. None, and a warning, where the pack does not find quotes.
    fn quotes(
        &self,
        speech: &QuotedSpeech,
        text: &str,
        points: &CodePoints,
        warnings: &mut Vec<String>,
    ) -> Option<Vec<Quote>> {
        if !self.finds_quotes() {
            let pack = &self.pack_name;
            warnings.push(format!("the pack '{pack}' does not find who says what: there are no quotes"));
            return None;
        }
        Some(speech.quotes.iter().map(|quote| results::quote(quote, text, points)).collect())
    }

    /// The detected language. Adds a warning where the pack was not trained on it.
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

/// The entities of each passage from a checkpoint. They are added to the mentions of the passage, so that a stance towards
/// them can be computed.
fn tag(tagger: &Tagger, passages: &mut [Passage]) -> Result<Vec<Vec<EntityMention>>, ModelError> {
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text).collect();
    let found = tagger.read(&texts)?;
    let mentions = |text: &str, tagged: Vec<Tagged>| -> Vec<EntityMention> {
        let each = tagged.into_iter().filter_map(|tagged| {
            let (kind, span) = (schemes::kind(&tagged.label)?, case::bare(text, tagged.span)?);
            let label = Some(tagged.label).filter(|label| label != kind.name());
            Some(EntityMention { span, kind, score: tagged.score, label })
        });
        entities::corrected(text, each)
    };
    let entities: Vec<Vec<EntityMention>> =
        texts.iter().zip(found).map(|(text, tagged)| mentions(text, tagged)).collect();
    for (passage, entities) in passages.iter_mut().zip(&entities) {
        passage.mentions.extend(entities.iter().map(|entity| entity.span));
    }
    Ok(entities)
}
