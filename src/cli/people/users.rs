//! `lethe users`: people.

use std::io::Read;

use serde_json::Value;

use super::answer::{Asking, body, roles};

const COLUMNS: [&str; 4] = ["id", "name", "disabled", "roles"];

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List people
    List,
    /// Tell of a person
    Show { name: String },
    /// Make a person known, or change what is known of one
    Put {
        name: String,
        /// What they are called
        #[arg(long)]
        display_name: Option<String>,
        /// Roles that they are given, all of them: ROLE or ROLE@DOMAIN
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// Let somebody in again who was disabled
        #[arg(long)]
        enable: bool,
    },
    /// Disable a person: their sessions and tokens end
    Disable { name: String },
    /// Set a person's password, read from standard input
    Password { name: String },
}

pub(in crate::cli) async fn run(Args { command, asking }: Args) -> anyhow::Result<()> {
    let ask = async |method: &str, name: &str, part: &str, body: Option<Value>| {
        asking.call(method, &["api", "v1", "users", name, part], body, &COLUMNS).await
    };
    match command {
        Command::List => asking.list("/api/v1/users", &COLUMNS).await,
        Command::Show { name } => ask("GET", &name, "", None).await,
        Command::Put { name, display_name, roles: given, enable } => {
            let put = body([
                ("displayName", display_name.map(Value::from)),
                ("roles", roles(&given)),
                ("enabled", enable.then_some(Value::Bool(true))),
            ]);
            ask("PUT", &name, "", put).await
        }
        Command::Disable { name } => ask("DELETE", &name, "", None).await,
        Command::Password { name } => {
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']);
            ask("PUT", &name, "password", body([("password", Some(password.into()))])).await
        }
    }
}
