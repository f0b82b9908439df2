//! Splits separated values (CSV, TSV) into records and their cells.
//!
//! The format is that of RFC 4180, and of files in use that differ from it. A cell is quoted where it begins with a quote
//! and ends with the quote that closes it; else quotes in it are part of its text, as they are in files separated by tabs.
//! A quote inside is doubled, or a backslash stands before it, as MySQL and Spark write it. The `csv` crate does not support
//! all that, and does not report whether the last quote of a file was closed: one quote too many makes the rest of the file
//! one record, which must not be taken for an article.

use std::io::{self, Read};

use super::LARGEST;

/// A record of separated values.
pub struct CellRecord {
    /// Its cells, without the quotes around them.
    pub cells: Vec<Vec<u8>>,
    /// The line in which it begins, from 1.
    pub line: u64,
}

/// Why there are no more records.
#[derive(Debug)]
pub enum SplitError {
    /// The stream could not be read.
    Read(io::Error),
    /// A quote that opens in this line is never closed.
    NeverClosed(u64),
    /// The record that begins in this line is longer than [`LARGEST`].
    TooLong(u64),
}

impl SplitError {
    /// Where it is in the file with this name.
    pub fn place(&self, file: &str) -> String {
        match self {
            Self::Read(_) => file.to_owned(),
            Self::NeverClosed(line) | Self::TooLong(line) => format!("{file}, line {line}"),
        }
    }
}

impl std::fmt::Display for SplitError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Read(error) => write!(f, "cannot be read: {error}"),
            Self::NeverClosed(line) => write!(
                f,
                "a quote that opens in line {line} is never closed, so nothing from this record on could be read; close it, \
                 or double each quote that is part of a text"
            ),
            Self::TooLong(_) => {
                write!(f, "a record is longer than {} MiB; the rest was not read", LARGEST >> 20)
            }
        }
    }
}

/// The records of a stream, one by one.
pub struct RecordSplitter {
    stream: Box<dyn Read>,
    /// The byte between cells.
    pub separator: u8,
    /// Bytes that were read.
    buffer: Vec<u8>,
    /// Where the next record begins in the buffer.
    at: usize,
    /// The line in which it begins.
    line: u64,
    ended: bool,
    /// Whether it is known that no quote is closed from here on. It is found out once, by reading to the end.
    none_closes: bool,
    escapes: Escapes,
}

/// Whether a backslash before a quote makes that a part of the text.
#[derive(Clone, Copy, PartialEq)]
enum Escapes {
    /// No cell told it so far.
    Unknown,
    /// A cell could only be read so.
    Used,
    /// A cell that was read so has no end.
    Unused,
}

/// A quoted cell as far as it was read.
struct QuotedCell {
    text: Vec<u8>,
    /// The offset behind the quote that closes it, or where the file or the longest record ends.
    end: usize,
    is_closed: bool,
    /// Whether a backslash stands before a quote in it.
    has_escapes: bool,
}

impl RecordSplitter {
    /// Splits `stream` at commas, unless `separator` is set.
    pub fn new(stream: Box<dyn Read>) -> Self {
        let (buffer, at, line) = (Vec::new(), 0, 1);
        let escapes = Escapes::Unknown;
        Self { stream, separator: b',', buffer, at, line, ended: false, none_closes: false, escapes }
    }

    /// The first line that is not blank. It stays in the stream.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn first_line(&mut self) -> io::Result<Vec<u8>> {
        let (mut began, mut end) = (false, 0);
        while let Some(byte) = self.byte(end)? {
            if (matches!(byte, b'\n' | b'\r') && began) || end as u64 > LARGEST {
                break;
            }
            began |= !byte.is_ascii_whitespace();
            end += 1;
        }
        Ok(self.buffer[self.at..self.at + end].trim_ascii_start().to_vec())
    }

    /// A byte of the record, counted from its beginning.
    fn byte(&mut self, offset: usize) -> io::Result<Option<u8>> {
        const MORE: usize = 64 << 10;
        while self.at + offset >= self.buffer.len() && !self.ended {
            self.buffer.drain(..self.at);
            self.at = 0;
            let filled = self.buffer.len();
            self.buffer.resize(filled + MORE, 0);
            let read = loop {
                match self.stream.read(&mut self.buffer[filled..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
            self.ended = read? == 0;
        }
        Ok(self.buffer.get(self.at + offset).copied())
    }

    fn is_end(&self, byte: Option<u8>) -> bool {
        byte.is_none_or(|byte| byte == self.separator || byte == b'\n' || byte == b'\r')
    }

    /// The cell that begins at an offset, and the offset of its end.
    fn cell(&mut self, start: usize) -> Result<(Vec<u8>, usize), SplitError> {
        let mut quote = start;
        while self.separator != b' ' && self.byte(quote).map_err(SplitError::Read)? == Some(b' ') {
            quote += 1;
        }
        if self.byte(quote).map_err(SplitError::Read)? == Some(b'"')
            && !self.none_closes
            && let Some(found) = self.quoted(quote)?
        {
            return Ok(found);
        }
        let mut end = start;
        loop {
            let byte = self.byte(end).map_err(SplitError::Read)?;
            if self.is_end(byte) {
                let cell = &self.buffer[self.at + start..self.at + end];
                // Databases write so that there is no value.
                let cell = if cell == b"\\N" { Vec::new() } else { cell.to_vec() };
                return Ok((cell, end));
            }
            if end as u64 > LARGEST {
                return Err(SplitError::TooLong(self.line));
            }
            end += 1;
        }
    }

    /// The cell whose quote opens at an offset, and the offset of its end; `None` where the quote is part of its text.
    fn quoted(&mut self, quote: usize) -> Result<Option<(Vec<u8>, usize)>, SplitError> {
        if self.escapes == Escapes::Used
            && let Some(found) = self.escaped(quote)?
        {
            return Ok(Some(found));
        }
        let cell = self.read_quoted(quote, false).map_err(SplitError::Read)?;
        if let Some(end) = self.end_behind(&cell)? {
            return Ok(Some((cell.text, end)));
        }
        if cell.has_escapes
            && self.escapes == Escapes::Unknown
            && let Some(found) = self.escaped(quote)?
        {
            return Ok(Some(found));
        }
        if cell.is_closed {
            return Ok(None);
        }
        if self.separator == b'\t' {
            self.none_closes = true;
            return Ok(None);
        }
        Err(match self.byte(cell.end).map_err(SplitError::Read)? {
            None => SplitError::NeverClosed(self.line + self.lines(quote)),
            Some(_) => SplitError::TooLong(self.line),
        })
    }

    /// As [`Self::quoted`], where a backslash before a quote makes that a part of the text.
    fn escaped(&mut self, quote: usize) -> Result<Option<(Vec<u8>, usize)>, SplitError> {
        let cell = self.read_quoted(quote, true).map_err(SplitError::Read)?;
        let end = self.end_behind(&cell)?;
        // To read on to the end of the file for each cell would take too long.
        match (cell.is_closed, end) {
            (false, _) => self.escapes = Escapes::Unused,
            (true, Some(_)) => self.escapes = Escapes::Used,
            (true, None) => {}
        }
        Ok(end.map(|end| (cell.text, end)))
    }

    /// Reads a cell from the quote that opens it to the one that closes it.
    fn read_quoted(&mut self, quote: usize, escapes: bool) -> io::Result<QuotedCell> {
        let (mut text, mut at, mut has_escapes) = (Vec::new(), quote + 1, false);
        loop {
            let Some(byte) = self.byte(at)?.filter(|_| at as u64 <= LARGEST) else {
                return Ok(QuotedCell { text, end: at, is_closed: false, has_escapes });
            };
            let next = if matches!(byte, b'"' | b'\\') { self.byte(at + 1)? } else { None };
            match (byte, next) {
                (b'"', Some(b'"')) => {
                    text.push(b'"');
                    at += 2;
                }
                (b'"', _) => return Ok(QuotedCell { text, end: at + 1, is_closed: true, has_escapes }),
                (b'\\', Some(next @ (b'"' | b'\\' | b'\n' | b'\r'))) if escapes => {
                    text.push(next);
                    at += 2;
                }
                _ => {
                    has_escapes |= byte == b'\\' && next == Some(b'"');
                    text.push(byte);
                    at += 1;
                }
            }
        }
    }

    /// The offset of the end of a quoted cell, behind blanks; `None` where something else follows its closing quote.
    fn end_behind(&mut self, cell: &QuotedCell) -> Result<Option<usize>, SplitError> {
        if !cell.is_closed {
            return Ok(None);
        }
        let mut end = cell.end;
        while self.separator != b' ' && self.byte(end).map_err(SplitError::Read)? == Some(b' ') {
            end += 1;
        }
        let behind = self.byte(end).map_err(SplitError::Read)?;
        Ok(self.is_end(behind).then_some(end))
    }

    /// Line ends in the record before an offset.
    fn lines(&self, offset: usize) -> u64 {
        let bytes = &self.buffer[self.at..self.at + offset];
        let is_end =
            |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(*at + 1) != Some(&b'\n'));
        (0..bytes.len()).filter(is_end).count() as u64
    }

    fn record(&mut self) -> Result<Option<CellRecord>, SplitError> {
        // Blank lines are between records.
        while let Some(byte @ (b'\n' | b'\r')) = self.byte(0).map_err(SplitError::Read)? {
            // Older programs for the Mac end lines with a carriage return alone.
            let ends = byte == b'\n' || self.byte(1).map_err(SplitError::Read)? != Some(b'\n');
            self.line += u64::from(ends);
            self.at += 1;
        }
        if self.byte(0).map_err(SplitError::Read)?.is_none() {
            return Ok(None);
        }
        let (mut cells, mut start) = (Vec::new(), 0);
        loop {
            let (cell, end) = self.cell(start)?;
            cells.push(cell);
            if end as u64 > LARGEST {
                return Err(SplitError::TooLong(self.line));
            }
            if self.byte(end).map_err(SplitError::Read)? == Some(self.separator) {
                start = end + 1;
                continue;
            }
            let record = CellRecord { cells, line: self.line };
            self.line += self.lines(end);
            self.at += end;
            return Ok(Some(record));
        }
    }
}

impl Iterator for RecordSplitter {
    type Item = Result<CellRecord, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.record().transpose()
    }
}
