//! Lines of a text: what a line looks like, as far as that tells whether the next one goes on from it.
//!
//! Marks of quoted mail (`> `) and indentation stand before a line and are no part of it.

use std::sync::LazyLock;

use regex::Regex;

use super::Span;
use super::patterns::pattern;
use super::words::{OPENERS, SMALL, first_word, last_word};

/// What a line is, by its own looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// "- …", "• …", "2. …": an item of a list begins.
    Item,
    /// "Subject: …", "ANNA SCHMIDT: …": a field, or a turn in a talk, begins.
    Label,
    /// A row of a table, a heading of Markdown, a rule, a signature's "--", an address of the web: nothing goes on into it or out of it.
    Apart,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Without white space and marks of quotation at its ends; may be empty.
    pub span: Span,
    pub text: &'a str,
    pub kind: Kind,
    /// How many marks of quotation stand before it.
    pub quoted: usize,
    /// Columns of white space before it.
    pub indent: usize,
    /// Columns that it takes, indentation included.
    pub width: usize,
    /// Whether it ends where a sentence may end. What an abbreviation of a title or a single letter ends is open.
    pub closed: bool,
}

/// The lines of a text, the empty ones too.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let lone_return = c == '\r' && !text[at + 1..].starts_with('\n');
        if lone_return || matches!(c, '\n' | '\u{2028}' | '\u{2029}') {
            found.push(line(text, start, at));
            start = at + c.len_utf8();
        }
    }
    found.push(line(text, start, text.len()));
    found
}

fn line(text: &str, start: usize, end: usize) -> Line<'_> {
    let whole = &text[start..end];
    let bare = whole.trim_start_matches([' ', '\t', '>']);
    // "<- 5" or "a > b" are no marks of mail, which open the line.
    let opening = &whole[..whole.len() - bare.len()];
    let quoted = opening.matches('>').count();
    let blanks = opening.rsplit('>').next().unwrap_or_default();
    // One blank belongs to the mark before it.
    let indent = blanks.chars().count().saturating_sub(usize::from(quoted > 0));
    let span = Span::new(start + opening.len(), end).trimmed(text);
    let text = span.of(text);
    let width = indent + text.chars().count();
    Line { span, text, kind: kind(text), quoted, indent, width, closed: is_closed(text) }
}

fn kind(line: &str) -> Kind {
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:[-*+•·▪◦‣●■–—]\s+\S|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{2,4})[.)]\s+\S)"));
    static ROW: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^#{1,6}\s|\S\t+\S|\S {3,}\S.* {3,}\S|\|.*\||\.{5,}|_{5,}"));
    let address = !line.contains(' ') && ["://", "www.", "@"].iter().any(|mark| line.contains(mark));
    let has_gaps =
        |line: &str| ["   ", "\t", "|", ".....", "_____", "#"].iter().any(|gap| line.contains(gap));
    if !line.contains(char::is_alphanumeric) || (has_gaps(line) && ROW.is_match(line)) || address {
        Kind::Apart
    } else if ITEM.is_match(line) && !is_initial(line) {
        Kind::Item
    } else if has_label(line) {
        Kind::Label
    } else {
        Kind::Plain
    }
}

/// Whether a line begins with a few words and a colon: "Subject: …", "ANNA SCHMIDT: …".
pub(super) fn has_label(line: &str) -> bool {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\p{Lu}[\p{L}\p{M}.'’-]*(?: \p{L}[\p{L}\p{M}'’-]*\.?){0,4}:(?:\s|$)"));
    LABEL.find(line).is_some_and(|label| label.len() <= LONGEST_LABEL)
}

/// Bytes; "He told the committee on Monday: …" is a sentence.
const LONGEST_LABEL: usize = 40;

/// "J. Smith", "A. Merkel": a name and no item of a list.
fn is_initial(line: &str) -> bool {
    let mut chars = line.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.')
}

/// Bytes before the end of a line that tell what ends there.
const NEAR: usize = 24;

fn is_closed(line: &str) -> bool {
    static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[\s(“\x22'‘])(?:\p{Lu}|(?:\p{Lu}\.)+\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Maj|Sgt|Cmdr|Adm|Rev|Hon|St|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|vs)\.$",
        )
    });
    let end = &line[line.ceil_char_boundary(line.len().saturating_sub(NEAR))..];
    ends_like_a_sentence(end) && !(end.ends_with('.') && ABBREVIATED.is_match(end))
}

impl Line<'_> {
    pub fn is_empty(&self) -> bool {
        self.span.start == self.span.end
    }

    /// Ends in a word or mark that asks for more: "of", "the", "Mr.", a comma, a dash.
    pub fn asks_for_more(&self) -> bool {
        self.text.ends_with([',', '-', '–', '—', '(', '/', '&'])
            || (self.text.ends_with('.') && !self.closed)
            || SMALL.contains(&last_word(self.text).to_lowercase().as_str())
    }

    /// Begins in a small letter, or with what never begins a sentence.
    pub fn goes_on(&self) -> bool {
        let bare = self.text.trim_start_matches(['"', '“', '‘', '\'', '(', '[', '«', '…']);
        bare.starts_with(|c: char| c.is_lowercase() || matches!(c, ',' | ';' | ')' | '%' | '&'))
    }

    /// Begins with a word that has a capital only where a sentence or title begins.
    pub fn opens(&self) -> bool {
        OPENERS.contains(&first_word(self.text))
    }

    /// "Harbour Strike Ends in Piraeus": nearly all long words have capitals.
    pub fn is_title_case(&self) -> bool {
        let long: Vec<&str> = self
            .text
            .split_whitespace()
            .filter(|word| word.chars().count() >= 4 && word.starts_with(char::is_alphabetic))
            .collect();
        let capitals = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
        long.len() >= 3 && capitals * 10 >= long.len() * 9
    }

    /// Six letters or more, and all of them capitals.
    pub fn is_capitals(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic()).peekable();
        self.text.chars().filter(|c| c.is_alphabetic()).count() >= 6 && letters.all(char::is_uppercase)
    }
}

/// Whether a line or paragraph ends in a mark that ends sentences or announces something.
pub(super) fn ends_like_a_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']);
    bare.ends_with(['.', '!', '?', '…', ':', ';', '。'])
}
