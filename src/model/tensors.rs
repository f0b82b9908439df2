//! Reads the tensors of a model's files and gives them by name to the modules that compute with them.
//!
//! [`Tensors::finish`] must be called before anything is computed. It reports every name that a module asked for and
//! the files do not have, every tensor that no module took, and every wrong shape.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor};

use super::ModelError;
use super::digest::hex;

/// Tensors that were read and not yet taken, and the requests that failed.
pub struct Tensors {
    /// The file that error messages name.
    file: PathBuf,
    tensors: BTreeMap<String, Tensor>,
    /// Names that were asked for and are not in the files.
    missing: Vec<String>,
    /// Message about the first tensor that was asked for in another shape.
    wrong_shape: Option<String>,
}

/// Longest header of a safetensors file, in bytes, as in the format's reference implementation.
const LONGEST_HEADER: u64 = 100_000_000;

impl Tensors {
    /// Reads files without checking their hashes. Files ending in `.ot` are in rust-bert's format, all others are
    /// safetensors.
    ///
    /// # Errors
    /// When a file cannot be read or has another format.
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
        Ok(Self { file, tensors, missing: Vec::new(), wrong_shape: None })
    }

    /// Reads a safetensors file once, from first to last byte, and returns its SHA-256 too. So the hash is that of the
    /// tensors in use, even if another program writes to the file meanwhile.
    ///
    /// Each tensor is converted to the format that `precision` gives for its name (with none, it keeps its own) and
    /// moved to `device` as soon as it is read, so that memory never holds a second copy of the file.
    ///
    /// # Errors
    /// When the file cannot be read, or is no safetensors file with numbers as weights have them.
    pub fn read_hashed(
        path: &Path,
        precision: impl Fn(&str) -> Option<Kind>,
        device: Device,
    ) -> Result<(Self, String), ModelError> {
        let bad = |reason: String| ModelError::pack(path, reason);
        let file = File::open(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let mut reader = HashingReader { file, digest: Sha256::new() };
        let damaged = |error: io::Error| bad(format!("is not a safetensors file: {error}"));
        let converted = |name: &str, tensor: Tensor| to_format(name, tensor, &precision, device);
        let tensors = read_tensors(&mut reader, converted).map_err(damaged)?;
        // Bytes after the last tensor belong to the file's hash, too.
        io::copy(&mut reader, &mut io::sink()).map_err(damaged)?;
        let digest = hex(&reader.digest.finalize());
        Ok((Self { file: path.into(), tensors, missing: Vec::new(), wrong_shape: None }, digest))
    }

    /// The shape of a tensor that was not yet taken.
    pub fn size(&self, name: &str) -> Option<Vec<i64>> {
        self.tensors.get(name).map(Tensor::size)
    }

    /// Takes the tensor of a name and shape. If there is none, returns zeros, and [`Tensors::finish`] will report it.
    pub fn take(&mut self, name: &str, size: &[i64]) -> Tensor {
        let found = self.tensors.remove(name);
        match found {
            Some(tensor) if tensor.size() == size => return tensor,
            Some(tensor) => {
                let found = tensor.size();
                let wrong_shape = || format!("has '{name}' in shape {found:?} where the model has {size:?}");
                self.wrong_shape.get_or_insert_with(wrong_shape);
            }
            None => self.missing.push(name.into()),
        }
        Tensor::zeros(size, (Kind::Float, Device::Cpu))
    }

    /// Moves every tensor to a device, in the number format that `precision` gives for its name; with none, it keeps its own.
    pub fn to(self, precision: impl Fn(&str) -> Option<Kind>, device: Device) -> Self {
        let converted = |(name, tensor): (String, Tensor)| {
            let tensor = to_format(&name, tensor, &precision, device);
            (name, tensor)
        };
        Self { tensors: self.tensors.into_iter().map(converted).collect(), ..self }
    }

    /// Changes every name with a function.
    pub fn rename(self, change: impl Fn(String) -> String) -> Self {
        let tensors = self.tensors.into_iter().map(|(name, tensor)| (change(name), tensor)).collect();
        Self { tensors, ..self }
    }

    /// Leaves out the tensors that are `ignorable`.
    pub fn without(mut self, ignorable: impl Fn(&str, &Tensor) -> bool) -> Self {
        self.tensors.retain(|name, tensor| !ignorable(name, tensor));
        self
    }

    /// Adds updates of low rank to weights: where `updates` has `<name>.up` and `<name>.down`, `<name>.weight` becomes
    /// `weight + up · down`. All other tensors of `updates` are added to these.
    ///
    /// # Errors
    /// When an update has no weight, or does not fit it.
    pub fn update(&mut self, mut updates: Self) -> Result<(), ModelError> {
        let names: Vec<String> =
            updates.tensors.keys().filter_map(|name| name.strip_suffix(".up").map(String::from)).collect();
        for name in names {
            let mut factor = |part: &str| updates.tensors.remove(&format!("{name}.{part}"));
            let product = factor("up").zip(factor("down")).and_then(|(up, down)| up.f_matmul(&down).ok());
            let weight = self.tensors.get_mut(&format!("{name}.weight"));
            match (product, weight) {
                (Some(product), Some(weight)) if product.size() == weight.size() => {
                    *weight = (weight.to_kind(product.kind()) + product).to_kind(weight.kind());
                }
                _ => {
                    let reason = format!("has an update of '{name}.weight' that does not fit it");
                    return Err(ModelError::pack(&updates.file, reason));
                }
            }
        }
        self.tensors.extend(updates.tensors);
        Ok(())
    }

    /// Makes `variable` share the tensor of `source`, if it has none of its own.
    pub fn tie(&mut self, variable: &str, source: &str) {
        if let Some(shared) = self.tensors.get(source).map(Tensor::shallow_clone) {
            self.tensors.entry(variable.to_owned()).or_insert(shared);
        }
    }

    /// Checks that all tensors were taken and all requests succeeded. `unused` tells which names may be missing,
    /// `ignorable` which tensors may be left over.
    ///
    /// # Errors
    /// When a shape is wrong, or names are missing or left over: the message lists them.
    pub fn finish(
        mut self,
        unused: impl Fn(&str) -> bool,
        ignorable: impl Fn(&str, &Tensor) -> bool,
    ) -> Result<(), ModelError> {
        if let Some(wrong_shape) = self.wrong_shape {
            return Err(ModelError::pack(&self.file, wrong_shape));
        }
        self.missing.retain(|name| !unused(name));
        self.missing.sort();
        let surplus = self.tensors.iter().filter(|(name, tensor)| !ignorable(name, tensor));
        let surplus: Vec<String> = surplus.map(|(name, _)| name.clone()).collect();
        if self.missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        let (missing, surplus) = (first_names(&self.missing), first_names(&surplus));
        let reason = format!("does not fit the model: missing {missing}; surplus {surplus}");
        Err(ModelError::pack(&self.file, reason))
    }
}

/// A tensor on a device, in the number format that `precision` gives for its name; with none, it keeps its own.
fn to_format(name: &str, tensor: Tensor, precision: impl Fn(&str) -> Option<Kind>, device: Device) -> Tensor {
    let kind = precision(name).unwrap_or_else(|| tensor.kind());
    tensor.to_device(device).to_kind(kind)
}

/// Up to five names, and the number of the others.
fn first_names(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len() {
        0 => "none".into(),
        n if n > 5 => format!("{} and {} more", shown.join(", "), n - 5),
        _ => shown.join(", "),
    }
}

/// A reader that hashes all that is read through it.
struct HashingReader {
    file: File,
    digest: Sha256,
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// Reads the tensors of a safetensors file and applies `converted` to each.
///
/// The format (<https://huggingface.co/docs/safetensors>): the length of the header in eight bytes, the header in JSON,
/// then the tensors one after the other.
fn read_tensors(
    reader: &mut HashingReader,
    converted: impl Fn(&str, Tensor) -> Tensor,
) -> io::Result<BTreeMap<String, Tensor>> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let bytes = reader.file.metadata()?.len();
    let mut length = [0; 8];
    reader.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(invalid("its header is too long"));
    }
    let mut header = Vec::new();
    reader.by_ref().take(length).read_to_end(&mut header)?;
    let metadata: Metadata = serde_json::from_slice(&header)?;
    let mut infos: Vec<(String, &TensorInfo)> = metadata.tensors().into_iter().collect();
    infos.sort_by_key(|(_, info)| info.data_offsets);
    let (mut tensors, mut at) = (BTreeMap::new(), 0);
    for (name, info) in infos {
        let (start, end) = info.data_offsets;
        let kind = kind(info.dtype)
            .ok_or_else(|| invalid(&format!("'{name}' holds numbers of a kind that weights do not have")))?;
        let numbers = info.shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        let size = numbers.and_then(|numbers| numbers.checked_mul(info.dtype.size()));
        if start != at || size.is_none() || end.checked_sub(start) != size {
            return Err(invalid(&format!("'{name}' does not lie where its shape says")));
        }
        let shape: Vec<i64> = info.shape.iter().map(|&side| side as i64).collect();
        if (end as u64).saturating_add(8 + length) > bytes {
            return Err(invalid(&format!("it ends within '{name}'")));
        }
        let tensor = Tensor::f_empty(shape, (kind, Device::Cpu)).map_err(io::Error::other)?;
        // SAFETY: a new tensor owns contiguous memory of as many bytes as its shape and kind need, and nothing else
        // refers to it yet.
        let memory = unsafe { std::slice::from_raw_parts_mut(tensor.data_ptr().cast::<u8>(), end - start) };
        reader.read_exact(memory)?;
        let tensor = converted(&name, tensor);
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
        // Published encoders have a table of position numbers, which nothing uses.
        Dtype::I64 => Some(Kind::Int64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A file with a header and that many zeros after it.
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
    fn every_tensor_is_taken_exactly_once() {
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
    fn updates_are_added_to_weights() {
        let part = |name: &str, shape: &str, numbers: usize, from: usize| {
            format!(
                r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{from},{}]}}"#,
                from + 4 * numbers
            )
        };
        let of = |parts: &[String], zeros| read(&format!("{{{}}}", parts.join(",")), zeros).unwrap().0;
        let updates = || {
            of(&[part("a.down", "[1,3]", 3, 0), part("a.up", "[2,1]", 2, 12), part("b", "[1]", 1, 20)], 24)
        };
        let mut tensors = of(&[part("a.weight", "[2,3]", 6, 0)], 24);
        let mut given = updates();
        for tensor in given.tensors.values_mut() {
            let _ = tensor.fill_(2.0);
        }
        tensors.update(given).unwrap();
        let sum: Vec<f32> = tensors.take("a.weight", &[2, 3]).view(-1).try_into().unwrap();
        assert_eq!(sum, [4.0; 6]);
        assert_eq!(tensors.take("b", &[1]).size(), [1]);
        tensors.finish(|_| false, |_, _| false).unwrap();
        for weight in [part("a.weight", "[3,2]", 6, 0), part("c.weight", "[2,3]", 6, 0)] {
            let error = of(&[weight], 24).update(updates()).unwrap_err().to_string();
            assert!(error.contains("has an update of 'a.weight' that does not fit it"), "{error}");
        }
    }

    #[test]
    fn wrong_headers_are_errors() {
        for (header, zeros, reason) in [
            (SOUND, 15, "it ends within 'b'"),
            (&SOUND.replace("[12,16]", "[8,12]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("[12,16]", "[16,12]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("[2,3]", "[18446744073709551615,3]"), 16, "does not lie where its shape says"),
            (&SOUND.replace("F32", "I32"), 16, "'b' holds numbers of a kind that weights do not have"),
            ("[]", 0, "is not a safetensors file"),
        ] {
            let error = read(header, zeros).err().unwrap();
            assert!(error.contains(reason), "{reason}: {error}");
        }
    }
}
