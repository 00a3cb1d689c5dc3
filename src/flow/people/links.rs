//! One-time sign-in links, and the first administrator.

use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::given::Given;
use super::names::USER;
use super::sessions::{Kept, draw_secret};
use super::users::User;
use crate::access::Pattern;
use crate::access::session::{LinkRecord, Secret};
use crate::db::Tx;

/// The person that the first sign-in link signs in.
const ADMIN: &str = "admin";
/// The roles of that person: of an administrator, and of whoever sets everything up.
const ADMIN_ROLES: [&str; 2] = ["administrator", "bootstrap"];

impl App {
    /// Makes a link that signs in a person, once, within some minutes. Without a name it is the
    /// administrator, who is made if there is none.
    ///
    /// For whoever holds the database anyway: nothing is decided here.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if nobody has that name, [`FlowError::Conflict`] if they are
    /// disabled.
    pub async fn sign_in_link(&self, name: Option<&str>) -> Result<Secret, FlowError> {
        self.change(&Actor::system(), async |tx| {
            let (user, made) = match name {
                Some(name) => {
                    let row = tx.principal_named(USER, name).await?;
                    let row = row.ok_or_else(|| FlowError::NotFound(format!("user {name}")))?;
                    (User::of(&row)?, None)
                }
                None => self.administrator(tx).await?,
            };
            if user.disabled {
                let message = format!("{} is disabled", user.name);
                return Err(FlowError::Conflict(message));
            }
            let (secret, link) = self.put_link(tx, user.id).await?;
            Ok((secret, made.into_iter().chain([link]).collect()))
        })
        .await
    }

    /// Makes a link for the administrator, if there is nobody yet who could let others in: nobody
    /// holds `LETHE_ADMIN_TOKEN`, and nobody who may give roles ever came in.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn first_link(&self) -> Result<Option<Secret>, FlowError> {
        let trust = &self.inner.trust;
        if trust.is_open() || trust.bootstrap.is_some() {
            return Ok(None);
        }
        self.change(&Actor::system(), async |tx| {
            let known = tx.principal_named(USER, ADMIN).await?;
            let known = known.as_ref().map(User::of).transpose()?;
            if known.as_ref().is_some_and(|user| user.disabled || user.signed_in.is_some()) {
                return Ok((None, Vec::new()));
            }
            let ours = known.map(|user| user.id);
            if self.finds_an_administrator(tx, ours).await? {
                return Ok((None, Vec::new()));
            }
            let (user, made) = self.administrator(tx).await?;
            let (secret, link) = self.put_link(tx, user.id).await?;
            Ok((Some(secret), made.into_iter().chain([link]).collect()))
        })
        .await
    }

    /// Returns the administrator; makes one if there is none, and tells what was done then.
    async fn administrator(&self, tx: &mut Tx) -> Result<(User, Option<Act>), FlowError> {
        if let Some(row) = tx.principal_named(USER, ADMIN).await? {
            return Ok((User::of(&row)?, None));
        }
        let judge = self.inner.trust.judge();
        let known = judge.policy().roles();
        let roles = ADMIN_ROLES.iter().filter(|role| known.contains_key(**role));
        let given = |role: &&str| Given { role: (*role).to_owned(), domain: Pattern::any() };
        let user = User {
            id: self.draw_id(),
            name: ADMIN.to_owned(),
            display_name: None,
            roles: roles.map(given).collect(),
            disabled: false,
            created: self.now(),
            signed_in: None,
            password: None,
        };
        let act = self.store_user(tx, &user).await?;
        Ok((user, Some(act)))
    }

    /// Stores a link. Returns its secret and what was done.
    async fn put_link(&self, tx: &mut Tx, principal: Uuid) -> Result<(Secret, Act), FlowError> {
        let secret = draw_secret()?;
        let link = Kept::Link(LinkRecord::make(principal, self.now()));
        tx.put_session(&link.row(secret.hash())).await?;
        Ok((secret, Act::done("session:link").on("user", principal, "")))
    }
}
