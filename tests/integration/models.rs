//! `wirelens models` from end to end, against a hub on loopback that breaks connections, stalls, sends wrong content and
//! refuses requests.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::json;
use tempfile::TempDir;

use crate::common::hub::{Answer, COMMIT, Hub, git_sha1, sha256, weights};
use crate::common::{root, settled, stderr, stdout, wirelens};
use wirelens::model::store::{Cache, HubSettings, ModelJob, Registry, Store};

const MODEL: &str = "hub:owner/name";
const BIG: usize = 300_000;

/// A user's home with an empty cache, and a hub to fetch from.
struct Desk {
    hub: Hub,
    home: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::at(Hub::with_model(BIG))
    }

    fn at(hub: Hub) -> Self {
        Self { hub, home: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = wirelens();
        self.set_variables(|name, value| match value {
            Some(value) => drop(command.env(name, value)),
            None => drop(command.env_remove(name)),
        });
        command.arg("models").args(arguments);
        command
    }

    /// Sets the environment variables of the user, and removes those of the person who runs the tests.
    fn set_variables(&self, mut set: impl FnMut(&str, Option<&str>)) {
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
    fn pull(&self) -> String {
        stderr(&mut self.command(&["pull", MODEL]), 0)
    }

    /// The error of a pull that fails.
    fn pull_fails(&self) -> String {
        let error = stderr(&mut self.command(&["pull", MODEL]), 2);
        assert!(!error.contains("panicked") && error.contains("wirelens: "), "{error}");
        error
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("hub/models--owner--name")
    }

    fn snapshot(&self) -> PathBuf {
        self.folder().join("snapshots").join(COMMIT)
    }

    fn blob(&self) -> PathBuf {
        self.folder().join("blobs").join(sha256(&weights(BIG)))
    }

    fn part(&self) -> PathBuf {
        self.blob().with_file_name(format!("{}.incomplete", sha256(&weights(BIG))))
    }

    /// Asserts that the cache has the complete model and nothing else.
    fn is_whole(&self) {
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
    fn has_nothing(&self) {
        assert!(!self.blob().exists() && !self.part().exists());
        assert!(!self.folder().join("refs/main").exists());
        self.command(&["where", MODEL]).assert().code(2);
    }
}

#[test]
fn a_pull_fills_the_cache_of_the_hubs_own_tools_and_a_second_fetches_nothing() {
    let desk = Desk::new();
    let said = desk.pull();
    assert!(said.contains("licence mit") && said.contains("model.safetensors"), "{said}");
    desk.is_whole();
    let link = fs::read_link(desk.snapshot().join("model.safetensors")).unwrap();
    assert_eq!(link, Path::new("../../blobs").join(sha256(&weights(BIG))));
    assert!(desk.hub.requests("pytorch_model.bin").is_empty(), "a pickle was fetched");
    desk.pull();
    assert_eq!(desk.hub.requests("model.safetensors").len(), 1);
    assert_eq!(stdout(&mut desk.command(&["where", MODEL]), 0).trim(), desk.snapshot().to_str().unwrap());
    let cache = stdout(&mut desk.command(&["where"]), 0);
    assert_eq!(Path::new(cache.trim()), desk.home.path().join("hub"));
    assert!(stdout(&mut desk.command(&["list"]), 0).contains("hub:owner/name  (292.99 KiB here)"));
    assert!(stdout(&mut desk.command(&["show", MODEL]), 0).contains(COMMIT));
    assert!(stdout(&mut desk.command(&["verify"]), 0).contains("hub:owner/name is sound: 3 files"));
}

#[test]
fn a_token_goes_to_the_hub_and_not_where_it_redirects_to() {
    let desk = Desk::new();
    desk.hub.will("model.safetensors", &[Answer::Redirect, Answer::Cut(1000), Answer::Redirect]);
    desk.command(&["pull", MODEL]).env("HF_TOKEN", "hf_secret").assert().success();
    desk.is_whole();
    let requests = desk.hub.requests("model.safetensors");
    assert_eq!(
        requests.iter().map(|request| request.from).collect::<Vec<_>>(),
        [None, None, Some(1000), Some(1000)]
    );
    for request in requests {
        let elsewhere = request.host.starts_with("localhost");
        assert_eq!(request.path.starts_with("/elsewhere"), elsewhere);
        assert_eq!(request.token.as_deref(), (!elsewhere).then_some("Bearer hf_secret"));
    }
}

#[test]
fn a_slow_hub_is_waited_for_and_a_silent_one_is_asked_again() {
    let desk = Desk::new();
    desk.hub.will("model.safetensors", &[Answer::Stall(70_000), Answer::Slow]);
    let mut command = desk.command(&["pull", MODEL]);
    let said = stderr(command.env("HF_HUB_DOWNLOAD_TIMEOUT", "1"), 0);
    assert!(said.contains("the connection broke after 70000 of 300000 bytes (timeout"), "{said}");
    desk.is_whole();
    assert_eq!(desk.hub.requests("model.safetensors")[1].from, Some(70_000));
}

#[test]
fn a_broken_download_continues_in_this_run_and_in_the_next() {
    let desk = Desk::new();
    desk.hub.will("model.safetensors", &[Answer::Cut(100_000)]);
    desk.pull();
    assert_eq!(desk.hub.requests("model.safetensors")[1].from, Some(100_000));
    desk.is_whole();

    let desk = Desk::new();
    desk.hub.will("model.safetensors", &[Answer::Cut(100_000), Answer::Status(404, "")]);
    let error = desk.pull_fails();
    assert!(error.contains("the connection broke after 100000 of 300000 bytes"), "{error}");
    assert_eq!(fs::read(desk.part()).unwrap(), weights(BIG)[..100_000]);
    desk.command(&["where", MODEL]).assert().code(2);
    desk.pull();
    assert_eq!(desk.hub.requests("model.safetensors")[2].from, Some(100_000));
    desk.is_whole();
}

#[test]
fn wrong_partial_files_and_servers_that_ignore_ranges_are_handled() {
    for (part, answers) in [
        (vec![7; 5000], &[][..]),
        (weights(BIG)[..5000].to_vec(), &[Answer::IgnoreRange][..]),
        (vec![7; BIG + 1], &[]),
        (vec![7; BIG], &[]),
        (weights(BIG), &[]),
    ] {
        let desk = Desk::new();
        desk.hub.will("model.safetensors", answers);
        fs::create_dir_all(desk.part().parent().unwrap()).unwrap();
        fs::write(desk.part(), part).unwrap();
        desk.pull();
        desk.is_whole();
    }
}

#[test]
fn errors_of_the_hub_say_what_to_do() {
    for (name, status, token, words) in [
        ("api", 401, None, "does not exist, or is private or gated; check the name, or set HF_TOKEN"),
        ("api", 401, Some("hf_old"), "does not accept this token"),
        ("api", 403, Some("hf_x"), "accept its conditions at http://127.0.0.1"),
        ("api", 404, None, "there is no hub:owner/name at this revision; check owner, name and revision"),
        ("config.json", 403, None, "/config.json: this account may not read hub:owner/name"),
        ("api", 418, None, "answered 418 I'm a teapot; check HF_ENDPOINT"),
    ] {
        let desk = Desk::new();
        desk.hub.will(name, &[Answer::Status(status, "")]);
        let mut command = desk.command(&["pull", MODEL]);
        token.map(|token| command.env("HF_TOKEN", token));
        let error = stderr(&mut command, 2);
        assert!(error.contains(words) && error.contains(&desk.hub.address()), "{error}");
        assert!(!error.contains("hf_"), "a token was shown: {error}");
        desk.has_nothing();
    }
    let desk = Desk::new();
    desk.hub.will("api", &[Answer::Status(403, "X-Error-Message: ask us first\r\n")]);
    assert!(desk.pull_fails().contains("(it says: ask us first"));
}

#[test]
fn a_busy_hub_is_asked_again_after_the_time_it_gives() {
    let desk = Desk::new();
    let busy = Answer::Status(429, "Retry-After: 1\r\n");
    desk.hub.will("api", &[busy.clone(), Answer::Status(503, "")]);
    desk.hub.will("model.safetensors", &[busy.clone(), busy]);
    let said = desk.pull();
    assert!(said.contains("asked too often; pull again after 1 seconds"), "{said}");
    assert!(said.contains("the hub is in trouble: 503"), "{said}");
    desk.is_whole();

    let desk = Desk::new();
    desk.hub.will("api", &[Answer::Status(429, "Retry-After: 4000\r\n")]);
    assert!(desk.pull_fails().contains("pull again after 4000 seconds, or set HF_TOKEN"));
}

#[test]
fn content_with_another_size_or_hash_is_not_kept() {
    let mut other = weights(BIG);
    other[BIG / 2] ^= 1;
    for (content, words) in [
        (other, "its SHA-256 is "),
        (weights(BIG - 1), "has 299999 bytes where 300000 were announced"),
        (weights(BIG + 1), "bytes where 300000 were announced"),
    ] {
        let desk = Desk::new();
        desk.hub.will("model.safetensors", &[Answer::Content(content)]);
        let error = desk.pull_fails();
        assert!(error.contains(words) && error.contains("model.safetensors: "), "{error}");
        desk.has_nothing();
        desk.pull();
        desk.is_whole();
    }
    let desk = Desk::new();
    desk.hub.will("config.json", &[Answer::Content(b"{\"model_type\": \"bard\"}".to_vec())]);
    assert!(desk.pull_fails().contains("its git SHA-1 is "));
    desk.has_nothing();
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_and_the_fetched_part_is_kept() {
    let desk = Desk::new();
    // A limit on the size of files instead of a full disk: writing fails in the middle of a file, too.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" models pull hub:owner/name";
    let mut command = Command::new("sh");
    desk.set_variables(|name, value| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    });
    let error = stderr(command.args(["-c", script]).arg(env!("CARGO_BIN_EXE_wirelens")), 2);
    assert!(error.contains(".incomplete: File too large"), "{error}");
    assert!(error.contains("make room there, or set HF_HUB_CACHE"), "{error}");
    let kept = fs::metadata(desk.part()).unwrap().len() as usize;
    assert!(kept > 0 && kept < BIG, "{kept}");
    desk.pull();
    assert_eq!(desk.hub.requests("model.safetensors")[1].from, Some(kept));
    desk.is_whole();
}

#[cfg(target_os = "linux")]
#[test]
fn a_pull_goes_on_when_standard_error_cannot_be_written() {
    let desk = Desk::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = settled(std::process::Command::new(env!("CARGO_BIN_EXE_wirelens")));
    desk.set_variables(|name, value| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    });
    command.args(["models", "pull", MODEL]).stdout(std::process::Stdio::null()).stderr(full);
    assert_eq!(command.status().unwrap().code(), Some(0));
    desk.is_whole();
}

#[test]
fn pulls_at_the_same_time_share_the_work() {
    let desk = Desk::new();
    desk.hub.will("model.safetensors", &[Answer::Slow]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| desk.pull());
        }
    });
    assert_eq!(desk.hub.requests("model.safetensors").len(), 1, "fetched more than once");
    desk.is_whole();
}

#[test]
fn offline_only_the_cache_is_used() {
    let desk = Desk::new();
    for (flag, value, words) in [
        (Some("--offline"), "", "--offline keeps this run off the network; go online"),
        (None, "1", "HF_HUB_OFFLINE keeps this run off the network; go online"),
        (None, "true", "HF_HUB_OFFLINE keeps"),
    ] {
        let mut command = desk.command(&["pull", MODEL]);
        let error = stderr(command.args(flag).env("HF_HUB_OFFLINE", value), 2);
        assert!(error.contains(words), "{error}");
    }
    assert!(desk.hub.requests("").is_empty(), "the network was used");
    desk.pull();
    let before = desk.hub.requests("").len();
    desk.command(&["pull", MODEL, "--offline"]).assert().success();
    desk.command(&["pull", MODEL]).env("HF_HUB_OFFLINE", "1").assert().success();
    assert_eq!(desk.hub.requests("").len(), before);
    let error = stderr(desk.command(&["pull", MODEL]).env("HF_ENDPOINT", "http://127.0.0.1:9"), 2);
    assert!(error.contains("check the connection, HF_ENDPOINT and the proxy"), "{error}");
}

#[test]
fn a_pickle_is_never_fetched_nor_read() {
    let pickled = [("config.json", b"{}".to_vec()), ("pytorch_model.bin", weights(BIG))];
    let desk = Desk::at(Hub::start(&pickled));
    let error = desk.pull_fails();
    assert!(error.contains("hub:owner/name has its weights only as a pickle (pytorch_model.bin)"), "{error}");
    assert!(error.contains("python3 scripts/convert.py"), "{error}");
    assert!(desk.hub.requests(".bin").is_empty());
    // The same for a pickle that another program left in the cache, and for one in a folder.
    fs::create_dir_all(desk.snapshot()).unwrap();
    for (name, content) in &pickled {
        fs::write(desk.snapshot().join(name), content).unwrap();
    }
    fs::create_dir_all(desk.folder().join("refs")).unwrap();
    fs::write(desk.folder().join("refs/main"), COMMIT).unwrap();
    assert!(stderr(&mut desk.command(&["where", MODEL]), 2).contains("only as a pickle"));
    let error = stderr(&mut desk.command(&["show", desk.snapshot().to_str().unwrap()]), 2);
    assert!(error.contains("only as a pickle"), "{error}");
    // The format of rust-bert is accepted as safetensors is.
    let desk = Desk::at(Hub::start(&[&pickled[..], &[("rust_model.ot", weights(9))]].concat()));
    desk.pull();
    assert!(desk.snapshot().join("rust_model.ot").is_file());
}

#[test]
fn no_model_name_leads_out_of_the_cache() {
    let desk = Desk::new();
    for name in [
        "hub:../../etc",
        "hub:..",
        "hub:owner/..",
        "hub:owner/../../x",
        "hub:/etc/passwd",
        "hub:owner/name@../../x",
        "hub:owner/name@/etc",
        "hub:owner/na\u{1b}[2Jme",
        "hub:owner/name@main/../../..",
        "hub:owner\\x/name",
        "hub:owner/na--me",
        "nosuchpack",
        "hub-standard/verdict",
        "",
    ] {
        for action in ["pull", "where", "remove", "show", "verify"] {
            let error = stderr(&mut desk.command(&[action, name]), 2);
            assert!(error.starts_with("wirelens: '") && !error.contains('\u{1b}'), "{name}: {error}");
        }
    }
    assert!(desk.hub.requests("").is_empty());
    assert_eq!(fs::read_dir(desk.home.path()).unwrap().count(), 0);
}

#[test]
fn no_file_name_of_a_hub_leads_out_of_the_cache() {
    let desk = Desk::new();
    let good = desk.hub.info();
    let mut bad = Vec::new();
    for (pointer, value) in [
        ("/sha", json!("../../../../escaped")),
        ("/sha", json!(null)),
        ("/siblings/4/lfs/sha256", json!("../../../escaped")),
        ("/siblings/4/rfilename", json!("../../../../escaped/model.safetensors")),
        ("/siblings/1/blobId", json!("/tmp/escaped")),
        ("/siblings/1/size", json!(null)),
    ] {
        let mut info = good.clone();
        *info.pointer_mut(pointer).unwrap() = value;
        bad.push(info);
    }
    bad.push(json!([1, 2]));
    for info in bad {
        desk.hub.says(info);
        desk.pull_fails();
        assert_eq!(fs::read_dir(desk.home.path()).unwrap().count(), 0, "something was written");
    }
}

#[test]
fn damage_is_found_and_repaired_and_a_model_removed() {
    let desk = Desk::new();
    desk.pull();
    let mut content = weights(BIG);
    content[9] ^= 1;
    fs::write(desk.blob(), content).unwrap();
    let error = stderr(&mut desk.command(&["verify", MODEL]), 1);
    assert!(error.contains("model.safetensors: was altered: its SHA-256 is "), "{error}");
    assert!(
        stdout(&mut desk.command(&["verify"]), 1).contains("`wirelens models pull hub:owner/name` fetches")
    );
    desk.pull();
    desk.is_whole();
    desk.command(&["verify", MODEL]).assert().success();
    fs::remove_file(desk.blob()).unwrap();
    assert!(stderr(&mut desk.command(&["where", MODEL]), 2).contains("a link to a file that does not exist"));
    desk.pull();
    assert!(stdout(&mut desk.command(&["remove", MODEL]), 0).contains("are free again"));
    assert!(!desk.folder().exists());
    let error = stderr(&mut desk.command(&["remove", MODEL]), 2);
    assert!(error.contains("is not in the cache") && error.contains("models pull hub:owner/name"), "{error}");
}

#[test]
fn the_registry_is_shown_and_the_bundled_pack_is_here() {
    let desk = Desk::new();
    let list = stdout(&mut desk.command(&["list"]), 0);
    for words in [
        "compact ",
        "hub:dslim/bert-base-NER  (not fetched)",
        "hub:facebook/bart-large-mnli",
        "hub-headline ",
    ] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let show = stdout(&mut desk.command(&["show", "hub-standard/summary"]), 0);
    assert!(show.contains("licence Apache-2.0") && show.contains("sshleifer/distilbart-cnn-12-6"), "{show}");
    assert!(!show.contains("dslim"), "{show}");
    assert!(stdout(&mut desk.command(&["pull", "compact"]), 0).contains("comes with Wirelens"));
    assert!(stdout(&mut desk.command(&["verify", "compact"]), 0).contains("compact is sound: 5 files"));
    let error = stderr(&mut desk.command(&["where", "hub-large"]), 2);
    assert!(error.contains("fetch it with `wirelens models pull hub:"), "{error}");
    let error = stderr(desk.command(&["list"]).env("HF_ENDPOINT", "hub.example.org"), 2);
    assert!(error.contains("HF_ENDPOINT is no address"), "{error}");
    assert!(desk.hub.requests("").is_empty());
}

#[test]
fn the_library_resolves_a_name_to_a_folder() {
    let desk = Desk::new();
    desk.pull();
    let cache = desk.home.path().join("hub");
    let settings = HubSettings {
        cache: cache.clone(),
        endpoint: desk.hub.address(),
        token: None,
        offline: Some("this is a test"),
        timeout: std::time::Duration::from_secs(1),
    };
    let store = Store { settings, registry: Registry::builtin(), cache: Cache::new(cache) };
    assert_eq!(store.resolve(MODEL, ModelJob::Summary).unwrap(), desk.snapshot());
    let at_commit = format!("{MODEL}@{COMMIT}");
    assert_eq!(store.resolve(&at_commit, ModelJob::Summary).unwrap(), desk.snapshot());
    let folder = desk.snapshot();
    assert_eq!(store.resolve(folder.to_str().unwrap(), ModelJob::Stance).unwrap(), folder);
    let error = store.resolve("hub-headline", ModelJob::Stance).unwrap_err().to_string();
    assert!(error.contains("has no model of its own for stance"), "{error}");
    assert!(
        store
            .resolve(root().to_str().unwrap(), ModelJob::Stance)
            .unwrap_err()
            .to_string()
            .contains("config.json")
    );
}
