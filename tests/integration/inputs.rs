//! Files of every format and layout, under right and wrong names: they give articles, or an error that says what to do.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use wirelens::Article;
use wirelens::input::{self, Fields, HtmlFields, InputOptions};

/// A folder with one file in it.
struct File {
    folder: tempfile::TempDir,
    name: String,
}

fn file(name: &str, content: impl AsRef<[u8]>) -> File {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    File { folder, name: name.into() }
}

impl File {
    fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// Its articles and errors; these without the name of the folder.
    fn with(&self, options: InputOptions) -> Vec<Result<Article, String>> {
        let folder = self.folder.path().display().to_string() + "/";
        let found = input::articles(&[self.path().to_str().unwrap().to_owned()], options);
        found.map(|article| article.map_err(|error| error.to_string().replace(&folder, ""))).collect()
    }

    fn articles(&self) -> Vec<Article> {
        self.with(InputOptions::default()).into_iter().map(Result::unwrap).collect()
    }

    fn texts(&self) -> Vec<String> {
        self.articles().into_iter().map(|article| article.text).collect()
    }

    fn error(&self) -> String {
        let mut found = self.with(InputOptions::default());
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0).unwrap_err()
    }
}

fn text_field(name: &str) -> InputOptions {
    InputOptions { fields: Fields { text: name.into(), ..Fields::default() }, ..InputOptions::default() }
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

const PAGE: &str = "<!DOCTYPE html><html><head><title>News</title></head><body><article><p>British Prime Minister Boris Johnson said on \
    Monday in London that talks with the European Union would go on. He said Britain was ready to compromise.</p><p>Caf\u{e9} owners \
    agreed. The minister said on Monday in London that talks with the European Union would go on for weeks.</p></article></body></html>";

const OBJECTS: [&str; 2] =
    ["{\"id\": 1, \"text\": \"France rejects a call.\"}", "{\"id\": 2, \"text\": \"Merkel met Obama.\"}"];

#[test]
fn every_layout_of_json_is_read_under_every_name_packed_or_not() {
    let [first, second] = OBJECTS;
    let pretty = |object: &str| object.replace(", ", ",\n  ").replace('{', "{\n  ").replace('}', "\n}");
    let layouts = [
        format!("{first}\n{second}\n"),
        format!("\n{first}\r\n\r\n{second}"),
        format!("[{first},{second}]"),
        format!("[\n{first},\n{second}\n]\n"),
        format!("[{}, {}]", pretty(first), pretty(second)),
        format!("{}\n{}\n", pretty(first), pretty(second)),
        format!("\u{feff}{first}\n{second}\n"),
    ];
    for layout in &layouts {
        for name in [
            "a.json",
            "a.jsonl",
            "a.ndjson",
            "a.txt",
            "a.csv",
            "a",
            "a.log",
            "a.json.gz",
            "a.jsonl.gz",
            "a.gz",
        ] {
            for content in [layout.clone().into_bytes(), gzip(layout.as_bytes())] {
                let found = file(name, content).articles();
                let ids: Vec<&str> = found.iter().map(|article| article.id.as_str()).collect();
                assert_eq!(ids, ["1", "2"], "{name}: {layout}");
                assert_eq!(found[1].text, "Merkel met Obama.");
            }
        }
        let found = file("a.jsonl", utf16(layout.trim_start_matches('\u{feff}'))).texts();
        assert_eq!(found, ["France rejects a call.", "Merkel met Obama."]);
    }
}

#[test]
fn records_with_html_lists_and_deep_values_are_read() {
    let read = |json: &str| file("a.jsonl", json).texts();
    assert_eq!(
        read("{\"text\":[\"Macron met Merkel.\",\"They agreed.\"]}"),
        ["Macron met Merkel.\n\nThey agreed."]
    );
    assert_eq!(read("{\"text\":\"Macron left.\",\"year\":NaN,\"b\":-Infinity}"), ["Macron left."]);
    assert_eq!(
        read("{\"text\":\"<p>Macron &amp; Merkel met.<br/>France&#39;s army.</p>\"}"),
        ["Macron & Merkel met.\nFrance's army."]
    );
    let nested = file("a.json", "{\"article\": {\"body\": {\"text\": \"Deep.\"}}}");
    assert_eq!(nested.with(text_field("article.body.text")).remove(0).unwrap().text, "Deep.");
    let deep = format!("{{\"text\": \"Deep.\", \"x\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep), ["Deep."]);
    let deep = format!("{{\"text\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(file("a.json", deep).error().contains("a.json, line 1: is not a JSON object: recursion limit"));
    assert_eq!(file("a.json", "[]").articles().len(), 0);
    assert!(file("a.json", "[\"One.\"]").error().contains("item 1: is not a JSON object"));
    let raw = file("a.csv", "id,text\n1,<b>a</b> b\n");
    let never = InputOptions { html_fields: HtmlFields::Never, ..InputOptions::default() };
    assert_eq!(
        (raw.texts()[0].as_str(), raw.with(never).remove(0).unwrap().text.as_str()),
        ("a b", "<b>a</b> b")
    );
}

#[test]
fn a_single_object_is_named_by_its_file() {
    let json = "{\n  \"authors\": [\"Jane Roe\"],\n  \"date_publish\": \"2017-01-13 00:00:00\",\n  \"maintext\": \"Dockers went back.\",\n  \
                \"title\": \"Strike ends\",\n  \"url\": \"https://example.com/a\"\n}\n";
    let found = file("strike.json", json).with(text_field("maintext")).remove(0).unwrap();
    let Article { id, title, url, published, text, .. } = found;
    assert_eq!(
        (id.as_str(), text.as_str(), title.as_deref()),
        ("strike", "Dockers went back.", Some("Strike ends"))
    );
    assert_eq!(
        (url.as_deref(), published.as_deref()),
        (Some("https://example.com/a"), Some("2017-01-13 00:00:00"))
    );
}

#[test]
fn separated_values_are_read_by_what_separates_them() {
    let tabs = "id\ttitle\ttext\n1\tVote\tMacron said \"no\" to Mali.\n2\tTwo\t\"We leave\" said Merkel.\n";
    for name in ["a.tsv", "a.csv", "a.tab", "a.tsv.gz"] {
        assert_eq!(file(name, tabs).texts(), ["Macron said \"no\" to Mali.", "\"We leave\" said Merkel."]);
    }
    let semicolons = "\u{feff}id;title;text\r\n1;Vote;\"Macron said \"\"no\"\"; France will leave.\"\r\n2;Two;Merkel met Obama.\r\n";
    assert_eq!(
        file("a.csv", semicolons).texts(),
        ["Macron said \"no\"; France will leave.", "Merkel met Obama."]
    );
    assert_eq!(file("a.csv", utf16("id,text\r\n1,Macron left.\r\n")).texts(), ["Macron left."]);
    assert_eq!(file("a.csv", "ID,Text\n1,One record only.").articles()[0].id, "1");
    assert_eq!(file("a.csv", "id|text\n1|a, b").texts(), ["a, b"]);

    let open = file("a.csv", "id,text\n1,Macron left Mali.\n2,\"\n3,Merkel left Berlin.\n")
        .with(InputOptions::default());
    assert_eq!((open.len(), open[0].as_ref().unwrap().id.as_str()), (2, "1"));
    assert!(
        open[1]
            .as_ref()
            .unwrap_err()
            .starts_with("a.csv, line 3: a quote that opens in line 3 is never closed")
    );
}

#[test]
fn pages_are_known_by_their_content_and_decoded_as_browsers_do() {
    let latin = encoding_rs::WINDOWS_1252.encode(PAGE).0;
    let declaring = |head: &str| -> Vec<u8> {
        let page = PAGE.replace("<head>", &format!("<head>{head}"));
        encoding_rs::WINDOWS_1252.encode(&page).0.into_owned()
    };
    let late = format!(
        "{}<meta charset=\"windows-1252\">",
        "<meta name=\"x\" content=\"kkkkkkkkkkkkkkkkkkkk\">".repeat(60)
    );
    let xml =
        [b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>".as_slice(), &latin[b"<!DOCTYPE html>".len()..]]
            .concat();
    for (content, warnings) in [
        (PAGE.as_bytes().to_vec(), 0),
        (declaring("<meta charset=iso-8859-1>"), 0),
        (declaring(&late), 0),
        (xml, 0),
        (latin.to_vec(), 1),
        (utf16(PAGE), 0),
    ] {
        for name in ["a.html", "a.txt", "a", "a.csv", "a.json", "a.html.gz"] {
            let found = file(name, &content).articles().remove(0);
            assert!(found.text.contains("Café owners"), "{name}: {}", found.text);
            assert_eq!(found.warnings.len(), warnings, "{name}: {:?}", found.warnings);
        }
    }
    let found = file("a.html", declaring("<meta charset=utf-8>")).articles().remove(0);
    assert!(
        found.text.contains("Caf\u{fffd} owners") && found.warnings[0].contains("not valid UTF-8"),
        "{found:?}"
    );
    // Plain text is still decoded strictly.
    let error = file("a.txt", b"Caf\xe9 owners").error();
    assert!(
        error.contains("is not valid UTF-8 at byte 3 (line 1)") && error.contains("`encoding` windows-1252"),
        "{error}"
    );
}

#[test]
fn entries_of_feeds_are_articles_under_any_name() {
    let atom = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Harbour</title>\n\
        <link href=\"https://example.org/\"/><updated>2024-12-13T18:30:02Z</updated><id>urn:f</id>\n<entry><title>Strike ends</title>\
        <link href=\"https://example.org/strike\"/><id>urn:a</id><updated>2024-12-13T18:30:02Z</updated>\
        <summary type=\"html\">&lt;p&gt;Dockers went back, Anna Papadaki said.&lt;/p&gt;</summary></entry>\n<entry><title>Ferry late</title>\
        <link href=\"https://example.org/1000\"/><id>urn:b</id><updated>2024-12-13T18:30:02Z</updated>\
        <content type=\"text\">The ferry was late.</content></entry>\n<entry><title>Only a title</title><id>urn:c</id></entry></feed>\n";
    for name in ["a.atom", "a.xml", "a.rss", "a.txt", "a", "a.xml.gz"] {
        let found = file(name, atom).with(InputOptions::default());
        let first = found[0].as_ref().unwrap();
        assert_eq!(
            (first.id.as_str(), first.text.as_str()),
            ("urn:a", "Dockers went back, Anna Papadaki said.")
        );
        assert_eq!((first.title.as_deref(), first.source.as_deref()), (Some("Strike ends"), Some("Harbour")));
        assert_eq!(first.url.as_deref(), Some("https://example.org/strike"));
        assert_eq!(first.published.as_deref(), Some("2024-12-13T18:30:02Z"));
        assert_eq!(found[1].as_ref().unwrap().text, "The ferry was late.");
        let error = found[2].as_ref().unwrap_err();
        assert!(error.ends_with(", article 3: has no text, only white space"), "{error}");
    }
    assert!(
        file("a.rss", "<rss version=\"2.0\"><channel><item>")
            .error()
            .contains("is not a feed that can be read")
    );
}

#[test]
fn unknown_formats_are_refused_with_advice() {
    for (name, content) in
        [("a.log", "Some text."), ("a.xml", "<?xml version=\"1.0\"?><catalog/>"), ("a.ini", "[x]\ny=1\n")]
    {
        let error = file(name, content).error();
        assert!(error.contains("is of no kind that is read (."), "{error}");
        assert!(error.contains("if it is plain text, say so with `input_format` txt"), "{error}");
    }
    for (name, content) in
        [("a.png", b"\x89PNG\r\n\x1a\n\0".as_slice()), ("a", b"\x7fELF\0\0"), ("a.xlsx", b"PK\x03\x04\0\0")]
    {
        let error = file(name, content).error();
        assert!(
            error.contains("is of no kind that is read") && !error.contains("input-format txt"),
            "{error}"
        );
    }
    let txt = InputOptions { format: input::Format::named("text"), ..InputOptions::default() };
    assert_eq!(file("a.log", "Some text.").with(txt).remove(0).unwrap().text, "Some text.");
    for name in ["a.txt", "a.text", "a.md", "README", "speech 2024.05", "x.001"] {
        assert_eq!(file(name, "Some text.").texts(), ["Some text."], "{name}");
    }
    assert!(file("a.gz", gzip(b"")).error().contains("is empty"));
}

#[test]
fn subtitles_are_read_under_any_name() {
    let subtitles = "1\r\n00:00:01,000 --> 00:00:04,200\r\nDockers in <i>Piraeus</i>\r\n\r\n2\r\n00:00:04,300 --> 00:00:08,000\r\nwent back.\r\n";
    for name in ["a.srt", "a.txt", "a.vtt", "a"] {
        assert_eq!(file(name, subtitles).texts(), ["Dockers in Piraeus went back."], "{name}");
    }
    let rolling =
        "WEBVTT\n\n00:01.000 --> 00:02.000\nit rained\n\n00:02.000 --> 00:03.000\nit rained\nin Lima.\n";
    assert_eq!(file("a.txt", rolling).texts(), ["it rained in Lima."]);
    assert!(
        file("a.srt", "1\n00:00:01,000 --> 00:00:04,200\n\n")
            .error()
            .contains("has no text between the times")
    );
}

#[test]
fn what_programs_put_around_plain_text_is_left_out() {
    let text = "Title: Strike ends\nDate: 13 January 2017\nSource: The Paper\n\nDockers went back.\n";
    let article = file("a.txt", text).articles().remove(0);
    assert_eq!(
        (article.title.as_deref(), article.published.as_deref()),
        (Some("Strike ends"), Some("2017-01-13"))
    );
    assert_eq!((article.text.len(), article.text.trim()), (text.len(), "Dockers went back."));
    let markdown = "# Strike ends\n\n**Dockers** in [Piraeus](https://example.org/p) went back.\n";
    for article in [
        file("a.md", markdown).articles().remove(0),
        file("a.json", format!("{{\"markdown\": {markdown:?}}}")).articles().remove(0),
    ] {
        assert_eq!(article.title.as_deref(), Some("Strike ends"));
        assert_eq!(article.text, "Dockers in Piraeus went back.");
    }
}

#[test]
fn known_kinds_that_are_not_read_have_their_own_advice() {
    for (name, content, advice) in [
        ("a.epub", b"PK\x03\x04....mimetypeapplication/epub+zip".as_slice(), "save its chapters"),
        ("a.pages", b"PK\x03\x04", "save it as .docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "save it as .docx"),
        ("a.zip", b"PK\x03\x04a.txt", "unpack it first"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0", "OCR"),
    ] {
        let error = file(name, content).error();
        assert!(error.contains("is of no kind that is read") && error.contains(advice), "{error}");
    }
}
