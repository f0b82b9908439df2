//! The subcommands that read articles: `analyze`, `summarize`, `entities`, `stance` and `quotes`.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{InputArgs, ModelArgs, OutputArgs, SummaryArgs, TargetArgs};
use super::output::unfinished;
use super::{Outcome, tell, tell_passed_over, with_options};
use crate::input::{PassedOver, articles};
use crate::report::{Report, ReportFormat, reporter};
use crate::{Analysis, Analyzer, Article, Request, Task};

/// The options of `wirelens analyze`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens analyze articles/
  wirelens analyze --format json --output findings.json articles/
  wirelens analyze --text-field body --targets targets.toml news.jsonl")]
pub struct Analyze {
    /// What to read, by which models, and the output.
    #[command(flatten)]
    pub args: ReadArgs,
    /// How long a summary is, and how a model writes it.
    #[command(flatten)]
    pub summary: SummaryArgs,
    /// The targets of stance.
    #[command(flatten)]
    pub targets: TargetArgs,
}

/// The options of `wirelens summarize`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens summarize article.txt
  wirelens summarize --words 60 'news/*.html'
  wirelens summarize --sentences 1 --format markdown articles/ > digest.md
  wirelens summarize --summary-model hub:facebook/bart-large-cnn --faithful article.txt
                     (after: wirelens models pull hub:facebook/bart-large-cnn)")]
pub struct Summarize {
    /// What to read, by which models, and the output.
    #[command(flatten)]
    pub args: ReadArgs,
    /// How long a summary is, and how a model writes it.
    #[command(flatten)]
    pub summary: SummaryArgs,
}

/// The options of `wirelens entities`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens entities article.txt
  wirelens entities --format jsonl articles/ | jq -r '.entities[] | [.type, .name] | @tsv'")]
pub struct Entities {
    /// What to read, by which models, and the output.
    #[command(flatten)]
    pub args: ReadArgs,
}

/// The options of `wirelens stance`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens stance article.txt                                towards what it names most
  wirelens stance --target Mali --target 'withdrawal=withdrawal,pullout,pull out' articles/
  wirelens stance --targets targets.toml --format json articles/")]
pub struct Stance {
    /// What to read, by which models, and the output.
    #[command(flatten)]
    pub args: ReadArgs,
    /// The targets of stance.
    #[command(flatten)]
    pub targets: TargetArgs,
}

/// The options of `wirelens quotes`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens quotes article.txt
  wirelens quotes --format jsonl articles/ | jq -r '.quotes[] | [.speaker, .cue.text, .content[0].text] | @tsv'")]
pub struct Quotes {
    /// What to read, by which models, and the output.
    #[command(flatten)]
    pub args: ReadArgs,
}

/// The options that all commands of this file share.
#[derive(Args)]
pub struct ReadArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Articles are collected and analysed together, so that batches are full: up to so many, or so many bytes of text.
const GROUP_ARTICLES: usize = 64;
const GROUP_BYTES: usize = 256 << 10;

impl ReadArgs {
    pub(super) fn run(
        &self,
        tasks: &[Task],
        summary: Option<&SummaryArgs>,
        targets: Option<&TargetArgs>,
    ) -> anyhow::Result<Outcome> {
        self.input.check()?;
        let (pack, mut setup) = self.model.load()?;
        let mut request = Request {
            targets: targets.map_or(Ok(Vec::new()), TargetArgs::targets)?,
            with_text: self.output.with_text,
            ..Request::of(tasks)
        };
        if let Some(summary) = summary {
            summary.apply(&mut setup, &mut request)?;
        }
        let analyzer = Analyzer::load(&pack, setup.for_tasks(tasks))?;
        let has_styles = self.output.format == ReportFormat::Text;
        let mut out = self.output.destination.writer(&self.input.inputs, has_styles)?;
        let mut report = reporter(self.output.format);
        let bar = progress();
        report.begin(&mut out)?;
        let counts = for_each_group(&self.input, self.output.destination.file(), &bar, |articles| {
            let analyses = analyzer.analyze(&articles, &request)?;
            write_group(&mut *report, &mut out, &bar, &articles, &analyses)?;
            Ok(())
        })?;
        bar.finish_and_clear();
        report.end(&mut out)?;
        out.finish(counts.is_empty())?;
        Ok(counts.outcome())
    }
}

/// Writes the results of a group of articles. The progress bar is away until they are out, as it may be on the same terminal.
fn write_group(
    report: &mut dyn Report,
    out: &mut dyn Write,
    bar: &ProgressBar,
    articles: &[Article],
    analyses: &[Analysis],
) -> io::Result<()> {
    bar.suspend(|| {
        for (article, analysis) in articles.iter().zip(analyses) {
            report.article(out, article, analysis)?;
        }
        // So that a terminal, or the next program of a pipe, gets each result without delay.
        out.flush()
    })
}

/// How many articles a run has read, and how many not.
pub(super) struct ReadCounts {
    read: usize,
    failed: usize,
    passed_over: PassedOver,
}

impl ReadCounts {
    /// Whether every article failed.
    pub(super) fn is_empty(&self) -> bool {
        self.read == 0 && self.failed > 0
    }

    /// Prints which files were passed over, and how many articles failed or that there were none; gives the outcome of the
    /// run.
    pub(super) fn outcome(&self) -> Outcome {
        tell_passed_over(&self.passed_over);
        if self.read + self.failed == 0 {
            // An empty list of records is no error, but the user has to know why there is no result.
            tell("there was no article to read: what was given is empty, or has no record in it");
        }
        if self.failed == 0 {
            return Outcome::Done;
        }
        let total = self.read + self.failed;
        tell(&format!("{} of {total} articles could not be read; the reasons are above", self.failed));
        Outcome::SomeFailed
    }
}

/// Reads the inputs, without the file `output`, calls `analyze_group` with groups of articles, and prints a message for each
/// article that cannot be read.
///
/// # Errors
/// Those of `analyze_group`.
pub(super) fn for_each_group(
    input: &InputArgs,
    output: Option<&Path>,
    bar: &ProgressBar,
    mut analyze_group: impl FnMut(Vec<Article>) -> anyhow::Result<()>,
) -> anyhow::Result<ReadCounts> {
    let mut options = input.options();
    let own = output.into_iter().flat_map(|path| [path.to_owned(), unfinished(path)]);
    options.without.extend(own.filter_map(|path| path.canonicalize().ok()));
    let mut counts = ReadCounts { read: 0, failed: 0, passed_over: options.passed_over.clone() };
    let (mut waiting, mut bytes) = (Vec::new(), 0);
    let mut flush = |waiting: &mut Vec<Article>, read: &mut usize| -> anyhow::Result<()> {
        let articles = std::mem::take(waiting);
        *read += articles.len();
        let count = articles.len() as u64;
        analyze_group(articles)?;
        bar.inc(count);
        Ok(())
    };
    for article in articles(&input.inputs, options) {
        match article {
            Ok(article) => {
                bytes += article.text.len();
                waiting.push(article);
                if waiting.len() >= GROUP_ARTICLES || bytes >= GROUP_BYTES {
                    bytes = 0;
                    flush(&mut waiting, &mut counts.read)?;
                }
            }
            Err(error) => {
                counts.failed += 1;
                bar.suspend(|| tell(&with_options(&error.to_string())));
            }
        }
    }
    flush(&mut waiting, &mut counts.read)?;
    Ok(counts)
}

/// A line on standard error that counts articles; hidden if standard error is no terminal.
pub(super) fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} articles read, {per_sec}, {elapsed}");
    let bar = ProgressBar::new_spinner().with_style(style.expect("a valid template"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use std::io::BufWriter;
    use std::sync::{Arc, Mutex};

    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;

    /// The line of a terminal in which the progress bar stands.
    #[derive(Debug, Clone, Default)]
    struct BarLine(Arc<Mutex<String>>);

    impl TermLike for BarLine {
        fn width(&self) -> u16 {
            80
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            self.0.lock().unwrap().clear();
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The same terminal, which notes what stands before each text that is written to it.
    struct Screen {
        line: BarLine,
        before: Arc<Mutex<Vec<String>>>,
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let before = self.line.0.lock().unwrap().trim().to_owned();
            self.before.lock().unwrap().push(before);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn results_are_never_written_behind_the_progress_bar() {
        let (line, before) = (BarLine::default(), Arc::default());
        let target = ProgressDrawTarget::term_like(Box::new(line.clone()));
        let style = ProgressStyle::with_template("{pos} articles read").unwrap();
        let bar = ProgressBar::with_draw_target(None, target).with_style(style);
        bar.tick();
        assert!(line.0.lock().unwrap().starts_with("0 articles read"));

        let analysis = serde_json::json!({
            "schema_version": 1, "id": "a", "title": null, "source": null, "url": null, "published": null,
            "language": null, "characters": 5, "tokens": 1, "warnings": []
        });
        let analyses: [Analysis; 1] = [serde_json::from_value(analysis).unwrap()];
        let screen = Screen { line: line.clone(), before: Arc::clone(&before) };
        let (mut report, mut out) = (reporter(ReportFormat::Text), BufWriter::new(screen));
        write_group(&mut *report, &mut out, &bar, &[Article::new("a", "Text.")], &analyses).unwrap();
        assert_eq!(*before.lock().unwrap(), [""]);
        assert!(line.0.lock().unwrap().starts_with("0 articles read"), "the bar is back");
    }
}
