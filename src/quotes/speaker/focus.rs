//! Resolves pronouns and offices to the people that an article mentioned last.

use super::offices::Offices;
use super::parsed::ParsedSentence;
use super::referent::Referent;
use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};
use crate::quotes::clause::{
    Subject, Token, TokenKind, chain, head_of_source, is_article, is_past_form, main_subject, starts_phrase,
};
use crate::quotes::cues::ASKED;

/// The people that the article mentioned last, and what its pronouns have shown of them.
#[derive(Default)]
pub(super) struct Focus<'a> {
    /// The most probable referent of "he" or "she" first.
    people: Vec<&'a Entity>,
    /// The pronoun that the article used for somebody whose name shows none.
    shown: Vec<(&'a Entity, Gender)>,
    /// The organisation or place that was the subject of the last sentence, which "it" means.
    body: Option<&'a Entity>,
    /// Whether somebody without a name spoke last ("one resident"), whom "she" may mean.
    is_unnamed: bool,
}

impl<'a> Focus<'a> {
    const MAX_PEOPLE: usize = 6;

    /// The person who is the subject of a verb before the token `at`, if their gender is this one or unknown: "Trump said he would go, but he
    /// called Jackson brave".
    fn subject_before(
        &self,
        parsed: &ParsedSentence<'a, '_>,
        at: usize,
        gender: Gender,
    ) -> Option<&'a Entity> {
        let before = parsed.tokens.get(at)?.span.start;
        let subject = parsed.subjects().find(|span| span.end <= before)?;
        let (_, entity) = parsed.names.iter().find(|(span, _)| *span == subject)?;
        (entity.kind == EntityType::Per && self.gender_of(entity).is_none_or(|known| known == gender))
            .then_some(*entity)
    }

    /// The gender of a person, by the name or by the pronouns that the article used.
    fn gender_of(&self, entity: &Entity) -> Option<Gender> {
        let shown = self.shown.iter().rev().find(|(other, _)| std::ptr::eq(*other, entity));
        entity.gender.or(shown.map(|(_, gender)| *gender))
    }

    /// The first person whose gender is this one or unknown, and whom the words that are said do not name; not unknown where somebody
    /// without a name spoke last.
    fn resolve_pronoun(&self, gender: Gender, quoted: &[&'a Entity]) -> Option<&'a Entity> {
        let fits =
            |entity: &&&Entity| self.gender_of(entity).map_or(!self.is_unnamed, |known| known == gender);
        let is_named = |entity: &Entity| quoted.iter().any(|other| std::ptr::eq(*other, entity));
        self.people.iter().filter(fits).find(|entity| !is_named(entity)).copied()
    }

    /// The speaker of a sentence, if it has one.
    pub(super) fn speaker(
        &self,
        parsed: &ParsedSentence<'a, '_>,
        offices: &Offices<'a>,
    ) -> Option<Referent<'a>> {
        Some(self.resolve_subject(parsed.subject()?, parsed, offices))
    }

    /// What a source of the attribution head refers to; `place` is its span in the sentence.
    pub(super) fn resolve_source(
        &self,
        parsed: &ParsedSentence<'a, '_>,
        place: Span,
        offices: &Offices<'a>,
    ) -> Option<Referent<'a>> {
        let inside = |token: &Token| token.span.start >= place.start && token.span.end <= place.end;
        let first = parsed.tokens.iter().position(inside)?;
        // "Ana Ruiz, who says the bank cheated her"
        let before = parsed.tokens[..first].iter().rev().find(|token| token.kind != TokenKind::Comma);
        if parsed.tokens[first].lower == "who"
            && let Some(TokenKind::Name(entity)) = before.map(|token| token.kind)
            && matches!(entity.kind, EntityType::Per | EntityType::Org)
        {
            return Some(Referent::Entity(entity));
        }
        let count = parsed.tokens[first..].iter().take_while(|token| inside(token)).count();
        let subject = head_of_source(&parsed.tokens[first..first + count])?;
        let subject = match subject {
            Subject::Pronoun(gender, at) => Subject::Pronoun(gender, first + at),
            other => other,
        };
        Some(self.resolve_subject(subject, parsed, offices))
    }

    /// What a subject of the sentence refers to.
    fn resolve_subject(
        &self,
        subject: Subject<'a>,
        parsed: &ParsedSentence<'a, '_>,
        offices: &Offices<'a>,
    ) -> Referent<'a> {
        match subject {
            Subject::Name(entity) if entity.kind == EntityType::Misc => {
                match parsed.one_of_a_people(entity) {
                    // "“I wanted to stay,” the Argentine said."
                    Some(span) => self
                        .people
                        .first()
                        .map_or(Referent::Unnamed(Some(span)), |&person| Referent::Entity(person)),
                    None => Referent::Entity(entity),
                }
            }
            Subject::Name(entity) => Referent::Entity(entity),
            Subject::Noun(span) if span.of(parsed.text).eq_ignore_ascii_case("it") => {
                self.body.map_or(Referent::Unnamed(Some(span)), Referent::Entity)
            }
            Subject::Noun(span) => {
                let noun = span.of(parsed.text);
                // "“It was good,” the 34-year-old said."
                let by_age = is_age(noun) && !self.is_unnamed;
                let by_age = self.people.first().copied().filter(|_| by_age);
                offices
                    .holder(noun)
                    .or_else(|| parsed.named_in(span))
                    .or(by_age)
                    .map_or(Referent::Unnamed(Some(span)), Referent::Entity)
            }
            // "A spokesman for Macron said so. He added …"
            Subject::Pronoun(_, at) if self.is_unnamed && adds(&parsed.tokens, at) => Referent::Unnamed(None),
            Subject::Pronoun(gender, at) => {
                let tokens = &parsed.tokens;
                let person = |number: usize| match tokens[number].kind {
                    TokenKind::Name(entity) if entity.kind == EntityType::Per => Some(entity),
                    _ => None,
                };
                // "Asked about Macron, he said", "In talks with Macron, he said": somebody else speaks.
                let is_asked = tokens.first().is_some_and(|first| ASKED.contains(&first.lower.as_str()));
                let is_other = |number: &usize| is_asked || is_companion(tokens, *number);
                // "Macron's plan failed, he said."
                let named = (0..at).filter_map(|number| Some((number, person(number)?)));
                let (others, here): (Vec<_>, Vec<_>) = named.partition(|(number, _)| is_other(number));
                let mut here = here.into_iter().map(|(_, entity)| entity);
                let others = others.into_iter().map(|(_, entity)| entity);
                let others: Vec<&Entity> =
                    others.chain(object_of(tokens, at)).chain(parsed.quoted.iter().copied()).collect();
                let fits = |known: Option<Gender>| known.is_none_or(|known| known == gender);
                let holder = noun_at_start(tokens, at).and_then(|noun| offices.holder(noun.of(parsed.text)));
                holder
                    .filter(|holder| !is_asked && fits(self.gender_of(holder)))
                    .or_else(|| here.find(|entity| entity.gender == Some(gender)))
                    .or_else(|| self.subject_before(parsed, at, gender).filter(|_| !is_asked))
                    .or_else(|| self.resolve_pronoun(gender, &others))
                    .map_or(Referent::Unnamed(None), Referent::Entity)
            }
        }
    }

    /// Moves the people of a sentence to the front: the speaker first, then the subject of the sentence, then its other
    /// people in order.
    pub(super) fn update(&mut self, parsed: &ParsedSentence<'a, '_>, said: Option<Referent<'a>>) {
        let mut people: Vec<&Entity> = Vec::new();
        if let Some(Referent::Entity(entity)) = said {
            people.push(entity);
            // "Maya Lin and Sam Cole came. “It is dry,” she said.": from here on, Maya Lin is "she".
            if let Some(Subject::Pronoun(gender, _)) = parsed.subject() {
                self.shown.push((entity, gender));
            }
        }
        let subject = match main_subject(&parsed.tokens, parsed.tokens.len()) {
            Some(Subject::Name(entity)) => Some(entity),
            _ => None,
        };
        match said {
            Some(Referent::Unnamed(Some(_))) => self.is_unnamed = true,
            Some(Referent::Entity(_)) => self.is_unnamed = false,
            _ => self.is_unnamed &= subject.is_none(),
        }
        people.extend(subject);
        if parsed.tokens.first().is_none_or(|token| token.lower != "it") {
            let is_body = |entity: &&Entity| matches!(entity.kind, EntityType::Org | EntityType::Loc);
            // "Ten people died, the UN said. It blamed …"
            let speaker = match said {
                Some(Referent::Entity(entity)) => Some(entity),
                _ => None,
            };
            self.body = subject.filter(is_body).or(speaker.filter(is_body));
        }
        people.extend(parsed.names.iter().map(|(_, entity)| *entity));
        people.append(&mut self.people);
        for entity in people.into_iter().filter(|entity| entity.kind == EntityType::Per) {
            let is_new = !self.people.iter().any(|known| std::ptr::eq(*known, entity));
            if self.people.len() < Self::MAX_PEOPLE && is_new {
                self.people.push(entity);
            }
        }
    }
}

/// The noun with an article at the start of the sentence that is the subject of a verb before the token `at`: "The former president" in
/// "The former president did not blame Macron, but he".
fn noun_at_start(tokens: &[Token], at: usize) -> Option<Span> {
    let is_noun =
        |token: &Token| token.kind == TokenKind::Word && !starts_phrase(&token.lower) && !is_past_form(token);
    let verb = tokens[..at].iter().position(|token| !is_noun(token))?;
    let is_verb = is_past_form(&tokens[verb]) || chain(tokens, verb + 1).start == verb;
    let last = verb.checked_sub(1).filter(|&last| last > 0 && is_verb && is_article(&tokens[0].lower))?;
    Some(Span::new(tokens[0].span.start, tokens[last].span.end))
}

/// Whether a noun only tells the age of somebody who was named before: "the 34-year-old".
fn is_age(noun: &str) -> bool {
    noun.get(..4).is_some_and(|first| first.eq_ignore_ascii_case("the ")) && noun.ends_with("-year-old")
}

/// Whether the pronoun `at` goes on with what its person has said: "he added".
fn adds(tokens: &[Token], at: usize) -> bool {
    let behind = tokens[at + 1..].iter().find(|token| token.lower != "also");
    behind.is_some_and(|verb| ["added", "adds", "continued", "continues"].contains(&verb.lower.as_str()))
}

/// The person directly behind the verb of the pronoun `at`, who is somebody else: "He also accused Macron". In "He said Macron's plan
/// failed" it may be himself.
fn object_of<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a Entity> {
    /// A verb, and an adverb before it.
    const LONGEST_VERB: usize = 2;

    let behind = tokens.get(at + 1..)?;
    let number = behind.iter().position(|token| token.kind != TokenKind::Word)?;
    let is_owner = behind.get(number + 1).is_some_and(|next| next.kind == TokenKind::Possessive);
    match behind[number].kind {
        TokenKind::Name(entity) if (1..=LONGEST_VERB).contains(&number) => {
            Some(entity).filter(|entity| entity.kind == EntityType::Per && !is_owner)
        }
        _ => None,
    }
}

/// Whether the person `at`, in a phrase at the start of the sentence, is one with whom somebody speaks: "In an interview with Piers
/// Morgan, he said".
fn is_companion(tokens: &[Token], at: usize) -> bool {
    /// Most tokens from the preposition to the person.
    const LONGEST_PHRASE: usize = 12;
    const WITH: &[&str] = &["with", "to", "alongside", "about", "against", "meeting"];
    let opens = |first: &Token| starts_phrase(&first.lower) || first.lower.ends_with("ing");
    let ends =
        |token: &Token| token.kind.is_mark() || starts_phrase(&token.lower) || token.lower == "meeting";
    let from = at.saturating_sub(LONGEST_PHRASE);
    tokens.first().is_some_and(opens)
        && tokens[from..at].iter().rposition(ends).is_some_and(|last| {
            let last = from + last;
            let is_source = last > 0 && tokens[last - 1].lower == "according";
            WITH.contains(&tokens[last].lower.as_str()) && !is_source
        })
}
