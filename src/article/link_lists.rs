//! Finds lists of links to other stories that stand within a sentence.

use std::collections::HashSet;

/// Longest last word, in characters, of a name with links: the cost of an endless word is bounded.
const LONGEST_NAME: usize = 40;

/// Whether a list of links starts within a sentence: where a name has links of its own, as on the pages of The Hill, their
/// headlines follow the second form of the name without a blank: "Mitt Romney Willard (Mitt) Mitt RomneyJon Huntsman to run".
pub(super) fn opens_links(sentence: &str) -> bool {
    let of_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c == '(');
    let (mut seen, mut before) = (HashSet::new(), "");
    sentence.split_whitespace().any(|word| {
        let glued = of_name(before)
            && of_name(word)
            && word.char_indices().skip(1).take(LONGEST_NAME).any(|(cut, capital)| {
                let name = &word[..cut];
                capital.is_uppercase() && name.ends_with(char::is_lowercase) && seen.contains(name)
            });
        seen.insert(word);
        before = word;
        glued
    })
}

/// Whether such a list ends within a sentence.
pub(super) fn closes_links(sentence: &str) -> bool {
    sentence
        .split_whitespace()
        .any(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with("MORE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_links_behind_a_name_are_found() {
        for text in [
            "Sen. Mitt Romney Willard (Mitt) Mitt RomneyJon Huntsman expected to run for governor MORE (R-Utah) voted.",
            "President Trump Donald John TrumpDem lawmaker says Nunes threatened to sue him.",
            "Jim Acosta James (Jim) AcostaWhat Trump got right MORE left.",
        ] {
            assert!(opens_links(text), "{text}");
        }
        for text in [
            "Exxon said that the ruling affirms the position ExxonMobil has held.",
            "Nate Silver of Five says that FiveThirtyEight’s average is sound.",
            "Ronald McDonald met Mac McDonald in DeKalb County.",
        ] {
            assert!(!opens_links(text), "{text}");
        }
        assert!(closes_links("John Kelly John Francis KellyMORE."));
        assert!(!closes_links("More soldiers left."));
    }
}
