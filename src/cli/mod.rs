//! The command line. Options are parsed into the types of the library at once (`args`); each subcommand has a file that
//! calls the library with them.
//!
//! Exit codes are decided here: 0 all articles were read; 1 some were not, or a gate of an evaluation does not
//! hold (each is named on standard error); 2 usage, configuration or model error; 130 interrupted. It is no error when
//! another program closes the pipe that our output goes to (`wirelens … | head`).

mod args;
mod batch;
mod compare;
mod completions;
mod doctor;
mod eval;
mod eval_check;
mod man;
mod messages;
mod models;
mod output;
mod pull_progress;
mod read;
mod schema;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use regex::{Captures, Regex};

use crate::Task;
use crate::compute::memory;
use crate::input::PassedOver;
use crate::panics;
use messages::tell;

const EXAMPLES: &str = "\
Examples:
  wirelens analyze articles/                          everything about every article of a folder
  wirelens summarize --words 60 report.html           at most 60 words on a web page
  wirelens entities --format jsonl 'news/*.txt'       names, one JSON object per article
  wirelens stance --target 'junta=Malian junta,military leaders' --target Mali article.txt
  curl -s https://example.org/a.html | wirelens summarize -     a web page from a pipe
  wirelens quotes --format jsonl articles/            who says what, one JSON object per article
  wirelens compare --format html --output page.html articles/   one event in many outlets, as a page
  wirelens eval                                       how good the findings are

Each command has more examples: wirelens analyze --help
Exit codes: 0 all articles read; 1 some failed, or a limit of an evaluation does not hold (each is
named); 2 usage, configuration or model error; 130 batch was interrupted.";

/// Read news articles once with a transformer: summary, named entities, stance, quotes.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Summary, named entities, stance and quotes of each article
    Analyze(read::Analyze),
    /// A summary of each article: sentences taken from it, or written by a model
    Summarize(read::Summarize),
    /// The people, organisations, places and other names of each article
    Entities(read::Entities),
    /// How each article stands towards targets, with the sentences that show it
    Stance(read::Stance),
    /// Who says what in each article: speakers, the verbs of saying, and what is said
    Quotes(read::Quotes),
    /// What outlets share on one event, what only one reports, where they differ, and the stance of each
    Compare(Box<compare::Compare>),
    /// Many articles to one output, each exactly once, even if the run is interrupted
    Batch(Box<batch::Batch>),
    /// How good the findings are: scores against gold annotations, with intervals, baselines and all errors
    Eval(Box<eval::Eval>),
    /// Versions, device, precision, and whether the model pack is sound
    Doctor(doctor::Doctor),
    /// List, show, fetch, verify and remove models
    Models(models::Models),
    /// The JSON Schema of one result, or of a comparison
    Schema(schema::Schema),
    /// A script with which a shell completes commands and options
    Completions(completions::Completions),
    /// The manual page, for man(1)
    Man(man::ManPages),
}

/// The exit code by which shells report that Ctrl-C ended a command.
const INTERRUPTED: u8 = 130;

/// How a command ended that met no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    SomeFailed,
    Interrupted,
}

/// Parses the command line, runs the command, and turns its outcome into an exit code.
pub fn main() -> ExitCode {
    memory::configure();
    panics::set_hook();
    messages::print_diagnostics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if error.kind() == ErrorKind::InvalidUtf8
                && let Some(reason) = not_utf8(std::env::args_os())
            {
                tell(&reason);
                return ExitCode::from(2);
            }
            error.exit()
        }
    };
    let outcome = match cli.command {
        Command::Analyze(command) => {
            command.args.run(&Task::ALL, Some(&command.summary), Some(&command.targets))
        }
        Command::Summarize(command) => command.args.run(&[Task::Summary], Some(&command.summary), None),
        Command::Entities(command) => command.args.run(&[Task::Entities], None, None),
        Command::Stance(command) => command.args.run(&[Task::Stance], None, Some(&command.targets)),
        Command::Quotes(command) => command.args.run(&[Task::Quotes], None, None),
        Command::Compare(command) => command.run(),
        Command::Batch(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Models(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Ok(Outcome::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&with_options(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

/// Which argument is not valid UTF-8, and what to do; the library that parses the command line does not say it.
fn not_utf8(arguments: impl IntoIterator<Item = OsString>) -> Option<String> {
    let name = arguments.into_iter().find_map(|argument| argument.into_string().err())?;
    Some(format!(
        "{}: the name is not valid UTF-8; rename the file, or name its folder, whose files may have any names",
        name.to_string_lossy()
    ))
}

/// Prints which files of folders were not read, as the user might not notice it otherwise. The exit code stays the same.
fn tell_passed_over(passed_over: &PassedOver) {
    if let Some(note) = passed_over.note() {
        tell(&note);
    }
}

/// Replaces the names of settings in a message (`text_field`) by the options that set them (`--text-field`). The other
/// rooms do not know the options of the command line.
fn with_options(message: &str) -> String {
    static SETTING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("`(text_field|encoding|input_format|separator|output|restart|max_errors|metrics)`")
            .expect("a valid pattern")
    });
    let option = |found: &Captures| format!("--{}", found[1].replace('_', "-"));
    SETTING.replace_all(message, option).into_owned()
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn an_argument_that_is_not_utf8_is_named() {
        let arguments =
            |last: &[u8]| ["wirelens".into(), "entities".into(), OsString::from_vec(last.to_vec())];
        let reason = not_utf8(arguments(b"news/caf\xe9.txt")).unwrap();
        assert!(reason.starts_with("news/caf\u{fffd}.txt: the name is not valid UTF-8"), "{reason}");
        assert_eq!(not_utf8(arguments("café.txt".as_bytes())), None);
    }
}
