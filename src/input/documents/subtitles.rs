//! Reads subtitles (SubRip and WebVTT): the text that is spoken, without the times at which it is shown.
//!
//! A *cue* is the text that is shown at one time. A sentence may go on in the next cue, and a cue of captions that roll
//! shows the last line of the one before it again.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::tree;
use crate::article::{Article, collapsed, ends_like_a_sentence};

/// What WebVTT begins with.
const WEBVTT: &str = "WEBVTT";
/// A paragraph with so many bytes ends where a sentence ends with a cue.
const LONG: usize = 400;
/// A paragraph with so many bytes ends with any cue: captions that a program made may have no full stops.
const TOO_LONG: usize = 4 * LONG;
/// Most lines at the beginning of a file among which the first times are searched.
const FIRST_LINES: usize = 3;

/// The warning for captions without full stops.
const NO_SENTENCES: &str = "the subtitles have no full stops, so it is not certain where sentences end";
/// Least cues of a file that is checked for full stops.
const MANY: usize = 8;

/// The times of a cue: "00:00:01,000 --> 00:00:04,200".
static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3}(?:\s|$)")
        .expect("a valid pattern")
});

/// Whether content begins as subtitles do: with the mark of WebVTT, or with the number and the times of a cue.
pub fn recognise(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    if is_webvtt(&start) {
        return true;
    }
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty()).take(FIRST_LINES);
    lines.find(|line| !is_number(line)).is_some_and(|line| TIMES.is_match(line))
}

fn is_webvtt(text: &str) -> bool {
    text.strip_prefix(WEBVTT).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// The article of a file, with `stem` as its id.
///
/// # Errors
/// When there is no cue with text, or the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    let text = decode::decode(bytes, options.encoding)?;
    let cues = cues(&text);
    let spoken = paragraphs(&cues).join("\n\n");
    if spoken.is_empty() {
        return Err("has no text between the times of its subtitles".into());
    }
    let mut article = Article::new(stem, spoken);
    if cues.len() >= MANY && !article.text.contains(['.', '!', '?', '…']) {
        article.warnings.push(NO_SENTENCES.to_owned());
    }
    Ok(vec![article])
}

/// The lines of each cue.
fn cues(text: &str) -> Vec<Vec<String>> {
    let is_webvtt = is_webvtt(text);
    let (mut cues, mut speaker) = (Vec::<Vec<String>>::new(), String::new());
    // Behind an empty line WebVTT has names of cues and notes. SubRip may have an empty line inside a cue.
    let mut open = false;
    for whole in text.lines() {
        let line = whole.trim();
        if TIMES.is_match(line) {
            // The number of a cue stands above its times.
            if let Some(before) = cues.last_mut()
                && before.last().is_some_and(|last| is_number(last))
            {
                before.pop();
            }
            cues.push(Vec::new());
            open = true;
        } else if whole.is_empty() {
            open &= !is_webvtt;
        } else if let Some(cue) = cues.last_mut()
            && open
            && !line.is_empty()
        {
            cue.push(shown(line, &mut speaker));
        }
    }
    cues
}

/// A line as it is shown: without tags, and with the name of another speaker than `speaker` before what is said.
fn shown(line: &str, speaker: &mut String) -> String {
    static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:- ?)?<v(?:\.[^\s<>]*)?\s+([^<>]{1,80})>").expect("a valid pattern")
    });
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"</?(?:i|b|u|s|c|v|lang|ruby|rt|font)(?:[\s.][^<>]*)?>|<(?:\d+:)?\d+:\d\d[.,]\d+>|\{\\[^{}]*\}",
        )
        .expect("a valid pattern")
    });
    static SOUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[-\s]*(?:\[[^\[\]]{0,60}\]|\([^()]{0,60}\)|[♪♫\s]+)$").expect("a valid pattern")
    });
    let another = SPEAKER.captures(line).filter(|found| found[1] != *speaker);
    let said = collapsed(&tree::unescaped(&TAG.replace_all(line, ""))).replace(['♪', '♫'], "");
    if SOUND.is_match(&said) {
        return String::new();
    }
    match another {
        Some(found) => {
            *speaker = found[1].to_owned();
            format!("- {}: {}", found[1].trim(), said.trim_start_matches('-').trim())
        }
        None => said.trim().to_owned(),
    }
}

/// What is spoken, as paragraphs. Another speaker begins a new one.
fn paragraphs(cues: &[Vec<String>]) -> Vec<String> {
    let is_end = |text: &String| (text.len() >= LONG && ends_like_a_sentence(text)) || text.len() >= TOO_LONG;
    let mut paragraphs: Vec<String> = Vec::new();
    let mut before = "";
    for cue in cues {
        let mut ends = paragraphs.last().is_none_or(is_end);
        for (at, line) in cue.iter().enumerate() {
            let rolls = at == 0 && line == before && line.contains(' ');
            if rolls || line.is_empty() {
                continue;
            }
            let said = other_speaker(line);
            match paragraphs.last_mut().filter(|_| !ends && said.is_none()) {
                Some(paragraph) => {
                    paragraph.push(' ');
                    paragraph.push_str(line);
                }
                None => paragraphs.push(said.unwrap_or(line).to_owned()),
            }
            ends = false;
        }
        before = cue.last().map_or("", String::as_str);
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// What another speaker says, behind the dash or the double arrow that stands before it; `None` where none does. "-5" is a
/// number, and two dashes stand where a sentence goes on.
fn other_speaker(line: &str) -> Option<&str> {
    let said = ["–", "-", ">>"].iter().find_map(|mark| line.strip_prefix(mark))?;
    let is_speech = !said.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–'));
    is_speech.then_some(said.trim_start_matches(['>', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Article {
        assert!(recognise(text.as_bytes()), "{text}");
        read(text.as_bytes(), "a", &InputOptions::default()).unwrap().remove(0)
    }

    #[test]
    fn subtitles_give_what_is_spoken() {
        let text = "1\r\n00:00:01,000 --> 00:00:04,200\r\nGood evening. The French president\r\nhas arrived in\r\n\r\n2\r\n\
                    00:00:04,300 --> 00:00:08,000 X1:40\r\n{\\an8}<i>Athens &amp; will meet</i> <font color=\"red\">him.</font>\r\n\r\n\
                    3\r\n00:00:08,500 --> 00:00:12,000\r\n- Will they talk?\r\n- They said so.\r\n\r\n\
                    4\r\n00:00:13,000 --> 00:00:14,000\r\n[Applause]\r\n\r\n5\r\n00:01:00,000 --> 00:01:02,000\r\n42 went.\r\n";
        let article = one(text);
        assert_eq!(
            article.text,
            "Good evening. The French president has arrived in Athens & will meet him.\n\nWill they talk?\n\nThey said so. 42 went."
        );
        assert!(article.warnings.is_empty());
        assert_eq!(one("\n00:01.000 --> 00:02.000\nIt rained.").text, "It rained.");
    }

    #[test]
    fn captions_that_roll_are_read_once() {
        let text = "WEBVTT\nKind: captions\n\nNOTE\nMade by a program.\n\nfirst\n00:00.000 --> 00:03.000 align:start position:0%\n \n\
                    the president<00:01.000><c> arrived in</c>\n\n00:03.000 --> 00:03.010\nthe president arrived in\n \n\n\
                    00:03.010 --> 00:06.000\nthe president arrived in\nathens<00:04.000><c.colorE5E5E5> on monday</c>\n\n\
                    00:07.000 --> 00:08.000\n<v Ann Lee>We are in</v>\n\n00:08.000 --> 00:09.000\n<v Ann Lee>New York.</v>\n";
        assert_eq!(
            one(text).text,
            "the president arrived in athens on monday\n\nAnn Lee: We are in New York."
        );
        let cue = |n: usize| format!("00:0{n}.000 --> 00:0{n}.900\nword number {n}\n\n");
        let text = format!("WEBVTT\n\n{}", (0..9).map(cue).collect::<String>());
        assert_eq!(one(&text).warnings, [NO_SENTENCES]);
    }

    #[test]
    fn other_text_is_no_subtitles() {
        for text in [
            "1\n2\n3\n00:00:01,000 --> 00:00:04,200\nText.",
            "WEBVTTs are files.",
            "At 10:30 it rained --> so it was.",
            "1\nDockers went back.\n00:00:01,000 --> 00:00:04,200",
        ] {
            assert!(!recognise(text.as_bytes()), "{text}");
        }
        let empty = read(b"1\n00:00:01,000 --> 00:00:04,200\n\n", "a", &InputOptions::default());
        assert!(empty.unwrap_err().contains("no text between the times"));
    }
}
