//! Finds what a newsroom says about a story and its author: that it is still developing, that it was corrected, who wrote it.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern;
use super::role::{Role, Sentence};
use super::words::{is_function_word, trailing_word};

/// Whether a sentence or paragraph is about the story itself: "This is a developing story.", "Correction: An earlier version …", "Send
/// tips to jane@example.org."
pub(super) fn is_about_story(text: &str) -> bool {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?xi)^\W*(?:
              this\s+is\s+a\s+(?:developing|breaking)\s+(?:news\s+)?story\b
            | (?:please\s+)?check\s+back\s+(?:here|for|later|often|soon)\b
            | (?:corrections?|clarifications?)(?:\s+(?:&|and)\s+clarifications?)?\s*:
            | this\s+(?:article|story|post)\s+(?:was|has\s+been|is\s+being|will\s+be)\s+(?:updated|corrected)\b
            | (?:a\s+version\s+of\s+)?this\s+(?:article|story|piece|column|essay)\s+(?:first|originally)\s+(?:appeared|ran)\b
            | (?:have\s+a|send\s+(?:us\s+)?(?:a|your)?)\s*(?:news\s+)?tips?\s+(?:to\b|we\s+should\b|for\s+us\b)
            )",
        )
    });
    ABOUT.is_match(text)
}

/// Fewest paragraphs of an article behind which a sentence about its author is looked for.
const FEWEST_PARAGRAPHS: usize = 4;
/// How many paragraphs of prose at the end of an article may be about its author.
const LAST_PARAGRAPHS: usize = 2;

/// Marks the paragraphs at the end of an article that say who wrote it: "Jane Roe is a columnist for The Example Times." The text before
/// does not name whom they are about. In the training texts, 21 of 22 such paragraphs are about the author.
pub(super) fn mark_author(text: &str, sentences: &mut [Sentence]) {
    if sentences.last().is_none_or(|last| last.paragraph + 1 < FEWEST_PARAGRAPHS) {
        return;
    }
    let prose = sentences.iter().filter(|sentence| sentence.role == Role::Prose);
    let mut paragraphs: Vec<usize> = prose.map(|sentence| sentence.paragraph).collect();
    paragraphs.dedup();
    for &paragraph in paragraphs.iter().rev().take(LAST_PARAGRAPHS) {
        let first = sentences.iter().find(|sentence| sentence.paragraph == paragraph);
        if first.is_some_and(|first| presents_author(&text[..first.span.start], first.span.of(text))) {
            let own = sentences.iter_mut().filter(|sentence| sentence.paragraph == paragraph);
            own.for_each(|sentence| sentence.role = Role::Boilerplate);
        }
    }
}

/// Whether a sentence says what somebody is whom the text `before` it does not name, as at the end of an article of its author: "Jane Roe
/// is a columnist for The Example Times."
fn presents_author(before: &str, sentence: &str) -> bool {
    static PRESENTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:Dr\.?\s|Prof\.\s|Sir\s)?(?P<name>\p{Lu}[\p{L}'’-]+(?:\s(?:\p{Lu}\.|\p{Lu}[\p{L}'’-]+|de|van|von)){1,4})
              \s(?:\(@\w+\)\s)?is\s(?i:[^.!?“”\x22]{0,120}?\b(?:columnist|reporter|correspondent|editor|contributor|writer|fellow|author
              |professor|journalist|analyst|commentator|host|lecturer|critic|blogger|historian|president|director|ceo|executive
              |attorney|lawyer|founder)\b)",
        )
    });
    PRESENTED.captures(sentence).is_some_and(|found| {
        let name = &found["name"];
        let opening = name.split_whitespace().next().unwrap_or_default();
        !is_function_word(opening) && !before.contains(trailing_word(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_story_is_told_from_news() {
        for text in [
            "This is a developing story.",
            "This is a breaking news story and will be updated.",
            "Check back for updates and follow The Example on Twitter.",
            "Please check back later for more on this story.",
            "CORRECTION: The statement was initially attributed to Poe, but it was said by Roe.",
            "Corrections and clarifications: An earlier version of this story misstated the day.",
            "This post has been updated.",
            "A version of this story first appeared in the newsletter of The Example.",
            "This column originally appeared in The Example.",
            "Send tips to jane@example.org.",
            "Have a tip we should know?",
        ] {
            assert!(is_about_story(text), "{text}");
        }
        for text in [
            "The developing story of the port fills the papers.",
            "He will check back with the minister on Monday.",
            "The correction came late: the price had fallen.",
            "This post was shared by the minister on Monday.",
            "This story has been told many times, he said.",
            "Have a look at the port, the minister said.",
        ] {
            assert!(!is_about_story(text), "{text}");
        }
    }

    #[test]
    fn an_author_is_presented_who_is_not_named_before() {
        let before = "The port will reopen on Monday. Ann Poe leads the port.";
        for sentence in [
            "Jane Roe is a columnist for The Example Times.",
            "Jane K. Roe is Associate Professor of History at Lyon University.",
            "Dr. Jane Roe (@jroe) is the author of a book on ports.",
        ] {
            assert!(presents_author(before, sentence), "{sentence}");
        }
        for sentence in [
            "Ann Poe is the director of the port.",
            "Jane Roe is ill.",
            "The Mayor is a former editor of the paper.",
            "Jane Roe said that the author of the book is ill.",
        ] {
            assert!(!presents_author(before, sentence), "{sentence}");
        }
    }
}
