//! Joins the forms of people's names: a family name, a given name or "Mr X" with the full name that it stands for.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::form::{Form, root_of};
use super::gender::{self, Gender};
use super::person::{Fit, PersonName};
use super::{EntityMention, EntityType};
use crate::article::Span;

/// Words for relatives. A family name alone does not mean a person who is introduced as somebody's relative.
const RELATIVES: &str = r"wife|husband|spouse|widow|widower|son|daughter|brother|sister|mother|father|cousin|niece|nephew|uncle|aunt|grandfather|grandmother|grandson|granddaughter|stepson|stepdaughter|stepfather|stepmother|girlfriend|boyfriend|fiancée?|first lady|first gentleman";

/// Bytes around a name that are searched for a form of address and words for relatives.
const CONTEXT: usize = 60;

/// What the words around a person's names say about the person.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonInfo {
    /// Where the article shows it.
    pub gender: Option<Gender>,
    /// Whether the person is introduced as somebody's relative.
    is_relative: bool,
}

/// [`CONTEXT`] bytes of text before and behind a mention.
fn around(text: &str, span: Span) -> (&str, &str) {
    let from = text.ceil_char_boundary(span.start.saturating_sub(CONTEXT));
    let to = text.floor_char_boundary((span.end + CONTEXT).min(text.len()));
    (&text[from.min(span.start)..span.start], &text[span.end..to.max(span.end)])
}

/// The gender that a form of address ("Mr", "Mrs") directly before a mention shows.
pub fn address(text: &str, span: Span) -> Option<Gender> {
    let (before, _) = around(text, span);
    let word = before.trim_end().rsplit(char::is_whitespace).next()?;
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    const ADDRESSES: &[&str] =
        &["Mr", "Mrs", "Ms", "Miss", "Sir", "Lord", "Lady", "Dame", "Madame", "Mme", "Monsieur"];
    // A word at the end of a line belongs to that line.
    (ADDRESSES.contains(&word) && !before.ends_with('\n')).then(|| gender::of_word(word))?
}

/// What the words for relatives and offices say that stand before a name ("his wife Brigitte Macron") or behind it
/// ("Brigitte Macron, his wife").
fn introduced(text: &str, span: Span) -> PersonInfo {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)\b(?:(?P<relative>{RELATIVES})(?:-in-law)?,?|(?P<office>\p{{L}}+(?:man|woman)|actor|actress|king|queen|prince|princess|pope))\s+(?:(?:mr|mrs|ms|dr)\.?\s+)?$"
        ))
        .expect("a valid pattern")
    });
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        let word = r"(?:his|her|their|the|a|an|\p{L}+['’]s?|former|late|eldest|elder|older|oldest|younger|youngest|second|third|only|twin)";
        Regex::new(&format!(
            r"^,\s+(?:{word}\s+){{0,4}}(?i:(?P<relative>{RELATIVES})|(?P<office>\p{{L}}+(?:man|woman)))\b"
        ))
        .expect("a valid pattern")
    });
    // What goes on with further people, or with "'s".
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        let family = r"(?:\p{L}+\s+){0,2}(?:child(?:ren)?|kids?|sons?|daughters?|friends)\b";
        let pattern = r"^(?:\s+\p{Lu}|,\s+\p{Lu}[\p{L}-]+,|,?\s+and\s+(?:\p{Lu}|(?:his|her|their)\b|";
        Regex::new(&format!("{pattern}{family}))")).expect("a valid pattern")
    });
    let (before, behind) = around(text, span);
    // "Barack Obama, his wife Michelle and his aides", "Tom Poe, his wife's lawyer"
    let is_of_another = |found: &Captures| {
        let rest = &behind[found[0].len()..];
        rest.starts_with(['\'', '’']) || (found.name("relative").is_some() && GOES_ON.is_match(rest))
    };
    let apposition = BEHIND.captures(behind).filter(|found| !is_of_another(found));
    let mut info = PersonInfo { gender: address(text, span), is_relative: false };
    for found in [BEFORE.captures(before), apposition].into_iter().flatten() {
        let relative = found.name("relative").map(|m| m.as_str().to_lowercase());
        info.is_relative |= relative.is_some();
        let word =
            relative.as_deref().or_else(|| found.name("office").map(|m| m.as_str())).unwrap_or_default();
        let gender = match word {
            "first lady" => Some(Gender::Female),
            "first gentleman" => Some(Gender::Male),
            word => gender::of_word(word),
        };
        info.gender = info.gender.or(gender);
    }
    info
}

/// What the article says about the person that a form names.
pub fn person_info(text: &str, form: &Form) -> PersonInfo {
    let mut info = PersonInfo { gender: form.address.or(form.person.gender), is_relative: false };
    for mention in &form.mentions {
        let found = introduced(text, mention.span);
        info.gender = info.gender.or(found.gender);
        info.is_relative |= found.is_relative;
    }
    info.gender = info.gender.or_else(|| form.person.gender_of_given_name());
    info
}

/// The title before or in a mention that is followed by a given name: "prince" of "Prince William".
fn royal_title(text: &str, form: &Form) -> Option<String> {
    static ROYAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(Prince|Princess|King|Queen|Pope|Emperor|Empress|Sultan|Emir|Saint|St)\.?\s+$")
            .expect("a valid pattern")
    });
    form.mentions.iter().find_map(|mention| {
        let (before, _) = around(text, mention.span);
        let first = mention.span.of(text).split_once(' ').map_or("", |(first, _)| first);
        let inside = format!("{first} ");
        let found = ROYAL.captures(before).or_else(|| ROYAL.captures(&inside))?;
        Some(found[1].to_lowercase().replace("saint", "st"))
    })
}

/// Whether the text names a relative by this form: "Davis's mother, Shonda Davis". Then the form is not the relative.
fn has_relative(text: &str, form: &Form) -> bool {
    static OWNS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"^(?:['’]s?)?\s+(?:\p{{L}}+\s+){{0,2}}(?:{RELATIVES})\b"))
            .expect("a valid pattern")
    });
    form.mentions.iter().any(|mention| {
        let (_, behind) = around(text, mention.span);
        let owns = mention.span.of(text).ends_with(['s', '’', '\'']) || behind.starts_with(['\'', '’']);
        owns && OWNS.is_match(behind)
    })
}

/// Joins each short form of a person's name to a longer form, by setting its `owner`, where exactly one longer form fits.
///
/// Where several fit, forms of the other gender are left out first, then people who are introduced as somebody's
/// relative, then people with a suffix such as "Jr.". `kinds` has the type of each form.
pub fn join(text: &str, forms: &[Form], kinds: &[EntityType], owner: &mut [usize]) {
    let people: Vec<usize> = (0..forms.len()).filter(|&form| kinds[form] == EntityType::Per).collect();
    let infos: HashMap<usize, PersonInfo> = people
        .iter()
        .filter(|&&form| forms[form].person.is_full())
        .map(|&form| (form, person_info(text, &forms[form])))
        .collect();
    let by_word = by_word(forms, &people);
    // The longest first, so that the longer form of a pair has been joined already.
    let mut order = people.clone();
    let size =
        |form: &Form| (form.person.words.len(), form.person.words.iter().map(String::len).sum::<usize>());
    order.sort_by_key(|&form| std::cmp::Reverse(size(&forms[form])));
    for short in order {
        let person = &forms[short].person;
        let fits = longer_forms(forms, &by_word, short);
        let best = fits.iter().map(|(fit, _)| *fit).min();
        let fitting =
            fits.iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, long)| root_of(owner, *long));
        let mut roots: Vec<usize> = fitting.filter(|&root| root != short).collect();
        roots.sort();
        roots.dedup();
        let wanted = forms[short].address.or(person.gender);
        let of = |root: &usize| infos.get(root).copied().unwrap_or_default();
        let other = |root: &usize| matches!((wanted, of(root).gender), (Some(a), Some(b)) if a != b);
        roots.retain(|root| !other(root));
        let first = |form: usize| forms[form].mentions.first().map(|mention| mention.span);
        let last = forms[short].mentions.last().map(|mention| mention.span);
        match best {
            // Two people with full names: "George Bush and George W. Bush", "Said Poe, father of Ali Said Poe".
            Some(Fit::Whole) => roots.retain(|&root| !stand_in_a_list(text, &forms[short], &forms[root])),
            Some(Fit::Family) if person.is_full() && of(&short).is_relative => roots.clear(),
            // "David and Jeanne Heidler": his given name is not that of a David whom the article names later.
            Some(Fit::Part) => {
                let behind = |mention: &EntityMention| text[mention.span.end..].starts_with(" and ");
                let shares_name = forms[short].mentions.iter().any(behind);
                roots.retain(|&root| !shares_name || first(root) < last);
            }
            _ => {
                let known = prevailing(&forms[short], forms, &roots);
                prefer(&mut roots, |root| Some(*root) == known);
            }
        }
        prefer(&mut roots, |root| wanted.is_some() && of(root).gender == wanted);
        prefer(&mut roots, |root| !of(root).is_relative);
        prefer(&mut roots, |root| forms[*root].person.suffix.is_none());
        // A bearer of the name whom the article names only after its last mention is not meant.
        prefer(&mut roots, |root| first(*root) < last);
        if best != Some(Fit::Whole) && !person.is_full() {
            keep_titled(text, forms, short, &mut roots);
        }
        if roots.iter().any(|root| of(root).is_relative) && has_relative(text, &forms[short]) {
            roots.retain(|root| !of(root).is_relative);
        }
        if let [root] = roots[..] {
            owner[short] = root;
        }
    }
    join_addresses(forms, &people, owner);
}

/// The forms of people by the words of their names.
fn by_word<'f>(forms: &'f [Form], people: &[usize]) -> HashMap<&'f str, Vec<usize>> {
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    for &form in people {
        let mut words: Vec<&str> = forms[form].person.words.iter().map(String::as_str).collect();
        words.sort();
        words.dedup();
        words.into_iter().for_each(|word| found.entry(word).or_default().push(form));
    }
    found
}

/// The forms of which a form may be a shorter one, in order. Only forms with its last word, or the first one that is no initial, are
/// compared.
fn longer_forms(forms: &[Form], by_word: &HashMap<&str, Vec<usize>>, short: usize) -> Vec<(Fit, usize)> {
    let person = &forms[short].person;
    let ends = [person.words.last(), person.words.iter().find(|word| word.chars().count() > 1)];
    let mut near: Vec<usize> =
        ends.into_iter().flatten().flat_map(|word| by_word[word.as_str()].iter().copied()).collect();
    near.sort();
    near.dedup();
    near.into_iter()
        .filter(|&long| long != short)
        .filter_map(|long| Some((person.fit(&forms[long].person)?, long)))
        .collect()
}

/// Where the article gives a short form a title, leaves out the forms without it: "Prince William" is not William Ruto, but he may be the
/// Prince William Windsor of another sentence; "Pope Francis" is not "St. Francis of Assisi".
fn keep_titled(text: &str, forms: &[Form], short: usize, roots: &mut Vec<usize>) {
    let Some(title) = royal_title(text, &forms[short]) else { return };
    let is_heir = |long: &PersonName| long.words.iter().any(|word| ["bin", "al"].contains(&word.as_str()));
    roots.retain(|&root| {
        let long = &forms[root];
        is_heir(&long.person) || royal_title(text, long).as_ref() == Some(&title)
    });
}

/// The bearer of a family name who is the first to be named in full, where the family name alone follows before the article names
/// the second one: it goes on to mean the first.
fn prevailing(short: &Form, forms: &[Form], bearers: &[usize]) -> Option<usize> {
    let mut firsts: Vec<(Span, usize)> =
        bearers.iter().map(|&bearer| (forms[bearer].mentions[0].span, bearer)).collect();
    firsts.sort();
    let [(first, bearer), (second, _), ..] = firsts[..] else { return None };
    let mut between = short.mentions.iter().map(|mention| mention.span);
    between.any(|span| first.end <= span.start && span.end <= second.start).then_some(bearer)
}

/// Whether mentions of two forms are neighbours in a list: "George Bush and George W. Bush".
fn stand_in_a_list(text: &str, a: &Form, b: &Form) -> bool {
    let is_list = |first: Span, second: Span| {
        text.get(first.end..second.start)
            .is_some_and(|between| [", ", " and ", ", and ", " or "].contains(&between))
    };
    a.mentions.iter().any(|a| b.mentions.iter().any(|b| is_list(a.span, b.span) || is_list(b.span, a.span)))
}

/// Keeps only the items for which a rule holds; all of them where it holds for none.
fn prefer(roots: &mut Vec<usize>, rule: impl Fn(&usize) -> bool) {
    if roots.len() > 1 && roots.iter().any(&rule) {
        roots.retain(rule);
    }
}

/// Separates "Mr Macron" and "Mrs Macron", who are two people. Joins "Mr Macron" with "Macron" where the article has no
/// full name for either, and no "Mrs Macron".
fn join_addresses(forms: &[Form], people: &[usize], owner: &mut [usize]) {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for &form in people {
        by_key.entry(forms[form].person.key()).or_default().push(form);
    }
    for same in by_key.values() {
        let of = |gender| same.iter().copied().find(|&form| forms[form].address == Some(gender));
        if let (Some(he), Some(she)) = (of(Gender::Male), of(Gender::Female))
            && root_of(owner, he) == root_of(owner, she)
        {
            let later = if forms[he].mentions[0].span < forms[she].mentions[0].span { she } else { he };
            owner[later] = later;
        }
        let alone: Vec<usize> = same.iter().copied().filter(|&form| owner[form] == form).collect();
        let addressed: Vec<usize> =
            alone.iter().copied().filter(|&form| forms[form].address.is_some()).collect();
        let plain = alone.iter().copied().find(|&form| forms[form].address.is_none());
        if let ([one], Some(plain)) = (&addressed[..], plain) {
            owner[*one] = plain;
        }
    }
}
