//! Small closed classes of English words that tell how a line or a sentence goes on.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a word only joins others ("of", "had"), as the `stop-words` list has them.
pub fn is_function_word(word: &str) -> bool {
    static FUNCTION_WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| stop_words::get(stop_words::Language::English).iter().copied().collect());
    FUNCTION_WORDS.contains(word.to_lowercase().replace('’', "'").as_str())
}

/// Months in their order, in small letters.
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

/// Days of the week, in small letters.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Words that mid-sentence have a small letter, so that with a capital they begin something.
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

/// Words that no line ends with unless it is folded: articles, prepositions, conjunctions, auxiliaries.
pub(super) const SMALL: &[&str] = &[
    "the", "a", "an", "of", "in", "on", "at", "by", "for", "with", "from", "to", "and", "but", "or", "as",
    "that", "which", "who", "whose", "when", "while", "after", "before", "if", "his", "her", "its", "their",
    "our", "my", "your", "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would",
    "could", "should", "may", "might", "must", "than", "into", "between", "against", "under", "over",
    "during", "since", "until", "because", "although", "near", "about", "through", "without", "via", "per",
    "told", "where", "whom", "not", "this", "these", "those", "de", "van", "von", "bin", "al",
];

/// Forms that make a clause of a few words a sentence, and that headlines avoid.
const FINITE: &[&str] = &[
    "said", "told", "was", "were", "had", "has", "have", "is", "are", "will", "would", "could", "can", "may",
    "might", "should", "must", "did", "does", "do", "met", "went", "came", "took", "made", "gave", "got",
    "left", "held", "led", "won", "lost", "fell", "rose", "saw", "began", "became", "kept", "sent", "spent",
    "built", "brought", "thought", "found", "knew", "grew", "drew", "spoke", "wrote", "broke", "chose",
    "ran", "sold", "bought", "paid", "flew", "felt", "heard", "stood", "sat", "taught", "caught", "fought",
    "sought", "threw", "wore", "swore", "drove", "ate", "drank", "sang", "shook", "hid", "lay", "forgot",
];

/// Whether the words have a verb that headlines avoid: an auxiliary or an irregular past.
pub(super) fn has_finite_verb(text: &str) -> bool {
    words(text).any(|word| FINITE.contains(&word))
}

/// Whether the words have anything that may be a verb in a past or in the present of "say".
pub(super) fn has_verb(text: &str) -> bool {
    let regular =
        |word: &str| word.len() >= 5 && word.ends_with("ed") && word.starts_with(char::is_lowercase);
    words(text)
        .any(|word| FINITE.contains(&word) || regular(word) || matches!(word, "says" | "say" | "meets"))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// The letters that a text begins with.
pub(super) fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

/// The letters that a text ends with.
pub(super) fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}
