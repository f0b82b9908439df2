//! Whom an article speaks of just now: pronouns and offices stand for one of them.

use super::attribution::Attribution;
use super::offices::Offices;
use super::view::View;
use crate::article::Span;
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};
use crate::quotes::clause::{Kind, Subject, Token, main_subject, subject_behind};

/// The people that the article speaks of just now, the likeliest to be "he" or "she" first.
#[derive(Default)]
pub(super) struct Focus<'a>(Vec<&'a Entity>);

impl<'a> Focus<'a> {
    const PEOPLE: usize = 6;

    fn resolve(&self, gender: Gender) -> Option<&'a Entity> {
        self.0.iter().find(|entity| entity.gender.is_none_or(|known| known == gender)).copied()
    }

    /// What a sentence says of its speaker.
    pub(super) fn attribution(&self, view: &View<'a, '_>, offices: &Offices) -> Option<Attribution<'a>> {
        Some(self.named(view.subject()?, view, offices))
    }

    /// Whom the words for a speaker stand for; `place` is where they stand in the sentence.
    pub(super) fn stands_for(
        &self,
        view: &View<'a, '_>,
        place: Span,
        offices: &Offices,
    ) -> Option<Attribution<'a>> {
        let inside = |token: &Token| token.span.start >= place.start && token.span.end <= place.end;
        let first = view.tokens.iter().position(inside)?;
        let count = view.tokens[first..].iter().take_while(|token| inside(token)).count();
        // "French President Emmanuel Macron"
        let nationality =
            |token: &Token| matches!(token.kind, Kind::Name(entity) if entity.kind == EntityType::Misc);
        let from = first + view.tokens[first..first + count].iter().take_while(|t| nationality(t)).count();
        let subject = subject_behind(&view.tokens[..first + count], from)?;
        Some(self.named(subject, view, offices))
    }

    /// What a subject of the sentence stands for.
    fn named(&self, subject: Subject<'a>, view: &View<'a, '_>, offices: &Offices) -> Attribution<'a> {
        match subject {
            Subject::Name(entity) => Attribution::Name(entity),
            Subject::Noun(span) => {
                let holder = offices.holder(span.of(view.text));
                let known = holder.and_then(|name| self.0.iter().find(|entity| entity.name == name));
                known.map_or(Attribution::Unnamed(Some(span)), |entity| Attribution::Name(entity))
            }
            Subject::Pronoun(gender, at) => {
                // "Macron's plan failed, he said."
                let before = view.tokens[..at].iter().filter_map(|token| match token.kind {
                    Kind::Name(entity) if entity.kind == EntityType::Per => Some(entity),
                    _ => None,
                });
                let mut here = before.filter(|entity| entity.gender == Some(gender));
                here.next()
                    .or_else(|| self.resolve(gender))
                    .map_or(Attribution::Unnamed(None), Attribution::Name)
            }
        }
    }

    /// The speaker comes first, then the subject of the sentence, then its other people in order.
    pub(super) fn update(&mut self, view: &View<'a, '_>, said: Option<Attribution<'a>>) {
        let mut people: Vec<&Entity> = Vec::new();
        if let Some(Attribution::Name(entity)) = said {
            people.push(entity);
        }
        if let Some(Subject::Name(entity)) = main_subject(&view.tokens, view.tokens.len()) {
            people.push(entity);
        }
        people.extend(view.names.iter().map(|(_, entity)| *entity));
        people.append(&mut self.0);
        for entity in people.into_iter().filter(|entity| entity.kind == EntityType::Per) {
            if self.0.len() < Self::PEOPLE && !self.0.iter().any(|known| std::ptr::eq(*known, entity)) {
                self.0.push(entity);
            }
        }
    }
}
