//! Turns panics of libraries into errors of one article.
//!
//! Some parsers panic on malformed input where they should return an error. [`caught`] returns the message of such a panic,
//! so that one article fails instead of the whole run, and nothing is printed to standard error.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work` and returns its result.
///
/// After a panic, nothing that `work` was changing may be used: it may be half changed.
///
/// # Errors
/// The message of the panic, with the file and line where it happened. Only panics of the calling thread are caught.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| match CATCHING.get() {
            true => REASON.set(reason(info)),
            false => previous(info),
        }));
    });
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|_| REASON.take())
}

/// Message, file and line of a panic.
fn reason(info: &PanicHookInfo) -> String {
    let message = info.payload_as_str().unwrap_or("no reason given");
    let at = info.location().and_then(|at| Some((Path::new(at.file()).file_name()?, at.line())));
    match at {
        Some((file, line)) => format!("{message} ({}:{line})", file.display()),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_of_a_panic_is_kept() {
        assert_eq!(caught(|| 7), Ok(7));
        let message = caught(|| panic!("number {}", 3)).unwrap_err();
        assert!(message.starts_with("number 3 (panics.rs:"), "{message}");
        assert!(!CATCHING.get());
    }
}
