//! Runs a system over the articles of a folder of gold and scores what it finds; and what all runs share. Runs over
//! other data sets are in `tasks`.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::EvalError;
use super::baselines::baselines;
use super::bootstrap::Resamples;
use super::data::analyses::read_analyses;
use super::data::brat;
use super::evaluation::Evaluation;
use super::gold_set::GoldSet;
use super::item::ScoredItem;
use super::score::score;
use crate::analysis::Analysis;
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::digest::hex;
use crate::model::pack::MANIFEST;
use crate::reader::{Passage, ReaderOutputs, Reading};
use crate::summary::Length;
use crate::{Analyzer, Article, ModelOptions, Pack, Request, Task};

/// Version of the metrics; to be raised when the definition of any of them changes.
const METRICS_VERSION: u32 = 1;

/// What makes the findings that are scored.
pub enum System {
    /// A pack, with its setup and request. The run itself sets the targets and tasks of the request.
    Pack(Box<Pack>, Box<ModelOptions>, Box<Request>),
    /// A file of stored results.
    Predictions(PathBuf),
}

/// The sampling behind the intervals.
#[derive(Debug, Clone, Copy)]
pub struct Sampling {
    /// The number of bootstrap resamples.
    pub resamples: usize,
    /// The seed of the resamples and of the random baseline.
    pub seed: u64,
}

/// Called with the number of items that are read and the number of all items.
pub type Progress<'a> = &'a dyn Fn(usize, usize);

/// Items that are read between two reports of progress.
pub(super) const SENTENCES_TOGETHER: usize = 256;
pub(super) const ARTICLES_TOGETHER: usize = 16;

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..4])
}

/// The first 8 hexadecimal digits of the SHA-256 of a file, or of all files of a set of annotations of brat.
fn file_hash(path: &Path) -> Result<String, EvalError> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| EvalError::new(path, error));
    if !brat::is_brat(path) {
        return Ok(sha256(&read(path)?));
    }
    let mut all = Vec::new();
    for (text, marks) in brat::pairs(path)? {
        all.extend(read(&text)?);
        all.extend(read(&marks)?);
    }
    Ok(sha256(&all))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A line with everything that the numbers depend on.
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

/// The length of summaries as a part of the signature.
pub(super) fn length_signature(length: Length) -> String {
    match length {
        Length::Sentences(n) => format!("summary:{n}-sentences|rouge:stemmed|"),
        Length::Words(n) => format!("summary:{n}-words|rouge:stemmed|"),
    }
}

/// Scores all findings of a system on the articles of a folder of gold.
///
/// # Errors
/// When a model cannot be loaded or run, or stored results are not those of the articles.
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
            let more = length_signature(request.summary_length);
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

/// Calls `each` with chunks of up to `together` items, reports progress, and joins the results.
pub(super) fn in_chunks<T, R>(
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

pub(super) fn analyze_all(
    analyzer: &Analyzer,
    articles: &[Article],
    request: &Request,
    progress: Progress,
) -> Result<Vec<Analysis>, ModelError> {
    in_chunks(articles, ARTICLES_TOGETHER, progress, |some| analyzer.analyze(some, request))
}

/// Loads a pack, without the models that none of the tasks needs.
pub(super) fn load_analyzer(
    pack: &Pack,
    setup: &ModelOptions,
    tasks: &[Task],
) -> Result<Analyzer, ModelError> {
    Analyzer::load(pack, setup.clone().for_tasks(tasks))
}

pub(super) fn read_all(
    analyzer: &Analyzer,
    passages: &[Passage],
    wanted: ReaderOutputs,
    progress: Progress,
) -> Result<Vec<Reading>, ModelError> {
    in_chunks(passages, SENTENCES_TOGETHER, progress, |some| analyzer.read(some.to_vec(), wanted))
}

/// What the runs over other data sets share; it makes the evaluation from their items.
pub(super) struct TaskRun<'a> {
    /// The file or folder of the data.
    pub data: &'a Path,
    /// What its items are.
    pub unit: &'static str,
    /// What made the findings.
    pub system: &'a System,
    /// The device and precision, for systems that compute.
    pub compute: Option<Compute>,
    /// Parts of the signature for what else the numbers depend on; each ends in `|`.
    pub more: String,
    /// The sampling behind the intervals.
    pub sampling: Sampling,
}

impl TaskRun<'_> {
    /// The evaluation with these items.
    ///
    /// # Errors
    /// When a file cannot be read for its hash.
    pub fn evaluation(
        self,
        items: Vec<ScoredItem>,
        baselines: Vec<(String, Vec<ScoredItem>)>,
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
