//! The words that hold a sentence together, by what they do in it: prepositions, conjunctions, adverbs and so on.

use super::token::{Kind, Token};
use crate::article::{MONTHS, WEEKDAYS};
use crate::entities::gender::Gender;

pub(super) const PREPOSITIONS: &[&str] = &[
    "of",
    "for",
    "from",
    "at",
    "in",
    "to",
    "with",
    "by",
    "on",
    "against",
    "about",
    "near",
    "under",
    "behind",
    "than",
    "like",
    "into",
    "over",
    "through",
    "during",
    "after",
    "before",
    "between",
    "among",
    "across",
    "without",
    "within",
    "via",
    "outside",
    "inside",
    "toward",
    "towards",
    "since",
    "despite",
    "following",
    "amid",
    "alongside",
    "off",
    "around",
];
/// They begin a clause of its own.
pub(super) const SUBORDINATORS: &[&str] = &[
    "that", "because", "while", "when", "if", "as", "although", "though", "whether", "where", "until",
    "unless", "once", "how", "why", "what", "whereas",
];
pub(super) const CONJUNCTIONS: &[&str] = &["and", "but", "or", "yet", "then"];
pub(super) const DETERMINERS: &[&str] = &[
    "the", "a", "an", "his", "her", "its", "their", "this", "that", "these", "those", "some", "many",
    "several", "two", "three", "four", "five", "one", "another", "other", "most", "all", "no", "any", "both",
    "our", "my", "your",
];
pub(super) const AUXILIARIES: &[&str] = &[
    "has", "have", "had", "is", "are", "was", "were", "be", "been", "being", "will", "would", "could",
    "should", "may", "might", "must", "can", "did", "do", "does", "hasn", "didn", "doesn", "wouldn",
    "having",
];
pub(super) const BE: &[&str] = &["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"];
pub(super) const ADVERBS: &[&str] = &[
    "also",
    "later",
    "then",
    "once",
    "twice",
    "again",
    "never",
    "not",
    "even",
    "just",
    "still",
    "already",
    "now",
    "often",
    "always",
    "ever",
    "further",
    "earlier",
    "first",
    "soon",
    "sometimes",
    "too",
    "instead",
    "famously",
    "only",
    "so",
    "both",
    "simply",
    "t",
    "yesterday",
    "today",
    "tonight",
    "afterwards",
    "afterward",
    "meanwhile",
    "recently",
    "however",
    "long",
];
/// What else than a month or a day of the week tells when.
const TIMES: &[&str] = &["week", "month", "year", "morning", "afternoon", "evening", "night", "day"];
/// What may open an insertion behind a name: "Angela Merkel, who …", "…, the chancellor, …", "…, speaking in Berlin, …".
pub(super) const INSERTIONS: &[&str] = &[
    "who",
    "whose",
    "which",
    "the",
    "a",
    "an",
    "his",
    "her",
    "its",
    "their",
    "now",
    "then",
    "once",
    "formerly",
    "himself",
    "herself",
    "like",
    "along",
    "together",
    "including",
    "for",
    "in",
    "at",
    "on",
    "of",
    "from",
    "with",
    "after",
    "when",
    "while",
    "as",
    "asked",
    "citing",
    "one",
    "also",
    "too",
    "however",
    "meanwhile",
    "though",
    "himself",
];

pub(super) fn is(list: &[&str], token: &Token) -> bool {
    token.kind == Kind::Word && list.contains(&token.lower.as_str())
}

/// "The", "two", "his".
pub fn is_determiner(word: &str) -> bool {
    DETERMINERS.contains(&word.to_lowercase().as_str())
}

/// "Monday", "January", "week"; not "may", which mostly is a verb.
pub(super) fn is_date(token: &Token) -> bool {
    is(TIMES, token) || is(&WEEKDAYS, token) || (is(&MONTHS, token) && token.lower != "may")
}

pub(super) fn is_adverb(token: &Token) -> bool {
    is(ADVERBS, token)
        || (token.kind == Kind::Word
            && token.lower.len() > 4
            && token.lower.ends_with("ly")
            && !token.is_capital)
}

pub(super) fn pronoun(word: &str) -> Option<Gender> {
    match word {
        "he" => Some(Gender::Male),
        "she" => Some(Gender::Female),
        _ => None,
    }
}
