//! The writing end, on a thread of its own: results, then errors, then the journal, each on the disk before the next.

use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use anyhow::Context;

use super::findings::Finding;
use super::journal::{Entry, Journal, Mark};
use super::meter::Meter;
use super::output::{Destination, Lines, Output, Packing, Standard};

/// What a window gave.
pub struct Read {
    pub findings: Vec<Finding>,
    pub consumed: u64,
    pub digest: String,
    pub taken: u64,
    pub seconds: f64,
}

/// Where a run writes: files that can be gone on with, or standard output.
pub struct Sink {
    output: Box<dyn Output>,
    files: Option<Files>,
    mark: Mark,
}

struct Files {
    destination: Destination,
    errors: Lines,
    journal: Journal,
}

impl Sink {
    pub fn standard() -> Self {
        Self { output: Box::new(Standard), files: None, mark: Mark::default() }
    }

    /// Goes on behind `mark`.
    pub fn files(destination: &Destination, journal: Journal, mark: Mark) -> anyhow::Result<Self> {
        let path = destination.errors();
        let errors = Lines::open(&path, Packing::Plain, mark.error_bytes)
            .with_context(|| format!("{}: cannot be written", path.display()))?;
        let output = destination.open(&mark)?;
        Ok(Self { output, files: Some(Files { destination: destination.clone(), errors, journal }), mark })
    }

    /// Writes what is sent until the sender goes away.
    pub fn start(
        mut self,
        mut meter: Meter,
    ) -> (SyncSender<Read>, JoinHandle<(anyhow::Result<Self>, Meter)>) {
        let (sender, windows) = mpsc::sync_channel::<Read>(1);
        let thread = thread::spawn(move || {
            for window in windows {
                let (taken, seconds) = (window.taken, window.seconds);
                if let Err(error) = self.write(window) {
                    return (Err(error), meter);
                }
                meter.window(&self.mark, taken, seconds);
            }
            (Ok(self), meter)
        });
        (sender, thread)
    }

    fn write(&mut self, window: Read) -> anyhow::Result<()> {
        let analyses = window.findings.iter().filter_map(|finding| finding.result.as_ref().ok());
        let (articles, tokens) =
            analyses.fold((0, 0), |(n, tokens), analysis| (n + 1, tokens + analysis.tokens as u64));
        let failed = window.findings.len() as u64 - articles;
        let mut mark = Mark {
            windows: self.mark.windows + 1,
            consumed: window.consumed,
            digest: window.digest,
            articles: self.mark.articles + articles,
            failed: self.mark.failed + failed,
            tokens: self.mark.tokens + tokens,
            ..self.mark.clone()
        };
        let Some(files) = &mut self.files else {
            let written = self.output.append(&window.findings);
            mark.output_bytes += written.context("standard output: cannot be written")?;
            self.mark = mark;
            return Ok(());
        };
        let stuck = |path: &Path| stuck(path, self.mark.articles);
        mark.output_bytes =
            self.output.append(&window.findings).with_context(|| stuck(&files.destination.path))?;
        let errors = window.findings.iter().filter_map(|finding| finding.result.as_ref().err());
        mark.error_bytes = files.errors.add(errors).with_context(|| stuck(&files.destination.errors()))?;
        files.destination.check(&mark)?;
        let entry = Entry::Window(mark.clone());
        files.journal.append(entry).with_context(|| stuck(&files.destination.journal()))?;
        self.mark = mark;
        Ok(())
    }

    /// Articles and errors of the whole output.
    pub fn counts(&self) -> (u64, u64) {
        (self.mark.articles, self.mark.failed)
    }

    /// Completes the output. The journal stays, and says so.
    pub fn finish(&mut self, input_bytes: Option<u64>, unread: u64) -> anyhow::Result<()> {
        let Some(files) = &mut self.files else {
            return Ok(());
        };
        self.output.finish()?;
        let Mark { articles, failed, .. } = self.mark;
        let done = files.journal.append(Entry::Done { articles, failed, input_bytes, unread });
        done.with_context(|| stuck(&files.destination.journal(), articles))?;
        files.destination.tidy()
    }
}

fn stuck(path: &Path, safe: u64) -> String {
    format!(
        "{}: cannot be written; free space or mend the permissions, then run the same command again ({safe} articles \
         are safe)",
        path.display()
    )
}
