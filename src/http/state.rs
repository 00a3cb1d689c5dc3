//! What every handler is given.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;

use super::base_path::BasePath;
use super::host::Hosts;
use crate::flow::App;

/// What the door itself needs to be told.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// Answer exactly as Marquez does, its known bugs included.
    pub marquez_strict: bool,
    /// Whether Lethe itself speaks TLS.
    pub tls: bool,
    /// Below which path it is reached.
    pub base_path: BasePath,
    /// Under which names it is asked.
    pub hosts: Hosts,
    /// Proxies whose word on whom they speak for is taken.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Tags that exist from the start: name and description.
    pub tags: Vec<(String, String)>,
}

/// The use cases and the door's settings.
#[derive(Clone)]
pub struct Http {
    /// The use cases.
    pub app: App,
    /// The door's settings.
    pub settings: Arc<HttpSettings>,
    /// Renders the metrics; none in tests that do not install a recorder.
    pub metrics: Option<PrometheusHandle>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("app", &self.app).finish_non_exhaustive()
    }
}
