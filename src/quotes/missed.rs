//! Sources that the attribution head missed: the subject that stands directly before a cue, or before an insertion that ends there, and
//! the words behind "according to".
//!
//! Without them, the cue would be joined with another source of its sentence, or with the subject of its main verb: "how experts say
//! it would work" with somebody who speaks before.

use super::assemble::tells;
use super::clause::{
    FORMS_OF_BE, PLURALS, Subject, Token, TokenKind, chain, is_determiner, is_past_form, phrase_start,
    starts_phrase, subject_before, tokens,
};
use super::cues::cue;
use super::extent::is_next;
use super::parts::{Part, PartKind};
use super::speaker::{is_no_statement, mentions_in};
use crate::article::Span;
use crate::entities::{Entity, EntityType};

/// Pronouns that are the subject of any verb behind them.
const PRONOUNS: &[&str] = &["he", "she", "they", "we", "i", "you", "who"];
/// Determiners that may be a subject alone.
const ALONE: &[&str] = &["all", "both", "each", "many", "most", "others", "several", "some"];
/// Words that are no subject, besides determiners and words that begin a phrase. "It" is often only a part of the verb ("it is clear
/// that"), and else the subject of the whole sentence.
const NO_SUBJECTS: &[&str] = &["it", "not", "there", "this", "that", "what", "which", "whom", "whose"];
/// Most cues of a sentence that are looked at. A text without full stops is one sentence, with very many.
const MOST_CUES: usize = 64;
/// Most bytes of a subject with the "who" behind it.
const LONGEST: usize = 80;

/// A subject before a cue, as bytes of the sentence.
struct MissedSource {
    span: Span,
    /// Where its phrase begins: "Secretary Merkel".
    phrase: usize,
}

/// The parts of a sentence, in order, with such sources. `parts` have spans of the article; `marks` are the quotations of the
/// sentence, as its bytes.
pub fn with_missed_sources(
    text: &str,
    sentence: Span,
    names: &[(Span, &Entity)],
    marks: &[Span],
    mut parts: Vec<Part>,
) -> Vec<Part> {
    let cues: Vec<Part> = parts.iter().copied().filter(|part| part.kind == PartKind::Cue).collect();
    if cues.is_empty() {
        return parts;
    }
    let tokens = tokens(sentence.of(text), &mentions_in(names, sentence), marks);
    for cue in cues.into_iter().take(MOST_CUES) {
        let Some(start) = cue.span.start.checked_sub(sentence.start) else { continue };
        let place = Span::new(start, start + cue.span.end - cue.span.start);
        if let Some(source) = behind_according(&tokens, place).map(|span| span.shifted(sentence.start)) {
            add_source_behind(text, source, cue.score, &mut parts);
            continue;
        }
        if let Some(name) = name_before_insertion(&tokens, place).map(|span| span.shifted(sentence.start)) {
            add_name_before(text, name, cue, &mut parts);
            continue;
        }
        let Some(found) = subject_at(&tokens, place) else { continue };
        let (source, phrase) = (found.span.shifted(sentence.start), found.phrase + sentence.start);
        let is_known = |part: &Part| {
            let touches = part.span.end <= source.start
                && !text[part.span.end..source.start].contains(char::is_alphanumeric);
            // "said Macron"
            let is_behind = is_next(text, cue.span, part.span) && !tells(cue.span.of(text));
            part.kind == PartKind::Source && (part.span.overlaps(source) || touches || is_behind)
        };
        if parts.iter().any(is_known) {
            continue;
        }
        // A content that holds the cue as well has a quote inside of it. Another one ends before the subject: "It rains, Merkel | said".
        let is_around = |part: &Part| part.kind == PartKind::Content && part.span.overlaps(source);
        let ends_before = |part: &Part| {
            text.get(part.span.start..phrase)
                .is_some_and(|kept| kept.trim_end().ends_with([',', '"', '”', '’', '—', '–']))
        };
        let holds_cue = |part: &Part| part.span.contains(cue.span);
        if parts.iter().any(|part| is_around(part) && !holds_cue(part) && !ends_before(part)) {
            continue;
        }
        for part in parts.iter_mut().filter(|part| is_around(part) && !holds_cue(part)) {
            let kept = text[part.span.start..phrase].trim_end_matches([',', ' ']);
            part.span = Span::new(part.span.start, part.span.start + kept.len());
        }
        parts.push(Part { kind: PartKind::Source, span: source, score: cue.score });
    }
    parts.retain(|part| part.span.start < part.span.end);
    parts.sort_by_key(|part| (part.span, part.kind));
    parts
}

/// Most tokens of a source behind "according to".
const LONGEST_SOURCE: usize = 12;
/// Words before which such a source ends, besides the verbs in the past.
#[rustfmt::skip]
const BEHIND_SOURCES: &[&str] = &[
    "although", "are", "because", "but", "had", "has", "have", "if", "is", "that", "though", "was", "were", "when", "which", "while", "who",
    "whose", "will", "would",
];

/// The words behind the cue at `place`, up to the next mark, where the cue is "according to".
fn behind_according(tokens: &[Token], place: Span) -> Option<Span> {
    let to = tokens.iter().rposition(|token| place.contains(token.span))?;
    let is_according = tokens[to].lower == "to" && to > 0 && tokens[to - 1].lower == "according";
    let behind = tokens.get(to + 1..).filter(|_| is_according)?;
    let belongs = |token: &&Token| !token.kind.is_mark() && !BEHIND_SOURCES.contains(&token.lower.as_str());
    let count = behind.iter().take(LONGEST_SOURCE + 1).take_while(belongs).count();
    let source = behind.get(..count).filter(|_| (1..=LONGEST_SOURCE).contains(&count))?;
    // In "according to police officers saw it" nothing tells where the source ends.
    let has_verb = source.iter().skip(1).any(is_past_form);
    let (first, last) = (source.first()?, source.last()?);
    (!has_verb).then(|| Span::new(first.span.start, last.span.end))
}

/// Adds a source behind "according to", if no other one is there. The head may have taken it for the start of what is said: "according to
/// | police, it rains".
fn add_source_behind(text: &str, source: Span, score: f64, parts: &mut Vec<Part>) {
    let is_in = |part: &Part, kind: PartKind| part.kind == kind && part.span.overlaps(source);
    let opens = |part: &Part| {
        part.span.start >= source.start && text[source.end..].starts_with(',') && part.span.end > source.end
    };
    let is_taken = |part: &Part| {
        is_in(part, PartKind::Source)
            || is_in(part, PartKind::Cue)
            || (is_in(part, PartKind::Content) && !opens(part))
    };
    if parts.iter().any(is_taken) {
        return;
    }
    for part in parts.iter_mut().filter(|part| is_in(part, PartKind::Content)) {
        let rest = text[source.end..part.span.end].trim_start_matches([',', ' ']);
        part.span = Span::new(part.span.end - rest.len(), part.span.end);
    }
    parts.push(Part { kind: PartKind::Source, span: source, score });
}

/// The person or body whose insertion ends directly before the cue at `place`: "Macron" in "Macron, speaking in Paris, | said".
fn name_before_insertion(tokens: &[Token], place: Span) -> Option<Span> {
    let is_inside = |token: &&Token| place.contains(token.span);
    let first = tokens.iter().position(|token| place.contains(token.span))?;
    let is_participle = tokens.iter().filter(is_inside).any(|token| token.lower.ends_with("ing"));
    let start = chain(tokens, first).start;
    let comma = start.checked_sub(1).filter(|&comma| tokens[comma].kind == TokenKind::Comma)?;
    let Subject::Name(entity) = subject_before(tokens, start)? else { return None };
    let at = tokens[..comma].iter().position(|token| token.names(entity))?;
    let has_insertion = at + 1 < comma && tokens[at + 1].kind == TokenKind::Comma;
    let speaks = matches!(entity.kind, EntityType::Per | EntityType::Org);
    (has_insertion && speaks && !is_participle).then(|| tokens[at].span)
}

/// Adds such a name as the source of a cue, in place of sources in the insertion, unless something is said in the insertion as well:
/// "Macron, citing police who say it rains, said", but not "Macron, speaking to police, said".
fn add_name_before(text: &str, name: Span, cue: Part, parts: &mut Vec<Part>) {
    let insertion = Span::new(name.end, cue.span.start);
    let has_content =
        parts.iter().any(|part| part.kind == PartKind::Content && part.span.overlaps(insertion));
    let is_taken = |part: &Part| match part.kind {
        PartKind::Source => {
            part.span.overlaps(name) || (is_next(text, cue.span, part.span) && !tells(cue.span.of(text)))
        }
        PartKind::Cue => has_content && insertion.contains(part.span),
        PartKind::Content => part.span.overlaps(name),
    };
    if !parts.iter().any(is_taken) {
        parts.retain(|part| part.kind != PartKind::Source || !insertion.contains(part.span));
        parts.push(Part { kind: PartKind::Source, span: name, score: cue.score });
    }
}

/// The subject directly before the cue at `place`.
fn subject_at(tokens: &[Token], place: Span) -> Option<MissedSource> {
    let first = tokens.iter().position(|token| place.contains(token.span))?;
    let start = chain(tokens, first).start;
    // "have also | said"
    let mut verb = first;
    while tokens.get(verb + 1).is_some_and(|next| next.span.start < place.end)
        && chain(tokens, verb + 1).start == start
    {
        verb += 1;
    }
    let last = start.checked_sub(1)?;
    let is_past = is_past_form(&tokens[verb]);
    let is_object = is_past && chain(tokens, verb).is_passive;
    // In "they've been told" others speak.
    if let Some(span) = pronoun_before_contraction(tokens, last, verb).filter(|_| !is_object) {
        return Some(MissedSource { span, phrase: span.start });
    }
    let (before, word) = (&tokens[last], tokens[last].lower.as_str());
    let has_auxiliary = verb > start;
    let is_participle = tokens[verb].lower.ends_with("ing") && !has_auxiliary;
    let says_nothing = !has_auxiliary && is_no_statement(tokens, verb);
    if tokens[verb].kind != TokenKind::Word || is_participle || is_object || says_nothing {
        return None;
    }
    let only = |span: Span| Some(MissedSource { span, phrase: span.start });
    if word == "who" {
        return with_antecedent(tokens, start).and_then(only);
    }
    let form = cue(&tokens[verb].lower);
    let is_verb = form.is_some_and(|form| {
        let is_plural = (word.ends_with('s') && !is_determiner(word)) || PLURALS.contains(&word);
        !form.is_base || has_auxiliary || is_plural || word == "everyone" || ALONE.contains(&word)
    });
    if PRONOUNS.contains(&word) || (is_verb && ALONE.contains(&word)) {
        return only(before.span);
    }
    if is_determiner(word) || starts_phrase(word) || NO_SUBJECTS.contains(&word) {
        return None;
    }
    match (subject_before(tokens, start)?, before.kind) {
        (Subject::Name(entity), TokenKind::Name(_)) if is_verb || (is_past && !has_auxiliary) => {
            // "Macron and Merkel"
            let at = tokens[..start].iter().rposition(|token| token.names(entity))?;
            let is_joined = at == last || tokens[at..last].iter().any(|token| token.lower == "and");
            let span = Span::new(tokens[at].span.start, before.span.end);
            is_joined.then(|| MissedSource { span, phrase: tokens[phrase_start(tokens, at)].span.start })
        }
        (Subject::Noun(span), TokenKind::Word | TokenKind::Name(_))
            if is_verb && span.end == before.span.end =>
        {
            let is_inside = |token: &&Token| span.contains(token.span);
            let has_pronoun = tokens.iter().filter(is_inside).any(|token| {
                PRONOUNS.contains(&token.lower.as_str()) || NO_SUBJECTS.contains(&token.lower.as_str())
            });
            if has_pronoun { None } else { only(span) }
        }
        _ => None,
    }
}

/// The pronoun before the token `last` where that is the end of a contraction: "he" in "he's vowed to leave". In "he's accused of it" and
/// "he's told to leave" others speak.
fn pronoun_before_contraction(tokens: &[Token], last: usize, verb: usize) -> Option<Span> {
    let pronoun = last.checked_sub(1).map(|at| &tokens[at])?;
    let ends = tokens[last].kind == TokenKind::Possessive
        || ["d", "ll", "ve"].contains(&tokens[last].lower.as_str());
    let next = tokens.get(verb + 1).map_or("", |next| next.lower.as_str());
    let is_object = tokens[last].kind == TokenKind::Possessive && ["by", "for", "of", "to"].contains(&next);
    (ends && !is_object && PRONOUNS.contains(&pronoun.lower.as_str())).then_some(pronoun.span)
}

/// The "who" before the verb whose chain starts at `start`, with the noun for which it stands, where no comma parts them. Nothing where
/// the noun tells what the subject of the sentence is: "Merkel is a lawyer who opposes it".
fn with_antecedent(tokens: &[Token], start: usize) -> Option<Span> {
    let who = tokens[start - 1].span;
    let Some(noun) = start.checked_sub(2).filter(|&noun| tokens[noun].kind == TokenKind::Word) else {
        return Some(who);
    };
    let phrase = phrase_start(tokens, noun);
    let is = |at: usize, words: &[&str]| words.contains(&tokens[at].lower.as_str());
    if phrase > 1 && is(phrase - 1, FORMS_OF_BE) && !is(phrase - 2, &["there"]) {
        return None;
    }
    let whole = Span::new(tokens[phrase].span.start, who.end);
    Some(if whole.end - whole.start <= LONGEST { whole } else { who })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::Mention;
    use PartKind::{Content, Cue, Source};

    /// The parts of a sentence with those that were missed. The names are those of people.
    fn completed(text: &str, parts: &[(PartKind, &str)]) -> Vec<(PartKind, String)> {
        let place = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let entity = |name: &&str| Entity {
            name: (*name).into(),
            kind: EntityType::Per,
            gender: None,
            mentions: vec![Mention { span: place(name), score: 1.0, label: None }],
        };
        let names = ["Macron", "Merkel", "Scholz"];
        let entities: Vec<Entity> = names.iter().filter(|name| text.contains(**name)).map(entity).collect();
        let mut names: Vec<(Span, &Entity)> =
            entities.iter().map(|entity| (entity.mentions[0].span, entity)).collect();
        names.sort_by_key(|(span, _)| *span);
        let parts = parts.iter().map(|(kind, words)| Part { kind: *kind, span: place(words), score: 1.0 });
        let found = with_missed_sources(text, Span::new(0, text.len()), &names, &[], parts.collect());
        found.into_iter().map(|part| (part.kind, part.span.of(text).to_owned())).collect()
    }

    #[test]
    fn the_subject_before_a_cue_is_its_source() {
        for (text, cue, source) in [
            ("Experts say it rains.", "say", Some("Experts")),
            ("Some note that it rains.", "note", Some("Some")),
            ("Police have said it rains.", "have said", Some("Police")),
            ("It rained, she said on Monday.", "said", Some("she")),
            ("It rained, as Merkel said.", "said", Some("Merkel")),
            ("Though he's heralded plans, it rains.", "heralded", Some("he")),
            ("They’ve said it rains.", "said", Some("They")),
            ("They’ve been told it rains.", "told", None),
            ("She's said to have left.", "said", None),
            ("Experts worry that it rains.", "worry", Some("Experts")),
            ("It rained, Macron and Merkel said.", "said", Some("Macron and Merkel")),
            ("There are experts who say it rains.", "say", Some("experts who")),
            ("They met Merkel, who said no.", "said", Some("who")),
            ("Macron, who met Scholz on Monday, said no.", "said", Some("Macron")),
            ("Macron, who met Scholz on Monday, left, saying no.", "saying", None),
            ("Merkel is a lawyer who said it rains.", "said", None),
            ("Although Merkel left, it said it rains.", "said", None),
            ("The dry state again refused to say so.", "again refused to say", None),
            ("Merkel was told that it rains.", "was told", None),
            ("His claim that it rains", "claim", None),
            ("Merkel left, saying it rains.", "saying", None),
            ("It is said that it rains.", "is said", None),
            ("Five men accused of it left.", "accused", None),
        ] {
            let found = completed(text, &[(Cue, cue)]);
            let found = found.iter().find(|(kind, _)| *kind == Source).map(|(_, words)| words.as_str());
            assert_eq!(found, source, "{text}");
        }
    }

    #[test]
    fn the_words_behind_according_to_are_its_source() {
        for (text, content, source, rest) in [
            ("It rains, according to Macron.", "It rains", Some("Macron"), "It rains"),
            (
                "It rains, according to aides of Macron who left.",
                "It rains",
                Some("aides of Macron"),
                "It rains",
            ),
            ("According to Macron, it rains.", "Macron, it rains", Some("Macron"), "it rains"),
            ("According to police, men saw it.", "men saw it", Some("police"), "men saw it"),
            ("According to police men claimed it.", "men claimed it", None, "men claimed it"),
            ("According to plan it rains.", "plan it rains", None, "plan it rains"),
        ] {
            let cue = if text.starts_with("According") { "According to" } else { "according to" };
            let found = completed(text, &[(Cue, cue), (Content, content)]);
            let of = |kind: PartKind| {
                found.iter().find(|(other, _)| *other == kind).map(|(_, words)| words.as_str())
            };
            assert_eq!((of(Source), of(Content)), (source, Some(rest)), "{text}");
        }
        let known = completed("It rains, according to Macron.", &[(Cue, "according to"), (Source, "Macron")]);
        assert_eq!(known.len(), 2, "{known:?}");
    }

    #[test]
    fn a_source_that_was_found_stays() {
        for (text, parts) in [
            ("Macron, Merkel said, left.", &[(Source, "Merkel"), (Cue, "said")][..]),
            ("A friend of Merkel said no.", &[(Source, "A friend"), (Cue, "said")]),
            ("They met Merkel, who said no.", &[(Source, "Merkel"), (Cue, "said")]),
        ] {
            let found = completed(text, parts);
            let sources: Vec<&(PartKind, String)> =
                found.iter().filter(|(kind, _)| *kind == Source).collect();
            assert_eq!(sources.len(), 1, "{text}: {found:?}");
        }
        let inserted = [(Source, "veterans"), (Cue, "said")];
        let wanted = [(Source, "Macron"), (Cue, "said")].map(|(kind, words)| (kind, words.to_owned()));
        assert_eq!(completed("Macron, speaking to veterans, said no.", &inserted), wanted);
        // The head may take the participle for a cue, but nothing is said there.
        let inserted = [(Cue, "speaking to"), (Source, "veterans"), (Cue, "said")];
        let wanted = [(Source, "Macron"), (Cue, "speaking to"), (Cue, "said")];
        let wanted = wanted.map(|(kind, words)| (kind, words.to_owned()));
        assert_eq!(completed("Macron, speaking to veterans, said no.", &inserted), wanted);
        let nested = [(Source, "who"), (Cue, "said"), (Content, "no"), (Cue, "left")];
        assert_eq!(completed("Macron, who said no, left.", &nested).len(), nested.len());
        let nearer = completed("Macron left, as Merkel said.", &[(Source, "Macron"), (Cue, "said")]);
        let wanted = [(Source, "Macron"), (Source, "Merkel"), (Cue, "said")];
        assert_eq!(nearer, wanted.map(|(kind, words)| (kind, words.to_owned())));
    }

    #[test]
    fn a_content_ends_before_the_subject_of_its_cue() {
        let found =
            completed("It rains, Dr Merkel said.", &[(Content, "It rains, Dr Merkel"), (Cue, "said")]);
        let wanted = [(Content, "It rains"), (Source, "Merkel"), (Cue, "said")];
        assert_eq!(found, wanted.map(|(kind, words)| (kind, words.to_owned())));
        let nested = [(Content, "what Merkel says"), (Cue, "says")];
        let found = completed("He knows what Merkel says.", &nested);
        let wanted = [(Content, "what Merkel says"), (Source, "Merkel"), (Cue, "says")];
        assert_eq!(found, wanted.map(|(kind, words)| (kind, words.to_owned())));
    }
}
