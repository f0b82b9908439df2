//! Runs over other people's data, one file for each kind of finding: comparisons, entities, speakers, stance, summaries.

mod comparison;
mod entities;
mod quotes;
mod stance;
mod summary;

pub use comparison::{comparison, facts};
pub use entities::entities;
pub use quotes::quotes;
pub use stance::stance;
pub use summary::summary;
