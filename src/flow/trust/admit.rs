//! Whether somebody is let in: decided by the rules in force, and recorded if not.

use std::collections::BTreeSet;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::ingest::Submission;
use super::known::Known;
use crate::access::{Action, Context, Decision, Reach, Resource};
use crate::audit::{DecisionRef, Outcome};

/// Why somebody is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// The rules say so; in words.
    Denied(String),
    /// What they showed works no more: it was revoked or has ended, or they were disabled.
    Ended,
    /// It could not be decided, or not be recorded.
    Failed(FlowError),
}

/// What a submission tells of where it belongs.
#[derive(Debug)]
pub(in crate::flow) struct Told {
    /// The namespaces of its jobs, and of datasets that come without one.
    namespaces: BTreeSet<String>,
    /// Whether something of it tells none.
    is_silent: bool,
}

impl Told {
    /// Reads it from a submission.
    pub(in crate::flow) fn of(coming: &Submission) -> Self {
        let events = coming.events.iter().map(|parsed| parsed.event.subject().0);
        let refused = coming.refused.iter().filter_map(|one| one.namespace.as_deref());
        let namespaces: BTreeSet<&str> = events.chain(refused).collect();
        Self {
            namespaces: namespaces.into_iter().map(str::to_owned).collect(),
            is_silent: coming.refused.iter().any(|one| one.namespace.is_none()),
        }
    }
}

impl<E: Into<FlowError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// Decides whether somebody may bring these events in: each by the namespace of its job, or of
    /// its dataset if it names no job; refused ones too, as far as they tell it. Where nothing
    /// tells a namespace, it is decided whether they may bring in anything at all.
    ///
    /// # Errors
    ///
    /// As [`App::enter`]; one namespace that is not allowed refuses them all.
    pub async fn enter_with(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
        coming: &Submission,
    ) -> Result<(), Refusal> {
        self.enter_told(known, actor, action, &Told::of(coming)).await
    }

    /// As [`App::enter_with`], by what was told.
    pub(in crate::flow) async fn enter_told(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
        told: &Told,
    ) -> Result<(), Refusal> {
        if told.is_silent || told.namespaces.is_empty() {
            self.enter_at_all(known, actor, action).await?;
        }
        let namespaces = told.namespaces.iter().map(String::as_str).collect();
        self.enter_namespaces(known, actor, action, namespaces).await
    }

    /// Decides whether any rule could ever let somebody do something. A denial is recorded.
    ///
    /// # Errors
    ///
    /// As [`App::enter`].
    pub async fn enter_at_all(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
    ) -> Result<(), Refusal> {
        known.decide();
        let judge = self.inner.trust.judge();
        let standing = judge.standing(known.principal());
        if self.inner.trust.is_open() || judge.reach(&standing, action) > Reach::Nothing {
            return Ok(());
        }
        Err(self.refuse(actor, action, &judge.denial_of_all(&standing, action)).await?)
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

    /// Decides whether somebody may do something of a kind, where an answer tells less to those
    /// who may not: that is no denial.
    #[must_use]
    pub fn allows(&self, known: &Known, action: Action) -> bool {
        known.decide();
        let trust = &self.inner.trust;
        let (access_class, now) =
            (Resource::new(action.kind()).access_class(), Context::at(self.now()));
        trust.is_open()
            || trust.judge().decide_for(&known.principal, action, &access_class, &now).allow
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
        known.decide();
        let trust = &self.inner.trust;
        if trust.is_open() {
            return Ok(());
        }
        let judge = trust.judge();
        let now = Context::at(self.now());
        let decision = judge.decide_for(&known.principal, action, &resource.access_class(), &now);
        if decision.allow {
            return Ok(());
        }
        Err(self.refuse(actor, action, &decision).await?)
    }

    /// Records a denial and words it.
    ///
    /// # Errors
    ///
    /// [`Refusal::Failed`] if it cannot be recorded.
    pub(in crate::flow) async fn refuse(
        &self,
        actor: &Actor,
        action: Action,
        decision: &Decision,
    ) -> Result<Refusal, Refusal> {
        let mut act = Act::done(action.as_str());
        act.outcome = Outcome::Denied;
        act.decision = Some(DecisionRef {
            policy: decision.policy_version.to_string(),
            rules: decision.rules.iter().map(ToString::to_string).collect(),
            obligations: Vec::new(),
        });
        self.deny(actor, action, act).await?;
        Ok(Refusal::Denied(decision.told(action)))
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
