//! Scores the speakers of sentences against annotated attributions.
//!
//! The *named speaker* of an attribution is the name of a person or body in the words for its speaker: "Robby Mook" for
//! "Clinton campaign manager Robby Mook, who resigned", but no name for "a spokesman for Clinton".
//!
//! The lists of words are the evaluation's own, also where `quotes` and `entities` have similar ones: a change of the rules that
//! find speakers must not change how they are scored.

use std::collections::HashSet;

use super::attributions::Attribution;
use super::metrics::spans::Matches;
use super::text::{same_speaker, without_possessive};
use crate::article::Span;

/// Words for a speaker whose name only the text around them tells.
const PRONOUNS: &[&str] = &[
    "he",
    "she",
    "it",
    "they",
    "we",
    "i",
    "you",
    "who",
    "him",
    "her",
    "them",
    "his",
    "their",
    "its",
    "my",
    "our",
    "himself",
    "herself",
    "themselves",
    "me",
    "us",
    "which",
    "that",
    "those",
    "these",
    "this",
    "all",
    "both",
];

/// Words that end the first part of a noun phrase, which holds its head: "a spokesman | for Clinton".
const PHRASE_ENDS: &[&str] = &[
    "for", "from", "at", "in", "with", "by", "on", "to", "about", "near", "who", "whom", "whose", "which",
    "that", "as", "during", "against", "under", "behind", "of",
];
const PARTICLES: &[&str] =
    &["of", "the", "de", "del", "la", "le", "van", "der", "von", "bin", "al", "el", "du", "da", "and", "&"];

/// Words before a name that are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "sir",
    "president",
    "senator",
    "sen",
    "rep",
    "gov",
    "governor",
    "gen",
    "the",
];

/// Whether the words are a pronoun.
fn is_pronoun(speaker: &str) -> bool {
    PRONOUNS.contains(&speaker.trim().to_lowercase().as_str())
}

/// The names in the words for a speaker: the capitalised words before the first comma, preposition or relative pronoun;
/// several names if they are joined by "and". If there are none, a name of two words or more between commas is taken
/// ("the chairman, Phil Lovas,"). `is_name` tells whether a single word is a name.
fn names_in(speaker: &str, is_name: impl Fn(&str) -> bool) -> Vec<String> {
    let mut parts = speaker.split([',', ';', '(', '—', '–']).filter(|part| !part.trim().is_empty());
    let Some(first) = parts.next() else { return Vec::new() };
    let Some(run) = capitalised_end(first) else {
        let linked = first.split_whitespace().any(|word| PHRASE_ENDS.contains(&word.to_lowercase().as_str()));
        let next = parts.next().filter(|_| !linked);
        return next
            .filter(|part| {
                capitalised_end(part).is_some_and(|run| run.len() > 1 && run.join(" ") == part.trim())
            })
            .into_iter()
            .map(|part| part.trim().to_owned())
            .collect();
    };
    let names = run.split(|word| *word == "and").map(|name| -> Vec<String> {
        let bare = name
            .iter()
            .map(|word| without_possessive(word.trim_matches(|c: char| !c.is_alphanumeric())).to_owned());
        bare.skip_while(|word| TITLES.contains(&word.to_lowercase().as_str())).collect()
    });
    let counts = |name: &Vec<String>| match &name[..] {
        [] => false,
        [one] => !is_pronoun(one) && (run.len() > 1 || is_name(one)),
        _ => true,
    };
    names.filter(counts).map(|name| name.join(" ")).collect()
}

/// The capitalised words at the end of the first part of a noun phrase.
fn capitalised_end(part: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let large =
        |word: &&str| word.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase);
    let mut end = words.len();
    for (at, word) in words.iter().enumerate().skip(1) {
        // "Secretary of State John Kerry", "the University of Chicago"
        let inside = *word == "of" && large(&words[at - 1]) && words.get(at + 1).is_some_and(large);
        if PHRASE_ENDS.contains(&word.to_lowercase().as_str()) && !inside {
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
    (start < end).then(|| words[start..end].to_vec())
}

/// Whether two names are of the same speaker: by the whole name, a part of it, or its initials.
fn is_same_person(gold: &str, given: &str) -> bool {
    let initials: String = given
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_uppercase())
        .collect();
    same_speaker(gold, given) || (gold.len() > 1 && gold == initials)
}

/// Words that are capitalised inside a sentence of the text, so not only as its first word.
fn capitalised_within<'a>(text: &'a str, sentences: &[Span]) -> HashSet<&'a str> {
    let words = sentences.iter().flat_map(|sentence| sentence.of(text).split_whitespace().skip(1));
    let bare = words.map(|word| without_possessive(word.trim_matches(|c: char| !c.is_alphanumeric())));
    bare.filter(|word| word.starts_with(char::is_uppercase)).collect()
}

fn lies_in(attribution: &Attribution, sentence: Span) -> bool {
    attribution.content.iter().any(|content| content.shares_half(sentence))
}

/// Counts sentences: those with a named speaker in the gold, those to which the system gives a named speaker, and those
/// to which it gives a right one. If the gold has a pronoun, the name of that speaker is not annotated; a name that the
/// gold lacks then counts neither as right nor as wrong.
pub fn score(text: &str, sentences: &[Span], gold: &[Attribution], given: &[Option<String>]) -> Matches {
    let known = capitalised_within(text, sentences);
    let acronym = |word: &str| word.chars().count() > 1 && !word.contains(char::is_lowercase);
    let mut found = Matches::default();
    for (sentence, given) in sentences.iter().zip(given) {
        let here = || {
            gold.iter()
                .filter(|attribution| lies_in(attribution, *sentence))
                .filter_map(|a| a.speaker.as_deref())
        };
        let names: Vec<String> = here()
            .flat_map(|speaker| names_in(speaker, |word| known.contains(word) || acronym(word)))
            .collect();
        let unknown = here().any(is_pronoun);
        let given: Vec<String> = given.iter().flat_map(|speaker| names_in(speaker, |_| true)).collect();
        let right = given.iter().any(|given| names.iter().any(|name| is_same_person(name, given)));
        found += &Matches {
            correct: usize::from(right),
            predicted: usize::from(!given.is_empty() && (right || !unknown)),
            gold: usize::from(!names.is_empty()),
        };
    }
    found
}

/// The speaker of each sentence: that of the first attribution with a speaker whose content is in the sentence.
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
    fn names_are_found_in_the_words_for_a_speaker() {
        for (speaker, name) in [
            ("Clinton campaign manager Robby Mook, who resigned", Some("Robby Mook")),
            ("Mr. Mook", Some("Mook")),
            ("The campaign's chairman, Phil Lovas,", Some("Phil Lovas")),
            ("a resident of Flint, Upper Michigan", None),
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
            assert_eq!(names_in(speaker, |_| true), Vec::from_iter(name.map(String::from)), "{speaker}");
        }
        assert!(names_in("Critics", |_| false).is_empty());
        assert_eq!(names_in("Mr. Grassley and Mr. Leahy", |_| true), ["Grassley", "Leahy"]);
        assert!(is_same_person("AROS", "Alliance to Reclaim Our Schools"));
    }

    #[test]
    fn sentences_are_counted() {
        let text = "Macron spoke. We go, Ann Lee said. They stay, he said. No, a man said. It rains.";
        let starts: Vec<usize> =
            ["Macron", "We", "They", "No", "It"].iter().map(|word| text.find(word).unwrap()).collect();
        let ends = starts[1..].iter().copied().chain([text.len()]);
        let sentences: Vec<Span> =
            starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end)).collect();
        let said = |content: &str, speaker: &str| {
            let start = text.find(content).unwrap();
            Attribution {
                content: vec![Span::new(start, start + content.len())],
                source: None,
                speaker: Some(speaker.into()),
            }
        };
        let gold = [said("We go", "Ann Lee"), said("They stay", "he"), said("No", "a man")];
        let given = |names: [Option<&str>; 5]| -> Vec<Option<String>> {
            names.iter().map(|name| name.map(String::from)).collect()
        };
        let matches = |names| {
            let Matches { correct, predicted, gold } = score(text, &sentences, &gold, &given(names));
            (correct, predicted, gold)
        };
        assert_eq!(matches([None, Some("Lee"), None, None, None]), (1, 1, 1));
        assert_eq!(
            matches([None, Some("Bo Lee"), Some("Macron"), Some("Macron"), Some("Macron")]),
            (0, 3, 1)
        );
        assert_eq!(matches([None, None, None, Some("a man"), None]), (0, 0, 1));
        assert_eq!(
            by_sentence(&gold, &sentences),
            given([None, Some("Ann Lee"), Some("he"), Some("a man"), None])
        );
    }
}
