//! Joins characters at positions on a page to lines, and lines to paragraphs.
//!
//! Characters are in the order in which the page draws them, which in nearly all files is the order of reading, column by
//! column. A line ends where the next character is lower, higher or further left. A paragraph ends where the first word of
//! the next line would have fitted, where that line is indented, set in another size or further down than lines are apart.

use std::collections::HashSet;

use hayro_interpret::kurbo::Point;

use super::super::lines::collapsed;
use super::super::pages::{is_number, repeated, shape};

/// The text of a glyph, and where it is on the page. `y` grows downwards; lengths are in points.
#[derive(Debug, Clone)]
pub struct Character {
    /// One character, or several for a ligature.
    pub text: String,
    /// Its left end on the baseline.
    pub from: Point,
    /// Its right end on the baseline.
    pub to: Point,
    /// The size of the font.
    pub size: f64,
}

/// A line of a page.
#[derive(Debug, Clone)]
pub struct PageLine {
    text: String,
    left: f64,
    right: f64,
    y: f64,
    size: f64,
}

/// The lines of a page.
pub fn lines(characters: Vec<Character>) -> Vec<PageLine> {
    let mut lines: Vec<PageLine> = Vec::new();
    let mut before: Option<Character> = None;
    for character in characters {
        if character.text.chars().all(char::is_control) {
            continue;
        }
        // Some programs make bold by drawing a character twice, hardly apart.
        let twice = before.as_ref().is_some_and(|before| {
            before.text == character.text && (before.from - character.from).hypot() < 0.08 * character.size
        });
        if twice {
            continue;
        }
        let size = character.size.max(1.0);
        let goes_on = before.as_ref().filter(|before| {
            let (across, down) = (character.from.x - before.to.x, (character.from.y - before.from.y).abs());
            // Numbers of footnotes are a little higher, and characters of justified text may be far apart.
            down < 0.45 * size.max(before.size) && across > -0.6 * size && across < 20.0 * size
        });
        let text = plain(&character.text);
        match (goes_on, lines.last_mut()) {
            (Some(before), Some(line)) => {
                let apart = character.from.x - before.to.x > 0.17 * size;
                if apart && !line.text.ends_with(' ') && !text.starts_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(&text);
                line.right = line.right.max(character.to.x);
                line.size = line.size.max(size);
            }
            _ => lines.push(PageLine {
                text,
                left: character.from.x,
                right: character.to.x,
                y: character.from.y,
                size,
            }),
        }
        before = Some(character);
    }
    for line in &mut lines {
        line.text = collapsed(&line.text);
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// Ligatures as letters.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'ﬀ' => plain.push_str("ff"),
            'ﬁ' => plain.push_str("fi"),
            'ﬂ' => plain.push_str("fl"),
            'ﬃ' => plain.push_str("ffi"),
            'ﬄ' => plain.push_str("ffl"),
            'ﬅ' | 'ﬆ' => plain.push_str("st"),
            '\u{a0}' => plain.push(' '),
            character if character.is_control() => plain.push(' '),
            character => plain.push(character),
        }
    }
    plain
}

/// The paragraphs of all pages, without page numbers and running heads.
pub fn paragraphs(mut pages: Vec<Vec<PageLine>>) -> Vec<String> {
    drop_edges(&mut pages);
    let whole: HashSet<String> = pages
        .iter()
        .flatten()
        .flat_map(|line| line.text.split_whitespace())
        .filter(|word| word.contains('-') && !word.ends_with('-'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let mut paragraphs: Vec<String> = Vec::new();
    let mut before: Option<&PageLine> = None;
    for page in &pages {
        let leading = leading(page);
        for (at, line) in page.iter().enumerate() {
            let right = column_right(page, at);
            let right_before =
                if at > 0 { column_right(page, at - 1) } else { before.map_or(right, |line| line.right) };
            let goes_on = before.is_some_and(|before| goes_on(before, line, leading, right_before, at == 0));
            match paragraphs.last_mut().filter(|_| goes_on) {
                Some(paragraph) => join(paragraph, &line.text, &whole),
                None => paragraphs.push(line.text.clone()),
            }
            before = Some(line);
        }
    }
    paragraphs
        .iter()
        .map(|paragraph| collapsed(&paragraph.replace('\u{ad}', "")))
        .filter(|text| !text.is_empty())
        .collect()
}

/// The usual distance of lines, in font sizes.
fn leading(page: &[PageLine]) -> f64 {
    let mut steps: Vec<f64> = page
        .windows(2)
        .map(|pair| (pair[1].y - pair[0].y) / pair[1].size)
        .filter(|step| (0.8..3.0).contains(step))
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.2)
}

/// The right end of the column of a line: that of the longest line near it with the same left end.
fn column_right(page: &[PageLine], at: usize) -> f64 {
    let line = &page[at];
    let near = page[at.saturating_sub(8)..page.len().min(at + 9)].iter();
    near.filter(|other| (other.left - line.left).abs() < 3.0 * line.size)
        .map(|other| other.right)
        .fold(line.right, f64::max)
}

fn goes_on(before: &PageLine, line: &PageLine, leading: f64, right: f64, new_page: bool) -> bool {
    let size = line.size.max(before.size);
    if (line.size - before.size).abs() > 0.15 * size {
        return false;
    }
    let ended = before.text.ends_with(['.', '!', '?', '”', '"', '’', ':', '…', ')']);
    let step = (line.y - before.y) / size;
    if new_page || step <= 0.0 {
        // The next column or page: a sentence that has not ended goes on there.
        let full = before.right > right - 2.0 * size;
        return !ended && (full || line.text.starts_with(char::is_lowercase));
    }
    if step > leading * 1.35 + 0.1 {
        return false;
    }
    if is_item(&line.text) {
        return false;
    }
    // The lines of a list item are indented more than its mark.
    let indent = line.left - before.left;
    if indent > 0.8 * size && indent < 6.0 * size && !is_item(&before.text) {
        return false;
    }
    if !ended && line.text.starts_with(char::is_lowercase) {
        return true;
    }
    let letters = line.text.chars().count().max(1) as f64;
    let first = line.text.split(' ').next().map_or(0, |word| word.chars().count()) as f64;
    let word = first * (line.right - line.left) / letters;
    before.right + 0.25 * size + word > right - 0.3 * size
}

/// Whether a line begins with the mark of a list item.
fn is_item(text: &str) -> bool {
    let mark = text.split(' ').next().unwrap_or_default();
    let number = mark
        .strip_suffix(['.', ')'])
        .is_some_and(|mark| mark.chars().all(|c| c.is_ascii_digit()) && mark.len() < 3);
    matches!(mark, "•" | "-" | "–" | "—" | "*" | "◦" | "▪" | "·" | "■" | "●") || (number && mark.len() > 1)
}

fn join(paragraph: &mut String, line: &str, whole: &HashSet<String>) {
    let begins_small = line.starts_with(char::is_lowercase);
    let hyphen = paragraph.ends_with(['-', '\u{2010}', '\u{ad}']);
    let after_letter = paragraph.chars().rev().nth(1).is_some_and(char::is_alphabetic);
    if !(hyphen && after_letter) {
        paragraph.push(' ');
    } else if paragraph.ends_with('\u{ad}') || begins_small {
        let first = paragraph.rsplit(' ').next().unwrap_or_default();
        let second = line.split(' ').next().unwrap_or_default();
        let word = format!("{first}{second}").to_lowercase();
        // A word that is also written with this hyphen inside a line keeps it.
        if !whole.contains(word.trim_matches(|c: char| !c.is_alphanumeric())) {
            paragraph.pop();
        }
    }
    paragraph.push_str(line);
}

/// Removes page numbers, and lines that are first or last on at least half of the pages; digits in them may differ.
fn drop_edges(pages: &mut [Vec<PageLine>]) {
    for _ in 0..3 {
        let outer = pages
            .iter()
            .filter(|page| page.len() > 1)
            .flat_map(|page| [(true, page[0].text.as_str()), (false, page[page.len() - 1].text.as_str())]);
        let repeated = repeated(outer, pages.len());
        let is_edge = |first: bool, line: &PageLine| {
            is_number(&line.text) || repeated.contains(&(first, shape(&line.text)))
        };
        let mut dropped = false;
        for page in pages.iter_mut() {
            if page.len() > 1 && is_edge(false, &page[page.len() - 1]) {
                page.pop();
                dropped = true;
            }
            if page.len() > 1 && is_edge(true, &page[0]) {
                page.remove(0);
                dropped = true;
            }
        }
        if !dropped {
            break;
        }
    }
}
