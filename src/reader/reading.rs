//! What the reader takes and gives: passages, the wanted outputs, and readings.

use crate::article::Span;
use crate::entities::EntityMention;
use crate::quotes::Part;

/// A sentence to read, with the places in it that are to be classified besides its named entities. Spans are bytes of
/// `text`.
#[derive(Clone, Default)]
pub struct Passage<'a> {
    /// The sentence.
    pub text: &'a str,
    /// Mentions whose stance is wanted.
    pub mentions: Vec<Span>,
    /// Pairs of a holder and a target: the stance of the holder towards the target is wanted.
    pub pairs: Vec<(Span, Span)>,
}

impl<'a> Passage<'a> {
    /// A sentence without such places.
    pub fn of(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}

/// The stance of a sentence towards one mention.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionStance {
    /// Byte span in the passage.
    pub span: Span,
    /// How the sentence speaks of it: probabilities in the order against, neutral, favor.
    pub tone: [f64; 3],
    /// What the sentence says for or against it, whoever is told to say so; `None` where the pack has no head for it.
    pub position: Option<[f64; 3]>,
}

/// The stance of one mention, the holder, towards another, the target.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldStance {
    /// Byte span of the holder in the passage.
    pub holder: Span,
    /// Byte span of the target in the passage.
    pub target: Span,
    /// Probabilities in the order against, neutral, favor. Neutral also means that the sentence says nothing about what the
    /// holder thinks of the target.
    pub probabilities: [f64; 3],
}

/// The results for one sentence. Those that were not wanted are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Number of word pieces, without `[CLS]` and `[SEP]`.
    pub tokens: usize,
    /// Named entities, in order.
    pub entities: Vec<EntityMention>,
    /// One for each entity and each wanted mention.
    pub stances: Vec<MentionStance>,
    /// One for each wanted pair.
    pub held: Vec<HeldStance>,
    /// Sources, cues and contents of quotes, in the order of the text.
    pub parts: Vec<Part>,
    /// The vector of the sentence; the cosine of two vectors is the similarity of two sentences in meaning. Empty without
    /// tokens.
    pub vector: Vec<f32>,
}

/// Which outputs are wanted of the reader. All of them need the encoder pass; a head runs only if its output is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderOutputs {
    /// Named entities.
    pub entities: bool,
    /// The stance towards each named entity, and towards the mentions of a passage.
    pub stance: bool,
    /// The stance of the entities of a sentence towards one another, and towards the mentions of a passage.
    pub holders: bool,
    /// Sources, cues and contents of quotes.
    pub parts: bool,
    /// Vectors of sentences.
    pub vectors: bool,
}

impl ReaderOutputs {
    /// All outputs.
    pub const ALL: Self = Self { entities: true, stance: true, holders: true, parts: true, vectors: true };
    /// The encoder pass alone.
    pub const NOTHING: Self =
        Self { entities: false, stance: false, holders: false, parts: false, vectors: false };
    /// Named entities only.
    pub const ENTITIES: Self = Self { entities: true, ..Self::NOTHING };
}
