//! Noun phrases: the head, a name or a noun, of the phrase that ends at a token.

use super::chain::chain;
use super::token::{Token, TokenKind};
use super::word_classes::{
    AUXILIARIES, CONJUNCTIONS, DETERMINERS, OFFICE_FIELDS, OFFICES, PREPOSITIONS, STAFF, SUBORDINATORS, is,
    is_adverb, is_date, is_past_form, pronoun,
};
use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};
use crate::quotes::cues::cue;

/// The subject of a verb.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject<'a> {
    /// A named entity.
    Name(&'a Entity),
    /// "He" or "she", with the index of its token.
    Pronoun(Gender, usize),
    /// A noun with the words that belong to it: bytes of the sentence.
    Noun(Span),
}

/// Most phrases that one search goes over; real sentences have fewer.
pub(super) const MAX_STEPS: usize = 24;

/// The head of the phrase that ends with the token `last`: "Angela Merkel" of "Angela Merkel of the CDU on Monday", "a
/// spokesman" of "a spokesman for Emmanuel Macron".
pub(super) fn head<'a>(tokens: &[Token<'a>], last: usize) -> Option<Subject<'a>> {
    let mut at = last;
    let mut end = last;
    for _ in 0..MAX_STEPS {
        let token = &tokens[at];
        if let Some(subject) = pronoun_alone(token, at) {
            return Some(subject);
        }
        // "on Monday", "last week", "later" are no phrases with a head.
        if is_date(token) || is_adverb(token) || is_number(token) {
            at = at.checked_sub(1)?;
            while is_date(&tokens[at])
                || is(&["last", "this", "next", "late", "early", "on", "in"], &tokens[at])
            {
                at = at.checked_sub(1)?;
            }
            end = at;
            continue;
        }
        if !matches!(token.kind, TokenKind::Word | TokenKind::Name(_)) {
            return None;
        }
        let first = phrase_start(tokens, at);
        if has_title_with_of(tokens, first, at) {
            return Some(to_subject(tokens, at, first, end));
        }
        let Some(before) = first.checked_sub(1) else { return Some(to_subject(tokens, at, first, end)) };
        let opens = before == 0 || tokens[before - 1].kind.is_mark();
        if is(PREPOSITIONS, &tokens[before]) && !(opens && matches!(token.kind, TokenKind::Name(_))) {
            // A prepositional phrase: the head stands before it.
            if opens {
                return None;
            }
            at = before - 1;
            continue;
        }
        if is_participle(tokens, before) {
            at = before - 1;
            continue;
        }
        if let Some(noun) = antecedent(tokens, first) {
            at = noun;
            continue;
        }
        let subject = to_subject(tokens, at, first, end);
        if let (Subject::Noun(_), TokenKind::Comma) = (subject, tokens[before].kind)
            && is(DETERMINERS, &tokens[first])
            && let Some(entity) = named_before(tokens, before)
        {
            return Some(Subject::Name(entity));
        }
        return Some(subject);
    }
    None
}

/// A pronoun, with the index `at`, as a subject: "he" may stand for a name, others stand as they are.
fn pronoun_alone<'a>(token: &Token, at: usize) -> Option<Subject<'a>> {
    const OTHERS: &[&str] = &["i", "we", "they", "it", "you", "there", "this", "that", "who"];
    if token.kind != TokenKind::Word {
        return None;
    }
    let of_gender = pronoun(&token.lower).map(|gender| Subject::Pronoun(gender, at));
    of_gender.or_else(|| is(OTHERS, token).then_some(Subject::Noun(token.span)))
}

/// Most tokens of an office before a person's name: "Chairman of the Joint Chiefs of Staff General".
const MAX_TITLE: usize = 8;

/// Whether the name `at` belongs to the office of a person who is named behind it: "U.S." in "U.S. Secretary of State Antony
/// Blinken", "Tesla" in "Tesla chief executive Elon Musk", "Clinton" in "Clinton spokesman Jesse Lehrich".
pub(super) fn is_part_of_title(tokens: &[Token], at: usize) -> bool {
    if tokens[at].is_person() {
        // "Clinton campaign spokesman Jesse Lehrich"
        let goes_on = |token: &&Token| {
            token.kind == TokenKind::Word && (token.is_capital || is(OFFICES, token) || is(STAFF, token))
        };
        let behind = at + 1 + tokens[at + 1..].iter().take(MAX_TITLE).take_while(goes_on).count();
        return behind > at + 1
            && is(OFFICES, &tokens[behind - 1])
            && tokens.get(behind).is_some_and(Token::is_person);
    }
    let mut has_word = false;
    for token in tokens.iter().skip(at + 1).take(MAX_TITLE) {
        match token.kind {
            TokenKind::Name(_) if token.is_person() => return has_word,
            TokenKind::Word if token.is_capital || is(OFFICES, token) => has_word = true,
            TokenKind::Word if is(&["of", "for", "and", "the"], token) && has_word => {}
            TokenKind::Name(_) if has_word => {}
            // "The U.S. Secretary of State, Antony Blinken, said"
            TokenKind::Comma if has_word => {}
            _ => return false,
        }
    }
    false
}

/// Whether the person's name `at` has an office with an "of" before it, whose last words begin at `first`: "Secretary of
/// State Antony Blinken".
fn has_title_with_of(tokens: &[Token], first: usize, at: usize) -> bool {
    let Some(before) = first.checked_sub(2) else { return false };
    // "Secretary of Defense Lloyd Austin"
    let is_field = is(OFFICE_FIELDS, &tokens[first])
        && !tokens[..at].iter().skip(first + 1).any(|token| is(OFFICES, token));
    // "the Office of President Emmanuel Macron" is not the president.
    tokens[at].is_person()
        && first < at
        && tokens[first].is_capital
        && (is_field || !is(OFFICES, &tokens[first]))
        && is(&["of"], &tokens[first - 1])
        && tokens[before].kind == TokenKind::Word
        && tokens[before].is_capital
}

/// The name before the token `comma` where a noun behind it is an apposition: "Angela Merkel, the chancellor". The name
/// has to be a phrase of its own, unlike in "In Berlin," and "When she met Emmanuel Macron,".
fn named_before<'a>(tokens: &[Token<'a>], comma: usize) -> Option<&'a Entity> {
    let last = comma.checked_sub(1)?;
    let TokenKind::Name(entity) = tokens[last].kind else { return None };
    let first = phrase_start(tokens, last);
    let opens = first.checked_sub(1).is_none_or(|before| {
        let before = &tokens[before];
        is(CONJUNCTIONS, before) || before.kind.is_mark()
    });
    let alone = !tokens[first..last].iter().any(Token::is_person);
    (opens && alone && matches!(entity.kind, EntityType::Per | EntityType::Org)).then_some(entity)
}

/// The noun before the clause with "who" or "that" whose verb is the token `first` or stands before it: "man" in "the man who
/// killed Emmanuel Macron". Behind a verb of saying, "that" begins what is said.
fn antecedent(tokens: &[Token], first: usize) -> Option<usize> {
    let verb = if is_past_form(&tokens[first]) { first } else { first.checked_sub(1)? };
    let joint = chain(tokens, verb).start.checked_sub(1)?;
    let noun = joint.checked_sub(1)?;
    let joins = match tokens[joint].lower.as_str() {
        "who" => true,
        "that" => tokens[..joint].iter().all(|token| cue(&token.lower).is_none()),
        _ => false,
    };
    let is_noun = matches!(tokens[noun].kind, TokenKind::Word | TokenKind::Name(_));
    (joins && is_noun && is_past_form(&tokens[verb])).then_some(noun)
}

/// Whether a token begins with a digit and is no noun: "67", but not "34-year-old".
fn is_number(token: &Token) -> bool {
    token.lower.starts_with(char::is_numeric) && !token.lower.ends_with("-year-old")
}

/// Whether the token `at` is what the noun before it does: "accusing" in "the woman accusing Brett Kavanaugh".
fn is_participle(tokens: &[Token], at: usize) -> bool {
    let lists = [PREPOSITIONS, SUBORDINATORS, CONJUNCTIONS, AUXILIARIES, DETERMINERS];
    let noun = at.checked_sub(1).map(|before| &tokens[before]).filter(|noun| noun.kind == TokenKind::Word);
    let is_noun = |noun: &Token| !lists.iter().any(|list| is(list, noun)) && !is_adverb(noun);
    let takes = |next: &Token| next.is_capital || is(DETERMINERS, next);
    let verb = &tokens[at].lower;
    verb.len() > 5
        && verb.ends_with("ing")
        && noun.is_some_and(is_noun)
        && tokens.get(at + 1).is_some_and(takes)
}

/// The first token of the noun phrase that ends at `at`, prepositional phrases excluded.
pub fn phrase_start(tokens: &[Token], at: usize) -> usize {
    let mut first = at;
    while first > 0 {
        let before = &tokens[first - 1];
        let goes_on = match before.kind {
            TokenKind::Possessive => true,
            // "Berlin Macron" is two phrases; "NATO chief Stoltenberg" and "Trump aide" are one each.
            TokenKind::Name(entity) => match tokens[first].kind {
                TokenKind::Name(next) => {
                    !(matches!(entity.kind, EntityType::Loc | EntityType::Per)
                        && next.kind == EntityType::Per)
                }
                _ => true,
            },
            TokenKind::Word => {
                !is(PREPOSITIONS, before)
                    && !is(SUBORDINATORS, before)
                    && !is(CONJUNCTIONS, before)
                    && !is(AUXILIARIES, before)
                    && cue(&before.lower).is_none_or(|_| before.is_capital)
                    && pronoun(&before.lower).is_none()
                    && !["who", "which"].contains(&before.lower.as_str())
                    && !is_participle(tokens, first - 1)
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        first -= 1;
        if is(DETERMINERS, &tokens[first])
            && !matches!(tokens.get(first.wrapping_sub(1)).map(|t| t.kind), Some(TokenKind::Possessive))
        {
            break;
        }
    }
    first
}

/// The phrase with the tokens `first..=at` as a subject. A noun includes the tokens up to `end`.
pub(super) fn to_subject<'a>(tokens: &[Token<'a>], at: usize, first: usize, end: usize) -> Subject<'a> {
    match tokens[at].kind {
        TokenKind::Name(entity) => Subject::Name(entity),
        _ => Subject::Noun(Span::new(tokens[first].span.start, tokens[end].span.end)),
    }
}
