//! Finds the end of a JSON value by its brackets and quotes alone.

/// The brackets that are open, and whether a string is open.
#[derive(Default)]
pub struct Brackets {
    open: Vec<u8>,
    in_string: bool,
    is_escaped: bool,
    /// Whether anything but white space was read.
    began: bool,
}

impl Brackets {
    /// Reads bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.take(byte));
    }

    fn take(&mut self, byte: u8) {
        self.began |= !byte.is_ascii_whitespace();
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                // A valid string has no line break, so at a line break the string was not closed.
                b'"' | b'\n' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.open.push(byte),
            b'}' => self.close(b'{'),
            b']' => self.close(b'['),
            _ => {}
        }
    }

    /// Closes the last bracket of a kind, and those inside it, whose closing brackets are missing.
    fn close(&mut self, bracket: u8) {
        if let Some(at) = self.open.iter().rposition(|&open| open == bracket) {
            self.open.truncate(at);
        }
    }

    /// Whether no bracket and no string is open.
    pub fn is_closed(&self) -> bool {
        self.open.is_empty() && !self.in_string
    }

    /// Whether the innermost open bracket is that of an array.
    pub fn is_in_list(&self) -> bool {
        self.open.last() == Some(&b'[')
    }

    /// Whether the item of an array that was read so far ends before this byte. If not, the byte is read.
    pub fn ends_item(&mut self, byte: u8) -> bool {
        if self.began && self.is_closed() && (matches!(byte, b',' | b']') || byte.is_ascii_whitespace()) {
            return true;
        }
        self.take(byte);
        false
    }
}
