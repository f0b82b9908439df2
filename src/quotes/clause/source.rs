//! The head of a source: the person, body or noun that the words for a speaker name.

use super::phrase::Subject;
use super::token::{Token, TokenKind};
use super::word_classes::{
    AUXILIARIES, CONJUNCTIONS, DETERMINERS, OFFICE_FIELDS, OFFICES, PREPOSITIONS, RELATIVE_PRONOUNS,
    SUBORDINATORS, is, is_age, pronoun,
};
use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};

/// Nouns that only say what the body is whose name stands before them: "the Tass news agency".
const KINDS_OF_BODIES: &[&str] = &[
    "agency",
    "broadcaster",
    "channel",
    "daily",
    "group",
    "magazine",
    "network",
    "newspaper",
    "newswire",
    "paper",
    "site",
    "tabloid",
    "website",
    "weekly",
];

/// Participles that end a phrase: in "a lawyer representing NATO" the lawyer speaks.
const PARTICIPLES: &[&str] = &[
    "citing",
    "covering",
    "defending",
    "including",
    "investigating",
    "overseeing",
    "prosecuting",
    "representing",
    "speaking",
    "working",
];

/// The head of a source. A person counts wherever their name ends a phrase with nothing but offices before it ("Chairman of the
/// Michigan Democratic Party Brandon Dillon"), but not in "the Craig defense team" or "a spokesman for President Macron". Of
/// other names only one that is the last word of the first phrase. The index of a pronoun is that in `tokens`.
pub fn head_of_source<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    // "Macron's" claim is what Macron says.
    let tokens = match tokens {
        [owner @ .., last] if last.kind == TokenKind::Possessive => owner,
        _ => tokens,
    };
    if let Some(person) = person(tokens) {
        return Some(Subject::Name(person));
    }
    let ends = |at: &usize| {
        let to_person = tokens.get(at + 1).is_some_and(Token::is_person);
        ends_phrase(&tokens[*at]) || (*at > 1 && is_deed(&tokens[*at]) && to_person)
    };
    let stop = (0..tokens.len()).find(ends).unwrap_or(tokens.len());
    let phrase = &tokens[..stop];
    let last = phrase.last()?;
    let noun = Subject::Noun(Span::new(phrase[0].span.start, last.span.end));
    Some(match last.kind {
        TokenKind::Name(entity) => Subject::Name(entity),
        _ if KINDS_OF_BODIES.contains(&last.lower.as_str()) => {
            let mut bodies = phrase.iter().filter_map(|token| match token.kind {
                TokenKind::Name(entity) if entity.kind == EntityType::Org => Some(entity),
                _ => None,
            });
            bodies.next().filter(|_| bodies.next().is_none()).map_or(noun, Subject::Name)
        }
        TokenKind::Word if phrase.len() == 1 => match last.lower.as_str() {
            "him" => Subject::Pronoun(Gender::Male, 0),
            "her" => Subject::Pronoun(Gender::Female, 0),
            lower => pronoun(lower).map_or(noun, |gender| Subject::Pronoun(gender, 0)),
        },
        _ => noun,
    })
}

/// Whether a phrase ends before a token.
fn ends_phrase(token: &Token) -> bool {
    let lists = [PREPOSITIONS, SUBORDINATORS, AUXILIARIES, CONJUNCTIONS];
    token.kind.is_mark()
        || lists.iter().any(|list| is(list, token))
        || is(RELATIVE_PRONOUNS, token)
        || is(PARTICIPLES, token)
}

/// Whether a token may stand between a comma and a person's name: "Indiana Gov." in "his running mate, Indiana Gov. Mike Pence", the age
/// in "One student, 18-year-old Ann Poe".
fn is_title(token: &Token) -> bool {
    match token.kind {
        TokenKind::Word => token.is_capital || is(OFFICES, token) || is_age(token),
        TokenKind::Name(entity) => entity.kind != EntityType::Per,
        _ => false,
    }
}

/// The person whom a source names.
fn person<'a>(tokens: &[Token<'a>]) -> Option<&'a Entity> {
    let is_speaker = |at: &usize| {
        let before = &tokens[..*at];
        // "One of the survivors, Mary Okello", "Booker's manager, Ann Poe": the phrase before the comma introduces somebody.
        let comma = before.iter().position(|token| token.kind == TokenKind::Comma);
        let owned =
            |number: usize| before.get(number + 1).is_some_and(|next| next.kind == TokenKind::Possessive);
        let introduced = comma.is_some_and(|comma| before[comma + 1..].iter().all(is_title))
            && (is(DETERMINERS, &before[0])
                || before.iter().any(|token| token.kind == TokenKind::Possessive))
            && !before.iter().enumerate().any(|(number, token)| token.is_person() && !owned(number));
        let follows_title = before.last().is_none_or(|last| {
            matches!(last.kind, TokenKind::Name(entity) if entity.kind != EntityType::Per)
                || last.kind == TokenKind::Possessive
                || (last.kind == TokenKind::Word
                    && !ends_phrase(last)
                    && !is(DETERMINERS, last)
                    && !is_deed(last))
        });
        let of_others = before.iter().enumerate().any(|(number, token)| is_of_another(before, number, token));
        tokens[*at].is_person()
            && tokens.get(at + 1).is_none_or(ends_phrase)
            && (introduced || (comma.is_none() && follows_title && !of_others))
    };
    let at = (0..tokens.len()).find(is_speaker)?;
    match tokens[at].kind {
        TokenKind::Name(entity) => Some(entity),
        _ => None,
    }
}

/// Whether the name behind `before` is another's than the speaker's, because of the preposition at `number`: "a lawyer for". The "of"
/// of an office is none: "Secretary of State", "chairman of the Democratic Party".
fn is_of_another(before: &[Token], number: usize, token: &Token) -> bool {
    let office = number.checked_sub(1);
    let last = before.last().expect("it holds the preposition");
    // A capital at the start may be that of the sentence: "Relatives of victim Sam Reed".
    let is_title = is(&["of"], token)
        && office.is_some_and(|at| (at > 0 && before[at].is_capital) || is(OFFICES, &before[at]))
        && number + 1 < before.len()
        && (is(OFFICE_FIELDS, last) || !is(OFFICES, last));
    // "Under Secretary of State"
    let is_under = token.lower == "under" && before.get(number + 1).is_some_and(|next| next.is_capital);
    let lists = [PREPOSITIONS, PARTICIPLES, RELATIVE_PRONOUNS];
    (lists.iter().any(|list| is(list, token)) || is(&["that"], token)) && !is_title && !is_under
}

/// Whether a word says what somebody does to the person named behind it: "the officials accusing Sam Reed".
fn is_deed(token: &Token) -> bool {
    token.lower.len() > 5 && token.lower.ends_with("ing") && !token.is_capital && !is(OFFICES, token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::Mention;
    use crate::quotes::clause::tokens;

    #[test]
    fn the_head_of_a_source_speaks() {
        use EntityType::*;
        let names = [
            ("Brandon Dillon", Per),
            ("Craig", Per),
            ("Emmanuel Macron", Per),
            ("Michigan Democratic Party", Org),
            ("Cal", Loc),
            ("Tass", Org),
            ("Italian", Misc),
            ("Democrats", Misc),
            ("NATO", Org),
        ];
        for (text, wanted) in [
            ("Chairman of the Michigan Democratic Party Brandon Dillon", Some("Brandon Dillon")),
            ("The Craig defense team", None),
            ("Cal Fire officials", None),
            ("the Tass news agency", Some("Tass")),
            ("Italian fashion designer Emmanuel Macron", Some("Emmanuel Macron")),
            ("a spokesman for French President Emmanuel Macron", None),
            ("a spokesman for Emmanuel Macron", None),
            ("Emmanuel Macron, who leads NATO", Some("Emmanuel Macron")),
            ("writer and infertility advocate Brandon Dillon", Some("Brandon Dillon")),
            ("One of the survivors, Brandon Dillon", Some("Brandon Dillon")),
            ("Secretary of State Brandon Dillon", Some("Brandon Dillon")),
            ("Under Secretary of State Brandon Dillon", Some("Brandon Dillon")),
            ("A lawyer representing NATO", None),
            ("A lawyer representing Brandon Dillon", None),
            ("the Tass group", Some("Tass")),
            ("Emmanuel Macron's wife", None),
            ("NATO's Brandon Dillon", Some("Brandon Dillon")),
            ("Craig's former campaign manager, Brandon Dillon", Some("Brandon Dillon")),
            ("Some moderate Democrats, including Senator Brandon Dillon", Some("Democrats")),
            ("Democrats", Some("Democrats")),
            ("NATO", Some("NATO")),
            ("two officials of NATO", None),
            ("Craig's running mate, Indiana Gov. Brandon Dillon", Some("Brandon Dillon")),
            ("The minister of the economy, Mr. Brandon Dillon", Some("Brandon Dillon")),
            ("Secretary of Defense Brandon Dillon", Some("Brandon Dillon")),
            ("Relatives of victim Brandon Dillon", None),
            ("The officials accusing Brandon Dillon of lies", None),
            ("The officer that shot Brandon Dillon", None),
            ("Another student activist, 18-year-old Brandon Dillon", Some("Brandon Dillon")),
            ("Craig's", Some("Craig")),
            ("NATO's", Some("NATO")),
        ] {
            let entities: Vec<Entity> = names
                .iter()
                .filter_map(|(name, kind)| {
                    let start = text.find(name)?;
                    let mention =
                        Mention { span: Span::new(start, start + name.len()), score: 1.0, label: None };
                    Some(Entity { name: (*name).into(), kind: *kind, gender: None, mentions: vec![mention] })
                })
                .collect();
            let mut places: Vec<(Span, &Entity)> =
                entities.iter().map(|entity| (entity.mentions[0].span, entity)).collect();
            places.sort_by_key(|(span, _)| *span);
            let found = match head_of_source(&tokens(text, &places, &[])) {
                Some(Subject::Name(entity)) => Some(entity.name.as_str()),
                _ => None,
            };
            assert_eq!(found, wanted, "{text}");
        }
    }
}
