//! A user of models: a home with a cache, and a hub to fetch from.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

use super::hub::{COMMIT, Hub, git_sha1, sha256, weights};
use super::{stderr, wirelens};

/// The model that the hub has.
pub const MODEL: &str = "hub:owner/name";
/// The size of its weights, in bytes.
pub const BIG: usize = 300_000;

/// A user's home with an empty cache, and a hub to fetch from.
pub struct HubUser {
    /// The hub.
    pub hub: Hub,
    /// The user's home.
    pub home: TempDir,
}

impl HubUser {
    pub fn new() -> Self {
        Self::at(Hub::with_model(BIG))
    }

    pub fn at(hub: Hub) -> Self {
        Self { hub, home: tempfile::tempdir().unwrap() }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = wirelens();
        self.set_variables(|name, value| match value {
            Some(value) => drop(command.env(name, value)),
            None => drop(command.env_remove(name)),
        });
        command.arg("models").args(arguments);
        command
    }

    /// Sets the environment variables of the user, and removes those of the person who runs the tests.
    pub fn set_variables(&self, mut set: impl FnMut(&str, Option<&str>)) {
        for name in ["HF_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "HF_HUB_DOWNLOAD_TIMEOUT"]
        {
            set(name, None);
        }
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            set(name, None);
        }
        set("HF_HOME", self.home.path().to_str());
        set("HF_ENDPOINT", Some(&self.hub.address()));
    }

    /// Pulls the model; gives what was written to standard error.
    pub fn pull(&self) -> String {
        stderr(&mut self.command(&["pull", MODEL]), 0)
    }

    /// The error of a pull that fails.
    pub fn pull_fails(&self) -> String {
        let error = stderr(&mut self.command(&["pull", MODEL]), 2);
        assert!(!error.contains("panicked") && error.contains("wirelens: "), "{error}");
        error
    }

    pub fn folder(&self) -> PathBuf {
        self.home.path().join("hub/models--owner--name")
    }

    pub fn snapshot(&self) -> PathBuf {
        self.folder().join("snapshots").join(COMMIT)
    }

    pub fn blob(&self) -> PathBuf {
        self.folder().join("blobs").join(sha256(&weights(BIG)))
    }

    pub fn part(&self) -> PathBuf {
        self.blob().with_file_name(format!("{}.incomplete", sha256(&weights(BIG))))
    }

    /// Asserts that the cache has the complete model and nothing else.
    pub fn is_whole(&self) {
        assert_eq!(fs::read(self.snapshot().join("model.safetensors")).unwrap(), weights(BIG));
        assert_eq!(fs::read_to_string(self.folder().join("refs/main")).unwrap(), COMMIT);
        let names = |folder: &Path| {
            let mut names: Vec<String> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&self.snapshot()), ["config.json", "model.safetensors", "tokenizer.json"]);
        let mut blobs = [sha256(&weights(BIG)), git_sha1(b"{}"), git_sha1(b"{\"model_type\": \"bart\"}")];
        blobs.sort();
        assert_eq!(names(&self.folder().join("blobs")), blobs);
        assert_eq!(names(&self.folder()), ["blobs", "refs", "snapshots"]);
    }

    /// Asserts that no part of the weights was kept, and that no ref leads to the rest.
    pub fn has_nothing(&self) {
        assert!(!self.blob().exists() && !self.part().exists());
        assert!(!self.folder().join("refs/main").exists());
        self.command(&["where", MODEL]).assert().code(2);
    }
}
