//! The rooms of the code, from bottom to top: each uses only what stands below it.
//!
//! A *room* is a folder or a file of `src/`. Their order is that of the table in CONTRIBUTING.md, which is read here, so
//! that the table cannot differ from the code. What a file uses is recognised by its paths (`crate::room::…`,
//! `super::file::…`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// Rooms in the order of the table, the lowest first.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(crate::common::root().join("CONTRIBUTING.md")).unwrap();
    let row = Regex::new(r"(?m)^\| `src/([a-z]+)(?:/|\.rs)` \|").unwrap();
    row.captures_iter(&text).map(|found| found[1].to_owned()).collect()
}

/// Files of `src/` below the given folder, with their text.
fn files() -> Vec<(PathBuf, String)> {
    let src = crate::common::root().join("src");
    let entries = walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().map(Result::unwrap);
    entries
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"))
        .map(|entry| {
            let path = entry.path().strip_prefix(&src).unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// The room of a name that `lib.rs` exports.
fn home(name: &str) -> &str {
    match name {
        "Analysis" => "analysis",
        "Analyzer" | "ModelFolder" | "Request" | "ModelOptions" | "Task" => "analyzer",
        "Article" => "article",
        "Pack" => "model",
        room => room,
    }
}

/// The text without its comments.
fn code(text: &str) -> String {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^\s*//.*$").unwrap());
    COMMENT.replace_all(text, "").into_owned()
}

/// Names that follow `crate::`, also in braces.
fn used(text: &str) -> BTreeSet<String> {
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::(?:(\w+)|\{([^;]*)\})").unwrap());
    static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|,)\s*(\w+)").unwrap());
    static INNER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[^{}]*\}").unwrap());
    let mut found = BTreeSet::new();
    for path in PATH.captures_iter(&code(text)) {
        match (path.get(1), path.get(2)) {
            (Some(name), _) => drop(found.insert(home(name.as_str()).to_owned())),
            (None, Some(names)) => {
                // Only the outermost names of a group are rooms.
                let flat = INNER.replace_all(names.as_str(), "").into_owned();
                found.extend(NAME.captures_iter(&flat).map(|name| home(&name[1]).to_owned()));
            }
            _ => {}
        }
    }
    found
}

/// The uses of other rooms that a file must not have.
fn complaints(order: &[String], path: &Path, text: &str) -> Vec<String> {
    let room = path.components().next().unwrap().as_os_str().to_string_lossy();
    let room = room.trim_end_matches(".rs");
    let place = |name: &str| order.iter().position(|room| room == name);
    let Some(own) = place(room) else {
        return vec![format!("src/{}: '{room}' is no room of CONTRIBUTING.md", path.display())];
    };
    let names = used(text).into_iter().filter(|name| name != room);
    names
        .filter_map(|name| match place(&name) {
            Some(other) if other < own => None,
            Some(_) => Some(format!("src/{}: '{room}' uses '{name}', which stands above it", path.display())),
            None => {
                Some(format!("src/{}: uses '{name}', which is no room of CONTRIBUTING.md", path.display()))
            }
        })
        .collect()
}

#[test]
fn each_room_uses_only_what_stands_below_it() {
    let order = rooms();
    let inside = files();
    let outside = ["lib.rs", "main.rs"].map(Path::new);
    let found: Vec<String> = inside
        .iter()
        .filter(|(path, _)| !outside.contains(&path.as_path()))
        .flat_map(|(path, text)| complaints(&order, path, text))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn uses_of_rooms_above_are_noticed() {
    let order: Vec<String> = ["article", "compute", "model"].map(String::from).to_vec();
    let of = |path: &str, text: &str| complaints(&order, Path::new(path), text);
    assert!(of("compute/mod.rs", "use crate::article::Span;\nuse crate::{Article};").is_empty());
    assert_eq!(of("compute/mod.rs", "use crate::model::ModelError;").len(), 1);
    assert_eq!(of("compute/mod.rs", "use crate::{Article, Pack};").len(), 1);
    assert_eq!(of("article/mod.rs", "fn f() { crate::compute::g() }").len(), 1);
    assert_eq!(of("compute/mod.rs", "use crate::{article::{Span, model}, model::{A, B}};").len(), 1);
    assert!(of("article/mod.rs", "// crate::model is not for us").is_empty());
    assert_eq!(of("attic/mod.rs", "").len(), 1);
}

/// The module that a file is, as its path below `src` without the ending; a folder's own file is the folder.
fn module(path: &Path) -> String {
    let name = path.with_extension("").to_string_lossy().replace('\\', "/");
    name.strip_suffix("/mod").map_or(name.clone(), String::from)
}

/// Modules of the same folder that a file names by `super::`.
fn neighbours(path: &Path, text: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bsuper::(?:(\w+)|\{([^;]*)\})").unwrap());
    static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+").unwrap());
    let own = module(path);
    let Some((folder, _)) = own.rsplit_once('/') else { return BTreeSet::new() };
    // Tests inside a file say `super` of the file itself.
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for path in PATH.captures_iter(text) {
        let names = path.get(1).or(path.get(2)).map_or("", |found| found.as_str());
        for name in NAME.find_iter(names) {
            let module = format!("{folder}/{}", name.as_str());
            found.extend((module != own && modules.contains(&module)).then_some(module));
        }
    }
    found
}

#[test]
fn files_of_a_room_do_not_use_each_other_in_a_circle() {
    let files = files();
    let modules: BTreeSet<String> = files.iter().map(|(path, _)| module(path)).collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = files
        .iter()
        .filter(|(path, _)| !path.ends_with("mod.rs"))
        .map(|(path, text)| (module(path), neighbours(path, text, &modules)))
        .collect();
    assert!(uses["batch/gather"].contains("batch/record"), "paths are no longer understood: {uses:?}");
    // Remove the files that use none of those left. What stays is in a circle, or uses a file in one.
    while let Some(done) = uses.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| name.clone()) {
        uses.remove(&done);
        uses.values_mut().for_each(|used| {
            used.remove(&done);
        });
        let known: BTreeSet<String> = uses.keys().cloned().collect();
        uses.values_mut().for_each(|used| used.retain(|name| known.contains(name)));
    }
    assert!(uses.is_empty(), "files use each other in a circle: {uses:?}");
}
