//! The tensors of a model's files by name, handed out one by one to the modules that compute with them.
//!
//! Nothing is computed before all of them have been handed out: a name that a module wanted and the files do not have,
//! one that no module wanted, or another shape is an error that names it ([`Tensors::finish`]).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor};

use super::ModelError;

/// What was read and not yet handed out, and what was asked for in vain.
pub struct Tensors {
    /// The file that errors name.
    file: PathBuf,
    tensors: BTreeMap<String, Tensor>,
    missing: Vec<String>,
    misfit: Option<String>,
}

/// The longest header that a safetensors file may have, in bytes, as in the format's reference implementation.
const LONGEST_HEADER: u64 = 100_000_000;

impl Tensors {
    /// Reads files as they are, without checking where they come from; `.ot` is rust-bert's format, all else is safetensors.
    ///
    /// # Errors
    /// When one cannot be read or is of another format.
    pub fn read(files: &[PathBuf]) -> Result<Self, ModelError> {
        let mut tensors = BTreeMap::new();
        for path in files {
            let bad = |what: &str, error| ModelError::pack(path, format!("is not a {what} file: {error}"));
            let found = match path.extension().is_some_and(|extension| extension == "ot") {
                true => Tensor::load_multi(path).map_err(|error| bad("rust-bert", error))?,
                false => Tensor::read_safetensors(path).map_err(|error| bad("safetensors", error))?,
            };
            tensors.extend(found);
        }
        let file = files.first().cloned().unwrap_or_default();
        Ok(Self { file, tensors, missing: Vec::new(), misfit: None })
    }

    /// Reads a safetensors file once, from its first byte to its last, and gives back its SHA-256 as well: what is
    /// computed with is then what was hashed, also where somebody writes to the file meanwhile. Each tensor is turned to
    /// the precision of its name, if there is one for it, as soon as it is read, so that no second copy of the file is in
    /// memory.
    ///
    /// # Errors
    /// When the file cannot be read or is no safetensors file of floating-point numbers.
    pub fn read_hashed(
        path: &Path,
        precision: impl Fn(&str) -> Option<Kind>,
        device: Device,
    ) -> Result<(Self, String), ModelError> {
        let bad = |reason: String| ModelError::pack(path, reason);
        let file = File::open(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let mut reader = Hashing { file, digest: Sha256::new() };
        let damaged = |error: io::Error| bad(format!("is not a safetensors file: {error}"));
        let turned = |name: &str, tensor: Tensor| {
            let kind = precision(name).unwrap_or_else(|| tensor.kind());
            tensor.to_device(device).to_kind(kind)
        };
        let tensors = each_tensor(&mut reader, turned).map_err(damaged)?;
        // What stands behind the last tensor belongs to the file, too.
        io::copy(&mut reader, &mut io::sink()).map_err(damaged)?;
        let digest: String = reader.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((Self { file: path.into(), tensors, missing: Vec::new(), misfit: None }, digest))
    }

    /// The size of a tensor that is still there.
    pub fn size(&self, name: &str) -> Option<Vec<i64>> {
        self.tensors.get(name).map(Tensor::size)
    }

    /// Hands a tensor out. Where there is none of that name and size, one of zeros: [`Tensors::finish`] then says so.
    pub fn take(&mut self, name: &str, size: &[i64]) -> Tensor {
        let found = self.tensors.remove(name);
        match found {
            Some(tensor) if tensor.size() == size => return tensor,
            Some(tensor) => {
                let found = tensor.size();
                let misfit = || format!("has '{name}' in shape {found:?} where the model has {size:?}");
                self.misfit.get_or_insert_with(misfit);
            }
            None => self.missing.push(name.into()),
        }
        Tensor::zeros(size, (Kind::Float, Device::Cpu))
    }

    /// Turns every tensor to a precision and brings it to a device.
    pub fn to(self, kind: Kind, device: Device) -> Self {
        let turned = |tensor: Tensor| tensor.to_device(device).to_kind(kind);
        let tensors = self.tensors.into_iter().map(|(name, tensor)| (name, turned(tensor))).collect();
        Self { tensors, ..self }
    }

    /// Changes every name.
    pub fn rename(self, change: impl Fn(String) -> String) -> Self {
        let tensors = self.tensors.into_iter().map(|(name, tensor)| (change(name), tensor)).collect();
        Self { tensors, ..self }
    }

    /// Gives `variable` what `source` has, where it has nothing of its own.
    pub fn tie(&mut self, variable: &str, source: &str) {
        if let Some(shared) = self.tensors.get(source).map(Tensor::shallow_clone) {
            self.tensors.entry(variable.to_owned()).or_insert(shared);
        }
    }

    /// The verdict, once all has been handed out. `unused` tells which names may be missing, `harmless` which tensors may
    /// be left over.
    ///
    /// # Errors
    /// What did not fit: a shape, or names that are missing or left over.
    pub fn finish(
        mut self,
        unused: impl Fn(&str) -> bool,
        harmless: impl Fn(&str, &Tensor) -> bool,
    ) -> Result<(), ModelError> {
        if let Some(misfit) = self.misfit {
            return Err(ModelError::pack(&self.file, misfit));
        }
        self.missing.retain(|name| !unused(name));
        self.missing.sort();
        let surplus = self.tensors.iter().filter(|(name, tensor)| !harmless(name, tensor));
        let surplus: Vec<String> = surplus.map(|(name, _)| name.clone()).collect();
        if self.missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        let (missing, surplus) = (some_of(&self.missing), some_of(&surplus));
        let reason = format!("does not fit the model: missing {missing}; surplus {surplus}");
        Err(ModelError::pack(&self.file, reason))
    }
}

/// Up to five names and how many more there are.
fn some_of(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len() {
        0 => "none".into(),
        n if n > 5 => format!("{} and {} more", shown.join(", "), n - 5),
        _ => shown.join(", "),
    }
}

/// Reads a file and hashes all that is read.
struct Hashing {
    file: File,
    digest: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// Reads a stream in the safetensors format (<https://huggingface.co/docs/safetensors>: length of the header in eight
/// bytes, header in JSON, tensors one behind the other) and turns each tensor into another as it comes.
fn each_tensor(
    reader: &mut Hashing,
    turned: impl Fn(&str, Tensor) -> Tensor,
) -> io::Result<BTreeMap<String, Tensor>> {
    let odd = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let bytes = reader.file.metadata()?.len();
    let mut length = [0; 8];
    reader.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(odd("its header is too long"));
    }
    let mut header = Vec::new();
    reader.by_ref().take(length).read_to_end(&mut header)?;
    let metadata: Metadata = serde_json::from_slice(&header)?;
    let mut infos: Vec<(String, &TensorInfo)> = metadata.tensors().into_iter().collect();
    infos.sort_by_key(|(_, info)| info.data_offsets);
    let (mut tensors, mut at) = (BTreeMap::new(), 0);
    for (name, info) in infos {
        let (start, end) = info.data_offsets;
        let kind =
            kind(info.dtype).ok_or_else(|| odd(&format!("'{name}' holds no floating-point numbers")))?;
        let numbers = info.shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        let size = numbers.and_then(|numbers| numbers.checked_mul(info.dtype.size()));
        if start != at || size.is_none() || end.checked_sub(start) != size {
            return Err(odd(&format!("'{name}' does not lie where its shape says")));
        }
        let shape: Vec<i64> = info.shape.iter().map(|&side| side as i64).collect();
        if (end as u64).saturating_add(8 + length) > bytes {
            return Err(odd(&format!("it ends within '{name}'")));
        }
        let tensor = Tensor::f_empty(shape, (kind, Device::Cpu)).map_err(io::Error::other)?;
        // SAFETY: a new tensor is contiguous memory of its own, as many bytes as its shape and kind say, and nobody else has it.
        let memory = unsafe { std::slice::from_raw_parts_mut(tensor.data_ptr().cast::<u8>(), end - start) };
        reader.read_exact(memory)?;
        let tensor = turned(&name, tensor);
        tensors.insert(name, tensor);
        at = end;
    }
    Ok(tensors)
}

fn kind(dtype: Dtype) -> Option<Kind> {
    match dtype {
        Dtype::F16 => Some(Kind::Half),
        Dtype::BF16 => Some(Kind::BFloat16),
        Dtype::F32 => Some(Kind::Float),
        Dtype::F64 => Some(Kind::Double),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A file with a header and as many zeros behind it.
    fn file(header: &str, zeros: usize) -> tempfile::NamedTempFile {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(vec![0; zeros]);
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        file
    }

    fn read(header: &str, zeros: usize) -> Result<(Tensors, String), String> {
        let file = file(header, zeros);
        Tensors::read_hashed(file.path(), |_| Some(Kind::Float), Device::Cpu)
            .map_err(|error| error.to_string())
    }

    const SOUND: &str = r#"{"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#;

    #[test]
    fn tensors_are_handed_out_once_and_all_of_them() {
        let (mut tensors, digest) = read(SOUND, 16).unwrap();
        assert_eq!(digest.len(), 64);
        assert_eq!(tensors.take("a", &[2, 3]).kind(), Kind::Float);
        let none = |_: &str| false;
        let error = tensors.finish(none, |_, _| false).unwrap_err().to_string();
        assert!(error.ends_with("missing none; surplus b"), "{error}");
        let (mut tensors, _) = read(SOUND, 16).unwrap();
        assert_eq!(tensors.take("c", &[1]).size(), [1]);
        assert!(
            tensors.finish(none, |_, _| true).unwrap_err().to_string().contains("missing c; surplus none")
        );
        let (mut tensors, _) = read(SOUND, 16).unwrap();
        assert_eq!(tensors.take("a", &[3, 2]).size(), [3, 2]);
        let error = tensors.finish(none, |_, _| true).unwrap_err().to_string();
        assert!(error.contains("has 'a' in shape [2, 3] where the model has [3, 2]"), "{error}");
    }

    #[test]
    fn headers_that_lie_are_refused() {
        for (header, zeros, reason) in [
            (SOUND, 15, "it ends within 'b'"),
            (&SOUND.replace("[12,16]", "[8,12]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("[12,16]", "[16,12]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("[2,3]", "[18446744073709551615,3]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("F32", "I32"), 16, "'b' holds no floating-point numbers"),
            ("[]", 0, "is not a safetensors file"),
        ] {
            let error = read(header, zeros).err().unwrap();
            assert!(error.contains(reason), "{reason}: {error}");
        }
    }
}
