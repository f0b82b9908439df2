//! A sentence taken apart: its words and names, and who or what it says is speaking.

use super::verb::of_verb;
use super::verbless::{before_colon, signature, source};
use crate::article::Span;
use crate::entities::Entity;
use crate::quotes::clause::{Kind, Subject, Token, tokens};
use crate::quotes::cues::cue;

/// A sentence taken apart.
pub(super) struct View<'a, 't> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) names: Vec<(Span, &'a Entity)>,
}

impl<'a, 't> View<'a, 't> {
    pub(super) fn new(text: &'t str, names: Vec<(Span, &'a Entity)>, quotes: &[Span]) -> Self {
        let tokens = tokens(text, &names, quotes);
        Self { text, tokens, names }
    }

    /// Who or what is speaking, in the sentence's own words.
    pub(super) fn subject(&self) -> Option<Subject<'a>> {
        before_colon(&self.tokens)
            .or_else(|| signature(&self.tokens))
            .or_else(|| of_verb(&self.tokens))
            .or_else(|| source(&self.tokens))
    }

    /// Whether the sentence ends with a colon and quotes nothing itself.
    pub(super) fn announces(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == Kind::Colon)
            && self.tokens.iter().all(|token| token.kind != Kind::Quote)
    }

    /// Whether the sentence is but a speaker and a verb.
    pub(super) fn trails(&self) -> bool {
        let verb =
            self.tokens.iter().rposition(|token| token.kind == Kind::Word && cue(&token.lower).is_some());
        self.tokens.len() <= 8
            && verb.is_some_and(|verb| verb + 1 == self.tokens.len() || self.tokens.len() - verb <= 4)
            && self.tokens.iter().all(|token| token.kind != Kind::Quote)
    }
}
