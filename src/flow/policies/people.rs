//! Who is known, as the judge sees them: for questions about others than the asker.

use super::super::app::App;
use super::super::error::FlowError;
use super::super::people::{GROUP, Group, SERVICE, USER};
use crate::access::explain::example_of;
use crate::access::{AuthMethod, Judge, Principal, PrincipalKind};

/// Ways to sign in, the strongest first.
pub(super) const WAYS: [AuthMethod; 4] =
    [AuthMethod::Mfa, AuthMethod::Password, AuthMethod::Session, AuthMethod::Token];

/// Kinds of rows, in the order in which they are gone through.
const KINDS: [i16; 3] = [GROUP, USER, SERVICE];

/// A principal, and what to call it: a group is somebody who is in it.
pub(super) type Named = (String, Principal);

/// How far everybody was gone through: 0 for those that the rules name to stand for many, then
/// the kinds of rows; and the last name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The stage.
    pub stage: i64,
    /// The last name that was looked at.
    pub name: String,
}

impl Place {
    /// The beginning of the people.
    pub(super) const USERS: Self = Self { stage: 2, name: String::new() };

    fn after(self, last: Option<&String>) -> Self {
        match last {
            Some(last) => Self { stage: self.stage, name: last.clone() },
            None => Self { stage: self.stage + 1, name: String::new() },
        }
    }

    fn kind(&self) -> Option<i16> {
        usize::try_from(self.stage.checked_sub(1)?).ok().and_then(|at| KINDS.get(at)).copied()
    }
}

impl App {
    /// Returns who comes after a place, at most so many, and where to go on. Who is disabled is
    /// passed by.
    pub(super) async fn everybody_after(
        &self,
        judge: &Judge,
        place: Place,
        limit: usize,
    ) -> Result<(Vec<Named>, Option<Place>), FlowError> {
        if place.stage == 0 {
            return self
                .collective_after(judge, place, limit)
                .await
                .map(|(all, to)| (all, Some(to)));
        }
        let Some(kind) = place.kind() else { return Ok((vec![], None)) };
        let rows = self.db().list_principals(kind, &place.name, limit).await?;
        let last = rows.last().filter(|_| rows.len() == limit).map(|row| &row.sort_name);
        let next = place.after(last);
        let mut people = Vec::with_capacity(rows.len());
        for row in &rows {
            if kind != GROUP {
                let principal = self.principal_of(row, AuthMethod::None).await?;
                people.extend(principal.map(|one| (one.reference(), one)));
            } else if !row.disabled {
                people.push((format!("group:{}", row.sort_name), Group::member(row)?));
            }
        }
        let collective = judge.collective_subjects();
        people.retain(|(name, _)| kind != GROUP || !collective.contains(name.as_str()));
        let more = next.kind().is_some();
        Ok((people, more.then_some(next)))
    }

    async fn collective_after(
        &self,
        judge: &Judge,
        place: Place,
        limit: usize,
    ) -> Result<(Vec<Named>, Place), FlowError> {
        let all = judge.collective_subjects().into_iter();
        let some = all.filter(|subject| *subject > place.name.as_str()).take(limit);
        let some: Vec<String> = some.map(str::to_owned).collect();
        let next = place.after(some.last().filter(|_| some.len() == limit));
        let mut people = Vec::with_capacity(some.len());
        for subject in some {
            let row = match subject.strip_prefix("group:") {
                Some(group) => self.db().principal_named(GROUP, group).await?,
                None => None,
            };
            let principal = match &row {
                Some(row) => Group::member(row)?,
                None => example_of(&subject, AuthMethod::None),
            };
            people.push((subject, principal));
        }
        Ok((people, next))
    }

    /// Finds somebody by a reference such as `user:ann`. Who is disabled is not known.
    pub(super) async fn known_as(&self, reference: &str) -> Result<Option<Principal>, FlowError> {
        let administrator = self.inner.trust.administrator();
        let kind = match reference.split_once(':') {
            _ if reference == administrator.reference() => return Ok(Some(administrator.clone())),
            Some(("user", name)) => (USER, name),
            Some(("service", name)) => (SERVICE, name),
            _ => return Ok(None),
        };
        match self.db().principal_named(kind.0, kind.1).await? {
            Some(row) => self.principal_of(&row, AuthMethod::None).await,
            None => Ok(None),
        }
    }
}

/// Returns how somebody of a kind signs in, where nobody says.
pub(super) fn usual_way(kind: PrincipalKind) -> AuthMethod {
    match kind {
        PrincipalKind::User => AuthMethod::Password,
        PrincipalKind::Service | PrincipalKind::System => AuthMethod::Token,
        PrincipalKind::Anonymous => AuthMethod::None,
    }
}
