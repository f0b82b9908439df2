//! Parses XML to a tree of limited size, from which the formats of news agencies are read.
//!
//! External entities are not fetched, and entities that a document declares (`<!ENTITY …>`) are not expanded, so that the
//! text of a small file stays small.

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesStart, Event};

use super::lines;

/// Most elements inside each other. Files of agencies have a dozen.
const DEEPEST: usize = 200;
/// Most elements of a file. Each takes some hundred bytes of memory, and may take only four bytes of the file.
const MOST: usize = 500_000;

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// What is inside it, in order.
    pub content: Vec<Node>,
}

/// A part of an element's content.
#[derive(Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, with references replaced.
    Text(String),
}

impl Element {
    /// The tree of a document: an element without a name, whose content is the document.
    ///
    /// # Errors
    /// When it is not well-formed, or has too many elements, or too many inside each other.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        // "AT&T" is not well-formed, but it is frequent and harmless.
        config.allow_dangling_amp = true;
        let mut open = vec![Self::default()];
        let mut count = 0;
        loop {
            let at = reader.buffer_position();
            let event = reader
                .read_event()
                .map_err(|error| format!("is not well-formed XML at byte {at}: {error}"))?;
            let inside = open.last_mut().expect("the outermost element is never closed");
            match event {
                Event::Start(start) => {
                    count += 1;
                    if open.len() > DEEPEST || count > MOST {
                        return Err(format!(
                            "has more than {MOST} elements, or {DEEPEST} inside each other, which no article has"
                        ));
                    }
                    open.push(Self::of(&start));
                }
                Event::Empty(start) => {
                    count += 1;
                    if count > MOST {
                        return Err(format!("has more than {MOST} elements, which no article has"));
                    }
                    inside.content.push(Node::Element(Self::of(&start)));
                }
                Event::End(_) => {
                    let element = open.pop().expect("the reader knows that it was opened");
                    let Some(outer) = open.last_mut() else {
                        return Err(format!("closes at byte {at} what was not open"));
                    };
                    outer.content.push(Node::Element(element));
                }
                Event::Text(text) => inside.add(&text),
                Event::CData(text) => inside.add(&text),
                Event::GeneralRef(reference) => match resolved(&reference) {
                    Some(text) => inside.add(&text),
                    None => inside.add(&format!("&{};", &*reference)),
                },
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        if let [_, .., unclosed] = open.as_slice() {
            return Err(format!("breaks off: its element <{}> is never closed", unclosed.name));
        }
        Ok(open.pop().expect("the outermost element is never closed"))
    }

    fn of(start: &BytesStart) -> Self {
        let mut attributes = start.html_attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok).map(|attribute| {
            (attribute.key.local_name().into_inner().to_owned(), unescaped(&attribute.value))
        });
        Self { name: local_name(start), attributes: attributes.collect(), content: Vec::new() }
    }

    fn add(&mut self, text: &str) {
        match self.content.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.content.push(Node::Text(text.to_owned())),
        }
    }

    /// The value of an attribute, if it is not empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements directly inside.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element with a name anywhere inside, in the order of the document.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.children().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// Collects the outermost elements that have one of these names.
    pub fn outermost<'a>(&'a self, names: &[&str], found: &mut Vec<&'a Element>) {
        for child in self.children() {
            match names.contains(&child.name.as_str()) {
                true => found.push(child),
                false => child.outermost(names, found),
            }
        }
    }

    /// All text inside, with white space collapsed; `None` where there is none.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.gather(&mut text);
        Some(lines::collapsed(&text)).filter(|text| !text.is_empty())
    }

    fn gather(&self, text: &mut String) {
        for node in &self.content {
            match node {
                Node::Text(more) => text.push_str(more),
                Node::Element(element) => element.gather(text),
            }
        }
    }

    /// The text of the first element with a name anywhere inside.
    pub fn text_of(&self, name: &str) -> Option<String> {
        self.find(name)?.text()
    }

    /// The paragraphs inside, without the elements with names in `skip`.
    pub fn paragraphs(&self, skip: &[&str]) -> Vec<String> {
        let mut paragraphs = Paragraphs::default();
        self.fill(skip, &mut paragraphs);
        paragraphs.end();
        paragraphs.done
    }

    fn fill(&self, skip: &[&str], paragraphs: &mut Paragraphs) {
        for node in &self.content {
            match node {
                Node::Text(text) => paragraphs.open.push_str(text),
                Node::Element(element) if skip.contains(&element.name.as_str()) => {}
                Node::Element(element) => {
                    let block = BLOCKS.contains(&element.name.to_ascii_lowercase().as_str());
                    if block {
                        paragraphs.end();
                    }
                    element.fill(skip, paragraphs);
                    if block {
                        paragraphs.end();
                    } else if matches!(element.name.as_str(), "td" | "th") {
                        paragraphs.open.push(' ');
                    }
                }
            }
        }
    }
}

/// The name of an element without its prefix.
pub fn local_name(start: &BytesStart) -> String {
    start.local_name().into_inner().to_owned()
}

/// Elements of NITF, XHTML and ODT that begin and end a paragraph.
const BLOCKS: [&str; 27] = [
    "p",
    "h",
    "hl2",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dt",
    "dd",
    "block",
    "bq",
    "blockquote",
    "pre",
    "div",
    "section",
    "tr",
    "table",
    "br",
    "lede",
    "note",
    "body",
    "para",
];

#[derive(Default)]
struct Paragraphs {
    done: Vec<String>,
    open: String,
}

impl Paragraphs {
    fn end(&mut self) {
        let text = lines::collapsed(&std::mem::take(&mut self.open));
        if !text.is_empty() {
            self.done.push(text);
        }
    }
}

/// The text that `&name;` or `&#number;` stands for.
fn resolved(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(str::to_owned) };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    let character = char::from_u32(number.ok()?)?;
    // Control characters of the transmission, such as `&#2;` and `&#3;` around a text.
    Some(if character.is_control() { " ".into() } else { character.to_string() })
}

/// Text with its references (`&lt;`, `&#233;`) replaced by what they stand for.
pub fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest name of a reference has 31 letters.
        let end = rest.bytes().take(40).position(|byte| byte == b';');
        match end.and_then(|end| Some((resolved(&rest[1..end])?, end))) {
            Some((text, end)) => {
                plain.push_str(&text);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_that_a_document_declares_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><a>&b;&c;&lt;&#233;&eacute;&nbsp;x AT&T</a>";
        assert_eq!(Element::parse(bomb).unwrap().text().unwrap(), "&b;&c;<éé x AT&T");
    }

    #[test]
    fn size_and_depth_are_limited() {
        for text in ["<a>".repeat(300), "<a/>".repeat(MOST + 1)] {
            assert!(Element::parse(&text).unwrap_err().contains("which no article has"));
        }
        assert!(Element::parse("<a><b></a>").unwrap_err().contains("not well-formed"));
        assert!(Element::parse("<a><b>").unwrap_err().contains("<b> is never closed"));
    }

    #[test]
    fn references_in_text_are_replaced() {
        assert_eq!(unescaped("&lt;AMC> &amp;c. &#3;R&D &unknown; &"), "<AMC> &c.  R&D &unknown; &");
    }
}
