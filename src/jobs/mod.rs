//! The jobs that a checkpoint of the user's can take over from the pack, one file each: entities by a tagger, stance by
//! natural language inference, summaries by an encoder-decoder that writes.

pub mod nli;
pub mod summarizer;
pub mod tagger;
