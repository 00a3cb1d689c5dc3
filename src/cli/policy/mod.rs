//! `lethe policy`: rules tried offline, and drafted, activated and asked about on a server.

mod ask;
mod offline;
mod sets;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Run policy cases on rules, without a server; exit code 1 if any comes out otherwise
    Test(offline::TestArgs),
    /// List what looks like a mistake in a file of rules, without a server
    Lint(offline::LintArgs),
    /// Write a draft of rules on a server
    Draft(sets::DraftArgs),
    /// Put a draft into force on a server
    Activate(sets::ActivateArgs),
    /// Ask a server whether somebody may do something, and why
    Decide(ask::DecideArgs),
    /// Ask a server who may do something
    WhoCan(ask::WhoCanArgs),
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Test(args) => offline::test(&args),
        Command::Lint(args) => offline::lint(&args),
        Command::Draft(args) => sets::draft(args).await,
        Command::Activate(args) => sets::activate(args).await,
        Command::Decide(args) => ask::decide(args).await,
        Command::WhoCan(args) => ask::who_can(args).await,
    }
}
