//! Errors around a run: inputs that change, outputs that are deleted, lost permissions and full disks.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::harness::{ONE_THREAD, Place, articles, bytes, lines, spawn};
use crate::common::{settled, stderr};

const FROM_PIPE: [&str; 7] = ["-", "--input-format", "jsonl", "--window", "2", "--tasks", "entities"];

/// A run that has read four articles from a pipe and waits for more.
fn waiting_run(place: &Place, output: &str, mut command: Command) -> (Child, ChildStdin) {
    command.current_dir(place.folder()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut run = command.spawn().unwrap();
    let mut input = run.stdin.take().unwrap();
    input.write_all(articles(4, "x").as_bytes()).unwrap();
    let journal = place.path(&format!("{output}.journal"));
    while fs::read_to_string(&journal).map_or(0, |text| text.lines().count()) < 3 {
        assert!(run.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(20));
    }
    (run, input)
}

fn batch(arguments: &[&str]) -> Command {
    let mut command = settled(Command::new(env!("CARGO_BIN_EXE_wirelens")));
    command.arg("batch").args(arguments).args(ONE_THREAD);
    command
}

/// Gives the run three more articles, and returns its exit code and standard error.
fn end(mut run: Child, mut input: ChildStdin) -> (Option<i32>, String) {
    // A run that has ended already reads no more.
    let _ = input.write_all(
        articles(7, "x").lines().skip(4).fold(String::new(), |all, line| all + line + "\n").as_bytes(),
    );
    drop(input);
    let mut said = String::new();
    run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (run.wait().unwrap().code(), said)
}

#[test]
fn a_deleted_output_is_noticed() {
    for (name, lost) in [
        ("o.jsonl", "o.jsonl"),
        ("o.jsonl.gz", "o.jsonl.gz.journal"),
        ("o.parquet", "o.parquet.part"),
        ("o", "o"),
    ] {
        let place = Place::new();
        let output = if name == "o" { "o/" } else { name };
        let arguments = [&FROM_PIPE[..], &["--output", output]].concat();
        let (run, input) = waiting_run(&place, name, batch(&arguments));
        match place.path(lost).is_dir() {
            // A file takes the place of the folder.
            true => {
                fs::remove_dir_all(place.path(lost)).and_then(|()| fs::write(place.path(lost), "")).unwrap()
            }
            false => fs::remove_file(place.path(lost)).unwrap(),
        }
        let (code, said) = end(run, input);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains(name) && !said.contains("panicked"), "{said}");
        let _ = fs::remove_file(place.path("o"));
        // The files that are left fit together, or the run is refused; afterwards each article is in the output once.
        let mut again = place.batch(&arguments);
        let mut code = again.write_stdin(articles(7, "x")).assert().get_output().status.code();
        if code == Some(2) {
            let mut anew = place.batch(&arguments);
            code = anew.arg("--restart").write_stdin(articles(7, "x")).assert().get_output().status.code();
        }
        assert_eq!(code, Some(0), "{name}");
        match name {
            "o" => assert_eq!(fs::read_dir(place.path(name)).unwrap().count(), 7),
            name => assert_eq!(lines(&place.path(name)).len(), 7, "{name}"),
        }
    }
}

/// A program that may not write where permissions forbid it, as root otherwise may.
#[cfg(unix)]
fn without_privileges(command: &Command, place: &Place) -> Option<Command> {
    let wrapped = |program: &std::ffi::OsStr| {
        let mut wrapped = Command::new("setpriv");
        let less = "-dac_override,-dac_read_search,-fowner";
        wrapped.args(["--inh-caps", less, "--bounding-set", less, "--"]).arg(program);
        wrapped
    };
    let forbidden = |mut touch: Command| {
        let _ = fs::remove_file(place.path("probe/x"));
        permissions(&place.path("probe"), 0o555);
        let status = touch.current_dir(place.folder()).arg("probe/x").stderr(Stdio::null()).status();
        status.is_ok_and(|status| !status.success()) && !place.path("probe/x").exists()
    };
    fs::create_dir_all(place.path("probe")).unwrap();
    let mut found = if forbidden(Command::new("touch")) {
        Command::new(command.get_program())
    } else if forbidden(wrapped("touch".as_ref()))
        && wrapped("true".as_ref()).status().is_ok_and(|s| s.success())
    {
        wrapped(command.get_program())
    } else {
        return None;
    };
    found.args(command.get_args());
    Some(settled(found))
}

#[cfg(unix)]
fn permissions(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn lost_permissions_are_reported_and_the_run_continues_when_they_are_back() {
    let place = Place::new();
    let arguments = [&FROM_PIPE[..], &["--output", "o/"]].concat();
    let Some(command) = without_privileges(&batch(&arguments), &place) else {
        eprintln!("not tested: permissions do not bind here, and there is no setpriv");
        return;
    };
    let (run, input) = waiting_run(&place, "o", command);
    permissions(&place.path("o"), 0o555);
    let (code, said) = end(run, input);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("mend the permissions") && said.contains("(4 articles are safe)"), "{said}");
    permissions(&place.path("o"), 0o755);
    place.batch(&arguments).write_stdin(articles(7, "x")).assert().code(0);
    assert_eq!(fs::read_dir(place.path("o")).unwrap().count(), 7);

    // From the start.
    fs::create_dir(place.path("closed")).unwrap();
    permissions(&place.path("closed"), 0o555);
    let arguments = [&FROM_PIPE[..], &["--output", "closed/o.jsonl"]].concat();
    let mut command = without_privileges(&batch(&arguments), &place).unwrap();
    let output = command.current_dir(place.folder()).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("o.jsonl.journal: cannot be opened"), "{said}");
}

#[test]
fn an_input_that_is_still_being_written_may_end_inside_a_line() {
    let place = Place::new();
    let arguments = ["in.jsonl", "--tasks", "entities", "--window", "2", "--output", "out.jsonl"];
    let whole = articles(6, "x");
    // The fourth line is incomplete.
    let torn = whole.lines().take(4).map(|line| line.to_owned() + "\n").collect::<String>();
    place.write("in.jsonl", &torn[..torn.len() - 20]);
    let said = stderr(&mut place.batch(&arguments), 1);
    assert!(said.contains("complete, 3 articles, 1 failed"), "{said}");
    assert!(place.read("out.jsonl.errors.jsonl").contains("\"place\":\"line 4\""));

    // If the run was killed before it read the incomplete line, it continues with the complete one; if it was killed after
    // that, the input has changed.
    let journal = place.read("out.jsonl.journal");
    let until = |n: usize| journal.lines().take(n).map(|line| line.to_owned() + "\n").collect::<String>();
    place.write("in.jsonl", &whole);
    place.write("out.jsonl.journal", &until(3));
    let said = stderr(&mut place.batch(&arguments), 2);
    assert!(said.contains("first 4 records are no longer those that were read"), "{said}");
    place.write("out.jsonl.journal", &until(2));
    place.batch(&arguments).assert().code(0);
    assert_eq!(lines(&place.path("out.jsonl")), ["x0", "x1", "x2", "x3", "x4", "x5"]);
    assert_eq!(place.read("out.jsonl.errors.jsonl"), "");
}

#[test]
fn a_packed_input_that_loses_its_end_is_refused() {
    let place = Place::new();
    let arguments = ["in.jsonl.gz", "--tasks", "entities", "--window", "2", "--output", "out.jsonl"];
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(articles(200, "x").as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    fs::write(place.path("in.jsonl.gz"), &whole).unwrap();
    let mut run = spawn(&place, &arguments, Stdio::null(), Stdio::null());
    while fs::read_to_string(place.path("out.jsonl.journal")).map_or(0, |text| text.lines().count()) < 8 {
        assert!(run.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(10));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    fs::write(place.path("in.jsonl.gz"), &whole[..60]).unwrap();
    let said = stderr(&mut place.batch(&arguments), 2);
    assert!(said.contains("the input has become shorter") || said.contains("no longer those"), "{said}");
    fs::write(place.path("in.jsonl.gz"), &whole).unwrap();
    place.batch(&arguments).arg("--unordered").assert().code(0);
    assert_eq!(lines(&place.path("out.jsonl")), (0..200).map(|n| format!("x{n}")).collect::<Vec<_>>());
}

/// `make soak`: a disk of a few blocks, which grows later. Needs name spaces for users and mounts.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "part of make soak"]
fn soak_on_a_small_disk() {
    let place = Place::new();
    place.write("in.jsonl", &articles(600, "x"));
    let program = Path::new(env!("CARGO_BIN_EXE_wirelens")).display();
    fs::create_dir(place.path("disk")).unwrap();
    let probe = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "none"])
        .arg(place.path("disk"))
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("not tested: no name spaces, so no small disk");
        return;
    }
    for name in ["o.jsonl", "o.jsonl.zst", "o.parquet", "o/"] {
        let run = |folder: &str| {
            format!(
                "{program} batch in.jsonl --threads 1 --tasks entities --window 32 --output {folder}/{name}"
            )
        };
        // Half the blocks that an undisturbed run fills.
        let _ = fs::remove_dir_all(place.path("whole"));
        let script = format!("mkdir whole && {} && du -k whole | tail -1", run("whole"));
        let output =
            settled(Command::new("sh")).args(["-c", &script]).current_dir(place.folder()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let size = said.split_whitespace().next().unwrap().parse::<u32>().unwrap() / 2;
        let run = run("disk");
        let script = format!(
            "mount -t tmpfs -o size={size}k none disk || exit 9; {run}; first=$?; mount -o remount,size=64m disk; \
             {run} || exit 8; cp -r disk/. saved; exit $first"
        );
        let _ = fs::remove_dir_all(place.path("saved"));
        fs::create_dir(place.path("saved")).unwrap();
        let mut command = settled(Command::new("unshare"));
        let output = command.args(["-rm", "sh", "-c", &script]).current_dir(place.folder()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("free space"), "{name}: {said}");
        match name {
            "o/" => assert_eq!(fs::read_dir(place.path("saved/o")).unwrap().count(), 600),
            name => assert!(
                bytes(&place.path("saved").join(name)) == bytes(&place.path("whole").join(name)),
                "{name}"
            ),
        }
        eprintln!("{name}, {size} KiB: {}", said.lines().next().unwrap_or_default());
    }
}
