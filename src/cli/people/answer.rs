//! What the commands about people share: asking for all pages, and printing.

use serde_json::{Value, json};

use super::super::client::ServerArgs;
use super::super::out::say;

/// Entries that are asked for at once.
const PAGE: &str = "1000";

/// Which server, and how the answer is printed.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct Asking {
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

impl Asking {
    /// Sends something and prints the answer.
    pub(super) async fn call(
        &self,
        method: &str,
        path: &[&str],
        body: Option<Value>,
        columns: &[&str],
    ) -> anyhow::Result<()> {
        let text = self.server.call(method, path, body).await?;
        if !text.is_empty() {
            self.print(&serde_json::from_str(&text)?, columns)?;
        }
        Ok(())
    }

    /// Asks for a list, page by page, and prints it.
    pub(super) async fn list(&self, path: &str, columns: &[&str]) -> anyhow::Result<()> {
        self.list_some(path, &[], columns).await
    }

    /// The same, of what is asked for.
    pub(super) async fn list_some(
        &self,
        path: &str,
        asked: &[(&str, String)],
        columns: &[&str],
    ) -> anyhow::Result<()> {
        let mut after = Some(String::new());
        while let Some(from) = after {
            let page = self.page(path, asked, from).await?;
            for item in page["items"].as_array().into_iter().flatten() {
                self.print(item, columns)?;
            }
            after = page["next"].as_str().map(str::to_owned);
        }
        Ok(())
    }

    /// Asks whether a list holds something of this name.
    pub(super) async fn has(&self, path: &str, name: &str) -> anyhow::Result<bool> {
        let mut after = Some(String::new());
        while let Some(from) = after {
            let page = self.page(path, &[], from).await?;
            let mut items = page["items"].as_array().into_iter().flatten();
            if items.any(|item| item["name"] == name) {
                return Ok(true);
            }
            after = page["next"].as_str().map(str::to_owned);
        }
        Ok(false)
    }

    async fn page(
        &self,
        path: &str,
        asked: &[(&str, String)],
        after: String,
    ) -> anyhow::Result<Value> {
        let mut query = asked.to_vec();
        query.extend([("limit", PAGE.to_owned()), ("after", after)]);
        Ok(serde_json::from_str(&self.server.get(path, &query).await?)?)
    }

    fn print(&self, item: &Value, columns: &[&str]) -> std::io::Result<()> {
        if self.json {
            return say!("{item}");
        }
        let cells: Vec<String> = columns.iter().map(|column| cell(&item[*column])).collect();
        say!("{}", cells.join("  "))
    }
}

/// Returns a value as people read it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(","),
        Value::Object(given) => match given["domain"].as_str() {
            Some("*") | None => cell(&given["role"]),
            Some(domain) => format!("{}@{domain}", cell(&given["role"])),
        },
        other => other.to_string(),
    }
}

/// Reads `ROLE` or `ROLE@DOMAIN`.
pub(super) fn roles(texts: &[String]) -> Option<Value> {
    let given = texts.iter().map(|text| match text.split_once('@') {
        Some((role, domain)) => json!({"role": role, "domain": domain}),
        None => json!({"role": text}),
    });
    (!texts.is_empty()).then(|| given.collect())
}

/// Makes a body of what is given.
pub(super) fn body<const N: usize>(members: [(&str, Option<Value>); N]) -> Option<Value> {
    let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Some(Value::Object(given.collect()))
}
