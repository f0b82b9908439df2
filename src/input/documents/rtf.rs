//! Reads RTF.
//!
//! No library supports the code pages of fonts, which decide what `\'92` is, so this is our own parser. RTF is groups in
//! braces, control words such as `\par`, and text. Groups that hold no text of the document (tables of fonts and styles,
//! pictures, data for other programs) are skipped.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::super::InputOptions;
use super::{Documents, dates, lines, split};
use crate::article::Article;

/// Most groups inside each other. Files of word processors have a dozen; each takes memory for its state.
const DEEPEST: usize = 1_000;

/// Groups that hold no text of the document, besides those that `\*` marks.
const NO_TEXT: &str = "fonttbl colortbl stylesheet listtable listoverridetable info pict object header headerl \
                       headerr headerf footer footerl footerr footerf footnote annotation atnid atnauthor \
                       fldinst revtbl rsidtbl generator themedata colorschememapping datastore latentstyles \
                       filetbl xe tc";

/// Whether content begins as RTF.
pub fn recognise(start: &[u8]) -> bool {
    start.trim_ascii_start().starts_with(b"{\\rtf")
}

/// The state until the end of a group.
#[derive(Clone, Copy)]
struct State {
    /// What the text is kept as.
    kept: Kept,
    /// The encoding of the font, where the font names one.
    font: Option<&'static Encoding>,
    /// How many characters for older programs follow `\u`.
    skip: usize,
    hidden: bool,
}

/// What text in a group is.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    /// Text of the document.
    Text,
    /// `\info{\title …}`
    Title,
    /// `\info{\creatim\yr2017\mo1\dy13}`
    Created,
    /// `\fonttbl`, whose fonts name their character sets.
    Fonts,
    /// `\info`, outside of its fields.
    Info,
    /// Not kept.
    No,
}

/// A document while it is parsed.
struct Rtf {
    text: String,
    title: String,
    created: [i32; 3],
    /// Bytes of text that are not decoded yet, since a character may have two.
    bytes: Vec<u8>,
    ansi: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    /// The first half of a character that takes two `\u`.
    surrogate: Option<u16>,
    /// How many characters after `\u` still have to be skipped.
    skipping: usize,
}

/// The article of a file, with `stem` as its id; or those of a download of a news database.
///
/// # Errors
/// When it is not RTF, is cut off, or has no text.
pub fn read(bytes: &[u8], stem: &str, _: &InputOptions) -> Result<Documents, String> {
    let rtf = parsed(bytes)?;
    article(&rtf, stem).map(|article| split(article, &rtf.text, stem))
}

fn parsed(bytes: &[u8]) -> Result<Rtf, String> {
    if !recognise(bytes) {
        return Err("is not RTF: it does not begin with {\\rtf".into());
    }
    let mut rtf = Rtf {
        text: String::new(),
        title: String::new(),
        created: [0; 3],
        bytes: Vec::new(),
        ansi: WINDOWS_1252,
        fonts: HashMap::new(),
        font: -1,
        surrogate: None,
        skipping: 0,
    };
    rtf.parse(bytes)?;
    Ok(rtf)
}

fn article(rtf: &Rtf, stem: &str) -> Result<Article, String> {
    let paragraphs: Vec<String> = rtf.text.lines().flat_map(lines::softly_broken).collect();
    let mut article = Article::new(stem, paragraphs.join("\n\n"));
    article.title = Some(lines::collapsed(&rtf.title)).filter(|title| !title.is_empty());
    let [year, month, day] = rtf.created;
    article.published = dates::iso(&format!("{year:04}-{month:02}-{day:02}"));
    match article.text.is_empty() {
        true => Err("has no text".into()),
        false => Ok(article),
    }
}

impl Rtf {
    fn parse(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut state = State { kept: Kept::Text, font: None, skip: 1, hidden: false };
        let mut outer: Vec<State> = Vec::new();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => {
                    self.flush(state);
                    self.skipping = 0;
                    if outer.len() >= DEEPEST {
                        return Err(format!(
                            "has more than {DEEPEST} groups inside each other, which no document has"
                        ));
                    }
                    outer.push(state);
                }
                b'}' => {
                    self.flush(state);
                    self.skipping = 0;
                    match outer.pop() {
                        Some(before) => state = before,
                        None => return Err(format!("closes a group at byte {} that was not open", at - 1)),
                    }
                    if outer.is_empty() {
                        return Ok(());
                    }
                }
                b'\\' => at = self.control(bytes, at, &mut state),
                // Line breaks in the file are not part of the text.
                b'\r' | b'\n' | 0 => {}
                _ => self.byte(byte, state),
            }
        }
        self.flush(state);
        Err("breaks off: a group is never closed".into())
    }

    /// Reads what follows a backslash, and returns where it ends.
    fn control(&mut self, bytes: &[u8], at: usize, state: &mut State) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let digits =
                        bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
                    match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                        Some(byte) => self.byte(byte, *state),
                        None => return at + 1,
                    }
                    return at + 3;
                }
                b'*' => {
                    // The group is data for programs that know it.
                    if state.kept == Kept::Text {
                        state.kept = Kept::No;
                    }
                }
                b'~' => self.push('\u{a0}', *state),
                b'_' => self.push('\u{2011}', *state),
                // An optional hyphen.
                b'-' => {}
                b'\r' | b'\n' => self.push('\n', *state),
                _ => self.byte(first, *state),
            }
            return at + 1;
        }
        let letters = bytes[at..].iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = std::str::from_utf8(&bytes[at..at + letters]).unwrap_or_default();
        let mut end = at + letters;
        let minus = usize::from(bytes.get(end) == Some(&b'-'));
        let digits = bytes[end + minus..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = if digits > 0 {
            let number = std::str::from_utf8(&bytes[end..end + minus + digits])
                .ok()
                .and_then(|number| number.parse().ok());
            end += minus + digits;
            number
        } else {
            None
        };
        if bytes.get(end) == Some(&b' ') {
            end += 1;
        }
        if name == "bin" {
            return end.saturating_add(number.unwrap_or(0).max(0) as usize).min(bytes.len());
        }
        self.word(name, number, state);
        end
    }

    fn word(&mut self, name: &str, number: Option<i32>, state: &mut State) {
        let flag = number != Some(0);
        match name {
            "line" => self.push(lines::SOFT_BREAK, *state),
            "par" | "row" | "sect" | "page" | "column" => self.push('\n', *state),
            "tab" | "cell" | "nestcell" => self.push('\t', *state),
            "emspace" | "enspace" => self.push(' ', *state),
            "emdash" => self.push('—', *state),
            "endash" => self.push('–', *state),
            "bullet" => self.push('•', *state),
            "lquote" => self.push('‘', *state),
            "rquote" => self.push('’', *state),
            "ldblquote" => self.push('“', *state),
            "rdblquote" => self.push('”', *state),
            "u" => self.unicode(number.unwrap_or(0), *state),
            "uc" => state.skip = number.unwrap_or(1).clamp(0, 100) as usize,
            // Text that was deleted while changes were tracked is still in the file.
            "v" | "deleted" => state.hidden = flag,
            "plain" => (state.hidden, state.font) = (false, None),
            "ansicpg" => self.ansi = number.and_then(code_page).unwrap_or(self.ansi),
            "mac" => self.ansi = encoding_rs::MACINTOSH,
            "f" => {
                self.flush(*state);
                self.font = number.unwrap_or(0);
                state.font = self.fonts.get(&self.font).copied();
            }
            "fcharset" | "cpg" if state.kept == Kept::Fonts => {
                let number = number.unwrap_or(0);
                let encoding = if name == "cpg" { code_page(number) } else { character_set(number) };
                if let Some(encoding) = encoding {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "title" if state.kept == Kept::Info => state.kept = Kept::Title,
            "creatim" if state.kept == Kept::Info => state.kept = Kept::Created,
            "yr" if state.kept == Kept::Created => self.created[0] = number.unwrap_or(0),
            "mo" if state.kept == Kept::Created => self.created[1] = number.unwrap_or(0),
            "dy" if state.kept == Kept::Created => self.created[2] = number.unwrap_or(0),
            "info" => state.kept = Kept::Info,
            "fonttbl" => state.kept = Kept::Fonts,
            // The text of a shape is text, although the shape is marked with `\*`.
            "shptxt" => state.kept = Kept::Text,
            _ if NO_TEXT.split(' ').any(|other| other == name) => state.kept = Kept::No,
            // Any other destination of \info, such as its author.
            _ if state.kept == Kept::Info => state.kept = Kept::No,
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32, state: State) {
        self.flush(state);
        // Written as a signed number of 16 bits.
        let unit = (number & 0xffff) as u16;
        match (self.surrogate.take(), unit) {
            (_, 0xd800..=0xdbff) => self.surrogate = Some(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                let character = char::decode_utf16([high, unit]).next().and_then(Result::ok);
                self.push(character.unwrap_or('\u{fffd}'), state);
            }
            _ => {
                let character = char::from_u32(unit.into()).unwrap_or('\u{fffd}');
                // Symbol fonts use code points without a character.
                let symbol = ('\u{f000}'..='\u{f0ff}').contains(&character);
                self.push(if symbol { '•' } else { character }, state);
            }
        }
        self.skipping = state.skip;
    }

    fn byte(&mut self, byte: u8, state: State) {
        if self.skipping > 0 {
            self.skipping -= 1;
        } else if matches!(state.kept, Kept::Text | Kept::Title) {
            self.bytes.push(byte);
        }
    }

    fn push(&mut self, character: char, state: State) {
        self.flush(state);
        self.skipping = 0;
        match state.kept {
            Kept::Text if !state.hidden => self.text.push(character),
            Kept::Title => self.title.push(character),
            _ => {}
        }
    }

    fn flush(&mut self, state: State) {
        if self.bytes.is_empty() {
            return;
        }
        let (text, _) = state.font.unwrap_or(self.ansi).decode_without_bom_handling(&self.bytes);
        match state.kept {
            Kept::Text if !state.hidden => self.text.push_str(&text),
            Kept::Title => self.title.push_str(&text),
            _ => {}
        }
        self.bytes.clear();
    }
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        866 => "ibm866".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        65001 => "utf-8".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of `\fcharset`.
fn character_set(number: i32) -> Option<&'static Encoding> {
    code_page(match number {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(bytes: &[u8], stem: &str) -> Result<Article, String> {
        super::article(&parsed(bytes)?, stem)
    }

    fn text(rtf: &str) -> String {
        article(rtf.as_bytes(), "a").unwrap().text
    }

    #[test]
    fn code_pages_and_code_points_are_decoded() {
        let rtf = r"{\rtf1\ansi\ansicpg1252{\fonttbl\f0 Arial;}\f0\fs24 Emmanuel Macron met Angela Merkel in Berlin on Monday.\par They agreed that France\'92s army would leave Mali.\par}";
        assert_eq!(
            text(rtf),
            "Emmanuel Macron met Angela Merkel in Berlin on Monday.\n\nThey agreed that France’s army would leave Mali."
        );
        assert_eq!(text(r"{\rtf1\ansi\ansicpg1251 \'cc\'ee\'f1\'ea\'e2\'e0}"), "Москва");
        assert_eq!(
            text(
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Gothic;}}\f0 caf\'e9 {\f1\'cc\'ee} \f2\'93\'fa}"
            ),
            "café Мо 日"
        );
        assert_eq!(
            text(
                r"{\rtf1\uc1 Erdo\u287?an, \u8364\'80 \u-10179?\u-8704? {\uc2\u233 ab}x \emdash  \ldblquote y\rdblquote}"
            ),
            "Erdoğan, € 😀 éx — “y”"
        );
    }

    #[test]
    fn groups_without_text_are_skipped() {
        let rtf = r"{\rtf1\ansi{\stylesheet{\s0 Normal;}}{\info{\title Harbour \'96 strike}{\author Jane Roe}{\creatim\yr2017\mo1\dy13\hr10}}{\*\generator Word;}{\header Page 1}{\pict\bin4 ab{}}{\field{\*\fldinst HYPERLINK x}{\fldrslt The link}} and \{braces\}\~here{\v hidden}{\deleted\revauthdel1 gone}.\
Next{\*\unknown no}\line line}";
        let article = article(rtf.as_bytes(), "a").unwrap();
        assert_eq!(article.title.as_deref(), Some("Harbour – strike"));
        assert_eq!(article.published.as_deref(), Some("2017-01-13"));
        assert_eq!(article.text, "The link and {braces} here.\n\nNext line");
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(article(b"text", "a").unwrap_err().contains("not RTF"));
        assert!(article(br"{\rtf1 text", "a").unwrap_err().contains("breaks off"));
        assert!(article(br"{\rtf1 }", "a").unwrap_err().contains("no text"));
        assert!(article("{\\rtf1 ".repeat(2_000).as_bytes(), "a").unwrap_err().contains("inside each other"));
        assert!(article(br"{\rtf1 \bin1000000000 x}", "a").is_err());
    }
}
