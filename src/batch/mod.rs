//! Runs over many articles: inputs of any size in bounded memory, and an output that has each article exactly once.
//!
//! A *window* is the records that the model analyses together. Four threads pass windows on through short channels, so
//! that reading, the model and writing overlap and none runs ahead of the others:
//!
//! ```text
//! records (input) → windows (gather) → findings (findings, the calling thread) → output, errors, journal (write)
//! ```
//!
//! [`run`] does a [`BatchJob`] and returns a [`RunEnd`].
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use wirelens::batch::{BatchJob, Destination, RunState, run};
//! use wirelens::input::InputOptions;
//! use wirelens::{Pack, Request, ModelOptions, Task};
//!
//! let folder = tempfile::tempdir()?;
//! let job = BatchJob {
//!     pack: Pack::find(None)?,
//!     setup: ModelOptions::default(),
//!     request: Request { tasks: vec![Task::Entities], ..Request::default() },
//!     inputs: vec!["eval/articles".into()],
//!     input: InputOptions::default(),
//!     output: Some(Destination::parse(&folder.path().join("findings.jsonl"), false)?),
//!     shard: None,
//!     window: 256,
//!     max_errors: None,
//!     restart: false,
//!     progress_every: None,
//!     metrics: None,
//! };
//! let end = run(job, &AtomicBool::new(false))?;
//! assert_eq!((end.state, end.articles), (RunState::Complete, 5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is safe when
//!
//! For each window, in this order: its results are appended to the output and synced to the disk, its errors are
//! appended to the errors file and synced, and one line that says how long both files now are is appended to the
//! journal and synced. A run that is killed at any moment therefore leaves at most one window after the last line
//! of the journal. The next run cuts output and errors off where that line says, reads the records that were finished
//! again to compare a digest over them, and analyses the unfinished window again, with the same records. So the output
//! has each record once, and its bytes are those of a run that was never interrupted. A Parquet file is made from such
//! lines at the end, under another name until it is complete.
//!
//! Where output or errors are shorter than the journal says, because they were cut or torn, the run goes back to the
//! last window that is there.

mod error;
mod findings;
mod gather;
pub(crate) mod journal;
mod meter;
mod names;
mod output;
mod record;
mod settings;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::compute::Compute;
use crate::input::{self, InputOptions, total_bytes};
use crate::model::ModelError;
use crate::{Analyzer, ModelOptions, Pack, Request};
pub use error::BatchError;
use gather::{Gather, Gathered, InputEnd};
use journal::{Entry, Journal, Progress, Settings};
use meter::Meter;
pub use names::Shard;
pub use output::Destination;
use output::OutputKind;
use write::{AnalyzedWindow, Sink};

/// Bytes of records that close a window: enough to fill batches, and no more than some seconds' work, since a kill loses
/// a window. They depend on the device, which is one of the settings that a run must keep, so that windows stay the same.
fn window_bytes(compute: &Compute) -> usize {
    match compute.device {
        tch::Device::Cpu => 128 << 10,
        _ => 512 << 10,
    }
}

/// How long the window of a filter waits for the next record.
const LONGEST_WAIT: Duration = Duration::from_millis(200);
/// How often a run that waits for input checks whether it should stop.
const STOP_CHECK: Duration = Duration::from_millis(100);

/// What to analyse, how, and where results go.
pub struct BatchJob {
    /// The model pack.
    pub pack: Pack,
    /// How the models are set up.
    pub setup: ModelOptions,
    /// What to find in each article.
    pub request: Request,
    /// Files, folders, glob patterns, or `-` for standard input.
    pub inputs: Vec<String>,
    /// How to read them.
    pub input: InputOptions,
    /// Where results go. `None` is standard output: such a run is a *filter*, which keeps no journal.
    pub output: Option<Destination>,
    /// Analyse only the articles of this shard.
    pub shard: Option<Shard>,
    /// Most records in a window, at least 1.
    pub window: usize,
    /// More failed articles than this end the run; `None`: any number may fail.
    pub max_errors: Option<u64>,
    /// Write over an output that is there, instead of going on with it.
    pub restart: bool,
    /// How often a line of progress is written where standard error is no terminal; `None`: every 30 seconds, and never
    /// by a filter.
    pub progress_every: Option<Duration>,
    /// A JSON file for counts, rates, memory and settings, written at the end.
    pub metrics: Option<PathBuf>,
}

/// Whether the output of a run is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// This run completed it.
    Complete,
    /// An earlier run had completed it, and this one did nothing.
    AlreadyComplete {
        /// Whether the input files have another size since.
        grown: bool,
    },
    /// The run stopped as asked; the same call goes on from there.
    Interrupted,
}

/// How a run without an error ended. Counts are those of the whole output, over all runs that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunEnd {
    /// Whether the output is complete.
    pub state: RunState,
    /// Articles with a result.
    pub articles: u64,
    /// Articles without one.
    pub failed: u64,
    /// Articles of this run with the id of an earlier one.
    pub duplicates: u64,
    /// Files that could not be read to their end.
    pub unread: u64,
}

/// Analyses all articles of a job, or those that an earlier run with the same output did not finish. Setting `stop` ends
/// the run after the window that it is analysing.
///
/// # Errors
/// When the run cannot begin or go on. What the journal has recorded is safe, and the same call goes on from there.
pub fn run(job: BatchJob, stop: &AtomicBool) -> Result<RunEnd, BatchError> {
    let bf16 = job.pack.manifest.encoder.bf16_on_cpu;
    let compute = Compute::choose(job.setup.device, job.setup.precision, job.setup.threads, bf16)
        .map_err(ModelError::from)?;
    let destination = job.output.as_ref();
    let written = destination.map(Destination::written).unwrap_or_default();
    check_inputs(&job.inputs, &written)?;
    check_metrics(&job, &written)?;
    destination.map_or(Ok(()), Destination::make_folder)?;
    let input = InputOptions {
        without: destination.map(Destination::written).unwrap_or_default(),
        taken: Some(Arc::new(AtomicU64::new(0))),
        ..job.input.clone()
    };
    let total = total_bytes(&job.inputs, &input);
    let settings = match (&job.output, &job.metrics) {
        // Neither a journal nor metrics need them.
        (None, None) => Settings::new(),
        _ => settings::settings(&job, &compute)?,
    };
    let mut earlier = match destination {
        None => EarlierRun::default(),
        Some(destination) => earlier_run(destination, &settings, job.restart)?,
    };
    if let Some(Entry::Done { articles, failed, input_bytes, unread }) = earlier.done {
        if job.inputs.iter().any(|input| input == "-") {
            return Err(BatchError::AlreadyComplete);
        }
        let state = RunState::AlreadyComplete { grown: input_bytes != total };
        return Ok(RunEnd { state, articles, failed, duplicates: 0, unread });
    }
    check_errors(earlier.progress.failed, &job)?;
    let analyzer = Analyzer::load(&job.pack, job.setup.clone())?;
    let sink = match (&job.output, earlier.journal.take()) {
        (Some(destination), Some(journal)) => Sink::files(destination, journal, earlier.progress.clone())?,
        _ => Sink::standard_output(),
    };
    let filter = job.output.is_none();
    let every = job.progress_every.or((!filter).then_some(Duration::from_secs(30)));
    let meter = Meter::new(earlier.progress.clone(), total, !filter, every);
    let gather = gathering(&job, input, &compute, earlier.progress.clone());
    let (to_sink, writing) = sink.start(meter);
    let analyzed = analyze_windows(&analyzer, &gather.start(), &to_sink, earlier.progress.failed, &job, stop);
    drop(to_sink);
    let (sink, meter) = writing.join().map_err(|_| BatchError::WritingPanicked)?;
    meter.finish();
    // Where writing failed, that is the reason why the analysis ended. So its error goes first.
    let ended = sink.and_then(|mut sink| {
        let input_end = analyzed?;
        if let Some(input_end) = input_end {
            sink.finish(total, input_end.unread)?;
        }
        let (articles, failed) = sink.counts();
        let state = if input_end.is_some() { RunState::Complete } else { RunState::Interrupted };
        let InputEnd { duplicates, unread } = input_end.unwrap_or_default();
        Ok(RunEnd { state, articles, failed, duplicates, unread })
    });
    with_metrics(&job, &compute, &meter, settings, ended)
}

/// How the records of a job are gathered into windows; an earlier run finished those that are `done`.
fn gathering(job: &BatchJob, options: InputOptions, compute: &Compute, done: Progress) -> Gather {
    Gather {
        inputs: job.inputs.clone(),
        options,
        shard: job.shard,
        window: job.window,
        window_bytes: window_bytes(compute),
        longest_wait: job.output.is_none().then_some(LONGEST_WAIT),
        wants_file_names: job.output.as_ref().is_some_and(|d| d.kind == OutputKind::Folder),
        done,
    }
}

/// How a run ended, after its metrics are written where they are wanted.
fn with_metrics(
    job: &BatchJob,
    compute: &Compute,
    meter: &Meter,
    settings: Settings,
    ended: Result<RunEnd, BatchError>,
) -> Result<RunEnd, BatchError> {
    let Some(path) = &job.metrics else { return ended };
    let state = match &ended {
        Ok(RunEnd { state: RunState::Interrupted, .. }) => "interrupted",
        Ok(_) => "complete",
        Err(_) => "failed",
    };
    let pace = [
        ("threads", json!(compute.threads)),
        ("batch_tokens", json!(job.setup.batch_tokens)),
        ("window", json!(job.window)),
    ];
    let pace = pace.map(|(name, value)| (name.to_owned(), value));
    let written = meter.write_metrics(path, state, &settings.into_iter().chain(pace).collect());
    // Why the run ended early goes before metrics that could not be written, as on the same full disk.
    ended.and_then(|end| written.map(|()| end))
}

/// Refuses inputs that do not exist or that this run writes. What folders and patterns hold is checked when it is read.
fn check_inputs(inputs: &[String], written: &[PathBuf]) -> Result<(), BatchError> {
    let missing = |input: &str, reason: String| Err(BatchError::NoInput { input: input.to_owned(), reason });
    for input in inputs.iter().filter(|input| *input != "-") {
        if let Some(reason) = input::is_address(input).filter(|_| !Path::new(input).exists()) {
            return missing(input, reason);
        }
        if !Path::new(input).exists() && !input::is_pattern(input) {
            return missing(input, "there is no such file or folder".to_owned());
        }
        if Path::new(input).canonicalize().is_ok_and(|path| written.iter().any(|out| path.starts_with(out))) {
            return Err(BatchError::InputIsOutput { input: input.clone() });
        }
    }
    Ok(())
}

/// Refuses metrics that would be written over an input or over what the run writes.
fn check_metrics(job: &BatchJob, written: &[PathBuf]) -> Result<(), BatchError> {
    let Some(path) = &job.metrics else { return Ok(()) };
    let place = output::resolved(path);
    let mut inputs = job.inputs.iter().filter_map(|input| Path::new(input).canonicalize().ok());
    if written.contains(&place) || inputs.any(|input| input == place) {
        return Err(BatchError::MetricsTaken { path: path.clone() });
    }
    Ok(())
}

/// What an earlier run left: nothing where there was none.
#[derive(Default)]
struct EarlierRun {
    /// The journal, locked; `None` where the output is complete.
    journal: Option<Journal>,
    progress: Progress,
    /// The last entry of a journal whose output is complete.
    done: Option<Entry>,
}

/// Locks the journal, and finds where to go on.
fn earlier_run(
    destination: &Destination,
    settings: &Settings,
    restart: bool,
) -> Result<EarlierRun, BatchError> {
    let (journal_path, output) = (destination.journal(), destination.path.clone());
    if !restart && !journal_path.exists() && destination.is_occupied() {
        return Err(BatchError::Occupied { path: output });
    }
    let mut journal = Journal::open(&journal_path)?;
    let mut entries = journal.recover()?.into_iter();
    let first = entries.next();
    if restart {
        let is_ours = matches!(first, Some((Entry::Start { .. }, _)));
        if destination.kind == OutputKind::Folder && !is_ours && destination.is_occupied() {
            return Err(BatchError::ForeignFolder { path: output });
        }
        // The first entry stays until the output is removed: a restart that is killed here can be done again.
        journal.cut(first.as_ref().map_or(0, |(_, end)| *end))?;
        destination.clear()?;
        journal.cut(0)?;
    }
    let fresh = restart || first.is_none();
    if fresh {
        if destination.is_occupied() {
            return Err(BatchError::OccupiedUnknown { path: output });
        }
        let began = journal.append(Entry::Start { settings: settings.clone() });
        began.map_err(BatchError::file(&journal_path, "written"))?;
        output::sync_folder(journal_path.parent().unwrap_or(&journal_path)).map_err(BatchError::Disk)?;
        return Ok(EarlierRun { journal: Some(journal), ..EarlierRun::default() });
    }
    let Some((Entry::Start { settings: before }, head)) = first else {
        return Err(BatchError::NoJournal { path: journal_path });
    };
    let changes = settings::differences(&before, settings);
    if !changes.is_empty() {
        return Err(BatchError::SettingsChanged { path: output, changes });
    }
    let entries: Vec<(Entry, u64)> = entries.collect();
    if let Some((done @ Entry::Done { .. }, _)) = entries.last() {
        destination.remove_part()?;
        if !destination.path.exists() {
            return Err(BatchError::OutputGone { path: output });
        }
        return Ok(EarlierRun { done: Some(done.clone()), ..EarlierRun::default() });
    }
    // The last window whose results and errors are still there in full.
    let windows = entries.into_iter().rev().filter_map(|(entry, end)| match entry {
        Entry::Window(progress) => Some((progress, end)),
        _ => None,
    });
    let mut windows = windows.peekable();
    let has_all_files = windows.peek().is_none_or(|(progress, _)| destination.has_all_files(progress));
    let kept = windows.find(|(progress, _)| has_all_files && destination.has(progress));
    let (progress, end) = kept.unwrap_or((Progress::default(), head));
    journal.cut(end)?;
    Ok(EarlierRun { journal: Some(journal), progress, done: None })
}

fn check_errors(failed: u64, job: &BatchJob) -> Result<(), BatchError> {
    match job.max_errors {
        Some(most) if failed > most => Err(BatchError::TooManyErrors { failed, most }),
        _ => Ok(()),
    }
}

/// Analyses windows and passes the findings on to the writing thread. Returns what is known of the input at its end;
/// `None` where the run was stopped before that, or writing failed. `failed`: articles that failed so far.
fn analyze_windows(
    analyzer: &Analyzer,
    windows: &Receiver<Result<Gathered, BatchError>>,
    to_sink: &SyncSender<AnalyzedWindow>,
    mut failed: u64,
    job: &BatchJob,
    stop: &AtomicBool,
) -> Result<Option<InputEnd>, BatchError> {
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let window = match windows.recv_timeout(STOP_CHECK) {
            Ok(Ok(Gathered::Window(window))) => window,
            Ok(Ok(Gathered::End(input_end))) => return Ok(Some(input_end)),
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Err(BatchError::ReadingPanicked),
        };
        let began = Instant::now();
        let findings = findings::analyze_records(window.records, |articles| {
            analyzer.analyze(articles, &job.request).map_err(|error| error.to_string())
        })?;
        failed += findings.iter().filter(|finding| finding.result.is_err()).count() as u64;
        let seconds = began.elapsed().as_secs_f64();
        let (consumed, digest, taken) = (window.consumed, window.digest, window.taken);
        if to_sink.send(AnalyzedWindow { findings, consumed, digest, taken, seconds }).is_err() {
            return Ok(None);
        }
        check_errors(failed, job)?;
    }
}
