//! Runs over other people's data, one file for each kind of finding: entities, stance, summaries.

mod entities;
mod stance;
mod summary;

pub use entities::entities;
pub use stance::stance;
pub use summary::summary;
