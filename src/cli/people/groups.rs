//! `lethe groups`: groups and their members.

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
    /// List groups
    List,
    /// Tell of a group
    Show { name: String },
    /// Make a group, or change one
    Put {
        name: String,
        /// What it is
        #[arg(long)]
        description: Option<String>,
        /// Roles that its members hold by it, all of them: ROLE or ROLE@DOMAIN
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// Let it give its roles again after it was disabled
        #[arg(long)]
        enable: bool,
    },
    /// Disable a group: its members hold its roles no more
    Disable { name: String },
    /// List the members of a group
    Members { name: String },
    /// Put a person into a group
    Add { name: String, user: String },
    /// Take a person out of a group
    Remove { name: String, user: String },
}

pub(in crate::cli) async fn run(Args { command, asking }: Args) -> anyhow::Result<()> {
    let ask = async |method: &str, path: [&str; 3], body: Option<Value>| {
        let [name, part, user] = path;
        asking.call(method, &["api", "v1", "groups", name, part, user], body, &COLUMNS).await
    };
    match command {
        Command::List => asking.list("/api/v1/groups", &COLUMNS).await,
        Command::Show { name } => ask("GET", [&name, "", ""], None).await,
        Command::Put { name, description, roles: given, enable } => {
            let put = body([
                ("description", description.map(Value::from)),
                ("roles", roles(&given)),
                ("enabled", enable.then_some(Value::Bool(true))),
            ]);
            ask("PUT", [&name, "", ""], put).await
        }
        Command::Disable { name } => ask("DELETE", [&name, "", ""], None).await,
        Command::Members { name } => {
            let columns = ["id", "name", "disabled"];
            asking.list(&format!("/api/v1/groups/{name}/members"), &columns).await
        }
        Command::Add { name, user } => ask("PUT", [&name, "members", &user], None).await,
        Command::Remove { name, user } => ask("DELETE", [&name, "members", &user], None).await,
    }
}
