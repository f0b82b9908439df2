//! Damaged, hostile and missing packs: each is refused before any article is read, and the error names the file and the
//! reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tch::{Device, Kind, Tensor};

use crate::common::hub::sha256;
use crate::common::{articles, root, stderr, stdout, wirelens};

/// A copy of the bundled pack that a test may damage.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(root().join("models/compact")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{from} in {name}");
        fs::write(self.path(name), text.replacen(from, to, 1)).unwrap();
    }

    /// The error of a run with this pack.
    fn error(&self) -> String {
        refused(self.folder.path())
    }
}

fn refused(pack: &Path) -> String {
    let mut command = wirelens();
    command.arg("analyze").arg(articles()).arg("--pack").arg(pack);
    let error = stderr(&mut command, 2);
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[test]
fn a_copy_in_any_folder_works_by_flag_and_by_variable() {
    let copy = Copy::new();
    let article = articles().join("003_87b0e3d9bd681fa7.txt");
    wirelens().arg("summarize").arg(&article).arg("--pack").arg(copy.folder.path()).assert().success();
    wirelens().arg("summarize").arg(&article).env("WIRELENS_PACK", copy.folder.path()).assert().success();
}

#[test]
fn missing_packs_and_files_are_named() {
    let error = refused(Path::new("nosuch"));
    assert!(error.contains("no model pack 'nosuch' was found; looked in "), "{error}");
    let copy = Copy::new();
    fs::remove_file(copy.path("model.safetensors")).unwrap();
    let error = copy.error();
    assert!(error.contains("model.safetensors: is missing from the pack"), "{error}");
}

#[test]
fn truncated_and_altered_weights_are_refused() {
    let copy = Copy::new();
    let mut bytes = fs::read(copy.path("model.safetensors")).unwrap();
    fs::write(copy.path("model.safetensors"), &bytes[..bytes.len() / 2]).unwrap();
    assert!(copy.error().contains("bytes where the manifest says"));
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(copy.path("model.safetensors"), &bytes).unwrap();
    assert!(copy.error().contains("was altered: its SHA-256 is"));
}

#[test]
fn manifests_are_read_strictly() {
    for (from, to, reason) in [
        ("version = ", "colour = \"red\"\nversion = ", "unknown field `colour`"),
        ("schema = 1", "schema = 2", "has schema 2, and this program knows 1"),
        (
            "[files.\"model.safetensors\"]",
            "[files.\"../model.safetensors\"]",
            "which is not a file in the pack's folder",
        ),
        (
            "[files.\"model.safetensors\"]",
            "[files.\"/etc/passwd\"]",
            "which is not a file in the pack's folder",
        ),
        (
            "weights = \"model.safetensors\"",
            "weights = \"model.bin\"",
            "uses 'model.bin', which its [files] do not list",
        ),
        (
            "weights = \"joint.safetensors\"",
            "weights = \"joint.bin\"",
            "uses 'joint.bin', which its [files] do not list",
        ),
        ("\"B-PER\"", "\"B-DOG\"", "'DOG' is no entity type"),
        ("family = \"bert\"", "family = \"gpt\"", "encoder.family is 'gpt'; known: bert, mpnet"),
        ("max_tokens = 128", "max_tokens = 5120", "max_tokens exceeds the encoder's positions"),
        ("schema = 1", "schema = ", "is not a pack manifest"),
    ] {
        let copy = Copy::new();
        copy.edit("pack.toml", from, to);
        let error = copy.error();
        assert!(error.contains("pack.toml: ") && error.contains(reason), "{reason}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_refused() {
    let copy = Copy::new();
    fs::remove_file(copy.path("config.json")).unwrap();
    let outside = root().join("models/compact/config.json");
    std::os::unix::fs::symlink(outside, copy.path("config.json")).unwrap();
    assert!(copy.error().contains("config.json: is a link that leaves the pack's folder"));
}

#[test]
fn weights_that_do_not_fit_the_configuration_are_named() {
    let copy = Copy::new();
    let config = fs::read_to_string(copy.path("config.json")).unwrap();
    let smaller = config.replacen("\"num_hidden_layers\": 12", "\"num_hidden_layers\": 11", 1);
    assert_ne!(config, smaller);
    fs::write(copy.path("config.json"), &smaller).unwrap();
    // The hashes of the manifest are updated, so that the test meets the mismatch and not the hash.
    copy.edit("pack.toml", &sha256(config.as_bytes()), &sha256(smaller.as_bytes()));
    let error = copy.error();
    assert!(
        error.contains("does not fit the model: missing none; surplus bert.encoder.layer.11."),
        "{error}"
    );
}

#[test]
fn heads_that_do_not_fit_the_manifest_are_named() {
    for (from, to, reason) in [
        (
            ", \"B-MISC\", \"I-MISC\"]",
            "]",
            "has 'entities.weight' in shape [9, 384] where the model has [7, 384]",
        ),
        (
            "stance_attention_heads = 6",
            "stance_attention_heads = 7",
            "heads.stance_attention_heads is 7, which does not divide 384",
        ),
    ] {
        let copy = Copy::new();
        copy.edit("pack.toml", from, to);
        let error = copy.error();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

#[test]
fn a_pack_that_reads_no_sentences_together_compares_by_words_and_vectors() {
    let copy = Copy::new();
    copy.edit("pack.toml", "[joint]\nweights = \"joint.safetensors\"\n", "");
    let mut command = wirelens();
    command.arg("compare").arg(articles()).args(["--format", "json", "--pack"]).arg(copy.folder.path());
    let found: serde_json::Value = serde_json::from_str(&stdout(&mut command, 0)).unwrap();
    assert!(found["events"][0]["shared"].as_array().is_some_and(|facts| !facts.is_empty()));
}

#[test]
fn a_pack_without_positions_takes_the_tone_of_every_target() {
    let copy = Copy::new();
    copy.edit("pack.toml", "[position]\nweights = \"position.safetensors\"\n", "");
    let scores = |pack: &Path| -> Vec<serde_json::Value> {
        let mut command = wirelens();
        command.args(["stance", "--format", "json", "--target", "withdrawal", "--target", "Emmanuel Macron"]);
        command.arg(articles().join("003_87b0e3d9bd681fa7.txt")).arg("--pack").arg(pack);
        let found: serde_json::Value = serde_json::from_str(&stdout(&mut command, 0)).unwrap();
        found[0]["stance"].as_array().unwrap().iter().map(|stance| stance["scores"].clone()).collect()
    };
    let (with, without) = (scores(&root().join("models/compact")), scores(copy.folder.path()));
    assert_ne!(with[0], without[0], "the withdrawal is no person: its position is read");
    assert_eq!(with[1], without[1], "of a person the tone is read");
}

/// Makes of a copy one whose weights are updates of an encoder in a file of its own, as those of the pack `base` are. The sums are
/// exact: each update adds a power of two to half-precision numbers in single precision.
fn on_a_base(copy: &Copy) {
    let whole = Tensor::read_safetensors(copy.path("model.safetensors")).unwrap();
    let (mut base, mut own) = (BTreeMap::new(), BTreeMap::new());
    for (name, tensor) in whole {
        match name.strip_prefix("bert.") {
            Some(bare) if bare.ends_with("dense.weight") => {
                let (out, into) = tensor.size2().unwrap();
                let (up, down) = (Tensor::zeros([out, 2], FLOAT), Tensor::zeros([2, into], FLOAT));
                let _ = up.get(out - 1).fill_(0.25);
                let _ = down.select(1, 3).fill_(0.5);
                base.insert(bare.to_owned(), tensor.to_kind(Kind::Float) - up.matmul(&down));
                let layer = name.strip_suffix(".weight").unwrap();
                own.insert(format!("{layer}.up"), up.to_kind(Kind::Half));
                own.insert(format!("{layer}.down"), down.to_kind(Kind::Half));
            }
            Some(bare) if bare.contains("word_embeddings") => {
                base.insert(bare.to_owned(), tensor);
            }
            // What is small is kept whole, and takes the place of what the base has.
            Some(bare) => {
                base.insert(bare.to_owned(), Tensor::zeros_like(&tensor));
                own.insert(name, tensor);
            }
            None => {
                own.insert(name, tensor);
            }
        }
    }
    base.insert("pooler.dense.bias".into(), Tensor::zeros([384], FLOAT));
    base.insert("embeddings.position_ids".into(), Tensor::arange(512, (Kind::Int64, Device::Cpu)));
    for (name, tensors) in [("model.safetensors", own), ("base.safetensors", base)] {
        let tensors: Vec<(String, Tensor)> = tensors.into_iter().collect();
        Tensor::write_safetensors(&tensors, copy.path(name)).unwrap();
    }
}

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

#[test]
fn updates_of_a_fetched_base_read_as_whole_weights_do() {
    let copy = Copy::new();
    on_a_base(&copy);
    let manifest = fs::read_to_string(copy.path("pack.toml")).unwrap();
    let mut manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let spec = toml::toml! { weights = "base.safetensors" fetch = "make setup PACK=base" };
    manifest["encoder"].as_table_mut().unwrap().insert("base".into(), spec.into());
    for name in ["model.safetensors", "base.safetensors"] {
        let bytes = fs::read(copy.path(name)).unwrap();
        let file = toml::Table::from_iter([
            ("bytes".into(), (bytes.len() as i64).into()),
            ("sha256".into(), sha256(&bytes).into()),
        ]);
        manifest["files"].as_table_mut().unwrap().insert(name.into(), file.into());
    }
    fs::write(copy.path("pack.toml"), manifest.to_string()).unwrap();
    let article = articles().join("003_87b0e3d9bd681fa7.txt");
    let findings = |pack: &Path| {
        stdout(wirelens().args(["analyze", "--format", "json", "--pack"]).arg(pack).arg(&article), 0)
    };
    assert_eq!(findings(copy.folder.path()), findings(&root().join("models/compact")));
    fs::remove_file(copy.path("base.safetensors")).unwrap();
    let error = copy.error();
    assert!(
        error.contains("base.safetensors: is not here yet; fetch it with `make setup PACK=base`"),
        "{error}"
    );
}

#[test]
fn the_packs_of_this_repository_list_their_files_as_they_are() {
    for name in ["base", "compact"] {
        let folder = root().join("models").join(name);
        let manifest: toml::Table =
            toml::from_str(&fs::read_to_string(folder.join("pack.toml")).unwrap()).unwrap();
        assert_eq!(manifest["name"].as_str(), Some(name));
        let fetched = manifest["encoder"].get("base").map(|base| base["weights"].as_str().unwrap());
        let files = manifest["files"].as_table().unwrap();
        for (file, listed) in files.iter().filter(|(file, _)| Some(file.as_str()) != fetched) {
            let bytes = fs::read(folder.join(file)).unwrap();
            assert_eq!(listed["bytes"].as_integer(), Some(bytes.len() as i64), "{name}/{file}");
            assert_eq!(listed["sha256"].as_str(), Some(sha256(&bytes).as_str()), "{name}/{file}");
        }
    }
}

#[test]
fn the_pack_base_says_how_its_encoder_is_fetched() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["pack.toml", "config.json", "tokenizer.json", "model.safetensors", "position.safetensors"] {
        fs::copy(root().join("models/base").join(name), folder.path().join(name)).unwrap();
    }
    let error = refused(folder.path());
    assert!(error.contains("is not here yet; fetch it with `make setup PACK=base`"), "{error}");
}

#[test]
fn weights_for_positions_that_do_not_fit_are_named() {
    let copy = Copy::new();
    copy.edit("pack.toml", "[position]\nweights = \"position", "[position]\nweights = \"joint");
    let error = copy.error();
    assert!(error.contains("does not fit the model: missing position."), "{error}");
}

#[test]
fn weights_for_joint_readings_that_do_not_fit_are_named() {
    let copy = Copy::new();
    copy.edit(
        "pack.toml",
        "[joint]\nweights = \"joint.safetensors\"",
        "[joint]\nweights = \"model.safetensors\"",
    );
    let mut command = wirelens();
    command.arg("compare").arg(articles()).arg("--pack").arg(copy.folder.path());
    let error = stderr(&mut command, 2);
    assert!(
        error.contains("does not fit the model: missing joint.hidden.bias, joint.hidden.weight"),
        "{error}"
    );
}

#[test]
fn a_tokenizer_without_special_tokens_is_refused() {
    let copy = Copy::new();
    let before = fs::read(copy.path("tokenizer.json")).unwrap();
    let mut tokenizer: serde_json::Value = serde_json::from_slice(&before).unwrap();
    tokenizer["post_processor"] = serde_json::Value::Null;
    let after = serde_json::to_vec(&tokenizer).unwrap();
    fs::write(copy.path("tokenizer.json"), &after).unwrap();
    copy.edit("pack.toml", &sha256(&before), &sha256(&after));
    copy.edit("pack.toml", &format!("bytes = {}", before.len()), &format!("bytes = {}", after.len()));
    let error = copy.error();
    assert!(error.contains("tokenizer.json: puts 0 special tokens around a text"), "{error}");
}
