//! The manifest of a pack, the search for it, and its verification.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tch::{Device, Kind};

use super::ModelError;
use super::tensors::Tensors;

/// The pack that comes with Wirelens.
pub const BUNDLED: &str = "compact";
/// Environment variable that names a pack or its folder.
pub const VARIABLE: &str = "WIRELENS_PACK";
/// Name of the manifest in the folder of a pack.
pub(crate) const MANIFEST: &str = "pack.toml";
const SCHEMA: u32 = 1;

/// `pack.toml`. Unknown fields are refused: a typing error must not silently change a model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format; 1.
    pub schema: u32,
    pub name: String,
    pub version: String,
    pub description: String,
    pub licence: String,
    /// ISO 639-1 code of the language it was trained on.
    pub language: String,
    pub encoder: EncoderSpec,
    pub heads: HeadsSpec,
    /// Every file of the pack but the manifest and the model card, by name.
    pub files: BTreeMap<String, FileSpec>,
}

impl Manifest {
    /// Reads a manifest and checks that it makes sense; says what does not.
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
        for name in [&encoder.weights, &encoder.config, &encoder.tokenizer] {
            if !manifest.files.contains_key(name) {
                return Err(format!("uses '{name}', which its [files] do not list"));
            }
        }
        if !encoder.weights.ends_with(".safetensors") {
            return Err(format!("uses the weights '{}'; only .safetensors are read", encoder.weights));
        }
        if encoder.max_tokens < 16 {
            return Err(format!("has max_tokens {}; at least 16 are needed", encoder.max_tokens));
        }
        Ok(manifest)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncoderSpec {
    /// Architecture: a name of `families::encoder`.
    pub family: String,
    pub weights: String,
    pub config: String,
    pub tokenizer: String,
    /// The longest input in tokens, with [CLS] and [SEP].
    pub max_tokens: usize,
    /// Whether `--precision auto` may read in bfloat16 on a CPU that has it in hardware: only where
    /// that was seen to leave the findings as they are.
    pub bf16_on_cpu: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadsSpec {
    /// BIO labels in the order of the entity head's outputs.
    pub entities: Vec<String>,
    /// Stance labels in the order of the stance head's outputs.
    pub stance: Vec<String>,
    /// Heads of the attention by which a mention looks over its sentence; the sizes of its vectors do not tell.
    #[serde(default = "six")]
    pub stance_attention_heads: u32,
    /// Labels of what a holder thinks of a target; none where the pack does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directed: Option<Vec<String>>,
    /// The parts of an attribution that the pack finds; none where it finds none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Vec<String>>,
}

fn six() -> u32 {
    6
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    pub bytes: u64,
    pub sha256: String,
}

/// A pack that was found, with a manifest that makes sense. Its files are not yet checked.
#[derive(Debug, Clone)]
pub struct Pack {
    pub folder: PathBuf,
    pub manifest: Manifest,
}

/// The pack that is wanted: the one that is named, else the one that `WIRELENS_PACK` names, else the bundled one.
pub fn wanted_name(named: Option<&str>) -> String {
    let from_environment = || std::env::var(VARIABLE).ok().filter(|value| !value.is_empty());
    named.map(String::from).or_else(from_environment).unwrap_or_else(|| BUNDLED.into())
}

impl Pack {
    /// Finds a pack by name or folder; without one, the one that `WIRELENS_PACK` names, or the bundled one.
    ///
    /// A name is looked for in a `models` folder beside the program (also `../share/wirelens/models`),
    /// in the checkout the program was built in, and in the user's data directory, in this order.
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

    /// Checks every listed file against its size and SHA-256.
    ///
    /// # Errors
    /// The first file that is missing, of another size, altered, or a link that leaves the folder.
    pub fn verify(&self) -> Result<(), ModelError> {
        self.verify_but(&[])
    }

    /// Checks every listed file but those that are checked as they are read.
    ///
    /// # Errors
    /// As for [`Pack::verify`].
    pub fn verify_but(&self, others: &[&String]) -> Result<(), ModelError> {
        for name in self.manifest.files.keys().filter(|name| !others.contains(name)) {
            let path = self.checked_path(name)?;
            let found = sha256(&path).map_err(|error| unreadable(&path, &error))?;
            self.check_digest(name, &found)?;
        }
        Ok(())
    }

    /// The bytes of a listed file, which are those of the manifest.
    ///
    /// # Errors
    /// As for [`Pack::verify`].
    pub fn read(&self, name: &str) -> Result<Vec<u8>, ModelError> {
        let path = self.checked_path(name)?;
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        self.check_digest(name, &hex(&Sha256::digest(&bytes)))?;
        Ok(bytes)
    }

    /// The weights, each in the precision of its name (as it is stored where there is none); they are those of the manifest.
    ///
    /// # Errors
    /// As for [`Pack::verify`] and [`Tensors::read_hashed`].
    pub fn weights(
        &self,
        precision: impl Fn(&str) -> Option<Kind>,
        device: Device,
    ) -> Result<Tensors, ModelError> {
        let name = &self.manifest.encoder.weights;
        let (tensors, digest) = Tensors::read_hashed(&self.checked_path(name)?, precision, device)?;
        self.check_digest(name, &digest)?;
        Ok(tensors)
    }

    /// Where a listed file really lies: in the pack's folder, with the size that the manifest says.
    fn checked_path(&self, name: &str) -> Result<PathBuf, ModelError> {
        let path = self.path(name);
        let bad = |reason: String| ModelError::pack(&path, reason);
        let root = fs::canonicalize(&self.folder).map_err(|error| unreadable(&self.folder, &error))?;
        let real = fs::canonicalize(&path)
            .map_err(|error| bad(format!("is missing from the pack ({error}); restore it")))?;
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

/// Folders that may hold packs, in the order they are searched.
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

pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => digest.update(&block[..read]),
        }
    }
    Ok(hex(&digest.finalize()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
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
