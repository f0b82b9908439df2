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
/// word for its kind ("Barkhane", "Operation Barkhane"); a company or team and its short name ("Toyota Motor Corp", "Green Bay
/// Packers"); a body without and with whose it is ("House Freedom Caucus"); a name without and with what it is for ("Award for
/// Translation"); a place without and with its region ("Parkland, Fla"); "Education Department" and "Department of Education"; names
/// that are known to be the same ("ISIS", "Islamic State"); and long names that differ in a letter.
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
        || (!person && a.is_acronym_of(b) && long_kind != EntityType::Per)
        || (!person
            && a.is_core_of(b)
            && (short_kind == long_kind || (is_org_or_misc(short_kind) && is_org_or_misc(long_kind))))
        || (!person && short_kind == long_kind && a.is_before_for_of(b))
        || (is_org_or_misc(short_kind) && is_org_or_misc(long_kind) && a.is_member_of(b, named))
        || (short_kind == EntityType::Per && long_kind == EntityType::Org && a.is_party_of(b))
        || (short_kind == EntityType::Org
            && long_kind == EntityType::Org
            && (a.is_company_of(b) || a.is_nickname_of(b) || a.is_body_of(b, named)))
        || (short_kind == EntityType::Loc && long_kind == EntityType::Loc && a.is_before_comma_of(b))
        || (!person && short_kind == long_kind && a.words.len() < b.words.len() && a.is_reordered(b))
        || (short_kind == long_kind
            && a.is_variant_of(b)
            && (a.words.len(), &a.key) > (b.words.len(), &b.key))
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
/// that is not all capitals.
fn spelling(text: &str, form: &Form, kind: EntityType) -> String {
    let surfaces: Vec<String> = form
        .mentions
        .iter()
        .map(|mention| {
            let surface = on_one_line(mention.span.of(text));
            // "[James] O'Neill" has his first name from the editors.
            let is_shown = |c: &char| !is_invisible(*c) && !"[]".contains(*c);
            let surface: String = surface.chars().filter(is_shown).collect();
            let bare = without_possessive(&surface);
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
mod tests {
    use super::*;
    use EntityType::*;

    /// Groups all occurrences of the names: name, type and number of mentions of each entity.
    fn grouped(text: &str, names: &[(&str, EntityType)]) -> Vec<(String, EntityType, usize)> {
        let mut mentions: Vec<EntityMention> = Vec::new();
        for &(name, kind) in names {
            for (start, _) in text.match_indices(name) {
                let span = Span::new(start, start + name.len());
                if !mentions.iter().any(|m| m.span.overlaps(span)) {
                    mentions.push(EntityMention { span, kind, score: 0.9, label: None });
                }
            }
        }
        mentions.sort_by_key(|mention| mention.span);
        let entities = group(text, &mentions);
        entities.into_iter().map(|e| (e.name, e.kind, e.mentions.len())).collect()
    }

    #[test]
    fn surnames_and_acronyms_find_their_long_forms() {
        let text =
            "Emmanuel Macron of the European Union praised MINUSMA. Macron and the EU thanked Minusma.";
        let names = [
            ("Emmanuel Macron", Per),
            ("European Union", Org),
            ("MINUSMA", Org),
            ("Macron", Per),
            ("EU", Org),
            ("Minusma", Org),
        ];
        let found = grouped(text, &names);
        assert_eq!(
            found,
            [
                ("Emmanuel Macron".into(), Per, 2),
                ("European Union".into(), Org, 2),
                ("Minusma".into(), Org, 2)
            ]
        );
    }

    #[test]
    fn brackets_join_an_acronym_that_initials_do_not() {
        let text = "The Mission in Mali (MINUSMA) stays. MINUSMA said so.";
        let found = grouped(text, &[("Mission in Mali", Org), ("MINUSMA", Org)]);
        assert_eq!(found, [("Mission in Mali".into(), Org, 3)]);
    }

    #[test]
    fn an_ambiguous_surname_is_not_joined() {
        let text = "Bill Clinton and Hillary Clinton came. Clinton spoke.";
        let found = grouped(text, &[("Bill Clinton", Per), ("Hillary Clinton", Per), ("Clinton", Per)]);
        assert_eq!(found.len(), 3);
        // Whoever is named only behind it is not meant.
        let text = "Hillary Clinton came. Clinton spoke. Bill Clinton left.";
        let found = people(text, &["Bill Clinton", "Hillary Clinton", "Clinton"]);
        assert_eq!(found, [("Hillary Clinton".into(), 2), ("Bill Clinton".into(), 1)]);
        // Whoever is named first has the family name from then on.
        let text = "Jeb Bush left. Mr. Bush had hoped for help. The party of George Bush and George W. Bush is gone, and Mr. Bush with it.";
        let found = people(text, &["Jeb Bush", "George W. Bush", "George Bush", "Bush"]);
        let wanted = [("Jeb Bush", 3), ("George Bush", 1), ("George W. Bush", 1)];
        assert_eq!(found, wanted.map(|(name, mentions)| (name.to_owned(), mentions)));
        let text = "His biographers, David and Jeanne Heidler, wrote so. David Eisenhower did not.";
        let found = people(text, &["David Eisenhower", "Jeanne Heidler", "David"]);
        assert_eq!(found.len(), 3, "{found:?}");
        let text = "Mohamed Said Musallam was taken, said Said Musallam, his father.";
        assert_eq!(people(text, &["Mohamed Said Musallam", "Said Musallam"]).len(), 2);
    }

    /// As [`grouped`], for people. Of names that overlap, the first in the list is taken.
    fn people(text: &str, names: &[&str]) -> Vec<(String, usize)> {
        let names: Vec<_> = names.iter().map(|name| (*name, Per)).collect();
        grouped(text, &names).into_iter().map(|(name, _, mentions)| (name, mentions)).collect()
    }

    #[test]
    fn husband_and_wife_are_two_people() {
        let text = "Emmanuel Macron arrived in Berlin on Monday. His wife Brigitte Macron visited a school. Macron later met Angela Merkel. Mrs. Macron spoke to pupils. Mr. Macron said the talks were useful.";
        let found = people(text, &["Emmanuel Macron", "Brigitte Macron", "Angela Merkel", "Macron"]);
        let wanted = [("Emmanuel Macron", 3), ("Brigitte Macron", 2), ("Angela Merkel", 1)];
        assert_eq!(found, wanted.map(|(name, mentions)| (name.to_owned(), mentions)));
        // Where the text does not say who is whose wife, given names show whom "Mr" and "Mrs" mean.
        let text = "Bill Clinton and Hillary Clinton came. Mr Clinton spoke, and Mrs Clinton sang.";
        let found = people(text, &["Bill Clinton", "Hillary Clinton", "Clinton"]);
        assert_eq!(found, [("Bill Clinton".into(), 2), ("Hillary Clinton".into(), 2)]);
        // The title may be part of the mention, and there may be only one full name.
        let text = "Imran Khan came. Mr Khan spoke, and so did Mrs Khan. Khan left.";
        let found = people(text, &["Imran Khan", "Mr Khan", "Mrs Khan", "Khan"]);
        assert_eq!(found, [("Imran Khan".into(), 3), ("Mrs Khan".into(), 1)]);
        let text = "Mr Ito and Mrs Ito came.";
        assert_eq!(people(text, &["Ito"]).len(), 2);
        let text = "Mr Ito came. Ito left.";
        assert_eq!(people(text, &["Ito"]), [("Ito".into(), 2)]);
        let text = "Kim Jong Un came with his sister Kim Yo Jong. Kim spoke.";
        let found = people(text, &["Kim Jong Un", "Kim Yo Jong", "Kim"]);
        assert_eq!(found, [("Kim Jong Un".into(), 2), ("Kim Yo Jong".into(), 1)]);
    }

    #[test]
    fn names_have_many_forms() {
        for (text, names, wanted) in [
            (
                "Xi Jinping met Joe Biden. Xi spoke.",
                &["Xi Jinping", "Joe Biden", "Xi"][..],
                &[("Xi Jinping", 2), ("Joe Biden", 1)][..],
            ),
            ("Yoon Suk Yeol came. Yoon spoke.", &["Yoon Suk Yeol", "Yoon"], &[("Yoon Suk Yeol", 2)]),
            (
                "John Kennedy came. John F. Kennedy spoke. Kennedy left.",
                &["John Kennedy", "John F. Kennedy", "Kennedy"],
                &[("John F. Kennedy", 3)],
            ),
            (
                "Jean-Luc Mélenchon came. Melenchon spoke.",
                &["Jean-Luc Mélenchon", "Melenchon"],
                &[("Jean-Luc Mélenchon", 2)],
            ),
            (
                "Robert Mueller came. Müller spoke.",
                &["Robert Mueller", "Müller"],
                &[("Robert Mueller", 1), ("Müller", 1)],
            ),
            ("Mueller came. Müller spoke.", &["Mueller", "Müller"], &[("Mueller", 2)]),
            (
                "Macron's plan. Macron’s aides. Emmanuel Macron left.",
                &["Emmanuel Macron", "Macron's", "Macron’s"],
                &[("Emmanuel Macron", 3)],
            ),
            (
                "Boris Johnson left. Rachel Johnson stayed. Boris spoke.",
                &["Boris Johnson", "Rachel Johnson", "Boris"],
                &[("Boris Johnson", 2), ("Rachel Johnson", 1)],
            ),
            (
                "Donald Trump came with Donald Trump Jr. and Trump spoke. Trump Jr. left.",
                &["Donald Trump Jr.", "Donald Trump", "Trump Jr.", "Trump"],
                &[("Donald Trump", 2), ("Donald Trump Jr.", 2)],
            ),
            (
                "Ann Lee Boris Johnson left. Boris Johnson spoke. Johnson ate.",
                &["Ann Lee Boris Johnson", "Boris Johnson", "Johnson"],
                &[("Boris Johnson", 3)],
            ),
            (
                "AFP Boris Johnson left. Johnson ate. Johnson slept.",
                &["AFP Boris Johnson", "Johnson"],
                &[("Boris Johnson", 3)],
            ),
        ] {
            let wanted: Vec<_> = wanted.iter().map(|(name, count)| (name.to_string(), *count)).collect();
            assert_eq!(people(text, names), wanted, "{text}");
        }
    }

    #[test]
    fn acronyms_may_stand_in_the_name_or_before_it() {
        let text = "The World Health Organization (WHO) met. WHO spoke.";
        let found = grouped(text, &[("World Health Organization (WHO)", Org), ("WHO", Org)]);
        assert_eq!(found.len(), 1);
        let text = "The AfD (Alternative for Germany) met. AfD spoke. Germans left Germany.";
        let names = [("AfD", Org), ("Alternative for Germany", Org), ("Germans", Misc), ("Germany", Loc)];
        assert_eq!(grouped(text, &names).len(), 3);
        // Titles belong to people only.
        let text = "The Justice Department spoke to the Department.";
        assert_eq!(grouped(text, &[("Justice Department", Org), ("Department", Org)]).len(), 2);
    }

    #[test]
    fn princes_and_mothers_are_other_people() {
        let text = "Prince William flew to Nairobi. William Ruto met him. William left.";
        assert_eq!(
            people(text, &["William Ruto", "William"]),
            [("William".into(), 2), ("William Ruto".into(), 1)]
        );
        let text = "Pope Francis spoke, and Francis quoted St. Francis of Assisi.";
        assert_eq!(
            people(text, &["Francis of Assisi", "Francis"]),
            [("Francis".into(), 2), ("Francis of Assisi".into(), 1)]
        );
        let text = "The House Freedom Caucus met. The Freedom Caucus split. The House voted.";
        let names = [("House Freedom Caucus", Org), ("Freedom Caucus", Org), ("House", Org)];
        assert_eq!(grouped(text, &names)[0], ("House Freedom Caucus".into(), Org, 2));
        let text = "Davis's mother, Shonda Davis, wept. Davis was shot.";
        assert_eq!(
            people(text, &["Shonda Davis", "Davis"]),
            [("Davis".into(), 2), ("Shonda Davis".into(), 1)]
        );
        let text = "Green Bay Packers won. The Packers cheered. Boeing Co fell. Boeing said so.";
        let names = [("Green Bay Packers", Org), ("Packers", Org), ("Boeing Co", Org), ("Boeing", Org)];
        assert_eq!(
            grouped(text, &names),
            [("Green Bay Packers".into(), Org, 2), ("Boeing Co".into(), Org, 2)]
        );
    }

    #[test]
    fn types_are_voted_and_kind_words_ignored() {
        let text = "Operation Barkhane ended. Barkhane began in 2014; Barkhane's end is near.";
        let found = grouped(text, &[("Operation Barkhane", Misc), ("Barkhane", Misc)]);
        assert_eq!(found, [("Operation Barkhane".into(), Misc, 3)]);
        let text = "Task Force Takuba ended. Takuba began in 2020.";
        let found = grouped(text, &[("Task Force Takuba", Org), ("Takuba", Misc)]);
        assert_eq!(found, [("Task Force Takuba".into(), Org, 2)]);
    }
}
