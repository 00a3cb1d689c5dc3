//! `lethe sign-in-link`: a link that signs in a person once, for whoever holds the database.

use crate::access::session::Secret;

use super::config::DataArgs;
use super::local;
use super::out::say;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Whom it signs in [default: admin, who is made if there is none]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Address of the server
    #[arg(long, env = "LETHE_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    #[command(flatten)]
    data: DataArgs,
}

/// Makes a link and prints it.
pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let app = local::resume(&args.data.config()?).await?;
    let made = app.sign_in_link(args.user.as_deref()).await;
    app.stop().await;
    Ok(say!("{}", url(&args.url, &made?))?)
}

/// Returns the link as a browser takes it.
pub(super) fn url(base: &str, secret: &Secret) -> String {
    format!("{}/sign-in?code={}", base.trim_end_matches('/'), secret.reveal())
}
