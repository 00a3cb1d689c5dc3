//! The `lethe` command: parses its arguments, runs one command, exits with its code.

use std::process::ExitCode;

/// Events are many small texts that one thread makes and another frees: where the system's
/// allocator spends a fifth of an ingest's time, this one spends little.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lethe::cli::main()
}
