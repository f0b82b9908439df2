//! Finds the first element of XML or HTML, after what may come before it.

/// The text after white space, comments and processing instructions; `None` where one of these does not end.
pub fn after_comments(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        let end = match text {
            _ if text.starts_with("<!--") => "-->",
            _ if text.starts_with("<?") => "?>",
            _ => return Some(text),
        };
        text = text.split_once(end)?.1;
    }
}

/// The name of the first element, without its prefix; `None` where the content does not begin as XML. A document type
/// before the element is skipped.
pub fn root(start: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(start);
    let mut rest = after_comments(&start)?;
    if let Some(doctype) = rest.strip_prefix("<!DOCTYPE") {
        let declarations = doctype.find('[').filter(|at| !doctype[..*at].contains('>'));
        let behind = declarations
            .map_or(Some(doctype), |at| doctype[at..].split_once(']').map(|(_, behind)| behind))?;
        rest = after_comments(behind.split_once('>')?.1)?;
    }
    let name = rest.strip_prefix('<')?;
    let name = &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?];
    let local = name.rsplit(':').next()?;
    let is_name = local.starts_with(|c: char| c.is_alphabetic() || c == '_');
    is_name.then(|| local.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_is_found_after_comments_and_document_types() {
        let found = |start: &str| root(start.as_bytes());
        for start in [
            "<rss version=\"2.0\">",
            "\n<?xml version=\"1.0\"?>\n<!-- <a> --><rss>",
            "<?xml version=\"1.0\"?><?xml-stylesheet href='x'?><!DOCTYPE rss PUBLIC \"x\" \"y\"><x:rss/>",
            "<!DOCTYPE rss [<!ENTITY a \"b\"><!ENTITY c \"d\">]> <rss ",
        ] {
            assert_eq!(found(start).as_deref(), Some("rss"), "{start}");
        }
        for start in
            ["", "text", "< rss>", "<rss", "<!-- <rss>", "<!DOCTYPE rss [<!ENTITY", "<?xml <rss>", "<3 >"]
        {
            assert_eq!(found(start), None, "{start}");
        }
    }
}
