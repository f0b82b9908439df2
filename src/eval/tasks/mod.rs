//! Runs over other people's data, one file for each kind of finding: entities, speakers, stance, summaries.

mod entities;
mod quotes;
mod stance;
mod summary;

pub use entities::entities;
pub use quotes::quotes;
pub use stance::stance;
pub use summary::summary;
