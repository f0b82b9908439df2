//! Whether a sentence makes sense without the sentence before it.

use std::sync::LazyLock;

use regex::Regex;

use crate::article::{SUBJECT_PRONOUNS, TIME_WORDS, leading_word, quotations};

/// A sentence that begins with one of these depends on the sentence before it.
pub(super) const REFERRING_BACK: &[&str] = &[
    "he", "she", "it", "they", "this", "that", "these", "those", "but", "and", "his", "her", "its", "their",
];

/// First words besides these of a sentence that goes on from the one before it.
const LINKING: &[&str] = &["however", "meanwhile", "also", "instead"];

/// First words of sentences that go on with what stands before them, besides [`REFERRING_BACK`] and [`LINKING`], which the fitted
/// features know.
#[rustfmt::skip]
const GOING_ON: &[&str] = &[
    "accordingly", "additionally", "consequently", "conversely", "furthermore", "hence", "indeed", "likewise", "moreover",
    "nevertheless", "nonetheless", "nor", "or", "otherwise", "others", "rather", "similarly", "so", "still", "such", "then",
    "therefore", "thus", "unless", "which", "who", "yet",
];

/// Beginnings of several words of such sentences.
#[rustfmt::skip]
const GOING_ON_WITH: &[&str] = &[
    "as a result,", "as such,", "at the same time,", "by contrast,", "even so,", "for example", "for instance", "if so,",
    "if true,", "in addition,", "in contrast,", "in fact,", "in other words", "in that ", "in the meantime", "in this ",
    "on the other hand",
];

/// Words for a speaker whom another sentence names.
const PRONOUNS: &[&str] = &["he", "she", "they", "it", "his", "her", "their", "its"];

/// A phrase at the start of a sentence, and a pronoun as its subject: "In a statement, he said", "On Monday he said", "Earlier he said".
static PHRASE_AND_PRONOUN: LazyLock<Regex> = LazyLock::new(|| {
    let pronouns = SUBJECT_PRONOUNS.join("|");
    Regex::new(&format!(
        r"(?x)^(?:
            (?i:earlier|later|now|previously|recently|today|yesterday)
            | (?i:in|last|on)\s[\p{{Lu}}\d]\w*
            | (?i:after|asked|at|before|during|earlier|early|in|last|late|later|on|since|speaking)\b[^,“”\x22’']{{0,60}},
            )\s(?:{pronouns})\b",
    ))
    .expect("a valid pattern")
});

/// A time at the start of a sentence that counts from what the sentence before it tells: "The next day", "Two hours later".
static TIME_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    let times = TIME_WORDS.join("|");
    Regex::new(&format!(
        r"(?x)^(?i:
          (?:(?:an?|one|two|three|four|five|six|several|some|a\ few|a\ couple\ of|\d{{1,2}})\ )?
          (?:seconds?|minutes?|moments?|hours?|days?|weeks?|months?|years?|decades?)\ (?:later|earlier)
        | (?:the|that)\ (?:very\ )?(?:next|following|same)\ (?:{times})
        | (?:later|earlier)\ (?:that|the\ same|in\ the)\ (?:{times})
        | (?:by|since|until)\ then | after\ that | not\ only\ that
        )\b",
    ))
    .expect("a valid pattern")
});

/// Whether a sentence depends on the sentence before it, by its first word.
pub fn refers_back(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or("");
    [REFERRING_BACK, LINKING].iter().any(|words| words.contains(&first.to_lowercase().as_str()))
}

/// Whether a sentence goes on with what stands before it, by its first words.
pub fn goes_on(text: &str) -> bool {
    let begins =
        |words: &&str| text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    refers_back(text)
        || GOING_ON_WITH.iter().any(begins)
        || (GOING_ON.contains(&leading_word(text).to_lowercase().as_str()) && !begins(&"so far"))
        || PHRASE_AND_PRONOUN.is_match(text)
}

/// Whether a sentence depends on another one by its own words: it is a quotation, or the start or end of one, it goes on with what
/// stands before it, or its speaker is only "he".
pub fn depends(sentence: &str) -> bool {
    let marks = quotations(sentence);
    let opening = marks.first().filter(|mark| mark.start == 0);
    let is_quotation = (sentence.starts_with(['"', '“']) && sentence.ends_with(['"', '”']))
        || opening.is_some_and(|mark| mark.end == sentence.len());
    let is_pronoun = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        PRONOUNS.contains(&leading_word(rest).to_lowercase().as_str())
    };
    // "“We go,” he said."
    let names_nobody = opening.is_some_and(|mark| is_pronoun(&sentence[mark.end..]));
    is_quotation || is_cut(sentence) || goes_on(sentence) || TIME_BEFORE.is_match(sentence) || names_nobody
}

/// Whether a quotation begins or ends in a sentence, but not both.
fn is_cut(sentence: &str) -> bool {
    let count = |mark: char| sentence.matches(mark).count();
    count('"') % 2 == 1 || (count('“') != count('”') && count('„') == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_need_another_one_are_known() {
        for (sentence, wanted) in [
            ("They agreed on it.", true),
            ("However, Mali stays.", true),
            ("Moreover, taxes rose.", true),
            ("As a result, taxes rose.", true),
            ("“It was time to leave.”", true),
            ("‘It was time to leave.’", true),
            ("“It was time to leave.", true),
            ("“It was time to leave,” he said on Monday.", true),
            ("“It was time to leave,” his lawyer said.", true),
            ("“The army must leave,” Macron said.", false),
            ("In a statement, he said it was time.", true),
            ("On Monday, they left.", true),
            ("Late Thursday, they took the town.", true),
            ("On Monday he left.", true),
            ("Earlier they had left.", true),
            ("Such a move would fail.", true),
            ("On what he called a sad day, Macron left.", false),
            ("In Macron's view, he said, it was time.", false),
            ("In a statement, Macron said he left.", false),
            ("The following day, the army took the town.", true),
            ("Two hours later, the army left.", true),
            ("Hours later the army left.", true),
            ("Earlier in the day, the army left.", true),
            ("Since then, prices have risen.", true),
            ("Two days before Christmas, the army left.", false),
            ("Not only that, prices have risen.", true),
            ("Earlier this week, the army left.", false),
            ("The following towns are without power.", false),
            ("So far, 12 people have died.", false),
            ("There was an explosion in Bamako.", false),
            ("Taxes rose.", false),
        ] {
            assert_eq!(depends(sentence), wanted, "{sentence}");
        }
    }
}
