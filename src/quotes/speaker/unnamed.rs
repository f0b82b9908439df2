//! Nouns that can be a speaker without a name: "the statement", "officials".

use std::sync::LazyLock;

use regex::Regex;

use crate::quotes::clause::is_determiner;

/// Documents, offices and groups of people that are often given as a source, as patterns.
const NOUNS: &str = "statement communiqu[eé] spokes(?:man|woman|person|people) declaration report ministry government signatories \
    presidency sources? officials? aides? lawyers? analysts? experts? critics witnesses police officers? \
    investigators? detectives prosecutors? authorities rescuers firefighters medics doctors hospitals? army \
    military soldiers troops militants rebels guards residents? villagers locals neighbou?rs relatives \
    famil(?:y|ies) survivors? victims passengers parents teachers students activists? protesters demonstrators \
    campaigners opponents supporters organi[sz]ers scientists? researchers? economists? investors traders \
    farmers? workers unions? companies company regulators? lawmakers? ministers? diplomats? commanders? court \
    judges? opposition agency commission committee council embassy party parliament team club scholars \
    historians journalists reporters";

static SPEAKER_NOUN: LazyLock<Regex> = LazyLock::new(|| {
    let nouns = NOUNS.split_whitespace().collect::<Vec<_>>().join("|");
    // "The Trump campaign" speaks, "part of a campaign promise" does not.
    Regex::new(&format!(r"(?i)\b(?:(?:{nouns})\b|(?:administration|campaign|cabinet)$)"))
        .expect("a valid pattern")
});

/// Words for a speaker that only the text around them explains.
const PRONOUNS: &[&str] = &[
    "he", "she", "it", "they", "we", "i", "you", "who", "which", "that", "one", "this", "some", "others",
    "him", "her", "them",
];

/// Most words of such a speaker; longer phrases have clauses in them.
const MOST_WORDS: usize = 10;

/// The words for such a speaker; `None` for another noun.
pub(super) fn unnamed_speaker(noun: &str) -> Option<String> {
    phrase_of(noun).filter(|_| SPEAKER_NOUN.is_match(noun))
}

/// The words for a speaker without a name; `None` for a pronoun and for a long phrase. A determiner, or a noun of one word, gets
/// small letters, because its capital comes from the start of the sentence.
pub fn phrase_of(source: &str) -> Option<String> {
    let words: Vec<&str> = source.split_whitespace().collect();
    if words.len() > MOST_WORDS || (words.len() == 1 && PRONOUNS.contains(&source.to_lowercase().as_str())) {
        return None;
    }
    let noun = words.join(" ");
    Some(match noun.split_once(' ') {
        Some((first, rest)) if is_determiner(first) => format!("{} {rest}", first.to_lowercase()),
        _ if !noun.contains(' ') => noun.to_lowercase(),
        _ => noun,
    })
}
