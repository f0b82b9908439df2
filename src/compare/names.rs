//! Entities across articles: joins "Macron" of one article with "Emmanuel Macron" of another.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::account::Account;
use crate::article::is_function_word;
use crate::entities::{EntityType, Fit, Name, PersonName, root_of};

/// The entities of an event; each has a number.
pub struct Names {
    /// Name and type of each entity, by its number. The name is the fullest form of all accounts.
    pub all: Vec<(String, EntityType)>,
    /// For each account the numbers of its entities, in the account's order.
    of_accounts: Vec<Vec<usize>>,
    /// For each account the numbers of its entities by their names there; of several with one name that of the first.
    by_name: Vec<HashMap<String, usize>>,
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
        let (mut of_accounts, mut by_name) = (Vec::new(), Vec::new());
        for account in accounts {
            let (mut numbers, mut named) = (Vec::new(), HashMap::new());
            for entity in account.analysis.entities.iter().flatten() {
                let number = index[&(entity.kind, entity.name.as_str())];
                numbers.push(number);
                named.entry(entity.name.clone()).or_insert(number);
            }
            of_accounts.push(numbers);
            by_name.push(named);
        }
        Self { all, of_accounts, by_name }
    }

    /// The number of an entity of an account, by its index among the account's entities.
    pub fn number(&self, account: usize, entity: usize) -> usize {
        self.of_accounts[account][entity]
    }

    /// The number of the entity that has this name in an account, if any.
    pub fn called(&self, account: usize, name: &str) -> Option<usize> {
        self.by_name[account].get(name).copied()
    }

    /// What the event calls somebody whom an account calls `name`: "Emmanuel Macron" for "Macron". What is no name of an entity stays.
    pub fn in_full(&self, account: usize, name: String) -> String {
        self.called(account, &name).map_or(name, |number| self.all[number].0.clone())
    }
}

/// Most forms that may share a word or initials and be compared: in a pile of many events, words such as "House" are in
/// thousands of names and tell nothing, and cost grows with the square.
const SHARED: usize = 256;

/// How many times as often as anybody else a person has to be named whom a surname, or a name without its middle name, means.
const MUCH_MORE: usize = 3;

/// The forms of names of an event, with what tells which of them name the same.
struct Forms<'a> {
    /// Type, name and number of mentions of each form.
    all: &'a [((EntityType, &'a str), usize)],
    /// Each form, for comparison with other names.
    names: &'a [Name],
    /// Of people, each form for comparison with names of people.
    people: Vec<Option<PersonName>>,
    /// Of people, what all spellings of the name have in common.
    sounds: Vec<Option<String>>,
    /// The keys of all names but those of people.
    named: HashSet<&'a str>,
}

impl<'a> Forms<'a> {
    fn new(all: &'a [((EntityType, &'a str), usize)], names: &'a [Name]) -> Self {
        let people: Vec<Option<PersonName>> = all
            .iter()
            .map(|((kind, name), _)| (*kind == EntityType::Per).then(|| PersonName::new(name)))
            .collect();
        let sounds: Vec<Option<String>> =
            people.iter().map(|person| person.as_ref().and_then(PersonName::sound)).collect();
        let no_people = all.iter().zip(names).filter(|(((kind, _), _), _)| *kind != EntityType::Per);
        let named: HashSet<&str> = no_people.map(|(_, name)| name.key.as_str()).collect();
        Self { all, names, people, sounds, named }
    }

    fn kind(&self, number: usize) -> EntityType {
        self.all[number].0.0
    }

    /// The words, initials and other keys by which a form is found; each once.
    fn keys(&self, number: usize) -> Vec<&str> {
        let name = &self.names[number];
        let mut keys: Vec<&str> = name.words.iter().map(String::as_str).collect();
        keys.retain(|word| !is_function_word(word));
        // "US" and "WHO" are spelled as function words are.
        keys.push(&name.key);
        // "Conservatives" and "Conservative Party"
        keys.extend(name.key.strip_suffix('s').filter(|_| name.words.len() == 1));
        keys.extend(name.acronyms());
        keys.extend(name.known_as().map(|key| -> &str { key }));
        keys.extend(self.sounds[number].as_deref());
        keys.retain(|key| !key.is_empty());
        keys.sort();
        keys.dedup();
        keys
    }

    /// Whether the first form is another spelling or a short form of the second one, whatever else the event names.
    fn is_same(&self, a: usize, b: usize) -> bool {
        let (short, long, kind, other) = (&self.names[a], &self.names[b], self.kind(a), self.kind(b));
        if let (Some(one), Some(other)) = (&self.people[a], &self.people[b]) {
            return one.key() == other.key()
                || (self.sounds[a] == self.sounds[b] && one.is_spelled_as(other));
        }
        if self.people[a].is_some() || self.people[b].is_some() {
            return false;
        }
        // "US" may be labelled as a state and "United States" as what acts for it, "Conservatives" as an organisation and as people.
        short.key == long.key
            || (short.is_acronym_of(long) && !short.has_initials_by_chance(kind, other))
            || short.is_member_of(long, &self.named)
            || (kind == other
                && (short.is_known_as(long)
                    || (short.is_core_of(long) && !short.is_apart_from(long, kind))
                    || (kind == EntityType::Org && short.is_company_of(long))
                    || short.is_reordered(long)
                    || short.is_variant_of(long)))
    }

    /// Whether the first form leaves something out that tells the second one from others.
    fn is_short(&self, a: usize, b: usize) -> bool {
        let (short, long, kind) = (&self.names[a], &self.names[b], self.kind(a));
        if let (Some(one), Some(other)) = (&self.people[a], &self.people[b]) {
            return one.is_full() && one.fit(other) == Some(Fit::Whole);
        }
        kind == self.kind(b)
            && match kind {
                EntityType::Org => short.is_nickname_of(long) || short.is_body_of(long, &self.named),
                EntityType::Loc => short.is_before_comma_of(long),
                _ => false,
            }
    }

    /// Whether the first form is only the family name of the second one.
    fn is_surname(&self, a: usize, b: usize) -> bool {
        matches!((&self.people[a], &self.people[b]), (Some(one), Some(other))
            if !one.is_full() && one.fit(other) == Some(Fit::Family))
    }
}

/// For each form the first form of the same entity. Only forms that share a word or initials are compared.
fn joined(forms: &[((EntityType, &str), usize)], names: &[Name]) -> Vec<usize> {
    let known = Forms::new(forms, names);
    let people = &known.people;
    let mut owner: Vec<usize> = (0..names.len()).collect();
    let mut by_word: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut first_of_key: BTreeMap<(EntityType, &str), usize> = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        known.keys(number).into_iter().for_each(|key| by_word.entry(key).or_default().push(number));
        let first = *first_of_key.entry((known.kind(number), &name.key)).or_insert(number);
        unite(&mut owner, first, number);
    }
    let mut short_forms: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut surnames: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for group in by_word.values().filter(|group| group.len() <= SHARED) {
        for (at, &a) in group.iter().enumerate() {
            for &b in &group[at + 1..] {
                if known.is_same(a, b) || known.is_same(b, a) {
                    unite(&mut owner, a, b);
                }
                for (short, long) in [(a, b), (b, a)] {
                    if known.is_short(short, long) {
                        short_forms.entry(short).or_default().insert(long);
                    }
                    if known.is_surname(short, long) {
                        surnames.entry(short).or_default().insert(long);
                    }
                }
            }
        }
    }
    // The longest first, because it may be the long form of a shorter one: "J. Poe" of "John Poe" of "John F. Poe". Once more for forms
    // whose long forms were joined with each other.
    let mut order: Vec<usize> = short_forms.keys().copied().collect();
    order.sort_by_key(|&number| {
        (Reverse(names[number].words.len()), Reverse(names[number].key.len()), number)
    });
    for &short in order.iter().chain(&order) {
        if let Some(long) = meant(&owner, forms, &short_forms[&short], people[short].is_some()) {
            unite(&mut owner, short, long);
        }
    }
    for (short, bearers) in surnames {
        // "Trump" in an article that has no other name for him is not "Donald Trump Jr."
        let is_junior = |number: &usize| {
            let suffix = people[*number].as_ref().and_then(|person| person.suffix.as_deref());
            people[short].as_ref().is_some_and(|person| person.suffix.is_none())
                && matches!(suffix, Some("jr" | "junior"))
        };
        let (juniors, others): (BTreeSet<usize>, BTreeSet<usize>) = bearers.into_iter().partition(is_junior);
        let mentions = |of: &BTreeSet<usize>| of.iter().map(|&number| forms[number].1).sum::<usize>();
        if mentions(&juniors) < MUCH_MORE * mentions(&others)
            && let Some(long) = meant(&owner, forms, &others, true)
        {
            unite(&mut owner, short, long);
        }
    }
    (0..owner.len()).map(|number| root_of(&owner, number)).collect()
}

/// The entity that a short form means: that of all long forms that fit it or, where `prevails`, the one that is named much more often
/// than the others. "Defense Ministry" is neither the Russian nor the Ukrainian one where an event has both.
fn meant(
    owner: &[usize],
    forms: &[((EntityType, &str), usize)],
    long: &BTreeSet<usize>,
    prevails: bool,
) -> Option<usize> {
    let mut mentions: BTreeMap<usize, usize> = BTreeMap::new();
    for &number in long {
        *mentions.entry(root_of(owner, number)).or_default() += forms[number].1;
    }
    let mut mentions: Vec<(usize, usize)> = mentions.into_iter().map(|(root, count)| (count, root)).collect();
    mentions.sort_by_key(|&(count, root)| (Reverse(count), root));
    match mentions[..] {
        [(_, one)] => Some(one),
        [(count, one), (second, _), ..] if prevails && count >= MUCH_MORE * second => Some(one),
        _ => None,
    }
}

/// Joins two items; the smaller index becomes the root.
fn unite(owner: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root_of(owner, a), root_of(owner, b));
    owner[a.max(b)] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Entity, Mention};
    use EntityType::{Loc, Misc, Org, Per};

    /// The names of each entity that some names make, given with their types and numbers of mentions.
    fn entities<'a>(named: &[(EntityType, &'a str, usize)]) -> Vec<Vec<&'a str>> {
        let forms: Vec<((EntityType, &str), usize)> =
            named.iter().map(|&(kind, name, mentions)| ((kind, name), mentions)).collect();
        let names: Vec<Name> = named.iter().map(|(_, name, _)| Name::new(name)).collect();
        let mut found: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (root, &(_, name, _)) in joined(&forms, &names).into_iter().zip(named) {
            found.entry(root).or_default().push(name);
        }
        found.into_values().collect()
    }

    #[test]
    fn somebody_with_a_short_name_in_one_account_has_the_full_one_of_the_event() {
        let accounts = ["Macron", "Emmanuel Macron"].map(|name| {
            let mention = Mention { start: 0, end: name.len(), text: name.into(), score: 0.9, label: None };
            let mut account = Account::of_sentences(name, &[]);
            account.analysis.entities =
                Some(vec![Entity { name: name.into(), kind: Per, mentions: vec![mention] }]);
            account
        });
        let names = Names::of(&accounts);
        assert_eq!(names.in_full(0, "Macron".into()), "Emmanuel Macron");
        assert_eq!(names.in_full(0, "the police".into()), "the police");
    }

    #[test]
    fn a_name_without_its_middle_name_joins_no_two_people() {
        let found =
            entities(&[(Per, "George Bush", 3), (Per, "George W. Bush", 4), (Per, "George H. W. Bush", 4)]);
        assert_eq!(found.len(), 3, "{found:?}");
        // Somebody who is named much more often is meant.
        let found =
            entities(&[(Per, "George Bush", 3), (Per, "George W. Bush", 12), (Per, "George H. W. Bush", 2)]);
        assert_eq!(found, [vec!["George Bush", "George W. Bush"], vec!["George H. W. Bush"]]);
        let found =
            entities(&[(Per, "J. Kennedy", 1), (Per, "John Kennedy", 1), (Per, "John F. Kennedy", 1)]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_surname_alone_is_not_that_of_the_son() {
        let found = entities(&[(Per, "Trump", 5), (Per, "Donald Trump Jr.", 4)]);
        assert_eq!(found.len(), 2, "{found:?}");
        let found = entities(&[(Per, "Trump", 5), (Per, "Donald Trump Jr.", 4), (Per, "Donald Trump", 3)]);
        assert_eq!(found, [vec!["Trump", "Donald Trump"], vec!["Donald Trump Jr."]]);
        let found =
            entities(&[(Per, "Marcos", 5), (Per, "Ferdinand Marcos Jr.", 30), (Per, "Ferdinand Marcos", 2)]);
        assert_eq!(found.len(), 3, "{found:?}");
        let found = entities(&[(Per, "Trump Jr.", 5), (Per, "Donald Trump Jr.", 4)]);
        assert_eq!(found.len(), 1, "{found:?}");
        let found = entities(&[(Per, "Macron", 5), (Per, "Emmanuel Macron", 4)]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_short_form_of_two_bodies_joins_neither() {
        let found = entities(&[
            (Misc, "Russian", 9),
            (Misc, "Ukrainian", 9),
            (Org, "Defense Ministry", 4),
            (Org, "Russian Defense Ministry", 2),
            (Org, "Ukrainian Defense Ministry", 2),
        ]);
        assert_eq!(found.len(), 5, "{found:?}");
        let found = entities(&[
            (Misc, "Russian", 9),
            (Org, "Defense Ministry", 4),
            (Org, "Russian Defense Ministry", 2),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
        let found = entities(&[(Org, "Rangers", 4), (Org, "New York Rangers", 2), (Org, "Texas Rangers", 2)]);
        assert_eq!(found.len(), 3, "{found:?}");
        let found = entities(&[(Org, "Takuba", 4), (Org, "Task Force Takuba", 2), (Org, "Takuba Force", 2)]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn outlets_spell_one_name_differently() {
        for names in [
            &[(Per, "Volodymyr Zelensky", 2), (Per, "Volodymyr Zelenskyy", 3)][..],
            &[(Per, "Moammar Gadhafi", 2), (Per, "Muammar Gaddafi", 3)],
            &[(Loc, "Kiev", 2), (Loc, "Kyiv", 3)],
            &[(Org, "Conservatives", 2), (Org, "Conservative Party", 3)],
            &[(Loc, "US", 2), (Org, "United States", 3)],
        ] {
            assert_eq!(entities(names).len(), 1, "{names:?}");
        }
        for names in [
            &[(Loc, "Hama", 2), (Org, "Hamas", 3)][..],
            &[(Loc, "D.C.", 2), (Org, "Department of Commerce", 3)],
            &[(Org, "EU", 2), (Org, "Edinburgh University", 3)],
        ] {
            assert_eq!(entities(names).len(), 2, "{names:?}");
        }
    }
}
