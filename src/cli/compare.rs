//! `wirelens compare`: several articles of one event, side by side.

use std::collections::HashMap;
use std::io::Write;

use clap::Args;

use super::Outcome;
use super::args::{DestinationArgs, InputArgs, ModelArgs, TargetArgs};
use super::read::{in_parts, progress};
use crate::compare::{Account, CompareOptions, compare};
use crate::report::comparison::{ComparisonFormat, write_comparison};
use crate::{Analysis, Analyzer, Request, Task};

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens compare articles/                                   what outlets share, and where they differ
  wirelens compare --format html --output page.html articles/  the same as a page, with the articles behind it
  wirelens compare --target 'junta=Malian junta' articles/     how each outlet leans towards a target
  wirelens compare --events --format json pile.jsonl           a mixed pile: grouped into events first

An outlet is called as the record's field `source` has it (--source-field), or the page itself; else by the host of its
address, else by the file's name.")]
pub struct Compare {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Most words of the digest (whole sentences, at least one)
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u16).range(1..))]
    words: u16,
    /// The articles may be of several events: group them first
    #[arg(long)]
    events: bool,
    #[command(flatten)]
    targets: TargetArgs,
    /// Form of the comparison
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    format: ComparisonFormat,
    #[command(flatten)]
    destination: DestinationArgs,
}

impl Compare {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let (pack, setup) = self.model.load()?;
        let targets = self.targets.targets()?;
        let tasks = Task::ALL;
        let request = Request { targets: targets.clone(), with_text: true, ..Request::of(&tasks) };
        let analyzer = Analyzer::load(&pack, setup.for_tasks(&tasks))?;
        let mut out = self.destination.writer()?;
        let bar = progress();
        let mut accounts = Vec::new();
        let counts = in_parts(&self.input, &bar, |articles| {
            let read = analyzer.analyze_sentences(&articles, &request)?;
            accounts.extend(read.into_iter().map(|(analysis, sentences)| Account { analysis, sentences }));
            Ok(())
        })?;
        bar.finish_and_clear();
        make_distinct(&mut accounts);
        let analyses: Vec<Analysis> = accounts.iter().map(|account| account.analysis.clone()).collect();
        let wanted = CompareOptions {
            words: self.words.into(),
            events: self.events,
            targets: targets.into_iter().map(|target| target.name).collect(),
        };
        let comparison = compare(accounts, &wanted);
        write_comparison(&mut out, &comparison, &analyses, self.format)?;
        out.flush()?;
        Ok(counts.outcome())
    }
}

/// Files of different folders may have one name, and records one id: those that come later get a number.
fn make_distinct(accounts: &mut [Account]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for account in accounts {
        let count = seen.entry(account.analysis.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            account.analysis.id = format!("{} ({count})", account.analysis.id);
        }
    }
}
