//! `lethe service-accounts`: accounts of pipelines and other programs.

use serde_json::Value;

use super::answer::{Asking, body, roles};

const COLUMNS: [&str; 6] = ["id", "name", "disabled", "namespaces", "datasetNamespaces", "roles"];

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
    /// Make a service account, or change one: what is left out stays as it is, also that it is disabled
    Put {
        name: String,
        /// Namespaces that it is bound to, all of them: names, or beginnings that end in `*`
        #[arg(long = "namespace", value_name = "NAMESPACE")]
        namespaces: Vec<String>,
        /// Further namespaces whose datasets are its own, all of them: names, or beginnings that end
        /// in `*`
        #[arg(long = "dataset-namespace", value_name = "NAMESPACE", value_parser = binding)]
        dataset_namespaces: Vec<String>,
        /// Roles that it is given, all of them: ROLE or ROLE@DOMAIN
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// Let one work again that was disabled; its tokens stay ended
        #[arg(long)]
        enable: bool,
    },
    /// List who else speaks of datasets, before an account is bound to their namespace
    Strangers {
        name: String,
        /// The namespaces that it might be bound to: a name, or a beginning that ends in `*`
        #[arg(long, value_name = "NAMESPACE")]
        namespace: String,
    },
    /// Disable a service account: its tokens end
    Disable { name: String },
}

/// Reads a namespace that datasets are bound to.
fn binding(text: &str) -> Result<String, String> {
    if text == "*" {
        return Err(
            "a bare `*` binds no datasets: name a namespace, or a beginning such as `s3://*`"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

fn named(namespaces: Vec<String>) -> Option<Value> {
    (!namespaces.is_empty()).then(|| namespaces.into())
}

pub(in crate::cli) async fn run(Args { command, asking }: Args) -> anyhow::Result<()> {
    let ask = async |method: &str, name: &str, body: Option<Value>| {
        asking.call(method, &["api", "v1", "service-accounts", name], body, &COLUMNS).await
    };
    match command {
        Command::List => asking.list("/api/v1/service-accounts", &COLUMNS).await,
        Command::Put { name, namespaces, dataset_namespaces, roles: given, enable } => {
            let put = body([
                ("namespaces", named(namespaces)),
                ("datasetNamespaces", named(dataset_namespaces)),
                ("roles", roles(&given)),
                ("enabled", enable.then_some(Value::Bool(true))),
            ]);
            ask("PUT", &name, put).await
        }
        Command::Strangers { name, namespace } => {
            let known = asking.has("/api/v1/service-accounts", &name).await?;
            anyhow::ensure!(known, "there is no service account `{name}`");
            let path = format!("/api/v1/service-accounts/{name}/strangers");
            asking.list_some(&path, &[("namespace", namespace)], &["namespace", "name", "by"]).await
        }
        Command::Disable { name } => ask("DELETE", &name, None).await,
    }
}
