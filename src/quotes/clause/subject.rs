//! Searches for the subject of a verb: before the verb, behind it (inversion: "said Macron"), or at the start of the
//! sentence.

use super::chain::chain;
use super::phrase::{MAX_STEPS, Subject, head, is_part_of_title, phrase_start, to_subject};
use super::several::{first_of_several, head_of_all};
use super::token::{Token, TokenKind};
use super::word_classes::{
    ADVERBS, AUXILIARIES, CONJUNCTIONS, DETERMINERS, GROUPS, INSERTIONS, OFFICES, PREPOSITIONS,
    SUBORDINATORS, is, is_adverb, is_age, is_date, is_past_form, pronoun,
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
        TokenKind::Dash => subject_before_dash(tokens, last),
        TokenKind::Word if is(CONJUNCTIONS, token) => main_subject(tokens, last),
        TokenKind::Word if ["who", "which"].contains(&token.lower.as_str()) => {
            let before = tokens[..last].iter().rposition(|token| token.kind != TokenKind::Comma)?;
            person_before_who(tokens, before, last).or_else(|| head(tokens, before))
        }
        TokenKind::Word if is(SUBORDINATORS, token) || is(PREPOSITIONS, token) => None,
        TokenKind::Word | TokenKind::Name(_) => {
            subject_of_time_clause(tokens, last).or_else(|| head_of_all(tokens, last))
        }
        _ => None,
    }
}

/// The person before ", who" where a preposition stands before them: "criticised by Merkel, who said". In "a spokesman for Merkel, who
/// said" it may be the spokesman.
fn person_before_who<'a>(tokens: &[Token<'a>], at: usize, who: usize) -> Option<Subject<'a>> {
    let TokenKind::Name(entity) = tokens[at].kind else { return None };
    let before = phrase_start(tokens, at).checked_sub(1).map(|before| &tokens[before])?;
    let is_object = is(PREPOSITIONS, before) && !is(&["of", "for"], before);
    (is_object && at + 1 < who && entity.kind == EntityType::Per).then_some(Subject::Name(entity))
}

/// Nouns besides offices and [`GROUPS`] for those who speak.
#[rustfmt::skip]
const BODIES: &[&str] = &[
    "agency", "army", "authorities", "company", "court", "experts", "hospital", "investigators", "judges", "lawmakers", "military",
    "ministry", "police", "prosecutors", "regulators", "researchers", "scientists", "union", "witnesses",
];

/// The name or body with the last token `last` where "after" or the like begins a clause of which it is the subject: "Shares fell after
/// Boeing said". In "residents who fled after the army raid said" the clause with "who" may go on.
fn subject_of_time_clause<'a>(tokens: &[Token<'a>], last: usize) -> Option<Subject<'a>> {
    let first = phrase_start(tokens, last);
    let opener = first.checked_sub(1).filter(|&opener| is(&["after", "before", "since"], &tokens[opener]))?;
    let token = &tokens[last];
    let speaks = match token.kind {
        TokenKind::Name(entity) => entity.kind != EntityType::Misc,
        _ => [BODIES, OFFICES, GROUPS].iter().any(|list| is(list, token)),
    };
    let mut clause = tokens[..opener].iter().rev().take_while(|token| !ends_clause(token));
    let is_relative = clause.any(|token| token.lower == "who");
    (speaks && !is_relative).then(|| to_subject(tokens, last, first, last))
}

/// The subject before an insertion between dashes, of which `close` is the second one: "Merkel — who met Macron — said".
fn subject_before_dash<'a>(tokens: &[Token<'a>], close: usize) -> Option<Subject<'a>> {
    let open =
        tokens[..close].iter().rposition(|token| ends_clause(token) && token.kind != TokenKind::Comma)?;
    let last = open.checked_sub(1)?;
    let is_insertion = tokens[open].kind == TokenKind::Dash && begins_insertion(&tokens[open + 1]);
    head_of_all(tokens, last).filter(|subject| is_insertion && matches!(subject, Subject::Name(_)))
}

/// Whether a token ends a clause.
pub fn ends_clause(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Comma | TokenKind::Stop | TokenKind::Quote | TokenKind::Dash)
}

/// Whether an insertion behind a name may begin with a token.
fn begins_insertion(first: &Token) -> bool {
    is(INSERTIONS, first)
        || first.lower.ends_with("ing")
        || first.lower.chars().next().is_some_and(char::is_numeric)
}

/// The subject before the token `comma`, which ends an insertion or a phrase before an inverted verb.
fn subject_before_insertion<'a>(tokens: &[Token<'a>], comma: usize) -> Option<Subject<'a>> {
    let mut fallback = None;
    let mut from = comma;
    for _ in 0..MAX_STEPS {
        let Some(open) = tokens[..from].iter().rposition(ends_clause) else { break };
        if tokens[open].kind != TokenKind::Comma || open == 0 {
            break;
        }
        let first = tokens.get(open + 1)?;
        let name_before = match tokens[open - 1].kind {
            TokenKind::Name(_) => {
                head_of_all(tokens, open - 1).filter(|subject| matches!(subject, Subject::Name(_)))
            }
            TokenKind::Word => head_of_all(tokens, open - 1),
            _ => None,
        };
        // "One farmer, Ahmed Salim from Mosul, said"; "Merkel's lawyer, Dr. Olaf Scholz, said"; "One farmer, 18-year-old Ahmed Salim"
        let is_title = |token: &&Token| {
            token.kind == TokenKind::Word && (token.is_capital || is(OFFICES, token) || is_age(token))
        };
        let titles = tokens[open + 1..from].iter().take_while(is_title).count();
        if let Some(TokenKind::Name(entity)) = tokens.get(open + 1 + titles).map(|token| token.kind)
            && entity.kind == EntityType::Per
            && is_introduced(tokens, open)
        {
            let introducing = phrase_start(tokens, open - 1);
            return first_of_several(tokens, introducing, open - 1).or(Some(Subject::Name(entity)));
        }
        if begins_insertion(first)
            && let Some(subject) = name_before
        {
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
/// Citi,", "Merkel's lawyer,".
fn is_introduced(tokens: &[Token], comma: usize) -> bool {
    let Some(Subject::Noun(span)) = comma.checked_sub(1).and_then(|last| head(tokens, last)) else {
        return false;
    };
    let first = tokens.iter().position(|token| token.span.start == span.start);
    first.is_some_and(|first| {
        let is_owned = tokens[first..comma].iter().any(|token| token.kind == TokenKind::Possessive);
        is(DETERMINERS, &tokens[first]) || is_owned
    })
}

/// The subject of the sentence, which later verbs share: the first noun phrase without a preposition before the token
/// `end`.
pub fn main_subject<'a>(tokens: &[Token<'a>], end: usize) -> Option<Subject<'a>> {
    let ends_sentence = |token: &Token| matches!(token.kind, TokenKind::Stop | TokenKind::Quote);
    let mut at = tokens[..end].iter().rposition(ends_sentence).map_or(0, |stop| stop + 1);
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
        Some(Subject::Name(main)) => tokens.iter().position(|token| token.names(main)),
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
                        return named_behind(tokens, from, number).or(last_noun.map(Subject::Noun));
                    }
                }
                last_noun =
                    Some(Span::new(last_noun.map_or(token.span.start, |span| span.start), token.span.end));
            }
            TokenKind::Possessive => {}
            // "the spokesman, Abdoulaye Maiga"
            TokenKind::Comma if last_noun.is_some() => {
                return person_at(tokens, number + 1).or(last_noun.map(Subject::Noun));
            }
            _ => return last_noun.map(Subject::Noun),
        }
    }
    last_noun.map(Subject::Noun)
}

/// The person whose name is the token `at`, where their phrase ends with it.
fn person_at<'a>(tokens: &[Token<'a>], at: usize) -> Option<Subject<'a>> {
    let closed = tokens.get(at + 1).is_none_or(|t| t.kind != TokenKind::Word || is(PREPOSITIONS, t));
    match tokens.get(at)?.kind {
        TokenKind::Name(entity) if entity.kind == EntityType::Per && closed => Some(Subject::Name(entity)),
        _ => None,
    }
}

/// The person named behind the body whose office they have: "the head of NATO, Olaf Scholz". The phrase begins with the token `from`,
/// and `preposition` is the first one in it. "The lawyer of the president, Olaf Scholz" may name the president.
fn named_behind<'a>(tokens: &[Token<'a>], from: usize, preposition: usize) -> Option<Subject<'a>> {
    const LONGEST_BODY: usize = 6;
    let office = preposition.checked_sub(1).filter(|&office| office >= from)?;
    let is_office = is(DETERMINERS, &tokens[from])
        && is(OFFICES, &tokens[office])
        && is(&["of", "at", "for", "to", "in"], &tokens[preposition]);
    let body = tokens[preposition + 1..].iter().take_while(|token| !token.kind.is_mark()).count();
    let comma = preposition + 1 + body;
    let last = &tokens[comma - 1];
    let is_body = matches!(last.kind, TokenKind::Name(entity) if entity.kind != EntityType::Per)
        || (is(&["of", "at"], &tokens[preposition]) && last.kind == TokenKind::Word && !is(OFFICES, last))
        || [BODIES, GROUPS].iter().any(|list| is(list, last));
    let is_named = tokens.get(comma).is_some_and(|token| token.kind == TokenKind::Comma);
    person_at(tokens, comma + 1)
        .filter(|_| is_office && is_body && is_named && (1..=LONGEST_BODY).contains(&body))
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
