//! Who says each sentence, held against annotated attributions.
//!
//! An *attribution* is a content and the words that name its speaker. Its *named speaker* is the name that the words
//! come down to: "Robby Mook" of "Clinton campaign manager Robby Mook, who resigned", none of "a spokesman for Clinton".

use std::collections::HashSet;

use super::metrics::spans::Matches;
use super::text::same_speaker;
use crate::article::Span;

/// Somebody says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Bytes of the article.
    pub content: Vec<Span>,
    /// As the text has it.
    pub speaker: Option<String>,
}

/// Speakers whom only the text around them tells.
const PRONOUNS: &[&str] = &[
    "he", "she", "it", "they", "we", "i", "you", "who", "him", "her", "them", "his", "their", "its", "my", "our", "himself",
    "herself", "themselves", "me", "us", "which", "that", "himself", "those", "these", "this", "all", "both",
];

/// Words that end the part of a phrase that its head is in.
const LINKS: &[&str] = &[
    "for", "from", "at", "in", "with", "by", "on", "to", "about", "near", "who", "whom", "whose", "which", "that", "as", "during",
    "against", "under", "behind", "of",
];
const PARTICLES: &[&str] = &["of", "the", "de", "del", "la", "le", "van", "der", "von", "bin", "al", "el", "du", "da", "and", "&"];

/// Whether the words are a pronoun.
fn is_pronoun(speaker: &str) -> bool {
    PRONOUNS.contains(&speaker.trim().to_lowercase().as_str())
}

/// The name that the words for a speaker come down to: the capitalised words at the end of what stands before the first
/// comma, preposition or relative pronoun. `is_name` tells whether a single word counts.
fn named(speaker: &str, is_name: impl Fn(&str) -> bool) -> Option<String> {
    let part = speaker.split([',', ';', '(', '—', '–']).find(|part| !part.trim().is_empty())?;
    let words: Vec<&str> = part.split_whitespace().collect();
    let large = |word: &&str| word.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase);
    let mut end = words.len();
    for (at, word) in words.iter().enumerate().skip(1) {
        // "Secretary of State John Kerry", "the University of Chicago"
        let inside = *word == "of" && large(&words[at - 1]) && words[at + 1..].iter().take(2).any(large);
        if LINKS.contains(&word.to_lowercase().as_str()) && !inside {
            end = at;
            break;
        }
    }
    let mut start = end;
    while start > 0 && (large(&words[start - 1]) || (start < end && PARTICLES.contains(&words[start - 1]))) {
        start -= 1;
    }
    while start < end && (["The", "A", "An"].contains(&words[start]) || !large(&words[start])) {
        start += 1;
    }
    let run = &words[start..end];
    let bare = |word: &str| -> String {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        ["'s", "’s"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word).to_owned()
    };
    match run {
        [] => None,
        [one] => Some(bare(one)).filter(|word| !is_pronoun(word) && is_name(word)),
        _ => Some(run.iter().map(|word| bare(word)).collect::<Vec<_>>().join(" ")),
    }
}

/// Words that the text has with a capital within sentences.
fn capitalised_within<'a>(text: &'a str, sentences: &[Span]) -> HashSet<&'a str> {
    let words = sentences.iter().flat_map(|sentence| sentence.of(text).split_whitespace().skip(1));
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let bare = bare.map(|word| ["'s", "’s"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word));
    bare.filter(|word| word.starts_with(char::is_uppercase)).collect()
}

/// The share of the shorter of a sentence and a content that they have in common, at the least, in halves.
fn lies_in(attribution: &Attribution, sentence: Span) -> bool {
    attribution.content.iter().any(|content| {
        let shared = content.end.min(sentence.end).saturating_sub(content.start.max(sentence.start));
        2 * shared >= (content.end - content.start).min(sentence.end - sentence.start) && shared > 0
    })
}

/// Counts sentences: those whose content has a named speaker in the gold, those that are given a named speaker, and
/// those that are given one of the right ones. Where the gold has a pronoun, whose bearer is not annotated, another
/// name than the gold's counts neither way.
pub fn score(text: &str, sentences: &[Span], gold: &[Attribution], given: &[Option<String>]) -> Matches {
    let known = capitalised_within(text, sentences);
    let acronym = |word: &str| word.chars().count() > 1 && !word.contains(char::is_lowercase);
    let mut found = Matches::default();
    for (sentence, given) in sentences.iter().zip(given) {
        let here = || gold.iter().filter(|attribution| lies_in(attribution, *sentence)).filter_map(|a| a.speaker.as_deref());
        let names: Vec<String> =
            here().filter_map(|speaker| named(speaker, |word| known.contains(word) || acronym(word))).collect();
        let unknown = here().any(is_pronoun);
        let given = given.as_deref().and_then(|speaker| named(speaker, |_| true));
        let right = given.as_ref().is_some_and(|given| names.iter().any(|name| same_speaker(name, given)));
        found += &Matches {
            correct: usize::from(right),
            predicted: usize::from(given.is_some() && (right || !unknown)),
            gold: usize::from(!names.is_empty()),
        };
    }
    found
}

/// What attributions say of each sentence: the speaker of the first that lies in it and has one.
pub fn by_sentence(attributions: &[Attribution], sentences: &[Span]) -> Vec<Option<String>> {
    let of = |sentence: &Span| {
        let mut here = attributions.iter().filter(|attribution| lies_in(attribution, *sentence));
        here.find_map(|attribution| attribution.speaker.clone())
    };
    sentences.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_comes_down_to_a_name() {
        for (speaker, name) in [
            ("Clinton campaign manager Robby Mook, who resigned", Some("Robby Mook")),
            ("Secretary of State John Kerry", Some("Secretary of State John Kerry")),
            ("the University of Chicago", Some("University of Chicago")),
            ("Trump’s", Some("Trump")),
            ("Angela Merkel of the CDU", Some("Angela Merkel")),
            ("The New York Times", Some("New York Times")),
            ("a spokesman for Emmanuel Macron", None),
            ("Two former Lockheed workers", None),
            ("Trump's lawyers", None),
            ("the director of the FBI", None),
            ("He", None),
            ("officials", None),
        ] {
            assert_eq!(named(speaker, |_| true).as_deref(), name, "{speaker}");
        }
        assert_eq!(named("Critics", |_| false), None);
    }

    #[test]
    fn sentences_are_counted() {
        let text = "Macron spoke. We go, Ann Lee said. They stay, he said. No, a man said. It rains.";
        let starts: Vec<usize> = ["Macron", "We", "They", "No", "It"].iter().map(|word| text.find(word).unwrap()).collect();
        let ends = starts[1..].iter().copied().chain([text.len()]);
        let sentences: Vec<Span> = starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end)).collect();
        let said = |content: &str, speaker: &str| {
            let start = text.find(content).unwrap();
            Attribution { content: vec![Span::new(start, start + content.len())], speaker: Some(speaker.into()) }
        };
        let gold = [said("We go", "Ann Lee"), said("They stay", "he"), said("No", "a man")];
        let given = |names: [Option<&str>; 5]| -> Vec<Option<String>> { names.iter().map(|name| name.map(String::from)).collect() };
        let matches = |names| {
            let Matches { correct, predicted, gold } = score(text, &sentences, &gold, &given(names));
            (correct, predicted, gold)
        };
        assert_eq!(matches([None, Some("Lee"), None, None, None]), (1, 1, 1));
        assert_eq!(matches([None, Some("Bo Lee"), Some("Macron"), Some("Macron"), Some("Macron")]), (0, 3, 1));
        assert_eq!(matches([None, None, None, Some("a man"), None]), (0, 0, 1));
        assert_eq!(by_sentence(&gold, &sentences), given([None, Some("Ann Lee"), Some("he"), Some("a man"), None]));
    }
}
