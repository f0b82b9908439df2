//! `wirelens compare`: several articles of one event, compared by outlet.

use std::collections::{HashMap, HashSet};

use clap::Args;

use super::Outcome;
use super::args::{DestinationArgs, InputArgs, ModelArgs, TargetArgs};
use super::read::{for_each_group, progress};
use crate::compare::{Account, CompareOptions, compare};
use crate::report::comparison::{ComparisonFormat, write_comparison};
use crate::{Analysis, Analyzer, Request, Task};

/// The options of `wirelens compare`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens compare articles/                                   shared facts and differences
  wirelens compare --format html --output page.html articles/  the same as a page, with articles
  wirelens compare --target 'junta=Malian junta' articles/     stance of each outlet
  wirelens compare --events --format json news.jsonl           several events: grouped first

The name of an outlet is the field `source` of a record (--source-field), or what a web page says
of itself; if there is none, the host of its address; if there is none, the id of the article.")]
pub struct Compare {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Largest number of words in the digest (whole sentences, at least one)
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

/// Most entities of each article whose stances are compared.
const COMPARED_TARGETS: usize = 20;

impl Compare {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        self.input.check()?;
        let (pack, setup) = self.model.load()?;
        let targets = self.targets.targets()?;
        let tasks = Task::ALL;
        // What is frequent in one article is to be found in the others, too.
        let request = Request {
            targets: targets.clone(),
            most_targets: COMPARED_TARGETS,
            with_text: true,
            ..Request::of(&tasks)
        };
        let analyzer = Analyzer::load(&pack, setup.for_tasks(&tasks))?;
        let mut out = self.destination.writer(&self.input.inputs, self.format == ComparisonFormat::Text)?;
        let bar = progress();
        let mut accounts = Vec::new();
        let counts = for_each_group(&self.input, self.destination.file(), &bar, |articles| {
            let read = analyzer.analyze_sentences(&articles, &request)?;
            accounts.extend(read.into_iter().map(|(analysis, sentences)| Account { analysis, sentences }));
            Ok(())
        })?;
        bar.finish_and_clear();
        let ids = accounts.iter().map(|account| account.analysis.id.clone()).collect();
        for (account, id) in accounts.iter_mut().zip(distinct(ids)) {
            account.analysis.id = id;
        }
        let analyses: Vec<Analysis> = accounts.iter().map(|account| account.analysis.clone()).collect();
        let wanted = CompareOptions {
            words: self.words.into(),
            events: self.events,
            targets: targets.into_iter().map(|target| target.name).collect(),
        };
        let comparison = compare(&analyzer, accounts, &wanted)?;
        write_comparison(&mut out, &comparison, &analyses, self.format)?;
        out.finish(counts.is_empty())?;
        Ok(counts.outcome())
    }
}

/// Gives each article an id of its own: files of different folders may have the same name, and records the same id. The
/// second one gets " (2)" behind its id, and so on; what is already the id of another article is passed over.
fn distinct(ids: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = ids.iter().cloned().collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let own = |id: String| {
        let count = counts.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return id;
        }
        loop {
            let numbered = format!("{id} ({count})");
            if taken.insert(numbered.clone()) {
                return numbered;
            }
            *count += 1;
        }
    };
    ids.into_iter().map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_articles_have_the_same_id() {
        let found = |ids: &[&str]| distinct(ids.iter().map(|id| id.to_string()).collect());
        assert_eq!(found(&["x", "y", "x", "x"]), ["x", "y", "x (2)", "x (3)"]);
        // As browsers name what is saved twice.
        assert_eq!(found(&["x", "x", "x (2)", "x"]), ["x", "x (3)", "x (2)", "x (4)"]);
        assert_eq!(found(&["x (2)", "x (2)", "x", "x"]), ["x (2)", "x (2) (2)", "x", "x (3)"]);
    }
}
