//! The subject of a verb in a sentence, by the words around it: no parser, but more than the nearest name.
//!
//! A sentence is a row of [`Token`]s, in which a name or a quotation is one. From a verb the row is walked to the left,
//! over adverbs, phrases with a preposition ("of the CDU", "in a statement") and insertions between commas ("who met
//! Emmanuel Macron on Monday"), to the noun or name that the verb belongs to.

use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    Word,
    Name(&'a Entity),
    Quote,
    Comma,
    Colon,
    /// Semicolons, full stops and the like.
    Stop,
    Dash,
    /// The "'s" behind a word.
    Possessive,
}

#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub kind: Kind<'a>,
    /// Bytes of the sentence.
    pub span: Span,
    /// The word in small letters.
    pub lower: String,
    pub is_capital: bool,
}

/// Whom a verb belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject<'a> {
    Name(&'a Entity),
    /// "He", "she"; with the number of its token.
    Pronoun(Gender, usize),
    /// A noun, with what belongs to it: bytes of the sentence.
    Noun(Span),
}

const PREPOSITIONS: &[&str] = &[
    "of",
    "for",
    "from",
    "at",
    "in",
    "to",
    "with",
    "by",
    "on",
    "against",
    "about",
    "near",
    "under",
    "behind",
    "than",
    "like",
    "into",
    "over",
    "through",
    "during",
    "after",
    "before",
    "between",
    "among",
    "across",
    "without",
    "within",
    "via",
    "outside",
    "inside",
    "toward",
    "towards",
    "since",
    "despite",
    "following",
    "amid",
    "alongside",
    "off",
    "around",
];
/// They begin a clause of its own.
const SUBORDINATORS: &[&str] = &[
    "that", "because", "while", "when", "if", "as", "although", "though", "whether", "where", "until",
    "unless", "once", "how", "why", "what", "whereas",
];
const CONJUNCTIONS: &[&str] = &["and", "but", "or", "yet", "then"];
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "his", "her", "its", "their", "this", "that", "these", "those", "some", "many",
    "several", "two", "three", "four", "five", "one", "another", "other", "most", "all", "no", "any", "both",
    "our", "my", "your",
];
const AUXILIARIES: &[&str] = &[
    "has", "have", "had", "is", "are", "was", "were", "be", "been", "being", "will", "would", "could",
    "should", "may", "might", "must", "can", "did", "do", "does", "hasn", "didn", "doesn", "wouldn",
    "having",
];
const BE: &[&str] = &["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"];
const ADVERBS: &[&str] = &[
    "also",
    "later",
    "then",
    "once",
    "twice",
    "again",
    "never",
    "not",
    "even",
    "just",
    "still",
    "already",
    "now",
    "often",
    "always",
    "ever",
    "further",
    "earlier",
    "first",
    "soon",
    "sometimes",
    "too",
    "instead",
    "famously",
    "only",
    "so",
    "both",
    "simply",
    "t",
    "yesterday",
    "today",
    "tonight",
    "afterwards",
    "afterward",
    "meanwhile",
    "recently",
    "however",
    "long",
];
const DATES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "week",
    "month",
    "year",
    "morning",
    "afternoon",
    "evening",
    "night",
    "day",
];
/// What may open an insertion behind a name: "Angela Merkel, who …", "…, the chancellor, …", "…, speaking in Berlin, …".
const INSERTIONS: &[&str] = &[
    "who",
    "whose",
    "which",
    "the",
    "a",
    "an",
    "his",
    "her",
    "its",
    "their",
    "now",
    "then",
    "once",
    "formerly",
    "himself",
    "herself",
    "like",
    "along",
    "together",
    "including",
    "for",
    "in",
    "at",
    "on",
    "of",
    "from",
    "with",
    "after",
    "when",
    "while",
    "as",
    "asked",
    "citing",
    "one",
    "also",
    "too",
    "however",
    "meanwhile",
    "though",
    "himself",
];

/// Steps to the left, at most: no sentence is that deep.
const STEPS: usize = 24;

/// A sentence taken apart. `names` are in order; `quotes` are spans of the sentence, in order.
pub fn tokens<'a>(text: &str, names: &[(Span, &'a Entity)], quotes: &[Span]) -> Vec<Token<'a>> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut brackets = 0usize;
    let mut names = names.iter().peekable();
    let mut quotes = quotes.iter().peekable();
    let add = |found: &mut Vec<Token<'a>>, kind, span: Span| {
        let word = span.of(text);
        let is_capital = word.starts_with(char::is_uppercase);
        let lower = if kind == Kind::Word { word.to_lowercase() } else { String::new() };
        found.push(Token { kind, span, lower, is_capital });
    };
    while at < text.len() {
        while names.peek().is_some_and(|(span, _)| span.start < at) {
            names.next();
        }
        while quotes.peek().is_some_and(|span| span.end <= at) {
            quotes.next();
        }
        if let Some(quote) = quotes.peek().filter(|span| span.start <= at) {
            add(&mut found, Kind::Quote, Span::new(at, quote.end));
            at = quote.end;
            continue;
        }
        if let Some((span, entity)) = names.peek().filter(|(span, _)| span.start == at && span.end > at) {
            if brackets == 0 {
                add(&mut found, Kind::Name(entity), *span);
            }
            at = span.end;
            continue;
        }
        let rest = &text[at..];
        let c = rest.chars().next().expect("the text goes on");
        if c.is_alphanumeric() {
            let stop = names.peek().map_or(text.len(), |(span, _)| span.start.max(at + c.len_utf8()));
            let stop = quotes.peek().map_or(stop, |span| stop.min(span.start.max(at + c.len_utf8())));
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
            let end = (at + length).min(stop);
            if brackets == 0 {
                add(&mut found, Kind::Word, Span::new(at, end));
            }
            at = end;
            continue;
        }
        let next = at + c.len_utf8();
        let span = Span::new(at, next);
        let closes_word = text[..at].ends_with(char::is_alphanumeric);
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            _ if brackets > 0 => {}
            ',' => add(&mut found, Kind::Comma, span),
            ':' => add(&mut found, Kind::Colon, span),
            ';' | '?' | '!' | '…' => add(&mut found, Kind::Stop, span),
            // A full stop inside a sentence belongs to an abbreviation.
            '.' => {}
            '—' | '–' | '―' => add(&mut found, Kind::Dash, span),
            '-' if !closes_word => add(&mut found, Kind::Dash, span),
            '\'' | '’' if closes_word => {
                let behind = &text[next..];
                let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
                if behind.strip_prefix(['s', 'S']).is_some_and(ends) {
                    add(&mut found, Kind::Possessive, Span::new(at, next + 1));
                    at = next + 1;
                    continue;
                }
                if ends(behind) && text[..at].ends_with(['s', 'S']) {
                    add(&mut found, Kind::Possessive, span);
                }
            }
            _ => {}
        }
        at = next;
    }
    found
}

fn is(list: &[&str], token: &Token) -> bool {
    token.kind == Kind::Word && list.contains(&token.lower.as_str())
}

/// "The", "two", "his".
pub fn is_determiner(word: &str) -> bool {
    DETERMINERS.contains(&word.to_lowercase().as_str())
}

fn is_adverb(token: &Token) -> bool {
    is(ADVERBS, token)
        || (token.kind == Kind::Word
            && token.lower.len() > 4
            && token.lower.ends_with("ly")
            && !token.is_capital)
}

/// The chain of auxiliaries and adverbs that ends in a verb.
pub struct Chain {
    /// The number of its first token.
    pub start: usize,
    /// "was told"
    pub is_passive: bool,
    /// "to say"
    pub is_infinitive: bool,
}

pub fn chain(tokens: &[Token], verb: usize) -> Chain {
    let mut start = verb;
    let mut passive = false;
    while start > 0 && (is(AUXILIARIES, &tokens[start - 1]) || is_adverb(&tokens[start - 1])) {
        start -= 1;
        passive |= is(BE, &tokens[start]);
    }
    let is_infinitive = start > 0 && tokens[start - 1].lower == "to";
    Chain { start, is_passive: passive, is_infinitive }
}

/// The subject of a verb whose [`Chain`] starts at `start`: the name or noun before it.
pub fn subject_before<'a>(tokens: &[Token<'a>], start: usize) -> Option<Subject<'a>> {
    let last = start.checked_sub(1)?;
    let token = &tokens[last];
    match token.kind {
        Kind::Comma => subject_before_insertion(tokens, last),
        Kind::Word if is(CONJUNCTIONS, token) => main_subject(tokens, last),
        Kind::Word if ["who", "which"].contains(&token.lower.as_str()) => {
            let before = tokens[..last].iter().rposition(|token| token.kind != Kind::Comma)?;
            head(tokens, before)
        }
        Kind::Word if is(SUBORDINATORS, token) || is(PREPOSITIONS, token) => None,
        Kind::Word | Kind::Name(_) => head(tokens, last),
        _ => None,
    }
}

/// The head of the phrase that ends with the token `last`: "Angela Merkel" of "Angela Merkel of the CDU on Monday", the
/// spokesman of "a spokesman for Emmanuel Macron".
fn head<'a>(tokens: &[Token<'a>], last: usize) -> Option<Subject<'a>> {
    let mut at = last;
    let mut end = last;
    for _ in 0..STEPS {
        let token = &tokens[at];
        if token.kind == Kind::Word {
            if let Some(gender) = pronoun(&token.lower) {
                return Some(Subject::Pronoun(gender, at));
            }
            if ["i", "we", "they", "it", "you", "there", "this", "that", "who"]
                .contains(&token.lower.as_str())
            {
                return Some(Subject::Noun(token.span));
            }
        }
        // "on Monday", "last week", "later", without a phrase of their own.
        if is(DATES, token) || is_adverb(token) || token.lower.chars().next().is_some_and(char::is_numeric) {
            at = at.checked_sub(1)?;
            while is(DATES, &tokens[at])
                || is(&["last", "this", "next", "late", "early", "on", "in"], &tokens[at])
            {
                at = at.checked_sub(1)?;
            }
            end = at;
            continue;
        }
        if !matches!(token.kind, Kind::Word | Kind::Name(_)) {
            return None;
        }
        let first = phrase_start(tokens, at);
        let Some(before) = first.checked_sub(1) else { return Some(whole(tokens, at, first, end)) };
        let opens = before == 0
            || matches!(
                tokens[before - 1].kind,
                Kind::Comma | Kind::Quote | Kind::Stop | Kind::Dash | Kind::Colon
            );
        if is(PREPOSITIONS, &tokens[before]) && !(opens && matches!(token.kind, Kind::Name(_))) {
            // Inside a phrase with a preposition: what it belongs to stands before that.
            if opens {
                return None;
            }
            at = before - 1;
            continue;
        }
        let subject = whole(tokens, at, first, end);
        if let (Subject::Noun(_), Kind::Comma) = (subject, tokens[before].kind)
            && is(DETERMINERS, &tokens[first])
            && let Some(entity) = named_before(tokens, before)
        {
            return Some(Subject::Name(entity));
        }
        return Some(subject);
    }
    None
}

/// "Angela Merkel, the chancellor": the name that a noun behind the comma `comma` is in apposition to. The name is a
/// phrase of its own, which "In Berlin," and "When she met Emmanuel Macron," are not.
fn named_before<'a>(tokens: &[Token<'a>], comma: usize) -> Option<&'a Entity> {
    let last = comma.checked_sub(1)?;
    let Kind::Name(entity) = tokens[last].kind else { return None };
    let first = phrase_start(tokens, last);
    let opens = first.checked_sub(1).is_none_or(|before| {
        let before = &tokens[before];
        is(CONJUNCTIONS, before)
            || matches!(before.kind, Kind::Comma | Kind::Quote | Kind::Stop | Kind::Dash | Kind::Colon)
    });
    let alone = tokens[first..last]
        .iter()
        .all(|t| !matches!(t.kind, Kind::Name(other) if other.kind == EntityType::Per));
    (opens && alone && matches!(entity.kind, EntityType::Per | EntityType::Org)).then_some(entity)
}

fn pronoun(word: &str) -> Option<Gender> {
    match word {
        "he" => Some(Gender::Male),
        "she" => Some(Gender::Female),
        _ => None,
    }
}

/// The first token of the noun phrase that ends at `at`, without what a preposition ties to it.
fn phrase_start(tokens: &[Token], at: usize) -> usize {
    let mut first = at;
    while first > 0 {
        let before = &tokens[first - 1];
        let goes_on = match before.kind {
            Kind::Possessive => true,
            // "Berlin Macron" are two phrases, "NATO chief Stoltenberg" and "Trump aide" are one.
            Kind::Name(entity) => match tokens[first].kind {
                Kind::Name(next) => {
                    !(matches!(entity.kind, EntityType::Loc | EntityType::Per)
                        && next.kind == EntityType::Per)
                }
                _ => true,
            },
            Kind::Word => {
                !is(PREPOSITIONS, before)
                    && !is(SUBORDINATORS, before)
                    && !is(CONJUNCTIONS, before)
                    && !is(AUXILIARIES, before)
                    && super::cues::cue(&before.lower).is_none_or(|_| before.is_capital)
                    && pronoun(&before.lower).is_none()
                    && before.lower != "who"
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        first -= 1;
        if is(DETERMINERS, &tokens[first])
            && !matches!(tokens.get(first.wrapping_sub(1)).map(|t| t.kind), Some(Kind::Possessive))
        {
            break;
        }
    }
    first
}

/// The phrase of the tokens `first..=at` as a subject; up to `end` with what belongs to it.
fn whole<'a>(tokens: &[Token<'a>], at: usize, first: usize, end: usize) -> Subject<'a> {
    match tokens[at].kind {
        Kind::Name(entity) => Subject::Name(entity),
        _ => Subject::Noun(Span::new(tokens[first].span.start, tokens[end].span.end)),
    }
}

/// Before the comma `comma`, which ends an insertion, or a phrase in front of an inverted verb.
fn subject_before_insertion<'a>(tokens: &[Token<'a>], comma: usize) -> Option<Subject<'a>> {
    let mut fallback = None;
    let mut from = comma;
    for _ in 0..STEPS {
        let Some(open) = tokens[..from]
            .iter()
            .rposition(|t| matches!(t.kind, Kind::Comma | Kind::Stop | Kind::Quote | Kind::Dash))
        else {
            break;
        };
        if tokens[open].kind != Kind::Comma || open == 0 {
            break;
        }
        let first = tokens.get(open + 1)?;
        let name_before = match tokens[open - 1].kind {
            Kind::Name(_) => head(tokens, open - 1).filter(|subject| matches!(subject, Subject::Name(_))),
            Kind::Word => head(tokens, open - 1),
            _ => None,
        };
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

/// The subject of the sentence, for verbs further on in it: its first noun phrase that no preposition opens. `end` is
/// where to stop.
pub fn main_subject<'a>(tokens: &[Token<'a>], end: usize) -> Option<Subject<'a>> {
    let mut at = 0;
    let clause = tokens[..end]
        .iter()
        .rposition(|t| matches!(t.kind, Kind::Stop | Kind::Quote))
        .map_or(0, |stop| stop + 1);
    at += clause;
    // "On Monday, …", "After he met …, …"
    while at < end
        && (is(PREPOSITIONS, &tokens[at])
            || is(SUBORDINATORS, &tokens[at])
            || tokens[at].lower.ends_with("ing"))
    {
        match tokens[at..end].iter().position(|t| t.kind == Kind::Comma) {
            Some(comma) => at += comma + 1,
            None => break,
        }
    }
    let first = at;
    for number in first..end.min(first + 12) {
        let token = &tokens[number];
        match token.kind {
            Kind::Name(entity) => {
                let next = tokens.get(number + 1);
                let owns = next.is_some_and(|t| t.kind == Kind::Possessive);
                // "Lockheed workers", "NATO officials": the name of a group before its members.
                let members = entity.kind != EntityType::Per
                    && next.is_some_and(|t| {
                        t.kind == Kind::Word && t.lower.ends_with('s') && super::cues::cue(&t.lower).is_none()
                    })
                    && number > first;
                if members {
                    return Some(Subject::Noun(token.span));
                }
                if !owns {
                    return Some(Subject::Name(entity));
                }
            }
            Kind::Word => {
                if let Some(gender) = pronoun(&token.lower) {
                    return Some(Subject::Pronoun(gender, number));
                }
                if is(PREPOSITIONS, token) && number > first {
                    return Some(Subject::Noun(Span::new(
                        tokens[first].span.start,
                        tokens[number - 1].span.end,
                    )));
                }
            }
            Kind::Possessive => {}
            _ => return None,
        }
    }
    None
}

/// The subject behind an inverted verb or "according to": the noun phrase that starts at `from`.
pub fn subject_behind<'a>(tokens: &[Token<'a>], from: usize) -> Option<Subject<'a>> {
    let mut last_noun: Option<Span> = None;
    for number in from..tokens.len().min(from + 10) {
        let token = &tokens[number];
        match token.kind {
            Kind::Name(entity) => {
                let next = tokens.get(number + 1);
                let modifies = next.is_some_and(|t| {
                    t.kind == Kind::Possessive
                        || (t.kind == Kind::Word && entity.kind != EntityType::Per && is_noun(t))
                });
                if !modifies {
                    return Some(Subject::Name(entity));
                }
            }
            Kind::Word => {
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
                        && tokens[number + 1..tokens.len().min(number + 4)]
                            .iter()
                            .any(|t| matches!(t.kind, Kind::Name(entity) if entity.kind == EntityType::Per));
                    if !(named && tokens[number - 1].is_capital) {
                        return last_noun.map(Subject::Noun);
                    }
                }
                last_noun =
                    Some(Span::new(last_noun.map_or(token.span.start, |span| span.start), token.span.end));
            }
            Kind::Possessive => {}
            // "the spokesman, Abdoulaye Maiga"
            Kind::Comma if last_noun.is_some() => {
                let closed = tokens.get(number + 2).is_none_or(|t| t.kind != Kind::Word);
                return match tokens.get(number + 1).map(|t| t.kind) {
                    Some(Kind::Name(entity)) if entity.kind == EntityType::Per && closed => {
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

/// Whether a word behind the name of a group may be the noun that the name only describes.
fn is_noun(token: &Token) -> bool {
    let other = [PREPOSITIONS, SUBORDINATORS, CONJUNCTIONS, AUXILIARIES, DETERMINERS, ADVERBS, DATES];
    !token.is_capital
        && token.lower != "who"
        && !other.iter().any(|list| is(list, token))
        && !is_adverb(token)
}
