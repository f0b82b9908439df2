//! Finds a pack, reads its manifest and verifies its files.
//!
//! The **manifest** is `pack.toml`: it describes the encoder and the heads, and lists every file with its size and SHA-256.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tch::{Device, Kind};

use super::ModelError;
use super::digest::{hex, sha256_file};
use super::tensors::Tensors;

/// The pack that comes with Wirelens.
pub const BUNDLED: &str = "compact";
/// Environment variable with the name or the folder of a pack.
pub const VARIABLE: &str = "WIRELENS_PACK";
/// Name of the manifest in the folder of a pack.
pub(crate) const MANIFEST: &str = "pack.toml";
const SCHEMA: u32 = 1;

/// The manifest, `pack.toml`. Unknown fields are errors: a mistyped name must not silently change a model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format; 1.
    pub schema: u32,
    /// Name of the pack, which is that of its folder.
    pub name: String,
    /// Version of the pack.
    pub version: String,
    /// What the pack is, in a sentence.
    pub description: String,
    /// Licence of the weights.
    pub licence: String,
    /// ISO 639-1 code of the language it was trained on.
    pub language: String,
    /// The encoder.
    pub encoder: EncoderSpec,
    /// The heads on top of it.
    pub heads: HeadsSpec,
    /// What reads two sentences together; none in packs without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<PartSpec>,
    /// What tells positions for or against a target; none in packs without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<PartSpec>,
    /// Every file of the pack except the manifest and the model card, by name.
    pub files: BTreeMap<String, FileSpec>,
}

impl Manifest {
    /// Parses a manifest and checks it; the error says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self =
            toml::from_str(text).map_err(|error| format!("is not a pack manifest: {error}"))?;
        if manifest.schema != SCHEMA {
            return Err(format!("has schema {}, and this program knows {SCHEMA}", manifest.schema));
        }
        for name in manifest.files.keys() {
            if !is_plain_name(name) {
                return Err(format!("names a file '{name}', which is not a file in the pack's folder"));
            }
        }
        let encoder = &manifest.encoder;
        let added = [&manifest.joint, &manifest.position].into_iter().flatten().map(|part| &part.weights);
        let parts = encoder.base.iter().map(|base| &base.weights).chain(added);
        for name in [&encoder.weights, &encoder.config, &encoder.tokenizer].into_iter().chain(parts.clone()) {
            if !manifest.files.contains_key(name) {
                return Err(format!("uses '{name}', which its [files] do not list"));
            }
        }
        for weights in [&encoder.weights].into_iter().chain(parts) {
            if !weights.ends_with(".safetensors") {
                return Err(format!("uses the weights '{weights}'; only .safetensors are read"));
            }
        }
        if encoder.max_tokens < 16 {
            return Err(format!("has max_tokens {}; at least 16 are needed", encoder.max_tokens));
        }
        Ok(manifest)
    }
}

/// The encoder of a pack. File names are keys of [`Manifest::files`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncoderSpec {
    /// Architecture: a name that `families::encoder` knows.
    pub family: String,
    /// File of the weights of encoder and heads.
    pub weights: String,
    /// File of the encoder's configuration.
    pub config: String,
    /// File of the tokenizer.
    pub tokenizer: String,
    /// The longest input in tokens, with `[CLS]` and `[SEP]`.
    pub max_tokens: usize,
    /// Whether `--precision auto` may use bfloat16 on a processor that has it in hardware. True only if it was measured
    /// that this leaves the findings as they are.
    pub bf16_on_cpu: bool,
    /// The published encoder that `weights` are updates of; none where they are whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseSpec>,
}

/// A published encoder. Its file is a key of [`Manifest::files`], but is too large to come with the pack: it is fetched once.
///
/// The weights of the pack are then updates of low rank (Hu et al. 2021), and whole tensors for all that is small.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseSpec {
    /// File of its weights, whose names lack the prefix of the family.
    pub weights: String,
    /// The command that fetches the file.
    pub fetch: String,
}

/// The heads of a pack.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadsSpec {
    /// BIO labels in the order of the entity head's outputs.
    pub entities: Vec<String>,
    /// Stance labels in the order of the stance head's outputs.
    pub stance: Vec<String>,
    /// Number of attention heads in the stance head. The shapes of its weights do not tell it.
    #[serde(default = "default_attention_heads")]
    pub stance_attention_heads: u32,
    /// Labels in the order of the outputs of the directed head (what a holder thinks of a target); none without such a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directed: Option<Vec<String>>,
    /// The parts of an attribution, in the order of the attribution head's outputs; none without such a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Vec<String>>,
}

/// A part of a pack with weights of its own, which was trained after the encoder. The file name is a key of [`Manifest::files`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartSpec {
    /// File of the weights: a head, and for joint readings the updates to the encoder's weights.
    pub weights: String,
}

fn default_attention_heads() -> u32 {
    6
}

/// What a file of a pack must be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A pack with a valid manifest. Its files are not checked until they are read or [`Pack::verify`] is called.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Where its files are.
    pub folder: PathBuf,
    /// What the pack says of itself.
    pub manifest: Manifest,
}

/// The name or folder of the pack to use: `named`, else the value of `WIRELENS_PACK`, else the bundled pack.
pub fn wanted_name(named: Option<&str>) -> String {
    let from_environment = || std::env::var(VARIABLE).ok().filter(|value| !value.is_empty());
    named.map(String::from).or_else(from_environment).unwrap_or_else(|| BUNDLED.into())
}

impl Pack {
    /// Finds a pack by name or folder; without one, the one in `WIRELENS_PACK`, or the bundled one.
    ///
    /// A name is searched for in this order: in the folder `models` beside the program, in `../share/wirelens/models`,
    /// in the checkout that the program was built in, and in the user's data directory.
    ///
    /// # Errors
    /// When no such pack is found, or its manifest cannot be used.
    pub fn find(wanted: Option<&str>) -> Result<Self, ModelError> {
        let name = wanted_name(wanted);
        let mut places = Vec::new();
        if name.contains(['/', '\\']) || Path::new(&name).join(MANIFEST).is_file() {
            places.push(PathBuf::from(&name));
        } else {
            places.extend(search_path().into_iter().map(|folder| folder.join(&name)));
        }
        match places.iter().find(|folder| folder.join(MANIFEST).is_file()) {
            Some(folder) => Self::open(folder),
            None => Err(ModelError::NoPack {
                name,
                places: places.iter().map(|place| place.display().to_string()).collect(),
            }),
        }
    }

    /// Reads and checks the manifest in `folder`.
    ///
    /// # Errors
    /// When the manifest cannot be read or is not valid.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join(MANIFEST);
        let bad = |reason: String| ModelError::pack(&path, reason);
        let text = fs::read_to_string(&path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let manifest = Manifest::parse(&text).map_err(bad)?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// The path of a listed file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The published encoder of this pack, if it has one and it was not fetched yet.
    pub fn unfetched_base(&self) -> Option<&BaseSpec> {
        self.manifest.encoder.base.as_ref().filter(|base| !self.path(&base.weights).exists())
    }

    /// Checks every listed file against its size and SHA-256.
    ///
    /// # Errors
    /// When a file is missing, has another size or content, or is a link that leaves the folder. The first such file is
    /// named.
    pub fn verify(&self) -> Result<(), ModelError> {
        self.verify_except(&[])
    }

    /// Checks every listed file except `others`, which are checked when they are read.
    ///
    /// # Errors
    /// As for [`Pack::verify`].
    pub fn verify_except(&self, others: &[&String]) -> Result<(), ModelError> {
        for name in self.manifest.files.keys().filter(|name| !others.contains(name)) {
            let path = self.checked_path(name)?;
            let found = sha256_file(&path).map_err(|error| unreadable(&path, &error))?;
            self.check_digest(name, &found)?;
        }
        Ok(())
    }

    /// Reads and checks a listed file.
    ///
    /// # Errors
    /// As for [`Pack::verify`].
    pub fn read(&self, name: &str) -> Result<Vec<u8>, ModelError> {
        let path = self.checked_path(name)?;
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        self.check_digest(name, &hex(&Sha256::digest(&bytes)))?;
        Ok(bytes)
    }

    /// Reads and checks a listed file of weights. `precision` gives the number format for each name; with none, a tensor
    /// keeps its own.
    ///
    /// # Errors
    /// As for [`Pack::verify`] and [`Tensors::read_hashed`].
    pub fn weights(
        &self,
        name: &str,
        precision: impl Fn(&str) -> Option<Kind>,
        device: Device,
    ) -> Result<Tensors, ModelError> {
        let (tensors, digest) = Tensors::read_hashed(&self.checked_path(name)?, precision, device)?;
        self.check_digest(name, &digest)?;
        Ok(tensors)
    }

    /// The path of a listed file without links, after checking that it is in the pack's folder and has the listed size.
    fn checked_path(&self, name: &str) -> Result<PathBuf, ModelError> {
        let path = self.path(name);
        let bad = |reason: String| ModelError::pack(&path, reason);
        let root = fs::canonicalize(&self.folder).map_err(|error| unreadable(&self.folder, &error))?;
        let real = fs::canonicalize(&path).map_err(|error| match &self.manifest.encoder.base {
            Some(base) if base.weights == name && error.kind() == io::ErrorKind::NotFound => {
                bad(format!("is not here yet; fetch it with `{}`", base.fetch))
            }
            _ => bad(format!("is missing from the pack ({error}); restore it")),
        })?;
        if !real.starts_with(&root) {
            return Err(bad("is a link that leaves the pack's folder".into()));
        }
        let bytes = fs::metadata(&real).map_err(|error| bad(error.to_string()))?.len();
        match self.manifest.files.get(name) {
            Some(wanted) if wanted.bytes == bytes => Ok(real),
            Some(wanted) => {
                let wanted = wanted.bytes;
                Err(bad(format!("has {bytes} bytes where the manifest says {wanted}; restore it")))
            }
            None => Err(bad("is not listed in the manifest".into())),
        }
    }

    /// Compares the SHA-256 of a listed file with the manifest.
    fn check_digest(&self, name: &str, found: &str) -> Result<(), ModelError> {
        let wanted = &self.manifest.files[name].sha256;
        if found.eq_ignore_ascii_case(wanted) {
            return Ok(());
        }
        let reason =
            format!("was altered: its SHA-256 is {found}, and the manifest says {wanted}; restore it");
        Err(ModelError::pack(&self.path(name), reason))
    }
}

fn unreadable(path: &Path, error: &io::Error) -> ModelError {
    ModelError::pack(path, format!("cannot be read: {error}"))
}

/// Folders that may hold packs, in the order of the search.
fn search_path() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let program = std::env::current_exe().and_then(fs::canonicalize).ok();
    if let Some(beside) = program.as_deref().and_then(Path::parent) {
        folders.push(beside.join("models"));
        if let Some(above) = beside.parent() {
            folders.push(above.join("share/wirelens/models"));
        }
    }
    folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
    if let Some(data) = dirs::data_dir() {
        folders.push(data.join("wirelens/models"));
    }
    folders
}

/// Whether a name from a manifest is a single path component.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
        && !name.contains(['/', '\\', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder() {
        for good in ["model.safetensors", "a b"] {
            assert!(is_plain_name(good), "{good}");
        }
        for bad in ["../x", "/etc/passwd", "a/b", "..", "", ".", "c:x", "a\\b"] {
            assert!(!is_plain_name(bad), "{bad}");
        }
    }
}
