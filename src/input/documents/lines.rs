//! Joins lines that were folded at a fixed width to paragraphs.

pub use crate::article::collapsed;

/// The paragraphs of text that is certainly folded, one line each. A paragraph ends before a blank line, and before a line
/// that is indented by at least two characters more.
pub fn paragraphs<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    let mut margin = 0;
    for line in lines {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if line.is_empty() {
            open = false;
            continue;
        }
        match paragraphs.last_mut().filter(|_| open && indent <= margin + 1) {
            Some(paragraph) => join(paragraph, line),
            None => paragraphs.push(line.to_owned()),
        }
        // The first line of a paragraph may be indented, and the others less so.
        margin = if open { margin.min(indent) } else { indent };
        open = true;
    }
    paragraphs
}

/// Longest line of folded text, in characters.
const WIDEST: usize = 120;

/// The paragraphs of text that may be folded. A line goes on in the next one if the first word of that would not have
/// fitted, measured by the longest line. Text with one long line only is not folded.
pub fn unfolded<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let lines: Vec<&str> = lines.into_iter().map(str::trim_end).collect();
    let length = |line: &str| line.chars().count();
    let width = lines.iter().map(|line| length(line)).max().unwrap_or(0);
    let long = lines.iter().filter(|line| length(line) * 4 >= width * 3).count();
    let folded = width <= WIDEST && long > 1;
    let mut paragraphs: Vec<String> = Vec::new();
    // Characters of the line that may go on.
    let mut before = None;
    for line in lines {
        let Some(first) = line.split_whitespace().next() else {
            before = None;
            continue;
        };
        let went_on = before.is_some_and(|before| before + 1 + length(first) > width);
        let went_on = folded && went_on && !line.starts_with([' ', '\t']);
        match paragraphs.last_mut().filter(|_| went_on) {
            Some(paragraph) => join(paragraph, line),
            None => paragraphs.push(line.trim().to_owned()),
        }
        before = Some(length(line));
    }
    paragraphs
}

/// Adds a folded line. A hyphen at the end of the line before stays, since it may be part of the word.
fn join(paragraph: &mut String, line: &str) {
    let mut end = paragraph.chars().rev();
    let hyphen = end.next() == Some('-') && end.next().is_some_and(char::is_alphanumeric);
    if !(hyphen && line.starts_with(char::is_alphanumeric)) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// Stands for a line break inside of a paragraph, as word processors have it.
pub const SOFT_BREAK: char = '\u{2028}';

/// The paragraphs of a text with [soft breaks](SOFT_BREAK). A sentence may go on behind one: "they demanded money" behind
/// "Fishermen left the port, where".
pub fn softly_broken(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    for piece in text.split(SOFT_BREAK).map(collapsed).filter(|piece| !piece.is_empty()) {
        let goes_on = piece.starts_with(char::is_lowercase);
        match paragraphs.last_mut().filter(|before| goes_on && !before.ends_with(['.', '!', '?', ':', ';'])) {
            Some(before) => join(before, &piece),
            None => paragraphs.push(piece),
        }
    }
    paragraphs
}

/// How the lines of an export came about.
#[derive(Clone, Copy, PartialEq)]
pub enum Layout {
    /// A program may have folded paragraphs to several lines.
    Folded,
    /// Each line is a paragraph of the file of a word processor.
    Whole,
}

/// The paragraphs of the lines of an export.
pub fn exported<'a>(lines: impl IntoIterator<Item = &'a str>, layout: Layout) -> Vec<String> {
    match layout {
        Layout::Folded => unfolded(lines),
        // A paragraph that was broken inside a sentence is joined again.
        Layout::Whole => {
            let mut text = String::new();
            for line in lines {
                text.push_str(line);
                text.push(SOFT_BREAK);
            }
            softly_broken(&text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_become_paragraphs() {
        let text = "    Rain delayed the Anglo-\nFrench harvest in the\nsouth.\n    Exports rose - or\nso it said.\n\nNext\none.";
        assert_eq!(
            paragraphs(text.lines()),
            [
                "Rain delayed the Anglo-French harvest in the south.",
                "Exports rose - or so it said.",
                "Next one."
            ]
        );
    }

    #[test]
    fn a_sentence_goes_on_behind_a_soft_break() {
        let text = "Fishermen left the port,\u{2028}and demanded  money.\u{2028}It rained.\u{2028}Prices\u{2028}Bread: 3";
        let wanted = ["Fishermen left the port, and demanded money.", "It rained.", "Prices", "Bread: 3"];
        assert_eq!(softly_broken(text), wanted);
    }

    #[test]
    fn each_line_of_a_word_processor_is_a_paragraph() {
        let text = "Dockers went back to work on Friday.\nThe port authority offered a contract.\nIt rained,\nand snowed.";
        let whole = exported(text.lines(), Layout::Whole);
        assert_eq!(
            whole,
            [
                "Dockers went back to work on Friday.",
                "The port authority offered a contract.",
                "It rained, and snowed."
            ]
        );
        assert_eq!(
            exported(text.lines(), Layout::Folded)[0],
            text.lines().take(3).collect::<Vec<_>>().join(" ")
        );
    }

    #[test]
    fn lines_shorter_than_the_width_end_paragraphs() {
        let folded = "Dockers went back to work on Friday after the\nport authority offered them a new contract,\ntheir union said.\nIt rained.";
        assert_eq!(unfolded(folded.lines()).len(), 2);
        let wide = format!("{}\n{}", "word ".repeat(30), "word ".repeat(30));
        assert_eq!(unfolded(wide.lines()).len(), 2);
        let plain =
            "A first paragraph of one line that is quite a bit longer than all others.\nA second.\nA third.";
        assert_eq!(unfolded(plain.lines()).len(), 3);
    }
}
