//! Checks a gold file against its article and against the guide (`eval/GUIDE.md`).

use std::collections::HashSet;

use super::gold::{GOLD_SCHEMA, Gold, ReferenceLength};
use super::metrics::rouge::tokens;
use super::text::slice;
use crate::Article;
use crate::article::Span;
use crate::stance::Label;

/// Everything that is wrong with the gold of an article, each as "place in the file: what is wrong".
pub fn find_problems(article: &Article, gold: &Gold, targets: &[&str]) -> Vec<String> {
    let mut found = Problems { text: &article.text, list: Vec::new() };
    let characters = article.text.chars().count();
    if gold.schema_version != GOLD_SCHEMA {
        found.add("schema_version", format!("is {}; this program knows {GOLD_SCHEMA}", gold.schema_version));
    }
    if gold.id != article.id {
        found.add("id", format!("is '{}', and the file is named '{}'", gold.id, article.id));
    }
    if gold.characters != characters {
        found.add("characters", format!("is {}, and the article has {characters}", gold.characters));
    }
    entities(gold, &mut found);
    facts(gold, &mut found);
    summaries(gold, &mut found);
    stance(gold, targets, &mut found);
    quotes(gold, &mut found);
    found.list
}

struct Problems<'a> {
    text: &'a str,
    list: Vec<String>,
}

impl Problems<'_> {
    fn add(&mut self, place: impl AsRef<str>, what: impl AsRef<str>) {
        self.list.push(format!("{}: {}", place.as_ref(), what.as_ref()));
    }

    /// Checks that the offsets, in code points, give the quoted words.
    fn quote(&mut self, place: &str, start: usize, end: usize, quote: &str) {
        match slice(self.text, start, end) {
            Some(found) if found == quote && start < end => {}
            Some(found) => self.add(place, format!("{start}..{end} is {found:?}, and not {quote:?}")),
            None => self.add(place, format!("{start}..{end} is no place in the article")),
        }
    }

    fn distinct<'a>(&mut self, what: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for name in names {
            if !seen.insert(name) {
                self.add(what, format!("'{name}' comes twice"));
            }
        }
    }
}

fn entities(gold: &Gold, found: &mut Problems) {
    let mut spans: Vec<(Span, &str)> = Vec::new();
    for (i, entity) in gold.entities.iter().enumerate() {
        if entity.mentions.is_empty() {
            found.add(format!("entities[{i}]"), format!("'{}' has no mention", entity.name));
        }
        for (j, mention) in entity.mentions.iter().enumerate() {
            found.quote(&format!("entities[{i}].mentions[{j}]"), mention.start, mention.end, &mention.text);
            if mention.start < mention.end {
                spans.push((Span::new(mention.start, mention.end), &mention.text));
            }
        }
    }
    found.distinct("entities", gold.entities.iter().map(|entity| entity.name.as_str()));
    spans.sort();
    for pair in spans.windows(2).filter(|pair| pair[0].0.overlaps(pair[1].0)) {
        found.add("entities", format!("'{}' at {} overlaps '{}'", pair[1].1, pair[1].0.start, pair[0].1));
    }
}

fn facts(gold: &Gold, found: &mut Problems) {
    if !(8..=15).contains(&gold.facts.len()) {
        found.add("facts", format!("there are {}; the guide asks for 8 to 15", gold.facts.len()));
    }
    found.distinct("facts", gold.facts.iter().map(|fact| fact.id.as_str()));
    for (i, fact) in gold.facts.iter().enumerate() {
        let place = format!("facts[{i}]");
        if !(1..=3).contains(&fact.weight) {
            found.add(&place, format!("weight {} is not 1, 2 or 3", fact.weight));
        }
        if tokens(&fact.fact, false).is_empty() {
            found.add(&place, "the fact has no words");
        }
        if fact.support.is_empty() {
            found.add(&place, "no sentence supports it");
        }
        for (j, sentence) in fact.support.iter().enumerate() {
            found.quote(&format!("{place}.support[{j}]"), sentence.start, sentence.end, &sentence.text);
        }
    }
}

fn summaries(gold: &Gold, found: &mut Problems) {
    for length in ReferenceLength::ALL {
        let count = gold.summaries.iter().filter(|summary| summary.length == length).count();
        if count != 1 {
            found.add("summaries", format!("there are {count} of length {length:?}; there must be one"));
        }
    }
    for (i, summary) in gold.summaries.iter().enumerate() {
        let place = format!("summaries[{i}]");
        let (fewest, most) = summary.length.words();
        let words = summary.text.split_whitespace().count();
        if !(fewest..=most).contains(&words) {
            found.add(&place, format!("has {words} words; the guide asks for {fewest} to {most}"));
        }
        for id in summary.facts.iter().filter(|id| !gold.facts.iter().any(|fact| fact.id == **id)) {
            found.add(&place, format!("names the fact '{id}', which is not there"));
        }
    }
}

fn stance(gold: &Gold, targets: &[&str], found: &mut Problems) {
    found.distinct("stance", gold.stance.iter().map(|stance| stance.target.as_str()));
    for target in targets.iter().filter(|target| !gold.stance.iter().any(|s| s.target == **target)) {
        found.add("stance", format!("the target '{target}' has no label"));
    }
    for (i, stance) in gold.stance.iter().enumerate() {
        let place = format!("stance[{i}]");
        if !targets.contains(&stance.target.as_str()) {
            found.add(&place, format!("targets.toml has no target '{}'", stance.target));
        }
        if (stance.label == Label::Absent) != stance.sentences.is_empty() {
            let (label, n) = (stance.label.name(), stance.sentences.len());
            found.add(
                &place,
                format!("is '{label}' with {n} sentences; a target is absent if none mentions it"),
            );
        }
        let mut at = 0;
        for (j, sentence) in stance.sentences.iter().enumerate() {
            let place = format!("{place}.sentences[{j}]");
            found.quote(&place, sentence.start, sentence.end, &sentence.text);
            if sentence.start < at {
                found.add(&place, "comes twice, or out of order");
            }
            at = sentence.end;
            if sentence.label == Label::Absent {
                found.add(&place, "a sentence that mentions the target cannot be 'absent'");
            }
            if sentence.speaker.as_ref().is_some_and(|speaker| tokens(speaker, false).is_empty()) {
                found.add(&place, "the speaker has no name; null stands for the outlet itself");
            }
        }
    }
}

fn quotes(gold: &Gold, found: &mut Problems) {
    let mut at = 0;
    for (i, quote) in gold.quotes.iter().flatten().enumerate() {
        let place = format!("quotes[{i}]");
        let Some(first) = quote.content.first() else {
            found.add(&place, "has no content");
            continue;
        };
        if first.start < at {
            found.add(&place, "comes out of order");
        }
        at = first.start;
        for pair in quote.content.windows(2).filter(|pair| pair[1].start < pair[0].end) {
            found.add(&place, format!("the content at {} comes twice, or out of order", pair[1].start));
        }
        let parts = [("cue", &quote.cue), ("speaker", &quote.speaker)];
        let parts = parts.into_iter().filter_map(|(name, part)| Some((name, part.as_ref()?)));
        for (name, part) in parts.chain(quote.content.iter().map(|part| ("content", part))) {
            found.quote(&format!("{place}.{name}"), part.start, part.end, &part.text);
        }
        if let Some(name) = quote.name.as_ref().filter(|name| !found.text.contains(name.as_str())) {
            found.add(&place, format!("the name '{name}' is not in the article"));
        }
    }
}
