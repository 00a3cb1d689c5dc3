//! The command line: one file per command, settings from flags, environment and a file.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the data cannot be worked on: another process does, or
//! there is no database.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod audit;
mod client;
mod config;
mod config_check;
mod data_dir;
mod export;
pub mod generate;
mod generate_command;
mod import;
mod keys;
mod lineage;
mod listen;
mod local;
mod openapi;
mod out;
mod people;
mod policy;
mod rebuild;
mod root_key;
mod runtime;
mod search;
mod serve;
mod sign_in_link;
mod signals;
mod telemetry;
mod tls;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use config::Config;
use runtime::runtime;

/// The exit code where the data cannot be worked on.
const NO_DATA: u8 = 3;

/// Lethe knows where every column came from, and can forget a person everywhere.
#[derive(Debug, Parser)]
#[command(name = "lethe", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve(config::ServeArgs),
    /// Import OpenLineage events from files of newline-delimited JSON (`-` is standard input)
    Import(import::Args),
    /// Write the event log as newline-delimited JSON
    Export(export::Args),
    /// Bring the database's schema up to date
    Migrate(config::DataArgs),
    /// Drop the catalog and fold the event log again
    Rebuild(rebuild::Args),
    /// Write synthetic OpenLineage events
    Generate(Box<generate_command::Args>),
    /// Ask a running server for lineage, or draw it
    Lineage(lineage::Args),
    /// Search a running server's catalog
    Search(search::Args),
    /// Ask a running server who it takes you for
    Me(people::me::Args),
    /// Make people known to a running server, and give them roles
    Users(people::users::Args),
    /// Make groups on a running server, and give them roles
    Groups(people::groups::Args),
    /// Make accounts of pipelines on a running server
    ServiceAccounts(people::accounts::Args),
    /// Make, rotate and revoke tokens on a running server
    Tokens(people::tokens::Args),
    /// Make a link that signs in a person, once, within 15 minutes
    SignInLink(sign_in_link::Args),
    /// Check the audit log
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
    /// List, rotate, destroy and back up keys
    Keys(keys::Args),
    /// Try rules, draft and activate them, and ask why
    Policy {
        #[command(subcommand)]
        command: policy::Command,
    },
    /// Write the OpenAPI document
    Openapi(openapi::Args),
    /// Work with the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and print what is in force (secrets are not shown)
    Check(config::ServeArgs),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if out::is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out::tell(format_args!("lethe: {error:#}"));
            let no_data = error.is::<data_dir::InUse>() || error.is::<local::NoDatabase>();
            if no_data { ExitCode::from(NO_DATA) } else { ExitCode::FAILURE }
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => serve::run(args),
        Command::Import(args) => runtime()?.block_on(import::run(args)),
        Command::Export(args) => runtime()?.block_on(export::run(args)),
        Command::Migrate(args) => runtime()?.block_on(local::migrate(args)),
        Command::Rebuild(args) => runtime()?.block_on(rebuild::run(args)),
        Command::Generate(args) => generate_command::run(&args),
        Command::Lineage(args) => runtime()?.block_on(lineage::run(args)),
        Command::Search(args) => runtime()?.block_on(search::run(args)),
        Command::Me(args) => runtime()?.block_on(people::me::run(args)),
        Command::Users(args) => runtime()?.block_on(people::users::run(args)),
        Command::Groups(args) => runtime()?.block_on(people::groups::run(args)),
        Command::ServiceAccounts(args) => runtime()?.block_on(people::accounts::run(args)),
        Command::Tokens(args) => runtime()?.block_on(people::tokens::run(args)),
        Command::SignInLink(args) => runtime()?.block_on(sign_in_link::run(args)),
        Command::Audit { command } => audit::run(&command),
        Command::Keys(args) => runtime()?.block_on(keys::run(args)),
        Command::Policy { command } => runtime()?.block_on(policy::run(command)),
        Command::Openapi(args) => openapi::run(&args),
        Command::Config { command: ConfigCommand::Check(args) } => config_check::run(&args),
    }
}
