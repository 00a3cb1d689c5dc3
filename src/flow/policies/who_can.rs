//! Who may do something.

use super::super::app::App;
use super::super::error::FlowError;
use super::people::{Place, WAYS};
use super::sets::aside;
use crate::access::explain::Permitted;
use crate::access::{Action, AuthMethod, Context, Resource};
use crate::base::Time;

/// Principals that one page looks at.
const LOOKED_AT_MAX: usize = 5_000;
/// Principals that are read at once.
const READ_MAX: usize = 500;

/// Who may do something: a page.
#[derive(Debug, Clone)]
pub struct WhoCan {
    /// Those who may.
    pub permitted: Vec<Permitted>,
    /// Where to go on. A page may be empty and not the last.
    pub next: Option<Place>,
    /// The version of the rules.
    pub policy_version: i64,
}

impl App {
    /// Lists who may do something: first whoever the rules name to stand for many (`everyone`,
    /// groups as those who are in them, the bootstrap administrator), then every other group,
    /// people and service accounts, by name. Of the ways to be recognised, the strongest
    /// by which they may is told, or the one that is asked about.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn who_can(
        &self,
        (action, resource): (Action, Resource),
        (purpose, auth, at): (Option<String>, Option<AuthMethod>, Option<Time>),
        after: Option<Place>,
        limit: usize,
    ) -> Result<WhoCan, FlowError> {
        let judge = self.inner.trust.judge();
        let context = Context { now: at.unwrap_or(self.now()), purpose };
        let access_class = resource.access_class();
        let ways = auth.map_or_else(|| WAYS.to_vec(), |way| vec![way]);
        let policy_version = judge.policy().version;
        let (mut permitted, mut looked_at) = (Vec::new(), 0);
        let mut place = Some(after.unwrap_or_default());
        while permitted.len() < limit && looked_at < LOOKED_AT_MAX {
            let Some(at) = place.take() else { break };
            let wanted = READ_MAX.min(limit - permitted.len());
            let (people, next) = self.everybody_after(&judge, at, wanted).await?;
            place = next;
            looked_at += wanted;
            let (judge, access_class, context, ways) =
                (judge.clone(), access_class.clone(), context.clone(), ways.clone());
            let may = move || judge.who_can(&people, &ways, (action, &access_class), &context);
            permitted.extend(aside(may).await?);
        }
        Ok(WhoCan { permitted, next: place, policy_version })
    }
}
