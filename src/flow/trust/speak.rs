//! Whose something is that somebody says.

use std::sync::Arc;

use super::super::app::App;
use super::known::Known;
use super::voices::voice_of;
use crate::catalog::Voice;

impl App {
    /// Returns whose events of somebody are, with the bonds that there are now.
    #[must_use]
    pub fn voice(&self, known: &Known) -> Arc<Voice> {
        self.inner.trust.voices.of(known)
    }

    /// Returns whose the events are that this machine's administrator imports.
    #[must_use]
    pub fn voice_of_lethe(&self) -> Arc<Voice> {
        let trust = &self.inner.trust;
        Arc::new(voice_of(trust.administrator(), trust.voices.claims()))
    }
}
