//! Documents of every format: the text of the article is read, and what surrounds it is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{root, stdout, wirelens};
use serde_json::Value;
use wirelens::input::{self, InputOptions};

fn fixtures() -> PathBuf {
    root().join("tests/fixtures/inputs")
}

/// The lines of `analyze` over a file or folder, by their ids.
fn analyzed(path: &Path) -> BTreeMap<String, Value> {
    let text = stdout(wirelens().args(["analyze", "--threads", "1", "--format", "jsonl"]).arg(path), 0);
    let results = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    results.map(|result| (result["id"].as_str().unwrap().to_owned(), result)).collect()
}

fn names(result: &Value) -> Vec<&str> {
    result["entities"].as_array().unwrap().iter().map(|entity| entity["name"].as_str().unwrap()).collect()
}

#[test]
fn a_folder_with_a_file_of_each_kind_is_read_in_one_command() {
    let found = analyzed(&fixtures());
    // Id, title, source and date of each, and a name that is in its text.
    let wanted = [
        ("anchor", None, None, None, "Angela Merkel"),
        ("1", Some("COFFEE HARVEST <CFE> LATE"), Some("Reuters"), Some("1987-02-26T15:01:01"), "Peru"),
        ("2", None, Some("Reuters"), Some("1987-02-27T09:00:00"), "London"),
        ("columns", Some("Harbour strike ends"), None, None, "Piraeus"),
        (
            "00000000-0000-4000-8000-000000000002",
            Some("Angela Merkel in Piraeus"),
            None,
            Some("2020-01-02T10:00:00Z"),
            "Angela Merkel",
        ),
        (
            "00000000-0000-4000-8000-000000000003",
            Some("Emmanuel Macron in Piraeus"),
            None,
            Some("2020-01-03T10:00:00Z"),
            "Emmanuel Macron",
        ),
        (
            "00000000-0000-4000-8000-000000000004",
            Some("Olaf Scholz in Piraeus"),
            None,
            Some("2020-01-04T10:00:00Z"),
            "Olaf Scholz",
        ),
        (
            "EXAM000020170113ed1d0003x",
            Some("Harbour Strike Ends in Piraeus"),
            Some("The Example Times"),
            Some("2017-01-13"),
            "Anna Papadaki",
        ),
        (
            "EXAM000020170114ed1d0004y",
            Some("Bank of England Waits"),
            Some("The Example Post"),
            Some("2017-01-14"),
            "Bank of England",
        ),
        ("1@example.org", Some("Harbour"), Some("Jane Roe"), None, "Angela Merkel"),
        ("letters:2", Some("Rain"), Some("sam@example.org"), None, "Olaf Scholz"),
        (
            "lexis:1",
            Some("Papadaki faces new questions"),
            Some("Example.com"),
            Some("2010-01-11"),
            "Anna Papadaki",
        ),
        (
            "lexis:2",
            Some("Bank of England waits"),
            Some("The Example Post (London)"),
            Some("2010-01-12"),
            "John Poe",
        ),
        (
            "nexis-uni:1",
            Some("Papadaki faces questions over port"),
            Some("The Example Post (London)"),
            Some("2010-01-12"),
            "Anna Papadaki",
        ),
        (
            "urn:newsml:example.org:20170113:1",
            Some("Strike ends"),
            Some("EXAMPLE"),
            Some("2017-01-13T10:00:00Z"),
            "Anna Papadaki",
        ),
        (
            "harbour-1",
            Some("Strike ends in Piraeus"),
            Some("The Example Times"),
            Some("2017-01-13T10:00:00Z"),
            "Anna Papadaki",
        ),
        ("talks", Some("Talks & results"), None, Some("2017-01-13T10:00:00Z"), "Emmanuel Macron"),
        (
            "cafe@example.org",
            Some("Café owners"),
            Some("Press Office"),
            Some("2020-05-04T10:00:00+02:00"),
            "Emmanuel Macron",
        ),
        ("short", None, None, None, "Angela Merkel"),
        ("minutes", Some("Talks in Berlin"), None, Some("2017-01-13"), "Emmanuel Macron"),
    ];
    for (id, title, source, published, name) in wanted {
        let result = found.get(id).unwrap_or_else(|| panic!("{id} is not among {:?}", found.keys()));
        assert_eq!(result["title"].as_str(), title, "{id}");
        assert_eq!(result["source"].as_str(), source, "{id}");
        assert_eq!(result["published"].as_str(), published, "{id}");
        assert!(names(result).contains(&name), "{id}: {:?}", names(result));
        // Authors, recipients and what surrounds an article are not among its names.
        for no_name in
            ["Roe", "MIME", "Content", "BYLINE", "LENGTH", "Copyright", "Joe Biden", "Document", "REUTER"]
        {
            assert!(!names(result).iter().any(|name| name.contains(no_name)), "{id}: {:?}", names(result));
        }
    }
    let highlight = "Olaf Scholz";
    assert!(!names(&found["anchor"]).contains(&highlight), "a highlight is no text");
    assert_eq!(found["1"]["summary"]["sentences"].as_array().unwrap().len(), 2);
}

#[test]
fn lines_of_a_pdf_with_columns_become_paragraphs() {
    // Two pages of two columns with a running head, made with reportlab: justified, and hyphenated at the ends of lines.
    let inputs = [fixtures().join("columns.pdf").to_str().unwrap().to_owned()];
    let article = input::articles(&inputs, InputOptions::default()).next().unwrap().unwrap();
    let text = article.text;
    let paragraph = "Exports fell by 12 per cent in January, the statistical office reported, while international forwarding \
                     companies complained about administrative incompetence and well-known representatives.";
    assert_eq!(text.split("\n\n").filter(|found| *found == paragraph).count(), 3, "{text}");
    assert_eq!(text.split("\n\n").count(), 10, "a headline and three times three paragraphs");
    assert!(!text.contains("The Example Times"), "the running head is no text");
}

#[test]
fn formats_are_recognised_by_content_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to, id) in [
        ("talks.docx", "download.txt", "download"),
        ("short.pdf", "x.html", "x"),
        ("minutes.rtf", "minutes.doc", "minutes"),
        ("press.eml", "message.txt", "cafe@example.org"),
        ("crawl.warc.gz", "segment.gz", "00000000-0000-4000-8000-000000000002"),
        ("nitf.xml", "item.txt", "harbour-1"),
        ("collection.sgm", "reut2-000.txt", "1"),
    ] {
        let path = folder.path().join(to);
        fs::copy(fixtures().join(from), &path).unwrap();
        assert!(analyzed(&path).contains_key(id), "{from} as {to}");
    }
}
