//! The noun phrase before a place in a sentence, and the name or noun at its head.

use super::small_words::{
    AUXILIARIES, CONJUNCTIONS, DETERMINERS, PREPOSITIONS, SUBORDINATORS, is, is_adverb, is_date, pronoun,
};
use super::token::{Kind, Token};
use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};
use crate::quotes::cues::cue;

/// Whom a verb belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject<'a> {
    Name(&'a Entity),
    /// "He", "she"; with the number of its token.
    Pronoun(Gender, usize),
    /// A noun, with what belongs to it: bytes of the sentence.
    Noun(Span),
}

/// Steps to the left, at most: no sentence is that deep.
pub(super) const STEPS: usize = 24;

/// The head of the phrase that ends with the token `last`: "Angela Merkel" of "Angela Merkel of the CDU on Monday", the
/// spokesman of "a spokesman for Emmanuel Macron".
pub(super) fn head<'a>(tokens: &[Token<'a>], last: usize) -> Option<Subject<'a>> {
    let mut at = last;
    let mut end = last;
    for _ in 0..STEPS {
        let token = &tokens[at];
        if token.kind == Kind::Word {
            if let Some(gender) = pronoun(&token.lower) {
                return Some(Subject::Pronoun(gender, at));
            }
            if ["i", "we", "they", "it", "you", "there", "this", "that", "who"]
                .contains(&token.lower.as_str())
            {
                return Some(Subject::Noun(token.span));
            }
        }
        // "on Monday", "last week", "later", without a phrase of their own.
        if is_date(token) || is_adverb(token) || token.lower.chars().next().is_some_and(char::is_numeric) {
            at = at.checked_sub(1)?;
            while is_date(&tokens[at])
                || is(&["last", "this", "next", "late", "early", "on", "in"], &tokens[at])
            {
                at = at.checked_sub(1)?;
            }
            end = at;
            continue;
        }
        if !matches!(token.kind, Kind::Word | Kind::Name(_)) {
            return None;
        }
        let first = phrase_start(tokens, at);
        let Some(before) = first.checked_sub(1) else { return Some(whole(tokens, at, first, end)) };
        let opens = before == 0
            || matches!(
                tokens[before - 1].kind,
                Kind::Comma | Kind::Quote | Kind::Stop | Kind::Dash | Kind::Colon
            );
        if is(PREPOSITIONS, &tokens[before]) && !(opens && matches!(token.kind, Kind::Name(_))) {
            // Inside a phrase with a preposition: what it belongs to stands before that.
            if opens {
                return None;
            }
            at = before - 1;
            continue;
        }
        let subject = whole(tokens, at, first, end);
        if let (Subject::Noun(_), Kind::Comma) = (subject, tokens[before].kind)
            && is(DETERMINERS, &tokens[first])
            && let Some(entity) = named_before(tokens, before)
        {
            return Some(Subject::Name(entity));
        }
        return Some(subject);
    }
    None
}

/// "Angela Merkel, the chancellor": the name that a noun behind the comma `comma` is in apposition to. The name is a
/// phrase of its own, which "In Berlin," and "When she met Emmanuel Macron," are not.
fn named_before<'a>(tokens: &[Token<'a>], comma: usize) -> Option<&'a Entity> {
    let last = comma.checked_sub(1)?;
    let Kind::Name(entity) = tokens[last].kind else { return None };
    let first = phrase_start(tokens, last);
    let opens = first.checked_sub(1).is_none_or(|before| {
        let before = &tokens[before];
        is(CONJUNCTIONS, before)
            || matches!(before.kind, Kind::Comma | Kind::Quote | Kind::Stop | Kind::Dash | Kind::Colon)
    });
    let alone = tokens[first..last]
        .iter()
        .all(|t| !matches!(t.kind, Kind::Name(other) if other.kind == EntityType::Per));
    (opens && alone && matches!(entity.kind, EntityType::Per | EntityType::Org)).then_some(entity)
}

/// The first token of the noun phrase that ends at `at`, without what a preposition ties to it.
fn phrase_start(tokens: &[Token], at: usize) -> usize {
    let mut first = at;
    while first > 0 {
        let before = &tokens[first - 1];
        let goes_on = match before.kind {
            Kind::Possessive => true,
            // "Berlin Macron" are two phrases, "NATO chief Stoltenberg" and "Trump aide" are one.
            Kind::Name(entity) => match tokens[first].kind {
                Kind::Name(next) => {
                    !(matches!(entity.kind, EntityType::Loc | EntityType::Per)
                        && next.kind == EntityType::Per)
                }
                _ => true,
            },
            Kind::Word => {
                !is(PREPOSITIONS, before)
                    && !is(SUBORDINATORS, before)
                    && !is(CONJUNCTIONS, before)
                    && !is(AUXILIARIES, before)
                    && cue(&before.lower).is_none_or(|_| before.is_capital)
                    && pronoun(&before.lower).is_none()
                    && before.lower != "who"
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        first -= 1;
        if is(DETERMINERS, &tokens[first])
            && !matches!(tokens.get(first.wrapping_sub(1)).map(|t| t.kind), Some(Kind::Possessive))
        {
            break;
        }
    }
    first
}

/// The phrase of the tokens `first..=at` as a subject; up to `end` with what belongs to it.
fn whole<'a>(tokens: &[Token<'a>], at: usize, first: usize, end: usize) -> Subject<'a> {
    match tokens[at].kind {
        Kind::Name(entity) => Subject::Name(entity),
        _ => Subject::Noun(Span::new(tokens[first].span.start, tokens[end].span.end)),
    }
}
