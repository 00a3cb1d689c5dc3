//! Passwords: set, and compared.
//!
//! Hashing takes tens of milliseconds and 19 MiB on purpose. It is done off the async threads, by
//! few at a time.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::find::Owner;
use super::names::{USER, unchanged};
use super::secrets::Limits;
use super::users::User;
use crate::access::Action;
use crate::access::password::{PasswordError, SALT_BYTES, hash_password, verify_password};

/// How long somebody waits for their turn.
const TURN_WAIT: Duration = Duration::from_secs(5);

/// Does work that takes long, when it is its turn.
async fn in_turn<T: Send + 'static>(
    turns: &Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FlowError> {
    let turn = tokio::time::timeout(TURN_WAIT, turns.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(FlowError::Busy) };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| FlowError::Internal(format!("hashing a password: {error}")))
}

impl App {
    /// Returns whether this is the password of which that is kept. Where nothing is kept it takes
    /// as long, and is not.
    pub(super) async fn is_password(
        &self,
        password: Zeroizing<String>,
        kept: Option<String>,
    ) -> Result<bool, FlowError> {
        let work = move || verify_password(&password, kept.as_deref());
        in_turn(&self.inner.trust.hashing, work).await
    }

    /// Decides whether somebody may set this person's password.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if not.
    pub async fn may_set_password(
        &self,
        asker: (&Known, &Actor),
        name: &str,
    ) -> Result<(), Refusal> {
        let owner = self.owner(USER, name).await?;
        self.enter_for_secret(asker, Action::UserPassword, &owner).await?;
        Limits::NONE.check(asker.0.principal())
    }

    /// Sets a person's password. Their sessions end, but for the one that this comes by.
    ///
    /// Whoever sets their own must show the one they had.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not, [`FlowError::NotFound`] if nobody has that name,
    /// [`FlowError::BadInput`] if a password is not allowed or not right, [`FlowError::Busy`] if too
    /// many passwords wait to be hashed.
    pub async fn set_password(
        &self,
        asker: (&Known, &Actor),
        name: &str,
        (new, current): (Zeroizing<String>, Option<Zeroizing<String>>),
    ) -> Result<(), Refusal> {
        let owner = self.owner(USER, name).await?;
        self.enter_for_secret(asker, Action::UserPassword, &owner).await?;
        Limits::NONE.check(asker.0.principal())?;
        let is_own = owner.reference == asker.0.principal().reference();
        let Owner { row, .. } = owner;
        let row = row.ok_or_else(|| FlowError::NotFound(format!("user {name}")))?;
        let user = User::of(&row)?;
        if is_own && user.password.is_some() {
            self.check_current(&user, current).await?;
        }
        let hash = self.hash(new).await?;
        let act = Act::done("user:password").on("user", user.id, "");
        self.change(asker.1, async |tx| {
            unchanged(tx, USER, &user.name, Some(&row)).await?;
            tx.put_principal(&User { password: Some(hash), ..user.clone() }.row()).await?;
            let own = asker.0.session.filter(|_| is_own);
            for session in tx.sessions_of(user.id, usize::MAX).await? {
                if own.is_none_or(|(_, hash)| hash.as_bytes()[..] != session.hash[..]) {
                    tx.drop_session(&session.hash).await?;
                }
            }
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(())
    }

    async fn check_current(
        &self,
        user: &User,
        current: Option<Zeroizing<String>>,
    ) -> Result<(), FlowError> {
        let wrong = || FlowError::bad("current", "must be the password that you have now");
        let current = current.ok_or_else(wrong)?;
        self.count_attempt(Some(&user.name), None).await?.map_err(|_| FlowError::Busy)?;
        match self.is_password(current, user.password.clone()).await? {
            true => Ok(()),
            false => Err(wrong()),
        }
    }

    async fn hash(&self, password: Zeroizing<String>) -> Result<String, FlowError> {
        let mut salt = [0; SALT_BYTES];
        let drawn = SystemRandom::new().fill(&mut salt);
        drawn.map_err(|_| FlowError::Internal("the system gives no randomness".to_owned()))?;
        let work = move || hash_password(&password, &salt);
        in_turn(&self.inner.trust.hashing, work).await?.map_err(|error| match error {
            PasswordError::Failed(why) => FlowError::Internal(why),
            error => FlowError::bad("password", error.to_string()),
        })
    }
}
