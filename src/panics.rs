//! Turns panics of libraries into errors of one article.
//!
//! Some parsers panic on malformed input where they should return an error. [`caught`] returns the message of such a panic,
//! so that one article fails instead of the whole run.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Lets panics that [`caught`] catches be told by their message, file and line, and print nothing. The hook is the whole
/// process's, so only the program sets it; without it, a caught panic prints what any panic prints.
pub fn set_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| match CATCHING.get() {
            true => REASON.set(reason(info)),
            false => previous(info),
        }));
    });
}

/// Runs `work` and returns its result.
///
/// After a panic, nothing that `work` was changing may be used: it may be half changed.
///
/// # Errors
/// The message of the panic; with the file and line where it happened after [`set_hook`]. Only panics of the calling
/// thread are caught.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|payload| match REASON.take() {
        told if !told.is_empty() => told,
        _ => message(payload.as_ref()).to_owned(),
    })
}

/// The message that a panic carries.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or(payload.downcast_ref::<String>().map(String::as_str)).unwrap_or(NO_MESSAGE)
}

const NO_MESSAGE: &str = "no reason given";

/// Message, file and line of a panic.
fn reason(info: &PanicHookInfo) -> String {
    let message = info.payload_as_str().unwrap_or(NO_MESSAGE);
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
        assert_eq!(caught(|| panic!("number {}", 2)), Err::<(), _>("number 2".into()));
        set_hook();
        let message = caught(|| panic!("number {}", 3)).unwrap_err();
        assert!(message.starts_with("number 3 (panics.rs:"), "{message}");
        assert!(!CATCHING.get());
    }
}
