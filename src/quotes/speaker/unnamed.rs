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

/// Most words of such a speaker; longer phrases have clauses in them.
const MOST_WORDS: usize = 10;

/// The words for such a speaker; `None` for another noun. A determiner, or a noun of one word, gets small letters, because
/// its capital comes from the start of the sentence.
pub fn unnamed_speaker(noun: &str) -> Option<String> {
    if !SPEAKER_NOUN.is_match(noun) || noun.split_whitespace().count() > MOST_WORDS {
        return None;
    }
    let noun = noun.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(match noun.split_once(' ') {
        Some((first, rest)) if is_determiner(first) => format!("{} {rest}", first.to_lowercase()),
        _ if !noun.contains(' ') => noun.to_lowercase(),
        _ => noun,
    })
}
