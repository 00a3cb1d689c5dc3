//! Settings: flags win over the environment, the environment over the file, the file over
//! the defaults.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::tls::TlsConfig;
use crate::db::DbUrl;
use crate::flow::tag_name;
use crate::http::{BasePath, host_name};

const LISTEN: &str = "127.0.0.1:8080";
const DATA_DIR: &str = "data";
const RETENTION_RUNS: u32 = 20;

/// Where Lethe's own data is.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct DataArgs {
    /// Directory of the embedded database, the search index and snapshots [default: data]
    #[arg(long, env = "LETHE_DATA_DIR", global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://… [default: SQLite in the data directory]
    #[arg(
        long,
        env = "LETHE_DATABASE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    pub(super) database: Option<String>,
    /// Settings file (TOML)
    #[arg(long, env = "LETHE_CONFIG", global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// The certificate of the server and its key.
#[derive(Debug, Clone, Default, Args)]
struct TlsArgs {
    /// Speak TLS with the certificate in this file, its chain after it (PEM) [default: plain http]
    #[arg(long, env = "LETHE_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM: PKCS#8, SEC1 or PKCS#1)
    #[arg(long, env = "LETHE_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl TlsArgs {
    /// Puts each path that was given over that of the file.
    fn over(&self, file: Option<TlsConfig>) -> anyhow::Result<Option<TlsConfig>> {
        let (cert, key) = file.map(|tls| (tls.cert, tls.key)).unzip();
        match (self.tls_cert.clone().or(cert), self.tls_key.clone().or(key)) {
            (Some(cert), Some(key)) => Ok(Some(TlsConfig { cert, key })),
            (None, None) => Ok(None),
            (Some(_), None) => anyhow::bail!("`tls.cert` is set and `tls.key` is not: set both"),
            (None, Some(_)) => anyhow::bail!("`tls.key` is set and `tls.cert` is not: set both"),
        }
    }
}

/// What `lethe serve` is told.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ServeArgs {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "LETHE_LISTEN", value_name = "ADDR")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    tls: TlsArgs,
    #[command(flatten)]
    pub(super) data: DataArgs,
    /// Form of the log
    #[arg(long, env = "LETHE_LOG_FORMAT", value_enum)]
    log_format: Option<LogFormat>,
    /// What is logged, such as info or lethe=debug [default: info]
    #[arg(long, env = "LETHE_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// Answer as Marquez does, its known bugs included
    #[arg(long, env = "LETHE_MARQUEZ_STRICT", action = clap::ArgAction::SetTrue, value_parser = clap::builder::FalseyValueParser::new())]
    marquez_strict: bool,
    /// Ask nobody who they are: everybody may do everything. Only on a loopback address
    #[arg(long, env = "LETHE_OPEN", action = clap::ArgAction::SetTrue, value_parser = clap::builder::FalseyValueParser::new())]
    open: bool,
    /// Path below which Lethe is reached, such as /lethe/ [default: /]
    #[arg(long, env = "LETHE_BASE_PATH", value_name = "PATH")]
    base_path: Option<BasePath>,
    /// Names that Lethe is asked by, such as lethe.example.com, beside localhost, the machine's own and
    /// the address it listens on [default: none]
    #[arg(long, env = "LETHE_HOSTS", value_name = "NAME", value_delimiter = ',', value_parser = host_name)]
    hosts: Vec<String>,
    /// Proxies that are believed on whom they speak for (X-Forwarded-For, X-Forwarded-Proto):
    /// addresses or networks, such as 10.0.0.0/8 [default: none]
    #[arg(long, env = "LETHE_TRUSTED_PROXIES", value_name = "NET", value_delimiter = ',', value_parser = parse_net)]
    trusted_proxies: Vec<IpNet>,
    /// Remove events and runs older than this many days, 1 or more [default: keep them]
    #[arg(long, env = "LETHE_RETENTION_DAYS", value_name = "DAYS")]
    retention_days: Option<u32>,
    /// Keep this many of each job's newest runs whatever their age, 1 or more [default: 20]
    #[arg(long, env = "LETHE_RETENTION_RUNS", value_name = "RUNS")]
    retention_runs: Option<u32>,
    /// Send traces to this collector (OTLP over HTTP, such as http://localhost:4318) [default: none]
    #[arg(long, env = "LETHE_OTLP_ENDPOINT", value_name = "URL")]
    otlp_endpoint: Option<String>,
}

/// In which form log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// A tag that exists from the start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagConfig {
    /// Its name.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub description: String,
}

/// The settings file, and what is in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Directory of the embedded database, the search index and snapshots.
    pub data_dir: PathBuf,
    /// Database URL; may hold a password and is never printed.
    #[serde(skip_serializing)]
    pub database: Option<String>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
    /// Answer as Marquez does, its known bugs included.
    pub marquez_strict: bool,
    /// Ask nobody who they are: everybody may do everything. Only on a loopback address.
    pub open: bool,
    /// Path below which Lethe is reached.
    pub base_path: BasePath,
    /// Names that Lethe is asked by, beside localhost, the machine's own and the address it listens on.
    #[serde(deserialize_with = "read_hosts")]
    pub hosts: Vec<String>,
    /// Proxies that are believed on whom they speak for: addresses or networks.
    #[serde(deserialize_with = "read_nets")]
    pub trusted_proxies: Vec<IpNet>,
    /// Remove events and runs older than this many days.
    pub retention_days: Option<u32>,
    /// Keep this many of each job's newest runs whatever their age.
    pub retention_runs: u32,
    /// Collector that traces are sent to (OTLP over HTTP).
    pub otlp_endpoint: Option<String>,
    /// Certificate and key, if Lethe itself is to speak TLS.
    pub tls: Option<TlsConfig>,
    /// Tags that exist from the start.
    pub tags: Vec<TagConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: LISTEN.parse().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            data_dir: PathBuf::from(DATA_DIR),
            database: None,
            log_format: LogFormat::Text,
            log: "info".to_owned(),
            marquez_strict: false,
            open: false,
            base_path: BasePath::default(),
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            retention_days: None,
            retention_runs: RETENTION_RUNS,
            otlp_endpoint: None,
            tls: None,
            tags: Vec::new(),
        }
    }
}

impl Config {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the settings file {}", path.display()))?;
        toml::from_str(&text)
            .with_context(|| format!("the settings file {} is not right", path.display()))
    }

    fn of_data(args: &DataArgs) -> anyhow::Result<Self> {
        let mut config = args.config.as_deref().map_or_else(|| Ok(Self::default()), Self::read)?;
        if let Some(data_dir) = &args.data_dir {
            config.data_dir.clone_from(data_dir);
        }
        if let Some(database) = &args.database {
            config.database = Some(database.clone());
        }
        config.sound()?;
        Ok(config)
    }

    /// Demands of settings what their types do not say, and brings tags to how they are known.
    fn sound(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.retention_days != Some(0),
            "`retention_days` must be 1 or more: 0 would remove everything; to keep everything, leave it out"
        );
        anyhow::ensure!(
            self.retention_runs != 0,
            "`retention_runs` must be 1 or more: the newest run of a job always stays"
        );
        for (index, tag) in self.tags.iter_mut().enumerate() {
            let why = || format!("the {}. of the settings' `tags` is not right", index + 1);
            tag.name = tag_name("name", &tag.name).with_context(why)?;
        }
        Ok(())
    }

    pub(super) fn of(args: &ServeArgs) -> anyhow::Result<Self> {
        let mut config = Self::of_data(&args.data)?;
        if let Some(listen) = args.listen {
            config.listen = listen;
        }
        if let Some(log_format) = args.log_format {
            config.log_format = log_format;
        }
        if let Some(log) = &args.log {
            config.log.clone_from(log);
        }
        config.marquez_strict |= args.marquez_strict;
        config.open |= args.open;
        anyhow::ensure!(
            !config.open || config.listen.ip().is_loopback(),
            "`open` lets everybody in: it goes only with a loopback address, not with {}",
            config.listen
        );
        if let Some(base_path) = &args.base_path {
            config.base_path.clone_from(base_path);
        }
        if !args.hosts.is_empty() {
            config.hosts.clone_from(&args.hosts);
        }
        if !args.trusted_proxies.is_empty() {
            config.trusted_proxies.clone_from(&args.trusted_proxies);
        }
        config.retention_days = args.retention_days.or(config.retention_days);
        config.retention_runs = args.retention_runs.unwrap_or(config.retention_runs);
        config.tls = args.tls.over(config.tls)?;
        if let Some(endpoint) = &args.otlp_endpoint {
            config.otlp_endpoint = Some(endpoint.clone());
        }
        config.sound()?;
        Ok(config)
    }

    /// Returns which database to use.
    ///
    /// # Errors
    ///
    /// An error that names the setting if the URL is none that Lethe knows.
    pub fn db_url(&self) -> anyhow::Result<DbUrl> {
        match &self.database {
            Some(url) => DbUrl::parse(url).context("the setting `database` is not right"),
            None => Ok(DbUrl::in_dir(&self.data_dir)),
        }
    }
}

/// Reads an address or a network of addresses.
fn parse_net(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let net = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    net.map_err(|_| "must be an address or a network, such as 10.0.0.0/8".to_owned())
}

fn read_nets<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let nets = texts.iter().map(|text| parse_net(text).map_err(serde::de::Error::custom));
    nets.collect()
}

fn read_hosts<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let names = texts.iter().map(|text| host_name(text).map_err(serde::de::Error::custom));
    names.collect()
}

impl DataArgs {
    /// Reads the settings that say where the data is.
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        Config::of_data(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_unknown_keys_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lethe.toml");
        std::fs::write(&path, "listen = \"0.0.0.0:9\"\nretention_days = 7\n").unwrap();
        let args = ServeArgs {
            listen: Some("127.0.0.1:1".parse().unwrap()),
            data: DataArgs { config: Some(path.clone()), ..DataArgs::default() },
            ..ServeArgs::default()
        };
        let config = Config::of(&args).unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.retention_days, Some(7));
        std::fs::write(&path, "lisen = 1\n").unwrap();
        assert!(format!("{:#}", Config::of(&args).unwrap_err()).contains("lisen"));
    }

    #[test]
    fn no_retention_removes_everything() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lethe.toml");
        for name in ["retention_days", "retention_runs"] {
            let told = |count: u32| {
                std::fs::write(&path, format!("{name} = {count}\n")).unwrap();
                Config::of_data(&DataArgs { config: Some(path.clone()), ..DataArgs::default() })
            };
            assert!(told(1).is_ok());
            let error = told(0).unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}` must be 1 or more")), "{error}");
            let flag = |which: &str| Some(0).filter(|_| which == name);
            let args = ServeArgs {
                retention_days: flag("retention_days"),
                retention_runs: flag("retention_runs"),
                ..ServeArgs::default()
            };
            assert_eq!(Config::of(&args).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn hosts_are_names_without_a_port() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lethe.toml");
        let told = |file: &str| {
            std::fs::write(&path, file).unwrap();
            Config::of_data(&DataArgs { config: Some(path.clone()), ..DataArgs::default() })
        };
        let config = told("hosts = [\"Lethe.Example.com.\", \"10.0.0.7\"]\n").unwrap();
        assert_eq!(config.hosts, ["lethe.example.com", "10.0.0.7"]);
        for wrong in ["https://lethe.example.com", "lethe.example.com:443", "*", ""] {
            assert!(told(&format!("hosts = [\"{wrong}\"]\n")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_is_open_to_the_network() {
        let open = |listen: &str| {
            let listen = Some(listen.parse().unwrap());
            Config::of(&ServeArgs { listen, open: true, ..ServeArgs::default() })
        };
        assert!(open("127.0.0.1:1").unwrap().open && open("[::1]:1").unwrap().open);
        for listen in ["0.0.0.0:1", "192.168.1.1:1", "[::]:1"] {
            assert!(open(listen).unwrap_err().to_string().contains("loopback"), "{listen}");
        }
    }

    #[test]
    fn a_certificate_goes_with_its_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lethe.toml");
        let told = |file: &str, cert: Option<&str>, key: Option<&str>| {
            std::fs::write(&path, file).unwrap();
            let tls = TlsArgs { tls_cert: cert.map(Into::into), tls_key: key.map(Into::into) };
            let data = DataArgs { config: Some(path.clone()), ..DataArgs::default() };
            Config::of(&ServeArgs { tls, data, ..ServeArgs::default() })
        };
        let pair = |cert: &str, key: &str| Some(TlsConfig { cert: cert.into(), key: key.into() });
        let file = "[tls]\ncert = \"a\"\nkey = \"b\"\n";
        assert_eq!(told("", None, None).unwrap().tls, None);
        assert_eq!(told(file, None, None).unwrap().tls, pair("a", "b"));
        assert_eq!(told(file, Some("c"), None).unwrap().tls, pair("c", "b"));
        assert_eq!(told("", Some("c"), Some("d")).unwrap().tls, pair("c", "d"));
        let printed = toml::to_string_pretty(&told(file, None, None).unwrap()).unwrap();
        assert!(printed.contains(file), "{printed}");
        for (file, cert, key) in [
            ("", Some("c"), None),
            ("", None, Some("d")),
            ("[tls]\ncert = \"a\"\n", None, None),
            ("[tls]\ncert = \"a\"\nkey = \"b\"\nca = \"x\"\n", None, None),
        ] {
            let error = format!("{:#}", told(file, cert, key).unwrap_err());
            assert!(error.contains("key") || error.contains("ca"), "{error}");
        }
    }

    #[test]
    fn no_password_is_printed() {
        let config =
            Config { database: Some("postgres://u:secret@h/d".into()), ..Config::default() };
        assert!(!toml::to_string(&config).unwrap().contains("secret"));
    }
}
