//! Makes mentions from the tags of tokens. A *tag* is `O`, or a letter for the position of the token in its mention, a
//! hyphen, and the label of the mention.
//!
//! One rule reads BIO, IOB1, IOBES, BILOU and BMEWO: a mention begins at a tag that begins one, or at a tag that cannot
//! continue the mention before it.

use std::collections::{BTreeMap, BTreeSet};

use super::labels::Labels;
use crate::article::Span;
use crate::entities::schemes::{self, Tag};
use crate::eval::metrics::spans::TypedSpan;

/// Whether a word is a tag of one of these schemes.
pub fn is_tag(word: &str) -> bool {
    let parts = word.split_once('-');
    word == "O"
        || parts.is_some_and(|(letter, label)| {
            letter.len() == 1 && "BIESLUMW".contains(letter) && !label.is_empty()
        })
}

/// The error for a word that is no tag.
pub fn no_tag(word: &str) -> String {
    format!("'{word}' is no BIO tag (O, B-… or I-…; IOB1, IOBES, BILOU and BMEWO are read too)")
}

/// The mentions of each sentence, as spans of tokens, and notes on the scheme of the tags. Every word of `sentences` must
/// be a tag ([`is_tag`]).
pub fn mentions(sentences: &[Vec<&str>], labels: &mut Labels) -> (Vec<Vec<TypedSpan>>, Vec<String>) {
    let distinct: BTreeSet<&str> = sentences.iter().flatten().copied().collect();
    let names: Vec<String> = distinct.iter().map(|tag| tag.to_string()).collect();
    let tags: BTreeMap<&str, Tag> = distinct.iter().copied().zip(schemes::parse(&names)).collect();
    let mut count = SchemeCounts::default();
    let found = sentences.iter().map(|sentence| {
        let tags: Vec<&Tag> = sentence.iter().map(|tag| &tags[tag]).collect();
        let spans = count.spans(&tags);
        let typed = spans.into_iter().filter_map(|span| {
            let kind = labels.kind(tags[span.start].name.as_deref()?)?;
            Some(TypedSpan { span, kind })
        });
        typed.collect()
    });
    let found = found.collect();
    (found, count.notes(&distinct))
}

/// Counts by which the scheme is recognised, and of tags that do not fit it.
#[derive(Default)]
struct SchemeCounts {
    /// Mentions whose first tag is not one that begins a mention.
    stray: usize,
    /// Tags that begin a mention and do not follow a mention of the same label.
    begun: usize,
    /// Mentions whose last tag is not one that ends a mention.
    open: usize,
}

impl SchemeCounts {
    fn spans(&mut self, tags: &[&Tag]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (at, tag) in tags.iter().enumerate().filter(|(_, tag)| tag.name.is_some()) {
            let before = at.checked_sub(1).map(|before| tags[before]);
            match spans.last_mut() {
                Some(last) if last.end == at && before.is_some_and(|before| tag.continues(before)) => {
                    last.end = at + 1
                }
                _ => {
                    self.stray += usize::from(!tag.begins);
                    let follows = before.is_some_and(|before| before.name == tag.name);
                    self.begun += usize::from(tag.begins && !follows);
                    spans.push(Span::new(at, at + 1));
                }
            }
        }
        self.open += spans.iter().filter(|span| !tags[span.end - 1].ends).count();
        spans
    }

    fn notes(&self, tags: &BTreeSet<&str>) -> Vec<String> {
        let has =
            |letters: &str| tags.iter().any(|tag| *tag != "O" && tag.starts_with(|c| letters.contains(c)));
        let scheme = match (has("LU"), has("MW"), has("ES")) {
            (true, ..) => Some("BILOU"),
            (_, true, _) => Some("BMEWO"),
            (.., true) => Some("IOBES"),
            _ => None,
        };
        let mut notes = Vec::new();
        match scheme {
            Some(scheme) => {
                notes.push(format!(
                    "the tags of the data are {scheme}, and are read as the mentions that they mark"
                ));
                if self.open > 0 {
                    notes.push(format!(
                        "{} mentions of the data have no tag that ends them; each ends where its tags do",
                        self.open
                    ));
                }
            }
            None if self.stray > 0 && self.begun == 0 => {
                notes.push("the tags of the data are IOB1: an I- begins a mention unless it follows one of its label".into());
                return notes;
            }
            None => {}
        }
        if self.stray > 0 {
            notes.push(format!(
                "{} I- tags of the data follow nothing of their type; each begins an entity",
                self.stray
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::EntityType::{Loc, Per};
    use crate::eval::data::labels::LabelMap;

    fn read(tags: &[&str]) -> (Vec<(usize, usize, crate::entities::EntityType)>, String) {
        let map = LabelMap::default();
        let (found, notes) = mentions(&[tags.to_vec()], &mut Labels::new(&map));
        (found[0].iter().map(|t| (t.span.start, t.span.end, t.kind)).collect(), notes.join("; "))
    }

    #[test]
    fn every_scheme_marks_the_same_mentions() {
        let mentions = [(0, 3, Per), (3, 4, Per), (5, 6, Loc)];
        for (tags, scheme) in [
            (["B-PER", "I-PER", "I-PER", "B-PER", "O", "B-LOC"], ""),
            (["I-PER", "I-PER", "I-PER", "B-PER", "O", "I-LOC"], "IOB1"),
            (["B-PER", "I-PER", "E-PER", "S-PER", "O", "S-LOC"], "IOBES"),
            (["B-PER", "I-PER", "L-PER", "U-PER", "O", "U-LOC"], "BILOU"),
            (["B-PER", "M-PER", "E-PER", "W-PER", "O", "W-LOC"], "BMEWO"),
        ] {
            let (found, notes) = read(&tags);
            assert_eq!(found, mentions, "{tags:?}");
            assert!(notes.contains(scheme) && !notes.contains("nothing of their type"), "{notes}");
            assert_eq!(notes.is_empty(), scheme.is_empty(), "{notes}");
        }
    }

    #[test]
    fn tags_that_break_their_scheme_are_counted() {
        assert!(read(&["B-PER", "O", "I-PER"]).1.starts_with("1 I- tags"));
        let (found, notes) = read(&["B-PER", "O", "E-LOC", "S-PER"]);
        assert_eq!(found, [(0, 1, Per), (2, 3, Loc), (3, 4, Per)]);
        assert!(
            notes.contains("1 mentions of the data have no tag that ends them")
                && notes.contains("1 I- tags")
        );
        for word in ["PER", "B", "B-", "X-PER", "b-PER", "(PERSON*", "", "_"] {
            assert!(!is_tag(word), "{word}");
        }
    }
}
