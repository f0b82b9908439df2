//! Many articles: inputs of any size in bounded memory, to an output that has each of them exactly once.
//!
//! Four threads hand windows on through short channels, so that reading, the model and writing overlap and none runs
//! ahead of the others:
//!
//! ```text
//! records (input) → windows (gather) → findings (record, the calling thread) → output, errors, journal (write)
//! ```
//!
//! # What is safe when
//!
//! For each window, in this order: its results are appended to the output and synced to the disk, its errors are
//! appended to the errors file and synced, and one line that says how long both files now are is appended to the
//! journal and synced. A run that is killed at any moment therefore leaves at most one window behind the last line
//! of the journal. The next run cuts output and errors off where that line says, reads over the records that were
//! finished, comparing a digest over them, and does the unfinished window again with the same members. So the output
//! has each record once, and its bytes are those of a run that was never disturbed. A table (Parquet) is made of
//! such lines in one go at the end, under another name until it is whole.
//!
//! Where output or errors are shorter than the journal says, because somebody or something cut them, the run goes
//! back to the last window that is there.

mod findings;
mod gather;
pub(crate) mod journal;
mod meter;
mod names;
mod output;
mod record;
mod refused;
mod settings;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;

use crate::compute::Compute;
use crate::input::{self, InputOptions, total_bytes};
use crate::{Analyzer, Pack, Request, Setup};
use gather::{Event, Gather, InputEnd};
use journal::{Entry, Journal, Mark, Settings};
use meter::Meter;
pub use names::Shard;
pub use output::Destination;
pub use refused::{Refused, Remedy};
use write::{Read, Sink};

/// Bytes of text that are read together: enough to fill batches, and no more than some seconds' work, which is what
/// a kill can cost. The device is one of the settings that a run must keep, so that a window is always the same.
fn window_bytes(compute: &Compute) -> usize {
    match compute.device {
        tch::Device::Cpu => 128 << 10,
        _ => 512 << 10,
    }
}

/// How long the window of a filter waits for the next record.
const LINGER: Duration = Duration::from_millis(200);
/// How often a run that waits for input looks whether it should stop.
const LOOK: Duration = Duration::from_millis(100);

/// What to read, and where to.
pub struct BatchJob {
    pub pack: Pack,
    pub setup: Setup,
    pub request: Request,
    pub inputs: Vec<String>,
    pub input: InputOptions,
    /// `None` is standard output: a filter, which keeps no journal.
    pub destination: Option<Destination>,
    pub shard: Option<Shard>,
    /// Most records that are read together.
    pub window: usize,
    /// More errors than this end the run.
    pub max_errors: Option<u64>,
    /// Write over what is there.
    pub restart: bool,
    pub progress_every: Option<Duration>,
    pub metrics: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Complete,
    /// An earlier run was complete; `grown` where the input has another size since.
    AlreadyComplete {
        grown: bool,
    },
    /// Stopped as asked, to be gone on with.
    Interrupted,
}

/// How a run ended, short of an error. Counts are those of the whole output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub state: State,
    pub articles: u64,
    pub failed: u64,
    /// Articles with the id of an earlier one.
    pub duplicates: u64,
    /// Files that could not be read to their end.
    pub unread: u64,
}

/// Reads everything, or what an earlier run left of it. `stop` asks it to end behind the window in hand.
///
/// # Errors
/// When it cannot go on. What the journal has is safe, and the same call goes on from there.
pub fn run(job: BatchJob, stop: &AtomicBool) -> anyhow::Result<End> {
    let bf16 = job.pack.manifest.encoder.bf16_on_cpu;
    let compute = Compute::choose(job.setup.device, job.setup.precision, job.setup.threads, bf16)?;
    let destination = job.destination.as_ref();
    check_inputs(&job.inputs, &destination.map(Destination::written).unwrap_or_default())?;
    destination.map_or(Ok(()), Destination::make_folder)?;
    let input = InputOptions {
        without: destination.map(Destination::written).unwrap_or_default(),
        taken: Some(Arc::new(AtomicU64::new(0))),
        ..job.input.clone()
    };
    let total = total_bytes(&job.inputs, &input);
    let settings = match (&job.destination, &job.metrics) {
        // Nobody asks.
        (None, None) => Settings::new(),
        _ => settings::settings(&job, &compute)?,
    };
    let mut found = match destination {
        None => Found::default(),
        Some(destination) => find(destination, &settings, job.restart)?,
    };
    if let Some(Entry::Done { articles, failed, input_bytes, unread }) = found.done {
        if job.inputs.iter().any(|input| input == "-") {
            let reason = "the output is complete, so standard input was not read";
            return Err(Refused::new(reason, Remedy::OtherOutputOrRestart).into());
        }
        let state = State::AlreadyComplete { grown: input_bytes != total };
        return Ok(End { state, articles, failed, duplicates: 0, unread });
    }
    check_errors(&found.mark, &job)?;
    let analyzer = Analyzer::load(&job.pack, job.setup.clone())?;
    let sink = match (&job.destination, found.journal.take()) {
        (Some(destination), Some(journal)) => Sink::files(destination, journal, found.mark.clone())?,
        _ => Sink::standard(),
    };
    let filter = job.destination.is_none();
    let every = job.progress_every.or((!filter).then_some(Duration::from_secs(30)));
    let meter = Meter::new(found.mark.clone(), total, !filter, every);
    let gather = Gather {
        inputs: job.inputs.clone(),
        options: input,
        shard: job.shard,
        window: job.window,
        window_bytes: window_bytes(&compute),
        linger: filter.then_some(LINGER),
        named: job.destination.as_ref().is_some_and(|d| d.kind == output::Kind::Folder),
        done: found.mark.clone(),
    };
    let (to_sink, writing) = sink.start(meter);
    let read = read(&analyzer, &gather.start(), &to_sink, found.mark.failed, &job, stop);
    drop(to_sink);
    let (sink, meter) =
        writing.join().map_err(|_| anyhow::anyhow!("writing the output failed; see above"))?;
    meter.close();
    // Where writing failed, that is the reason why reading ended.
    let ended = sink.and_then(|mut sink| {
        let ended = read?;
        if ended.whole {
            sink.finish(total, ended.input.unread)?;
        }
        let (articles, failed) = sink.counts();
        let state = if ended.whole { State::Complete } else { State::Interrupted };
        let InputEnd { duplicates, unread } = ended.input;
        Ok(End { state, articles, failed, duplicates, unread })
    });
    if let Some(path) = &job.metrics {
        let state = match &ended {
            Ok(End { state: State::Interrupted, .. }) => "interrupted",
            Ok(_) => "complete",
            Err(_) => "failed",
        };
        let pace = [
            ("threads", json!(compute.threads)),
            ("batch_tokens", json!(job.setup.batch_tokens)),
            ("window", json!(job.window)),
        ];
        let pace = pace.map(|(name, value)| (name.to_owned(), value));
        meter.save(path, state, &settings.into_iter().chain(pace).collect())?;
    }
    ended
}

/// Refuses what was named as an input and is none. What folders and patterns hold is looked at when it is read.
fn check_inputs(inputs: &[String], written: &[PathBuf]) -> anyhow::Result<()> {
    for input in inputs.iter().filter(|input| *input != "-") {
        if let Some(reason) = input::is_address(input).filter(|_| !Path::new(input).exists()) {
            bail!("{input}: {reason}");
        }
        if !Path::new(input).exists() && !input::is_pattern(input) {
            bail!("{input}: there is no such file or folder");
        }
        if Path::new(input).canonicalize().is_ok_and(|path| written.iter().any(|out| path.starts_with(out))) {
            let reason = format!(
                "{input}: this is what the run writes, or an earlier one wrote; leave it out (in a folder, or of a pattern \
                 in quotes, it is left out by itself)"
            );
            return Err(Refused::new(reason, Remedy::OtherOutput).into());
        }
    }
    Ok(())
}

/// What an earlier run left.
#[derive(Default)]
struct Found {
    journal: Option<Journal>,
    mark: Mark,
    done: Option<Entry>,
}

/// Takes hold of the journal, and finds where to go on.
fn find(destination: &Destination, settings: &Settings, restart: bool) -> anyhow::Result<Found> {
    let (path, output) = (destination.journal(), destination.path.display());
    if !restart && !path.exists() && destination.is_occupied() {
        let reason = format!("{output}: is there already, and no journal says that it is this program's");
        return Err(Refused::new(reason, Remedy::Restart).into());
    }
    let mut journal = Journal::open(&path)?;
    let mut entries = journal.recover()?.into_iter();
    let first = entries.next();
    if restart {
        let is_ours = matches!(first, Some((Entry::Start { .. }, _)));
        if destination.kind == output::Kind::Folder && !is_ours && destination.is_occupied() {
            let reason =
                format!("{output}: is a folder with other things in it, which a restart leaves alone, too");
            return Err(Refused::new(reason, Remedy::OtherOutput).into());
        }
        // Killed on the way, it is still this program's.
        journal.cut(first.as_ref().map_or(0, |(_, end)| *end))?;
        destination.clear()?;
        journal.cut(0)?;
    }
    let fresh = restart || first.is_none();
    if fresh {
        if destination.is_occupied() {
            let reason = format!("{output}: is there already, and its journal does not know it");
            return Err(Refused::new(reason, Remedy::Restart).into());
        }
        let began = journal.append(Entry::Start { settings: settings.clone() });
        began.with_context(|| format!("{}: cannot be written", destination.journal().display()))?;
        output::sync_folder(path.parent().unwrap_or(&path))?;
        return Ok(Found { journal: Some(journal), ..Found::default() });
    }
    let Some((Entry::Start { settings: before }, head)) = first else {
        let reason = format!("{}: does not begin as a journal does", path.display());
        return Err(Refused::new(reason, Remedy::Restart).into());
    };
    let changed = settings::differences(&before, settings);
    if !changed.is_empty() {
        let reason = format!(
            "{output}: was begun with other settings, and one output must not mix them: {}; take them back",
            changed.join("; ")
        );
        return Err(Refused::new(reason, Remedy::OtherOutputOrRestart).into());
    }
    let entries: Vec<(Entry, u64)> = entries.collect();
    if let Some((done @ Entry::Done { .. }, _)) = entries.last() {
        destination.tidy()?;
        if !destination.path.exists() {
            let reason = format!("{output}: was complete and is gone; bring it back");
            return Err(Refused::new(reason, Remedy::Restart).into());
        }
        return Ok(Found { done: Some(done.clone()), ..Found::default() });
    }
    let marks = entries.into_iter().rev().filter_map(|(entry, end)| match entry {
        Entry::Window(mark) => Some((mark, end)),
        _ => None,
    });
    let mut marks = marks.peekable();
    let whole = marks.peek().is_none_or(|(mark, _)| destination.has_files(mark));
    let kept = marks.find(|(mark, _)| whole && destination.has(mark));
    let (mark, end) = kept.unwrap_or((Mark::default(), head));
    journal.cut(end)?;
    Ok(Found { journal: Some(journal), mark, done: None })
}

fn check_errors(mark: &Mark, job: &BatchJob) -> anyhow::Result<()> {
    match job.max_errors {
        Some(most) if mark.failed > most => {
            let reason = format!("{} articles failed, and {most} may; see the errors file", mark.failed);
            Err(Refused::new(reason, Remedy::MoreErrors).into())
        }
        _ => Ok(()),
    }
}

struct Ended {
    /// Whether that was all of the input.
    whole: bool,
    input: InputEnd,
}

/// The model's part: windows in, findings out.
fn read(
    analyzer: &Analyzer,
    windows: &Receiver<anyhow::Result<Event>>,
    to_sink: &std::sync::mpsc::SyncSender<Read>,
    mut failed: u64,
    job: &BatchJob,
    stop: &AtomicBool,
) -> anyhow::Result<Ended> {
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(Ended { whole: false, input: InputEnd::default() });
        }
        let window = match windows.recv_timeout(LOOK) {
            Ok(Ok(Event::Window(window))) => window,
            Ok(Ok(Event::End(input))) => return Ok(Ended { whole: true, input }),
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => bail!("reading the input failed; see above"),
        };
        let began = Instant::now();
        let findings = findings::read(window.items, |articles| {
            analyzer.analyze(articles, &job.request).map_err(|error| error.to_string())
        })?;
        failed += findings.iter().filter(|finding| finding.result.is_err()).count() as u64;
        let seconds = began.elapsed().as_secs_f64();
        let (consumed, digest, taken) = (window.consumed, window.digest, window.taken);
        if to_sink.send(Read { findings, consumed, digest, taken, seconds }).is_err() {
            return Ok(Ended { whole: false, input: InputEnd::default() });
        }
        check_errors(&Mark { failed, ..Mark::default() }, job)?;
    }
}
