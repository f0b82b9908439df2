//! Damaged, hostile and unusual input: each bad file gets a clear error, and the files beside it are still read.

use std::fs;

use crate::common::{articles, check_offsets, results, stderr, wirelens};
use serde_json::Value;

/// Reads one text as a file of its own.
fn analyze(text: &str) -> Value {
    let file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
    fs::write(file.path(), text).unwrap();
    let mut found = results(wirelens().arg("analyze").arg(file.path()), 0);
    assert_eq!(found.len(), 1);
    let characters: Vec<char> = text.chars().collect();
    check_offsets(&found[0], &characters);
    found.remove(0)
}

fn names(result: &Value) -> Vec<&str> {
    result["entities"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap()).collect()
}

#[test]
fn bad_files_are_reported_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("a_good.txt", b"Angela Merkel visited Paris on Monday.");
    write("b_empty.txt", b"");
    write("c_blank.txt", b" \r\n\t\n");
    write("d_binary.txt", b"\x7fELF\x02\x01\x01\0\0\0\0");
    write("e_invalid.txt", b"First line.\nSecond \xe9 line.");
    write("f_page.html", b"<html><body></body></html>");
    write("g_bom.txt", b"\xff\xfeP\0a\0r\0i\0s\0 \0i\0s\0 \0i\0n\0 \0F\0r\0a\0n\0c\0e\0.\0");
    write("h_lines.jsonl", b"{\"id\":\"x\",\"text\":\"Berlin is in Germany.\"}\nnot json\n{\"id\":\"y\"}\n");
    write("i_good.txt", b"Olaf Scholz visited Rome on Monday.");

    let found = results(wirelens().arg("entities").arg(folder.path()), 1);
    let ids: Vec<&str> = found.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a_good", "g_bom", "x", "i_good"]);
    assert_eq!(names(&found[1]), ["Paris", "France"]);

    let error = stderr(wirelens().arg("entities").arg(folder.path()), 1);
    for reason in [
        "b_empty.txt: is empty",
        "c_blank.txt: has no text",
        "d_binary.txt: looks like binary data",
        "e_invalid.txt: is not valid UTF-8 at byte 19 (line 2)",
        "f_page.html: ",
        "h_lines.jsonl, line 2: is not a JSON object",
        "h_lines.jsonl, line 3: has no text in a field 'text'",
        "7 of 11 articles could not be read",
    ] {
        assert!(error.contains(reason), "{reason} in {error}");
    }
    let mut command = wirelens();
    command.args(["entities", "--encoding", "windows-1252"]).arg(folder.path().join("e_invalid.txt"));
    assert_eq!(results(&mut command, 0).len(), 1);
}

#[test]
fn a_run_without_articles_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("a.json", "[]"), ("b.csv", "id,text\n"), ("c.jsonl", "\n")] {
        fs::write(folder.path().join(name), content).unwrap();
        let error = stderr(wirelens().arg("entities").arg(folder.path().join(name)), 0);
        assert!(error.contains("there was no article to read"), "{name}: {error}");
    }
}

#[test]
fn offsets_survive_emoji_accents_crlf_and_right_to_left_text() {
    let text = "🇫🇷🇲🇱 Jose\u{301} Garci\u{301}a met 👩‍👩‍👧‍👦 families in Paris.\r\n\r\nقال محمد علي إن باريس جميلة. Angela Merkel agreed.\r\n";
    let result = analyze(text);
    let found = names(&result);
    assert!(found.contains(&"Paris") && found.contains(&"Angela Merkel"), "{found:?}");
    let accented = found.iter().find(|name| name.contains("Garc")).expect("the accented name is found");
    assert!(accented.ends_with("Garci\u{301}a"), "{accented:?}");
}

#[test]
fn text_without_letters_and_text_in_another_language_carry_a_warning() {
    let result = analyze("12345 — 67.89 %\n+++ 42 +++\n");
    assert!(result["warnings"][0].as_str().unwrap().contains("no letters"));
    assert!(result["language"].is_null() && names(&result).is_empty());

    let french = "Le président français a annoncé jeudi que les soldats de son pays quitteraient le Mali dans les \
                  prochains mois. Les autorités maliennes ont demandé que ce retrait se fasse sans délai.";
    let result = analyze(french);
    assert_eq!(result["language"], "fr");
    assert!(result["warnings"][0].as_str().unwrap().contains("'compact' was trained on 'en'"));
}

#[test]
fn one_sentence_of_fifty_thousand_characters_is_read_to_its_end() {
    let mut text = "officials talked about the plan and then ".repeat(1230);
    assert!(text.len() > 50_000);
    text.push_str("Emmanuel Macron flew to Berlin.");
    let result = analyze(&text);
    assert!(result["tokens"].as_u64().unwrap() > 8_000);
    assert_eq!(names(&result), ["Emmanuel Macron", "Berlin"]);
}

#[test]
fn a_word_of_a_million_letters_and_much_punctuation_are_read() {
    let result = analyze(&format!("{} Paris.", "a".repeat(1_000_000)));
    assert!(names(&result).contains(&"Paris"));
    analyze(&"...!?\"“(".repeat(1_000));
    analyze("\u{200b}\u{ad}");
}

#[test]
fn an_article_larger_than_the_vectors_held_at_a_time_is_read_whole() {
    // Some 46,000 tokens, where the reader holds the vectors of 32,768 at a time.
    let one = fs::read_to_string(articles().join("002_756cf6ca683b721f.txt")).unwrap();
    let copies = 100;
    let result = analyze(&one.repeat(copies));
    assert!(result["tokens"].as_u64().unwrap() > 40_000);
    let entities = result["entities"].as_array().unwrap();
    let macron: usize = entities
        .iter()
        .filter(|entity| entity["name"].as_str().unwrap().contains("Macron"))
        .map(|entity| entity["mentions"].as_array().unwrap().len())
        .sum();
    assert_eq!(macron, 2 * copies);
}

#[test]
fn escape_sequences_of_an_article_do_not_reach_the_terminal() {
    let file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
    fs::write(file.path(), "Angela Merkel \u{1b}]0;owned\u{7} visited \u{1b}[31mParis\u{202e} on Monday.")
        .unwrap();
    let mut command = wirelens();
    let output = crate::common::stdout(command.args(["analyze", "--color", "always"]).arg(file.path()), 0);
    assert!(!output.contains("\u{1b}]") && !output.contains('\u{7}') && !output.contains('\u{202e}'));
    assert!(!output.contains("\u{1b}[31mParis"));
}

#[test]
fn a_folder_of_every_format_is_read_and_unknown_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("a.json", b"[{\"id\": \"array\", \"text\": \"Angela Merkel visited Paris.\"}, 7]");
    write("b.tsv", b"id\ttext\ntabs\tAngela Merkel visited Paris.\n");
    write("c.csv", b"id,text\nopen,\"Angela Merkel\n");
    write("d.xml", b"<rss version=\"2.0\"><channel><title>t</title><item><guid>feed</guid><description>&lt;p&gt;Angela Merkel visited \
        Paris.&lt;/p&gt;</description></item><item><guid>bare</guid></item></channel></rss>");
    write("e.rss", b"<rss version=\"2.0\"><channel>");
    write("f.html", b"<html><head><title>T</title></head><body><p>Angela Merkel\x92s caf\xe9 visited Paris.</p></body></html>");
    write("g.png", b"\x89PNG\r\n\x1a\n\0\0");
    write("h.log", b"Angela Merkel visited Paris.");
    write("i.xml", b"<catalog><book/></catalog>");
    write("j", b"Angela Merkel visited Paris.");
    let found = results(wirelens().arg("entities").arg(folder.path()), 1);
    let ids: Vec<&str> = found.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["array", "tabs", "feed", "f", "j"]);
    for result in &found {
        assert!(names(result).contains(&"Paris"), "{result}");
    }
    let warning = found[3]["warnings"][0].as_str().unwrap();
    assert!(warning.contains("guessed to be windows-1252"), "{warning}");
    let error = stderr(wirelens().arg("entities").arg(folder.path()), 1);
    for reason in [
        "a.json, item 2: is not a JSON object",
        "c.csv, line 2: a quote that opens in line 2 is never closed",
        "d.xml, article 2: has no text",
        "e.rss: is not a feed that can be read",
        "4 of 9 articles could not be read",
        "3 files were skipped, of kinds that are not read: 1 .log, 1 .png, 1 .xml",
    ] {
        assert!(error.contains(reason), "{reason} in {error}");
    }
    // A file of an unknown format is refused if the command names it.
    let error = stderr(wirelens().arg("entities").arg(folder.path().join("h.log")), 1);
    assert!(
        error.contains(
            "h.log: is of no kind that is read (.log); if it is plain text, say so with --input-format txt"
        ),
        "{error}"
    );
    let mut command = wirelens();
    command.args(["entities", "--input-format", "text"]).arg(folder.path().join("h.log"));
    assert_eq!(names(&results(&mut command, 0)[0]), ["Angela Merkel", "Paris"]);
    let error = stderr(wirelens().args(["entities", "https://example.org/a.html"]), 1);
    assert!(
        error.contains("is an address, and Wirelens makes no requests for articles; fetch it first"),
        "{error}"
    );
}

#[test]
fn damaged_documents_are_reported_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let fixture =
        |name: &str| fs::read(crate::common::root().join("tests/fixtures/inputs").join(name)).unwrap();
    let half = |name: &str| {
        let bytes = fixture(name);
        bytes[..bytes.len() / 2].to_vec()
    };
    write("a.docx", &half("talks.docx"));
    write("b.rtf", &half("minutes.rtf"));
    write("c.pdf", b"%PDF-1.7\nnothing of a PDF follows");
    write("d.warc.gz", &half("crawl.warc.gz"));
    write("e.xml", &half("nitf.xml"));
    write("f.nitf", b"<?xml version=\"1.0\"?><catalogue><item>Paris</item></catalogue>");
    write("g.eml", b"Content-Type: image/png\r\nMIME-Version: 1.0\r\nFrom: a@b.c\r\n\r\nx");
    write("h.story", b"@highlight\n\nParis");
    let reuters = String::from_utf8(fixture("collection.sgm")).unwrap();
    write("i.sgm", reuters.replace("<BODY>", "<BODY>\n</BODY>").replace("TITLE>", "T>").as_bytes());
    write("j.docx", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    write("z.eml", &fixture("press.eml"));
    let mut command = wirelens();
    let said =
        stderr(command.args(["entities", "--threads", "1", "--format", "jsonl"]).arg(folder.path()), 1);
    for reason in [
        "a.docx: is not a DOCX file that can be read",
        "b.rtf: breaks off: a group is never closed",
        "c.pdf: is no PDF that can be read",
        "d.warc.gz, record ",
        "e.xml: ",
        "f.nitf: is XML of a kind that is not read (<catalogue>)",
        "g.eml: has no text; attachments are not read",
        "h.story: has no text above its first @highlight",
        "i.sgm, article 1: has no text",
        "j.docx: is encrypted",
    ] {
        assert!(said.contains(reason), "{reason} in {said}");
    }
    let mut command = wirelens();
    let found = crate::common::stdout(
        command.args(["entities", "--threads", "1", "--format", "jsonl"]).arg(folder.path()),
        1,
    );
    assert!(found.contains("cafe@example.org"), "{found}");
}
