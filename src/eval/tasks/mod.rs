//! Runs over data sets other than a folder of gold, one file for each kind of finding: comparisons, entities, quotes,
//! stance, summaries. (`comparison` also scores the facts of a folder of gold.)

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
