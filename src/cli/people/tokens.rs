//! `lethe tokens`: tokens of people and service accounts.

use serde_json::Value;

use super::answer::{Asking, body};

const COLUMNS: [&str; 5] = ["id", "name", "state", "expiresAt", "usedAt"];

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    asking: Asking,
}

/// Whose tokens.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Owner {
    /// A person's
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// A service account's
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

impl Owner {
    fn path(&self) -> [&str; 5] {
        // The group demands one of them.
        let service = || ("service-accounts", self.service.as_deref().unwrap_or_default());
        let (kind, name) = self.user.as_deref().map_or_else(service, |user| ("users", user));
        ["api", "v1", kind, name, "tokens"]
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List tokens
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// Make a token and print its text, which is told this once
    Create {
        #[command(flatten)]
        owner: Owner,
        /// What it is called
        #[arg(long)]
        name: String,
        /// How long it lives, in days, up to 366 [default: 90]
        #[arg(long)]
        days: Option<i64>,
        /// Acts that it is limited to, such as `dataset:read|lineage:*`
        #[arg(long)]
        scopes: Option<String>,
        /// Namespaces that it is bound to: names, or beginnings that end in `*`
        #[arg(long = "namespace", value_name = "NAMESPACE")]
        namespaces: Vec<String>,
    },
    /// Put a new token in the place of one and print its text, which is told this once
    Rotate {
        id: String,
        /// How long the old one works yet, in hours, up to 168 [default: 24]
        #[arg(long)]
        overlap_hours: Option<i64>,
    },
    /// Revoke a token
    Revoke { id: String },
}

pub(in crate::cli) async fn run(Args { command, asking }: Args) -> anyhow::Result<()> {
    match command {
        Command::List { owner } => asking.list(&owner.path().join("/"), &COLUMNS).await,
        Command::Create { owner, name, days, scopes, namespaces } => {
            let make = body([
                ("name", Some(name.into())),
                ("expiresInDays", days.map(Value::from)),
                ("scopes", scopes.map(Value::from)),
                ("namespaces", (!namespaces.is_empty()).then(|| namespaces.into())),
            ]);
            asking.call("POST", &owner.path(), make, &["token"]).await
        }
        Command::Rotate { id, overlap_hours } => {
            let rotate = body([("overlapHours", overlap_hours.map(Value::from))]);
            let path = ["api", "v1", "tokens", &id, "rotate"];
            asking.call("POST", &path, rotate, &["token"]).await
        }
        Command::Revoke { id } => {
            asking.call("DELETE", &["api", "v1", "tokens", &id], None, &COLUMNS).await
        }
    }
}
