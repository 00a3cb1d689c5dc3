//! Whether somebody is let in: decided by the rules in force, and recorded if not.

use std::collections::BTreeSet;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::known::Known;
use crate::access::{Action, Context, Resource};
use crate::audit::{DecisionRef, Outcome};
use crate::openlineage::{Event, Parsed};

/// Why somebody is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// The rules say so; in words.
    Denied(String),
    /// It could not be decided, or not be recorded.
    Failed(FlowError),
}

impl<E: Into<FlowError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// Decides whether somebody may post these events: each by the namespace of its job, or of
    /// its dataset if it names no job.
    ///
    /// # Errors
    ///
    /// As [`App::enter`]; one namespace that is not allowed refuses them all.
    pub async fn enter_with_events(
        &self,
        known: &Known,
        actor: &Actor,
        events: &[Parsed],
    ) -> Result<(), Refusal> {
        let namespaces: BTreeSet<&str> = events.iter().map(namespace).collect();
        self.enter_namespaces(known, actor, Action::EventIngest, namespaces).await
    }

    /// Decides whether somebody may do something in each of these namespaces.
    pub(in crate::flow) async fn enter_namespaces(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
        namespaces: BTreeSet<&str>,
    ) -> Result<(), Refusal> {
        for namespace in namespaces {
            let resource = Resource::new(action.kind()).in_namespace(namespace);
            self.admit(known, actor, action, resource).await?;
        }
        Ok(())
    }

    /// Decides whether somebody may do something of a kind. A denial is recorded.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] with the rules that say so, [`Refusal::Failed`] if the denial
    /// cannot be recorded.
    pub async fn enter(&self, known: &Known, actor: &Actor, action: Action) -> Result<(), Refusal> {
        self.admit(known, actor, action, Resource::new(action.kind())).await
    }

    /// Decides whether somebody may do that to something. A denial is recorded.
    ///
    /// # Errors
    ///
    /// As [`App::enter`].
    pub(in crate::flow) async fn admit(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
        resource: Resource,
    ) -> Result<(), Refusal> {
        let trust = &self.inner.trust;
        if trust.is_open() {
            return Ok(());
        }
        let judge = trust.judge();
        let now = Context::at(self.now());
        let decision = judge.decide_for(&known.principal, action, &resource.class(), &now);
        if decision.allow {
            return Ok(());
        }
        let mut act = Act::done(action.as_str());
        act.outcome = Outcome::Denied;
        act.decision = Some(DecisionRef {
            policy: decision.policy_version.to_string(),
            rules: decision.rules.iter().map(ToString::to_string).collect(),
            obligations: Vec::new(),
        });
        self.deny(actor, action, act).await?;
        Err(Refusal::Denied(decision.told(action)))
    }

    /// Records a denial: of a change before it is answered, of a look within a second.
    pub(in crate::flow) async fn deny(
        &self,
        actor: &Actor,
        action: Action,
        act: Act,
    ) -> Result<(), FlowError> {
        if action.only_looks() {
            return self.note(actor, vec![act]).await;
        }
        self.record_denied(actor, act).await
    }

    /// Records that a request was refused because a page of another site may have made it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn record_forged(&self, actor: &Actor, action: Action) -> Result<(), FlowError> {
        let mut act = Act::done(action.as_str()).with("refused", "cross_site");
        act.outcome = Outcome::Denied;
        self.deny(actor, action, act).await
    }
}

fn namespace(parsed: &Parsed) -> &str {
    match &parsed.event {
        Event::Run(event) => &event.job.namespace,
        Event::Job(event) => &event.job.namespace,
        Event::Dataset(event) => &event.dataset.namespace,
    }
}
