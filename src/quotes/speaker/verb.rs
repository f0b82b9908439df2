//! Finds the main verb of saying of a sentence, and its subject.

use crate::article::{Span, WEEKDAYS};
use crate::quotes::clause::{
    self, Subject, Token, TokenKind, chain, main_subject, starts_phrase, subject_before, subject_behind,
};
use crate::quotes::cues::{ANSWERS, cue};

/// Most verbs of a sentence that are tried. A text without full stops is one sentence, with very many verbs.
const MAX_VERBS: usize = 64;
/// Most tokens of a clause before its verb that are looked at.
const LONGEST_CLAUSE: usize = 32;
/// Most tokens from the last verb to the end of a sentence: "Macron told reporters in Berlin on Monday".
const MAX_TAIL: usize = 10;

/// Base forms that are no nouns: "police say", "Democrats believe".
const NEVER_NOUNS: &[&str] = &["say", "believe", "think", "insist", "argue", "allege", "admit", "deny"];
/// Forms in "-s" that are plural nouns as well: "the police received reports".
const PLURAL_NOUNS: &[&str] = &[
    "calls",
    "claims",
    "comments",
    "demands",
    "doubts",
    "estimates",
    "fears",
    "hopes",
    "promises",
    "protests",
    "questions",
    "remarks",
    "reports",
    "signals",
    "tweets",
    "worries",
];
/// Words before such a noun, besides determiners and words in "-ed" and "-s".
const BEFORE_NOUNS: &[&str] = &["face", "heard", "made", "got", "new", "false"];

/// The subject of the main verb of saying: the last verb, if it stands near the end behind a comma or a quotation; else the
/// first verb that has a subject.
pub(super) fn of_verb<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let title_case = is_title_case(tokens);
    let is_main = |&at: &usize| is_cue(tokens, at, title_case) && !is_relative(tokens, at);
    let verbs: Vec<usize> = (0..tokens.len()).filter(is_main).collect();
    let mut at_end =
        verbs.iter().copied().filter(|&verb| tokens.len() - verb <= MAX_TAIL).filter_map(|verb| {
            let (subject, opens) = subject_of(tokens, verb)?;
            opens.then_some(subject)
        });
    let last = at_end.next_back();
    last.or_else(|| verbs.iter().take(MAX_VERBS).find_map(|&verb| Some(subject_of(tokens, verb)?.0)))
}

/// Whether a sentence is a heading in which most words have capitals.
fn is_title_case(tokens: &[Token]) -> bool {
    let long =
        || tokens.iter().filter(|token| token.kind == TokenKind::Word && token.lower.chars().count() > 3);
    let large = long().filter(|token| token.is_capital).count();
    large > 1 && 5 * large >= 4 * long().count()
}

/// Whether the token `at` is a verb of saying.
fn is_cue(tokens: &[Token], at: usize, title_case: bool) -> bool {
    let token = &tokens[at];
    let Some(cue) = cue(&token.lower).filter(|_| token.kind == TokenKind::Word) else { return false };
    // "the New York state", "a police report": the base form is a verb only behind an auxiliary, "to" or a plural.
    let verbal = !cue.is_base
        || at.checked_sub(1).is_some_and(|before| {
            let before = &tokens[before];
            let is_never_noun = NEVER_NOUNS.contains(&token.lower.as_str());
            (is_never_noun && matches!(before.kind, TokenKind::Name(_)))
                || before.kind == TokenKind::Word
                    && ((before.lower.ends_with('s') && !clause::is_determiner(&before.lower))
                        || chain(tokens, at).start < at
                        || before.lower == "to"
                        || before.lower == "people"
                        || (is_never_noun && clause::PLURALS.contains(&before.lower.as_str())))
        });
    let is_noun = PLURAL_NOUNS.contains(&token.lower.as_str())
        && at.checked_sub(1).map(|before| &tokens[before]).is_some_and(|before| {
            let word = before.lower.as_str();
            before.kind == TokenKind::Word
                && (clause::is_determiner(word)
                    || word.ends_with("ed")
                    || (word.ends_with('s') && !word.ends_with("ss"))
                    || BEFORE_NOUNS.contains(&word))
        });
    // "Aides for Poe did not respond": nobody says anything.
    let is_silence = ANSWERS.contains(&token.lower.as_str())
        && tokens[chain(tokens, at).start..at]
            .iter()
            .any(|before| ["not", "t", "never"].contains(&before.lower.as_str()));
    verbal
        && !is_noun
        && !is_silence
        && (title_case || !(token.is_capital && at > 0 && !is_inverted(tokens, at)))
}

/// Whether a verb stands in a clause with "whose" or "whom": "Merkel, whose plan Macron criticised, said".
fn is_relative(tokens: &[Token], verb: usize) -> bool {
    let from = verb.saturating_sub(LONGEST_CLAUSE);
    let end = tokens[from..verb].iter().rposition(clause::ends_clause);
    let first = end.map_or(from, |mark| from + mark + 1);
    ["whose", "whom"].contains(&tokens[first].lower.as_str())
}

/// Whether a verb is at the start of the sentence, or directly behind a quotation, a comma or a dash.
fn is_inverted(tokens: &[Token], verb: usize) -> bool {
    verb == 0 || matches!(tokens[verb - 1].kind, TokenKind::Quote | TokenKind::Comma | TokenKind::Dash)
}

/// The subject of a verb of saying, and whether the verb stands behind the content.
fn subject_of<'a>(tokens: &[Token<'a>], verb: usize) -> Option<(Subject<'a>, bool)> {
    let cue = cue(&tokens[verb].lower)?;
    let mut chain = chain(tokens, verb);
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    // "was quoted as saying"
    let quoted_as = cue.is_participle
        && verb >= 2
        && word(verb - 1) == "as"
        && ["quoted", "cited", "reported", "heard", "recorded"].contains(&word(verb - 2));
    if quoted_as {
        chain = clause::chain(tokens, verb - 2);
        chain.is_passive = false;
    } else if cue.is_past && chain.is_passive {
        return None;
    }
    if chain.is_infinitive && !(chain.start >= 2 && ["on", "continued"].contains(&word(chain.start - 2))) {
        return None;
    }
    if chain.is_infinitive {
        // "went on to say"
        chain.start =
            clause::chain(tokens, chain.start - 2 - usize::from(word(chain.start - 2) == "on")).start;
    }
    if chain.start == verb && is_no_statement(tokens, verb) {
        return None;
    }
    if cue.needs_content && !has_content(tokens, verb) {
        return None;
    }
    if cue.is_participle
        && !quoted_as
        && let Some(subject) = whom_others_quote(tokens, verb)
    {
        return Some((subject, false));
    }
    if cue.is_participle && !quoted_as && chain.start == verb {
        let named = verb.checked_sub(1).map(|before| tokens[before].kind);
        return match named {
            Some(TokenKind::Name(entity)) => Some((Subject::Name(entity), false)),
            Some(TokenKind::Comma) => Some((main_subject(tokens, verb)?, false)),
            _ => None,
        };
    }
    // "The programme, called EB-5, …" is not an inversion.
    let quoted = tokens[..verb].iter().any(|token| token.kind == TokenKind::Quote);
    let inverts = quoted
        || !["called", "described", "labeled", "labelled", "compared", "accused", "proposed"]
            .contains(&word(verb));
    if inverts && is_inverted(tokens, chain.start) && quotes_before(tokens, chain.start) {
        let behind = subject_behind(tokens, verb + 1);
        if let Some(subject) = behind {
            return Some((subject, true));
        }
    }
    let subject = subject_before(tokens, chain.start)?;
    Some((subject, follows_content(tokens, subject, verb)))
}

/// Whom a sentence says that others quote: "Reuters quoted Macron as saying", "Macron was quoted by Reuters as saying".
fn whom_others_quote<'a>(tokens: &[Token<'a>], verb: usize) -> Option<Subject<'a>> {
    /// Most tokens between the two verbs.
    const LONGEST: usize = 8;
    let end = verb.checked_sub(1).filter(|&before| tokens[before].lower == "as")?;
    let from = end.saturating_sub(LONGEST);
    let quotes = |token: &Token| {
        ["quoted", "quotes", "quoting", "cited", "cites", "citing"].contains(&token.lower.as_str())
    };
    let at = from + tokens[from..end].iter().rposition(quotes)?;
    let chain = chain(tokens, at);
    if chain.is_passive {
        return subject_before(tokens, chain.start);
    }
    let (first, last) = (tokens[at + 1..end].first()?, &tokens[end - 1]);
    let is_name = tokens[at + 1..end].iter().all(|token| !starts_phrase(&token.lower));
    Some(match last.kind {
        TokenKind::Name(entity) if is_name => Subject::Name(entity),
        _ => Subject::Noun(Span::new(first.span.start, last.span.end)),
    })
}

/// Whether the content stands before an inverted verb.
fn quotes_before(tokens: &[Token], verb: usize) -> bool {
    match verb.checked_sub(1) {
        None => true,
        Some(before) if matches!(tokens[before].kind, TokenKind::Comma | TokenKind::Dash) => {
            // Not in "Merkel, who met him, said", where the subject stands before the comma.
            subject_before(tokens, verb).is_none()
        }
        Some(_) => true,
    }
}

/// Whether a comma or a quotation stands before the subject of a verb, titles and articles aside.
fn follows_content<'a>(tokens: &[Token<'a>], subject: Subject<'a>, verb: usize) -> bool {
    let at = match subject {
        Subject::Name(entity) => tokens.iter().rposition(|token| token.names(entity)),
        Subject::Pronoun(_, at) => Some(at),
        Subject::Noun(span) => tokens.iter().position(|token| token.span.start == span.start),
    };
    let is_apart = |token: &Token| {
        !(token.kind == TokenKind::Word && (token.is_capital || clause::is_article(&token.lower)))
    };
    let mark = at.and_then(|at| tokens[..at].iter().rposition(is_apart));
    mark.is_some_and(|mark| match tokens[mark].kind {
        TokenKind::Quote => true,
        TokenKind::Comma => !ends_inner_phrase(tokens, mark, verb),
        _ => false,
    })
}

/// Whether the comma before the subject of a verb ends a phrase at the start of what somebody said: "She said that after the talks, …",
/// "She said that on Monday, Macron rejected it", "She said if elected, Macron would reject it".
fn ends_inner_phrase(tokens: &[Token], comma: usize, verb: usize) -> bool {
    const OPENERS: &[&str] =
        &["after", "as", "because", "before", "during", "if", "in", "once", "since", "when", "while"];
    const TIMES: &[&str] = &["earlier", "last", "later", "next"];
    const CONDITIONS: &[&str] =
        &["although", "because", "if", "once", "though", "unless", "until", "when", "while"];
    /// Most tokens of a phrase that does not begin with one of the openers.
    const LONGEST: usize = 6;
    let is_in = |list: &[&str], token: &Token| list.contains(&token.lower.as_str());
    let Some(that) = tokens[..comma].iter().rposition(|token| token.lower == "that") else {
        let is_condition = |pair: &[Token]| cue(&pair[0].lower).is_some() && is_in(CONDITIONS, &pair[1]);
        return has_object(tokens, verb) && tokens[..comma].windows(2).any(is_condition);
    };
    let mut inner = tokens[that + 1..comma].iter().filter(|token| token.kind != TokenKind::Comma);
    let (count, is_clause) = (inner.clone().count(), inner.clone().any(clause::is_past_form));
    let first = inner.next();
    let opens = first.is_none_or(|first| is_in(OPENERS, first));
    let is_phrase = first.is_some_and(|first| starts_phrase(&first.lower) || is_in(TIMES, first));
    tokens[..that].iter().any(|token| cue(&token.lower).is_some())
        && (opens || (is_phrase && count <= LONGEST && !is_clause && has_object(tokens, verb)))
}

/// Whether what follows a verb may be its object or its content: "rejected the plan", but not "said on Monday" or "told reporters".
fn has_object(tokens: &[Token], verb: usize) -> bool {
    let is_object = |next: &Token| match next.kind {
        TokenKind::Name(_) | TokenKind::Quote => true,
        TokenKind::Word => {
            let word = next.lower.as_str();
            word == "that" || !(starts_phrase(word) || WEEKDAYS.contains(&word))
        }
        _ => false,
    };
    !["tell", "tells", "told"].contains(&tokens[verb].lower.as_str())
        && tokens.get(verb + 1).is_some_and(is_object)
}

/// Whether the verb has a content: a quotation, "that …", or the verb ends its clause.
fn has_content(tokens: &[Token], verb: usize) -> bool {
    let next = tokens.get(verb + 1);
    let clause = |token: &Token| match token.kind {
        TokenKind::Word => {
            ["that", "in", "on", "whether", "if", "why", "how", "what"].contains(&token.lower.as_str())
        }
        TokenKind::Quote | TokenKind::Colon | TokenKind::Comma | TokenKind::Stop => true,
        _ => false,
    };
    let quoted = tokens.iter().any(|token| token.kind == TokenKind::Quote);
    next.is_none_or(clause) || (quoted && (is_inverted(tokens, verb) || follows_quote(tokens, verb)))
}

/// Whether only the subject stands between a quotation at the start of the sentence and a verb: "“We go,” Macron wrote to her".
fn follows_quote(tokens: &[Token], verb: usize) -> bool {
    let is_word = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Name(_));
    let opens = |token: &Token| {
        let word = token.lower.as_str();
        token.is_capital || clause::is_article(word) || ["he", "she"].contains(&word)
    };
    verb > 1 && tokens[0].kind == TokenKind::Quote && tokens[1..verb].iter().all(is_word) && opens(&tokens[1])
}

/// Whether a verb says nothing: others accuse in "five soldiers accused of a plot", and "posted a loss" is about money.
pub fn is_no_statement(tokens: &[Token], verb: usize) -> bool {
    let next = tokens.get(verb + 1).map_or("", |token| token.lower.as_str());
    match tokens[verb].lower.as_str() {
        "accused" | "suspected" => next == "of",
        "blamed" => next == "for",
        "told" => ["by", "to"].contains(&next),
        "posted" | "posts" => {
            ["a", "an", "its", "record"].contains(&next)
                && tokens.iter().all(|token| token.kind != TokenKind::Quote)
        }
        _ => false,
    }
}
