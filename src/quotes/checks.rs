//! Tells quotes from what the attribution head only takes for quotes: words without a verb of saying ("would not"), questions to
//! somebody ("Asked about it"), answers that were not given ("didn't respond").

use super::cues::{ANSWERS, cue};
use super::parts::QuoteParts;
use crate::article::{Span, trailing_word};

/// Marks that open a quotation.
pub(super) const OPENING: [char; 5] = ['"', '“', '„', '«', '‘'];

/// Words of a cue that say nothing by themselves, besides adverbs in "-ly".
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "also", "always", "an", "are", "as", "be", "been", "being", "clear", "could", "deeply", "did", "do", "does", "ever", "had",
    "has", "have", "is", "it", "may", "might", "must", "never", "no", "not", "should", "still", "that", "the", "to", "unclear", "was",
    "were", "will", "would", "yet",
];
/// Verbs whose object is no content, unless it stands in quotation marks.
const REFERRING: &[&str] =
    &["referring", "refers", "referred", "alluding", "alludes", "alluded", "attacking", "opposing"];
/// Nouns that look like verbs of saying: "his remarks suggest".
const NOUNS: &[&str] = &["claims", "comments", "promises", "remarks", "reports", "statements", "suggestions"];
/// Words before such a noun.
#[rustfmt::skip]
const BEFORE_NOUNS: &[&str] = &[
    "a", "about", "amid", "an", "by", "despite", "from", "her", "his", "its", "my", "of", "on", "our", "over", "s", "such", "the", "their",
    "these", "those", "to", "with", "your",
];
/// Words with which the content of a question begins.
const QUESTIONS: &[&str] = &["about", "how", "if", "what", "whether", "why"];

/// Whether a quote is none.
pub(super) fn is_no_quote(text: &str, quote: &QuoteParts) -> bool {
    let Some(span) = quote.cue else { return false };
    let cue = span.of(text).to_lowercase();
    let words: Vec<&str> =
        cue.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let Some(first) = words.first() else { return false };
    let is_quoted = quote.content.iter().any(|content| content.of(text).starts_with(OPENING));
    let before = text[..span.start].trim_end();
    let is_empty = words.iter().all(|word| EMPTY.contains(word) || word.ends_with("ly"));
    let is_noun = words.len() == 1
        && NOUNS.contains(first)
        && (before.ends_with(['\'', '’'])
            || BEFORE_NOUNS.contains(&trailing_word(before).to_lowercase().as_str()));
    let is_question = || {
        let opens = span.of(text).starts_with("Asked") || trailing_word(before).eq_ignore_ascii_case("when");
        let content = quote.content[0].of(text).to_lowercase();
        opens && *first == "asked" && QUESTIONS.iter().any(|word| content.starts_with(word))
    };
    let is_silence = || {
        let negated = ["not", "never"].iter().any(|word| words.contains(word))
            || cue.contains("n't")
            || cue.contains("n’t");
        let refused = words.iter().any(|word| ["declined", "refused", "declining"].contains(word));
        (negated || refused) && words.iter().any(|word| ANSWERS.contains(word))
    };
    (!is_quoted && (is_empty || is_noun || REFERRING.contains(first))) || is_question() || is_silence()
}

/// Whether the words of a cue have a verb of saying, or "according".
pub(super) fn says(cue_words: &str) -> bool {
    let lower = cue_words.to_lowercase();
    lower
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word == "according" || cue(word).is_some_and(|cue| !cue.needs_content || cue.is_past))
}

/// A cue with the negation before it: "don't | expect", "did not | say". A cue that begins inside a word has all of the word.
pub(super) fn with_negation(text: &str, span: Span) -> Span {
    let whole = text[..span.start].trim_end_matches(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
    let mut start = if text[whole.len()..span.start].is_empty() { span.start } else { whole.len() };
    let before = text[..start].trim_end_matches(' ');
    let negation = before.rsplit(' ').next().unwrap_or_default();
    let lower = negation.to_lowercase();
    let is_short = lower.ends_with("n't") || lower.ends_with("n’t");
    if !is_short && lower != "not" && lower != "never" {
        return Span::new(start, span.end);
    }
    start = before.len() - negation.len();
    if !is_short {
        let auxiliary = text[..start].trim_end_matches(' ').rsplit(' ').next().unwrap_or_default();
        if EMPTY.contains(&auxiliary) || auxiliary == "can" {
            start -= auxiliary.len() + 1;
        }
    }
    Span::new(start, span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    #[test]
    fn what_says_nothing_is_no_quote() {
        for (text, cue, content, wanted) in [
            ("Harvard would not be planning it", "would not", "be planning it", true),
            ("The F.B.I. is not clear on it", "is not clear", "on it", true),
            ("Asked about the plan, he left", "Asked", "about the plan", true),
            ("Lee asked about the plan", "asked", "about the plan", false),
            ("Lee, referring to the plan", "referring to", "the plan", true),
            ("Lee, referring to it as \"good\"", "referring to", "\"good\"", false),
            ("His remarks suggest it", "remarks", "suggest it", true),
            ("Lee remarks that it rains", "remarks", "that it rains", false),
            ("a time dogged by claims that it rains", "claims", "that it rains", true),
            ("Lee didn't respond to a request", "didn't respond", "to a request", true),
            ("Lee would never answer to it", "would never answer", "to it", true),
            ("Lee declined to comment on it", "declined to comment", "on it", true),
            ("Lee declined to say it", "declined to say", "it", false),
            ("Lee said it rains", "said", "it rains", false),
        ] {
            let quote = QuoteParts::of(None, Some(place(text, cue)), vec![place(text, content)]);
            assert_eq!(is_no_quote(text, &quote), wanted, "{text}");
        }
    }

    #[test]
    fn negations_belong_to_cues() {
        for (text, cue, wanted) in [
            ("They don't expect it", "expect", "don't expect"),
            ("They did not say so", "say", "did not say"),
            ("They never said so", "said", "never said"),
            ("They didn't respond", "t respond", "didn't respond"),
            ("They said so", "said", "said"),
            ("Macron's plan", "plan", "plan"),
        ] {
            assert_eq!(with_negation(text, place(text, cue)).of(text), wanted);
        }
    }

    #[test]
    fn cues_of_saying_have_a_verb_of_saying() {
        assert!(says("said in a statement") && says("According to") && says("would not say"));
        assert!(!says("was made public") && !says("released the full") && !says("plans"));
    }
}
