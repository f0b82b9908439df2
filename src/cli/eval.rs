//! `wirelens eval`: scores against gold, with intervals, baselines, comparison and gates.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{DestinationArgs, ModelArgs, SummaryArgs};
use super::eval_check::CheckGold;
use super::{Outcome, tell};
use crate::Request;
use crate::eval::data::annotated::{Columns, EntityDataOptions};
use crate::eval::data::labels::LabelMap;
use crate::eval::data::summaries;
use crate::eval::evaluation::Evaluation;
use crate::eval::gold_set::GoldSet;
use crate::eval::run::{self, Sampling, System};
use crate::eval::run_comparison::{Baseline, Gate, compare_runs};
use crate::eval::tasks;
use crate::input;
use crate::report::evaluation::{EvaluationFormat, write_evaluation};

/// The options of `wirelens eval`.
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  wirelens eval                                            the pack on the annotated articles
  wirelens eval --format html --output report.html         with plots and every error
  wirelens eval --save-baseline before.json                keep this run …
  wirelens eval --compare before.json                      … and see what has got better or worse
  wirelens eval --predictions theirs.jsonl                 score the results of another system
  wirelens eval entities --data dev.txt --map 'organisation=ORG,person=PER,location=LOC'
  wirelens eval check                                      checks the annotations

Every number is explained, with its source, in eval/METRICS.md.
Exit codes: 0 done; 1 a limit (--gate) does not hold or the gold is not sound; 2 usage, data or model error."
)]
pub struct Eval {
    #[command(subcommand)]
    task: Option<EvalTask>,
    /// Folder with articles/, gold/ and targets.toml [default: eval, here or in the checkout]
    #[arg(long, value_name = "FOLDER", help_heading = "Data")]
    gold: Option<PathBuf>,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Subcommand)]
enum EvalTask {
    /// Named entities of CoNLL columns, brat, or JSON of doccano, Label Studio and others
    Entities(EntitiesTask),
    /// Stance towards marked mentions in sentences, or of articles towards a target
    Stance(StanceTask),
    /// Summaries of articles: id, text, summary (one reference or a list)
    Summary(SummaryTask),
    /// Who says what, in rows: id, text, quotes (each with content_spans and speaker)
    Quotes(QuotesTask),
    /// Comparisons of outlets: facts of the annotated articles, or sentence pairs or events of another data set
    Compare(CompareTask),
    /// Is the gold sound, and how far do its annotators agree?
    Check(CheckGold),
}

#[derive(Args)]
#[command(after_help = "\
Formats, which are recognised by their content:
  columns       a token and its tag on a line, blank line between sentences (CoNLL, CoNLL-U with NER=…); tags in
                BIO, IOB1, IOBES, BILOU or BMEWO. A line with a tab is split at tabs only, others at ASCII spaces
  doccano       text, and label, labels or entities: [start, end, type] or objects
  Label Studio  JSON, whole or short form
  spaCy         docs as JSON (ents), pairs of training data, and what Prodigy writes (spans)
  Hugging Face  tokens and ner_tags, as names
  brat          a folder, or one of a pair of .txt and .ann files

Examples:
  wirelens eval entities --data dev.txt --map 'organisation=ORG,person=PER,location=LOC'
  wirelens eval entities --data project.json --map 'GPE=LOC,DATE=O'
  wirelens eval entities --data dev.txt --predictions theirs.txt --format json")]
struct EntitiesTask {
    /// Annotated texts: columns, JSON, JSON Lines, or files of brat
    #[arg(long, value_name = "PATH", help_heading = "Data")]
    data: PathBuf,
    /// The type that each label of the data stands for, as NAME=TYPE,…; O for labels to leave out
    #[arg(long, value_name = "MAP", default_value = "", value_parser = LabelMap::parse, help_heading = "Data")]
    map: LabelMap,
    /// Which columns hold the token and the tag, counted from 1 [default: the first and the last]
    #[arg(long, value_name = "TOKEN,TAG", value_parser = Columns::parse, help_heading = "Data")]
    columns: Option<Columns>,
    #[command(flatten)]
    encoding: DataEncoding,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Args)]
#[command(after_help = "\
Rows, in JSON Lines, a JSON array, CSV or TSV, are one of:
  mentions   sentence, mention, from, to (code points), polarity (-1, 0 or 1); with a holder: source, source_from,
             source_to
  NewsMTSC   sentence_normalized and targets, as its repository has them (polarity 2, 4 or 6)
  articles   id, text, target, polarity, and, where the target has other names, aliases

Examples:
  wirelens eval stance --data newsmtsc-dev.jsonl
  wirelens eval stance --data articles.csv --predictions theirs.csv --format json")]
struct StanceTask {
    /// Mentions or articles with the stance that annotators gave them
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    data: PathBuf,
    #[command(flatten)]
    encoding: DataEncoding,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens eval summary --data cnn-dailymail.jsonl
  wirelens eval summary --data news.csv --text-field body --summary-field abstract --words 60")]
struct SummaryTask {
    /// Rows (JSON Lines, a JSON array, CSV or TSV) with id, text, summary (one sentence on each line, or a list of such
    /// summaries)
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    data: PathBuf,
    /// Field that holds the text [default: text, article or document]
    #[arg(long, value_name = "NAME", help_heading = "Data")]
    text_field: Option<String>,
    /// Field that holds the summary [default: summary, highlights or abstract]
    #[arg(long, value_name = "NAME", help_heading = "Data")]
    summary_field: Option<String>,
    #[command(flatten)]
    encoding: DataEncoding,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Args)]
struct DataEncoding {
    /// Encoding of data and predictions without a byte order mark [default: utf-8]
    #[arg(long, value_name = "LABEL", value_parser = input::encoding, help_heading = "Data")]
    encoding: Option<&'static encoding_rs::Encoding>,
}

#[derive(Args)]
#[command(after_help = "\
Example:
  wirelens eval quotes --data polnear-dev.jsonl")]
struct QuotesTask {
    /// Rows (JSON Lines or a JSON array) with id, text, quotes: a list of objects with content_spans (pairs of code
    /// points) and speaker (the words that name it)
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    data: PathBuf,
    #[command(flatten)]
    encoding: DataEncoding,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Args)]
#[command(after_help = "\
Rows of --data, in JSON Lines, a JSON array, CSV or TSV, are one of:
  pairs    a, b, same (1 or 0): do two sentences say the same?
  events   articles (a list of objects with text and outlet), roundup (a neutral summary, or a list of its sentences):
           scores the digest by ROUGE, and the grouping of all articles into these events

Examples:
  wirelens eval compare
  wirelens eval compare --data pairs.jsonl
  wirelens eval compare --data events.jsonl --format json")]
struct CompareTask {
    /// Pairs of sentences, or events [default: the facts of the annotated articles]
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    data: Option<PathBuf>,
    /// Folder with articles/, gold/, facts/ and targets.toml [default: eval, here or in the checkout]
    #[arg(long, value_name = "FOLDER", help_heading = "Data", conflicts_with = "data")]
    gold: Option<PathBuf>,
    #[command(flatten)]
    encoding: DataEncoding,
    #[command(flatten)]
    args: RunArgs,
}

#[derive(Args)]
struct RunArgs {
    /// Score these results, stored in the format of the data, instead of running a pack
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    predictions: Option<PathBuf>,
    /// Write the scored items of this run to a file, for --compare
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    save_baseline: Option<PathBuf>,
    /// Compare with a run that --save-baseline kept, by the paired bootstrap
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    compare: Option<PathBuf>,
    /// TOML file of limits, in tables [min], [max] and [worse]; the exit code is 1 if one does not hold
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    gate: Option<PathBuf>,
    /// Bootstrap resamples behind each interval
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Comparison")]
    resamples: u32,
    /// Seed of the resamples and the random baseline
    #[arg(long, value_name = "N", default_value = "2022", help_heading = "Comparison")]
    seed: u64,
    #[command(flatten)]
    model: ModelArgs,
    /// Form of the report
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    format: EvaluationFormat,
    #[command(flatten)]
    destination: DestinationArgs,
}

impl Eval {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let bar = progress();
        let show_progress = |read: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(read as u64);
        };
        let (evaluation, args) = match &self.task {
            None => {
                let folder = self.gold.clone().unwrap_or_else(GoldSet::default_folder);
                let set = GoldSet::load(&folder)?;
                let system = self.args.system(Some(&self.summary))?;
                (run::articles(&set, &system, self.args.sampling(), &show_progress)?, &self.args)
            }
            Some(EvalTask::Entities(task)) => {
                let (system, sampling) = (task.args.system(None)?, task.args.sampling());
                let options = EntityDataOptions {
                    map: task.map.clone(),
                    columns: task.columns,
                    encoding: task.encoding.encoding,
                };
                (tasks::entities(&task.data, &options, &system, sampling, &show_progress)?, &task.args)
            }
            Some(EvalTask::Stance(task)) => {
                let (system, sampling) = (task.args.system(None)?, task.args.sampling());
                let encoding = task.encoding.encoding;
                (tasks::stance(&task.data, encoding, &system, sampling, &show_progress)?, &task.args)
            }
            Some(EvalTask::Summary(task)) => {
                let (system, sampling) = (task.args.system(Some(&task.summary))?, task.args.sampling());
                let options = summaries::SummaryDataOptions {
                    text_field: task.text_field.clone(),
                    summary_field: task.summary_field.clone(),
                    encoding: task.encoding.encoding,
                };
                (tasks::summary(&task.data, &options, &system, sampling, &show_progress)?, &task.args)
            }
            Some(EvalTask::Quotes(task)) => {
                let (system, sampling) = (task.args.system(None)?, task.args.sampling());
                let encoding = task.encoding.encoding;
                (tasks::quotes(&task.data, encoding, &system, sampling, &show_progress)?, &task.args)
            }
            Some(EvalTask::Compare(task)) => {
                let (system, sampling) = (task.args.system(None)?, task.args.sampling());
                let evaluation = match &task.data {
                    Some(data) => {
                        tasks::comparison(data, task.encoding.encoding, &system, sampling, &show_progress)?
                    }
                    None => {
                        let folder = task.gold.clone().unwrap_or_else(GoldSet::default_folder);
                        tasks::facts(&GoldSet::load(&folder)?, &system, sampling, &show_progress)?
                    }
                };
                (evaluation, &task.args)
            }
            Some(EvalTask::Check(task)) => return task.run(),
        };
        bar.finish_and_clear();
        args.finish(&evaluation)
    }
}

impl RunArgs {
    fn system(&self, summary: Option<&SummaryArgs>) -> anyhow::Result<System> {
        if let Some(path) = &self.predictions {
            return Ok(System::Predictions(path.clone()));
        }
        let (pack, mut setup) = self.model.load()?;
        let mut request = Request::default();
        if let Some(summary) = summary {
            summary.apply(&mut setup, &mut request)?;
        }
        Ok(System::Pack(Box::new(pack), Box::new(setup), Box::new(request)))
    }

    fn sampling(&self) -> Sampling {
        Sampling { resamples: self.resamples as usize, seed: self.seed }
    }

    /// Compares with the earlier run, writes the report and the baseline, and checks the gate.
    fn finish(&self, evaluation: &Evaluation) -> anyhow::Result<Outcome> {
        let gate = self.gate.as_deref().map(Gate::read).transpose()?;
        if let (Some(gate), None) = (&gate, &self.compare)
            && gate.needs_comparison()
        {
            anyhow::bail!("the gate's table [worse] needs a run to compare with: --compare FILE");
        }
        let differences = match &self.compare {
            Some(path) => compare_runs(evaluation, &Baseline::read(path)?, path)?,
            None => Vec::new(),
        };
        let mut out = self.destination.writer(&[], self.format == EvaluationFormat::Text)?;
        write_evaluation(&mut out, self.format, evaluation, &differences)?;
        out.finish(false)?;
        if let Some(path) = &self.save_baseline {
            Baseline::of(evaluation).save(path)?;
        }
        let failures = gate.map(|gate| gate.failures(evaluation, &differences)).unwrap_or_default();
        for failure in &failures {
            tell(&format!("gate: {failure}"));
        }
        Ok(if failures.is_empty() { Outcome::Done } else { Outcome::SomeFailed })
    }
}

/// A bar on standard error that counts items; hidden if standard error is no terminal.
fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} items, {eta} left");
    ProgressBar::new(0).with_style(style.expect("a valid template"))
}
