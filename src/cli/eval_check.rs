//! `wirelens eval check`: whether annotations are sound, and how far their annotators agree.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use crate::Article;
use crate::eval::agreement::{agreement, coverage_agreement, shared_facts};
use crate::eval::facts::GoldFacts;
use crate::eval::gold::Gold;
use crate::eval::gold_set::GoldSet;
use crate::eval::metrics::spans::Matches;
use crate::report::evaluation::write_agreement;

#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens eval check
  wirelens eval check --gold my-gold/")]
pub(super) struct CheckGold {
    /// Folder with articles/, gold/ and targets.toml [default: eval, here or in the checkout]
    #[arg(long, value_name = "FOLDER")]
    gold: Option<PathBuf>,
}

impl CheckGold {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let folder = self.gold.clone().unwrap_or_else(GoldSet::default_folder);
        let mut out = anstream::stdout().lock();
        let mut sound = true;
        let gold = folder.join("gold");
        let mut passes = Vec::new();
        for annotations in [gold.clone(), gold.join("passes").join("a"), gold.join("passes").join("b")] {
            if annotations != gold && !annotations.is_dir() {
                continue;
            }
            let set = GoldSet::read(&folder, &annotations)?;
            let problems = set.problems();
            report_problems(&mut out, &annotations, &set, &problems)?;
            sound &= problems.is_empty();
            if annotations != gold {
                passes.push(set);
            }
        }
        if let [first, second] = passes.as_slice() {
            let golds =
                |set: &GoldSet| set.articles.iter().map(|(_, gold)| gold.clone()).collect::<Vec<Gold>>();
            let (first, second) = (golds(first), golds(second));
            let mut found = agreement(&first.iter().collect::<Vec<_>>(), &second.iter().collect::<Vec<_>>());
            found.shared_facts = facts_agreement(&folder, &passes[0])?;
            let gold = golds(&GoldSet::read(&folder, &gold)?);
            write_agreement(&mut out, &found, &coverage_agreement(&gold.iter().collect::<Vec<_>>()))?;
        }
        Ok(if sound { Outcome::Done } else { Outcome::SomeFailed })
    }
}

/// How far the two annotators of the facts of a folder of gold agree; `None` if it has no such annotations.
fn facts_agreement(folder: &Path, set: &GoldSet) -> anyhow::Result<Option<Matches>> {
    let passes = ["a", "b"].map(|name| folder.join("facts").join("passes").join(format!("{name}.json")));
    if !passes.iter().all(|pass| pass.is_file()) {
        return Ok(None);
    }
    let articles: Vec<&Article> = set.articles.iter().map(|(article, _)| article).collect();
    GoldFacts::load(&folder.join("facts").join("gold.json"), &articles)?;
    let [first, second] = passes;
    Ok(Some(shared_facts(&GoldFacts::load(&first, &articles)?, &GoldFacts::load(&second, &articles)?)))
}

fn report_problems(out: &mut dyn Write, folder: &Path, set: &GoldSet, problems: &[String]) -> io::Result<()> {
    let golds = || set.articles.iter().map(|(_, gold)| gold);
    let mentions: usize = golds().flat_map(|gold| &gold.entities).map(|entity| entity.mentions.len()).sum();
    let facts: usize = golds().map(|gold| gold.facts.len()).sum();
    let sentences: usize = golds().flat_map(|gold| &gold.stance).map(|stance| stance.sentences.len()).sum();
    let state = if problems.is_empty() { "sound".into() } else { format!("{} problems", problems.len()) };
    writeln!(
        out,
        "{}: {state}: {} articles, {mentions} mentions, {facts} key facts, {sentences} judged sentences",
        folder.display(),
        set.articles.len()
    )?;
    for problem in problems {
        writeln!(out, "  {}", crate::report::printable(problem))?;
    }
    Ok(())
}
