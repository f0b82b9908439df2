//! English words: lists that tell whether a line starts, continues or ends a sentence, the months and the days of the week, the words
//! that report what somebody said, and the words at the ends of a text.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a word is a function word ("of", "had"), in any letter case, by the list of the `stop-words` crate.
pub fn is_function_word(word: &str) -> bool {
    static FUNCTION_WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| stop_words::get(stop_words::Language::English).iter().copied().collect());
    FUNCTION_WORDS.contains(word.to_lowercase().replace('’', "'").as_str())
}

/// The months in order, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days of the week from Monday on, in lower case.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Words for a part of a day, for a day and for longer times.
pub const TIME_WORDS: [&str; 8] =
    ["week", "month", "year", "morning", "afternoon", "evening", "night", "day"];

/// Pronouns for people whom a text has named, as the subject of a verb.
pub const SUBJECT_PRONOUNS: [&str; 3] = ["he", "she", "they"];

/// Names of months or days with their capitals, as alternatives of a pattern: "Monday|Tuesday|…".
pub(super) fn with_capitals(names: &[&str]) -> String {
    let capitalised = |name: &&str| name[..1].to_uppercase() + &name[1..];
    names.iter().map(capitalised).collect::<Vec<_>>().join("|")
}

/// The same, with three letters of each: "Mon|Tue|…".
pub(super) fn short_with_capitals(names: &[&str]) -> String {
    with_capitals(&names.iter().map(|name| &name[..3]).collect::<Vec<_>>())
}

/// The most frequent words that report what somebody said, as alternatives of a pattern.
pub(super) const SAYING: &str = r"said|says|told|according\s+to";

/// Words that are capitalised only at the start of a sentence or title.
pub(super) const OPENERS: &[&str] = &[
    "The",
    "A",
    "An",
    "He",
    "She",
    "It",
    "They",
    "We",
    "You",
    "This",
    "That",
    "These",
    "Those",
    "There",
    "Here",
    "In",
    "On",
    "At",
    "By",
    "For",
    "With",
    "From",
    "To",
    "And",
    "But",
    "Or",
    "As",
    "When",
    "While",
    "After",
    "Before",
    "If",
    "His",
    "Her",
    "Its",
    "Their",
    "Our",
    "My",
    "Your",
    "What",
    "Who",
    "Why",
    "How",
    "Where",
    "Which",
    "Then",
    "So",
    "Not",
    "Yes",
    "All",
    "Some",
    "Many",
    "More",
    "Most",
    "Both",
    "Each",
    "Every",
    "Several",
    "Since",
    "Until",
    "Although",
    "Though",
    "Because",
    "However",
    "Meanwhile",
    "Also",
    "About",
    "Under",
    "Over",
    "During",
    "Despite",
    "Is",
    "Are",
    "Was",
    "Were",
    "Do",
    "Does",
    "Did",
    "Can",
    "Could",
    "Would",
    "Should",
    "Have",
    "Has",
    "Had",
    "Let",
    "Now",
    "Once",
    "Of",
];

/// Words that cannot end a sentence, so that a line that ends with one is folded: articles, prepositions, conjunctions,
/// auxiliaries.
pub(super) const NEVER_LAST: &[&str] = &[
    "the", "a", "an", "of", "in", "on", "at", "by", "for", "with", "from", "to", "and", "but", "or", "as",
    "that", "which", "who", "whose", "when", "while", "after", "before", "if", "his", "her", "its", "their",
    "our", "my", "your", "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would",
    "could", "should", "may", "might", "must", "than", "into", "between", "against", "under", "over",
    "during", "since", "until", "because", "although", "near", "about", "through", "without", "via", "per",
    "told", "where", "whom", "not", "this", "these", "those", "de", "van", "von", "bin", "al",
];

/// Finite verbs that are common in sentences and rare in headlines: auxiliaries and irregular past forms.
const FINITE_VERBS: &[&str] = &[
    "said", "told", "was", "were", "had", "has", "have", "is", "are", "will", "would", "could", "can", "may",
    "might", "should", "must", "did", "does", "do", "met", "went", "came", "took", "made", "gave", "got",
    "left", "held", "led", "won", "lost", "fell", "rose", "saw", "began", "became", "kept", "sent", "spent",
    "built", "brought", "thought", "found", "knew", "grew", "drew", "spoke", "wrote", "broke", "chose",
    "ran", "sold", "bought", "paid", "flew", "felt", "heard", "stood", "sat", "taught", "caught", "fought",
    "sought", "threw", "wore", "swore", "drove", "ate", "drank", "sang", "shook", "hid", "lay", "forgot",
];

/// Whether a text has one of [`FINITE_VERBS`].
pub(super) fn has_finite_verb(text: &str) -> bool {
    words(text).any(|word| FINITE_VERBS.contains(&word))
}

/// Whether a text has one of [`FINITE_VERBS`], a word in "-ed", or "says", "say", "meets".
pub(super) fn has_verb(text: &str) -> bool {
    let regular =
        |word: &str| word.len() >= 5 && word.ends_with("ed") && word.starts_with(char::is_lowercase);
    words(text)
        .any(|word| FINITE_VERBS.contains(&word) || regular(word) || matches!(word, "says" | "say" | "meets"))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// The letters and digits at the start of a text; may be empty.
pub fn leading_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// The letters and digits at the end of a text; may be empty.
pub fn trailing_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// The letters at the start of a text; may be empty.
pub(super) fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

/// The letters at the end of a text; may be empty.
pub(super) fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}
