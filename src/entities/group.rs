//! Mentions → entities: which mentions of an article name the same thing, and what to call it.

use super::EntityMention;
use super::EntityType;
use super::names::Name;
use crate::article::{Span, on_one_line};

/// A thing the article names, with every place where it does, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// The fullest form the article uses.
    pub name: String,
    pub kind: EntityType,
    pub mentions: Vec<Mention>,
}

/// A mention in the article: byte span in its text, and the model's confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub span: Span,
    pub score: f64,
    /// The type as the model calls it, where its types are not ours.
    pub label: Option<String>,
}

/// Mentions with one spelling.
struct Form {
    name: Name,
    mentions: Vec<EntityMention>,
}

/// Groups the mentions of one article (spans in its text), and orders entities by first mention.
///
/// Mentions with the same letters are one entity, and take the type most of their scores speak for.
/// Then forms are joined where exactly one candidate fits: surname and full name, acronym and long
/// form (by brackets or initials), a name with and without the word that says what it is ("Operation
/// Barkhane"), and long names that differ in a letter. Where two candidates fit, none is chosen.
pub fn group(text: &str, mentions: &[EntityMention]) -> Vec<Entity> {
    let forms = forms(text, mentions);
    let mut owner: Vec<usize> = (0..forms.len()).collect();
    let kinds: Vec<EntityType> = forms.iter().map(|form| vote(&form.mentions)).collect();
    for (short, form) in forms.iter().enumerate() {
        let mut candidates: Vec<usize> = (0..forms.len())
            .filter(|&long| {
                long != short && is_short_form(text, form, &forms[long], kinds[short], kinds[long])
            })
            .collect();
        // "Abdoulaye Maiga" and "Colonel Abdoulaye Maiga" are one candidate once they are joined.
        candidates.sort_by_key(|&long| std::cmp::Reverse(forms[long].name.words.len()));
        candidates.dedup_by(|b, a| forms[*b].name.is_surname_of(&forms[*a].name));
        if let [long] = candidates[..] {
            owner[short] = long;
        }
    }
    let mut entities: Vec<(usize, Vec<&Form>)> = Vec::new();
    for (index, form) in forms.iter().enumerate() {
        let root = root_of(&owner, index);
        match entities.iter_mut().find(|(known, _)| *known == root) {
            Some((_, members)) => members.push(form),
            None => entities.push((root, vec![form])),
        }
    }
    let mut found: Vec<Entity> =
        entities.into_iter().map(|(root, members)| entity(text, kinds[root], &members)).collect();
    found.sort_by_key(|entity| entity.mentions[0].span);
    found
}

fn forms(text: &str, mentions: &[EntityMention]) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut by_key: std::collections::HashMap<String, usize> = Default::default();
    for mention in mentions {
        let name = Name::new(&on_one_line(mention.span.of(text)));
        // A mention of punctuation only ("—") has no letters to be known by.
        if name.key.is_empty() {
            continue;
        }
        let form = *by_key.entry(name.key.clone()).or_insert_with(|| {
            forms.push(Form { name, mentions: Vec::new() });
            forms.len() - 1
        });
        forms[form].mentions.push(mention.clone());
    }
    forms
}

/// The type that most of the scores speak for; the earlier in [`EntityType::ALL`] where they are level.
fn vote(mentions: &[EntityMention]) -> EntityType {
    let weight = |kind| mentions.iter().filter(|m| m.kind == kind).map(|m| m.score).sum::<f64>();
    EntityType::ALL.into_iter().fold(
        EntityType::Per,
        |best, kind| {
            if weight(kind) > weight(best) { kind } else { best }
        },
    )
}

fn is_short_form(
    text: &str,
    short: &Form,
    long: &Form,
    short_kind: EntityType,
    long_kind: EntityType,
) -> bool {
    let (a, b) = (&short.name, &long.name);
    let person = short_kind == EntityType::Per && long_kind == EntityType::Per;
    let in_brackets = a.may_abbreviate(b) && stands_in_brackets(text, short, long);
    in_brackets
        || (person && a.is_surname_of(b))
        || (!person && a.is_acronym_of(b) && long_kind != EntityType::Per)
        || (!person
            && a.is_core_of(b)
            && (short_kind == long_kind || (blurred(short_kind) && blurred(long_kind))))
        || (short_kind == long_kind
            && a.is_variant_of(b)
            && (a.words.len(), &a.key) > (b.words.len(), &b.key))
}

/// Operations, missions and forces are organisations in one place and events in another.
fn blurred(kind: EntityType) -> bool {
    matches!(kind, EntityType::Org | EntityType::Misc)
}

/// "Long Form (LF)" somewhere in the text.
fn stands_in_brackets(text: &str, short: &Form, long: &Form) -> bool {
    long.mentions.iter().any(|l| {
        short.mentions.iter().any(|s| {
            s.span.start > l.span.end && matches!(&text[l.span.end..s.span.start], " (" | "(" | " [")
        })
    })
}

/// Follows owners to the form that owns itself, or back to the start of a circle.
fn root_of(owner: &[usize], start: usize) -> usize {
    let mut at = start;
    for _ in 0..owner.len() {
        if owner[at] == at {
            return at;
        }
        at = owner[at];
    }
    start
}

fn entity(text: &str, kind: EntityType, members: &[&Form]) -> Entity {
    let mut mentions: Vec<Mention> = members
        .iter()
        .flat_map(|form| &form.mentions)
        .map(|mention| Mention { span: mention.span, score: mention.score, label: mention.label.clone() })
        .collect();
    mentions.sort_by_key(|mention| mention.span);
    let fullest = members
        .iter()
        .max_by_key(|form| (form.name.words.len(), form.mentions.len()))
        .expect("an entity has a form");
    Entity { name: spelling(text, fullest), kind, mentions }
}

/// The commonest spelling of a form, without a possessive; where level, one that is not all capitals.
fn spelling(text: &str, form: &Form) -> String {
    let surfaces: Vec<String> = form
        .mentions
        .iter()
        .map(|mention| {
            let surface = on_one_line(mention.span.of(text));
            let bare = surface.strip_suffix("'s").or_else(|| surface.strip_suffix("’s"));
            bare.unwrap_or(&surface).to_owned()
        })
        .collect();
    let count = |wanted: &String| surfaces.iter().filter(|surface| *surface == wanted).count();
    let lower = |surface: &String| surface.chars().any(char::is_lowercase);
    // `max_by_key` keeps the last of equals; reversed, that is the first in the text.
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

    /// Marks every place of each name in the text, in order.
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
    fn brackets_name_an_acronym_that_initials_do_not() {
        let text = "The Mission in Mali (MINUSMA) stays. MINUSMA said so.";
        let found = grouped(text, &[("Mission in Mali", Org), ("MINUSMA", Org)]);
        assert_eq!(found, [("Mission in Mali".into(), Org, 3)]);
    }

    #[test]
    fn an_ambiguous_surname_joins_nobody() {
        let text = "Bill Clinton and Hillary Clinton came. Clinton spoke.";
        let found = grouped(text, &[("Bill Clinton", Per), ("Hillary Clinton", Per), ("Clinton", Per)]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn types_are_voted_and_kinds_of_thing_dropped() {
        let text = "Operation Barkhane ended. Barkhane began in 2014; Barkhane's end is near.";
        let found = grouped(text, &[("Operation Barkhane", Misc), ("Barkhane", Misc)]);
        assert_eq!(found, [("Operation Barkhane".into(), Misc, 3)]);
        let text = "Task Force Takuba ended. Takuba began in 2020.";
        let found = grouped(text, &[("Task Force Takuba", Org), ("Takuba", Misc)]);
        assert_eq!(found, [("Task Force Takuba".into(), Org, 2)]);
    }
}
