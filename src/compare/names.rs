//! Entities across articles: joins "Macron" of one article with "Emmanuel Macron" of another.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::account::Account;
use crate::article::is_function_word;
use crate::entities::{EntityType, Fit, Name, PersonName, root_of};

/// The entities of an event; each has a number.
pub struct Names {
    /// Name and type of each entity, by its number. The name is the fullest form of all accounts.
    pub all: Vec<(String, EntityType)>,
    /// For each account the numbers of its entities, in the account's order.
    of_accounts: Vec<Vec<usize>>,
}

impl Names {
    /// Joins the entities of accounts.
    pub fn of(accounts: &[Account]) -> Self {
        let mut forms: BTreeMap<(EntityType, &str), usize> = BTreeMap::new();
        for entity in accounts.iter().flat_map(|account| account.analysis.entities.iter().flatten()) {
            *forms.entry((entity.kind, entity.name.as_str())).or_default() += entity.mentions.len();
        }
        let forms: Vec<((EntityType, &str), usize)> = forms.into_iter().collect();
        let names: Vec<Name> = forms.iter().map(|((_, name), _)| Name::new(name)).collect();
        let owner = joined(&forms, &names);
        // An entity is called by its fullest form; of equally full ones by one that is not all capitals, and by the most frequent.
        let mut best: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, &root) in owner.iter().enumerate() {
            let has_small = |number: usize| forms[number].0.1.contains(char::is_lowercase);
            let rank = |number: usize| (names[number].words.len().min(4), has_small(number), forms[number].1);
            let held = best.entry(root).or_insert(number);
            if rank(number) > rank(*held) {
                *held = number;
            }
        }
        let numbers: HashMap<usize, usize> =
            best.keys().enumerate().map(|(new, &root)| (root, new)).collect();
        let all = best.values().map(|&number| (forms[number].0.1.to_owned(), forms[number].0.0)).collect();
        let index: HashMap<(EntityType, &str), usize> =
            forms.iter().zip(&owner).map(|((key, _), root)| (*key, numbers[root])).collect();
        let of_accounts = accounts
            .iter()
            .map(|account| {
                let entities = account.analysis.entities.iter().flatten();
                entities.map(|entity| index[&(entity.kind, entity.name.as_str())]).collect()
            })
            .collect();
        Self { all, of_accounts }
    }

    /// The number of an entity of an account, by its index among the account's entities.
    pub fn number(&self, account: usize, entity: usize) -> usize {
        self.of_accounts[account][entity]
    }

    /// The number of the entity that has this name in an account, if any.
    pub fn called(&self, accounts: &[Account], account: usize, name: &str) -> Option<usize> {
        let mut entities = accounts[account].analysis.entities.iter().flatten();
        entities.position(|entity| entity.name == name).map(|entity| self.number(account, entity))
    }
}

/// Most forms that may share a word or initials and be compared: in a pile of many events, words such as "House" are in
/// thousands of names and tell nothing, and cost grows with the square.
const SHARED: usize = 256;

/// How many times as often as anybody else with the same surname a person is named whom the surname alone means.
const MUCH_MORE: usize = 3;

/// For each form the first form of the same entity. Only forms that share a word or initials are compared.
fn joined(forms: &[((EntityType, &str), usize)], names: &[Name]) -> Vec<usize> {
    let mut owner: Vec<usize> = (0..names.len()).collect();
    let mut by_word: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        let mut keys: Vec<&str> = name.words.iter().map(String::as_str).collect();
        keys.retain(|word| !is_function_word(word));
        // "US" and "WHO" are spelled as function words are.
        keys.push(&name.key);
        keys.extend(name.acronyms());
        keys.extend(name.known_as().map(|key| -> &str { key }));
        keys.sort();
        keys.dedup();
        keys.into_iter()
            .filter(|key| !key.is_empty())
            .for_each(|key| by_word.entry(key).or_default().push(number));
    }
    let people: Vec<Option<PersonName>> = forms
        .iter()
        .map(|((kind, name), _)| (*kind == EntityType::Per).then(|| PersonName::new(name)))
        .collect();
    let no_people = forms.iter().zip(names).filter(|(((kind, _), _), _)| *kind != EntityType::Per);
    let named: HashSet<&str> = no_people.map(|(_, name)| name.key.as_str()).collect();
    let same = |a: usize, b: usize| {
        let (short, long) = (&names[a], &names[b]);
        let (kind, other) = (forms[a].0.0, forms[b].0.0);
        // "US" may be labelled as a state and "United States" as what acts for it, "Conservatives" as an organisation and as people.
        if kind != other {
            let is_person = [kind, other].contains(&EntityType::Per);
            return !is_person
                && (short.key == long.key || short.is_acronym_of(long) || short.is_member_of(long, &named));
        }
        if let (Some(one), Some(other)) = (&people[a], &people[b]) {
            return one.key() == other.key() || (one.is_full() && one.fit(other) == Some(Fit::Whole));
        }
        short.key == long.key
            || short.is_known_as(long)
            || short.is_acronym_of(long)
            || (short.is_core_of(long) && !short.is_apart_from(long, kind))
            || (kind == EntityType::Org
                && (short.is_company_of(long)
                    || short.is_nickname_of(long)
                    || short.is_body_of(long, &named)))
            || (kind == EntityType::Loc && short.is_before_comma_of(long))
            || short.is_reordered(long)
            || short.is_member_of(long, &named)
            || short.is_variant_of(long)
    };
    let mut first_of_key: BTreeMap<(EntityType, &str), usize> = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        let first = *first_of_key.entry((forms[number].0.0, &name.key)).or_insert(number);
        unite(&mut owner, first, number);
    }
    let mut surnames: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in by_word.values().filter(|group| group.len() <= SHARED) {
        for (at, &a) in group.iter().enumerate() {
            for &b in &group[at + 1..] {
                if same(a, b) || same(b, a) {
                    unite(&mut owner, a, b);
                }
                for (short, long) in [(a, b), (b, a)] {
                    if let (Some(one), Some(other)) = (&people[short], &people[long])
                        && !one.is_full()
                        && one.fit(other) == Some(Fit::Family)
                    {
                        surnames.entry(short).or_default().push(long);
                    }
                }
            }
        }
    }
    // A surname alone is joined with a full name if nobody else in the event has it, or hardly anybody names the others.
    for (short, long) in surnames {
        let mut people: BTreeMap<usize, usize> = BTreeMap::new();
        for number in long {
            *people.entry(root_of(&owner, number)).or_default() += forms[number].1;
        }
        let mut people: Vec<(usize, usize)> = people.into_iter().map(|(root, count)| (count, root)).collect();
        people.sort_by_key(|&(count, root)| (std::cmp::Reverse(count), root));
        let second = people.get(1).map_or(0, |(count, _)| *count);
        if let Some(&(count, one)) = people.first()
            && count >= MUCH_MORE * second
        {
            unite(&mut owner, short, one);
        }
    }
    (0..owner.len()).map(|number| root_of(&owner, number)).collect()
}

/// Joins two items; the smaller index becomes the root.
fn unite(owner: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root_of(owner, a), root_of(owner, b));
    owner[a.max(b)] = a.min(b);
}
