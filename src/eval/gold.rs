//! The gold: the annotations of an article, which `eval/GUIDE.md` defines. Offsets are code points, as in results.

use serde::{Deserialize, Serialize};

use crate::analysis::Place;
use crate::entities::EntityType;
use crate::stance::Label;

/// The version of the format of gold files.
pub const GOLD_SCHEMA: u32 = 1;

/// The annotations of one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    /// [`GOLD_SCHEMA`].
    pub schema_version: u32,
    /// The article's file name without extension.
    pub id: String,
    /// Number of code points of the article's text.
    pub characters: usize,
    /// Its entities.
    pub entities: Vec<GoldEntity>,
    /// Its key facts, 8 to 15.
    pub facts: Vec<KeyFact>,
    /// Reference summaries, one of each length.
    pub summaries: Vec<ReferenceSummary>,
    /// Its stance towards each target.
    pub stance: Vec<GoldStance>,
    /// Its quotes in the order of their contents; `None` if they were not annotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Vec<GoldQuote>>,
}

/// An entity with all its mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldEntity {
    /// Its fullest name in the article.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Where it is mentioned.
    pub mentions: Vec<Place>,
}

/// A fact that a summary of the article may state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFact {
    /// By which summaries refer to it.
    pub id: String,
    /// 3: the news itself; 2: needed to understand it; 1: background.
    pub weight: u32,
    /// The fact in the annotator's words.
    pub fact: String,
    /// Sentences of the article that state it.
    pub support: Vec<Place>,
}

/// A summary written by an annotator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceSummary {
    /// Its length class.
    pub length: ReferenceLength,
    /// Its words.
    pub text: String,
    /// Ids of the facts that it states, in the annotator's judgement.
    pub facts: Vec<String>,
}

/// The three lengths of reference summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceLength {
    /// One sentence of up to 35 words.
    Sentence,
    /// 50 to 70 words.
    Short,
    /// 105 to 135 words.
    Long,
}

impl ReferenceLength {
    /// Every length.
    pub const ALL: [Self; 3] = [Self::Sentence, Self::Short, Self::Long];

    /// The fewest and the most words that the guide allows.
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
    /// The name of the target.
    pub target: String,
    /// The stance of the whole article.
    pub label: Label,
    /// Every sentence that mentions the target.
    pub sentences: Vec<GoldSentence>,
}

/// A sentence that mentions a target, with its stance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldSentence {
    /// Where it starts, in code points.
    pub start: usize,
    /// Where it ends, in code points.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// Its stance towards the target.
    pub label: Label,
    /// The name of who says it; null where the outlet itself speaks.
    pub speaker: Option<String>,
}

/// An attribution: the article reports that somebody says something, in quotation marks or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldQuote {
    /// What is said: one part or more, in the order of the text.
    pub content: Vec<Place>,
    /// The words that say that it is said, such as "told reporters".
    pub cue: Option<Place>,
    /// The words for the speaker.
    pub speaker: Option<Place>,
    /// The fullest name that the article has for the speaker.
    pub name: Option<String>,
    /// Whether all of the content is in quotation marks.
    pub direct: bool,
}
