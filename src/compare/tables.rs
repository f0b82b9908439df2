//! Who is named, who is quoted, and how each outlet leans: an entity, speaker or target by outlet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::account::Account;
use super::comparison::{ArticleEvidence, ArticleQuote, Leaning, LeaningRow, NameRow, SpeakerRow};
use super::names::Names;
use crate::analysis::{Evidence, TargetStance};
use crate::stance::{Label, Scores};

/// Stances of an outlet's articles towards one target, each with the number of its account.
type Judged<'a> = Vec<(usize, &'a TargetStance)>;

/// Accounts and the number of each one's outlet.
pub struct Outlets<'a> {
    pub accounts: &'a [Account],
    pub names: &'a Names,
    pub of: &'a [usize],
    pub count: usize,
}

impl Outlets<'_> {
    /// Entities by how many outlets name them, then by mentions.
    pub fn named(&self) -> Vec<NameRow> {
        let mut mentions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (account, told) in self.accounts.iter().enumerate() {
            for (entity, found) in told.analysis.entities.iter().flatten().enumerate() {
                let row =
                    mentions.entry(self.names.number(account, entity)).or_insert_with(|| vec![0; self.count]);
                row[self.of[account]] += found.mentions.len();
            }
        }
        let row = |(number, mentions): (usize, Vec<usize>)| {
            let (name, kind) = self.names.all[number].clone();
            NameRow { name, kind, mentions }
        };
        let mut rows: Vec<NameRow> = mentions.into_iter().map(row).collect();
        let rank = |row: &NameRow| {
            (row.mentions.iter().filter(|&&count| count > 0).count(), row.mentions.iter().sum::<usize>())
        };
        rows.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.name.cmp(&b.name)));
        rows
    }

    /// Speakers by how many outlets quote them, then by quotes. Those without a name are told by their words.
    pub fn quoted(&self) -> Vec<SpeakerRow> {
        let mut rows: BTreeMap<(Option<usize>, String), Vec<Vec<ArticleQuote>>> = BTreeMap::new();
        for (account, told) in self.accounts.iter().enumerate() {
            for quote in told.analysis.quotes.iter().flatten() {
                let words = quote.mention.as_ref().map(|mention| mention.text.trim());
                let Some(speaker) = quote.speaker.as_deref().or(words) else { continue };
                let entity = self.names.called(self.accounts, account, speaker);
                let name = match entity {
                    Some(number) => self.names.all[number].0.clone(),
                    None => bare(speaker),
                };
                let row = rows.entry((entity, name)).or_insert_with(|| vec![Vec::new(); self.count]);
                row[self.of[account]]
                    .push(ArticleQuote { article: told.analysis.id.clone(), quote: quote.clone() });
            }
        }
        let row = |((entity, speaker), quotes): ((Option<usize>, String), Vec<Vec<ArticleQuote>>)| {
            (entity.is_some(), SpeakerRow { speaker, quotes })
        };
        let mut rows: Vec<(bool, SpeakerRow)> = rows.into_iter().map(row).collect();
        let rank = |(named, row): &(bool, SpeakerRow)| {
            let outlets = row.quotes.iter().filter(|quotes| !quotes.is_empty()).count();
            (outlets, *named, row.quotes.iter().map(Vec::len).sum::<usize>())
        };
        rows.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.1.speaker.cmp(&b.1.speaker)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Targets that the reader gave, in their order; without any, entities by how many outlets judge them.
    pub fn leanings(&self, targets: &[&str]) -> Vec<LeaningRow> {
        let mut cells: BTreeMap<usize, BTreeMap<usize, Judged>> = BTreeMap::new();
        let mut called: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        let mut numbers: HashMap<String, usize> =
            called.iter().cloned().enumerate().map(|(n, name)| (name, n)).collect();
        for (account, told) in self.accounts.iter().enumerate() {
            for stance in told.analysis.stance.iter().flatten().filter(|stance| !stance.evidence.is_empty()) {
                let entity =
                    self.names.called(self.accounts, account, &stance.target).filter(|_| targets.is_empty());
                let name = entity.map_or(stance.target.clone(), |number| self.names.all[number].0.clone());
                let number = *numbers.entry(name.clone()).or_insert_with(|| {
                    called.push(name);
                    called.len() - 1
                });
                cells.entry(number).or_default().entry(self.of[account]).or_default().push((account, stance));
            }
        }
        let mut rows: Vec<LeaningRow> = called
            .into_iter()
            .enumerate()
            .map(|(number, target)| {
                let row = cells.get(&number);
                let outlets = (0..self.count).map(|outlet| Some(self.leaning(row?.get(&outlet)?))).collect();
                LeaningRow { target, outlets }
            })
            .collect();
        if targets.is_empty() {
            let rank = |row: &LeaningRow| {
                let cells = row.outlets.iter().flatten();
                (cells.clone().count(), cells.map(|cell| cell.evidence.len()).sum::<usize>())
            };
            rows.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.target.cmp(&b.target)));
        }
        rows
    }

    /// How one outlet leans, from its articles' stances.
    fn leaning(&self, stances: &[(usize, &TargetStance)]) -> Leaning {
        let scores =
            mean(stances.iter().filter_map(|(_, stance)| stance.scores.as_ref())).unwrap_or_default();
        let evidence: Vec<ArticleEvidence> = stances
            .iter()
            .flat_map(|(account, stance)| {
                let article = &self.accounts[*account].analysis.id;
                stance
                    .evidence
                    .iter()
                    .map(|e| ArticleEvidence { article: article.clone(), evidence: e.clone() })
            })
            .collect();
        let quoted = |evidence: &Evidence| evidence.speaker.is_some();
        let of = |wanted: bool| {
            mean(
                evidence
                    .iter()
                    .filter(|e| quoted(&e.evidence) == wanted)
                    .filter_map(|e| e.evidence.scores.as_ref()),
            )
        };
        // One article keeps its own label; of several, the likeliest on average.
        let labels: BTreeSet<&str> = stances.iter().map(|(_, stance)| stance.label.name()).collect();
        let label = if labels.len() == 1 { stances[0].1.label } else { likeliest(&scores) };
        Leaning { label, scores, own_voice: of(false), quoted: of(true), evidence }
    }
}

/// A speaker's words without what opens and closes them, in small letters: "the allies" and "The allies" are the same.
fn bare(speaker: &str) -> String {
    speaker.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn mean<'a>(scores: impl Iterator<Item = &'a Scores>) -> Option<Scores> {
    let (mut sum, mut count) = (Scores { favor: 0.0, neutral: 0.0, against: 0.0 }, 0.0);
    for one in scores {
        sum.favor += one.favor;
        sum.neutral += one.neutral;
        sum.against += one.against;
        count += 1.0;
    }
    let round = |value: f64| (value / count * 1e4).round() / 1e4;
    (count > 0.0).then(|| Scores {
        favor: round(sum.favor),
        neutral: round(sum.neutral),
        against: round(sum.against),
    })
}

fn likeliest(scores: &Scores) -> Label {
    let all =
        [(scores.against, Label::Against), (scores.favor, Label::Favor), (scores.neutral, Label::Neutral)];
    all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or(Label::Neutral, |(_, label)| label)
}
