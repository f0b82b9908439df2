//! Nouns that speak without a name: "the statement", "officials".

use std::sync::LazyLock;

use regex::Regex;

use crate::quotes::clause::is_determiner;

/// Documents and offices that speak without a name of their own.
static VOICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:statement|communiqu[eé]|spokes(?:man|woman|person|people)|declaration|report|ministry|government|signatories|presidency|sources?|officials?|aides?|lawyers?|analysts?|experts?|critics|witnesses)\b")
        .expect("a valid pattern")
});

/// Such a noun as a speaker, with a small letter where only the start of the sentence gave it a capital.
pub(super) fn voice(noun: &str) -> Option<String> {
    if !VOICE.is_match(noun) {
        return None;
    }
    let noun = noun.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(match noun.split_once(' ') {
        Some((first, rest)) if is_determiner(first) => format!("{} {rest}", first.to_lowercase()),
        _ if !noun.contains(' ') => noun.to_lowercase(),
        _ => noun,
    })
}
