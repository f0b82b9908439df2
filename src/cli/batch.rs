//! `wirelens batch`: many articles to one output, and the filter for pipes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::args::{InputArgs, ModelArgs, SummaryArgs, TargetArgs};
use super::{INTERRUPTED, Outcome, tell, tell_passed_over};
use crate::batch::{self, BatchJob, Destination, RunEnd, RunState, Shard};
use crate::input::Format;
use crate::{Request, Task};

#[derive(Args)]
#[command(after_help = "\
The same command again goes on where a run was stopped or killed. OUTPUT.journal says how far it came, and
OUTPUT.errors.jsonl names the articles that failed, with the reasons.

Examples:
  wirelens batch archive/ --output findings.jsonl.zst
  wirelens batch 'news/*.csv.gz' --id-field guid --text-field body --output findings.parquet
  wirelens batch archive.jsonl --shard 1/4 --output part-1.parquet
  wirelens batch archive.jsonl --output findings/            one file for each article
  tail -f feed.jsonl | wirelens batch - --output -           a filter: a line out for each line in

Exit codes: 0 all articles read; 1 some failed; 2 it cannot go on; 130 interrupted (Ctrl-C finishes the articles in
hand, a second one does not).")]
pub struct Batch {
    #[command(flatten)]
    input: InputArgs,
    /// A file that ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, a folder (with a slash at the end) for one
    /// JSON file each, or - for JSON Lines on standard output
    #[arg(long, short, value_name = "OUTPUT", help_heading = "Output")]
    output: PathBuf,
    /// The output is a folder with one JSON file for each article
    #[arg(long, help_heading = "Output")]
    one_file_each: bool,
    /// Put each article's text into its result
    #[arg(long, help_heading = "Output")]
    with_text: bool,
    /// Write over an output that is there, instead of going on with it
    #[arg(long, help_heading = "Output")]
    restart: bool,
    /// Has no effect, and is accepted so that commands that have it still run: results are in the order of the input
    #[arg(long, hide = true)]
    unordered: bool,
    /// What to find
    #[arg(long, value_enum, value_delimiter = ',', default_value = "summary,entities,stance,quotes")]
    tasks: Vec<TaskName>,
    /// Only every Nth article, the Ith of them: for N runs, perhaps on several machines, that share an input.
    /// Which it is depends on the article's id alone
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Stop when more articles than this have failed
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,
    /// Most articles read together; what a kill can cost
    #[arg(long, value_name = "N", default_value = "256", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    window: u32,
    /// Write a line of progress so often where standard error is no terminal [default: 30; never with --output -]
    #[arg(long, value_name = "SECONDS")]
    progress_every: Option<u64>,
    /// Write counts, rates, latencies, memory and settings to a JSON file at the end
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    targets: TargetArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TaskName {
    Summary,
    Entities,
    Stance,
    Quotes,
}

impl From<TaskName> for Task {
    fn from(name: TaskName) -> Self {
        match name {
            TaskName::Summary => Self::Summary,
            TaskName::Entities => Self::Entities,
            TaskName::Stance => Self::Stance,
            TaskName::Quotes => Self::Quotes,
        }
    }
}

impl Batch {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let filter = self.output == Path::new("-");
        let destination = match filter {
            true => None,
            false => Some(Destination::parse(&self.output, self.one_file_each).context("--output")?),
        };
        let mut input = self.input.options();
        if filter && self.input.inputs == ["-"] {
            input.format = input.format.or_else(|| Format::named("jsonl"));
        }
        let passed_over = input.passed_over.clone();
        let wanted = |task: &Task| self.tasks.iter().any(|name| Task::from(*name) == *task);
        let (pack, mut setup) = self.model.load()?;
        let mut request = Request {
            tasks: Task::ALL.into_iter().filter(wanted).collect(),
            targets: self.targets.targets()?,
            with_text: self.with_text,
            ..Request::default()
        };
        self.summary.apply(&mut setup, &mut request)?;
        let job = BatchJob {
            pack,
            setup: setup.for_tasks(&request.tasks),
            request,
            inputs: self.input.inputs.clone(),
            input,
            output: destination,
            shard: self.shard,
            window: self.window as usize,
            max_errors: self.max_errors,
            restart: self.restart,
            progress_every: self.progress_every.map(Duration::from_secs),
            metrics: self.metrics.clone(),
        };
        let stop = stop_at_signals(filter)?;
        let end = batch::run(job, &stop)?;
        tell_passed_over(&passed_over);
        self.say(&end, filter);
        Ok(match end.state {
            RunState::Interrupted => Outcome::Interrupted,
            _ if end.failed > 0 => Outcome::SomeFailed,
            _ => Outcome::Done,
        })
    }

    /// The last words. A filter has none unless something failed.
    fn say(&self, end: &RunEnd, filter: bool) {
        let output = self.output.display();
        let errors = match end.failed {
            0 => String::new(),
            n if filter => format!(", {n} failed"),
            n => format!(", {n} failed; the reasons are in {}.errors.jsonl", trimmed(&self.output)),
        };
        if end.duplicates > 0 && !filter {
            let again =
                "have the id of an earlier one, or one that differs from it in case only; all are kept";
            tell(&format!("{} articles {again}", end.duplicates));
        }
        // Nobody knows what stands in the rest of a file.
        let complete = match end.unread {
            0 => "complete".to_owned(),
            1 => "ended, but one file could not be read to its end".to_owned(),
            n => format!("ended, but {n} files could not be read to their end"),
        };
        match end.state {
            RunState::Complete if filter && end.failed == 0 => {}
            RunState::Complete => tell(&format!("{output}: {complete}, {} articles{errors}", end.articles)),
            RunState::AlreadyComplete { grown } => {
                tell(&format!("{output}: already {complete}, {} articles{errors}", end.articles));
                if grown {
                    tell("the input has another size since; --restart reads it anew");
                }
            }
            RunState::Interrupted if filter => {}
            RunState::Interrupted => tell(&format!(
                "{output}: stopped at {} articles{errors}; the same command goes on from there",
                end.articles
            )),
        }
    }
}

/// A folder's path may end in a slash; the names of the files beside it do not have it.
fn trimmed(path: &Path) -> String {
    path.components().collect::<PathBuf>().display().to_string()
}

/// The first Ctrl-C or request to end lets the run finish what it has in hand; the second does not.
fn stop_at_signals(quiet: bool) -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        if !quiet {
            tell("finishing the articles in hand; once more stops at once");
        }
    })?;
    Ok(stop)
}
