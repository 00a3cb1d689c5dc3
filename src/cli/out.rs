//! What commands print. Whoever reads it may have seen enough (`lethe users list | head -3`): then the
//! command ends, quietly, with exit code 0; `println!` would panic.
//!
//! Clippy refuses `print!` and its kin in this room.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Prints a line, written as for `println!`.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::out::line(format_args!($($words)*))
    };
}
pub(in crate::cli) use say;

/// Prints a line.
///
/// # Errors
///
/// [`ErrorKind::BrokenPipe`] if nobody reads any more: to be handed up to `main`, which ends quietly.
pub(super) fn line(words: Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_fmt(words)?;
    out.write_all(b"\n")
}

/// Prints a text as it is.
///
/// # Errors
///
/// As [`line`].
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Tells whoever started the process something, on standard error. Where nobody listens it is not said:
/// a server goes on.
pub(super) fn tell(words: Arguments<'_>) {
    drop(writeln!(io::stderr().lock(), "{words}"));
}

/// Returns whether all that failed is that nobody reads what is printed.
pub(super) fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
