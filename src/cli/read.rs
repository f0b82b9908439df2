//! The subcommands that read articles: `analyze`, `summarize`, `entities`, `stance` and `quotes`.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{InputArgs, ModelArgs, OutputArgs, SummaryArgs, TargetArgs};
use super::{Outcome, tell, tell_passed_over, with_options};
use crate::input::{PassedOver, articles};
use crate::report::reporter;
use crate::{Analyzer, Article, Request, Task};

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens analyze articles/
  wirelens analyze --format json --output findings.json articles/
  wirelens analyze --text-field body --targets targets.toml news.jsonl")]
pub struct Analyze {
    #[command(flatten)]
    pub args: ReadArgs,
    #[command(flatten)]
    pub summary: SummaryArgs,
    #[command(flatten)]
    pub targets: TargetArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens summarize article.txt
  wirelens summarize --words 60 'news/*.html'
  wirelens summarize --sentences 1 --format markdown articles/ > digest.md
  wirelens summarize --summary-model hub:facebook/bart-large-cnn --faithful article.txt
                     (after: wirelens models pull hub:facebook/bart-large-cnn)")]
pub struct Summarize {
    #[command(flatten)]
    pub args: ReadArgs,
    #[command(flatten)]
    pub summary: SummaryArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens entities article.txt
  wirelens entities --format jsonl articles/ | jq -r '.entities[] | [.type, .name] | @tsv'")]
pub struct Entities {
    #[command(flatten)]
    pub args: ReadArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens stance article.txt                                towards what the article names most
  wirelens stance --target Mali --target 'withdrawal=withdrawal,pullout,pull out' articles/
  wirelens stance --targets targets.toml --format json articles/")]
pub struct Stance {
    #[command(flatten)]
    pub args: ReadArgs,
    #[command(flatten)]
    pub targets: TargetArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens quotes article.txt
  wirelens quotes --format jsonl articles/ | jq -r '.quotes[] | [.speaker, .cue.text, .content[0].text] | @tsv'")]
pub struct Quotes {
    #[command(flatten)]
    pub args: ReadArgs,
}

#[derive(Args)]
pub struct ReadArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Articles are analysed together until there are so many, or so many bytes of them.
const TOGETHER: usize = 64;
const TOGETHER_BYTES: usize = 256 << 10;

impl ReadArgs {
    pub(super) fn run(
        &self,
        tasks: &[Task],
        summary: Option<&SummaryArgs>,
        targets: Option<&TargetArgs>,
    ) -> anyhow::Result<Outcome> {
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
        let mut out = self.output.destination.writer()?;
        let mut report = reporter(self.output.format);
        let bar = progress();
        report.begin(&mut out)?;
        let counts = in_parts(&self.input, &bar, |articles| {
            for (article, analysis) in articles.iter().zip(analyzer.analyze(&articles, &request)?) {
                bar.suspend(|| report.article(&mut out, article, &analysis))?;
            }
            // What was found is shown when it was found, also to the next program of a pipe.
            out.flush()?;
            Ok(())
        })?;
        report.end(&mut out)?;
        out.flush()?;
        bar.finish_and_clear();
        Ok(counts.outcome())
    }
}

/// What came of the articles of a run.
pub(super) struct Counts {
    read: usize,
    failed: usize,
    passed_over: PassedOver,
}

impl Counts {
    /// Tells what was passed over and how many articles failed.
    pub(super) fn outcome(&self) -> Outcome {
        tell_passed_over(&self.passed_over);
        if self.failed == 0 {
            return Outcome::Done;
        }
        let total = self.read + self.failed;
        tell(&format!("{} of {total} articles could not be read; the reasons are above", self.failed));
        Outcome::SomeFailed
    }
}

/// Gives articles to `part`, as many at a time as are worth a reading, and tells what cannot be read.
pub(super) fn in_parts(
    input: &InputArgs,
    bar: &ProgressBar,
    mut part: impl FnMut(Vec<Article>) -> anyhow::Result<()>,
) -> anyhow::Result<Counts> {
    let options = input.options();
    let mut counts = Counts { read: 0, failed: 0, passed_over: options.passed_over.clone() };
    let (mut waiting, mut bytes) = (Vec::new(), 0);
    let mut flush = |waiting: &mut Vec<Article>, read: &mut usize| -> anyhow::Result<()> {
        let articles = std::mem::take(waiting);
        *read += articles.len();
        let count = articles.len() as u64;
        part(articles)?;
        bar.inc(count);
        Ok(())
    };
    for article in articles(&input.inputs, options) {
        match article {
            Ok(article) => {
                bytes += article.text.len();
                waiting.push(article);
                if waiting.len() >= TOGETHER || bytes >= TOGETHER_BYTES {
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

/// Counts articles on standard error, where that is a terminal.
pub(super) fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} articles read, {per_sec}, {elapsed}");
    let bar = ProgressBar::new_spinner().with_style(style.expect("a valid template"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
