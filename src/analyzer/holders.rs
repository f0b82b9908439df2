//! Which names of a sentence may be for or against a target: one before it that is the subject of a verb ("Democrats blamed Barr"), or
//! one behind it that acts in the passive ("Barr was blamed by Democrats").

use std::sync::LazyLock;

use regex::Regex;

use crate::article::{Span, is_function_word, leading_word};

/// Whether a holder stands before the mention of a target, which is no part of the holder's own name: in "the America of John McCain" nobody
/// is for or against anybody. Of 12 such pairs in the Directed Sentiment Extraction data none is for or against.
pub(super) fn stands_before(text: &str, holder: Span, mention: Span) -> bool {
    text.get(holder.end..mention.start).is_some_and(|between| !matches!(between.trim(), "of" | "of the"))
}

/// Whether a holder does to the target what a verb in the passive says: "Barr has been sharply criticised by the Democrats". In "by Trump
/// supporters" and "by Trump's lawyer" somebody else acts.
pub(super) fn is_agent(text: &str, holder: Span, mention: Span) -> bool {
    static PASSIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?: (?:also|can|could|had|has|have|later|may|might|must|should|then|will|would))*",
            r" (?:are|be|been|being|got|is|was|were)(?: (?:again|also|later|\p{Ll}+ly))* \p{Ll}+",
            r" by (?:(?:the|former|fellow|\p{Lu}[\p{L}.-]*) )*$",
        ))
        .expect("a valid pattern")
    });
    let behind = &text[holder.end..];
    text.get(mention.end..holder.start).is_some_and(|between| PASSIVE.is_match(between))
        && !behind.starts_with(['\'', '’'])
        && !is_before_noun(behind)
}

/// Whether a text begins with a blank and a word in small letters that is no function word.
pub(super) fn is_before_noun(behind: &str) -> bool {
    let word = leading_word(behind.strip_prefix(' ').unwrap_or_default());
    word.starts_with(char::is_lowercase) && !is_function_word(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    #[test]
    fn a_holder_acts_in_the_passive() {
        for (text, wanted) in [
            ("Barr was criticised by Trump for it.", true),
            ("Barr has been sharply criticised by President Trump.", true),
            ("Barr was later supported by the Republican Donald Trump, who left.", true),
            ("Barr was criticised by Trump supporters.", false),
            ("Barr was criticised by Trump's lawyer.", false),
            ("Barr was criticised by friends of Trump.", false),
            ("Barr was in a car by Trump Tower.", false),
            ("Barr left and was criticised by Trump.", false),
            ("Trump criticised Barr.", false),
        ] {
            assert_eq!(is_agent(text, place(text, "Trump"), place(text, "Barr")), wanted, "{text}");
        }
    }

    #[test]
    fn a_holder_before_the_target_does_not_hold_its_name() {
        for (text, wanted) in [
            ("Trump blamed Barr.", true),
            ("Trump accused the lawyer of Barr.", true),
            ("The Trump of Barr is good.", false),
            ("The Trump of the Barr is good.", false),
            ("Barr blamed Trump.", false),
        ] {
            assert_eq!(stands_before(text, place(text, "Trump"), place(text, "Barr")), wanted, "{text}");
        }
    }
}
