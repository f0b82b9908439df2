//! The beginning of XML and HTML: what comes before the first element, and which that is.

/// What stands behind white space, comments and processing instructions; nothing where one of these does not end.
pub fn behind_comments(mut text: &str) -> Option<&str> {
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

/// The name of the first element, without its prefix; none where bytes do not begin as XML does. A document type before
/// it, with or without declarations, is skipped.
pub fn root(start: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(start);
    let mut rest = behind_comments(&start)?;
    if let Some(doctype) = rest.strip_prefix("<!DOCTYPE") {
        let declarations = doctype.find('[').filter(|at| !doctype[..*at].contains('>'));
        let behind = declarations
            .map_or(Some(doctype), |at| doctype[at..].split_once(']').map(|(_, behind)| behind))?;
        rest = behind_comments(behind.split_once('>')?.1)?;
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
    fn the_first_element_is_found_behind_what_comes_before_it() {
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
