//! The `lethe` command: parses its arguments, runs one command, exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    lethe::cli::main()
}
