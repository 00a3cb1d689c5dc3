//! `lethe me`: as whom a server knows the token.

use super::answer::Asking;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    asking: Asking,
}

pub(in crate::cli) async fn run(args: Args) -> anyhow::Result<()> {
    args.asking.call("GET", &["api", "v1", "me"], None, &["kind", "name", "auth", "roles"]).await
}
