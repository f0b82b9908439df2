//! Takes page numbers and running heads out of plain text that was made from pages, as `pdftotext` and viewers of PDF give
//! it.
//!
//! A page ends at a form feed. Where a text has none, lines with numbers that count up tell where its pages end. What is
//! taken out becomes white space of the same length, so that positions in the file stay valid.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::article::ends_like_a_sentence;

/// Longest running head, in bytes.
const LONGEST_HEAD: usize = 120;
/// Longest line with a page number, in bytes: "Page 118 of 124".
const LONGEST_NUMBER: usize = 24;
/// Least bytes between the numbers of two pages. Numbers that are nearer to each other are those of a list or a table.
const SHORTEST_PAGE: usize = 600;
/// Lines of more bytes are not folded.
const WIDEST: usize = 130;

/// A line that is not blank.
struct PageLine<'a> {
    /// Its text, without white space around it.
    text: &'a str,
    /// Where that begins.
    start: usize,
    /// The number of its page, from 0.
    page: usize,
    /// Whether a blank line or an end of the text is on either side of it.
    is_apart: bool,
    /// Whether it is a page number or a running head.
    is_edge: bool,
}

impl PageLine<'_> {
    fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Whether a line is only the number of a page: "3", "- 3 -", "Page 3 of 7", "3/7".
pub fn is_number(line: &str) -> bool {
    let line = line.to_lowercase();
    let line = line.strip_prefix("page").unwrap_or(&line);
    let rest = line.replace("of", "");
    line.contains(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || " -–—/|".contains(c))
}

/// A line with a sign for each digit: the same for running heads that differ in the number of the page.
pub fn shape(line: &str) -> String {
    line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// The [shapes](shape) of lines that are first (`true`) or last (`false`) on at least half of the pages, and on two of them. `ends` are
/// these lines of each page, and `pages` is the number of all pages.
pub fn repeated<'a>(ends: impl Iterator<Item = (bool, &'a str)>, pages: usize) -> HashSet<(bool, String)> {
    let mut counts: HashMap<(bool, String), usize> = HashMap::new();
    for (is_first, line) in ends {
        *counts.entry((is_first, shape(line))).or_default() += 1;
    }
    counts.retain(|_, times| *times > 1 && *times * 2 >= pages);
    counts.into_keys().collect()
}

/// The text without its page numbers and running heads. A sentence that goes on in the next page is one again.
pub fn without_edges(text: &str) -> Cow<'_, str> {
    let has_breaks = text.contains('\u{c}');
    let mut lines = lines(text);
    if !has_breaks {
        find_numbers(&mut lines);
        if !lines.iter().any(|line| line.is_edge) {
            return Cow::Borrowed(text);
        }
    }
    find_edges(&mut lines, has_breaks);
    Cow::Owned(blanked(text, &lines))
}

/// The lines of a text that are not blank.
fn lines(text: &str) -> Vec<PageLine<'_>> {
    let (mut found, mut at, mut page) = (Vec::<PageLine>::new(), 0, 0);
    let mut after_blank = true;
    for line in text.split_inclusive(['\n', '\u{c}']) {
        let bare = line.trim();
        if bare.is_empty() {
            if let Some(before) = found.last_mut() {
                before.is_apart = true;
            }
        } else {
            let start = at + line.len() - line.trim_start().len();
            found.push(PageLine { text: bare, start, page, is_apart: after_blank, is_edge: false });
        }
        after_blank = bare.is_empty();
        page += usize::from(line.ends_with('\u{c}'));
        at += line.len();
    }
    if let Some(last) = found.last_mut() {
        last.is_apart = true;
    }
    found
}

/// Finds page numbers by their counting up, and numbers the pages that they end.
fn find_numbers(lines: &mut [PageLine]) {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?P<label>page\s*)?[-–—|\s]*(?P<number>\d{1,3})(?:\s*(?:of|/)\s*(?P<of>\d{1,3}))?[-–—|\s]*$")
            .expect("a valid pattern")
    });
    // For each form of numbers those that count up so far: their lines, and the last number.
    let mut counted: HashMap<(bool, Option<u32>), (Vec<usize>, u32)> = HashMap::new();
    for (at, line) in lines.iter_mut().enumerate() {
        let is_possible = line.is_apart && line.text.len() <= LONGEST_NUMBER;
        let Some(found) = is_possible.then(|| NUMBER.captures(line.text)).flatten() else { continue };
        let value = |name: &str| found.name(name).and_then(|number| number.as_str().parse::<u32>().ok());
        let (Some(number), of, has_label) = (value("number"), value("of"), found.name("label").is_some())
        else {
            continue;
        };
        // "Page 3 of 7" is nothing else.
        line.is_edge = has_label && of.is_some_and(|of| (1..=of).contains(&number));
        let (before, last) = counted.entry((has_label, of)).or_insert((Vec::new(), number));
        match before.last() {
            None => before.push(at),
            Some(_) if number == *last + 1 => before.push(at),
            // The first number was that of something else.
            Some(_) if before.len() == 1 => *before = vec![at],
            Some(_) => continue,
        }
        *last = number;
    }
    for (numbers, _) in counted.into_values() {
        let is_page = |pair: &[usize]| lines[pair[1]].start - lines[pair[0]].start >= SHORTEST_PAGE;
        if numbers.len() > 1 && numbers.windows(2).all(is_page) {
            numbers.iter().for_each(|at| lines[*at].is_edge = true);
        }
    }
    let mut page = 0;
    for line in lines {
        line.page = page;
        page += usize::from(line.is_edge);
    }
}

/// Finds lines that are first or last on at least half of the pages, digits in them apart; and, where form feeds tell the
/// pages, numbers that are first or last.
fn find_edges(lines: &mut [PageLine], has_breaks: bool) {
    let mut pages: Vec<&mut [PageLine]> = lines.chunk_by_mut(|a, b| a.page == b.page).collect();
    for _ in 0..3 {
        let outer = pages.iter().filter_map(|page| {
            let (first, last) = ends(page)?;
            Some([(true, page[first].text), (false, page[last].text)])
        });
        let short = outer.flatten().filter(|(_, line)| line.len() <= LONGEST_HEAD);
        let repeated = repeated(short, pages.len());
        let is_edge = |is_first: bool, line: &PageLine| {
            line.text.len() <= LONGEST_HEAD
                && ((has_breaks && is_number(line.text)) || repeated.contains(&(is_first, shape(line.text))))
        };
        let mut dropped = false;
        for page in &mut pages {
            let Some((first, last)) = ends(page) else { continue };
            for (is_first, at) in [(false, last), (true, first)] {
                if is_edge(is_first, &page[at]) {
                    page[at].is_edge = true;
                    dropped = true;
                }
            }
        }
        if !dropped {
            break;
        }
    }
}

/// Of what is left of a page, the first line and the last one, if these are two.
fn ends(page: &[PageLine]) -> Option<(usize, usize)> {
    let first = page.iter().position(|line| !line.is_edge)?;
    let last = page.iter().rposition(|line| !line.is_edge)?;
    (first < last).then_some((first, last))
}

/// The text with white space for what is taken out, and with a line break for each form feed.
fn blanked(text: &str, lines: &[PageLine]) -> String {
    let kept: Vec<&PageLine> = lines.iter().filter(|line| !line.is_edge).collect();
    let joined: Vec<(Range<usize>, char)> = kept
        .windows(2)
        .filter_map(|pair| Some((pair[0].range().end..pair[1].start, fold(pair[0], pair[1])?)))
        .collect();
    let edges = lines.iter().filter(|line| line.is_edge).map(|line| (line.range(), None));
    let is_inside = |edge: &Range<usize>| {
        let next = joined.partition_point(|(range, _)| range.end <= edge.start);
        joined.get(next).is_some_and(|(range, _)| range.start <= edge.start)
    };
    let mut changes: Vec<(Range<usize>, Option<char>)> = edges.filter(|(edge, _)| !is_inside(edge)).collect();
    changes.extend(joined.iter().map(|(range, fold)| (range.clone(), Some(*fold))));
    changes.sort_by_key(|(range, _)| range.start);
    let (mut made, mut at) = (String::with_capacity(text.len()), 0);
    for (range, fold) in changes {
        made.push_str(&text[at..range.start].replace('\u{c}', "\n"));
        let length = text[range.clone()].chars().count();
        made.extend(std::iter::repeat_n(' ', length - usize::from(fold.is_some())));
        made.extend(fold);
        at = range.end;
    }
    made.push_str(&text[at..].replace('\u{c}', "\n"));
    made
}

/// What stands between two lines of different pages between which a sentence goes on: a line break where lines are folded,
/// else a blank. `None` where no sentence goes on.
fn fold(line: &PageLine, next: &PageLine) -> Option<char> {
    let goes_on = next.text.starts_with(char::is_lowercase) || line.text.ends_with([',', '-']);
    let is_folded = line.text.len().max(next.text.len()) <= WIDEST;
    let is_broken = line.page != next.page && goes_on && !ends_like_a_sentence(line.text);
    is_broken.then_some(if is_folded { '\n' } else { ' ' })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that are left, without white space around them.
    #[track_caller]
    fn left(text: &str) -> Vec<String> {
        let made = without_edges(text);
        assert_eq!(made.chars().count(), text.chars().count(), "{made}");
        let at = |text: &str, word: &str| text.find(word).map(|at| text[..at].chars().count());
        for word in ["Dockers", "send", "It rained"] {
            assert_eq!(at(&made, word), at(text, word), "{made}");
        }
        made.split(['\n', '\u{c}'])
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    const WANTED: [&str; 4] =
        ["Dockers said that the government would", "send its soldiers home.", "It rained.", "The end."];

    #[test]
    fn numbers_and_heads_of_pages_with_form_feeds_go() {
        let middle = [WANTED[1], WANTED[2]].join("\n\n");
        for (number, head) in [
            ("#", "The Example Times"),
            ("- # -", "The Example Times, page #"),
            ("Page # of 3", "13/1/2017"),
            ("#/3", "é – Strike"),
            ("#\n\nPrinted for Jane Roe", "Times"),
        ] {
            let pages = [(1, WANTED[0]), (2, middle.as_str()), (3, WANTED[3])].map(|(page, body)| {
                let numbered = |line: &str| line.replace('#', &page.to_string());
                format!("{}\n\n{body}\n\n{}\n\n\u{c}", numbered(head), numbered(number))
            });
            assert_eq!(left(&pages.concat()), WANTED, "{number} {head}");
        }
        let made = without_edges("Dockers said that it would\n\n1\n\n\u{c}send its soldiers home.\n\u{c}");
        assert!(made.starts_with("Dockers said that it would     \nsend its"), "{made:?}");
    }

    #[test]
    fn numbers_that_count_up_tell_the_pages_where_there_is_no_form_feed() {
        let filler = "The minister said on Monday that the port would be open again. ".repeat(12);
        let text = |numbers: [&str; 2]| {
            format!(
                "{filler}\n\nDockers said that the government would\n\n{}\n\nsend its soldiers home.\n\n{filler}\n\n{}\n\nThe end.",
                numbers[0], numbers[1]
            )
        };
        for numbers in [
            ["7", "8"],
            ["- 7 -", "- 8 -"],
            ["7/9", "8/9"],
            ["Page 7", "Page 8"],
            ["Page 1 of 9", "Page 3 of 9"],
        ] {
            let (left, filler) = (left(&text(numbers)), filler.trim());
            assert_eq!(left, [filler, WANTED[0], WANTED[1], filler, WANTED[3]], "{numbers:?}");
        }
        // Years, results, and the numbers of a list are no numbers of pages.
        for numbers in [["2016", "2017"], ["7", "9"], ["3/7", "4/8"], ["Page 7", "8"]] {
            assert_eq!(without_edges(&text(numbers)), text(numbers), "{numbers:?}");
        }
        for text in
            ["1\n\nMali\n\n2\n\nNiger\n\n3\n\nChad", "It ended.\n\n3\n\nThey left.", "Page 3 was torn out."]
        {
            assert_eq!(without_edges(text), text);
        }
    }

    #[test]
    fn a_text_of_one_page_keeps_its_lines() {
        assert_eq!(without_edges("Strike ends\n\nDockers left.\n\u{c}"), "Strike ends\n\nDockers left.\n\n");
        assert_eq!(without_edges("7\u{c}"), "7\n");
        assert_eq!(left("Dockers left.\u{c}It rained."), ["Dockers left.", "It rained."]);
    }
}
