//! No parser of untrusted bytes panics, whatever the bytes. A short form of `make fuzz`; the bytes by which that found
//! errors are in `tests/fuzz/findings` and are tried here, too.

use std::fs;

use proptest::prelude::*;
use wirelens::fuzzing::{PARSERS, run};

/// Files of a folder of seeds or findings, as bytes.
fn files(folder: &str, parser: &str) -> Vec<Vec<u8>> {
    let path = crate::common::root().join("tests/fuzz").join(folder).join(parser);
    let entries = fs::read_dir(path).into_iter().flatten();
    entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_parser_has_a_target_and_seeds_and_passes_earlier_findings() {
    let fuzz = crate::common::root().join("tests/fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for &(name, _) in PARSERS {
        assert!(fuzz.join(format!("targets/{name}.rs")).is_file(), "{name} has no fuzz target");
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "tests/fuzz/Cargo.toml has no [[bin]] {name}"
        );
        let seeds = files("seeds", name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        seeds.iter().chain(&files("findings", name)).for_each(|bytes| run(name, bytes));
    }
}

/// A change to a seed: bytes are overwritten, doubled or removed at a place.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Double(usize, usize),
    Cut(usize, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = || any::<usize>();
    let change = prop_oneof![
        (at(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Change::Write(at, bytes)),
        // Bytes that often cause errors in numbers, names and nesting.
        (
            at(),
            prop::sample::select(vec![
                "-9223372036854775808",
                "18446744073709551615",
                "\"",
                "[[[[",
                "\u{2028}é",
                ".."
            ])
        )
            .prop_map(|(at, text)| Change::Write(at, text.into())),
        (at(), 0..64usize).prop_map(|(at, length)| Change::Double(at, length)),
        (at(), 0..64usize).prop_map(|(at, length)| Change::Cut(at, length)),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |at: usize| at % (bytes.len() + 1);
        let range = |at: usize, length: usize| place(at)..bytes.len().min(place(at) + length);
        match change {
            Change::Write(at, new) => {
                let range = range(*at, new.len());
                drop(bytes.splice(range, new.iter().copied()));
            }
            Change::Double(at, length) => {
                let range = range(*at, *length);
                let part = bytes[range.clone()].to_vec();
                drop(bytes.splice(range.start..range.start, part));
            }
            Change::Cut(at, length) => {
                let range = range(*at, *length);
                bytes.drain(range);
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn no_parser_panics_on_random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        PARSERS.iter().for_each(|(name, _)| run(name, &bytes));
    }

    #[test]
    fn no_parser_panics_on_random_text(text in "[\\PC\r\n\t\u{2028}<>\\[\\]{}\"=,.]{0,200}") {
        PARSERS.iter().for_each(|(name, _)| run(name, text.as_bytes()));
    }

    #[test]
    fn no_parser_panics_on_changed_seeds(seed in any::<usize>(), changes in changes()) {
        for &(name, _) in PARSERS {
            let mut seeds = files("seeds", name);
            let seed = seeds.swap_remove(seed % seeds.len());
            run(name, &changed(seed, &changes));
        }
    }
}

/// A PDF of one page with something in its content and beside it.
fn nested_pdf(inside: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/X {inside}>>endobj\n4 0 obj<</Length {}>>stream\n{inside}\n\
         endstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        inside.len()
    )
    .into_bytes()
}

/// Hostile bytes must not keep a parser busy. The limit does not measure speed: each of these takes a second or two, and a
/// parser whose time grows with the square of its input takes minutes to hours.
#[test]
fn long_and_nested_inputs_come_to_an_end() {
    let page = |open: &str, times: usize| format!("<html><body>{}text", open.repeat(times)).into_bytes();
    let text_of_words = "Word ".repeat(1 << 16);
    let nested: Vec<(&str, Vec<u8>)> = vec![
        ("html", page("<div>", 20_000)),
        ("html", page("<b><p>", 3_000)),
        ("html", page("<table>", 5_000)),
        ("html", page("<p>word, word. ", 20_000)),
        ("jsonl", "[".repeat(1 << 20).into_bytes()),
        ("json", "[".repeat(1 << 20).into_bytes()),
        ("json", "{\n\"a\":".repeat(1 << 17).into_bytes()),
        ("json", "[][]".repeat(1 << 18).into_bytes()),
        ("csv", "text\n\"\"\"".repeat(1 << 17).into_bytes()),
        ("csv", ("a\ttext\n".to_owned() + &"\"a\t\"b\n".repeat(1 << 17)).into_bytes()),
        ("feed", ("<rss version=\"2.0\"><channel>".to_owned() + &"<item>".repeat(1 << 17)).into_bytes()),
        (
            "feed",
            ("<feed ".to_owned() + &(0..1 << 14).map(|n| format!("a{n}='' ")).collect::<String>() + "/>")
                .into_bytes(),
        ),
        ("markup", "<b><p>".repeat(1 << 17).into_bytes()),
        ("markup", "<p>&amp;<!--".repeat(1 << 17).into_bytes()),
        ("manifest", format!("a = {}", "[".repeat(1 << 20)).into_bytes()),
        ("targets", "a.".repeat(1 << 18).into_bytes()),
        ("sentences", (0..1 << 17).map(|n| format!("Ab{n}aBc ")).collect::<String>().into_bytes()),
        ("sentences", format!("A b {}", "Ab".repeat(1 << 19)).into_bytes()),
        ("checkpoint", "{\"a\":".repeat(1 << 18).into_bytes()),
        ("annotations", "[".repeat(1 << 20).into_bytes()),
        ("annotations", "Word B-PER\n".repeat(1 << 16).into_bytes()),
        (
            "annotations",
            [text_of_words.as_str(), "\0", &"T1\tPER 0 4\tWord\n".repeat(1 << 16)].concat().into_bytes(),
        ),
        ("annotations", format!("{text_of_words}\0T1\tPER {}", "0 1;".repeat(1 << 16)).into_bytes()),
        ("agency", format!("<nitf>{}", "<a>".repeat(1 << 18)).into_bytes()),
        ("agency", format!("<nitf>{}", "<a/>".repeat(1 << 18)).into_bytes()),
        ("sgml", "<DOC><TITLE".repeat(1 << 16).into_bytes()),
        ("rtf", format!("{{\\rtf1 {}", "{\\f1 ".repeat(1 << 18)).into_bytes()),
        (
            "eml",
            format!(
                "MIME-Version: 1.0\n{}\n",
                "Content-Type: multipart/mixed; boundary=a\n\n--a\n".repeat(1 << 14)
            )
            .into_bytes(),
        ),
        ("mbox", "From a@b.c Tue Jan 13 10:00:00 2015\n\n".repeat(1 << 15).into_bytes()),
        ("lexis", "1 of 2 DOCUMENTS\n".repeat(1 << 16).into_bytes()),
        ("lexis", "May 1, 2001\nLENGTH: 1 words\n".repeat(1 << 15).into_bytes()),
        ("factiva", "HD\n".repeat(1 << 18).into_bytes()),
        ("factiva", format!("HD\n{}LP\nText.", "word\n".repeat(1 << 18)).into_bytes()),
        ("story", "word\n".repeat(1 << 18).into_bytes()),
        ("warc", "WARC/1.0\r\n".repeat(1 << 16).into_bytes()),
        ("pdf", nested_pdf(&"[".repeat(1 << 18))),
        ("pdf", nested_pdf(&"<</A ".repeat(1 << 18))),
        ("pdf", nested_pdf(&"q ".repeat(1 << 18))),
        ("sentences", "Word\n".repeat(1 << 16).into_bytes()),
        ("sentences", "Mr. ".repeat(1 << 16).into_bytes()),
        ("sentences", "(\"".repeat(1 << 16).into_bytes()),
        ("sentences", "A".repeat(1 << 19).into_bytes()),
    ];
    for (name, bytes) in nested {
        run(name, &bytes);
    }
}
