//! Which short names of people belong to which full names: the family name, the given name, "Mr" and "Mrs".

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::EntityType;
use super::form::{Form, root_of};
use super::gender::{self, Gender};
use super::person::Fit;
use crate::article::Span;

/// Words for relatives. Who is introduced as somebody's relative is not meant by the family name alone.
const RELATIVES: &str = r"wife|husband|spouse|widow|widower|son|daughter|brother|sister|mother|father|cousin|niece|nephew|uncle|aunt|grandfather|grandmother|grandson|granddaughter|stepson|stepdaughter|stepfather|stepmother|girlfriend|boyfriend|fiancée?|first lady|first gentleman";

/// Bytes around a name in which its form of address and its relatives stand.
const NEAR: usize = 60;

/// What the article says of the bearer of a full name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bearer {
    pub gender: Option<Gender>,
    is_relative: bool,
}

/// Text before and behind a mention, as far as it matters.
fn around(text: &str, span: Span) -> (&str, &str) {
    let from = text.ceil_char_boundary(span.start.saturating_sub(NEAR));
    let to = text.floor_char_boundary((span.end + NEAR).min(text.len()));
    (&text[from.min(span.start)..span.start], &text[span.end..to.max(span.end)])
}

/// "Mr" or "Mrs" directly before a mention.
pub fn address(text: &str, span: Span) -> Option<Gender> {
    let (before, _) = around(text, span);
    let word = before.trim_end().rsplit(char::is_whitespace).next()?;
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    const ADDRESSES: &[&str] =
        &["Mr", "Mrs", "Ms", "Miss", "Sir", "Lord", "Lady", "Dame", "Madame", "Mme", "Monsieur"];
    // What ends a line or a sentence belongs to that.
    (ADDRESSES.contains(&word) && !before.ends_with('\n')).then(|| gender::of_word(word))?
}

/// Relatives and offices in front of a name ("his wife Brigitte Macron") and behind it ("Brigitte Macron, his wife").
fn introduced(text: &str, span: Span) -> Bearer {
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
    let (before, behind) = around(text, span);
    let mut bearer = Bearer { gender: address(text, span), is_relative: false };
    for found in [BEFORE.captures(before), BEHIND.captures(behind)].into_iter().flatten() {
        let relative = found.name("relative").map(|m| m.as_str().to_lowercase());
        bearer.is_relative |= relative.is_some();
        let word =
            relative.as_deref().or_else(|| found.name("office").map(|m| m.as_str())).unwrap_or_default();
        let lady = match word {
            "first lady" => Some(Gender::Female),
            "first gentleman" => Some(Gender::Male),
            word => gender::of_word(word),
        };
        bearer.gender = bearer.gender.or(lady);
    }
    bearer
}

/// What the article says of whom a form names.
pub fn bearer(text: &str, form: &Form) -> Bearer {
    let mut bearer = Bearer { gender: form.address.or(form.person.gender), is_relative: false };
    for mention in &form.mentions {
        let found = introduced(text, mention.span);
        bearer.gender = bearer.gender.or(found.gender);
        bearer.is_relative |= found.is_relative;
    }
    bearer.gender = bearer.gender.or_else(|| form.person.gender_of_given_name());
    bearer
}

/// Points each form of a person's name to the fuller form it is short for, where exactly one fits.
///
/// Of several that fit, those of the other gender are left out, then people introduced as somebody's relative, then
/// people called Junior and the like.
pub fn join(text: &str, forms: &[Form], kinds: &[EntityType], owner: &mut [usize]) {
    let people: Vec<usize> = (0..forms.len()).filter(|&form| kinds[form] == EntityType::Per).collect();
    let bearers: HashMap<usize, Bearer> = people
        .iter()
        .filter(|&&form| forms[form].person.is_full())
        .map(|&form| (form, bearer(text, &forms[form])))
        .collect();
    let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
    for &form in &people {
        let mut words: Vec<&str> = forms[form].person.words.iter().map(String::as_str).collect();
        words.sort();
        words.dedup();
        words.into_iter().for_each(|word| by_word.entry(word).or_default().push(form));
    }
    // The longest first, so that what a form is short for has found its own place already.
    let mut order = people.clone();
    let size =
        |form: &Form| (form.person.words.len(), form.person.words.iter().map(String::len).sum::<usize>());
    order.sort_by_key(|&form| std::cmp::Reverse(size(&forms[form])));
    for short in order {
        let person = &forms[short].person;
        let ends = [person.words.last(), person.words.iter().find(|word| word.chars().count() > 1)];
        let mut near: Vec<usize> =
            ends.into_iter().flatten().flat_map(|word| by_word[word.as_str()].iter().copied()).collect();
        near.sort();
        near.dedup();
        let fits: Vec<(Fit, usize)> = near
            .into_iter()
            .filter(|&long| long != short)
            .filter_map(|long| Some((person.fit(&forms[long].person)?, long)))
            .collect();
        let best = fits.iter().map(|(fit, _)| *fit).min();
        let fitting =
            fits.iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, long)| root_of(owner, *long));
        let mut roots: Vec<usize> = fitting.filter(|&root| root != short).collect();
        roots.sort();
        roots.dedup();
        let wanted = forms[short].address.or(person.gender);
        let of = |root: &usize| bearers.get(root).copied().unwrap_or_default();
        let other = |root: &usize| matches!((wanted, of(root).gender), (Some(a), Some(b)) if a != b);
        roots.retain(|root| !other(root));
        prefer(&mut roots, |root| wanted.is_some() && of(root).gender == wanted);
        prefer(&mut roots, |root| !of(root).is_relative);
        prefer(&mut roots, |root| forms[*root].person.suffix.is_none());
        if let [root] = roots[..] {
            owner[short] = root;
        }
    }
    join_addresses(forms, &people, owner);
}

/// Keeps those that a rule speaks for, where it speaks for any.
fn prefer(roots: &mut Vec<usize>, rule: impl Fn(&usize) -> bool) {
    if roots.len() > 1 && roots.iter().any(&rule) {
        roots.retain(rule);
    }
}

/// "Mr Macron" and "Mrs Macron" are two people; and "Mr Macron" is "Macron" where the article has no full name for
/// either, and no "Mrs Macron".
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
