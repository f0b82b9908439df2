//! Writes windows on a thread of its own: results, then errors, then the journal, each on the disk before the next.

use std::io;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use super::error::BatchError;
use super::findings::Finding;
use super::journal::{Entry, Journal, Progress};
use super::meter::Meter;
use super::output::{Compression, Destination, LinesFile, Output, StandardOutput};

/// A window after the model: its findings, with what [`RecordWindow`](super::gather::RecordWindow) says of it.
pub struct AnalyzedWindow {
    /// One for each record, in the order of the input.
    pub findings: Vec<Finding>,
    /// Records of the input up to the end of the window.
    pub consumed: u64,
    /// SHA-256 over them, in hexadecimal digits.
    pub digest: String,
    /// Bytes taken from the input files so far.
    pub taken: u64,
    /// How long the model took.
    pub seconds: f64,
}

/// Where a run writes: files with a journal, or standard output.
pub struct Sink {
    output: Box<dyn Output>,
    /// `None` where the output is standard output.
    files: Option<RunFiles>,
    progress: Progress,
}

/// The files beside an output.
struct RunFiles {
    destination: Destination,
    errors: LinesFile,
    journal: Journal,
}

/// What the thread that writes ends with: the sink, unless something could not be written, and the counts and times.
pub type Written = (Result<Sink, BatchError>, Meter);

impl Sink {
    /// Writes to standard output, without a journal.
    pub fn standard_output() -> Self {
        Self { output: Box::new(StandardOutput), files: None, progress: Progress::default() }
    }

    /// Writes files. What they hold beyond `progress` is cut off.
    ///
    /// # Errors
    /// When the output or the errors file cannot be opened.
    pub fn files(
        destination: &Destination,
        journal: Journal,
        progress: Progress,
    ) -> Result<Self, BatchError> {
        let path = destination.errors();
        let errors = LinesFile::open(&path, Compression::Plain, progress.error_bytes)
            .map_err(BatchError::file(path, "written"))?;
        let output = destination.open(&progress)?;
        Ok(Self {
            output,
            files: Some(RunFiles { destination: destination.clone(), errors, journal }),
            progress,
        })
    }

    /// Writes the windows that are sent, until the sender is dropped or an error occurs.
    pub fn start(mut self, mut meter: Meter) -> (SyncSender<AnalyzedWindow>, JoinHandle<Written>) {
        let (sender, windows) = mpsc::sync_channel::<AnalyzedWindow>(1);
        let thread = thread::spawn(move || {
            for window in windows {
                let (taken, seconds) = (window.taken, window.seconds);
                if let Err(error) = self.write(window) {
                    return (Err(error), meter);
                }
                meter.add_window(&self.progress, taken, seconds);
            }
            (Ok(self), meter)
        });
        (sender, thread)
    }

    fn write(&mut self, window: AnalyzedWindow) -> Result<(), BatchError> {
        let analyses = window.findings.iter().filter_map(|finding| finding.result.as_ref().ok());
        let (articles, tokens) =
            analyses.fold((0, 0), |(n, tokens), analysis| (n + 1, tokens + analysis.tokens as u64));
        let failed = window.findings.len() as u64 - articles;
        let mut progress = Progress {
            windows: self.progress.windows + 1,
            consumed: window.consumed,
            digest: window.digest,
            articles: self.progress.articles + articles,
            failed: self.progress.failed + failed,
            tokens: self.progress.tokens + tokens,
            ..self.progress.clone()
        };
        let Some(files) = &mut self.files else {
            let written = self.output.append(&window.findings);
            progress.output_bytes += written.map_err(BatchError::StandardOutput)?;
            self.progress = progress;
            return Ok(());
        };
        let (destination, safe) = (&files.destination, self.progress.articles);
        let written = self.output.append(&window.findings);
        progress.output_bytes = written.map_err(not_written(&destination.path, safe))?;
        let errors = window.findings.iter().filter_map(|finding| finding.result.as_ref().err());
        progress.error_bytes = files.errors.add(errors).map_err(not_written(&destination.errors(), safe))?;
        destination.check_uncut(&progress)?;
        let appended = files.journal.append(Entry::Window(progress.clone()));
        appended.map_err(not_written(&destination.journal(), safe))?;
        self.progress = progress;
        Ok(())
    }

    /// Articles with a result and without one, of the whole output.
    pub fn counts(&self) -> (u64, u64) {
        (self.progress.articles, self.progress.failed)
    }

    /// Completes the output, and records that in the journal. `input_bytes`: size of the input files, where it is known;
    /// `unread`: files that could not be read to their end.
    ///
    /// # Errors
    /// When the output or the journal cannot be written.
    pub fn finish(&mut self, input_bytes: Option<u64>, unread: u64) -> Result<(), BatchError> {
        let Some(files) = &mut self.files else {
            return Ok(());
        };
        self.output.finish()?;
        let Progress { articles, failed, .. } = self.progress;
        let done = files.journal.append(Entry::Done { articles, failed, input_bytes, unread });
        done.map_err(not_written(&files.destination.journal(), articles))?;
        files.destination.remove_part()
    }
}

/// For `map_err`: a file could not be written after `safe` articles were recorded in the journal.
fn not_written(path: &Path, safe: u64) -> impl FnOnce(io::Error) -> BatchError {
    let path = path.to_owned();
    move |source| BatchError::WindowNotWritten { path, safe, source }
}
