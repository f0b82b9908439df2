//! Converts internal types into the types of the result: byte spans become code points, and numbers are rounded.

use crate::analysis::{self, Place, round};
use crate::article::{CodePoints, Role, Span};
use crate::entities;
use crate::quotes;

/// A sentence of an article with its vector.
#[derive(Debug, Clone)]
pub struct ReadSentence {
    /// Where it is in the article.
    pub place: Place,
    /// Its role in the article, such as prose or heading.
    pub role: Role,
    /// Its vector; empty where it has no tokens, or no summary was asked for.
    pub vector: Vec<f32>,
    /// Probability that it belongs in a summary; 0 for a sentence that is no candidate.
    pub salience: f64,
}

/// A byte span of the article as a place in code points.
pub fn place(span: Span, text: &str, points: &CodePoints) -> Place {
    Place { start: points.at(span.start), end: points.at(span.end), text: span.of(text).to_owned() }
}

/// The entities of an article as the result has them.
pub fn entities(entities: &[entities::Entity], text: &str, points: &CodePoints) -> Vec<analysis::Entity> {
    entities.iter().map(|entity| entity_of(entity, text, points)).collect()
}

fn entity_of(entity: &entities::Entity, text: &str, points: &CodePoints) -> analysis::Entity {
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

/// A quote as the result has it.
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
