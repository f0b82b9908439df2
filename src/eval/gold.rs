//! The gold: what annotators found in each article, as `eval/GUIDE.md` defines it.
//! Offsets are code points, as in results.

use serde::{Deserialize, Serialize};

use crate::analysis::Place;
use crate::entities::EntityType;
use crate::stance::Label;

pub const GOLD_SCHEMA: u32 = 1;

/// What is to be found in one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    pub schema_version: u32,
    /// The article's file name without extension.
    pub id: String,
    /// Code points of the article's text.
    pub characters: usize,
    pub entities: Vec<GoldEntity>,
    pub facts: Vec<Fact>,
    pub summaries: Vec<Reference>,
    pub stance: Vec<GoldStance>,
    /// In the order of their contents; `None` where nobody annotated them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Vec<GoldQuote>>,
}

/// An entity with all its mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldEntity {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: EntityType,
    pub mentions: Vec<Place>,
}

/// One thing that the article tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub id: String,
    /// 3: the news itself; 2: needed to understand it; 1: background.
    pub weight: u32,
    pub fact: String,
    /// Sentences of the article that state it.
    pub support: Vec<Place>,
}

/// A summary written by an annotator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub length: ReferenceLength,
    pub text: String,
    /// Ids of the facts that it states, in the annotator's judgement.
    pub facts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceLength {
    Sentence,
    Short,
    Long,
}

impl ReferenceLength {
    pub const ALL: [Self; 3] = [Self::Sentence, Self::Short, Self::Long];

    /// Fewest and most words, by the guide.
    pub fn words(self) -> (usize, usize) {
        match self {
            Self::Sentence => (1, 35),
            Self::Short => (50, 70),
            Self::Long => (105, 135),
        }
    }
}

/// How the article stands towards one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldStance {
    pub target: String,
    pub label: Label,
    /// Every sentence that mentions the target.
    pub sentences: Vec<GoldSentence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldSentence {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub label: Label,
    /// Who says it; null where the outlet itself speaks.
    pub speaker: Option<String>,
}

/// Somebody is told to say something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldQuote {
    /// In order; at least one.
    pub content: Vec<Place>,
    pub cue: Option<Place>,
    /// The words for the speaker.
    pub speaker: Option<Place>,
    /// Whom they stand for, by the fullest name that the article has.
    pub name: Option<String>,
    /// Whether all of the content stands between quotation marks.
    pub direct: bool,
}
