//! The subcommands that read articles: `analyze`, `summarize`, `entities`, `stance` and `quotes`.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{InputArgs, ModelArgs, OutputArgs, SummaryArgs, TargetArgs};
use super::{Outcome, tell, tell_passed_over, with_options};
use crate::input::articles;
use crate::report::{Report, reporter};
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
        let mut run = Run {
            analyzer,
            request,
            out: self.output.destination.writer()?,
            report: reporter(self.output.format),
            progress: progress(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            read: 0,
            failed: 0,
        };
        run.report.begin(&mut run.out)?;
        let input = self.input.options();
        let passed_over = input.passed_over.clone();
        for article in articles(&self.input.inputs, input) {
            match article {
                Ok(article) => run.take(article)?,
                Err(error) => {
                    run.failed += 1;
                    run.progress.suspend(|| tell(&with_options(&error.to_string())));
                }
            }
        }
        run.flush()?;
        run.report.end(&mut run.out)?;
        run.out.flush()?;
        run.progress.finish_and_clear();
        tell_passed_over(&passed_over);
        if run.failed > 0 {
            let total = run.read + run.failed;
            tell(&format!("{} of {total} articles could not be read; the reasons are above", run.failed));
            return Ok(Outcome::SomeFailed);
        }
        Ok(Outcome::Done)
    }
}

/// A run under way: articles wait until a batch of them is worth a reading.
struct Run {
    analyzer: Analyzer,
    request: Request,
    out: Box<dyn Write>,
    report: Box<dyn Report>,
    progress: ProgressBar,
    waiting: Vec<Article>,
    waiting_bytes: usize,
    read: usize,
    failed: usize,
}

impl Run {
    fn take(&mut self, article: Article) -> anyhow::Result<()> {
        self.waiting_bytes += article.text.len();
        self.waiting.push(article);
        if self.waiting.len() >= TOGETHER || self.waiting_bytes >= TOGETHER_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        for (article, analysis) in waiting.iter().zip(self.analyzer.analyze(&waiting, &self.request)?) {
            let (report, out) = (&mut self.report, &mut self.out);
            self.progress.suspend(|| report.article(out, article, &analysis))?;
        }
        self.read += waiting.len();
        self.progress.inc(waiting.len() as u64);
        // What was found is shown when it was found, also to the next program of a pipe.
        self.out.flush()?;
        Ok(())
    }
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
