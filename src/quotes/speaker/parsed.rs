//! A sentence with its tokens and names, and the search for its speaker in it.

use super::verb::of_verb;
use super::verbless::{before_colon, signature, source};
use crate::article::Span;
use crate::entities::{Entity, EntityType};
use crate::quotes::clause::{
    Subject, Token, TokenKind, head_of_source, is_article, names_as_subjects, tokens,
};
use crate::quotes::cues::cue;

/// Names of groups that end like the name for one of their people.
const UNCOUNTED: &[&str] = &["Taliban", "Hezbollah", "Kremlin", "Vatican", "Pentagon", "Bundestag"];

/// A sentence with its tokens and names. Spans are bytes of the sentence.
pub(super) struct ParsedSentence<'a, 't> {
    /// The sentence.
    pub(super) text: &'t str,
    /// Its tokens, in order.
    pub(super) tokens: Vec<Token<'a>>,
    /// The mentions of entities in it, in order.
    pub(super) names: Vec<(Span, &'a Entity)>,
    /// Those of them that stand between quotation marks: a speaker seldom names themselves.
    pub(super) quoted: Vec<&'a Entity>,
}

impl<'a, 't> ParsedSentence<'a, 't> {
    /// Splits a sentence. `names` and `quotes` have spans of the sentence, in order.
    pub(super) fn new(text: &'t str, names: Vec<(Span, &'a Entity)>, quotes: &[Span]) -> Self {
        let tokens = tokens(text, &names, quotes);
        let is_quoted = |span: Span| quotes.iter().any(|quote| quote.contains(span));
        let quoted = names.iter().filter(|(span, _)| is_quoted(*span)).map(|(_, entity)| *entity).collect();
        Self { text, tokens, names, quoted }
    }

    /// The words for the speaker in the sentence, if any.
    pub(super) fn subject(&self) -> Option<Subject<'a>> {
        before_colon(&self.tokens)
            .or_else(|| signature(&self.tokens))
            .or_else(|| of_verb(&self.tokens))
            .or_else(|| source(&self.tokens))
            .or_else(|| self.issuer())
    }

    /// The name that issues something which follows behind a colon: "Donald Trump issued the following statement:".
    fn issuer(&self) -> Option<Subject<'a>> {
        const TEXTS: &[&str] =
            &["statement", "message", "tweet", "letter", "post", "remarks", "e-mail", "email"];
        const VERBS: &[&str] = &[
            "issued",
            "released",
            "tweeted",
            "posted",
            "sent",
            "published",
            "shared",
            "made",
            "gave",
            "issues",
            "releases",
        ];
        let verb = self.tokens.iter().position(|token| VERBS.contains(&token.lower.as_str()))?;
        let is_text = |token: &Token| TEXTS.contains(&token.lower.as_str());
        let issues = self.announces_content() && self.tokens[verb..].iter().any(is_text);
        head_of_source(&self.tokens[..verb]).filter(|subject| issues && matches!(subject, Subject::Name(_)))
    }

    /// The names that are the subject of a verb.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Span> {
        names_as_subjects(&self.tokens).into_iter().map(|number| self.tokens[number].span)
    }

    /// The person or body that a noun names: "Merkel's former chief of staff Olaf Scholz", "the Reuters news agency".
    pub(super) fn named_in(&self, noun: Span) -> Option<&'a Entity> {
        let first = self.tokens.iter().position(|token| token.span.start == noun.start)?;
        let count = self.tokens[first..].iter().take_while(|token| token.span.end <= noun.end).count();
        let tokens = &self.tokens[first..first + count];
        let is_person = tokens.last().is_some_and(Token::is_person);
        match head_of_source(tokens)? {
            Subject::Name(entity) if count > 1 && (is_person || entity.kind == EntityType::Org) => {
                Some(entity)
            }
            _ => None,
        }
    }

    /// The words for one person of a people or party, where each mention of `entity` in the sentence is one: "the Argentine",
    /// "a Democrat", but not "the Houthis" and "the GOP".
    pub(super) fn one_of_a_people(&self, entity: &Entity) -> Option<Span> {
        let one = |at: usize| {
            let determiner = self.tokens.get(at.checked_sub(1)?)?;
            let (span, name) = (self.tokens[at].span, self.tokens[at].span.of(self.text));
            let is_singular =
                !name.ends_with('s') && name.contains(char::is_lowercase) && !UNCOUNTED.contains(&name);
            let is_one = is_article(&determiner.lower) && is_singular;
            is_one.then(|| Span::new(determiner.span.start, span.end))
        };
        let ones: Option<Vec<Span>> =
            (0..self.tokens.len()).filter(|at| self.tokens[*at].names(entity)).map(one).collect();
        ones?.pop()
    }

    /// Whether the sentence announces the next one: it ends with a colon and has no quotation.
    pub(super) fn announces_content(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == TokenKind::Colon)
            && self.tokens.iter().all(|token| token.kind != TokenKind::Quote)
    }

    /// Whether the sentence has only a speaker and a verb ("Macron demanded."), so that its content stands before it.
    pub(super) fn is_reporting_clause(&self) -> bool {
        let verb = self
            .tokens
            .iter()
            .rposition(|token| token.kind == TokenKind::Word && cue(&token.lower).is_some());
        self.tokens.len() <= 8
            && verb.is_some_and(|verb| verb + 1 == self.tokens.len() || self.tokens.len() - verb <= 4)
            && self.tokens.iter().all(|token| token.kind != TokenKind::Quote)
    }
}
