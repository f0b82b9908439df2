//! Who says what a sentence says: the named speaker of a quotation or of reported speech.
//!
//! Rules over reporting verbs and the entities around them, in the spirit of the syntactic patterns of
//! Pouliquen, Steinberger and Best (2007), "Automatic Detection of Quotations in Multilingual News".

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::article::{Sentence, Span};
use crate::entities::{Entity, EntityType};

/// Verbs that attribute speech, then verbs that may also do other things ("declared a pullout").
static VERBS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let verb = |words: &str| Regex::new(&format!(r"(?i)\b(?:{words})\b")).expect("a valid pattern");
    [
        verb(
            "said|says|saying|told|tells|added|adds|stated|states|wrote|tweeted|explained|reads|read|replied",
        ),
        verb(
            "announced|declared|noted|warned|insisted|argued|claimed|stressed|asked|admitted|acknowledged|concluded|denied|vowed|labell?ed",
        ),
    ]
});
static ACCORDING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\baccording to\b").expect("a valid pattern"));
/// Documents and offices that speak without a name of their own.
static VOICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:the|a|an|its|their|this)\s+(?:[\p{L}-]+\s+){0,2}(?:statement|communiqu[eé]|spokes(?:man|woman|person)|declaration|report|ministry|government|signatories)\b")
        .expect("a valid pattern")
});
static PRONOUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:he|she)\s+(?:also\s+|then\s+|later\s+)?$").expect("a valid pattern")
});

const OFFICE: &str = r"president|prime\s+minister|minister|chancellor|premier|secretary[\s-]general|secretary|commissioner|spokes(?:man|woman|person)|general|colonel|commander|ambassador|governor|mayor|senator|leader|chairman|chairwoman|director|king|queen|pope";
/// "French President Emmanuel", "spokesman Colonel Abdoulaye": an office before a name.
static OFFICE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i:\b({OFFICE}))(?:\s+\p{{Lu}}[\p{{L}}.]*)?\s+$")).expect("a valid pattern")
});
/// "Olivier Salgado, the spokesman": an office behind a name.
static OFFICE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^,\s+(?:the|a|an|its|their)?\s*(?:[\p{{L}}'’-]+\s+){{0,2}}(?i:({OFFICE}))\b"))
        .expect("a valid pattern")
});
/// "The French president said": an office in place of a name.
static OFFICE_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    let article = r"(?i:\b(?:the|his|her|its|their|\p{Lu}\p{L}+['’]s)\s+)";
    Regex::new(&format!(
        r"{article}(?:[\p{{L}}-]+\s+){{0,2}}(?i:({OFFICE}))\s+(?:also\s+|then\s+|later\s+)?$"
    ))
    .expect("a valid pattern")
});

/// Bytes around a name in which its office stands.
const NEAR: usize = 80;

/// Who holds which office, as the article introduces them.
struct Offices(Vec<(String, String)>);

impl Offices {
    fn of(text: &str, names: &Names) -> Self {
        let people = names.0.iter().filter(|(_, entity)| entity.kind == EntityType::Per);
        let held = people.flat_map(|(span, entity)| {
            // A window, because an article of megabytes has many names.
            let (from, to) = (span.start.saturating_sub(NEAR), (span.end + NEAR).min(text.len()));
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

    /// The only holder of an office.
    fn holder(&self, office: &str) -> Option<&str> {
        let mut holders =
            self.0.iter().filter(|(held, _)| *held == office.to_lowercase()).map(|(_, name)| name.as_str());
        let first = holders.next()?;
        holders.all(|other| other == first).then_some(first)
    }
}

/// The speaker, if any, of each sentence of an article.
pub struct Speakers(Vec<Option<String>>);

impl Speakers {
    /// `entities` are those of the whole article.
    pub fn find(text: &str, sentences: &[Sentence], entities: &[Entity]) -> Self {
        let mut found: Vec<Option<String>> = Vec::with_capacity(sentences.len());
        let mut last_person: Option<String> = None;
        let all = Names::of(entities);
        let people: HashSet<&str> = all.people().collect();
        let offices = Offices::of(text, &all);
        for (number, sentence) in sentences.iter().enumerate() {
            let names = all.within(sentence.span);
            let inside = sentence.span.of(text);
            let quotes = quotations(inside);
            let speaker = attribution(inside, &quotes, &names, &offices, last_person.as_deref());
            // A sentence that is all quotation goes on with the speaker before it in the same paragraph.
            let bare_quote =
                quotes.iter().map(|quote| quote.end - quote.start).sum::<usize>() * 10 > inside.len() * 9;
            let before = number.checked_sub(1).filter(|&n| sentences[n].paragraph == sentence.paragraph);
            let speaker = speaker.or_else(|| before.filter(|_| bare_quote).and_then(|n| found[n].clone()));
            if let Some(name) = speaker.as_deref().filter(|name| people.contains(name)) {
                last_person = Some(name.to_owned());
            } else if let Some(person) = names.people().last() {
                last_person = Some(person.to_owned());
            }
            found.push(speaker);
        }
        Self(found)
    }

    pub fn of(&self, sentence: usize) -> Option<&str> {
        self.0[sentence].as_deref()
    }
}

/// Named people and organisations with their places, in order.
struct Names<'a>(Vec<(Span, &'a Entity)>);

impl<'a> Names<'a> {
    fn of(entities: &'a [Entity]) -> Self {
        let speakers = entities.iter().filter(|e| matches!(e.kind, EntityType::Per | EntityType::Org));
        let mut names: Vec<(Span, &Entity)> =
            speakers.flat_map(|entity| entity.mentions.iter().map(move |m| (m.span, entity))).collect();
        names.sort_by_key(|(span, _)| *span);
        Self(names)
    }

    /// Those in a sentence, with their places in it.
    fn within(&self, sentence: Span) -> Self {
        let first = self.0.partition_point(|(span, _)| span.start < sentence.start);
        let inside = self.0[first..].iter().take_while(|(span, _)| span.end <= sentence.end);
        Self(
            inside
                .map(|(span, entity)| {
                    (Span::new(span.start - sentence.start, span.end - sentence.start), *entity)
                })
                .collect(),
        )
    }

    fn people(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|(_, e)| e.kind == EntityType::Per).map(|(_, e)| e.name.as_str())
    }

    /// The speaker whose name stands before `at` and after `from`: the nearest person, else the nearest organisation.
    fn before(&self, from: usize, at: usize) -> Option<(Span, &'a Entity)> {
        let near = || self.0.iter().rev().filter(|(span, _)| span.start >= from && span.end <= at);
        near().find(|(_, e)| e.kind == EntityType::Per).or_else(|| near().next()).copied()
    }

    /// The first name that starts in `from..to`.
    fn after(&self, from: usize, to: usize) -> Option<&'a Entity> {
        self.0.iter().find(|(span, _)| span.start >= from && span.start < to).map(|(_, entity)| *entity)
    }
}

/// Spans between quotation marks; one that never closes runs to the end.
fn quotations(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('"' | '“' | '«' | '„', None) => open = Some(at),
            ('"' | '”' | '»' | '“', Some(start)) => {
                found.push(Span::new(start, at + c.len_utf8()));
                open = None;
            }
            // A closing mark without an opening one: the quotation began in a sentence before.
            ('”' | '»', None) if found.is_empty() => found.push(Span::new(0, at + c.len_utf8())),
            _ => {}
        }
    }
    if let Some(start) = open {
        found.push(Span::new(start, text.len()));
    }
    found
}

fn attribution(
    text: &str,
    quotes: &[Span],
    names: &Names,
    offices: &Offices,
    last_person: Option<&str>,
) -> Option<String> {
    let outside = |at: usize| !quotes.iter().any(|quote| quote.start <= at && at < quote.end);
    let verbs = VERBS.iter().flat_map(|verbs| verbs.find_iter(text));
    for verb in verbs.filter(|verb| outside(verb.start())) {
        // The clause before the verb reaches back to the last quotation, semicolon or dash.
        let clause =
            quotes.iter().map(|quote| quote.end).filter(|&end| end <= verb.start()).max().unwrap_or(0);
        let clause = text[clause..verb.start()].rfind([';', '—', '–']).map_or(clause, |at| clause + at);
        let before = &text[clause..verb.start()];
        if PRONOUN.is_match(before) {
            return last_person.map(String::from);
        }
        let office = OFFICE_ALONE.captures(before).and_then(|found| found.get(1));
        if let Some(holder) = office.and_then(|office| offices.holder(office.as_str())) {
            return Some(holder.to_owned());
        }
        let words = |a: usize, b: usize| text[a..b].split_whitespace().count();
        let voice = VOICE.find_iter(before).last().filter(|m| words(clause + m.end(), verb.start()) <= 6);
        if let Some((span, entity)) = names.before(clause, verb.start())
            && words(span.end, verb.start()) <= 14
            && voice.is_none_or(|voice| clause + voice.end() <= span.start || entity.kind == EntityType::Per)
        {
            return Some(entity.name.clone());
        }
        if let Some(voice) = voice {
            return Some(voice.as_str().to_lowercase());
        }
        // "…," said the spokesman Abdoulaye Maiga.
        let inverted = before.trim().is_empty() || before.trim_end().ends_with([',', '"', '”', '»']);
        let reach =
            text[verb.end()..].find([',', '.', ';', '"', '“']).map_or(text.len(), |at| verb.end() + at);
        if inverted && let Some(entity) = names.after(verb.end(), reach) {
            return Some(entity.name.clone());
        }
    }
    let source = ACCORDING.find_iter(text).find(|found| outside(found.start()))?;
    let reach = text[source.end()..].find([',', '.', ';']).map_or(text.len(), |at| source.end() + at);
    if let Some(entity) = names.after(source.end(), reach) {
        return Some(entity.name.clone());
    }
    VOICE.find(&text[source.end()..reach]).map(|voice| voice.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;
    use crate::entities::Mention;

    fn speakers(text: &str, names: &[(&str, EntityType)]) -> Vec<Option<String>> {
        let entities: Vec<Entity> = names
            .iter()
            .map(|&(name, kind)| {
                let surname = name.rsplit(' ').next().unwrap();
                let mentions = text
                    .match_indices(surname)
                    .map(|(at, _)| Mention {
                        span: Span::new(at, at + surname.len()),
                        score: 1.0,
                        label: None,
                    })
                    .collect();
                Entity { name: name.into(), kind, gender: None, mentions }
            })
            .collect();
        Speakers::find(text, &sentences(text), &entities).0
    }

    #[test]
    fn speakers_stand_before_after_or_behind_a_pronoun() {
        use EntityType::*;
        let names =
            [("Emmanuel Macron", Per), ("Abdoulaye Maiga", Per), ("Olivier Salgado", Per), ("MINUSMA", Org)];
        let cases = [
            ("“We cannot remain,” Macron told reporters on Thursday.", Some("Emmanuel Macron")),
            (
                "“They must leave,” government spokesman Colonel Abdoulaye Maiga said on Friday.",
                Some("Abdoulaye Maiga"),
            ),
            ("“They must leave,” said spokesman Abdoulaye Maiga.", Some("Abdoulaye Maiga")),
            (
                "Olivier Salgado, the spokesman for the MINUSMA mission in Mali, said it would adapt.",
                Some("Olivier Salgado"),
            ),
            ("\"The conditions are no longer met,\" the statement said.", Some("the statement")),
            ("The junta must go, according to Macron.", Some("Emmanuel Macron")),
            ("Takuba, like others, declared it was over, MINUSMA said in a statement.", Some("MINUSMA")),
            ("Macron met the junta.", None),
            ("“Macron said so,” the crowd sang.", None),
        ];
        for (text, speaker) in cases {
            assert_eq!(speakers(text, &names)[0].as_deref(), speaker, "{text}");
        }
        let text = "French President Emmanuel Macron came. The French president said he was late.";
        let whole = [("Emmanuel Macron", Per)];
        let found = speakers(&text.replace("Emmanuel Macron", "Macron"), &whole);
        assert_eq!(found[1].as_deref(), Some("Emmanuel Macron"));
        let text = "Salgado, the spokesman for the UN, came. The spokesman said no more.";
        assert_eq!(speakers(text, &names)[1].as_deref(), Some("Olivier Salgado"));
        let text = "President Macron met President Maiga. The president said so.";
        assert_eq!(speakers(text, &names)[1], None);
        let text = "Macron came to Paris. \"We are leaving Mali,\" he said.";
        assert_eq!(speakers(text, &names)[1].as_deref(), Some("Emmanuel Macron"));
    }
}
