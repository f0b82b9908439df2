//! Entry points for fuzzing: one function with the same signature for each parser of untrusted bytes. `tests/fuzz` and
//! `tests/integration/parsers.rs` call them.
//!
//! An *entry point* calls a parser with any bytes. The parser may give an error, but must not panic; if it accepts the
//! bytes, the entry point asserts what the rest of the program relies on. Not part of the public interface.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

use encoding_rs::{Encoding, GB18030, SHIFT_JIS, UTF_16LE, WINDOWS_1252};

use crate::Article;
use crate::article::{CodePoints, sentences, unfolded};
use crate::batch::journal;
use crate::eval::data::annotated::{AnnotatedText, EntityDataOptions};
use crate::eval::data::entities;
use crate::eval::data::events::{self, ComparisonData};
use crate::eval::data::labels::{LabelMap, Labels};
use crate::eval::data::marked::Notes;
use crate::eval::data::stance::{self, StanceData};
use crate::eval::data::{brat, summaries};
use crate::eval::{check::find_problems, gold::Gold};
use crate::families::disentangled::{Generation, config::DebertaConfig};
use crate::input::{self, Articles, Format, HtmlFields, InputOptions, formats, packed::Packing, tables};
use crate::jobs::nli::Templates;
use crate::model::checkpoint::{Checkpoint, shard_names};
use crate::model::pack::Manifest;
use crate::model::store::{HubModel, Reference, Registry};
use crate::panics::set_hook;
use crate::stance::{Target, TextCase, Words};

/// An entry point: must not panic, whatever the bytes.
pub type Parser = fn(&[u8]);

/// Runs the entry point of this name. What the rooms catch of other crates' panics is no finding, and is not printed.
pub fn run(parser: &str, bytes: &[u8]) {
    set_hook();
    let (_, parse) = PARSERS.iter().find(|(name, _)| *name == parser).expect("the name of an entry point");
    parse(bytes);
}

/// The entry points by name. The fuzz target, its folder of seeds and its folder of findings have the same name.
pub const PARSERS: &[(&str, Parser)] = &[
    ("txt", txt),
    ("html", html),
    ("jsonl", jsonl),
    ("json", json),
    ("csv", csv),
    ("feed", feed),
    ("markup", markup),
    ("start", start),
    ("warc", warc),
    ("pdf", pdf),
    ("docx", docx),
    ("odt", odt),
    ("rtf", rtf),
    ("mbox", mbox),
    ("agency", agency),
    ("sgml", sgml),
    ("eml", eml),
    ("proquest", proquest),
    ("lexis", lexis),
    ("factiva", factiva),
    ("story", story),
    ("subtitles", subtitles),
    ("packed", packed),
    ("parquet", parquet),
    ("manifest", manifest),
    ("targets", targets),
    ("templates", templates),
    ("gold", gold),
    ("annotations", annotations),
    ("events", events_and_pairs),
    ("journal", journal_entries),
    ("reference", reference),
    ("checkpoint", checkpoint),
    ("sentences", split_sentences),
];

/// Asserts that every article has an id and a text and every error a place and a reason, and that the iterator ends.
fn check_articles(articles: Articles) {
    for found in articles {
        match found {
            Ok(article) => assert!(!article.id.trim().is_empty() && !article.text.trim().is_empty()),
            Err(error) => assert!(!error.reason.is_empty() && error.place.starts_with("bytes")),
        }
    }
}

/// Reads bytes in the format of this name.
fn read_format(bytes: &[u8], format: &str, encoding: Option<&'static Encoding>) {
    read_with(bytes, format, &InputOptions { encoding, ..InputOptions::default() });
}

/// Reads bytes in the format of this name with these options.
fn read_with(bytes: &[u8], format: &str, options: &InputOptions) {
    let format = Format::named(format).expect("a format of the table");
    let stream = Box::new(Cursor::new(bytes.to_vec()));
    check_articles(input::stream_articles(stream, format, "bytes", "bytes", options));
}

/// Plain text, in five encodings.
fn txt(bytes: &[u8]) {
    for encoding in [None, Some(WINDOWS_1252), Some(UTF_16LE), Some(SHIFT_JIS), Some(GB18030)] {
        read_format(bytes, "txt", encoding);
    }
}

/// A web page.
fn html(bytes: &[u8]) {
    read_format(bytes, "html", None);
}

/// JSON Lines.
fn jsonl(bytes: &[u8]) {
    read_format(bytes, "jsonl", None);
}

/// JSON, in two encodings.
fn json(bytes: &[u8]) {
    read_format(bytes, "json", None);
    read_format(bytes, "json", Some(SHIFT_JIS));
}

/// CSV with the separator that is guessed from the header, and with an unusual one that is given.
fn csv(bytes: &[u8]) {
    read_format(bytes, "csv", None);
    read_with(bytes, "csv", &InputOptions { separator: Some(b' '), ..InputOptions::default() });
}

/// RSS, Atom and JSON feeds.
fn feed(bytes: &[u8]) {
    read_format(bytes, "feed", None);
}

/// HTML in a field of a record.
fn markup(bytes: &[u8]) {
    let text = text(bytes);
    for fields in [HtmlFields::Auto, HtmlFields::Always] {
        input::markup::strip(&text, fields);
    }
}

/// The recognition of formats by name and content; the bytes are also taken as a file name.
fn start(bytes: &[u8]) {
    let name = text(bytes).replace('\0', "");
    for name in ["a", "a.txt", "a.json.gz", &name] {
        let format = Format::of(Path::new(name), bytes);
        assert!(format.is_some() || !formats::is_text(bytes) || formats::ending(Path::new(name)).is_some());
    }
}

/// Web archives.
fn warc(bytes: &[u8]) {
    read_format(bytes, "warc", None);
}

/// PDF.
fn pdf(bytes: &[u8]) {
    read_format(bytes, "pdf", None);
}

/// Word documents.
fn docx(bytes: &[u8]) {
    read_format(bytes, "docx", None);
}

/// RTF documents.
fn rtf(bytes: &[u8]) {
    read_format(bytes, "rtf", None);
}

/// Mailboxes.
fn mbox(bytes: &[u8]) {
    read_format(bytes, "mbox", None);
}

/// XML of news agencies.
fn agency(bytes: &[u8]) {
    read_format(bytes, "agency", None);
}

/// SGML of news corpora.
fn sgml(bytes: &[u8]) {
    read_format(bytes, "sgml", None);
}

/// Single mails.
fn eml(bytes: &[u8]) {
    read_format(bytes, "eml", None);
}

/// Downloads of ProQuest.
fn proquest(bytes: &[u8]) {
    read_format(bytes, "proquest", None);
}

/// Documents of LibreOffice.
fn odt(bytes: &[u8]) {
    read_format(bytes, "odt", None);
}

/// Downloads of LexisNexis.
fn lexis(bytes: &[u8]) {
    read_format(bytes, "lexis", None);
}

/// Downloads of Factiva.
fn factiva(bytes: &[u8]) {
    read_format(bytes, "factiva", None);
}

/// Articles with highlights, as CNN/DailyMail has them.
fn story(bytes: &[u8]) {
    read_format(bytes, "story", None);
}

/// Subtitles of films and broadcasts.
fn subtitles(bytes: &[u8]) {
    read_format(bytes, "subtitles", None);
}

/// Compressed standard input: recognises the compression, unpacks, and recognises the format inside. A few bytes can
/// unpack to gigabytes, of which only the first 64 KiB are read here.
fn packed(bytes: &[u8]) {
    const ENOUGH: u64 = 64 << 10;
    let stream = Box::new(Cursor::new(bytes.to_vec()));
    let mut inside = Vec::new();
    if let Some(Ok(stream)) = Packing::sniff(bytes).map(|packing| packing.unpack(stream)) {
        // Of a damaged file we read what comes before the damage.
        let _ = stream.take(ENOUGH).read_to_end(&mut inside);
    }
    // Web pages take long, and have an entry point of their own.
    match Format::of_content(&inside).unwrap_or_else(Format::txt).name {
        "html" => {}
        name => read_format(&inside, name, None),
    }
}

/// Parquet.
fn parquet(bytes: &[u8]) {
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    check_articles(tables::rows(bytes, "bytes", "bytes", &InputOptions::default()));
}

/// Manifests of packs. No file of a manifest is outside the folder of the pack.
fn manifest(bytes: &[u8]) {
    let Ok(manifest) = Manifest::parse(&text(bytes)) else { return };
    let folder = Path::new("folder");
    assert!(manifest.files.keys().all(|name| folder.join(name).parent() == Some(folder)));
}

/// Targets in a file or on the command line, which are then searched for in the same bytes.
fn targets(bytes: &[u8]) {
    let text = text(bytes);
    let mut targets = Target::parse_file(&text).unwrap_or_default();
    targets.extend(Target::parse(&text));
    let (words, case) = (Words::of(&text), TextCase::of(&text));
    for target in &targets {
        let found = target.mentions(&words, case);
        assert!(found.windows(2).all(|pair| !pair[0].span.overlaps(pair[1].span)));
        assert!(found.iter().all(|mention| !mention.span.of(&text).is_empty()));
        let _ = (target.confirmed(&[found], |_, _| false), target.in_small_letters(&text));
    }
}

/// Hypotheses for natural language inference. Each names the target.
fn templates(bytes: &[u8]) {
    if let Ok(templates) = Templates::parse(&text(bytes)) {
        assert!(templates.hypotheses("the junta").iter().all(|hypothesis| hypothesis.contains("the junta")));
    }
}

/// Gold files, which are then checked.
fn gold(bytes: &[u8]) {
    let article = Article::new("bytes", "Émile Zola – he – left Paris on Monday. It was cold.");
    if let Ok(gold) = serde_json::from_slice::<Gold>(bytes) {
        find_problems(&article, &gold, &["Paris"]);
    }
}

/// Annotated data sets in all supported formats; a zero byte separates the two files of brat. Every span is in its text.
fn annotations(bytes: &[u8]) {
    let (path, text) = (Path::new("bytes"), text(bytes));
    let check = |annotated: &AnnotatedText| {
        let of_tokens = annotated.tokens.as_ref();
        for span in annotated.entities.iter().map(|entity| entity.span) {
            assert!(span.start < span.end);
            match of_tokens {
                Some(tokens) => assert!(span.end <= tokens.len()),
                None => assert!(!span.of(&annotated.text).trim().is_empty()),
            }
        }
        of_tokens.into_iter().flatten().for_each(|token| assert!(!token.of(&annotated.text).is_empty()));
    };
    if let Ok(data) = entities::parse(path, &text, &EntityDataOptions::default()) {
        data.texts.iter().for_each(check);
    }
    let (article, lines) = text.split_once('\0').unwrap_or(("", &text));
    let (map, mut notes) = (LabelMap::default(), Notes::default());
    if let Ok(annotated) =
        brat::parse(path, "bytes", article.into(), lines, &mut Labels::new(&map), &mut notes)
    {
        check(&annotated);
    }
    match stance::parse(path, &text) {
        Ok(StanceData::Mentions(mentions)) => {
            for mention in mentions {
                let places = [Some(mention.span), mention.holder].into_iter().flatten();
                places.for_each(|place| assert!(!place.of(&mention.sentence).is_empty()));
            }
        }
        Ok(StanceData::Documents(documents)) => {
            assert!(documents.iter().all(|document| !document.article.text.is_empty()));
        }
        Err(_) => {}
    }
    if let Ok(summarised) = summaries::parse(path, &text, &summaries::SummaryDataOptions::default()) {
        assert!(summarised.iter().all(|one| !one.references.is_empty()));
    }
}

/// Pairs of sentences, and events with their articles.
fn events_and_pairs(bytes: &[u8]) {
    if let Ok(ComparisonData::Events(events)) = events::parse(Path::new("bytes"), &text(bytes)) {
        assert!(events.iter().all(|event| !event.id.is_empty()));
    }
}

/// The journal of batch runs. Parsing only the valid prefix gives the same entries.
fn journal_entries(bytes: &[u8]) {
    let entries = |bytes: &[u8]| journal::entries(bytes).expect("memory can be read");
    let found = entries(bytes);
    let good = found.last().map_or(0, |(_, end)| *end as usize);
    assert_eq!(entries(&bytes[..good]), found);
}

/// References to models. None leads out of its own folder of the cache.
fn reference(bytes: &[u8]) {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::builtin);
    let text = text(bytes);
    if let Ok(model) = text.parse::<HubModel>() {
        assert_eq!(model.to_string().parse::<HubModel>().ok().as_ref(), Some(&model));
        let parts = model.repository() + "/" + model.revision();
        assert!(parts.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{parts}");
    }
    let _ = Reference::parse(&text, &REGISTRY);
}

/// The configuration of a checkpoint, its labels, and the settings of the DeBERTa family, which we read ourselves; and the
/// index of sharded weights.
fn checkpoint(bytes: &[u8]) {
    let text = text(bytes);
    let folder = Path::new("folder");
    if let Ok(names) = shard_names(&text) {
        assert!(names.iter().all(|name| folder.join(name).parent() == Some(folder)));
    }
    if let Ok(checkpoint) = Checkpoint::parse(folder, &text) {
        let _ = checkpoint.labels();
        assert!((8..=4096).contains(&checkpoint.max_tokens()));
        for generation in [Generation::First, Generation::Second] {
            let _ = DebertaConfig::of(&checkpoint, generation);
        }
    }
}

/// The sentence splitter. Sentences are in order and on character boundaries, and between them are only white space and
/// the marks of quoted mail.
fn split_sentences(bytes: &[u8]) {
    let text = text(bytes);
    let points = CodePoints::new(&text);
    let is_between = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '>');
    let mut at = 0;
    for sentence in sentences(&text) {
        let span = sentence.span;
        assert!(at <= span.start && span.start < span.end && span.end <= text.len());
        assert!(is_between(&text[at..span.start]));
        assert_eq!(span.of(&text).trim(), span.of(&text));
        assert_eq!(unfolded(span.of(&text)).len(), span.of(&text).len());
        assert_eq!(points.at(span.end) - points.at(span.start), span.of(&text).chars().count());
        at = span.end;
    }
    assert!(is_between(&text[at..]));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
