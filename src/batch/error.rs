//! Why a run over many articles does not begin, or cannot go on.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::model::ModelError;

/// Why a run does not begin or cannot go on: what failed, where, and what to do next.
///
/// What the journal has recorded is safe in every case. Where a setting of [`BatchJob`](super::BatchJob) would help,
/// the message names it in back quotes (`` `restart` ``); a caller may put its own name for that setting in its place.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The pack, a checkpoint of the user's or the device cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model failed on each of several articles, also one by one: the articles are not the cause.
    #[error("{reason} (on every one of {articles} articles)")]
    EveryArticleFailed {
        /// The model's error for all of them together.
        reason: String,
        /// How many articles there were.
        articles: usize,
    },
    /// The thread that reads the input panicked; its message is on standard error.
    #[error("reading the input failed; see above")]
    ReadingPanicked,
    /// The thread that writes the output panicked; its message is on standard error.
    #[error("writing the output failed; see above")]
    WritingPanicked,
    /// An input that was named is no file, folder or pattern.
    #[error("{input}: {reason}")]
    NoInput {
        /// The input as it was named.
        input: String,
        /// What it is instead, and what to do.
        reason: String,
    },
    /// An input that was named is a file that this run writes.
    #[error(
        "{input}: this is what the run writes, or an earlier one wrote; leave it out (in a folder, or of a pattern in \
         quotes, it is left out by itself); name another `output`"
    )]
    InputIsOutput {
        /// The input as it was named.
        input: String,
    },
    /// The records that an earlier run read are no longer the same.
    #[error(
        "the input changed since this run began: its first {records} records are no longer those that were read; give \
         the new input another `output`, or begin anew with `restart`"
    )]
    InputChanged {
        /// How many records the earlier run had read.
        records: u64,
    },
    /// The input has fewer records than an earlier run read.
    #[error(
        "the input has become shorter: it has {records} records, and this run had already read {read}; restore it, or \
         begin anew with `restart`"
    )]
    InputShorter {
        /// How many records there are now.
        records: u64,
        /// How many the earlier run had read.
        read: u64,
    },
    /// The output is complete, and whether standard input holds the same records cannot be known.
    #[error(
        "the output is complete, so standard input was not read; name another `output`, or begin anew with `restart`"
    )]
    AlreadyComplete,
    /// More articles failed than [`BatchJob::max_errors`](super::BatchJob::max_errors) allows.
    #[error(
        "{failed} articles failed, and {most} may; see the errors file; a larger `max_errors` lets the run continue"
    )]
    TooManyErrors {
        /// How many failed.
        failed: u64,
        /// How many may.
        most: u64,
    },
    /// The name of an output does not say what kind of output it is.
    #[error(
        "{name}: the name of an output has to end in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, or in a slash for a \
         folder of one file each; - is standard output"
    )]
    OutputKind {
        /// The output as it was named.
        name: String,
    },
    /// The path of an output ends in no name, as `..` and `/` do.
    #[error("{name}: give the folder by its name")]
    OutputName {
        /// The output as it was named.
        name: String,
    },
    /// There is something at the output's path, and no journal.
    #[error("{}: is there already, and no journal says that it is this program's; `restart` writes over it", path.display())]
    Occupied {
        /// The output.
        path: PathBuf,
    },
    /// There is something at the output's path, and the journal does not list it.
    #[error("{}: is there already, and its journal does not know it; `restart` writes over it", path.display())]
    OccupiedUnknown {
        /// The output.
        path: PathBuf,
    },
    /// A restart would remove files from a folder that no run made.
    #[error(
        "{}: is a folder with other things in it, which a restart leaves alone, too; name another `output`",
        path.display()
    )]
    ForeignFolder {
        /// The output.
        path: PathBuf,
    },
    /// Another process holds the lock of the journal.
    #[error("{}: another run is writing this output; wait for it; name another `output`", path.display())]
    Locked {
        /// The journal.
        path: PathBuf,
    },
    /// The first line of the journal is not the entry with the settings.
    #[error("{}: does not begin as a journal does; `restart` writes over it", path.display())]
    NoJournal {
        /// The journal.
        path: PathBuf,
    },
    /// The output was begun with other settings.
    #[error(
        "{}: was begun with other settings, and one output must not mix them: {}; take them back; name another \
         `output`, or begin anew with `restart`",
        path.display(),
        changes.join("; ")
    )]
    SettingsChanged {
        /// The output.
        path: PathBuf,
        /// One for each setting: its name, what it was and what it is.
        changes: Vec<String>,
    },
    /// The journal says that the output is complete, and it is not there.
    #[error("{}: was complete and is gone; bring it back; `restart` writes over it", path.display())]
    OutputGone {
        /// The output.
        path: PathBuf,
    },
    /// A file of the output was removed or cut while the run wrote it.
    #[error(
        "{}: this output, its journal or its errors file was removed or cut while the run wrote it; what is left may be \
         gone on with, or begin anew with `restart`",
        path.display()
    )]
    OutputCut {
        /// The output.
        path: PathBuf,
    },
    /// A file or folder could not be opened, locked, read, written, made or removed.
    #[error("{}: cannot be {action}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What failed, as a participle: `opened`, `locked`, `read`, `written`, `made` or `removed`.
        action: &'static str,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// A path is not valid, or a checkpoint in it could not be read.
    #[error("{}", path.display())]
    Path {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// A window could not be written in the middle of a run.
    #[error(
        "{}: cannot be written; free space or mend the permissions, then run the same command again ({safe} articles are \
         safe)",
        path.display()
    )]
    WindowNotWritten {
        /// The output, its errors file or its journal.
        path: PathBuf,
        /// How many articles the journal has recorded.
        safe: u64,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// Standard output could not be written. A reader that went away is among the causes.
    #[error("standard output: cannot be written")]
    StandardOutput(#[source] io::Error),
    /// The file with the metrics could not be written.
    #[error("{}: the metrics cannot be written", path.display())]
    Metrics {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// The metrics would be written over an input, or over what the run writes.
    #[error(
        "{}: this is an input, or what the run writes, and the metrics would take its place; give `metrics` another name",
        path.display()
    )]
    MetricsTaken {
        /// The file.
        path: PathBuf,
    },
    /// The Parquet file could not be made from the lines that the run collected.
    #[error("{}: cannot be put together; free space, then run the same command again", path.display())]
    Table {
        /// The Parquet file.
        path: PathBuf,
        /// The error of the file system or of a library.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A line that the run collected for a Parquet file is no longer valid.
    #[error("{}: a line of it is damaged; `restart` writes over it", path.display())]
    DamagedLine {
        /// The file with the lines.
        path: PathBuf,
    },
    /// The manifest of the pack could not be read, or a file or the names in a folder could not be made durable.
    #[error(transparent)]
    Disk(io::Error),
}

impl BatchError {
    /// For `map_err`: a file or folder could not be `action`, such as `opened`.
    pub(super) fn file(path: impl Into<PathBuf>, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, action, source }
    }
}
