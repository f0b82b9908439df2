//! The subject of the verb of saying that governs a sentence.

use crate::quotes::clause::{
    self, Kind, Subject, Token, chain, main_subject, subject_before, subject_behind,
};
use crate::quotes::cues::cue;

/// Verbs of a sentence that are looked at, at most: a text without full stops is one sentence.
const VERBS: usize = 64;
/// Tokens behind a verb at the end of a sentence that still belong to it: "Macron told reporters in Berlin on Monday".
const TAIL: usize = 10;

/// The subject of the verb that governs the sentence: one at its end behind a comma or a quotation, else the first.
pub(super) fn of_verb<'a>(tokens: &[Token<'a>]) -> Option<Subject<'a>> {
    let title_case = is_title_case(tokens);
    let verbs: Vec<usize> = (0..tokens.len()).filter(|&at| is_cue(tokens, at, title_case)).collect();
    let mut at_end = verbs.iter().copied().filter(|&verb| tokens.len() - verb <= TAIL).filter_map(|verb| {
        let (subject, opens) = subject_of(tokens, verb)?;
        opens.then_some(subject)
    });
    let last = at_end.next_back();
    last.or_else(|| verbs.iter().take(VERBS).find_map(|&verb| Some(subject_of(tokens, verb)?.0)))
}

/// Whether it is a heading whose words have capitals.
fn is_title_case(tokens: &[Token]) -> bool {
    let long = || tokens.iter().filter(|token| token.kind == Kind::Word && token.lower.chars().count() > 3);
    let large = long().filter(|token| token.is_capital).count();
    large > 1 && 5 * large >= 4 * long().count()
}

/// Whether a word is a verb of saying here.
fn is_cue(tokens: &[Token], at: usize, title_case: bool) -> bool {
    let token = &tokens[at];
    let Some(cue) = cue(&token.lower).filter(|_| token.kind == Kind::Word) else { return false };
    // "the New York state", "a police report": the bare form is a verb behind an auxiliary or a plural only.
    let verbal = !cue.is_base
        || at.checked_sub(1).is_some_and(|before| {
            let before = &tokens[before];
            before.kind == Kind::Word
                && (before.lower.ends_with('s')
                    || chain(tokens, at).start < at
                    || before.lower == "to"
                    || before.lower == "people")
        });
    verbal && (title_case || !(token.is_capital && at > 0 && !is_inverted(tokens, at)))
}

/// Whether a quotation or a comma stands directly before a verb, or nothing.
fn is_inverted(tokens: &[Token], verb: usize) -> bool {
    verb == 0 || matches!(tokens[verb - 1].kind, Kind::Quote | Kind::Comma | Kind::Dash)
}

/// The subject of a verb of saying, and whether it follows what is said.
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
    if cue.needs_content && !has_content(tokens, verb) {
        return None;
    }
    if cue.is_participle && !quoted_as && chain.start == verb {
        let named = verb.checked_sub(1).map(|before| tokens[before].kind);
        return match named {
            Some(Kind::Name(entity)) => Some((Subject::Name(entity), false)),
            Some(Kind::Comma) => Some((main_subject(tokens, verb)?, false)),
            _ => None,
        };
    }
    // "The programme, called EB-5, …" is no inversion.
    let quoted = tokens[..verb].iter().any(|token| token.kind == Kind::Quote);
    let inverts = quoted
        || !["called", "described", "labeled", "compared", "accused", "proposed"].contains(&word(verb));
    if inverts && is_inverted(tokens, chain.start) && quotes_before(tokens, chain.start) {
        let behind = subject_behind(tokens, verb + 1);
        if let Some(subject) = behind {
            return Some((subject, true));
        }
    }
    let subject = subject_before(tokens, chain.start)?;
    Some((subject, follows_content(tokens, subject)))
}

/// Whether what is said stands before an inverted verb.
fn quotes_before(tokens: &[Token], verb: usize) -> bool {
    match verb.checked_sub(1) {
        None => true,
        Some(before) if tokens[before].kind == Kind::Comma => {
            // "Merkel, who met him, said": no name but the subject may open the sentence.
            subject_before(tokens, verb).is_none()
        }
        Some(_) => true,
    }
}

/// Whether a comma or a quotation stands before the subject, and something before that.
fn follows_content<'a>(tokens: &[Token<'a>], subject: Subject<'a>) -> bool {
    let at = match subject {
        Subject::Name(entity) => {
            tokens.iter().rposition(|t| matches!(t.kind, Kind::Name(e) if std::ptr::eq(e, entity)))
        }
        Subject::Pronoun(_, at) => Some(at),
        Subject::Noun(span) => tokens.iter().position(|token| token.span.start == span.start),
    };
    let mut before = at.into_iter().flat_map(|at| tokens[..at].iter().rev());
    let marks = before.find(|token| {
        !(token.kind == Kind::Word
            && (token.is_capital || ["the", "a", "an"].contains(&token.lower.as_str())))
    });
    marks.is_some_and(|token| matches!(token.kind, Kind::Comma | Kind::Quote))
}

/// Whether a content goes with the verb: a quotation, "that …", or the verb ends its clause.
fn has_content(tokens: &[Token], verb: usize) -> bool {
    let next = tokens.get(verb + 1);
    let clause = |token: &Token| match token.kind {
        Kind::Word => {
            ["that", "in", "on", "whether", "if", "why", "how", "what"].contains(&token.lower.as_str())
        }
        Kind::Quote | Kind::Colon | Kind::Comma | Kind::Stop => true,
        _ => false,
    };
    let quoted = tokens.iter().any(|token| token.kind == Kind::Quote);
    next.is_none_or(clause) || (quoted && is_inverted(tokens, verb))
}
