//! `wirelens batch`: many articles to one output file or folder, or from a pipe to a pipe (a *filter*).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::args::{InputArgs, ModelArgs, SummaryArgs, TargetArgs};
use super::{INTERRUPTED, Outcome, tell, tell_passed_over};
use crate::batch::{self, BatchJob, Destination, RunEnd, RunState, Shard};
use crate::input::Format;
use crate::report::counted;
use crate::{Request, Task};

/// The options of `wirelens batch`.
#[derive(Args)]
#[command(after_help = "\
If a run was stopped or killed, the same command continues it. OUTPUT.journal records what is
done, and OUTPUT.errors.jsonl names the articles that failed, with the reasons.

Examples:
  wirelens batch archive/ --output findings.jsonl.zst
  wirelens batch 'news/*.csv.gz' --id-field guid --text-field body --output findings.parquet
  wirelens batch archive.jsonl --shard 1/4 --output part-1.parquet
  wirelens batch archive.jsonl --output findings/            one file for each article
  tail -f feed.jsonl | wirelens batch - --output -           a filter: a line out for each line in

Exit codes: 0 all articles read; 1 some failed; 2 the run cannot continue; 130 interrupted (after
the first Ctrl-C the run finishes the articles that it has read; the second ends it at once).")]
pub struct Batch {
    #[command(flatten)]
    input: InputArgs,
    /// A file that ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, a folder (with a slash at the end) for one
    /// JSON file each, or - for JSON Lines on standard output. A folder that is missing is made
    #[arg(long, short, value_name = "OUTPUT", help_heading = "Output")]
    output: PathBuf,
    /// The output is a folder with one JSON file for each article
    #[arg(long, help_heading = "Output")]
    one_file_each: bool,
    /// Put each article's text into its result
    #[arg(long, help_heading = "Output")]
    with_text: bool,
    /// Start anew and overwrite an existing output, instead of continuing it
    #[arg(long, help_heading = "Output")]
    restart: bool,
    /// Has no effect, and is accepted so that commands that have it still run: results are in the order of the input
    #[arg(long, hide = true)]
    unordered: bool,
    /// What to find in each article
    #[arg(long, value_delimiter = ',', default_value = "summary,entities,stance,quotes", value_parser = task())]
    tasks: Vec<Task>,
    /// Read only part I of N, to share an input among N runs, perhaps on several machines. The part of an article
    /// depends on its id alone
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Stop when more articles than this have failed
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,
    /// Largest number of articles that are read together; a killed run repeats no more than these
    #[arg(long, value_name = "N", default_value = "256", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    window: u32,
    /// Seconds between lines of progress, where standard error is no terminal [default: 30; none with --output -]
    #[arg(long, value_name = "SECONDS")]
    progress_every: Option<u64>,
    /// At the end, write counts, rates, latencies, memory and settings to this JSON file
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    targets: TargetArgs,
}

/// The findings by the names that `--tasks` gives them.
const TASKS: [(&str, Task); 4] = [
    ("summary", Task::Summary),
    ("entities", Task::Entities),
    ("stance", Task::Stance),
    ("quotes", Task::Quotes),
];

fn task() -> impl TypedValueParser<Value = Task> {
    let task_of = |name: String| TASKS.iter().find(|(known, _)| *known == name).map(|(_, task)| *task);
    PossibleValuesParser::new(TASKS.map(|(name, _)| name))
        .map(move |name| task_of(name).expect("the parser knows these names only"))
}

impl Batch {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        self.input.check()?;
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
        let wanted = |task: &Task| self.tasks.contains(task);
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
        self.report_end(&end, filter);
        Ok(match end.state {
            RunState::Interrupted => Outcome::Interrupted,
            _ if end.failed > 0 => Outcome::SomeFailed,
            _ => Outcome::Done,
        })
    }

    /// Prints how the run ended. A filter prints nothing unless something failed.
    fn report_end(&self, end: &RunEnd, filter: bool) {
        let output = if filter { "standard output".to_owned() } else { self.output.display().to_string() };
        let articles = counted(end.articles as usize, "article");
        let errors = match end.failed {
            0 => String::new(),
            n if filter => format!(", {n} failed; the reasons are in its lines"),
            n => format!(", {n} failed; the reasons are in {}.errors.jsonl", trimmed(&self.output)),
        };
        if end.duplicates > 0 && !filter {
            let have = if end.duplicates == 1 { "has" } else { "have" };
            let again = "the id of an earlier one, or one that differs from it in case only; all are kept";
            tell(&format!("{} {have} {again}", counted(end.duplicates as usize, "article")));
        }
        // A file that was not read to its end may hold more articles.
        let complete = match end.unread {
            0 => "complete".to_owned(),
            1 => "ended, but one file could not be read to its end".to_owned(),
            n => format!("ended, but {n} files could not be read to their end"),
        };
        match end.state {
            RunState::Complete if filter && end.failed == 0 => {}
            RunState::Complete => tell(&format!("{output}: {complete}, {articles}{errors}")),
            RunState::AlreadyComplete { grown } => {
                tell(&format!("{output}: already {complete}, {articles}{errors}"));
                if grown {
                    tell("the size of the input has changed since then; --restart reads it again");
                }
            }
            RunState::Interrupted if filter => {}
            RunState::Interrupted => {
                tell(&format!("{output}: stopped at {articles}{errors}; the same command goes on from there"))
            }
        }
    }
}

/// A folder's path may end in a slash; the names of the files beside it do not have it.
fn trimmed(path: &Path) -> String {
    path.components().collect::<PathBuf>().display().to_string()
}

/// After the first Ctrl-C or SIGTERM the run finishes the window that it is reading; the second ends the program.
fn stop_at_signals(quiet: bool) -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        if !quiet {
            tell("finishing the articles that are being read; press Ctrl-C again to stop at once");
        }
    })?;
    Ok(stop)
}
