//! Finds the *sources* that an input stands for, each a file or standard input, and counts the files that are skipped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::formats::{self, Format};
use super::{InputError, InputOptions, start};

/// Something that articles are read from.
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// Sources, found one by one: a folder may have more files than their names fit into memory.
pub type Sources = Box<dyn Iterator<Item = Result<Source, InputError>>>;

/// Counts the files of folders and patterns that are not read, because their format is not known, by their endings. Clones
/// share their counts.
#[derive(Debug, Clone, Default)]
pub struct PassedOver(Arc<Mutex<BTreeMap<String, u64>>>);

impl PassedOver {
    /// Most endings that are counted apart.
    const KINDS: usize = 100;

    fn add(&self, path: &Path) {
        let mut kind =
            formats::ending(path).map_or("without an ending".into(), |ending| format!(".{ending}"));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= Self::KINDS && !counts.contains_key(&kind) {
            kind = "others".into();
        }
        *counts.entry(kind).or_default() += 1;
    }

    /// A sentence that says how many files with which endings were not read; `None` where there were none.
    pub fn note(&self) -> Option<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u64 = counts.values().sum();
        let mut kinds: Vec<(&String, &u64)> = counts.iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let files = if all == 1 { "1 file was" } else { &format!("{all} files were") };
        (all > 0).then(|| format!("{files} skipped, of kinds that are not read: {}", kinds.join(", ")))
    }
}

/// Whether an input is a glob pattern. Where a file has that name, it is read as a file.
pub fn is_pattern(input: &str) -> bool {
    input.contains(['*', '?', '['])
}

/// Why an input is not read, where it is a web address and not a file; `None` where it is no address.
pub fn is_address(input: &str) -> Option<String> {
    let (scheme, rest) = input.split_once("://")?;
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_scheme && !rest.is_empty()).then(|| {
        "is an address, and Wirelens makes no requests for articles; fetch it first and name the file, or pipe it in, \
         for example: curl -sL ADDRESS | wirelens summarize -"
            .to_owned()
    })
}

/// The sources that an input stands for, or why there are none.
pub fn expand(input: &str, options: &InputOptions) -> Sources {
    let path = Path::new(input);
    if input == "-" {
        one(Ok(Source::Stdin))
    } else if path.is_dir() {
        folder(path, options)
    } else if path.exists() {
        one(Ok(Source::File(path.to_owned())))
    } else if input.is_empty() {
        one(Err(InputError::new("''", "is an empty name; a variable of the shell may not be set")))
    } else if let Some(reason) = is_address(input) {
        one(Err(InputError::new(input, reason)))
    } else if is_pattern(input) {
        pattern(input, options)
    } else {
        one(Err(InputError::new(input, "there is no such file or folder")))
    }
}

/// Size of all files that `inputs` stand for, in bytes; `None` where that is not known, as for standard input.
pub fn total_bytes(inputs: &[String], options: &InputOptions) -> Option<u64> {
    // Skipped files are counted when the articles are read, and must not be counted twice.
    let options = InputOptions { passed_over: PassedOver::default(), ..options.clone() };
    let sources = inputs.iter().flat_map(|input| expand(input, &options));
    sources
        .map(|source| match source {
            Ok(Source::File(path)) => path.metadata().ok().filter(|meta| meta.is_file()).map(|m| m.len()),
            Ok(Source::Stdin) => None,
            Err(_) => Some(0),
        })
        .sum()
}

fn one(source: Result<Source, InputError>) -> Sources {
    Box::new(std::iter::once(source))
}

/// The sources, or the error `none` where there are none.
fn or_error(found: impl Iterator<Item = Result<Source, InputError>> + 'static, none: InputError) -> Sources {
    let (mut found, mut none) = (found, Some(none));
    Box::new(std::iter::from_fn(move || match found.next() {
        Some(source) => {
            none = None;
            Some(source)
        }
        None => none.take().map(Err),
    }))
}

fn folder(path: &Path, options: &InputOptions) -> Sources {
    let (path, options) = (path.to_owned(), options.clone());
    let reason = format!("the folder holds no file of a kind that is read: {}", formats::all_endings());
    let none = InputError::new(path.display().to_string(), reason);
    let entries = walkdir::WalkDir::new(&path).follow_links(true).sort_by_file_name().into_iter();
    // A folder that the user names is read, whatever it is.
    let entries = entries.filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !belongs_to_page(entry.path())
    });
    let found = entries.filter_map(move |entry| match entry {
        Ok(entry) => {
            let wanted = entry.file_type().is_file() && is_wanted(entry.path(), &options);
            wanted.then(|| Ok(Source::File(entry.into_path())))
        }
        Err(error) => {
            let place = error.path().unwrap_or(&path).display().to_string();
            Some(Err(InputError::new(place, error.to_string())))
        }
    });
    or_error(found, none)
}

fn pattern(input: &str, options: &InputOptions) -> Sources {
    let options = options.clone();
    let paths = match glob::glob(input) {
        Ok(paths) => paths,
        Err(error) => return one(Err(InputError::new(input, format!("not a valid pattern: {error}")))),
    };
    let found = paths.filter_map(move |path| match path {
        Ok(path) => (path.is_file() && is_wanted(&path, &options)).then_some(Ok(Source::File(path))),
        Err(error) => Some(Err(InputError::new(error.path().display().to_string(), error.to_string()))),
    });
    or_error(found, InputError::new(input, "the pattern matches no file of a kind that is read"))
}

/// The ending of the journals of batch runs. They lie beside the outputs, and are JSON Lines without articles.
const JOURNAL: &str = "journal";

/// How the names of folders end in which browsers keep the frames, scripts and pictures of a page that they save, in the
/// languages of the browsers.
const ENDS_OF_PARTS: [&str; 7] =
    ["_files", "_file", "-Dateien", "_fichiers", "_archivos", "-filer", "_bestanden"];

/// Whether a folder holds the parts of a page that was saved beside it: `Strike_files` beside `Strike.html`.
fn belongs_to_page(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let stem = ENDS_OF_PARTS.iter().find_map(|end| name.strip_suffix(*end));
    stem.is_some_and(|stem| {
        ["html", "htm"].iter().any(|ending| path.with_file_name(format!("{stem}.{ending}")).is_file())
    })
}

/// Whether a program keeps a file beside another one that is read: what a Mac knows of a file (`._a.html`), and the sign of
/// Word that a file is open (`~$a.docx`). Their names end like those of the files.
fn belongs_to_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with("._") || name.starts_with("~$")
}

/// Whether a file that a folder or pattern holds is read. If it is not because its format is unknown, it is counted.
fn is_wanted(path: &Path, options: &InputOptions) -> bool {
    let is_other = belongs_to_file(path) || formats::ending(path).as_deref() == Some(JOURNAL);
    if is_other || is_left_out(path, options) {
        return false;
    }
    let known = options.format.is_some() || Format::of_name(path).is_some() || is_known_by_content(path);
    if !known {
        options.passed_over.add(path);
    }
    known
}

fn is_left_out(path: &Path, options: &InputOptions) -> bool {
    !options.without.is_empty()
        && path.canonicalize().is_ok_and(|path| options.without.iter().any(|out| path.starts_with(out)))
}

/// Whether the content of a file tells its format, where its name does not. Hidden files are left out: programs write them,
/// not people.
fn is_known_by_content(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let looked = || -> io::Result<bool> {
        let opened = start::open(Box::new(File::open(path)?), path, false)?;
        Ok(Format::of(path, &opened.start).is_some())
    };
    !is_hidden && looked().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_files_are_counted_by_ending() {
        let skipped = PassedOver::default();
        assert_eq!(skipped.note(), None);
        skipped.add(Path::new("a/b.png"));
        assert_eq!(skipped.note().as_deref(), Some("1 file was skipped, of kinds that are not read: 1 .png"));
        ["x", "c.PNG", "d.xlsx"].iter().for_each(|name| skipped.clone().add(Path::new(name)));
        let note = "4 files were skipped, of kinds that are not read: 2 .png, 1 .xlsx, 1 without an ending";
        assert_eq!(skipped.note().as_deref(), Some(note));
        (0..1000).for_each(|n| skipped.add(Path::new(&format!("a.x{n}"))));
        assert!(skipped.note().unwrap().len() < 2_000);
    }

    #[test]
    fn what_programs_keep_beside_a_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["Strike_files", "notes_files"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        for name in [
            "Strike.html",
            "Strike_files/frame.html",
            "notes_files/a.txt",
            "._Strike.html",
            "~$rain.docx",
            "rain.docx",
        ] {
            std::fs::write(folder.path().join(name), "Text.").unwrap();
        }
        let options = InputOptions::default();
        let names = |input: &Path| -> Vec<String> {
            let found = expand(input.to_str().unwrap(), &options);
            let paths = found.map(|source| match source {
                Ok(Source::File(path)) => path,
                _ => panic!("no file"),
            });
            paths.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(folder.path()), ["Strike.html", "a.txt", "rain.docx"]);
        assert_eq!(options.passed_over.note(), None);
        assert_eq!(names(&folder.path().join("Strike_files")), ["frame.html"], "a folder that is named");
    }

    #[test]
    fn addresses_are_told_from_names() {
        for address in ["https://example.org/a.html", "http://x", "ftp://example.org/a?b=*"] {
            assert!(is_address(address).is_some(), "{address}");
        }
        for name in ["a.txt", "://", "a/b://c", "news/*.txt", "C:\\a"] {
            assert!(is_address(name).is_none(), "{name}");
        }
    }
}
