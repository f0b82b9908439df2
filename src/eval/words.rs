//! Finds names by their capital letters alone, without a model.
//!
//! Used as the baseline of entities, and for the faithfulness of summaries, which must not depend on any system that is
//! evaluated.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use super::metrics::spans::TypedSpan;
use super::text::without_possessive;
use crate::article::Span;
use crate::entities::EntityType;

/// The words of a text with their byte spans, without "'s" at their end.
fn words(text: &str) -> Vec<(Span, &str)> {
    let words = text.unicode_word_indices();
    words
        .map(|(at, word)| {
            let bare = without_possessive(word);
            (Span::new(at, at + bare.len()), bare)
        })
        .filter(|(_, word)| !word.is_empty())
        .collect()
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The names (runs of capitalised words) in sentences of a text. `sentences` and the result are byte spans of `text`. A
/// word in all capitals is an `ORG`, several words are a `PER`, any other word is a `LOC`. The first word of a sentence
/// counts only if the text has it capitalised inside a sentence, too, or if it is in all capitals.
pub fn capitalised(text: &str, sentences: &[Span]) -> Vec<TypedSpan> {
    let split: Vec<Vec<(Span, &str)>> = sentences.iter().map(|sentence| words(sentence.of(text))).collect();
    let inside: HashSet<&str> = split
        .iter()
        .flat_map(|words| words.iter().skip(1))
        .map(|(_, word)| *word)
        .filter(|w| is_capitalised(w))
        .collect();
    let mut found: Vec<TypedSpan> = Vec::new();
    for (sentence, words) in sentences.iter().zip(&split) {
        let mut open: Option<(Span, usize)> = None;
        for (number, (span, word)) in words.iter().enumerate() {
            let span = span.shifted(sentence.start);
            if !is_capitalised(word) || (number == 0 && !inside.contains(word) && !is_acronym(word)) {
                found.extend(open.take().map(|run| name(text, run)));
                continue;
            }
            open = match open {
                // The words of a name have a single space between them.
                Some((run, words)) if text[run.end..span.start] == *" " => {
                    Some((Span::new(run.start, span.end), words + 1))
                }
                before => {
                    found.extend(before.map(|run| name(text, run)));
                    Some((span, 1))
                }
            };
        }
        found.extend(open.map(|run| name(text, run)));
    }
    found
}

fn name(text: &str, (span, words): (Span, usize)) -> TypedSpan {
    let kind = match words {
        1 if is_acronym(span.of(text)) => EntityType::Org,
        1 => EntityType::Loc,
        _ => EntityType::Per,
    };
    TypedSpan { span, kind }
}

fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// The capitalised words of a sentence that are not the first word of it or of a quotation in it, and its numbers in
/// digits.
pub fn names_and_numbers(sentence: &str) -> Vec<String> {
    let opens = |at: usize| {
        let before = sentence[..at].trim_end();
        before.is_empty() || before.ends_with(['"', '“', '‘', '«', ':', '.', '!', '?'])
    };
    let found = words(sentence).into_iter().filter(|(span, word)| {
        word.starts_with(|c: char| c.is_ascii_digit()) || (is_capitalised(word) && !opens(span.start))
    });
    found.map(|(_, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_capitals_are_names() {
        let text = "Yesterday Emmanuel Macron left Mali. Mali's army thanked the EU.";
        let sentences = [Span::new(0, 36), Span::new(37, text.len())];
        let found: Vec<(&str, EntityType)> =
            capitalised(text, &sentences).iter().map(|t| (t.span.of(text), t.kind)).collect();
        use EntityType::*;
        assert_eq!(found, [("Emmanuel Macron", Per), ("Mali", Loc), ("Mali", Loc), ("EU", Org)]);
    }

    #[test]
    fn capitalised_words_inside_sentences_and_digits_are_names_and_numbers() {
        let found = names_and_numbers("The 4,300 troops of France's army \"We leave Mali\" in 2022.");
        assert_eq!(found, ["4,300", "France", "Mali", "2022"]);
        assert!(names_and_numbers("nothing here").is_empty());
    }
}
