//! The offices that people hold, as the article introduces them: "French President Emmanuel Macron".

use std::sync::LazyLock;

use regex::Regex;

use crate::article::Span;
use crate::entities::{Entity, EntityType};

const OFFICE: &str = r"president|prime\s+minister|minister|chancellor|premier|secretary[\s-]general|secretary|commissioner|spokes(?:man|woman|person)|general|colonel|commander|ambassador|governor|mayor|senator|leader|chairman|chairwoman|director|king|queen|pope";
/// "French President Emmanuel", "spokesman Colonel Abdoulaye": an office before a name.
static OFFICE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i:\b({OFFICE}))(?:\s+\p{{Lu}}[\p{{L}}.]*)?\s+$")).expect("a valid pattern")
});
/// "Olivier Salgado, the spokesman,": an office behind a name. In "… of Olivier Salgado, the interior minister says" it is
/// another person's.
static OFFICE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^,\s+(?:the|a|an|its|their)?\s*(?:[\p{{L}}'’-]+\s+){{0,2}}(?i:({OFFICE}))(?:$|[^\p{{L}}\s-]|\s+(?:of|for|in|at|from|on|to|and|who|since|until|under)\b)"
    ))
    .expect("a valid pattern")
});
/// "The French president": an office in place of a name.
static OFFICE_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^(?i:(?:the|his|her|its|their)\s+)?(?:[\p{{L}}'’-]+\s+){{0,2}}(?i:({OFFICE}))$"))
        .expect("a valid pattern")
});

/// Bytes around a name that are searched for an office.
const CONTEXT: usize = 80;

/// Pairs of an office, in small letters, and the name of the person who holds it.
pub(super) struct Offices(Vec<(String, String)>);

impl Offices {
    /// Finds the offices of people near their names.
    pub(super) fn of(text: &str, names: &[(Span, &Entity)]) -> Self {
        let people = names.iter().filter(|(_, entity)| entity.kind == EntityType::Per);
        let held = people.flat_map(|(span, entity)| {
            // Only a part of the text is searched, because an article of megabytes has many names.
            let (from, to) = (span.start.saturating_sub(CONTEXT), (span.end + CONTEXT).min(text.len()));
            let before = OFFICE_BEFORE.captures(&text[text.floor_char_boundary(from)..span.start]);
            let behind = OFFICE_BEHIND.captures(&text[span.end..text.ceil_char_boundary(to)]);
            let offices = [before, behind]
                .into_iter()
                .flatten()
                .filter_map(|found| Some(found.get(1)?.as_str().to_lowercase()));
            offices.map(|office| (office, entity.name.clone())).collect::<Vec<_>>()
        });
        Self(held.collect())
    }

    /// The name of the person who holds the office that a noun names ("the French president"), if exactly one does.
    pub(super) fn holder(&self, noun: &str) -> Option<&str> {
        let office = OFFICE_ALONE.captures(noun)?.get(1)?.as_str();
        let mut holders =
            self.0.iter().filter(|(held, _)| *held == office.to_lowercase()).map(|(_, name)| name.as_str());
        let first = holders.next()?;
        holders.all(|other| other == first).then_some(first)
    }
}
