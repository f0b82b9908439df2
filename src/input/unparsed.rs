//! A value of a JSON stream before it is parsed, and where it is.

/// The bytes of a value, which need not be valid JSON: only brackets and quotes were read.
#[derive(Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where they are in the stream.
    pub at: Position,
}

/// Where a value is in its stream, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The line it begins in.
    Line(usize),
    /// Its number in an array.
    Item(usize),
}

impl Position {
    /// The number of the line or the item.
    pub fn number(self) -> usize {
        match self {
            Self::Line(number) | Self::Item(number) => number,
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Item(number) => write!(f, "item {number}"),
        }
    }
}

/// A value that could not be read: where, and why.
pub type Problem = (Position, String);
