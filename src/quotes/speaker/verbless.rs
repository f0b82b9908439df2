//! Finds speakers without a verb of saying: before a colon, behind a dash, behind "according to".

use crate::entities::EntityType;
use crate::quotes::clause::{Subject, Token, TokenKind, subject_behind};
use crate::quotes::cues::cue;

/// The speaker before a colon: "Emmanuel Macron: “…”".
pub(super) fn before_colon<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let colon = tokens.iter().take(8).position(|token| token.kind == TokenKind::Colon)?;
    let quotes = matches!(tokens.get(colon + 1).map(|token| token.kind), Some(TokenKind::Quote));
    let before = &tokens[..colon];
    let name = before.iter().position(|token| matches!(token.kind, TokenKind::Name(_)))?;
    let plain = before.iter().enumerate().all(|(number, token)| match token.kind {
        TokenKind::Name(_) => number >= name,
        TokenKind::Word => cue(&token.lower).is_none() && (number > name || token.is_capital),
        TokenKind::Comma => number > name,
        _ => false,
    });
    let alone = colon == name + 1 || before[name + 1].kind == TokenKind::Comma;
    // Without quotation marks, the text behind the colon has to be longer than a title ("Trump: the film").
    let long = tokens.len() >= colon + 8;
    match before[name].kind {
        TokenKind::Name(entity) if plain && alone && (quotes || (long && entity.kind == EntityType::Per)) => {
            Some(Subject::Name(entity))
        }
        _ => None,
    }
}

/// The speaker in a signature: "“…” – Emmanuel Macron", or the line "– Emmanuel Macron" behind a quotation.
pub(super) fn signature<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let dash = tokens.iter().rposition(|token| token.kind == TokenKind::Dash)?;
    let quoted = dash.checked_sub(1).is_none_or(|before| tokens[before].kind == TokenKind::Quote);
    let behind = &tokens[dash + 1..];
    let name = behind.iter().position(|token| matches!(token.kind, TokenKind::Name(_)))?;
    let plain = behind[..name].iter().all(|token| token.kind == TokenKind::Word && token.is_capital);
    let ends = behind.get(name + 1).is_none_or(|token| token.kind == TokenKind::Comma);
    let verbless = behind.iter().all(|token| cue(&token.lower).is_none());
    match behind[name].kind {
        TokenKind::Name(entity) if quoted && plain && ends && verbless => Some(Subject::Name(entity)),
        _ => None,
    }
}

/// The speaker behind "according to".
pub(super) fn source<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let at = tokens.windows(2).position(|pair| pair[0].lower == "according" && pair[1].lower == "to")?;
    subject_behind(tokens, at + 2)
}
