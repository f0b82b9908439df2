//! Searches for the subject of a verb: before the verb, behind it (inversion: "said Macron"), or at the start of the
//! sentence.

use super::chain::chain;
use super::phrase::{MAX_STEPS, Subject, head, is_part_of_title, phrase_start};
use super::token::{Token, TokenKind};
use super::word_classes::{
    ADVERBS, AUXILIARIES, CONJUNCTIONS, DETERMINERS, GROUPS, INSERTIONS, PREPOSITIONS, SUBORDINATORS, is,
    is_adverb, is_date, is_past_form, pronoun,
};
use crate::article::Span;
use crate::entities::EntityType;
use crate::quotes::cues::cue;

/// The subject before a verb whose [`Chain`](super::chain::Chain) starts at `start`.
pub fn subject_before<'a>(tokens: &[Token<'a>], start: usize) -> Option<Subject<'a>> {
    let last = start.checked_sub(1)?;
    let token = &tokens[last];
    match token.kind {
        TokenKind::Comma => subject_before_insertion(tokens, last),
        TokenKind::Word if is(CONJUNCTIONS, token) => main_subject(tokens, last),
        TokenKind::Word if ["who", "which"].contains(&token.lower.as_str()) => {
            let before = tokens[..last].iter().rposition(|token| token.kind != TokenKind::Comma)?;
            head(tokens, before)
        }
        TokenKind::Word if is(SUBORDINATORS, token) || is(PREPOSITIONS, token) => None,
        TokenKind::Word | TokenKind::Name(_) => head(tokens, last),
        _ => None,
    }
}

/// The subject before the token `comma`, which ends an insertion or a phrase before an inverted verb.
fn subject_before_insertion<'a>(tokens: &[Token<'a>], comma: usize) -> Option<Subject<'a>> {
    let mut fallback = None;
    let mut from = comma;
    for _ in 0..MAX_STEPS {
        let Some(open) = tokens[..from].iter().rposition(|t| {
            matches!(t.kind, TokenKind::Comma | TokenKind::Stop | TokenKind::Quote | TokenKind::Dash)
        }) else {
            break;
        };
        if tokens[open].kind != TokenKind::Comma || open == 0 {
            break;
        }
        let first = tokens.get(open + 1)?;
        let name_before = match tokens[open - 1].kind {
            TokenKind::Name(_) => {
                head(tokens, open - 1).filter(|subject| matches!(subject, Subject::Name(_)))
            }
            TokenKind::Word => head(tokens, open - 1),
            _ => None,
        };
        // "One farmer, Ahmed Salim from Mosul, said"
        if first.is_person()
            && is_introduced(tokens, open)
            && let TokenKind::Name(entity) = first.kind
        {
            return Some(Subject::Name(entity));
        }
        let opens = is(INSERTIONS, first)
            || first.lower.ends_with("ing")
            || first.lower.chars().next().is_some_and(char::is_numeric);
        if opens && let Some(subject) = name_before {
            return Some(subject);
        }
        if let Some(Subject::Name(_)) = name_before {
            fallback = fallback.or(name_before);
        }
        from = open;
    }
    fallback
}

/// Whether the phrase before the token `comma` introduces a person who is named behind it: "One farmer,", "An analyst at
/// Citi,".
fn is_introduced(tokens: &[Token], comma: usize) -> bool {
    let Some(Subject::Noun(span)) = comma.checked_sub(1).and_then(|last| head(tokens, last)) else {
        return false;
    };
    tokens.iter().find(|token| token.span.start == span.start).is_some_and(|token| is(DETERMINERS, token))
}

/// The subject of the sentence, which later verbs share: the first noun phrase without a preposition before the token
/// `end`.
pub fn main_subject<'a>(tokens: &[Token<'a>], end: usize) -> Option<Subject<'a>> {
    let mut at = 0;
    let clause = tokens[..end]
        .iter()
        .rposition(|t| matches!(t.kind, TokenKind::Stop | TokenKind::Quote))
        .map_or(0, |stop| stop + 1);
    at += clause;
    // "On Monday, …", "After he met …, …"
    while at < end
        && (is(PREPOSITIONS, &tokens[at])
            || is(SUBORDINATORS, &tokens[at])
            || tokens[at].lower.ends_with("ing"))
    {
        match tokens[at..end].iter().position(|t| t.kind == TokenKind::Comma) {
            Some(comma) => at += comma + 1,
            None => break,
        }
    }
    let first = at;
    for number in first..end.min(first + 12) {
        let token = &tokens[number];
        match token.kind {
            TokenKind::Name(entity) => {
                let next = tokens.get(number + 1);
                let owns = next.is_some_and(|t| t.kind == TokenKind::Possessive);
                // "Lockheed workers", "NATO officials": the name of an organisation before its members.
                let members = entity.kind != EntityType::Per
                    && next.is_some_and(|t| {
                        t.kind == TokenKind::Word && t.lower.ends_with('s') && cue(&t.lower).is_none()
                    })
                    && number > first;
                if let Some(group) = next.filter(|next| is(GROUPS, next)) {
                    return Some(Subject::Noun(Span::new(tokens[first].span.start, group.span.end)));
                }
                if members {
                    return Some(Subject::Noun(token.span));
                }
                if !owns && !is_part_of_title(&tokens[..end], number) {
                    return Some(Subject::Name(entity));
                }
            }
            TokenKind::Word => {
                if let Some(gender) = pronoun(&token.lower) {
                    return Some(Subject::Pronoun(gender, number));
                }
                let stop = if is(PREPOSITIONS, token) { number } else { verb_start(tokens, number) };
                if stop > first {
                    return Some(Subject::Noun(Span::new(
                        tokens[first].span.start,
                        tokens[stop - 1].span.end,
                    )));
                }
            }
            TokenKind::Possessive => {}
            _ => return None,
        }
    }
    None
}

/// Where a verb in the past begins that ends with the token `at`: "also arrested" in "Police also arrested Kim". 0 where there is
/// none, as in "the arrested men".
fn verb_start(tokens: &[Token], at: usize) -> usize {
    let start = chain(tokens, at).start;
    let follows_noun = start.checked_sub(1).map(|before| &tokens[before]).is_some_and(|before| {
        before.kind == TokenKind::Word
            && !is(DETERMINERS, before)
            && !is(CONJUNCTIONS, before)
            && before.lower != "former"
            && !before.lower.starts_with(char::is_numeric)
    });
    if follows_noun && is_past_form(&tokens[at]) { start } else { 0 }
}

/// The names that are the subject of a verb, as indices of tokens: that of the sentence, and each that begins a clause. A verb
/// stands directly behind the name or behind "who"; behind that of the sentence there may be a phrase first. "South Korean" in
/// "South Korean media say" is none, nor is the first of several in a list.
pub fn names_as_subjects(tokens: &[Token]) -> Vec<usize> {
    let main = match main_subject(tokens, tokens.len()) {
        Some(Subject::Name(main)) => tokens
            .iter()
            .position(|token| matches!(token.kind, TokenKind::Name(entity) if std::ptr::eq(entity, main))),
        _ => None,
    };
    let is_verb = |token: &Token| {
        let is_cue = cue(&token.lower).is_some_and(|cue| !cue.is_base);
        is(AUXILIARIES, token) || is_adverb(token) || is_cue || token.lower.ends_with("ed")
    };
    let is_subject = |number: &usize| {
        let first = phrase_start(tokens, *number);
        let opens = first.checked_sub(1).is_none_or(|before| {
            let before = &tokens[before];
            is(CONJUNCTIONS, before)
                || is(SUBORDINATORS, before)
                || !matches!(before.kind, TokenKind::Word | TokenKind::Name(_))
        });
        let is_main = main == Some(*number);
        match &tokens[number + 1..] {
            [comma, who, verb, ..] if comma.kind == TokenKind::Comma && who.lower == "who" => is_verb(verb),
            [next, ..] if next.kind == TokenKind::Word => {
                (opens || is_main) && is_verb(next) || is_main && is(PREPOSITIONS, next)
            }
            [comma, ..] => is_main && comma.kind == TokenKind::Comma,
            _ => false,
        }
    };
    let names = (0..tokens.len()).filter(|number| matches!(tokens[*number].kind, TokenKind::Name(_)));
    names.filter(is_subject).collect()
}

/// The subject behind an inverted verb or "according to": the noun phrase that begins with the token `from`.
pub fn subject_behind<'a>(tokens: &[Token<'a>], from: usize) -> Option<Subject<'a>> {
    let mut last_noun: Option<Span> = None;
    for number in from..tokens.len().min(from + 10) {
        let token = &tokens[number];
        match token.kind {
            TokenKind::Name(entity) => {
                let next = tokens.get(number + 1);
                let modifies = next.is_some_and(|t| {
                    t.kind == TokenKind::Possessive
                        || is(GROUPS, t)
                        || (t.kind == TokenKind::Word && entity.kind != EntityType::Per && is_noun(t))
                });
                if !modifies && !is_part_of_title(tokens, number) {
                    return Some(Subject::Name(entity));
                }
            }
            TokenKind::Word => {
                if let Some(gender) = pronoun(&token.lower) {
                    return Some(Subject::Pronoun(gender, number));
                }
                if is(PREPOSITIONS, token)
                    || is(SUBORDINATORS, token)
                    || is(CONJUNCTIONS, token)
                    || token.lower == "who"
                {
                    // "Secretary of State John Kerry"
                    let goes_on = token.lower == "of"
                        && tokens.get(number + 1).is_some_and(|t| t.is_capital || is(DETERMINERS, t));
                    let named = goes_on
                        && tokens[number + 1..tokens.len().min(number + 4)].iter().any(Token::is_person);
                    if !(named && tokens[number - 1].is_capital) {
                        return last_noun.map(Subject::Noun);
                    }
                }
                last_noun =
                    Some(Span::new(last_noun.map_or(token.span.start, |span| span.start), token.span.end));
            }
            TokenKind::Possessive => {}
            // "the spokesman, Abdoulaye Maiga"
            TokenKind::Comma if last_noun.is_some() => {
                let closed =
                    tokens.get(number + 2).is_none_or(|t| t.kind != TokenKind::Word || is(PREPOSITIONS, t));
                return match tokens.get(number + 1).map(|t| t.kind) {
                    Some(TokenKind::Name(entity)) if entity.kind == EntityType::Per && closed => {
                        Some(Subject::Name(entity))
                    }
                    _ => last_noun.map(Subject::Noun),
                };
            }
            _ => return last_noun.map(Subject::Noun),
        }
    }
    last_noun.map(Subject::Noun)
}

/// Whether a word behind the name of an organisation may be the head of the phrase: "officials" in "NATO officials".
fn is_noun(token: &Token) -> bool {
    let other = [PREPOSITIONS, SUBORDINATORS, CONJUNCTIONS, AUXILIARIES, DETERMINERS, ADVERBS];
    !token.is_capital
        && token.lower != "who"
        && !other.iter().any(|list| is(list, token))
        && !is_date(token)
        && !is_adverb(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::{Entity, Mention};
    use crate::quotes::clause::tokens;

    #[test]
    fn names_before_verbs_are_subjects() {
        let names = ["Democrats", "William Barr", "South Korean", "Kim", "Ann Lee", "Justice Department"];
        for (text, wanted) in [
            ("Democrats have taken issue with William Barr.", &["Democrats"][..]),
            ("Democrats on the panel met William Barr, who said no.", &["Democrats", "William Barr"]),
            ("South Korean media claim that Kim is ill.", &["Kim"]),
            ("Democrats and William Barr's aides left.", &[]),
            ("The officials of the Justice Department gave Kim a letter.", &[]),
            ("Because Ann Lee criticized Kim, she left.", &["Ann Lee"]),
        ] {
            let entity = |name: &str| {
                let found = text.find(name)?;
                let span = Span::new(found, found + name.len());
                let mentions = vec![Mention { span, score: 1.0, label: None }];
                Some(Entity { name: name.into(), kind: EntityType::Org, gender: None, mentions })
            };
            let mut entities: Vec<Entity> = names.iter().filter_map(|name| entity(name)).collect();
            entities.sort_by_key(|entity| entity.mentions[0].span);
            let names: Vec<(Span, &Entity)> =
                entities.iter().map(|entity| (entity.mentions[0].span, entity)).collect();
            let tokens = tokens(text, &names, &[]);
            let found: Vec<&str> =
                names_as_subjects(&tokens).into_iter().map(|number| tokens[number].span.of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
