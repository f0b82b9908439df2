//! Subjects of several people or bodies: "Macron, Scholz and Merkel said". The first of them is taken.

use super::phrase::{Subject, head, phrase_start};
use super::token::{Token, TokenKind};
use super::word_classes::{CONJUNCTIONS, OFFICES, SUBORDINATORS, is, is_date, is_past_form};
use crate::article::Span;
use crate::entities::EntityType;

/// Words that may stand before a name in a list, besides offices and words with a capital.
const BEFORE_NAMES: &[&str] = &["the", "a", "an", "both", "his", "her", "its", "their"];

/// The head of the phrase that ends with the token `last`, as [`head`] gives it; of several that are joined, the first: "Macron" of
/// "Macron and Merkel". In "the leaders of France and Germany" the whole phrase is the subject.
pub(super) fn head_of_all<'a>(tokens: &[Token<'a>], last: usize) -> Option<Subject<'a>> {
    let subject = head(tokens, last)?;
    let before = &tokens[..=last];
    let joined = match subject {
        Subject::Name(entity) => {
            before.iter().rposition(|token| token.names(entity)).map(|at| (phrase_start(tokens, at), at))
        }
        Subject::Noun(span) => before
            .iter()
            .position(|token| token.span.start == span.start)
            .zip(before.iter().rposition(|token| token.span.end == span.end)),
        Subject::Pronoun(..) => None,
    };
    Some(joined.and_then(|(first, at)| first_of_several(tokens, first, at)).unwrap_or(subject))
}

/// The first of several phrases that "and" joins. The last of them begins with the token `first`, and its head is `last`.
pub(super) fn first_of_several<'a>(tokens: &[Token<'a>], first: usize, last: usize) -> Option<Subject<'a>> {
    let joint = first.checked_sub(1).filter(|&joint| is(&["and"], &tokens[joint]))?;
    // "Macron, Scholz, and Merkel", but not "Macron came, and Merkel said".
    let has_comma = joint.checked_sub(1).is_some_and(|comma| tokens[comma].kind == TokenKind::Comma);
    let mut at = joint.checked_sub(if has_comma { 2 } else { 1 })?;
    let TokenKind::Name(nearest) = tokens[at].kind else { return None };
    let mut begin = name_start(tokens, at)?;
    if tokens[last].kind == TokenKind::Word {
        let has = |is_kind: fn(&Token) -> bool| tokens[first..last].iter().any(is_kind);
        // "Macron and Merkel's spokesman" may be one man.
        if has(|token| token.kind == TokenKind::Possessive) {
            return None;
        }
        // "Israeli and US officials"
        if has(|token| matches!(token.kind, TokenKind::Name(_))) {
            let whole = Span::new(tokens[begin].span.start, tokens[last].span.end);
            return opens_clause(tokens, begin).then_some(Subject::Noun(whole));
        }
    }
    let mut named = opens_clause(tokens, begin).then_some(nearest).filter(|_| !has_comma);
    while let Some(before) = begin.checked_sub(2)
        && tokens[begin - 1].kind == TokenKind::Comma
        && let TokenKind::Name(entity) = tokens[before].kind
        && (entity.kind == EntityType::Per) == (nearest.kind == EntityType::Per)
        && let Some(start) = name_start(tokens, before)
    {
        (at, begin) = (before, start);
        if opens_clause(tokens, begin) {
            named = Some(entity);
        }
    }
    match named {
        Some(entity) if opens_clause(tokens, begin) => Some(Subject::Name(entity)),
        _ => whose_names(tokens, begin, at, last).or(named.map(Subject::Name)),
    }
}

/// The phrase to which several names belong, of which the first has the tokens `begin..=at`: "the leaders of" France and Germany.
fn whose_names<'a>(tokens: &[Token<'a>], begin: usize, at: usize, last: usize) -> Option<Subject<'a>> {
    let (TokenKind::Name(one), TokenKind::Name(other)) = (tokens[at].kind, tokens[last].kind) else {
        return None;
    };
    let preposition = begin.checked_sub(1).filter(|&before| is(&["of", "for", "from"], &tokens[before]))?;
    let noun = preposition.checked_sub(1).filter(|&noun| tokens[noun].kind == TokenKind::Word)?;
    let start = phrase_start(tokens, noun);
    let is_noun = !tokens[start..=noun].iter().any(|token| is_past_form(token) || is_date(token));
    (one.kind == other.kind && is_noun && opens_clause(tokens, start))
        .then(|| Subject::Noun(Span::new(tokens[start].span.start, tokens[last].span.end)))
}

/// Where the phrase of the name `at` begins, if only offices, articles and words with a capital stand before the name. A day at its
/// start is no part of it: "On Monday Macron".
fn name_start(tokens: &[Token], at: usize) -> Option<usize> {
    let from = phrase_start(tokens, at);
    let first = from + tokens[from..at].iter().take_while(|token| is_date(token)).count();
    let belongs = |token: &Token| match token.kind {
        TokenKind::Word => token.is_capital || is(OFFICES, token) || is(BEFORE_NAMES, token),
        TokenKind::Name(_) | TokenKind::Possessive => true,
        _ => false,
    };
    tokens[first..at].iter().all(belongs).then_some(first)
}

/// Whether a clause begins with the token `first`.
fn opens_clause(tokens: &[Token], first: usize) -> bool {
    first.checked_sub(1).map(|before| &tokens[before]).is_none_or(|before| {
        before.kind.is_mark() || is(SUBORDINATORS, before) || is(CONJUNCTIONS, before) || is_date(before)
    })
}
