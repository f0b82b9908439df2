//! `wirelens models` from end to end, against a hub on loopback that breaks connections, stalls, sends wrong content and
//! refuses requests.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::json;

use crate::common::hub::{Answer, COMMIT, Hub, sha256, weights};
use crate::common::hub_user::{BIG, HubUser, MODEL};
use crate::common::{root, settled, stderr, stdout};
use wirelens::model::store::{Cache, HubSettings, ModelJob, Registry, Store};

#[test]
fn a_pull_fills_the_cache_of_the_hubs_own_tools_and_a_second_fetches_nothing() {
    let user = HubUser::new();
    let said = user.pull();
    assert!(said.contains("licence mit") && said.contains("model.safetensors"), "{said}");
    user.is_whole();
    let link = fs::read_link(user.snapshot().join("model.safetensors")).unwrap();
    assert_eq!(link, Path::new("../../blobs").join(sha256(&weights(BIG))));
    assert!(user.hub.requests("pytorch_model.bin").is_empty(), "a pickle was fetched");
    user.pull();
    assert_eq!(user.hub.requests("model.safetensors").len(), 1);
    assert_eq!(stdout(&mut user.command(&["where", MODEL]), 0).trim(), user.snapshot().to_str().unwrap());
    let cache = stdout(&mut user.command(&["where"]), 0);
    assert_eq!(Path::new(cache.trim()), user.home.path().join("hub"));
    assert!(stdout(&mut user.command(&["list"]), 0).contains("hub:owner/name  (292.99 KiB here)"));
    assert!(stdout(&mut user.command(&["show", MODEL]), 0).contains(COMMIT));
    assert!(stdout(&mut user.command(&["verify"]), 0).contains("hub:owner/name is sound: 3 files"));
}

#[test]
fn a_token_goes_to_the_hub_and_not_where_it_redirects_to() {
    let user = HubUser::new();
    user.hub.will("model.safetensors", &[Answer::Redirect, Answer::Cut(1000), Answer::Redirect]);
    user.command(&["pull", MODEL]).env("HF_TOKEN", "hf_secret").assert().success();
    user.is_whole();
    let requests = user.hub.requests("model.safetensors");
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
    let user = HubUser::new();
    user.hub.will("model.safetensors", &[Answer::Stall(70_000), Answer::Slow]);
    let mut command = user.command(&["pull", MODEL]);
    let said = stderr(command.env("HF_HUB_DOWNLOAD_TIMEOUT", "1"), 0);
    assert!(said.contains("the connection broke after 70000 of 300000 bytes (timeout"), "{said}");
    user.is_whole();
    assert_eq!(user.hub.requests("model.safetensors")[1].from, Some(70_000));
}

#[test]
fn a_broken_download_continues_in_this_run_and_in_the_next() {
    let user = HubUser::new();
    user.hub.will("model.safetensors", &[Answer::Cut(100_000)]);
    user.pull();
    assert_eq!(user.hub.requests("model.safetensors")[1].from, Some(100_000));
    user.is_whole();

    let user = HubUser::new();
    user.hub.will("model.safetensors", &[Answer::Cut(100_000), Answer::Status(404, "")]);
    let error = user.pull_fails();
    assert!(error.contains("the connection broke after 100000 of 300000 bytes"), "{error}");
    assert_eq!(fs::read(user.part()).unwrap(), weights(BIG)[..100_000]);
    user.command(&["where", MODEL]).assert().code(2);
    user.pull();
    assert_eq!(user.hub.requests("model.safetensors")[2].from, Some(100_000));
    user.is_whole();
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
        let user = HubUser::new();
        user.hub.will("model.safetensors", answers);
        fs::create_dir_all(user.part().parent().unwrap()).unwrap();
        fs::write(user.part(), part).unwrap();
        user.pull();
        user.is_whole();
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
        let user = HubUser::new();
        user.hub.will(name, &[Answer::Status(status, "")]);
        let mut command = user.command(&["pull", MODEL]);
        token.map(|token| command.env("HF_TOKEN", token));
        let error = stderr(&mut command, 2);
        assert!(error.contains(words) && error.contains(&user.hub.address()), "{error}");
        assert!(!error.contains("hf_"), "a token was shown: {error}");
        user.has_nothing();
    }
    let user = HubUser::new();
    user.hub.will("api", &[Answer::Status(403, "X-Error-Message: ask us first\r\n")]);
    assert!(user.pull_fails().contains("(it says: ask us first"));
}

#[test]
fn a_busy_hub_is_asked_again_after_the_time_it_gives() {
    let user = HubUser::new();
    let busy = Answer::Status(429, "Retry-After: 1\r\n");
    user.hub.will("api", &[busy.clone(), Answer::Status(503, "")]);
    user.hub.will("model.safetensors", &[busy.clone(), busy]);
    let said = user.pull();
    assert!(said.contains("asked too often; pull again after 1 seconds"), "{said}");
    assert!(said.contains("the hub is in trouble: 503"), "{said}");
    user.is_whole();

    let user = HubUser::new();
    user.hub.will("api", &[Answer::Status(429, "Retry-After: 4000\r\n")]);
    assert!(user.pull_fails().contains("pull again after 4000 seconds, or set HF_TOKEN"));
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
        let user = HubUser::new();
        user.hub.will("model.safetensors", &[Answer::Content(content)]);
        let error = user.pull_fails();
        assert!(error.contains(words) && error.contains("model.safetensors: "), "{error}");
        user.has_nothing();
        user.pull();
        user.is_whole();
    }
    let user = HubUser::new();
    user.hub.will("config.json", &[Answer::Content(b"{\"model_type\": \"bard\"}".to_vec())]);
    assert!(user.pull_fails().contains("its git SHA-1 is "));
    user.has_nothing();
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_and_the_fetched_part_is_kept() {
    let user = HubUser::new();
    // A limit on the size of files instead of a full disk: writing fails in the middle of a file, too.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" models pull hub:owner/name";
    let mut command = Command::new("sh");
    user.set_variables(|name, value| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    });
    let error = stderr(command.args(["-c", script]).arg(env!("CARGO_BIN_EXE_wirelens")), 2);
    assert!(error.contains(".incomplete: File too large"), "{error}");
    assert!(error.contains("make room there, or set HF_HUB_CACHE"), "{error}");
    let kept = fs::metadata(user.part()).unwrap().len() as usize;
    assert!(kept > 0 && kept < BIG, "{kept}");
    user.pull();
    assert_eq!(user.hub.requests("model.safetensors")[1].from, Some(kept));
    user.is_whole();
}

#[cfg(target_os = "linux")]
#[test]
fn a_pull_goes_on_when_standard_error_cannot_be_written() {
    let user = HubUser::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = settled(std::process::Command::new(env!("CARGO_BIN_EXE_wirelens")));
    user.set_variables(|name, value| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    });
    command.args(["models", "pull", MODEL]).stdout(std::process::Stdio::null()).stderr(full);
    assert_eq!(command.status().unwrap().code(), Some(0));
    user.is_whole();
}

#[test]
fn pulls_at_the_same_time_share_the_work() {
    let user = HubUser::new();
    user.hub.will("model.safetensors", &[Answer::Slow]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| user.pull());
        }
    });
    assert_eq!(user.hub.requests("model.safetensors").len(), 1, "fetched more than once");
    user.is_whole();
}

#[test]
fn offline_only_the_cache_is_used() {
    let user = HubUser::new();
    for (flag, value, words) in [
        (Some("--offline"), "", "--offline keeps this run off the network; go online"),
        (None, "1", "HF_HUB_OFFLINE keeps this run off the network; go online"),
        (None, "true", "HF_HUB_OFFLINE keeps"),
    ] {
        let mut command = user.command(&["pull", MODEL]);
        let error = stderr(command.args(flag).env("HF_HUB_OFFLINE", value), 2);
        assert!(error.contains(words), "{error}");
    }
    assert!(user.hub.requests("").is_empty(), "the network was used");
    user.pull();
    let before = user.hub.requests("").len();
    user.command(&["pull", MODEL, "--offline"]).assert().success();
    user.command(&["pull", MODEL]).env("HF_HUB_OFFLINE", "1").assert().success();
    assert_eq!(user.hub.requests("").len(), before);
    let error = stderr(user.command(&["pull", MODEL]).env("HF_ENDPOINT", "http://127.0.0.1:9"), 2);
    assert!(error.contains("check the connection, HF_ENDPOINT and the proxy"), "{error}");
}

#[test]
fn a_pickle_is_never_fetched_nor_read() {
    let pickled = [("config.json", b"{}".to_vec()), ("pytorch_model.bin", weights(BIG))];
    let user = HubUser::at(Hub::start(&pickled));
    let error = user.pull_fails();
    assert!(error.contains("hub:owner/name has its weights only as a pickle (pytorch_model.bin)"), "{error}");
    assert!(error.contains("python3 scripts/convert.py"), "{error}");
    assert!(user.hub.requests(".bin").is_empty());
    // The same for a pickle that another program left in the cache, and for one in a folder.
    fs::create_dir_all(user.snapshot()).unwrap();
    for (name, content) in &pickled {
        fs::write(user.snapshot().join(name), content).unwrap();
    }
    fs::create_dir_all(user.folder().join("refs")).unwrap();
    fs::write(user.folder().join("refs/main"), COMMIT).unwrap();
    assert!(stderr(&mut user.command(&["where", MODEL]), 2).contains("only as a pickle"));
    let error = stderr(&mut user.command(&["show", user.snapshot().to_str().unwrap()]), 2);
    assert!(error.contains("only as a pickle"), "{error}");
    // The format of rust-bert is accepted as safetensors is.
    let user = HubUser::at(Hub::start(&[&pickled[..], &[("rust_model.ot", weights(9))]].concat()));
    user.pull();
    assert!(user.snapshot().join("rust_model.ot").is_file());
}

#[test]
fn no_model_name_leads_out_of_the_cache() {
    let user = HubUser::new();
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
            let error = stderr(&mut user.command(&[action, name]), 2);
            assert!(error.starts_with("wirelens: '") && !error.contains('\u{1b}'), "{name}: {error}");
        }
    }
    assert!(user.hub.requests("").is_empty());
    assert_eq!(fs::read_dir(user.home.path()).unwrap().count(), 0);
}

#[test]
fn no_file_name_of_a_hub_leads_out_of_the_cache() {
    let user = HubUser::new();
    let good = user.hub.info();
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
        user.hub.says(info);
        user.pull_fails();
        assert_eq!(fs::read_dir(user.home.path()).unwrap().count(), 0, "something was written");
    }
}

#[test]
fn damage_is_found_and_repaired_and_a_model_removed() {
    let user = HubUser::new();
    user.pull();
    let mut content = weights(BIG);
    content[9] ^= 1;
    fs::write(user.blob(), content).unwrap();
    let error = stderr(&mut user.command(&["verify", MODEL]), 1);
    assert!(error.contains("model.safetensors: was altered: its SHA-256 is "), "{error}");
    assert!(
        stdout(&mut user.command(&["verify"]), 1).contains("`wirelens models pull hub:owner/name` fetches")
    );
    user.pull();
    user.is_whole();
    user.command(&["verify", MODEL]).assert().success();
    fs::remove_file(user.blob()).unwrap();
    assert!(stderr(&mut user.command(&["where", MODEL]), 2).contains("a link to a file that does not exist"));
    user.pull();
    assert!(stdout(&mut user.command(&["remove", MODEL]), 0).contains("are free again"));
    assert!(!user.folder().exists());
    let error = stderr(&mut user.command(&["remove", MODEL]), 2);
    assert!(error.contains("is not in the cache") && error.contains("models pull hub:owner/name"), "{error}");
}

#[test]
fn the_registry_is_shown_and_the_bundled_pack_is_here() {
    let user = HubUser::new();
    let list = stdout(&mut user.command(&["list"]), 0);
    for words in [
        "compact ",
        "hub:dslim/bert-base-NER  (not fetched)",
        "hub:facebook/bart-large-mnli",
        "hub-headline ",
    ] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let show = stdout(&mut user.command(&["show", "hub-standard/summary"]), 0);
    assert!(show.contains("licence Apache-2.0") && show.contains("sshleifer/distilbart-cnn-12-6"), "{show}");
    assert!(!show.contains("dslim"), "{show}");
    assert!(stdout(&mut user.command(&["pull", "compact"]), 0).contains("comes with Wirelens"));
    assert!(stdout(&mut user.command(&["verify", "compact"]), 0).contains("compact is sound: 5 files"));
    let error = stderr(&mut user.command(&["where", "hub-large"]), 2);
    assert!(error.contains("fetch it with `wirelens models pull hub:"), "{error}");
    let error = stderr(user.command(&["list"]).env("HF_ENDPOINT", "hub.example.org"), 2);
    assert!(error.contains("HF_ENDPOINT is no address"), "{error}");
    assert!(user.hub.requests("").is_empty());
}

#[test]
fn the_library_resolves_a_name_to_a_folder() {
    let user = HubUser::new();
    user.pull();
    let cache = user.home.path().join("hub");
    let settings = HubSettings {
        cache: cache.clone(),
        endpoint: user.hub.address(),
        token: None,
        offline: Some("this is a test"),
        timeout: std::time::Duration::from_secs(1),
    };
    let store = Store { settings, registry: Registry::builtin(), cache: Cache::new(cache) };
    assert_eq!(store.resolve(MODEL, ModelJob::Summary).unwrap(), user.snapshot());
    let at_commit = format!("{MODEL}@{COMMIT}");
    assert_eq!(store.resolve(&at_commit, ModelJob::Summary).unwrap(), user.snapshot());
    let folder = user.snapshot();
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
