//! The runs: findings of a pack, or stored predictions, held against gold or other people's data.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::EvalError;
use super::baselines::{self, baselines, majority};
use super::bootstrap::Resamples;
use super::data::analyses::read_analyses;
use super::data::conll::{self, LabelMap, Sentence, read_conll, to_tokens};
use super::data::mentions::{self, JudgedMention, read_mentions};
use super::data::summaries::{self, Summarised, read_summaries};
use super::evaluation::Evaluation;
use super::gold_set::GoldSet;
use super::item::{EntityScores, Item, Judgement, StanceScores};
use super::metrics::spans::Typed;
use super::score::{lines, probabilities, score, score_summary, supported};
use super::words::capitalised;
use crate::analysis::{Analysis, Summary};
use crate::article::Span;
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::pack::MANIFEST;
use crate::reader::{Passage, Reading, Wanted};
use crate::stance::{Label, Scores};
use crate::summary::Length;
use crate::{Analyzer, Article, Pack, Request, Setup, Task};

/// Version of what the numbers mean; a change to any metric raises it.
const METRICS_VERSION: u32 = 1;

/// Who made the findings.
pub enum System {
    /// A pack, with how it is to be run; the targets and tasks of the request are set by the run.
    Pack(Box<Pack>, Box<Setup>, Box<Request>),
    /// A file of stored results.
    Predictions(PathBuf),
}

/// How sure the numbers are to be.
#[derive(Debug, Clone, Copy)]
pub struct Sampling {
    pub resamples: usize,
    pub seed: u64,
}

/// Told how many of how many items are read.
pub type Progress<'a> = &'a dyn Fn(usize, usize);

/// What is read between two reports of progress.
const SENTENCES_TOGETHER: usize = 256;
const ARTICLES_TOGETHER: usize = 16;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn file_hash(path: &Path) -> Result<String, EvalError> {
    Ok(sha256(&std::fs::read(path).map_err(|error| EvalError::new(path, error))?))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The line that says all that the numbers depend on.
fn signature(
    data: &str,
    system: &System,
    compute: Option<&Compute>,
    more: &str,
    sampling: Sampling,
) -> Result<String, EvalError> {
    let system = match system {
        System::Pack(pack, setup, _) => {
            let manifest = &pack.manifest;
            let hash = file_hash(&pack.path(MANIFEST))?;
            let compute =
                compute.map(|c| format!("|precision:{}|device:{}", c.precision_name(), c.device_name()));
            let mut system = format!("pack:{}@{}#{hash}", manifest.name, manifest.version);
            for (job, model) in setup.models() {
                let hash = file_hash(&model.folder.join("config.json"))?;
                system += &format!("|{job}:{}#{hash}", name_of(Path::new(&model.name)));
            }
            system + &compute.unwrap_or_default()
        }
        System::Predictions(path) => format!("predictions:{}#{}", name_of(path), file_hash(path)?),
    };
    let Sampling { resamples, seed } = sampling;
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!(
        "wirelens:{version}|metrics:{METRICS_VERSION}|data:{data}|{system}|{more}ci:bootstrap,n={resamples},seed={seed}"
    ))
}

/// A length as the signature has it.
fn length(length: Length) -> String {
    match length {
        Length::Sentences(n) => format!("summary:{n}-sentences|rouge:stemmed|"),
        Length::Words(n) => format!("summary:{n}-words|rouge:stemmed|"),
    }
}

/// Everything, over the articles of a folder of gold.
pub fn articles(
    set: &GoldSet,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let texts: Vec<&Article> = set.articles.iter().map(|(article, _)| article).collect();
    let (analyses, compute, more) = match system {
        System::Pack(pack, setup, request) => {
            let request = Request {
                targets: set.targets.clone(),
                tasks: Task::ALL.to_vec(),
                ..request.as_ref().clone()
            };
            let more = length(request.summary_length);
            let analyzer = Analyzer::load(pack, setup.as_ref().clone())?;
            let articles: Vec<Article> = texts.iter().copied().cloned().collect();
            (analyze_all(&analyzer, &articles, &request, progress)?, Some(*analyzer.compute()), more)
        }
        System::Predictions(path) => (read_analyses(path, &texts)?, None, "rouge:stemmed|".into()),
    };
    let results: Vec<_> = set
        .articles
        .iter()
        .zip(&analyses)
        .map(|((article, gold), analysis)| score(&article.text, gold, analysis))
        .collect();
    let mut notes = vec![format!(
        "{} articles: the intervals tell how much the numbers would move with other articles like these, and with so few are on the narrow side",
        results.len()
    )];
    let scored = [
        ("entities", results.iter().filter(|result| result.entities.is_some()).count()),
        ("summary", results.iter().filter(|result| result.summary.is_some()).count()),
        ("stance", results.iter().filter(|result| result.stance.is_some()).count()),
    ];
    for (what, with) in scored.into_iter().filter(|(_, with)| *with < results.len()) {
        notes.push(format!(
            "{what}: {with} of {} articles have results, and only those are scored",
            results.len()
        ));
    }
    Ok(Evaluation {
        signature: signature(&format!("gold#{}", &set.hash[..8]), system, compute.as_ref(), &more, sampling)?,
        data: set.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        unit: "article",
        items: results.iter().map(|result| result.item.clone()).collect(),
        baselines: baselines(set, sampling.seed),
        resamples: Resamples::new(results.len(), sampling.resamples, sampling.seed),
        articles: results,
        notes,
    })
}

/// Does something with many items, so many at a time, and tells how far it is.
fn in_parts<T, R>(
    items: &[T],
    together: usize,
    progress: Progress,
    each: impl Fn(&[T]) -> Result<Vec<R>, ModelError>,
) -> Result<Vec<R>, ModelError> {
    let mut results = Vec::with_capacity(items.len());
    for some in items.chunks(together) {
        progress(results.len(), items.len());
        results.extend(each(some)?);
    }
    Ok(results)
}

fn analyze_all(
    analyzer: &Analyzer,
    articles: &[Article],
    request: &Request,
    progress: Progress,
) -> Result<Vec<Analysis>, ModelError> {
    in_parts(articles, ARTICLES_TOGETHER, progress, |some| analyzer.analyze(some, request))
}

/// A loaded pack for one task.
fn loaded(pack: &Pack, setup: &Setup, task: Task) -> Result<Analyzer, ModelError> {
    Analyzer::load(pack, setup.clone().for_tasks(&[task]))
}

fn read_all(
    analyzer: &Analyzer,
    passages: &[Passage],
    wanted: Wanted,
    progress: Progress,
) -> Result<Vec<Reading>, ModelError> {
    in_parts(passages, SENTENCES_TOGETHER, progress, |some| analyzer.read(some.to_vec(), wanted))
}

/// What a task run on other people's data has in common.
struct TaskRun<'a> {
    data: &'a Path,
    unit: &'static str,
    system: &'a System,
    compute: Option<Compute>,
    more: String,
    sampling: Sampling,
}

impl TaskRun<'_> {
    fn evaluation(
        self,
        items: Vec<Item>,
        baselines: Vec<(String, Vec<Item>)>,
        notes: Vec<String>,
    ) -> Result<Evaluation, EvalError> {
        let name = name_of(self.data);
        let data = format!("{name}#{}", file_hash(self.data)?);
        Ok(Evaluation {
            signature: signature(&data, self.system, self.compute.as_ref(), &self.more, self.sampling)?,
            data: name,
            unit: self.unit,
            resamples: Resamples::new(items.len(), self.sampling.resamples, self.sampling.seed),
            items,
            baselines,
            articles: Vec::new(),
            notes,
        })
    }
}

/// Entities of a CoNLL file. Items are sentences.
pub fn entities(
    data: &Path,
    map: &LabelMap,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let (sentences, stray) = read_conll(data, map)?;
    let texts: Vec<(String, Vec<Span>)> = sentences.iter().map(Sentence::text).collect();
    let (predicted, compute) = match system {
        System::Pack(pack, setup, _) => {
            let analyzer = loaded(pack, setup, Task::Entities)?;
            let wanted = Wanted { entities: true, stance: false, vectors: false };
            let passages: Vec<Passage> =
                texts.iter().map(|(text, _)| Passage { text, mentions: Vec::new() }).collect();
            let readings = read_all(&analyzer, &passages, wanted, progress)?;
            let found = readings.iter().zip(&texts).map(|(reading, (_, tokens))| {
                let spans = reading.entities.iter().map(|e| Typed { span: e.span, kind: e.kind });
                to_tokens(&spans.collect::<Vec<_>>(), tokens)
            });
            (found.collect(), Some(*analyzer.compute()))
        }
        System::Predictions(path) => (conll::read_predictions(path, map, &sentences)?, None),
    };
    let items = |found: &[Vec<Typed>]| -> Vec<Item> {
        let pairs = sentences.iter().zip(found);
        pairs
            .map(|(sentence, found)| Item {
                id: format!("line {}", sentence.line),
                entities: Some(EntityScores::new(&sentence.entities, found)),
                ..Item::default()
            })
            .collect()
    };
    let capitals: Vec<Vec<Typed>> = texts
        .iter()
        .map(|(text, tokens)| to_tokens(&capitalised(text, &[Span::new(0, text.len())]), tokens))
        .collect();
    let mut notes = Vec::new();
    if stray > 0 {
        notes
            .push(format!("{stray} I- tags of the data follow nothing of their type; each begins an entity"));
    }
    let run = TaskRun { data, unit: "sentence", system, compute, more: String::new(), sampling };
    run.evaluation(items(&predicted), vec![(baselines::CAPITALS.into(), items(&capitals))], notes)
}

/// Stance towards the marked mentions of a file. Items are mentions.
pub fn stance(
    data: &Path,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let gold = read_mentions(data)?;
    let (given, compute) = match system {
        System::Pack(pack, setup, _) => {
            let analyzer = loaded(pack, setup, Task::Stance)?;
            let wanted = Wanted { entities: false, stance: true, vectors: false };
            let scores: Vec<Option<Scores>> = match analyzer.nli() {
                Some(nli) => {
                    let pairs: Vec<(&str, &str)> =
                        gold.iter().map(|m| (m.sentence.as_str(), m.span.of(&m.sentence))).collect();
                    let judged = in_parts(&pairs, SENTENCES_TOGETHER, progress, |some| nli.judge(some))?;
                    judged.into_iter().map(Some).collect()
                }
                None => {
                    let passages: Vec<Passage> =
                        gold.iter().map(|m| Passage { text: &m.sentence, mentions: vec![m.span] }).collect();
                    let readings = read_all(&analyzer, &passages, wanted, progress)?;
                    let pairs = readings.iter().zip(&gold);
                    // A mention without a token that the model knows of gets no judgement.
                    pairs
                        .map(|(reading, mention)| {
                            let stance = reading.stances.iter().find(|stance| stance.span == mention.span);
                            stance.map(|stance| Scores::new(stance.probabilities))
                        })
                        .collect()
                }
            };
            let judged = scores.into_iter().map(|scores| {
                (scores.map_or(Label::Absent, |scores| scores.best().0), Some(probabilities(scores)))
            });
            (judged.collect::<Vec<_>>(), Some(*analyzer.compute()))
        }
        System::Predictions(path) => {
            let labels = mentions::read_predictions(path, &gold)?;
            (labels.into_iter().map(|label| (label, None)).collect(), None)
        }
    };
    let commonest = majority(&gold.iter().map(|mention| mention.label).collect::<Vec<_>>());
    let floor = gold.iter().map(|mention| mention_item(mention, commonest, None)).collect();
    let pairs = gold.iter().zip(&given);
    let items = pairs
        .map(|(mention, (label, probabilities))| mention_item(mention, *label, *probabilities))
        .collect();
    let run = TaskRun { data, unit: "mention", system, compute, more: String::new(), sampling };
    run.evaluation(items, vec![(baselines::MAJORITY.into(), floor)], Vec::new())
}

fn mention_item(mention: &JudgedMention, given: Label, probabilities: Option<[f64; 4]>) -> Item {
    let target = mention.span.of(&mention.sentence).to_owned();
    let judgement = Judgement { target, gold: mention.label, given, probabilities };
    let stance = StanceScores { sentences: vec![judgement], ..StanceScores::default() };
    Item { id: format!("line {}", mention.line), stance: Some(stance), ..Item::default() }
}

/// Summaries of the articles of a file. Items are articles.
pub fn summary(
    data: &Path,
    system: &System,
    sampling: Sampling,
    progress: Progress,
) -> Result<Evaluation, EvalError> {
    let gold = read_summaries(data)?;
    let mut borne_out: Vec<Option<f64>> = vec![None; gold.len()];
    let (given, compute, more) = match system {
        System::Pack(pack, setup, request) => {
            let more = length(request.summary_length);
            let request = Request { tasks: vec![Task::Summary], ..request.as_ref().clone() };
            let analyzer = loaded(pack, setup, Task::Summary)?;
            let articles: Vec<Article> = gold.iter().map(|summarised| summarised.article.clone()).collect();
            let found =
                analyze_all(&analyzer, &articles, &request, progress)?.into_iter().filter_map(|a| a.summary);
            let found: Vec<Summary> = found.collect();
            borne_out = found.iter().map(supported).collect();
            let given: Vec<Vec<String>> =
                found.iter().map(|summary| summary.lines().map(String::from).collect()).collect();
            (given, Some(*analyzer.compute()), more)
        }
        System::Predictions(path) => {
            let texts = summaries::read_predictions(path, &gold)?;
            (texts.iter().map(|text| split(text)).collect(), None, "rouge:stemmed|".into())
        }
    };
    let items = |given: &[Vec<String>]| {
        gold.iter().zip(given).map(|(gold, given)| summary_item(gold, given)).collect::<Vec<_>>()
    };
    let taken = |article: &Article, spans: Vec<Span>| -> Vec<String> {
        spans.iter().map(|span| span.of(&article.text).to_owned()).collect()
    };
    let lead: Vec<_> = gold.iter().map(|g| taken(&g.article, baselines::lead(&g.article))).collect();
    let draw = |seed| -> Vec<_> {
        gold.iter().map(|g| taken(&g.article, baselines::random(&g.article, seed))).collect()
    };
    let random = (0..baselines::DRAWS).flat_map(|n| items(&draw(sampling.seed + n))).collect();
    let floors = vec![(baselines::LEAD.into(), items(&lead)), (baselines::RANDOM.into(), random)];
    let mut items = items(&given);
    for (item, borne_out) in items.iter_mut().zip(borne_out) {
        item.summary.iter_mut().for_each(|scores| scores.supported = borne_out);
    }
    let empty = items.iter().filter(|item| item.summary.is_some_and(|summary| summary.words == 0.0)).count();
    let notes = match empty {
        0 => Vec::new(),
        n => vec![format!("{n} of {} summaries have no words and score 0", items.len())],
    };
    TaskRun { data, unit: "article", system, compute, more, sampling }.evaluation(items, floors, notes)
}

/// Sentences of a summary that came as one string.
fn split(text: &str) -> Vec<String> {
    lines(text).split('\n').map(str::trim).filter(|line| !line.is_empty()).map(String::from).collect()
}

fn summary_item(gold: &Summarised, sentences: &[String]) -> Item {
    let (scores, _) = score_summary(&gold.article.text, sentences, &gold.references, &[]);
    Item { id: gold.article.id.clone(), summary: Some(scores), ..Item::default() }
}
