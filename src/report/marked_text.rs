//! Text for the terminal in which spans, such as mentions of entities, have a style.

use anstyle::{AnsiColor, Style};

use super::is_unprintable;
use crate::Analysis;
use crate::article::unfolded;
use crate::entities::EntityType;
use crate::stance::Label;

/// A span of an article, in code points, and the style to show it in.
pub struct StyledSpan {
    /// Its first code point.
    pub start: usize,
    /// The code point after its last one.
    pub end: usize,
    /// How it is shown.
    pub style: Style,
}

/// The mentions of all entities, in the order of the text, each in the colour of its type.
pub fn mentions(analysis: &Analysis) -> Vec<StyledSpan> {
    let entities = analysis.entities.iter().flatten();
    let marks = entities.flat_map(|entity| {
        entity.mentions.iter().map(|mention| StyledSpan {
            start: mention.start,
            end: mention.end,
            style: color(entity.kind),
        })
    });
    let mut marks: Vec<StyledSpan> = marks.collect();
    marks.sort_by_key(|mark| mark.start);
    marks
}

/// Makes a part of an article that starts at code point `start` printable, as [`printable`](super::printable) does, with the
/// spans of `marks` in their styles. `marks` are in the order of the text; of those that are not all in this part, its share
/// has the style.
pub fn marked(piece: &str, start: usize, marks: &[StyledSpan]) -> String {
    let end = start + piece.chars().count();
    let first = marks.partition_point(|mark| mark.end <= start);
    let mut inside = marks[first..].iter().take_while(|mark| mark.start < end).peekable();
    // What is visible is at the same bytes in both.
    let line = unfolded(piece);
    let mut shown = String::with_capacity(piece.len() + 32);
    let mut open: Option<&StyledSpan> = None;
    let mut gap = false;
    for (at, (byte, c)) in (start..).zip(piece.char_indices()) {
        if let Some(mark) = open.take_if(|mark| mark.end <= at) {
            shown.push_str(&mark.style.render_reset().to_string());
        }
        let is_fold = line.get(byte..).is_none_or(|rest| !rest.starts_with(c));
        let is_blank = if is_fold { line.as_bytes()[byte] == b' ' } else { c.is_whitespace() };
        if is_blank {
            gap = !shown.is_empty();
        }
        if is_blank || is_fold || is_unprintable(c) {
            continue;
        }
        if std::mem::take(&mut gap) {
            shown.push(' ');
        }
        while inside.next_if(|mark| mark.end <= at).is_some() {}
        if open.is_none()
            && let Some(mark) = inside.next_if(|mark| mark.start <= at)
        {
            shown.push_str(&mark.style.render().to_string());
            open = Some(mark);
        }
        shown.push(c);
    }
    if let Some(mark) = open {
        shown.push_str(&mark.style.render_reset().to_string());
    }
    shown
}

/// A text in a style.
pub fn styled(style: Style, text: &str) -> String {
    format!("{}{text}{}", style.render(), style.render_reset())
}

/// The colour of a type of entity.
pub fn color(kind: EntityType) -> Style {
    let color = match kind {
        EntityType::Per => AnsiColor::Magenta,
        EntityType::Org => AnsiColor::Blue,
        EntityType::Loc => AnsiColor::Green,
        EntityType::Misc => AnsiColor::Cyan,
    };
    color.on_default()
}

/// The colour of a label of stance.
pub fn tone(label: Label) -> Style {
    match label {
        Label::Favor => AnsiColor::Green.on_default(),
        Label::Against => AnsiColor::Red.on_default(),
        Label::Neutral | Label::Absent => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_in_code_points_and_control_characters_are_removed() {
        let mark = StyledSpan { start: 12, end: 16, style: Style::new().bold() };
        let shown = marked("é Mali\u{1b}[0m!", 10, &[mark]);
        assert_eq!(shown, "é \u{1b}[1mMali\u{1b}[0m[0m!");
    }

    #[test]
    fn a_sentence_over_several_lines_is_shown_on_one() {
        let mark = |start, end| StyledSpan { start, end, style: Style::new().bold() };
        let text = "The Euro-\r\npean Union met Ada \r\n> Lovelace.\r\n";
        let shown = "The European Union met \u{1b}[1mAda Lovelace\u{1b}[0m.";
        assert_eq!(marked(text, 0, &[mark(26, 42)]), shown);
        // The whole text is shown line by line.
        assert_eq!(marked("met Ada\n", 22, &[mark(26, 42)]), "met \u{1b}[1mAda\u{1b}[0m");
        assert_eq!(marked("Lovelace.", 34, &[mark(26, 42)]), "\u{1b}[1mLovelace\u{1b}[0m.");
    }
}
