//! Messages on standard error, each on a line that begins with "wirelens: ".

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::report::printable;

/// Writes a message to standard error. If it cannot be written, as on a full disk, it is lost, and the run continues.
pub fn tell(message: &str) {
    let _ = writeln!(anstream::stderr(), "wirelens: {}", printable(message));
}

/// Prints what the library reports by `tracing`, as [`tell`] prints messages.
pub fn print_diagnostics() {
    let subscriber = tracing_subscriber::fmt().with_max_level(Level::INFO).with_writer(io::stderr);
    // That an event cannot be written would be told on standard error as well.
    let subscriber = subscriber.log_internal_errors(false);
    // It fails where a subscriber is set already, as by a test; then that one prints.
    let _ = tracing::subscriber::set_global_default(subscriber.event_format(OneLine).finish());
}

/// Writes the message of an event on a line of its own.
struct OneLine;

impl<S, N> FormatEvent<S, N> for OneLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut message = Message(String::new());
        event.record(&mut message);
        writeln!(out, "wirelens: {}", printable(&message.0))
    }
}

/// The text of an event's message.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}");
        }
    }
}
