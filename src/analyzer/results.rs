//! The rooms' own types → those of the result: byte spans become code points, numbers are rounded.

use crate::analysis::{self, Place};
use crate::article::{CodePoints, Role, Span};
use crate::entities;
use crate::quotes;
use crate::stance::Scores;

/// A sentence of an article as it was read.
#[derive(Debug, Clone)]
pub struct ReadSentence {
    pub place: Place,
    pub role: Role,
    /// Its vector; empty where it has no tokens, or no summary was asked for.
    pub vector: Vec<f32>,
    /// Probability that it belongs in a summary; 0 for what never does.
    pub salience: f64,
}

pub fn place(span: Span, text: &str, points: &CodePoints) -> Place {
    Place { start: points.at(span.start), end: points.at(span.end), text: span.of(text).to_owned() }
}

pub fn entity_result(entity: &entities::Entity, text: &str, points: &CodePoints) -> analysis::Entity {
    let mentions = entity.mentions.iter().map(|mention| {
        let place = place(mention.span, text, points);
        analysis::Mention {
            start: place.start,
            end: place.end,
            text: place.text,
            score: round(mention.score),
            label: mention.label.clone(),
        }
    });
    analysis::Entity { name: entity.name.clone(), kind: entity.kind, mentions: mentions.collect() }
}

pub fn quote(quote: &quotes::Quote, text: &str, points: &CodePoints) -> analysis::Quote {
    let place = |span: Span| place(span, text, points);
    analysis::Quote {
        speaker: quote.speaker.clone(),
        mention: quote.source.map(place),
        cue: quote.cue.map(place),
        content: quote.content.iter().map(|span| place(*span)).collect(),
        direct: quote.is_direct,
        score: round(quote.score),
    }
}

/// Four decimals: what a probability of this model is worth, and less than what hardware may change.
pub fn round(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

pub fn rounded(scores: Scores) -> Scores {
    let Scores { favor, neutral, against } = scores;
    Scores { favor: round(favor), neutral: round(neutral), against: round(against) }
}
