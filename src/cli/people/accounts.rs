//! `lethe service-accounts`: accounts of pipelines and other programs.

use serde_json::Value;

use super::answer::{Asking, body, roles};

const COLUMNS: [&str; 5] = ["id", "name", "disabled", "namespaces", "roles"];

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List service accounts
    List,
    /// Make a service account, or change one
    Put {
        name: String,
        /// Namespaces that it is bound to, all of them: names, or beginnings that end in `*`
        #[arg(long = "namespace", value_name = "NAMESPACE")]
        namespaces: Vec<String>,
        /// Roles that it is given, all of them: ROLE or ROLE@DOMAIN
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Disable a service account: its tokens end
    Disable { name: String },
}

pub(in crate::cli) async fn run(Args { command, asking }: Args) -> anyhow::Result<()> {
    let ask = async |method: &str, name: &str, body: Option<Value>| {
        asking.call(method, &["api", "v1", "service-accounts", name], body, &COLUMNS).await
    };
    match command {
        Command::List => asking.list("/api/v1/service-accounts", &COLUMNS).await,
        Command::Put { name, namespaces, roles: given } => {
            let put = body([("namespaces", Some(namespaces.into())), ("roles", roles(&given))]);
            ask("PUT", &name, put).await
        }
        Command::Disable { name } => ask("DELETE", &name, None).await,
    }
}
