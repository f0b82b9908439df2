//! Splits a JSON stream into its values, as bytes that are not parsed yet: lines (JSON Lines), items of an array, or values
//! of several lines.
//!
//! Only brackets and quotes tell where a value ends. So a value that is not valid does not cost the others, and an array of
//! any size takes no more memory than its largest item.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use super::LARGEST;
use super::brackets::Brackets;
use super::unparsed::{Position, Problem, Unparsed};

/// The values of a stream, one by one.
pub struct UnparsedValues {
    reader: BufReader<Box<dyn Read>>,
    layout: Layout,
    /// Lines that were read so far.
    lines: usize,
    /// Items that were read so far of the array that is open.
    items: usize,
    /// Lines that have to be read again as values of their own, with their numbers.
    again: VecDeque<(usize, Vec<u8>)>,
    broken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Nothing was read yet.
    Unknown,
    /// Each line is a value.
    Lines,
    /// Values one after another, each of any number of lines.
    Values,
    /// Inside an array.
    Array,
}

impl UnparsedValues {
    /// Splits `stream`.
    pub fn new(stream: Box<dyn Read>) -> Self {
        Self {
            reader: BufReader::new(stream),
            layout: Layout::Unknown,
            lines: 0,
            items: 0,
            again: VecDeque::new(),
            broken: false,
        }
    }

    /// Whether reading the stream failed, so that no value follows.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether only white space follows. Reads until something else or the end is there.
    pub fn is_at_end(&mut self) -> bool {
        self.again.is_empty() && matches!(self.skip_blank(), Ok(None))
    }

    fn next_value(&mut self) -> Result<Option<Unparsed>, Problem> {
        let next = loop {
            break match self.layout {
                Layout::Array => match self.item() {
                    Ok(None) => continue,
                    found => found,
                },
                _ if !self.again.is_empty() => self.line_value(),
                Layout::Lines => self.line_value(),
                Layout::Unknown | Layout::Values => match self.skip_blank() {
                    Ok(Some(b'[')) => {
                        self.reader.consume(1);
                        (self.layout, self.items) = (Layout::Array, 0);
                        continue;
                    }
                    Ok(Some(_)) => self.line_value(),
                    Ok(None) => Ok(None),
                    Err(error) => Err(Failure::Read(error)),
                },
            };
        };
        next.map_err(|failure| match failure {
            Failure::Value(at, reason) => (at, reason),
            Failure::Read(error) => {
                self.broken = true;
                let at = match self.layout {
                    Layout::Array => Position::Item(self.items.max(1)),
                    _ => Position::Line(self.lines.max(1)),
                };
                (at, format!("cannot be read: {error}"))
            }
        })
    }

    /// Skips white space, and returns the byte after it, which stays in the stream; `None` at the end.
    fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ready = self.reader.fill_buf()?;
            let Some(at) = ready.iter().position(|byte| !byte.is_ascii_whitespace()) else {
                let (all, lines) = (ready.len(), count_lines(ready));
                if all == 0 {
                    return Ok(None);
                }
                self.lines += lines;
                self.reader.consume(all);
                continue;
            };
            let (byte, lines) = (ready[at], count_lines(&ready[..at]));
            self.lines += lines;
            self.reader.consume(at);
            return Ok(Some(byte));
        }
    }

    /// The next line that is not blank, with its number.
    fn line(&mut self) -> Result<Option<(usize, Vec<u8>)>, Failure> {
        loop {
            if let Some(line) = self.again.pop_front() {
                return Ok(Some(line));
            }
            let mut line = Vec::new();
            let read = self.reader.by_ref().take(LARGEST + 1).read_until(b'\n', &mut line)?;
            self.lines += 1;
            if read as u64 > LARGEST {
                // If this fails, reading the next line gives the error.
                if !line.ends_with(b"\n") {
                    let _ = self.reader.skip_until(b'\n');
                }
                return Err(too_long(Position::Line(self.lines)));
            }
            if read == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some((self.lines, line)));
            }
        }
    }

    /// The value that begins with the next line. If the first value of a stream has one line, each value has; else a value
    /// may have any number of lines.
    fn line_value(&mut self) -> Result<Option<Unparsed>, Failure> {
        let lines_only = self.layout == Layout::Lines;
        if self.layout == Layout::Unknown {
            self.layout = Layout::Lines;
        }
        let Some((first, mut bytes)) = self.line()? else { return Ok(None) };
        let at = Position::Line(first);
        let mut brackets = Brackets::default();
        brackets.feed(&bytes);
        if lines_only || !bytes.trim_ascii_start().starts_with(b"{") || brackets.is_closed() {
            return Ok(Some(Unparsed { bytes, at }));
        }
        self.layout = Layout::Values;
        let is_bare = bytes.trim_ascii() == b"{";
        let mut ends = vec![(first, bytes.len())];
        while let Some((number, line)) = self.line()? {
            // No program breaks lines in this way: the value before is cut off, and this line begins another one.
            let before = bytes.trim_ascii_end();
            let opens = before.ends_with(b"[") || before.ends_with(b",");
            let is_whole = || serde_json::from_slice::<serde::de::IgnoredAny>(&line).is_ok();
            let is_item = brackets.is_in_list() && opens && !is_whole();
            let is_inside = is_item || (is_bare && (brackets.is_in_list() || before.ends_with(b":")));
            if line.starts_with(b"{") && !is_inside {
                self.again.push_front((number, line));
                return Err(cut_off(at));
            }
            brackets.feed(&line);
            bytes.extend_from_slice(&line);
            ends.push((number, bytes.len()));
            if brackets.is_closed() {
                return Ok(Some(Unparsed { bytes, at }));
            }
            if bytes.len() as u64 > LARGEST {
                break;
            }
        }
        // The lines are not one value. Those after the first may be values of their own.
        self.layout = Layout::Lines;
        for pair in ends.windows(2) {
            let line = &bytes[pair[0].1..pair[1].1];
            if line.starts_with(b"{") {
                self.again.push_back((pair[1].0, line.to_vec()));
            }
        }
        Err(cut_off(at))
    }

    /// The next item of the array; `None` where the array is closed.
    fn item(&mut self) -> Result<Option<Unparsed>, Failure> {
        loop {
            match self.skip_blank()? {
                None => {
                    self.layout = Layout::Values;
                    let reason = "the array is not closed: the file seems to be cut off here";
                    return Err(Failure::Value(Position::Item(self.items + 1), reason.into()));
                }
                Some(b',') => self.reader.consume(1),
                Some(b']') => {
                    self.reader.consume(1);
                    self.layout = Layout::Values;
                    return Ok(None);
                }
                Some(_) => break,
            }
        }
        self.items += 1;
        let at = Position::Item(self.items);
        let (mut bytes, mut brackets, mut long) = (Vec::new(), Brackets::default(), false);
        loop {
            let ready = self.reader.fill_buf()?;
            if ready.is_empty() {
                if brackets.is_closed() && !long {
                    return Ok(Some(Unparsed { bytes, at }));
                }
                self.layout = Layout::Values;
                return Err(cut_off(at));
            }
            let end = ready.iter().position(|&byte| brackets.ends_item(byte));
            let taken = end.unwrap_or(ready.len());
            if !long {
                bytes.extend_from_slice(&ready[..taken]);
                long = bytes.len() as u64 > LARGEST;
            }
            self.lines += count_lines(&ready[..taken]);
            self.reader.consume(taken);
            if long {
                bytes = Vec::new();
            }
            if end.is_some() {
                return if long { Err(too_long(at)) } else { Ok(Some(Unparsed { bytes, at })) };
            }
        }
    }
}

impl Iterator for UnparsedValues {
    type Item = Result<Unparsed, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        self.next_value().transpose()
    }
}

enum Failure {
    /// Of a value: those after it can still be read.
    Value(Position, String),
    /// Of the stream.
    Read(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

fn too_long(at: Position) -> Failure {
    Failure::Value(at, format!("is longer than {} MiB, the most one article may have", LARGEST >> 20))
}

fn cut_off(at: Position) -> Failure {
    Failure::Value(at, "is not a JSON object: it begins and does not end".into())
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<String> {
        let stream: Box<dyn Read> = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
        let values = UnparsedValues::new(stream).map(|value| match value {
            Ok(Unparsed { bytes, at }) => format!("{at}: {}", String::from_utf8(bytes).unwrap().trim_end()),
            Err((at, reason)) => {
                format!("{at} {}", reason.rsplit_once(": ").map_or("", |(_, reason)| reason))
            }
        });
        values.collect()
    }

    #[test]
    fn values_of_every_layout_are_split() {
        assert_eq!(
            values("{}\n\n[1]\nx\n{\"a\":1"),
            ["line 1: {}", "line 3: [1]", "line 4: x", "line 5: {\"a\":1"]
        );
        assert_eq!(
            values("\n{\n \"a\": {\n}}\n{\n}\n{}"),
            ["line 2: {\n \"a\": {\n}}", "line 5: {\n}", "line 7: {}"]
        );
        assert_eq!(
            values(" [ {\"a\": \"],\"},\n{}, 7,\"x\" , [[]]] {}"),
            [
                "item 1: {\"a\": \"],\"}",
                "item 2: {}",
                "item 3: 7",
                "item 4: \"x\"",
                "item 5: [[]]",
                "line 2:  {}".trim_end(),
            ]
            .map(|text| text.replace("line 2:  ", "line 2: "))
        );
        assert_eq!(values("[]"), [""; 0]);
        assert_eq!(values(" \n"), [""; 0]);
    }

    #[test]
    fn a_value_that_is_cut_off_does_not_cost_the_others() {
        let ends = "it begins and does not end";
        assert_eq!(
            values("{\"a\":[1,\n{\"b\":2}\n{\"c\":3}\n"),
            [&format!("line 1 {ends}"), "line 2: {\"b\":2}", "line 3: {\"c\":3}"]
        );
        assert_eq!(
            values("{\n \"a\": 1,\n{\n \"b\": 2\n}\n"),
            [&format!("line 1 {ends}"), "line 3: {\n \"b\": 2\n}"]
        );
        assert_eq!(
            values("{\n\"a\": [\n{}\n{\"b\":2}\n"),
            [&format!("line 1 {ends}"), "line 3: {}", "line 4: {\"b\":2}"]
        );
        assert_eq!(
            values("[{\"a\": [1},{},{\"b"),
            ["item 1: {\"a\": [1}", "item 2: {}", &format!("item 3 {ends}")]
        );
        assert_eq!(
            values("[{\"a\": \"x\n},{}"),
            ["item 1: {\"a\": \"x\n}", "item 2: {}", "item 3 the file seems to be cut off here"]
        );
    }

    #[test]
    fn nested_lists_of_objects_without_indentation_are_one_value() {
        let text = "{\n\"a\": [\n{\n\"b\": 1\n},\n{\n\"c\":\n{\n}\n}\n]\n}";
        assert_eq!(values(text), [format!("line 1: {text}")]);
    }

    proptest! {
        #[test]
        fn an_array_gives_its_items(
            items in prop::collection::vec("[\\PC\n\\\\\"\\[\\]{},]{0,20}", 0..20),
            pretty in any::<bool>(),
        ) {
            let objects: Vec<serde_json::Value> = items.iter().map(|text| serde_json::json!({"k": [text, {}]})).collect();
            let text = if pretty { serde_json::to_string_pretty(&objects) } else { serde_json::to_string(&objects) }.unwrap();
            let found = UnparsedValues::new(Box::new(io::Cursor::new(text.into_bytes())));
            let found: Vec<serde_json::Value> = found.map(|value| serde_json::from_slice(&value.unwrap().bytes).unwrap()).collect();
            prop_assert_eq!(found, objects);
        }

        #[test]
        fn values_of_several_lines_are_read_whole(
            items in prop::collection::vec("[\\PC\n\\\\\"\\[\\]{},]{0,20}", 1..10),
        ) {
            let objects: Vec<serde_json::Value> = items.iter().map(|text| serde_json::json!({"k": [text, {"a": {}}]})).collect();
            let text: String = objects.iter().map(|object| serde_json::to_string_pretty(object).unwrap() + "\n").collect();
            let found = UnparsedValues::new(Box::new(io::Cursor::new(text.into_bytes())));
            let found: Vec<serde_json::Value> = found.map(|value| serde_json::from_slice(&value.unwrap().bytes).unwrap()).collect();
            prop_assert_eq!(found, objects);
        }
    }
}
