//! Reads a folder of gold: `articles/<id>.txt`, `gold/<id>.json` and `targets.toml`. `gold/passes/` keeps the annotations
//! of each annotator from before the two were reconciled.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::EvalError;
use super::check::find_problems;
use super::gold::Gold;
use crate::Article;
use crate::model::digest::hex;
use crate::stance::Target;

/// The content of a folder of gold.
pub struct GoldSet {
    /// The folder.
    pub folder: PathBuf,
    /// Each article with its gold, in the order of their ids.
    pub articles: Vec<(Article, Gold)>,
    /// The targets of stance.
    pub targets: Vec<Target>,
    /// SHA-256 over the targets, the articles and the gold, in hexadecimal digits.
    pub hash: String,
}

impl GoldSet {
    /// Reads and checks a folder of gold.
    ///
    /// # Errors
    /// When a file is missing or cannot be read, or any offset, id, label or quotation is wrong; the error lists all.
    pub fn load(folder: &Path) -> Result<Self, EvalError> {
        let set = Self::read(folder, &folder.join("gold"))?;
        match set.problems() {
            problems if problems.is_empty() => Ok(set),
            problems => Err(EvalError::Gold(problems)),
        }
    }

    /// Reads the gold in the folder `annotations` for the articles of `folder`, without checking it
    /// ([`GoldSet::problems`] does).
    ///
    /// # Errors
    /// When a file is missing or cannot be read.
    pub fn read(folder: &Path, annotations: &Path) -> Result<Self, EvalError> {
        let targets_file = folder.join("targets.toml");
        if !folder.join("articles").is_dir() || !targets_file.is_file() {
            let reason = "is no folder of gold: it needs articles/, gold/ and targets.toml (--gold FOLDER)";
            return Err(EvalError::new(folder, reason));
        }
        let targets = Target::read_file(&targets_file)?;
        let texts = files(&folder.join("articles"), "txt")?;
        let golds = files(annotations, "json")?;
        let mut hash = Sha256::new();
        hash.update(fs::read(&targets_file).map_err(|error| EvalError::new(&targets_file, error))?);
        for (id, path) in &golds {
            if !texts.contains_key(id) {
                return Err(EvalError::new(
                    path,
                    format!("there is no article '{id}' in {}/articles", folder.display()),
                ));
            }
        }
        let mut articles = Vec::with_capacity(texts.len());
        for (id, path) in texts {
            let text = fs::read_to_string(&path).map_err(|error| EvalError::new(&path, error))?;
            let gold = golds.get(&id).ok_or_else(|| EvalError::new(&path, "the article has no gold"))?;
            let json = fs::read_to_string(gold).map_err(|error| EvalError::new(gold, error))?;
            hash.update(&text);
            hash.update(&json);
            let gold = serde_json::from_str(&json).map_err(|error| EvalError::new(gold, error))?;
            articles.push((Article::new(id, text), gold));
        }
        let hash = hex(&hash.finalize());
        Ok(Self { folder: folder.into(), articles, targets, hash })
    }

    /// Everything that is wrong with the gold, each as "article: place in the file: what is wrong".
    pub fn problems(&self) -> Vec<String> {
        let targets: Vec<&str> = self.targets.iter().map(|target| target.name.as_str()).collect();
        let each = self.articles.iter().flat_map(|(article, gold)| {
            find_problems(article, gold, &targets)
                .into_iter()
                .map(|problem| format!("{}: {problem}", article.id))
        });
        each.collect()
    }

    /// The folder to use if none is named: `eval` in the current folder, or in the checkout that the program was built in.
    pub fn default_folder() -> PathBuf {
        let places = [PathBuf::from("eval"), Path::new(env!("CARGO_MANIFEST_DIR")).join("eval")];
        let found = places.iter().find(|place| place.join("gold").is_dir());
        found.unwrap_or(&places[0]).clone()
    }
}

/// Files of a folder with an extension, by their stems.
fn files(folder: &Path, extension: &str) -> Result<BTreeMap<String, PathBuf>, EvalError> {
    let entries = fs::read_dir(folder).map_err(|error| EvalError::new(folder, error))?;
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|error| EvalError::new(folder, error))?.path();
        if path.extension().is_some_and(|e| e == extension)
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
        {
            found.insert(stem.to_owned(), path);
        }
    }
    match found.is_empty() {
        true => Err(EvalError::new(folder, format!("there is no .{extension} file in it"))),
        false => Ok(found),
    }
}
