//! Contents that go on with a second cue of the same speaker: in "he said it rains and warned of floods", "warned" is no part of what he
//! said. The attribution head often takes all of it for one content.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{FORMS_OF_HAVE, RELATIVE_PRONOUNS};
use super::cues::{Cue, cue};
use super::parts::QuoteParts;
use crate::article::{SUBJECT_PRONOUNS, Span};

/// Words before a second cue.
const JOINING: &[&str] = &["and", "but", "or"];
/// Those besides them that stand before a second cue with a pronoun of its own: "though she denied it".
const SUBORDINATORS: &[&str] = &["although", "though", "while"];
/// Words that may stand between them and the cue.
const ADVERBS: &[&str] = &["again", "also", "even", "later", "repeatedly", "then"];
/// Verbs that tell more often what somebody does of whom the content speaks: "said he saw it and thought of her".
#[rustfmt::skip]
const THOUGHTS: &[&str] = &[
    "agreed", "believe", "believed", "believes", "disclosed", "expected", "feared", "hope", "hoped", "hopes", "think", "thinks", "thought",
];

/// Most second cues of a quote. A text without full stops is one sentence, with very many.
const MOST_CUES: usize = 16;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\S+").expect("a valid pattern"));

/// A second cue in a content. Spans are bytes of the article.
struct SecondCue {
    /// Where the content before it ends.
    end: usize,
    /// The pronoun that is its subject, if any.
    source: Option<Span>,
    cue: Span,
}

/// A quote as several, one for each cue: "said it rains", "warned of floods".
pub fn with_cues_apart(text: &str, mut quote: QuoteParts) -> Vec<QuoteParts> {
    let mut found = Vec::new();
    while found.len() < MOST_CUES
        && let Some((number, second)) = next_cue(text, &quote)
    {
        let content = quote.content[number];
        let behind = Span::new(second.cue.end, content.end).trimmed(text);
        let contents = std::iter::once(behind).chain(quote.content.drain(number + 1..)).collect();
        let rest = QuoteParts {
            source: second.source.or(quote.source),
            cue: Some(second.cue),
            content: contents,
            scores: quote.scores.clone(),
            last: quote.last,
        };
        quote.content[number].end = second.end;
        found.push(std::mem::replace(&mut quote, rest));
    }
    found.push(quote);
    found
}

/// The first second cue of a quote, with the number of the content in which it stands.
fn next_cue(text: &str, quote: &QuoteParts) -> Option<(usize, SecondCue)> {
    let first = quote.cue?;
    let form = form_of(first.of(text))?;
    let mut behind = quote.content.iter().enumerate().filter(|(_, content)| content.start >= first.end);
    behind.find_map(|(number, content)| Some((number, second_cue(text, *content, form)?)))
}

/// The form of the last verb of saying in a cue. "Is telling" is as "tells".
fn form_of(words: &str) -> Option<Cue> {
    let lower = words.to_lowercase();
    let form = lower.split(|c: char| !c.is_alphabetic()).rev().find_map(cue)?;
    let is_present = form.is_participle && lower.starts_with("is ");
    Some(Cue { is_participle: form.is_participle && !is_present, ..form })
}

/// The first second cue in a content. It has the same form as the first one, and stands outside of quotation marks.
fn second_cue(text: &str, content: Span, form: Cue) -> Option<SecondCue> {
    let place = |word: regex::Match| Span::new(word.start(), word.end()).shifted(content.start);
    let words: Vec<Span> = WORD.find_iter(content.of(text)).map(place).collect();
    let (mut is_quoted, mut is_relative) = (false, false);
    for (number, word) in words.iter().enumerate() {
        let shown = word.of(text);
        // The clause may go on behind "and": "a man who left and said so".
        is_relative |= !is_quoted && (RELATIVE_PRONOUNS.contains(&shown) || shown == "whom");
        if number > 0
            && !is_quoted
            && let Some((source, cue)) = cue_behind(text, &words[number..], form, is_relative)
        {
            let before = text[content.start..words[number - 1].end].trim_end_matches([',', ';']);
            return Some(SecondCue { end: content.start + before.len(), source, cue });
        }
        for mark in shown.chars() {
            is_quoted = match mark {
                '“' => true,
                '”' => false,
                '"' => !is_quoted,
                _ => is_quoted,
            };
        }
        // NYT has two apostrophes in place of a quotation mark.
        if shown.matches("''").count() % 2 == 1 {
            is_quoted = !is_quoted;
        }
    }
    None
}

/// The pronoun, if any, and the cue that follow a joining word, which is the first of `words`. There is a content behind the cue.
fn cue_behind(text: &str, words: &[Span], form: Cue, is_relative: bool) -> Option<(Option<Span>, Span)> {
    let joint = words[0].of(text);
    let source = words.get(1).copied().filter(|word| SUBJECT_PRONOUNS.contains(&word.of(text)));
    let joins = match source {
        Some(_) => JOINING.contains(&joint) || SUBORDINATORS.contains(&joint),
        None => JOINING.contains(&joint) && !is_relative,
    };
    if !joins {
        return None;
    }
    let rest = &words[1 + usize::from(source.is_some())..];
    let is_loose =
        |word: &str| ADVERBS.contains(&word) || (source.is_some() && FORMS_OF_HAVE.contains(&word));
    let at = rest.iter().position(|word| !is_loose(word.of(text)))?;
    let verb = rest[at].of(text);
    let other = cue(verb).filter(|other| !other.needs_content && !THOUGHTS.contains(&verb))?;
    let is_same = (other.is_participle, other.is_base, other.is_past)
        == (form.is_participle, form.is_base, form.is_past);
    (is_same && at + 1 < rest.len()).then_some((source, rest[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cue_has_a_quote() {
        for (text, first, wanted) in [
            (
                "Ann said it rains and warned of floods",
                "said",
                &[("Ann", "said", "it rains"), ("Ann", "warned", "of floods")][..],
            ),
            (
                "Ann said it rains, warned Bo and also called it bad, but she denied that it pours",
                "said",
                &[
                    ("Ann", "said", "it rains, warned Bo"),
                    ("Ann", "called", "it bad"),
                    ("she", "denied", "that it pours"),
                ],
            ),
            (
                "Ann is telling us it rains and says it pours",
                "is telling",
                &[("Ann", "is telling", "us it rains"), ("Ann", "says", "it pours")],
            ),
            (
                "Ann said “it rains and warned us” today",
                "said",
                &[("Ann", "said", "“it rains and warned us” today")],
            ),
            ("Ann says it rained and warned us", "says", &[("Ann", "says", "it rained and warned us")]),
            (
                "Ann said a man who left and told us lied",
                "said",
                &[("Ann", "said", "a man who left and told us lied")],
            ),
            (
                "Ann said Bo saw it and thought of her",
                "said",
                &[("Ann", "said", "Bo saw it and thought of her")],
            ),
            ("Ann said it rained and read it out", "said", &[("Ann", "said", "it rained and read it out")]),
        ] {
            let place = |part: &str| {
                let start = text.find(part).unwrap();
                Span::new(start, start + part.len())
            };
            let cue = place(first);
            let content = Span::new(cue.end + 1, text.len());
            let quote = QuoteParts::of(Some(place("Ann")), Some(cue), vec![content]);
            let found = with_cues_apart(text, quote);
            let found: Vec<(&str, &str, &str)> = found
                .iter()
                .map(|quote| {
                    let (source, cue) = (quote.source.unwrap(), quote.cue.unwrap());
                    (source.of(text), cue.of(text), quote.content[0].of(text))
                })
                .collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn contents_behind_the_second_cue_are_its_own() {
        let text = "Ann said it rains and warned “of floods”, she said, “and storms”";
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let contents = vec![place("it rains and warned “of floods”"), place("“and storms”")];
        let found = with_cues_apart(text, QuoteParts::of(Some(place("Ann")), Some(place("said")), contents));
        let found: Vec<Vec<&str>> =
            found.iter().map(|quote| quote.content.iter().map(|span| span.of(text)).collect()).collect();
        assert_eq!(found, [vec!["it rains"], vec!["“of floods”", "“and storms”"]]);
    }
}
