//! The gold: what annotators found in each article, as `eval/GUIDE.md` defines it.
//!
//! A folder of gold holds `articles/<id>.txt`, `gold/<id>.json` and `targets.toml`; `gold/passes/` keeps
//! what each annotator said before the two were reconciled. Offsets are code points, as in results.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::EvalError;
use super::check::problems;
use crate::Article;
use crate::analysis::Place;
use crate::entities::EntityType;
use crate::stance::{Label, Target};

pub const GOLD_SCHEMA: u32 = 1;

/// What is to be found in one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    pub schema_version: u32,
    /// The article's file name without extension.
    pub id: String,
    /// Code points of the article's text.
    pub characters: usize,
    pub entities: Vec<GoldEntity>,
    pub facts: Vec<Fact>,
    pub summaries: Vec<Reference>,
    pub stance: Vec<GoldStance>,
}

/// An entity with all its mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldEntity {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: EntityType,
    pub mentions: Vec<Place>,
}

/// One thing that the article tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub id: String,
    /// 3: the news itself; 2: needed to understand it; 1: background.
    pub weight: u32,
    pub fact: String,
    /// Sentences of the article that state it.
    pub support: Vec<Place>,
}

/// A summary written by an annotator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub length: ReferenceLength,
    pub text: String,
    /// Ids of the facts that it states, in the annotator's judgement.
    pub facts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceLength {
    Sentence,
    Short,
    Long,
}

impl ReferenceLength {
    pub const ALL: [Self; 3] = [Self::Sentence, Self::Short, Self::Long];

    /// Fewest and most words, by the guide.
    pub fn words(self) -> (usize, usize) {
        match self {
            Self::Sentence => (1, 35),
            Self::Short => (50, 70),
            Self::Long => (105, 135),
        }
    }
}

/// How the article stands towards one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldStance {
    pub target: String,
    pub label: Label,
    /// Every sentence that mentions the target.
    pub sentences: Vec<GoldSentence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldSentence {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub label: Label,
    /// Who says it; null where the outlet itself speaks.
    pub speaker: Option<String>,
}

/// A folder of gold, read and found sound.
pub struct GoldSet {
    pub folder: PathBuf,
    /// In the order of their ids.
    pub articles: Vec<(Article, Gold)>,
    pub targets: Vec<Target>,
    /// SHA-256 over the articles, the gold and the targets.
    pub hash: String,
}

impl GoldSet {
    /// Reads and checks a folder of gold.
    ///
    /// # Errors
    /// When a file is missing or unreadable, or any offset, id, label or quotation is wrong: all are named.
    pub fn load(folder: &Path) -> Result<Self, EvalError> {
        let set = Self::read(folder, &folder.join("gold"))?;
        match set.problems() {
            problems if problems.is_empty() => Ok(set),
            problems => Err(EvalError::Gold(problems)),
        }
    }

    /// Reads the gold in `annotations` for the articles of `folder`, sound or not.
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
        let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { folder: folder.into(), articles, targets, hash })
    }

    /// Everything that is wrong, as "article: place: what".
    pub fn problems(&self) -> Vec<String> {
        let targets: Vec<&str> = self.targets.iter().map(|target| target.name.as_str()).collect();
        let each = self.articles.iter().flat_map(|(article, gold)| {
            problems(article, gold, &targets).into_iter().map(|problem| format!("{}: {problem}", article.id))
        });
        each.collect()
    }

    /// The folder to use where none was named: `eval` here, or in the checkout the program was built in.
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
