//! Describes each line of a text: what `paragraphs.rs` needs to decide whether the next line continues it.
//!
//! Quote marks of mail (`> `) and indentation before a line are counted and do not belong to its text.

use std::sync::LazyLock;

use regex::Regex;

use super::Span;
use super::patterns::pattern;
use super::words::{NEVER_LAST, OPENERS, first_word, last_word};

/// What a line is, judged by its own text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// None of the others.
    Plain,
    /// "- …", "• …", "2. …": the first line of a list item.
    Item,
    /// "Subject: …", "ANNA SCHMIDT: …": a field, or the first line of a speaker in a transcript.
    Label,
    /// A table row, a Markdown heading, a rule, the "--" of a signature, a web address. It is never joined with its
    /// neighbours.
    Separate,
}

/// A line, with what its looks tell about how it is joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLine<'a> {
    /// Without white space and quote marks of mail at its ends; may be empty.
    pub span: Span,
    /// The text of the span.
    pub text: &'a str,
    /// What the line is.
    pub kind: LineKind,
    /// Number of quote marks of mail (`>`) before it.
    pub quoted: usize,
    /// Columns of white space before it.
    pub indent: usize,
    /// Columns of text and indentation together.
    pub width: usize,
    /// Whether a sentence ends at its end. After "Mr." or a single letter ("J.") that is unknown, and this is false.
    pub ends_sentence: bool,
}

/// All lines of a text, with the empty ones.
pub(super) fn lines(text: &str) -> Vec<TextLine<'_>> {
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

fn line(text: &str, start: usize, end: usize) -> TextLine<'_> {
    let whole = &text[start..end];
    let bare = whole.trim_start_matches([' ', '\t', '>']);
    // Only a ">" at the start of a line quotes mail; the one of "a > b" does not.
    let opening = &whole[..whole.len() - bare.len()];
    let quoted = opening.matches('>').count();
    let blanks = opening.rsplit('>').next().unwrap_or_default();
    // One blank belongs to the mark before it.
    let indent = blanks.chars().count().saturating_sub(usize::from(quoted > 0));
    let span = Span::new(start + opening.len(), end).trimmed(text);
    let text = span.of(text);
    let width = indent + text.chars().count();
    TextLine { span, text, kind: kind(text), quoted, indent, width, ends_sentence: ends_sentence(text) }
}

fn kind(line: &str) -> LineKind {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"^(?:[{BULLETS}]\s+\S|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{2,4}})[.)]\s+\S)"))
    });
    static ROW: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^#{1,6}\s|\S\t+\S|\S {3,}\S.* {3,}\S|\|.*\||\.{5,}|_{5,}"));
    let address = !line.contains(' ') && ["://", "www.", "@"].iter().any(|mark| line.contains(mark));
    let has_gaps =
        |line: &str| ["   ", "\t", "|", ".....", "_____", "#"].iter().any(|gap| line.contains(gap));
    if !line.contains(char::is_alphanumeric) || (has_gaps(line) && ROW.is_match(line)) || address {
        LineKind::Separate
    } else if ITEM.is_match(line) && !is_initial(line) {
        LineKind::Item
    } else if has_label(line) {
        LineKind::Label
    } else {
        LineKind::Plain
    }
}

/// Signs that stand before an item of a list; the hyphen comes first, for patterns.
const BULLETS: &str = "-*+•·▪◦‣●■–—";

/// A text without the bullet before it.
pub fn without_bullet(text: &str) -> &str {
    let item =
        text.strip_prefix(|c| BULLETS.contains(c)).filter(|item| item.starts_with(char::is_whitespace));
    item.map_or(text, str::trim_start)
}

/// Whether a line begins with a few words and a colon: "Subject: …", "ANNA SCHMIDT: …".
pub(super) fn has_label(line: &str) -> bool {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\p{Lu}[\p{L}\p{M}.'’-]*(?: \p{L}[\p{L}\p{M}'’-]*\.?){0,4}:(?:\s|$)"));
    LABEL.find(line).is_some_and(|label| label.len() <= LONGEST_LABEL)
}

/// Longest label, in bytes. "He told the committee on Monday: …" is longer, and a sentence.
const LONGEST_LABEL: usize = 40;

/// Whether a line starts with an initial: "J. Smith" is a name, not a list item.
fn is_initial(line: &str) -> bool {
    let mut chars = line.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.')
}

/// How many bytes before the end of a line are examined.
const TAIL: usize = 24;

fn ends_sentence(line: &str) -> bool {
    static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[\s(“\x22'‘])(?:\p{Lu}|(?:\p{Lu}\.)+\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Maj|Sgt|Cmdr|Adm|Rev|Hon|St|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|vs)\.$",
        )
    });
    let end = &line[line.ceil_char_boundary(line.len().saturating_sub(TAIL))..];
    ends_like_a_sentence(end) && !(end.ends_with('.') && ABBREVIATED.is_match(end))
}

impl TextLine<'_> {
    /// Whether the line has no text.
    pub fn is_empty(&self) -> bool {
        self.span.start == self.span.end
    }

    /// Ends with a word or mark after which a sentence cannot end: "of", "the", "Mr.", a comma, a dash.
    pub fn is_unfinished(&self) -> bool {
        self.text.ends_with([',', '-', '–', '—', '(', '/', '&'])
            || (self.text.ends_with('.') && !self.ends_sentence)
            || NEVER_LAST.contains(&last_word(self.text).to_lowercase().as_str())
    }

    /// Starts with a lower-case letter, or a mark that never starts a sentence.
    pub fn starts_mid_sentence(&self) -> bool {
        let bare = self.text.trim_start_matches(['"', '“', '‘', '\'', '(', '[', '«', '…']);
        bare.starts_with(|c: char| c.is_lowercase() || matches!(c, ',' | ';' | ')' | '%' | '&'))
    }

    /// Starts with a word that has a capital only at the start of a sentence or title.
    pub fn starts_with_opener(&self) -> bool {
        OPENERS.contains(&first_word(self.text))
    }

    /// Has six letters or more, all of them capitals.
    pub fn is_capitals(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic()).peekable();
        self.text.chars().filter(|c| c.is_alphabetic()).count() >= 6 && letters.all(char::is_uppercase)
    }
}

/// "Harbour Strike Ends in Piraeus": at least nine in ten of three or more long words are capitalised.
pub fn is_title_case(text: &str) -> bool {
    let long: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().count() >= 4 && word.starts_with(char::is_alphabetic))
        .collect();
    let capitals = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    long.len() >= 3 && capitals * 10 >= long.len() * 9
}

/// Whether a line or paragraph ends with a mark that ends a sentence, or with a colon or semicolon.
pub fn ends_like_a_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']);
    bare.ends_with(['.', '!', '?', '…', ':', ';', '。'])
}
