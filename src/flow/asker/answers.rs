//! An asker: who it is, what is decided about it, and the record of what it is denied.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::follow::LiveChanges;
use super::super::listeners::{ListenerKey, NoPlace};
use super::super::positions::Positions;
use super::super::trust::Known;
use super::rights::{Rights, search_of};
use crate::access::{Action, Context, Decision, Kind, Resource};
use crate::audit::{DecisionRef, Outcome};
use crate::base::{DatasetId, NodeKind, Time};
use crate::catalog::Voice;

/// Somebody who asks. Cheap to clone; lives as long as one request, since what it may see
/// was looked up when it was made.
#[derive(Clone)]
pub struct Asker {
    pub(super) app: App,
    actor: Actor,
    known: Known,
    rights: Option<Arc<RwLock<Arc<Rights>>>>,
    decided: Arc<AtomicBool>,
    /// Datasets of which it is recorded that personal fields of theirs were shown.
    noted: Arc<Mutex<HashSet<DatasetId>>>,
    /// Since when all that others committed must have been seen, where something may be hidden.
    pub(super) seen: Option<Instant>,
}

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asker").field("actor", &self.actor).finish_non_exhaustive()
    }
}

/// What is acted upon, as records name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) kind: Kind,
    pub(super) id: Uuid,
    pub(super) name: &'a str,
}

impl App {
    /// Returns the catalog as somebody may see it now, for a stated purpose.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn asker(
        &self,
        known: &Known,
        actor: &Actor,
        purpose: Option<&str>,
    ) -> Result<Asker, FlowError> {
        if !self.asks_who() {
            let (actor, known) = (actor.clone(), known.clone());
            return Ok(Asker { actor, known, ..self.anybody() });
        }
        let seen = Some(self.keep_in_touch().await);
        self.forget_former().await;
        let judge = self.inner.trust.judge();
        let mut context = Context::at(self.now());
        context.purpose = purpose.map(str::to_owned);
        let book = self.class_book(&judge).await?;
        let rights = self.inner.known_rights.rights(known.principal(), context, judge, book);
        Ok(Asker {
            actor: actor.clone(),
            known: known.clone(),
            rights: Some(Arc::new(RwLock::new(rights))),
            seen,
            ..self.anybody()
        })
    }

    /// Returns the whole catalog, as it is to anybody where nobody is asked who they are.
    #[must_use]
    pub fn anybody(&self) -> Asker {
        let decided = Arc::new(AtomicBool::new(false));
        let (actor, known) = (Actor::anonymous(), Known::anonymous());
        let noted = Arc::default();
        Asker { app: self.clone(), actor, known, rights: None, decided, noted, seen: None }
    }
}

impl Asker {
    /// Returns how records know them.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Returns whose their events are, with the bonds that there are now.
    pub(super) fn voice(&self) -> Arc<Voice> {
        self.app.voice(&self.known)
    }

    /// Returns the present moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.app.now()
    }

    /// Returns a time for an act that must count after all before it.
    #[must_use]
    pub fn stamp(&self) -> Time {
        self.app.stamp()
    }

    /// Returns the positions of the followers.
    #[must_use]
    pub fn positions(&self) -> &Positions {
        self.app.positions()
    }

    /// Begins to tell how far the change feed is, if there is a place for this listener.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn live_changes(&self, who: ListenerKey) -> Result<LiveChanges, NoPlace> {
        self.rights();
        self.app.live_changes(who)
    }

    /// Returns whether anything was decided for this asker: an answer without that is a
    /// fault in Lethe.
    #[must_use]
    pub fn was_decided(&self) -> bool {
        self.decided.load(Ordering::Relaxed)
    }

    /// Returns what it sees with; nothing if all may be seen. Whoever asks for it decides.
    pub(super) fn rights(&self) -> Option<Arc<Rights>> {
        self.decided.store(true, Ordering::Relaxed);
        self.held()
    }

    fn held(&self) -> Option<Arc<Rights>> {
        let rights = self.rights.as_ref()?;
        Some(Arc::clone(&rights.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Looks again if any of these classes came up since the asker was made: it may have
    /// made it itself.
    pub(super) async fn learn(&self, classes: &[u32]) -> Result<(), FlowError> {
        let (Some(held), Some(rights)) = (&self.rights, self.held()) else { return Ok(()) };
        if classes.iter().all(|access_class| rights.knows(*access_class)) {
            return Ok(());
        }
        let anew = Arc::new(rights.anew(self.app.class_book_now(rights.judge()).await?));
        *held.write().unwrap_or_else(PoisonError::into_inner) = anew;
        Ok(())
    }

    /// Returns whether any rule could ever allow the act: if not, it need not be tried.
    #[must_use]
    pub fn could(&self, action: Action) -> bool {
        self.held().is_none_or(|rights| rights.could(action))
    }

    /// Refuses an act that no rule could ever allow, and records that, with the id of what it was to
    /// be done to, if that is known.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if so.
    pub async fn must_could(&self, action: Action, to: Option<Uuid>) -> Result<(), FlowError> {
        match self.held() {
            Some(rights) if !rights.could(action) => {
                let decision = rights.denial_of_all(action);
                // Whoever may do nothing of the kind is not worth a look at what it is called.
                let target = to.map(|id| Target { kind: action.kind(), id, name: "" });
                Err(self.deny(action, &decision, target).await?)
            }
            _ => Ok(()),
        }
    }

    /// Returns whether things of this class are there at all, to this asker.
    pub(super) fn sees(&self, kind: NodeKind, access_class: u32) -> bool {
        self.rights().is_none_or(|rights| rights.sees(kind_of(kind), access_class))
    }

    /// Returns whether the asker may do something to a resource.
    #[must_use]
    pub fn may(&self, action: Action, resource: Resource) -> bool {
        self.rights().is_none_or(|rights| rights.decide(action, &resource.access_class()).allow)
    }

    /// Demands that the asker may do something to a resource.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if not; the denial is recorded.
    pub async fn must(&self, action: Action, resource: Resource) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let decision = rights.decide(action, &resource.access_class());
        if decision.allow {
            return Ok(());
        }
        Err(self.deny(action, &decision, None).await?)
    }

    /// Demands that the asker may do something to a dataset or job of a class. To those who
    /// do not even see it, it is not there.
    pub(super) async fn must_about(
        &self,
        action: Action,
        access_class: u32,
        target: Target<'_>,
    ) -> Result<(), FlowError> {
        self.learn(&[access_class]).await?;
        let Some(rights) = self.rights() else { return Ok(()) };
        let decision = rights.about(action, target.kind, access_class);
        if decision.allow {
            return Ok(());
        }
        if rights.about(search_of(target.kind), target.kind, access_class).allow {
            return Err(self.deny(action, &decision, Some(target)).await?);
        }
        // What is hidden is denied in the time that what is unknown takes.
        self.note(vec![self.denial(action, &decision, Some(target))]).await?;
        Err(FlowError::NotFound(format!("{} {}", target.kind.as_str(), target.id)))
    }

    /// As [`Self::must_about`], but returns whether the thing is there to the asker at all.
    pub(super) async fn may_see(
        &self,
        action: Action,
        access_class: u32,
        target: Target<'_>,
    ) -> Result<bool, FlowError> {
        match self.must_about(action, access_class, target).await {
            Ok(()) => Ok(true),
            Err(FlowError::NotFound(_)) => Ok(false),
            Err(denied) => Err(denied),
        }
    }

    /// Does for a thing that is not there what [`Self::must_about`] does for one that is hidden,
    /// so that the answers take equally long.
    pub(super) async fn as_if_hidden(
        &self,
        action: Action,
        target: Target<'_>,
    ) -> Result<(), FlowError> {
        self.learn(&[0]).await?;
        let Some(rights) = self.rights() else { return Ok(()) };
        rights.about(action, target.kind, 0);
        rights.about(search_of(target.kind), target.kind, 0);
        let act = self.denial(action, &rights.refused(), Some(target));
        self.app.pretend_to_note(&self.actor, &act);
        Ok(())
    }

    /// Records a denial and words it.
    pub(super) async fn deny(
        &self,
        action: Action,
        decision: &Decision,
        target: Option<Target<'_>>,
    ) -> Result<FlowError, FlowError> {
        let act = self.denial(action, decision, target);
        self.app.deny(&self.actor, action, act).await?;
        Ok(FlowError::Denied(decision.told(action)))
    }

    fn denial(&self, action: Action, decision: &Decision, target: Option<Target<'_>>) -> Act {
        let mut act = Act::done(action.as_str());
        if let Some(Target { kind, id, name }) = target {
            act = act.on(kind.as_str(), id, name);
        }
        act.outcome = Outcome::Denied;
        self.decided_by(act, decision)
    }

    /// Returns whether it is the first time that personal fields of a dataset are shown to this asker.
    pub(super) fn is_first(&self, dataset: DatasetId) -> bool {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(dataset)
    }

    /// Notes acts that are no changes: denials and reads. Whoever asks waits for no lock.
    pub(super) async fn note(&self, acts: Vec<Act>) -> Result<(), FlowError> {
        self.app.note(&self.actor, acts).await
    }

    /// Notes in an act what decided it, and for what purpose it was done.
    pub(super) fn decided_by(&self, mut act: Act, decision: &Decision) -> Act {
        act.purpose = self.held().and_then(|rights| rights.purpose().map(str::to_owned));
        let obligations = decision.obligations.to_string();
        act.decision = Some(DecisionRef {
            policy: decision.policy_version.to_string(),
            rules: decision.rules.iter().map(ToString::to_string).collect(),
            obligations: Some(obligations).filter(|text| !text.is_empty()).into_iter().collect(),
        });
        act
    }
}

/// Returns the kind of resource that a node is.
pub(super) fn kind_of(kind: NodeKind) -> Kind {
    if kind == NodeKind::Job { Kind::Job } else { Kind::Dataset }
}
