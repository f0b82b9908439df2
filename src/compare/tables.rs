//! Tables by outlet: mentions of entities, quotes of speakers, and stances towards targets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::account::Account;
use super::comparison::{ArticleEvidence, ArticleQuote, Leaning, LeaningRow, NameRow, SpeakerRow};
use super::names::Names;
use super::words::is_possessive;
use crate::analysis::{Evidence, Mention, Place, TargetStance, rounded};
use crate::article::{collapsed, is_function_word, leading_word, on_one_line};
use crate::entities::letters::without_possessive;
use crate::stance::Scores;

/// The stances of an outlet's articles towards one target, each with the index of its account.
type OutletStances<'a> = Vec<(usize, &'a TargetStance)>;

/// The accounts of an event and their outlets.
pub struct Outlets<'a> {
    /// All accounts.
    pub accounts: &'a [Account],
    /// The entities of the event.
    pub names: &'a Names,
    /// For each account the index of its outlet.
    pub of: &'a [usize],
    /// Number of outlets.
    pub count: usize,
}

impl Outlets<'_> {
    /// The rows of entities, sorted by the number of outlets that name them, then by mentions.
    pub fn named(&self) -> Vec<NameRow> {
        let mut mentions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (account, article) in self.accounts.iter().enumerate() {
            for (entity, found) in article.analysis.entities.iter().flatten().enumerate() {
                // An outlet that names itself tells nothing about the event.
                if article.is_own_outlet(&found.name, found.kind) {
                    continue;
                }
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

    /// The rows of speakers, sorted by the number of outlets that quote them, then by quotes. A speaker without a name is
    /// identified by the words of the text, in any letter case.
    pub fn quoted(&self) -> Vec<SpeakerRow> {
        let mut rows: BTreeMap<String, (bool, SpeakerRow)> = BTreeMap::new();
        for (account, article) in self.accounts.iter().enumerate() {
            let mentions = mentions_by_start(article);
            for quote in article.analysis.quotes.iter().flatten() {
                let words = quote.mention.as_ref().map(|mention| mention.text.trim());
                let Some(speaker) = quote.speaker.as_deref().or(words) else { continue };
                let entity = self.names.called(account, speaker).or_else(|| {
                    let entity = named_at(&mentions, quote.mention.as_ref()?)?;
                    Some(self.names.number(account, entity))
                });
                // "he" of one article is not "he" of another.
                if entity.is_none() && speaker.split_whitespace().all(is_function_word) {
                    continue;
                }
                let name = entity.map_or_else(|| bare(speaker), |number| &self.names.all[number].0);
                let mut key = normalised(name);
                // "Officials" of one outlet are not those of another.
                if entity.is_none() && !is_definite(name) {
                    key = format!("{key} {}", self.of[account]);
                }
                let (named, row) = rows.entry(key).or_insert_with(|| {
                    (false, SpeakerRow { speaker: on_one_line(name), quotes: vec![Vec::new(); self.count] })
                });
                *named |= entity.is_some();
                row.quotes[self.of[account]]
                    .push(ArticleQuote { article: article.analysis.id.clone(), quote: quote.clone() });
            }
        }
        let mut rows: Vec<(bool, SpeakerRow)> = rows.into_values().collect();
        let rank = |(named, row): &(bool, SpeakerRow)| {
            let outlets = row.quotes.iter().filter(|quotes| !quotes.is_empty()).count();
            (outlets, *named, row.quotes.iter().map(Vec::len).sum::<usize>())
        };
        rows.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.1.speaker.cmp(&b.1.speaker)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The rows of targets: the given ones in their order or, without any, entities, sorted by the number of outlets with a
    /// stance towards them.
    pub fn leanings(&self, targets: &[&str]) -> Vec<LeaningRow> {
        let mut cells: BTreeMap<usize, BTreeMap<usize, OutletStances>> = BTreeMap::new();
        let mut called: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        let mut numbers: HashMap<String, usize> =
            called.iter().cloned().enumerate().map(|(n, name)| (name, n)).collect();
        for (account, article) in self.accounts.iter().enumerate() {
            for stance in
                article.analysis.stance.iter().flatten().filter(|stance| !stance.evidence.is_empty())
            {
                let entity = self.names.called(account, &stance.target).filter(|_| targets.is_empty());
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

    /// The stance of one outlet, from those of its articles.
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
        // If all articles have one label, it is that; otherwise the most probable label of the means.
        let labels: BTreeSet<&str> = stances.iter().map(|(_, stance)| stance.label.name()).collect();
        let label = if labels.len() == 1 { stances[0].1.label } else { scores.best().0 };
        Leaning { label, scores, own_voice: of(false), quoted: of(true), evidence }
    }
}

/// The mentions of an article by the code points at which they begin, each with the index of its entity; in the order of the entities.
fn mentions_by_start(article: &Account) -> HashMap<usize, Vec<(usize, &Mention)>> {
    let mut found: HashMap<usize, Vec<(usize, &Mention)>> = HashMap::new();
    for (number, entity) in article.analysis.entities.iter().flatten().enumerate() {
        for mention in &entity.mentions {
            found.entry(mention.start).or_default().push((number, mention));
        }
    }
    found
}

/// The index of the entity whose name the words for a speaker are: "Macron’s", "Macron himself".
fn named_at(mentions: &HashMap<usize, Vec<(usize, &Mention)>>, words: &Place) -> Option<usize> {
    let mut here = mentions.get(&words.start)?.iter();
    here.find(|(_, mention)| bare(&mention.text) == bare(&words.text)).map(|(entity, _)| *entity)
}

/// Words with which a speaker begins whom the article has told of: "the administration", "his administration".
const DEFINITE: &[&str] = &["the", "his", "her", "its", "their"];

/// A speaker's words in small letters, with single blanks, straight apostrophes and without such a word: "the allies" and "The allies"
/// are the same speaker.
fn normalised(speaker: &str) -> String {
    let lower = collapsed(speaker).to_lowercase().replace('’', "'");
    match lower.split_once(' ') {
        Some((first, rest)) if DEFINITE.contains(&first) => rest.to_owned(),
        _ => lower,
    }
}

/// Whether a speaker's words begin with such a word, or with whose they are: "Cooper's office".
fn is_definite(speaker: &str) -> bool {
    let mut words = speaker.split_whitespace().take_while(|word| word.starts_with(char::is_uppercase));
    DEFINITE.contains(&leading_word(speaker).to_lowercase().as_str()) || words.any(is_possessive)
}

/// A speaker's words without punctuation around them, a possessive ending and "himself": "the police" of "the police’s Twitter feed".
fn bare(speaker: &str) -> &str {
    let words = speaker.trim_matches(|c: char| !c.is_alphanumeric());
    let endings = [" himself", " herself", " itself", " themselves"];
    let words = endings.iter().find_map(|ending| words.strip_suffix(*ending)).unwrap_or(words);
    without_possessive(words)
}

/// The means, rounded to four decimals; `None` without scores.
fn mean<'a>(scores: impl Iterator<Item = &'a Scores> + Clone) -> Option<Scores> {
    scores.clone().next().map(|_| rounded(Scores::mean(scores)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Entity, Quote};
    use crate::entities::EntityType;

    /// A quote of whom these words are for, which stand at the start of the article.
    fn quote(speaker: &str) -> Quote {
        Quote {
            speaker: None,
            mention: Some(Place { start: 0, end: speaker.chars().count(), text: speaker.to_owned() }),
            cue: None,
            content: Vec::new(),
            direct: false,
            score: 0.9,
        }
    }

    /// The speakers of two outlets.
    fn speakers(accounts: &[Account]) -> Vec<String> {
        let names = Names::of(accounts);
        let outlets = Outlets { accounts, names: &names, of: &[0, 1], count: 2 };
        outlets.quoted().into_iter().map(|row| row.speaker).collect()
    }

    #[test]
    fn speakers_of_several_outlets_are_one_where_their_words_say_who_they_are() {
        for (one, other, wanted) in [
            ("the allies", "The allies", 1),
            ("Cooper's office", "Cooper’s office", 1),
            ("Gov. DeSantis' office", "Gov. DeSantis’ office", 1),
            ("the police", "the police’s", 1),
            ("officials", "officials", 2),
            ("one of McCain's friends", "one of McCain's friends", 2),
        ] {
            let accounts = [("A", one), ("B", other)].map(|(id, speaker)| {
                let mut account = Account::of_sentences(id, &[]);
                account.analysis.quotes = Some(vec![quote(speaker)]);
                account
            });
            assert_eq!(speakers(&accounts).len(), wanted, "{one}");
        }
    }

    #[test]
    fn words_that_are_a_name_are_for_its_entity() {
        let accounts = ["Macron’s", "Macron himself"].map(|words| {
            let mention = Mention { start: 0, end: 6, text: "Macron".into(), score: 0.9, label: None };
            let entity =
                Entity { name: "Emmanuel Macron".into(), kind: EntityType::Per, mentions: vec![mention] };
            let mut account = Account::of_sentences(words, &[]);
            account.analysis.entities = Some(vec![entity]);
            account.analysis.quotes = Some(vec![quote(words)]);
            account
        });
        assert_eq!(speakers(&accounts), ["Emmanuel Macron"]);
    }
}
