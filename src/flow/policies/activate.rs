//! Putting a set of rules into force: its cases pass, somebody can change it back, and nobody
//! else changed anything meanwhile.

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::Known;
use super::error::{PolicyError, PolicyFault};
use super::people::{Named, Place, WAYS};
use super::sets::{PolicyDoc, PolicyState, PolicySummary, aside, audit_id, check_note};
use crate::access::cases::{SHIPPED_CASES, read_cases, run_cases};
use crate::access::{Action, Context, Judge, Kind, PolicySet, Resource, SHIPPED_POLICY};
use crate::audit::Hash;
use crate::base::limits::FAULTS_MAX;
use crate::db::{PolicyRow, Tx};

/// People who are looked at together.
const READ_MAX: usize = 500;
/// How often an activation is tried again because something else changed meanwhile.
const ATTEMPTS_MAX: usize = 5;

impl App {
    /// Puts a set of rules into force on every node, or one back that was.
    ///
    /// The shipped cases and those given with the set must pass; the shipped ones may be
    /// waived with a reason, for rules that are meant to say something else. Rules that open
    /// everything to more than those in force do are put into force by those who may give such a role.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Refused`] if the rules open more than the asker may;
    /// [`PolicyError::Conflict`] with code `other-in-force` if another set is in force than
    /// `expected`, `cases-failed` with the cases, `locked-out` if nobody could draft and
    /// activate afterwards, `changed-meanwhile` if others do not stop changing things.
    pub async fn activate_policy(
        &self,
        asker: (&Known, &Actor),
        version: i64,
        expected: Option<i64>,
        waived: Option<String>,
    ) -> Result<PolicySummary, PolicyError> {
        check_note("waiveShippedCases", waived.as_deref().unwrap_or_default())?;
        let row = self.policy_row(version).await?;
        let judge = tried(&row, waived.is_none()).await?;
        for _ in 0..ATTEMPTS_MAX {
            let seen = self.db().trust_version().await?;
            let in_force = self.db().active_policy_version().await?;
            if expected.is_some() && expected != in_force {
                let detail = format!("version {} is in force", in_force.unwrap_or_default());
                return Err(PolicyError::conflict("other-in-force", detail));
            }
            if in_force == Some(version) {
                return Ok(PolicySummary::of(&self.policy_row(version).await?.head)?);
            }
            // By the rules that this node obeys; if they are others by now, `seen` tells.
            self.refresh_trust().await;
            self.enter_to_open(asker, judge.policy()).await?;
            self.check_way_back(&judge).await?;
            if let Some(summary) = self.put_into_force(asker.1, &row, waived.clone(), seen).await? {
                self.refresh_trust().await;
                return Ok(summary);
            }
        }
        let detail = "people or rules were changed meanwhile, several times; try again";
        Err(PolicyError::conflict("changed-meanwhile", detail))
    }

    /// Writes that a set is in force, unless anything changed since `seen` changes.
    async fn put_into_force(
        &self,
        actor: &Actor,
        row: &PolicyRow,
        waived: Option<String>,
        seen: i64,
    ) -> Result<Option<PolicySummary>, PolicyError> {
        let now = self.now();
        let known = PolicySummary::of(&row.head)?;
        let doc = PolicyDoc {
            activated_by: Some(actor.reference()),
            activated_at: Some(now),
            waived,
            ..known.doc
        };
        let version = known.version;
        let mut act = Act::done("policy:activate").on("policy", audit_id(version), "");
        act.after = Some(Hash::of(row.rules.as_bytes()));
        let act = act.with("version", version).with("shippedCasesWaived", doc.waived.is_some());
        let write = async |tx: &mut Tx| {
            if tx.touch_trust().await? != seen + 1 {
                return Err(FlowError::Conflict("something was changed meanwhile".to_owned()));
            }
            if !tx.activate_policy(version, &doc.to_json()).await? {
                return Err(FlowError::NotFound(format!("policy {version}")));
            }
            Ok(((), vec![act]))
        };
        match self.change(actor, write).await {
            Ok(()) => Ok(Some(PolicySummary { state: PolicyState::Active, doc, ..known })),
            Err(FlowError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Demands that somebody who is known could draft other rules, and somebody activate them:
    /// a person, or the bootstrap administrator if there is one (or nobody is asked who they are,
    /// so that one may come).
    async fn check_way_back(&self, judge: &Judge) -> Result<(), PolicyError> {
        let trust = &self.inner.trust;
        let administrator = trust.administrator().clone();
        let relied_on = trust.is_open() || trust.bootstrap.is_some();
        let mut people: Vec<Named> = vec![(administrator.reference(), administrator)];
        people.retain(|_| relied_on);
        let mut wanted = vec![Action::PolicyDraft, Action::PolicyActivate];
        let context = Context::at(self.now());
        let access_class = Resource::new(Kind::Policy).access_class();
        let mut place = Some(Place::USERS);
        loop {
            wanted.retain(|act| {
                judge.who_can(&people, &WAYS, (*act, &access_class), &context).is_empty()
            });
            let Some(action) = wanted.first() else { return Ok(()) };
            let Some(at) = place.take().filter(|place| place.stage == Place::USERS.stage) else {
                let detail = format!(
                    "nobody who is known could do `{action}` under these rules, so that they could not be changed any more"
                );
                return Err(PolicyError::conflict("locked-out", detail));
            };
            (people, place) = self.everybody_after(judge, at, READ_MAX).await?;
        }
    }
}

/// Makes the judge of a set whose cases pass.
async fn tried(row: &PolicyRow, shipped: bool) -> Result<Judge, PolicyError> {
    let (version, rules, cases) = (row.head.version, row.rules.clone(), row.cases.clone());
    aside(move || {
        let invalid = |faults| PolicyError::Invalid(PolicyFault::of("csv", faults));
        let set = PolicySet::from_csv(version, &rules).map_err(invalid)?;
        // The shipped rules are the first set of every installation.
        let as_shipped = if shipped && rules != SHIPPED_POLICY { SHIPPED_CASES } else { &[] };
        let mut faults = vec![];
        for (file, text) in as_shipped.iter().copied().chain([("cases", cases.as_str())]) {
            faults.extend(failed(&set, file, text)?);
        }
        if faults.is_empty() { Judge::new(set).map_err(invalid) } else { Err(conflict(faults)) }
    })
    .await?
}

fn failed(set: &PolicySet, file: &str, text: &str) -> Result<Vec<PolicyFault>, PolicyError> {
    let invalid = |faults| PolicyError::Invalid(PolicyFault::of(file, faults));
    let failures = run_cases(set, &read_cases(text).map_err(invalid)?).map_err(invalid)?;
    let fault = |failure: &crate::access::cases::Failure| PolicyFault {
        part: file.to_owned(),
        line: failure.line,
        what: failure.to_string(),
    };
    Ok(failures.iter().map(fault).collect())
}

fn conflict(mut faults: Vec<PolicyFault>) -> PolicyError {
    let failed = faults.len();
    faults.truncate(FAULTS_MAX);
    let code = "cases-failed";
    let detail = format!("{failed} cases come out otherwise under these rules");
    PolicyError::Conflict { code, detail, faults }
}
