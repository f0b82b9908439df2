//! Reads a mailbox (`.mbox`): messages one behind the other, each an article.

use std::io::{BufRead, BufReader, Read};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::{Articles, InputError, InputOptions, LARGEST};
use super::mail;
use crate::panics::caught;

/// Whether content begins as a mailbox: a line `From …` with a date, and the header of a message.
pub fn recognise(start: &[u8]) -> bool {
    let mut parts = start.splitn(2, |byte| *byte == b'\n');
    let (first, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    is_separator(first) && rest.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&b':'))
}

/// Whether a line begins a message of a mailbox: `From jane@example.org Tue Jan 13 10:00:00 2015`. A line of text that
/// begins with `From ` has no such date.
fn is_separator(line: &[u8]) -> bool {
    static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u)^From .*\b\d{1,2}:\d\d(?::\d\d)?\b.*\b(?:19|20)\d\d\b|^From .*\b(?:19|20)\d\d\b.*\d{1,2}:\d\d:\d\d")
            .expect("a valid pattern")
    });
    line.starts_with(b"From ") && line.len() < 1000 && SEPARATOR.is_match(line)
}

/// The messages of a mailbox, one by one. One without an id gets `<stem>:<number>`, counted from 1.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, _: &InputOptions) -> Articles {
    let mut messages = Messages { stream: BufReader::new(stream), begun: false, ended: false };
    let (place, stem) = (place.to_owned(), stem.to_owned());
    let mut number = 0;
    Box::new(std::iter::from_fn(move || {
        let found = messages.next()?;
        number += 1;
        let error = |reason: String| InputError::new(format!("{place}, message {number}"), reason);
        Some(found.map_err(error).and_then(|bytes| {
            let article = caught(|| mail::message(&bytes, &format!("{stem}:{number}")));
            article.unwrap_or_else(|panic| Err(format!("reading it broke off: {panic}"))).map_err(error)
        }))
    }))
}

/// The bytes of each message of a mailbox.
struct Messages {
    stream: BufReader<Box<dyn Read>>,
    begun: bool,
    ended: bool,
}

impl Iterator for Messages {
    type Item = Result<Vec<u8>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let (mut message, mut too_large) = (Vec::new(), false);
        let (mut after_blank, mut line) = (true, Vec::new());
        loop {
            line.clear();
            // A long line is read in parts.
            match self.stream.by_ref().take(1 << 20).read_until(b'\n', &mut line) {
                Ok(0) => {
                    self.ended = true;
                    if !self.begun {
                        return None;
                    }
                    break;
                }
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(format!("cannot be read: {error}; the rest was not read")));
                }
            }
            if after_blank && is_separator(line.trim_ascii_end()) {
                if std::mem::replace(&mut self.begun, true) {
                    break;
                }
                continue;
            }
            // Text before the first separator is read as a message, too.
            self.begun |= !line.trim_ascii().is_empty();
            after_blank = line.trim_ascii().is_empty();
            if message.len() as u64 + line.len() as u64 > LARGEST {
                too_large = true;
            } else if !too_large {
                // ">From" was "From" before it was put into the mailbox.
                let quotes = line.iter().take_while(|byte| **byte == b'>').count();
                let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
                message.extend_from_slice(&line[usize::from(quoted)..]);
            }
        }
        Some(match too_large {
            true => Err(format!("is larger than {} MiB, the most one article may have", LARGEST >> 20)),
            false => Ok(message),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_a_mailbox_come_one_by_one() {
        let text = "From a@b.c Tue Jan 13 10:00:00 2015\nFrom: A <a@b.c>\nMessage-ID: <1@b.c>\n\nFrom Paris, where it rained.\n>From here on.\n\nFrom here, too, at 10:30 in Paris.\n\nFrom b@b.c Wed Jan 14 10:00:00 +0100 2015\nFrom: b@b.c\n\n\nFrom c@b.c Wed Jan 14 10:00:00 2015\nSubject: Third\n\nText.\n";
        assert!(recognise(text.as_bytes()) && !recognise(b"From Paris with love\nx: y\n"));
        let found: Vec<_> =
            articles(Box::new(text.as_bytes()), "box", "box", &InputOptions::default()).collect();
        assert_eq!(found.len(), 3);
        let first = found[0].as_ref().unwrap();
        assert_eq!(
            (first.id.as_str(), first.text.as_str()),
            ("1@b.c", "From Paris, where it rained.\nFrom here on.\n\nFrom here, too, at 10:30 in Paris.")
        );
        assert_eq!(found[1].as_ref().unwrap_err().to_string(), "box, message 2: has no text");
        assert_eq!(found[2].as_ref().unwrap().id, "box:3");
    }
}
