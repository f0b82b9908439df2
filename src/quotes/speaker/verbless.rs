//! Speakers that a sentence names without a verb: before a colon, behind a dash, behind "according to".

use crate::entities::EntityType;
use crate::quotes::clause::{Kind, Subject, Token, subject_behind};
use crate::quotes::cues::cue;

/// "Emmanuel Macron: “…”"
pub(super) fn before_colon<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let colon = tokens.iter().take(8).position(|token| token.kind == Kind::Colon)?;
    let quotes = matches!(tokens.get(colon + 1).map(|token| token.kind), Some(Kind::Quote));
    let before = &tokens[..colon];
    let name = before.iter().position(|token| matches!(token.kind, Kind::Name(_)))?;
    let plain = before.iter().enumerate().all(|(number, token)| match token.kind {
        Kind::Name(_) => number >= name,
        Kind::Word => cue(&token.lower).is_none() && (number > name || token.is_capital),
        Kind::Comma => number > name,
        _ => false,
    });
    let alone = colon == name + 1 || before[name + 1].kind == Kind::Comma;
    // Without marks, what follows has to be more than a title: "Trump: the film".
    let long = tokens.len() >= colon + 8;
    match before[name].kind {
        Kind::Name(entity) if plain && alone && (quotes || (long && entity.kind == EntityType::Per)) => {
            Some(Subject::Name(entity))
        }
        _ => None,
    }
}

/// "“…” – Emmanuel Macron", and "– Emmanuel Macron" behind a quotation of its own.
pub(super) fn signature<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let dash = tokens.iter().rposition(|token| token.kind == Kind::Dash)?;
    let quoted = dash.checked_sub(1).is_none_or(|before| tokens[before].kind == Kind::Quote);
    let behind = &tokens[dash + 1..];
    let name = behind.iter().position(|token| matches!(token.kind, Kind::Name(_)))?;
    let plain = behind[..name].iter().all(|token| token.kind == Kind::Word && token.is_capital);
    let ends = behind.get(name + 1).is_none_or(|token| token.kind == Kind::Comma);
    let verbless = behind.iter().all(|token| cue(&token.lower).is_none());
    match behind[name].kind {
        Kind::Name(entity) if quoted && plain && ends && verbless => Some(Subject::Name(entity)),
        _ => None,
    }
}

/// "according to Emmanuel Macron"
pub(super) fn source<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let at = tokens.windows(2).position(|pair| pair[0].lower == "according" && pair[1].lower == "to")?;
    subject_behind(tokens, at + 2)
}
