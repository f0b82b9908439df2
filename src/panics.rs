//! Panics that cost one article instead of a run.
//!
//! Some libraries break off over bytes that nobody sane would write, where an error would do. What they say becomes the
//! reason of an error, and standard error stays clean.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What `work` gives, or what it said when it panicked on this thread. Nothing it touched may be used after that.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| match CATCHING.get() {
            true => REASON.set(reason(info)),
            false => loud(info),
        }));
    });
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|_| REASON.take())
}

fn reason(info: &PanicHookInfo) -> String {
    let said = info.payload_as_str().unwrap_or("no reason given");
    let at = info.location().and_then(|at| Some((Path::new(at.file()).file_name()?, at.line())));
    match at {
        Some((file, line)) => format!("{said} ({}:{line})", file.display()),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_kept() {
        assert_eq!(caught(|| 7), Ok(7));
        let said = caught(|| panic!("number {}", 3)).unwrap_err();
        assert!(said.starts_with("number 3 (panics.rs:"), "{said}");
        assert!(!CATCHING.get());
    }
}
