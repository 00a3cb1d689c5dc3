//! What other rules would change, for those who are known and what is in the catalog.

use super::super::app::App;
use super::super::error::FlowError;
use super::error::{PolicyError, PolicyFault};
use super::people::{Named, Place, usual_way};
use super::sets::{aside, read_rules};
use crate::access::explain::example_of;
use crate::access::simulate::{Simulation, simulate};
use crate::access::{AccessClass, Action, AuthMethod, Context, Judge, Kind, Principal, Resource};

/// Principals that are asked about at most.
const PRINCIPALS_MAX: usize = 1_000;
/// Access classes that are asked about at most.
const CLASSES_MAX: usize = 1_000;
/// Questions that are asked at most, all principals together.
const QUESTIONS_MAX: usize = 400_000;

/// The rules to try.
#[derive(Debug, Clone)]
pub enum Trial {
    /// Those of a set that is stored.
    Version(i64),
    /// These.
    Csv(String),
}

/// What they would change.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The differences.
    pub simulation: Simulation,
    /// The version of the rules in force.
    pub policy_version: i64,
    /// Principals that were asked about.
    pub principals_asked: usize,
    /// Access classes that were asked about.
    pub classes_asked: usize,
    /// Whether there are more principals or classes than were asked about.
    pub truncated: bool,
}

impl App {
    /// Compares rules with those in force, for everybody known and every access class.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Invalid`] with all faults if the text is no set of rules.
    pub async fn simulate_policy(&self, trial: Trial) -> Result<Simulated, PolicyError> {
        let (version, csv) = match trial {
            Trial::Version(version) => (version, self.policy_row(version).await?.rules),
            Trial::Csv(csv) => (0, csv),
        };
        let after = aside(move || -> Result<Judge, PolicyError> {
            let invalid = |faults| PolicyError::Invalid(PolicyFault::of("csv", faults));
            Judge::new(read_rules(version, &csv)?).map_err(invalid)
        })
        .await??;
        let before = self.inner.trust.judge();
        let (principals, more_people) = self.everybody([&before, &after]).await?;
        let (classes, more_classes) = self.every_class().await?;
        let mut questions = questions(&classes);
        let room = QUESTIONS_MAX / principals.len().max(1);
        let truncated = more_people || more_classes || questions.len() > room;
        questions.truncate(room);
        let context = Context::at(self.now());
        let (principals_asked, policy_version) = (principals.len(), before.policy().version);
        let mut asked: Vec<_> =
            questions.iter().map(|(_, access_class)| access_class.digest()).collect();
        asked.dedup();
        let classes_asked = asked.len();
        let work = move || simulate((&before, &after), &principals, &questions, &context);
        let simulation = aside(work).await?;
        Ok(Simulated { simulation, policy_version, principals_asked, classes_asked, truncated })
    }

    /// Returns nobody, those who stand for many in any of the sets, and everybody who is known.
    async fn everybody(&self, sets: [&Judge; 2]) -> Result<(Vec<Named>, bool), FlowError> {
        let [before, after] = sets;
        let known = before.collective_subjects();
        let new = after.collective_subjects().into_iter().filter(|one| !known.contains(one));
        let usual = |(name, one): Named| {
            let auth = usual_way(one.kind);
            (name, Principal { auth, ..one })
        };
        let mut people = vec![("anonymous".to_owned(), Principal::anonymous())];
        let mut place = Some(Place::default());
        while people.len() < PRINCIPALS_MAX
            && let Some(at) = place.take()
        {
            let room = PRINCIPALS_MAX - people.len();
            let (more, next) = self.everybody_after(before, at, room).await?;
            people.extend(more.into_iter().map(usual));
            place = next;
        }
        // A group that only the draft names may also be known; what is known counts.
        let stand_in = |one: &str| usual((one.to_owned(), example_of(one, AuthMethod::None)));
        people.extend(new.take(PRINCIPALS_MAX).map(stand_in));
        people.sort_by(|one, other| one.0.cmp(&other.0));
        people.dedup_by(|one, other| one.0 == other.0);
        Ok((people, place.is_some()))
    }

    /// Returns one class of each kind without attributes, and those that the catalog has.
    async fn every_class(&self) -> Result<(Vec<AccessClass>, bool), FlowError> {
        let rows = self.db().access_classes(0, CLASSES_MAX + 1).await?;
        let more = rows.len() > CLASSES_MAX;
        let plain = Kind::ALL.iter().map(|kind| Resource::new(*kind).access_class());
        let stored = rows.iter().take(CLASSES_MAX);
        let stored = stored.filter_map(|(_, text)| AccessClass::from_canonical(text).ok());
        Ok((plain.chain(stored).collect(), more))
    }
}

/// Returns what can be asked of the classes: the acts of their kind, and of datasets and jobs also
/// about lineage.
fn questions(classes: &[AccessClass]) -> Vec<(Action, AccessClass)> {
    let about = |access_class: &AccessClass, action: Action| {
        let kind = access_class.kind();
        let traced = [Kind::Dataset, Kind::Job].contains(&kind) && action.kind() == Kind::Lineage;
        kind == action.kind() || traced
    };
    let acts = |access_class: &AccessClass| {
        let access_class = access_class.clone();
        let asked = Action::ALL.iter().filter(move |action| about(&access_class, **action));
        asked.copied()
    };
    classes
        .iter()
        .flat_map(|access_class| acts(access_class).map(|act| (act, access_class.clone())))
        .collect()
}
