//! Tokens of a sentence: words, punctuation marks, and each name or quotation as one token. Text in brackets is left out.

use crate::article::Span;
use crate::entities::{Entity, EntityType};

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TokenKind<'a> {
    /// A word that is no name.
    Word,
    /// A named entity.
    Name(&'a Entity),
    /// A quotation with its marks.
    Quote,
    /// A comma.
    Comma,
    /// A colon.
    Colon,
    /// A semicolon, question mark, exclamation mark or ellipsis.
    Stop,
    /// A dash.
    Dash,
    /// The "'s" behind a word.
    Possessive,
}

impl TokenKind<'_> {
    /// Whether it is a quotation or a mark of punctuation, which ends a phrase.
    pub fn is_mark(&self) -> bool {
        !matches!(self, Self::Word | Self::Name(_) | Self::Possessive)
    }
}

/// A token of a sentence.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: TokenKind<'a>,
    /// Bytes of the sentence.
    pub span: Span,
    /// The word in small letters; empty for other tokens.
    pub lower: String,
    /// Whether it begins with a capital letter.
    pub is_capital: bool,
}

impl<'a> Token<'a> {
    /// The token of this kind at a span of a sentence.
    fn new(sentence: &str, kind: TokenKind<'a>, span: Span) -> Self {
        let word = span.of(sentence);
        let is_capital = word.starts_with(char::is_uppercase);
        let lower = if kind == TokenKind::Word { word.to_lowercase() } else { String::new() };
        Self { kind, span, lower, is_capital }
    }

    /// Whether it is the name of a person.
    pub fn is_person(&self) -> bool {
        matches!(self.kind, TokenKind::Name(entity) if entity.kind == EntityType::Per)
    }

    /// Whether it is a name of an entity.
    pub fn names(&self, entity: &Entity) -> bool {
        matches!(self.kind, TokenKind::Name(other) if std::ptr::eq(other, entity))
    }
}

/// The tokens of a sentence. `names` and `quotes` are in order, with spans of the sentence.
pub fn tokens<'a>(text: &str, names: &[(Span, &'a Entity)], quotes: &[Span]) -> Vec<Token<'a>> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut brackets = 0usize;
    let mut names = names.iter().peekable();
    let mut quotes = quotes.iter().peekable();
    while at < text.len() {
        while names.next_if(|(span, _)| span.start < at).is_some() {}
        while quotes.next_if(|span| span.end <= at).is_some() {}
        if let Some(quote) = quotes.peek().filter(|span| span.start <= at) {
            found.push(Token::new(text, TokenKind::Quote, Span::new(at, quote.end)));
            at = quote.end;
            continue;
        }
        if let Some((span, entity)) = names.peek().filter(|(span, _)| span.start == at && span.end > at) {
            if brackets == 0 {
                found.push(Token::new(text, TokenKind::Name(entity), *span));
            }
            at = span.end;
            continue;
        }
        let rest = &text[at..];
        let c = rest.chars().next().expect("the text goes on");
        if c.is_alphanumeric() {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
            // A word ends where a name or a quotation begins, but has one character at least.
            let stops = [names.peek().map(|(span, _)| span.start), quotes.peek().map(|span| span.start)];
            let stops = stops.into_iter().flatten().map(|stop| stop.max(at + c.len_utf8()));
            let end = stops.fold(at + length, usize::min);
            if brackets == 0 {
                found.push(Token::new(text, TokenKind::Word, Span::new(at, end)));
            }
            at = end;
            continue;
        }
        let next = at + c.len_utf8();
        let closes_word = text[..at].ends_with(char::is_alphanumeric);
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            _ if brackets > 0 => {}
            '\'' | '’' if closes_word => {
                if let Some(end) = possessive_end(text, at, next) {
                    found.push(Token::new(text, TokenKind::Possessive, Span::new(at, end)));
                    at = end;
                    continue;
                }
            }
            _ => {
                if let Some(kind) = mark(c, closes_word) {
                    found.push(Token::new(text, kind, Span::new(at, next)));
                }
            }
        }
        at = next;
    }
    found
}

/// The kind of a mark of punctuation, which may stand directly behind a word; `None` where it makes no token.
fn mark(c: char, closes_word: bool) -> Option<TokenKind<'static>> {
    match c {
        ',' => Some(TokenKind::Comma),
        ':' => Some(TokenKind::Colon),
        // A full stop inside a sentence belongs to an abbreviation.
        ';' | '?' | '!' | '…' => Some(TokenKind::Stop),
        '—' | '–' | '―' => Some(TokenKind::Dash),
        '-' if !closes_word => Some(TokenKind::Dash),
        _ => None,
    }
}

/// Where the possessive ending of a word ends, whose apostrophe is at the bytes `at..next`; `None` where it is none.
fn possessive_end(text: &str, at: usize, next: usize) -> Option<usize> {
    let behind = &text[next..];
    let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    if behind.strip_prefix(['s', 'S']).is_some_and(ends) {
        return Some(next + 1);
    }
    (ends(behind) && text[..at].ends_with(['s', 'S'])).then_some(next)
}
