//! Compares several articles about one event: the facts that outlets share, what only one of them reports, what they give
//! differently, whom each names and quotes, and its stance towards targets.
//!
//! An *account* is one article with its analysis and its sentences. A *statement* is a sentence of an account that may
//! state a fact. Statements that state the same fact are one cluster.
//!
//! ```text
//! accounts → statements → similar pairs → joint readings → shared facts
//!                       → copied passages       → differences
//!                       → digest
//!          → entities, quotes, stances → tables by outlet
//! ```
//!
//! ```
//! use wirelens::compare::{Account, CompareOptions, compare};
//! use wirelens::{Analyzer, Article, ModelOptions, Pack, Request, Task};
//!
//! let analyzer = Analyzer::load(&Pack::find(None)?, ModelOptions::default())?;
//! let told = "French troops will leave Mali within six months, President Emmanuel Macron said on Thursday.";
//! let articles = ["one", "two"].map(|outlet| Article::new(outlet, told));
//! let read = analyzer.analyze_sentences(&articles, &Request::of(&Task::ALL))?;
//! let accounts = read.into_iter().map(|(analysis, sentences)| Account { analysis, sentences });
//! let options = CompareOptions { words: 60, events: false, targets: Vec::new() };
//! let comparison = compare(&analyzer, accounts.collect(), &options)?;
//! assert_eq!(comparison.events[0].shared[0].outlets, ["one", "two"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Everything is computed from the [`Analysis`](crate::Analysis) and the sentence vectors of each article; but pairs of
//! statements that may state the same fact are read once more, both of a pair together.

mod account;
mod alone;
pub mod comparison;
mod differences;
mod digest;
mod events;
mod facts;
mod names;
mod neighbours;
mod numbers;
mod quantities;
mod reuse;
mod same;
mod statement;
mod tables;
mod told;
mod units;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::Analyzer;
use crate::analysis::{Place, round};
use crate::article::on_one_line;
use crate::model::ModelError;
use crate::reader::JointReading;
pub use account::Account;
pub use comparison::Comparison;
use comparison::{ComparedArticle, Difference, Event, Fact, OnlyHere, Reuse, SCHEMA_VERSION, Sentence, Side};
pub use events::FEATURES as EVENT_FEATURES;
use facts::{Cluster, Probabilities};
use names::Names;
use same::features;
pub use same::{FEATURES, SameFact, TF_IDF_COSINE, VECTOR_COSINE};
use statement::Statements;
use tables::Outlets;

/// The options of a comparison.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// Most words of the digest.
    pub words: usize,
    /// Whether the articles may be about several events, into which they are grouped first.
    pub events: bool,
    /// The targets of stance, in the order of the result. Without any, entities are the targets.
    pub targets: Vec<String>,
}

/// Two statements of different accounts with the features of the pair.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Index of the account, and place in it, of each statement.
    pub places: [(usize, Place); 2],
    /// What the regression for "the same fact" takes.
    pub features: [f32; FEATURES],
    /// The joint reading of the two, if there is one.
    pub joint: Option<JointReading>,
}

/// Pairs of statements for training and evaluation: of each given pair of accounts their longest statements, or, without
/// pairs of accounts, all pairs with similar vectors. The most probable of these are read together, and all given pairs.
///
/// # Errors
/// When the joint reading fails.
pub fn pairs(
    analyzer: &Analyzer,
    accounts: &[Account],
    of: Option<&[(usize, usize)]>,
) -> Result<Vec<Pair>, ModelError> {
    let names = Names::of(accounts);
    let statements = Statements::of(accounts, &names);
    let all = &statements.all;
    let near: Vec<(usize, usize)> = match of {
        Some(wanted) => {
            let mut longest: BTreeMap<usize, usize> = BTreeMap::new();
            for (number, statement) in all.iter().enumerate() {
                let held = longest.entry(statement.account).or_insert(number);
                if statement.words.len() > all[*held].words.len() {
                    *held = number;
                }
            }
            let both = |(a, b): &(usize, usize)| Some((*longest.get(a)?, *longest.get(b)?));
            wanted.iter().filter_map(both).collect()
        }
        None => near_pairs(&statements).into_iter().collect(),
    };
    let same = SameFact::of_one_event(analyzer.pack_name());
    let chosen = match of {
        Some(_) => near.clone(),
        None => Probabilities::new(&statements, same).most_probable(&near.iter().copied().collect()),
    };
    let read = facts::read_jointly(analyzer, &statements, &chosen)?;
    let found = near.into_iter().map(|(a, b)| Pair {
        places: [a, b].map(|number| (all[number].account, all[number].place.clone())),
        features: features(&statements, &all[a], &all[b]),
        joint: read.get(&(a, b)).copied(),
    });
    Ok(found.collect())
}

/// The candidates for a digest, for training: index of the account, place, and features.
pub fn digest_candidates(accounts: &[Account]) -> Vec<(usize, Place, Vec<f32>)> {
    let statements = Statements::of(accounts, &Names::of(accounts));
    let found = digest::candidates(&statements).into_iter().map(|candidate| {
        let statement = &statements.all[candidate.statement];
        (statement.account, statement.place.clone(), candidate.features.to_vec())
    });
    found.collect()
}

/// Pairs of statements of different accounts with similar vectors.
fn near_pairs(statements: &Statements) -> BTreeSet<(usize, usize)> {
    let all = &statements.all;
    let directions: Vec<Vec<f32>> = all.iter().map(|statement| statement.direction.clone()).collect();
    let mut pairs = neighbours::nearest(&directions, NEAREST);
    pairs.retain(|&(a, b)| all[a].account != all[b].account);
    pairs
}

/// With how many of the nearest statements each statement is compared.
const NEAREST: usize = 48;

/// Compares accounts that `analyzer` has read. The result has their order, which has no other influence.
///
/// # Errors
/// When the joint reading of pairs of sentences fails.
pub fn compare(
    analyzer: &Analyzer,
    accounts: Vec<Account>,
    wanted: &CompareOptions,
) -> Result<Comparison, ModelError> {
    let mut warnings = Vec::new();
    let sets = if wanted.events { by_event(accounts) } else { vec![accounts] };
    let events: Vec<Event> = sets
        .into_iter()
        .filter(|set| !set.is_empty())
        .map(|set| event(analyzer, &set, wanted))
        .collect::<Result<_, _>>()?;
    match &events[..] {
        [] => warnings.push("there is nothing to compare: no article was read".to_owned()),
        [event] if event.outlets.len() == 1 => warnings.push(format!(
            "all articles are of one outlet, '{}': a comparison needs two (the field `source` of a record names it)",
            event.outlets[0]
        )),
        _ => {}
    }
    Ok(Comparison { schema_version: SCHEMA_VERSION, events, warnings })
}

/// Groups accounts by event: for each event the indices of its accounts, in the order of the first ones.
pub fn group(accounts: &[Account]) -> Vec<Vec<usize>> {
    let names = Names::of(accounts);
    events::events(accounts, &Statements::of(accounts, &names))
}

/// What is known of the pairs of articles of a pile that are compared: their numbers in it, and what tells whether both are of
/// one event.
pub fn event_pairs(accounts: &[Account]) -> Vec<((usize, usize), [f32; EVENT_FEATURES])> {
    let names = Names::of(accounts);
    events::pairs(accounts, &Statements::of(accounts, &names))
}

/// The accounts of each event; events with most articles first.
fn by_event(accounts: Vec<Account>) -> Vec<Vec<Account>> {
    let sets = group(&accounts);
    let mut accounts: Vec<Option<Account>> = accounts.into_iter().map(Some).collect();
    let mut sets: Vec<Vec<Account>> = sets
        .into_iter()
        .map(|set| set.into_iter().filter_map(|number| accounts[number].take()).collect())
        .collect();
    sets.sort_by_key(|set| std::cmp::Reverse(set.len()));
    sets
}

/// The comparison of the articles about one event.
fn event(analyzer: &Analyzer, accounts: &[Account], wanted: &CompareOptions) -> Result<Event, ModelError> {
    let (outlets, of) = outlets(accounts);
    let names = Names::of(accounts);
    let statements = Statements::of(accounts, &names);
    let builder =
        ResultBuilder { accounts, names: &names, statements: &statements, outlets: &outlets, of: &of };
    let pairs = near_pairs(&statements);
    let wordings = reuse::wordings(&statements.all);
    let copies = reuse::of_one_fact(&statements.all, &wordings);
    let mut probabilities = Probabilities::new(&statements, SameFact::of_one_event(analyzer.pack_name()));
    probabilities.read_jointly(analyzer, &pairs)?;
    let mut found = differences::differences(&mut probabilities, &pairs, &of);
    probabilities.keep_apart(&pairs, &copies);
    let clusters = facts::clusters(&mut probabilities, &pairs, &copies);
    found.extend(differences::attributions(accounts, &names, &statements));
    let alone = alone::alone(&mut probabilities, &clusters, &pairs, &of, outlets.len());
    let digest: Vec<usize> = digest::digest(&mut probabilities, &clusters, wanted.words);
    let passages = reuse::passages(&statements.all, &wordings, &of);
    let targets: Vec<&str> = wanted.targets.iter().map(String::as_str).collect();
    let tables = Outlets { accounts, names: &names, of: &of, count: outlets.len() };
    Ok(Event {
        title: digest
            .first()
            .map_or_else(String::new, |&number| on_one_line(&statements.all[number].place.text)),
        articles: accounts.iter().map(article).collect(),
        digest: digest.iter().map(|&number| builder.sentence(number)).collect(),
        shared: builder.facts(&clusters, &copies),
        only_here: builder.only_here(alone),
        differences: found.into_iter().map(|found| builder.difference(found)).collect(),
        reuse: passages.into_iter().map(|passage| builder.reuse(&passage)).collect(),
        names: tables.named(),
        quoted: tables.quoted(),
        leanings: tables.leanings(&targets),
        outlets,
    })
}

/// The outlets in the order of their first articles, and for each account the index of its outlet.
fn outlets(accounts: &[Account]) -> (Vec<String>, Vec<usize>) {
    let mut names: Vec<String> = Vec::new();
    let of = accounts
        .iter()
        .map(|account| {
            let outlet = account.outlet();
            names.iter().position(|name| *name == outlet).unwrap_or_else(|| {
                names.push(outlet);
                names.len() - 1
            })
        })
        .collect();
    (names, of)
}

/// An article as the result lists it.
fn article(account: &Account) -> ComparedArticle {
    let analysis = &account.analysis;
    ComparedArticle {
        id: analysis.id.clone(),
        outlet: account.outlet(),
        title: analysis.title.clone(),
        url: analysis.url.clone(),
        published: analysis.published.clone(),
        warnings: analysis.warnings.clone(),
    }
}

/// Converts statements, by their indices, into the types of the result.
struct ResultBuilder<'a> {
    accounts: &'a [Account],
    names: &'a Names,
    statements: &'a Statements,
    outlets: &'a [String],
    of: &'a [usize],
}

impl ResultBuilder<'_> {
    /// The sentence of a statement.
    fn sentence(&self, number: usize) -> Sentence {
        let statement = &self.statements.all[number];
        let account = &self.accounts[statement.account];
        Sentence {
            article: account.analysis.id.clone(),
            outlet: self.outlets[self.of[statement.account]].clone(),
            start: statement.place.start,
            end: statement.place.end,
            text: on_one_line(&statement.place.text),
            speaker: account
                .speaker_of(&statement.place)
                .or_else(|| account.speaker_by_pronoun(&statement.place))
                .map(|name| self.names.in_full(statement.account, name)),
            copy: false,
        }
    }

    /// The outlets of statements, each once, in the order of the event's outlets.
    fn outlets_of<'n>(&self, numbers: impl IntoIterator<Item = &'n usize>) -> Vec<String> {
        let found: BTreeSet<usize> =
            numbers.into_iter().map(|&number| self.of[self.statements.all[number].account]).collect();
        found.into_iter().map(|outlet| self.outlets[outlet].clone()).collect()
    }

    /// The facts that outlets share. `wordings` has for each statement the first one with its wording.
    fn facts(&self, clusters: &[Cluster], wordings: &[usize]) -> Vec<Fact> {
        let facts = told::told(self.statements, clusters, self.of).into_iter().map(|fact| {
            let outlets = self.outlets_of(&fact.members);
            let mut order: Vec<usize> = fact.members.into_iter().collect();
            order.sort_by_key(|&number| (number != fact.wording, number));
            let mut seen = BTreeSet::new();
            let sentences = order.iter().map(|&number| {
                let copy = !seen.insert(wordings[number]);
                Sentence { copy, ..self.sentence(number) }
            });
            let sentences: Vec<Sentence> = sentences.collect();
            Fact { text: sentences[0].text.clone(), outlets, sentences, score: round(fact.cluster.score) }
        });
        facts.collect()
    }

    /// For each outlet what it alone reports.
    fn only_here(&self, alone: Vec<Vec<usize>>) -> Vec<OnlyHere> {
        let each = self.outlets.iter().zip(alone).filter(|(_, numbers)| !numbers.is_empty());
        each.map(|(outlet, numbers)| OnlyHere {
            outlet: outlet.clone(),
            sentences: numbers.into_iter().map(|number| self.sentence(number)).collect(),
        })
        .collect()
    }

    /// A difference as the result has it.
    fn difference(&self, found: differences::FoundDifference) -> Difference {
        let sides = found.sides.into_iter().map(|(value, numbers)| Side {
            value,
            outlets: self.outlets_of(&numbers),
            sentences: numbers.into_iter().map(|number| self.sentence(number)).collect(),
        });
        Difference { kind: found.kind, about: found.about, sides: sides.collect() }
    }

    /// A copied passage as the result has it.
    fn reuse(&self, passage: &reuse::CopiedPassage) -> Reuse {
        let passages = passage.accounts.values().map(|numbers| {
            let sentences: Vec<Sentence> = numbers.iter().map(|&number| self.sentence(number)).collect();
            let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
            let (first, last) = (&sentences[0], &sentences[sentences.len() - 1]);
            // Who says one of the sentences need not say the others.
            let say_all = |speaker: &String| sentences.iter().all(|s| s.speaker.as_ref() == Some(speaker));
            let speaker = first.speaker.clone().filter(say_all);
            Sentence { end: last.end, text: texts.join(" "), speaker, ..first.clone() }
        });
        let outlets = self.outlets_of(passage.accounts.values().flatten());
        Reuse { words: passage.words, outlets, passages: passages.collect() }
    }
}
