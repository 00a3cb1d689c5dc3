//! People.
//!
//! A person's names are personal data: the audit log cites ids, which are random.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::given::{Given, checked, pairs};
use super::groups::Group;
use super::names::{USER, check_name, check_text, unchanged};
use crate::access::{Action, AuthMethod, Principal, PrincipalKind};
use crate::base::Time;
use crate::db::{PrincipalRow, Tx};

/// Groups that one person is in at most.
pub(super) const GROUPS_OF_MAX: usize = 200;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id, which the audit log cites.
    pub id: Uuid,
    /// The name they sign in with, unique among people.
    pub name: String,
    /// What they are called.
    pub display_name: Option<String>,
    /// The roles that they were given themselves.
    pub roles: Vec<Given>,
    /// Whether they may do nothing any more.
    pub disabled: bool,
    /// When they were made known.
    pub created: Time,
    /// When they last signed in.
    pub signed_in: Option<Time>,
    /// What is kept of their password (a PHC string); never told.
    pub(in crate::flow) password: Option<String>,
}

/// What is to be known of a person; what is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub struct UserPut {
    /// What they are called.
    pub display_name: Option<String>,
    /// The roles that they are given themselves, all of them.
    pub roles: Option<Vec<Given>>,
    /// Whether they may do anything; somebody new may.
    pub enabled: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserDoc {
    display_name: Option<String>,
    roles: Vec<Given>,
    created: Time,
    signed_in: Option<Time>,
    password: Option<String>,
}

impl User {
    /// Reads a person's row.
    pub(super) fn of(row: &PrincipalRow) -> Result<Self, FlowError> {
        let doc: UserDoc = serde_json::from_str(&row.doc)
            .map_err(|error| FlowError::Internal(format!("user {}: {error}", row.id)))?;
        Ok(Self {
            id: row.id,
            name: row.sort_name.clone(),
            display_name: doc.display_name,
            roles: doc.roles,
            disabled: row.disabled,
            created: doc.created,
            signed_in: doc.signed_in,
            password: doc.password,
        })
    }

    /// Returns the row to be written.
    pub(in crate::flow) fn row(&self) -> PrincipalRow {
        let doc = UserDoc {
            display_name: self.display_name.clone(),
            roles: self.roles.clone(),
            created: self.created,
            signed_in: self.signed_in,
            password: self.password.clone(),
        };
        PrincipalRow {
            id: self.id,
            kind: USER,
            sort_name: self.name.clone(),
            disabled: self.disabled,
            // A struct of texts and times always serialises.
            doc: serde_json::to_string(&doc).unwrap_or_default(),
        }
    }

    /// Returns whether they have a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Returns how rules refer to them.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("user:{}", self.name)
    }

    /// Returns the person as the judge sees them: with the roles of their groups.
    pub(in crate::flow) fn principal(
        &self,
        groups: &[PrincipalRow],
        auth: AuthMethod,
    ) -> Result<Principal, FlowError> {
        let mut principal = Principal::new(self.id, PrincipalKind::User, &self.name, auth);
        principal.roles = pairs(&self.roles).collect();
        for row in groups.iter().filter(|row| !row.disabled) {
            let group = Group::of(row)?;
            principal.roles.extend(pairs(&group.roles));
            principal.groups.push(group.name);
        }
        Ok(principal)
    }
}

/// Returns the person that a row holds, if it holds one who may do something.
pub(in crate::flow) fn user_of(row: &PrincipalRow) -> Result<Option<User>, FlowError> {
    (row.kind == USER && !row.disabled).then(|| User::of(row)).transpose()
}

impl App {
    /// Makes a person known, or changes what is known of one.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if name, texts or roles are not allowed, [`FlowError::Conflict`] if
    /// nobody were left who gives roles; [`Refusal::Denied`] if the asker may not give the roles.
    pub async fn put_user(
        &self,
        asker: (&Known, &Actor),
        name: &str,
        put: UserPut,
    ) -> Result<User, Refusal> {
        check_text("displayName", put.display_name.as_deref())?;
        let roles = put.roles.map(|roles| checked(&self.inner.trust.judge(), roles)).transpose()?;
        let seen = self.owner(USER, name).await?;
        let known = seen.row.as_ref().map(User::of).transpose()?;
        if known.is_none() {
            check_name(name)?;
        }
        let new = User {
            id: self.draw_id(),
            name: name.to_owned(),
            display_name: None,
            roles: Vec::new(),
            disabled: false,
            created: self.now(),
            signed_in: None,
            password: None,
        };
        // Somebody disabled holds nothing.
        let before = match &known {
            Some(user) if !(user.disabled && put.enabled == Some(true)) => {
                self.all_given(&seen.reference, &user.roles)
            }
            _ => Vec::new(),
        };
        let user = known.clone().unwrap_or(new);
        let user = User {
            display_name: put.display_name.or(user.display_name),
            roles: roles.unwrap_or(user.roles),
            disabled: put.enabled.map_or(user.disabled, |enabled| !enabled),
            ..user
        };
        let after = self.all_given(&seen.reference, &user.roles);
        self.enter_to_assign(asker, &before, &after).await?;
        self.change(asker.1, async |tx| {
            unchanged(tx, USER, &user.name, seen.row.as_ref()).await?;
            let act = self.store_user(tx, &user).await?;
            if known.is_some() {
                self.keep_an_administrator(tx, asker.1.id).await?;
            }
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(user)
    }

    /// Disables a person: their sessions and tokens end with it, for good.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name, [`FlowError::Conflict`] if nobody
    /// were left who gives roles.
    pub async fn disable_user(&self, asker: (&Known, &Actor), name: &str) -> Result<(), Refusal> {
        let put = UserPut { enabled: Some(false), ..UserPut::default() };
        let name = self.owner(USER, name).await?.there()?.sort_name;
        self.put_user(asker, &name, put).await.map(|_| ())
    }

    /// Stores a person; if they are disabled, all that they came in by ends. Returns what was done.
    pub(super) async fn store_user(&self, tx: &mut Tx, user: &User) -> Result<Act, FlowError> {
        tx.put_principal(&user.row()).await?;
        if user.disabled {
            tx.drop_sessions_of(user.id).await?;
            tx.revoke_tokens_of(user.id, self.now()).await?;
        }
        tx.touch_trust().await?;
        let roles: Vec<String> = user.roles.iter().map(|given| given.role.clone()).collect();
        let act = Act::done("user:write").on("user", user.id, "").with("roles", roles);
        Ok(act.with("disabled", user.disabled))
    }

    /// Returns a person and the names of their groups.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not know, [`FlowError::NotFound`] if nobody has that
    /// name or id.
    pub async fn user(
        &self,
        asker: (&Known, &Actor),
        name: &str,
    ) -> Result<(User, Vec<String>), Refusal> {
        let owner = self.owner(USER, name).await?;
        self.enter_for(asker, Action::UserRead, &owner).await?;
        let user = User::of(&owner.there()?)?;
        let groups = self.db().groups_of(user.id, GROUPS_OF_MAX).await?;
        Ok((user, groups.into_iter().map(|group| group.sort_name).collect()))
    }

    /// Returns people by name, after a name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn users(&self, after: &str, limit: usize) -> Result<Vec<User>, FlowError> {
        let rows = self.db().list_principals(USER, after, limit).await?;
        rows.iter().map(User::of).collect()
    }
}
