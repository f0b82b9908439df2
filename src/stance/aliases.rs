//! Finding an alias in a sentence: whole words, any case, simple inflections.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use crate::article::Span;

/// An alias as a run of words in small letters.
#[derive(Debug, Clone, Serialize)]
pub struct Pattern(Vec<String>);

impl Pattern {
    /// `None` when the alias has no word.
    pub fn new(alias: &str) -> Option<Self> {
        let words: Vec<String> = alias.unicode_words().map(|word| bare(word).to_lowercase()).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// Byte spans of the places where the words stand one after another, with blanks or hyphens between.
    pub fn find(&self, sentence: &str) -> Vec<Span> {
        let words: Vec<(usize, &str)> = sentence.unicode_word_indices().collect();
        let mut found = Vec::new();
        for at in 0..(words.len() + 1).saturating_sub(self.0.len()) {
            let candidate = &words[at..at + self.0.len()];
            let same = candidate.iter().zip(&self.0).all(|((_, word), wanted)| is_form_of(word, wanted));
            let joined = candidate.windows(2).all(|pair| {
                let gap = &sentence[pair[0].0 + pair[0].1.len()..pair[1].0];
                gap.chars().all(|c| c.is_whitespace() || "-‐‑–".contains(c))
            });
            if same && joined {
                let (last, word) = candidate[candidate.len() - 1];
                found.push(Span::new(candidate[0].0, last + bare(word).len()));
            }
        }
        found
    }
}

/// A word without its possessive ending.
fn bare(word: &str) -> &str {
    let cut = ["'s", "’s", "'S", "’S"].iter().find_map(|ending| word.strip_suffix(ending));
    cut.filter(|rest| !rest.is_empty()).unwrap_or(word)
}

/// Whether one of the two words is an inflection of the other, whatever their case.
fn is_form_of(word: &str, wanted: &str) -> bool {
    let word = bare(word).to_lowercase();
    word == wanted || inflects(wanted, &word) || inflects(&word, wanted)
}

/// Whether `form` is `base` with a regular English ending: plural, past, participle.
fn inflects(base: &str, form: &str) -> bool {
    // "a" and "as", "be" and "bed" are no pair; nor is anything that short.
    let Some(last) = base.chars().last().filter(|_| base.chars().count() >= 3) else {
        return false;
    };
    let stem = &base[..base.len() - last.len_utf8()];
    let vowel = "aeiou".contains(last);
    let ending = |of: &str| form.strip_prefix(of).map(str::to_owned);
    match ending(base).as_deref() {
        Some("s" | "ing" | "ed") => return true,
        Some("es")
            if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") =>
        {
            return true;
        }
        Some("d") if last == 'e' => return true,
        Some(doubled)
            if !vowel && [format!("{last}ed"), format!("{last}ing")].contains(&doubled.to_owned()) =>
        {
            return true;
        }
        _ => {}
    }
    match ending(stem).as_deref() {
        Some("ing") => last == 'e',
        Some("ies" | "ied") => last == 'y',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_simple() {
        for (wanted, word) in [
            ("withdrawal", "withdrawals"),
            ("pull", "Pulled"),
            ("pull", "pulling"),
            ("leave", "leaving"),
            ("agree", "agreed"),
            ("stop", "stopped"),
            ("authority", "authorities"),
            ("authorities", "authority"),
            ("troops", "troop"),
            ("Mali", "MALI's"),
            ("coup", "coup’s"),
            ("clash", "clashes"),
        ] {
            assert!(is_form_of(word, &wanted.to_lowercase()), "{wanted} {word}");
        }
        for (wanted, word) in [
            ("mali", "Malian"),
            ("france", "francs"),
            ("us", "use"),
            ("withdrawal", "withdraw"),
            ("chad", "chadian"),
            ("niger", "nigeria"),
        ] {
            assert!(!is_form_of(word, wanted), "{wanted} {word}");
        }
    }

    #[test]
    fn words_must_stand_together() {
        let pattern = Pattern::new("pull out").unwrap();
        let text = "They pulled out. A pull-out! He pulled, out of fear. Pull  out; pullout.";
        let found: Vec<&str> = pattern.find(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["pulled out", "pull-out", "Pull  out"]);
    }
}
