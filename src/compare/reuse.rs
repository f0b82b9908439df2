//! Near-verbatim passages: sentences that outlets have nearly word for word, for example from the same news agency.
//!
//! Two sentences are copies when most of their pairs of neighbouring words are the same. Copies have the same *wording*,
//! which counts once, however many outlets have it.

use std::collections::{BTreeMap, HashMap};

use super::quantities::contradict;
use super::statement::{Statement, shared_pairs, word_pairs};

/// The same passage in several articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedPassage {
    /// For each account the indices of its statements, in order; equally many for each.
    pub accounts: BTreeMap<usize, Vec<usize>>,
    /// Number of words.
    pub words: usize,
}

/// Least Dice coefficient of the word pairs of two copies.
const MIN_DICE: f64 = 0.8;
/// Least number of words of a passage; shorter ones may be equal by chance.
const MIN_WORDS: usize = 12;
/// Word pairs that more statements have are not used to find copies.
const MAX_STATEMENTS: usize = 400;

/// For each statement the index of the first statement with the same wording.
pub fn wordings(statements: &[Statement]) -> Vec<usize> {
    let pairs: Vec<Vec<(u32, u32)>> =
        statements.iter().map(|statement| word_pairs(&statement.words)).collect();
    let mut having: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for (number, pairs) in pairs.iter().enumerate() {
        pairs.iter().for_each(|pair| having.entry(*pair).or_default().push(number));
    }
    let mut first: Vec<usize> = (0..statements.len()).collect();
    for number in 0..statements.len() {
        // Only statements with one of the rarest pairs are compared: one with none of them cannot share enough pairs.
        let mut own: Vec<&Vec<usize>> = pairs[number].iter().map(|pair| &having[pair]).collect();
        own.sort_by_key(|with| with.len());
        let needed = (own.len() as f64 * (1.0 - MIN_DICE / 2.0)).ceil() as usize;
        let mut candidates: Vec<usize> = own
            .iter()
            .take(needed)
            .filter(|with| with.len() <= MAX_STATEMENTS)
            .flat_map(|with| with.iter().copied().take_while(|&other| other < number))
            .collect();
        candidates.sort();
        candidates.dedup();
        if let Some(found) =
            candidates.into_iter().find(|&other| dice(&pairs[number], &pairs[other]) >= MIN_DICE)
        {
            first[number] = first[found];
        }
    }
    first
}

/// The same without copies that give another number than the first one, or deny what it says: an agency tells at noon of 12 dead, and in
/// the evening, in the same words, of 15. Such a sentence is the first one of a wording of its own.
pub fn of_one_fact(statements: &[Statement], wordings: &[usize]) -> Vec<usize> {
    let tell_the_same = |a: &Statement, b: &Statement| {
        !contradict(&a.quantities, &b.quantities) && !contradict(&b.quantities, &a.quantities) && !a.denies(b)
    };
    let mut first: Vec<usize> = Vec::with_capacity(wordings.len());
    for (number, &wording) in wordings.iter().enumerate() {
        let mut before =
            (wording..number).filter(|&other| wordings[other] == wording && first[other] == other);
        let same = before.find(|&other| tell_the_same(&statements[number], &statements[other]));
        first.push(same.unwrap_or(number));
    }
    first
}

/// The Dice coefficient of two sorted lists of word pairs.
fn dice(a: &[(u32, u32)], b: &[(u32, u32)]) -> f64 {
    2.0 * shared_pairs(a, b) as f64 / (a.len() + b.len()).max(1) as f64
}

/// Passages of consecutive sentences that at least two outlets have, the longest first. `wordings` has for each statement
/// the first one with its wording, `outlets` for each account the index of its outlet.
pub fn passages(statements: &[Statement], wordings: &[usize], outlets: &[usize]) -> Vec<CopiedPassage> {
    let mut having: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for (number, statement) in statements.iter().enumerate() {
        having.entry(wordings[number]).or_default().entry(statement.account).or_insert(number);
    }
    let different = |accounts: &BTreeMap<usize, usize>| {
        let mut found: Vec<usize> = accounts.keys().map(|&account| outlets[account]).collect();
        found.sort();
        found.dedup();
        found.len()
    };
    having.retain(|_, accounts| different(accounts) > 1);
    let mut found: Vec<CopiedPassage> = Vec::new();
    let mut open: Option<CopiedPassage> = None;
    for accounts in having.into_values() {
        let words = accounts.values().map(|&number| statements[number].words.len()).max().unwrap_or(0);
        let goes_on = open.as_ref().is_some_and(|passage| {
            passage.accounts.len() == accounts.len()
                && passage
                    .accounts
                    .iter()
                    .all(|(account, numbers)| accounts.get(account) == numbers.last().map(|n| n + 1).as_ref())
        });
        if !goes_on {
            found.extend(open.take());
            open = Some(CopiedPassage { accounts: BTreeMap::new(), words: 0 });
        }
        let passage = open.as_mut().expect("a passage is open");
        accounts
            .into_iter()
            .for_each(|(account, number)| passage.accounts.entry(account).or_default().push(number));
        passage.words += words;
    }
    found.extend(open);
    found.retain(|passage| passage.words >= MIN_WORDS);
    found.sort_by_key(|passage| std::cmp::Reverse((passage.words, passage.accounts.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Account;
    use crate::compare::names::Names;
    use crate::compare::statement::Statements;

    #[test]
    fn copies_with_another_number_are_no_copies_of_a_fact() {
        let told = |number: &str| {
            format!(
                "At least {number} people were killed when a bomb exploded in a market in Kabul on Monday, police said."
            )
        };
        let texts = [told("12"), told("15"), told("12"), told("30"), told("30")];
        let accounts: Vec<Account> =
            texts.iter().map(|text| Account::of_sentences("outlet", &[text.as_str()])).collect();
        let all = Statements::of(&accounts, &Names::of(&accounts)).all;
        let wordings = wordings(&all);
        assert_eq!(wordings, [0; 5]);
        // "At least 12" may be 15.
        assert_eq!(of_one_fact(&all, &wordings), [0, 0, 0, 3, 3]);
    }
}
