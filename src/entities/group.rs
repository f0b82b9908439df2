//! Grouping of mentions into entities: which mentions of an article name the same thing, and by which name it is shown.

use std::collections::{HashMap, HashSet};

use super::EntityMention;
use super::EntityType;
use super::form::{Form, root_of};
use super::gender::Gender;
use super::letters::{is_invisible, without_possessive};
use super::names::Name;
use super::people;
use super::person::{PersonName, without_credit};
use crate::article::{Span, on_one_line};

/// A person, organisation, place or other thing that the article names, with all its mentions.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// The fullest form the article uses.
    pub name: String,
    /// The type that most of its mentions have.
    pub kind: EntityType,
    /// Of a person, where the article shows it.
    pub gender: Option<Gender>,
    /// At least one, in the order of the text.
    pub mentions: Vec<Mention>,
}

/// A mention that belongs to an [`Entity`], which has the type.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Bytes of the article.
    pub span: Span,
    /// Mean probability of the labels chosen for its words.
    pub score: f64,
    /// The model's own name of the type, where it differs from [`EntityType`].
    pub label: Option<String>,
}

/// Groups the mentions of one article (spans in `text`). Entities are in the order of their first mentions.
///
/// Mentions with the same letters are one form, whose type is the one with the highest sum of scores. Then a short form
/// is joined to a long form if exactly one long form fits; if two fit, it is joined to neither. These fit: a part of a
/// person's name and the full name; an acronym and its long form (by brackets or initials); a name without and with a
/// word for its kind ("Barkhane", "Operation Barkhane"); a company, team or newspaper and its short name ("Toyota Motor Corp", "Green
/// Bay Packers", "Washington Post"); a body without and with whose it is ("House Freedom Caucus"); a name without and with what it is
/// for ("Award for Translation"); a place without and with its region ("Parkland, Fla"); "Education Department" and "Department of
/// Education"; names that are known to be the same ("ISIS", "Islamic State"); and long names that differ in a letter.
pub fn group(text: &str, mentions: &[EntityMention]) -> Vec<Entity> {
    let forms = forms(text, mentions);
    let mut owner: Vec<usize> = (0..forms.len()).collect();
    let kinds: Vec<EntityType> = forms.iter().map(|form| vote(&form.mentions)).collect();
    people::join(text, &forms, &kinds, &mut owner);
    let no_people = forms.iter().zip(&kinds).filter(|(_, kind)| **kind != EntityType::Per);
    let named: HashSet<&str> = no_people.map(|(form, _)| form.name.key.as_str()).collect();
    // Once more for forms whose candidates were joined with each other: "Democratic", "Democrats" and "Democratic Party".
    for short in (0..forms.len()).chain(0..forms.len()) {
        if owner[short] != short {
            continue;
        }
        let fits =
            |long: usize| is_short_form(text, &forms[short], &forms[long], kinds[short], kinds[long], &named);
        let fitting = (0..forms.len()).filter(|&long| long != short && fits(long));
        let mut roots: Vec<usize> = fitting.map(|long| root_of(&owner, long)).collect();
        roots.sort();
        roots.dedup();
        if let [root] = roots[..]
            && root != short
        {
            owner[short] = root;
        }
    }
    let mut entities: Vec<(usize, Vec<&Form>)> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (index, form) in forms.iter().enumerate() {
        let root = root_of(&owner, index);
        let at = *place.entry(root).or_insert_with(|| {
            entities.push((root, Vec::new()));
            entities.len() - 1
        });
        entities[at].1.push(form);
    }
    let mut found: Vec<Entity> =
        entities.into_iter().map(|(root, members)| entity(text, kinds[root], &members)).collect();
    found.sort_by_key(|entity| entity.mentions[0].span);
    found
}

/// Mentions with the same spelling, together.
fn forms(text: &str, mentions: &[EntityMention]) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut by_key: HashMap<(String, Option<Gender>), usize> = HashMap::new();
    for mention in mentions {
        let surface = on_one_line(mention.span.of(text));
        let (name, person) = (Name::new(&surface), PersonName::new(&surface));
        // A mention of punctuation only ("—") has no letters to compare.
        if name.key.is_empty() {
            continue;
        }
        let is_person = mention.kind == EntityType::Per && !person.words.is_empty();
        let address = (is_person && !person.is_full())
            .then(|| person.gender.or_else(|| people::address(text, mention.span)))
            .flatten();
        let key = if is_person { person.key() } else { name.key.clone() };
        // "Müller" may be written "Mueller" elsewhere.
        let known = [Some(&key), name.wide_key.as_ref()].into_iter().flatten();
        let known = known.filter_map(|key| by_key.get(&(key.clone(), address))).next().copied();
        let form = known.unwrap_or_else(|| {
            for key in [Some(key), name.wide_key.clone()].into_iter().flatten() {
                by_key.entry((key, address)).or_insert(forms.len());
            }
            forms.push(Form { name, person, address, mentions: Vec::new() });
            forms.len() - 1
        });
        forms[form].mentions.push(mention.clone());
    }
    forms
}

/// The type with the highest sum of scores; of equal ones the first in [`EntityType::ALL`].
fn vote(mentions: &[EntityMention]) -> EntityType {
    let weight = |kind| mentions.iter().filter(|m| m.kind == kind).map(|m| m.score).sum::<f64>();
    EntityType::ALL.into_iter().fold(
        EntityType::Per,
        |best, kind| {
            if weight(kind) > weight(best) { kind } else { best }
        },
    )
}

/// Whether `short` is a shorter form, or another spelling, of `long`. `named` are the keys of all names of the article but those of
/// people.
fn is_short_form(
    text: &str,
    short: &Form,
    long: &Form,
    short_kind: EntityType,
    long_kind: EntityType,
    named: &HashSet<&str>,
) -> bool {
    let (a, b) = (&short.name, &long.name);
    let person = short_kind == EntityType::Per && long_kind == EntityType::Per;
    let in_brackets = a.may_abbreviate(b) && stands_in_brackets(text, short, long);
    in_brackets
        || (!person && a.is_known_as(b))
        || (!person
            && a.is_acronym_of(b)
            && long_kind != EntityType::Per
            && !a.has_initials_by_chance(short_kind, long_kind))
        || (!person
            && a.is_core_of(b)
            && !a.is_apart_from(b, long_kind)
            && (short_kind == long_kind || (is_org_or_misc(short_kind) && is_org_or_misc(long_kind))))
        || (!person && short_kind == long_kind && a.is_before_for_of(b))
        || (is_org_or_misc(short_kind) && is_org_or_misc(long_kind) && a.is_member_of(b, named))
        || (short_kind == EntityType::Per && long_kind == EntityType::Org && a.is_party_of(b))
        || (short_kind == EntityType::Org
            && long_kind == EntityType::Org
            && (a.is_company_of(b) || a.is_nickname_of(b) || a.is_body_of(b, named)))
        || (short_kind == EntityType::Loc && long_kind == EntityType::Loc && a.is_before_comma_of(b))
        || (!person
            && short_kind == long_kind
            && (a.words.len(), &a.key) < (b.words.len(), &b.key)
            && a.is_reordered(b))
        || (short_kind == long_kind
            && a.is_variant_of(b)
            && !is_of_other_gender(short, long)
            && (a.words.len(), &a.key) > (b.words.len(), &b.key))
}

/// Whether given names show that two people are a woman and a man: "Alejandro Rodriguez" and "Alejandra Rodriguez".
fn is_of_other_gender(a: &Form, b: &Form) -> bool {
    let of = |form: &Form| form.person.gender_of_given_name();
    matches!((of(a), of(b)), (Some(one), Some(other)) if one != other)
}

/// Types that are easily confused: operations, missions and forces are labelled as organisations or as events.
fn is_org_or_misc(kind: EntityType) -> bool {
    matches!(kind, EntityType::Org | EntityType::Misc)
}

/// Whether the text has "Long Form (LF)" or "LF (Long Form)".
fn stands_in_brackets(text: &str, short: &Form, long: &Form) -> bool {
    let follows = |first: Span, second: Span| {
        second.start > first.end && matches!(&text[first.end..second.start], " (" | "(" | " [" | " (the ")
    };
    let pairs = long.mentions.iter().flat_map(|l| short.mentions.iter().map(move |s| (l.span, s.span)));
    pairs.into_iter().any(|(long, short)| follows(long, short) || follows(short, long))
}

/// The entity that some forms make.
fn entity(text: &str, kind: EntityType, members: &[&Form]) -> Entity {
    let mut mentions: Vec<Mention> = members
        .iter()
        .flat_map(|form| &form.mentions)
        .map(|mention| Mention { span: mention.span, score: mention.score, label: mention.label.clone() })
        .collect();
    mentions.sort_by_key(|mention| mention.span);
    let fullest = fullest(kind, members);
    let known = || members.iter().find_map(|form| people::person_info(text, form).gender);
    let gender = (kind == EntityType::Per).then(known).flatten();
    Entity { name: spelling(text, fullest, kind), kind, gender, mentions }
}

/// The form that gives an entity its name: the one with most words, then with most mentions. A form is avoided if it
/// begins with another person's name: "Ann Lee Boris Johnson", a photographer and the person, beside "Boris Johnson".
fn fullest<'a>(kind: EntityType, members: &[&'a Form]) -> &'a Form {
    let words = |form: &Form| match kind {
        EntityType::Per => form.person.words.len() + usize::from(form.person.suffix.is_some()),
        _ => form.name.words.len(),
    };
    let has_two_people = |form: &Form| {
        kind == EntityType::Per && members.iter().any(|other| form.person.has_stranger_before(&other.person))
    };
    let best = members.iter().max_by_key(|form| (!has_two_people(form), words(form), form.mentions.len()));
    best.expect("an entity has a form")
}

/// The most frequent spelling of a form, without a possessive ending or a photo credit; of equally frequent ones, one
/// that is not all capitals. "McDonald's" is never called without the ending, and keeps it.
fn spelling(text: &str, form: &Form, kind: EntityType) -> String {
    let is_possessive = |mention: &EntityMention| {
        let surface = mention.span.of(text);
        without_possessive(surface).len() < surface.len()
    };
    let keeps_ending =
        kind != EntityType::Per && form.mentions.len() > 1 && form.mentions.iter().all(is_possessive);
    let surfaces: Vec<String> = form
        .mentions
        .iter()
        .map(|mention| {
            let surface = on_one_line(mention.span.of(text));
            // "[James] O'Neill" has his first name from the editors.
            let is_shown = |c: &char| !is_invisible(*c) && !"[]".contains(*c);
            let surface: String = surface.chars().filter(is_shown).collect();
            let bare = if keeps_ending { surface.as_str() } else { without_possessive(&surface) };
            if kind == EntityType::Per { without_credit(bare) } else { bare }.to_owned()
        })
        .collect();
    let count = |wanted: &String| surfaces.iter().filter(|surface| *surface == wanted).count();
    let lower = |surface: &String| surface.chars().any(char::is_lowercase);
    // `max_by_key` keeps the last of equal ones; after `rev` that is the first in the text.
    surfaces
        .iter()
        .rev()
        .max_by_key(|surface| (count(surface), lower(surface)))
        .expect("a form has a mention")
        .clone()
}

#[cfg(test)]
mod tests;
