//! The result of a comparison: the data types of the JSON that `wirelens compare` writes.
//!
//! `start` and `end` count Unicode code points, as in an [`Analysis`](crate::Analysis). Within one `schema_version` fields
//! are added, and never changed or removed.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Evidence, Quote};
use crate::entities::EntityType;
use crate::stance::{Label, Scores};

/// The version of the fields below.
pub const SCHEMA_VERSION: u32 = 1;

/// How several outlets report one or more events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Version of the fields of this object.
    pub schema_version: u32,
    /// The events; those with most articles first.
    pub events: Vec<Event>,
    /// Reasons why the comparison may be wrong or incomplete.
    pub warnings: Vec<String>,
}

/// How outlets report one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// The first sentence of the digest, which tells most of the event.
    pub title: String,
    /// The articles, in the order of the input.
    pub articles: Vec<ComparedArticle>,
    /// The outlets, in the order of their first articles.
    pub outlets: Vec<String>,
    /// A short summary of the event: sentences of the outlets.
    pub digest: Vec<Sentence>,
    /// The facts that at least two outlets report; those of most outlets first.
    pub shared: Vec<Fact>,
    /// What only one outlet reports, the most salient first.
    pub only_here: Vec<OnlyHere>,
    /// What outlets give differently.
    pub differences: Vec<Difference>,
    /// Passages that outlets have nearly word for word, for example from the same news agency.
    pub reuse: Vec<Reuse>,
    /// The entities with their mentions by outlet; those that most outlets name first.
    pub names: Vec<NameRow>,
    /// The speakers with their quotes by outlet; those that most outlets quote first.
    pub quoted: Vec<SpeakerRow>,
    /// The targets with the stance of each outlet.
    pub leanings: Vec<LeaningRow>,
}

/// An article of the comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedArticle {
    /// Id of the article.
    pub id: String,
    /// Name of its outlet.
    pub outlet: String,
    /// Title, where the input has one.
    pub title: Option<String>,
    /// Web address, where the input has one.
    pub url: Option<String>,
    /// Date of publication as the input has it.
    pub published: Option<String>,
    /// Reasons why its findings may be wrong or incomplete.
    pub warnings: Vec<String>,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    /// Id of the article.
    pub article: String,
    /// Name of the outlet.
    pub outlet: String,
    /// First code point.
    pub start: usize,
    /// Behind the last code point.
    pub end: usize,
    /// The sentence on one line.
    pub text: String,
    /// Who says it, where it is only a quotation or calls the speaker "he": the name, or the article's words for the speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Whether it repeats, nearly word for word, a sentence before it in the same list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
}

impl Sentence {
    /// The sentence, with its speaker behind it where it does not tell who that is.
    pub fn attributed(&self) -> Cow<'_, str> {
        match &self.speaker {
            Some(speaker) => Cow::Owned(format!("{} — {speaker}", self.text)),
            None => Cow::Borrowed(&self.text),
        }
    }
}

/// A fact that several outlets report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// The best wording, which is the first of the sentences.
    pub text: String,
    /// The outlets that report it.
    pub outlets: Vec<String>,
    /// The sentences that state it, the best wording first.
    pub sentences: Vec<Sentence>,
    /// Mean probability that two of its sentences state the same fact.
    pub score: f64,
}

/// What only one outlet reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnlyHere {
    /// Name of the outlet.
    pub outlet: String,
    /// Its sentences, the most salient first.
    pub sentences: Vec<Sentence>,
}

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DifferenceKind {
    /// The number of the same thing.
    Quantity,
    /// The year of the same thing.
    Date,
    /// The speaker of the same words.
    Attribution,
}

/// Something that outlets give differently. It is not decided which of them is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// What is different.
    pub kind: DifferenceKind,
    /// What it is about: the words that the sentences share.
    pub about: String,
    /// The different values; at least two.
    pub sides: Vec<Side>,
}

/// One of the values of a difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The value as the outlets write it.
    pub value: String,
    /// The outlets that give it.
    pub outlets: Vec<String>,
    /// The sentences that give it.
    pub sentences: Vec<Sentence>,
}

/// A passage that several outlets have nearly word for word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reuse {
    /// Number of its words.
    pub words: usize,
    /// The outlets that have it.
    pub outlets: Vec<String>,
    /// The passage in each article.
    pub passages: Vec<Sentence>,
}

/// An entity with its mentions by outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NameRow {
    /// Name of the entity.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Number of mentions by each outlet, in the order of the event's outlets.
    pub mentions: Vec<usize>,
}

/// A speaker with the quotes by outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpeakerRow {
    /// Name of the speaker, or the words of the text where there is no name.
    pub speaker: String,
    /// The quotes in each outlet, in the order of the event's outlets.
    pub quotes: Vec<Vec<ArticleQuote>>,
}

/// A quote in an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleQuote {
    /// Id of the article.
    pub article: String,
    /// The quote.
    #[serde(flatten)]
    pub quote: Quote,
}

/// The stances of the outlets towards a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeaningRow {
    /// Name of the target.
    pub target: String,
    /// The stance of each outlet, in the order of the event's outlets; null where it never mentions the target.
    pub outlets: Vec<Option<Leaning>>,
}

/// The stance of one outlet towards a target, over all its articles of the event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Leaning {
    /// The stance.
    pub label: Label,
    /// Probabilities of the labels: the means over its articles.
    pub scores: Scores,
    /// Means over the sentences without a speaker; null where there are none.
    pub own_voice: Option<Scores>,
    /// Means over the sentences with a speaker, who is quoted; null where there are none.
    pub quoted: Option<Scores>,
    /// The sentences that mention the target.
    pub evidence: Vec<ArticleEvidence>,
}

/// A sentence of an article that mentions a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleEvidence {
    /// Id of the article.
    pub article: String,
    /// The sentence with its stance.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// The JSON Schema of a [`Comparison`], generated from the types.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Comparison).into()
}
