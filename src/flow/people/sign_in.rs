//! Signing in: by a password, a token, or a one-time link. Each opens a session under a fresh secret.
//!
//! Every attempt is counted by account and address, and recorded. Whether an account is there
//! shows neither in the answer nor in the time it takes.

use std::net::IpAddr;
use std::sync::PoisonError;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use super::names::{USER, check_name};
use super::sessions::Kept;
use super::tokens::record_of;
use super::users::User;
use crate::access::AuthMethod;
use crate::access::session::{Secret, SessionRecord};
use crate::access::throttle::{Bucket, Rate, Throttled};
use crate::access::token::Token;
use crate::audit::Outcome;
use crate::base::Digest;
use crate::db::Tx;

/// What somebody shows to sign in.
pub enum Shown {
    /// A name and a password.
    Password(String, Zeroizing<String>),
    /// An API token, or the bootstrap administrator's.
    Token(Zeroizing<String>),
    /// The code of a one-time link.
    Link(Zeroizing<String>),
}

/// A session that was opened.
#[derive(Debug)]
pub struct SignedIn {
    /// Its secret, for the cookie.
    pub secret: Secret,
    /// What is kept of it.
    pub session: SessionRecord,
}

/// Why nobody was signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// What was shown is not known.
    Unknown,
    /// There were too many attempts.
    TooMany(Throttled),
    /// It could not be looked up or written.
    Failed(FlowError),
}

impl<E: Into<FlowError>> From<E> for NotSignedIn {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Whom something that was shown belongs to.
struct Recognised {
    principal: Uuid,
    kind: &'static str,
    auth: AuthMethod,
    token: Option<Uuid>,
    /// A link's hash, which is spent.
    link: Option<Vec<u8>>,
}

/// What was found out about something that was shown.
enum Finding {
    Known(Recognised),
    /// Not known; perhaps it was tried on somebody.
    Unknown(Option<Uuid>),
}

impl Shown {
    fn word(&self) -> &'static str {
        match self {
            Self::Password(..) => "password",
            Self::Token(_) => "token",
            Self::Link(_) => "link",
        }
    }
}

impl App {
    /// Signs somebody in. `request` names the request in the audit log.
    ///
    /// # Errors
    ///
    /// [`NotSignedIn`].
    pub async fn sign_in(
        &self,
        shown: Shown,
        address: Option<IpAddr>,
        request: Option<String>,
    ) -> Result<SignedIn, NotSignedIn> {
        let by = shown.word();
        let account = match &shown {
            Shown::Password(name, _) => Some(name.clone()),
            _ => None,
        };
        if let Err(throttled) = self.count_attempt(account.as_deref(), address).await? {
            // One record tells of a flood; more would be one.
            if throttled.is_first {
                self.note_failure(failure(by).with("refused", "too_many"), request).await?;
            }
            return Err(NotSignedIn::TooMany(throttled));
        }
        let finding = match shown {
            Shown::Password(name, password) => self.by_password(&name, password).await?,
            Shown::Token(token) => self.by_token(&token).await?,
            Shown::Link(code) => self.by_link(&code).await?,
        };
        let known = match finding {
            Finding::Known(known) => known,
            Finding::Unknown(tried) => {
                self.note_failure(of_user(failure(by), tried), request).await?;
                return Err(NotSignedIn::Unknown);
            }
        };
        let actor = Actor {
            id: Some(known.principal),
            kind: known.kind,
            auth: Some(known.auth.as_str()),
            token: known.token.filter(|_| known.kind != "system"),
            request,
        };
        let write = async |tx: &mut Tx| {
            if !self.still(tx, &known).await? {
                return Err(FlowError::Conflict("it does not sign in any more".to_owned()));
            }
            let by_what = (known.auth, known.token);
            let (secret, session) = self.open_session(tx, known.principal, by_what).await?;
            if let Some(account) = &account {
                tx.forgive_attempts(account_key(account)).await?;
            }
            let act = Act::done("session:sign_in").on("session", session.id, "").with("by", by);
            Ok(((secret, session), vec![act]))
        };
        let (secret, session) = match self.change(&actor, write).await {
            Ok(opened) => opened,
            Err(FlowError::Conflict(_)) => {
                let failure = of_user(failure(by), Some(known.principal));
                self.note_failure(failure, actor.request).await?;
                return Err(NotSignedIn::Unknown);
            }
            Err(error) => return Err(error.into()),
        };
        Ok(SignedIn { secret, session })
    }

    /// Counts an attempt to sign in, by address and by account, once for all nodes. What is
    /// tried on an account counts for the address too, also if it is refused.
    pub(super) async fn count_attempt(
        &self,
        account: Option<&str>,
        address: Option<IpAddr>,
    ) -> Result<Result<(), Throttled>, FlowError> {
        let now = self.now();
        let address = address.map(address_key);
        if let Some(address) = address {
            let tried = self.inner.trust.addresses_tried.lock();
            let here = tried.unwrap_or_else(PoisonError::into_inner).attempt(&[address], now);
            if here.is_err() {
                return Ok(here);
            }
        }
        let of_address = address.map(|address| (address, Rate::ADDRESS));
        let of_account = account.map(|account| (account_key(account), Rate::SIGN_IN));
        unrecorded(self.db(), async |tx| {
            for (key, rate) in of_address.into_iter().chain(of_account) {
                let known = tx.attempts(key).await?;
                let (bucket, outcome) = Bucket::after_attempt(known, rate, now);
                if known != Some(bucket) {
                    tx.put_attempts(key, bucket, now).await?;
                }
                if outcome.is_err() {
                    return Ok(outcome);
                }
            }
            Ok(Ok(()))
        })
        .await
    }

    async fn by_password(
        &self,
        name: &str,
        password: Zeroizing<String>,
    ) -> Result<Finding, FlowError> {
        let row = match check_name(name) {
            Ok(()) => self.db().principal_named(USER, name).await?,
            Err(_) => None,
        };
        let user = row.as_ref().map(User::of).transpose()?;
        let kept = user.as_ref().and_then(|user| user.password.clone());
        let right = self.is_password(password, kept).await?;
        let Some(user) = user else { return Ok(Finding::Unknown(None)) };
        if !right || user.disabled {
            return Ok(Finding::Unknown(Some(user.id)));
        }
        let auth = AuthMethod::Password;
        let (principal, kind) = (user.id, "user");
        Ok(Finding::Known(Recognised { principal, kind, auth, token: None, link: None }))
    }

    /// A session that a token opens may do what the token may, and ends with it.
    async fn by_token(&self, secret: &str) -> Result<Finding, FlowError> {
        let Some(known) = self.identify_token(secret).await? else {
            let record = match Token::parse(secret) {
                Some(token) => self.db().token_by_hash(token.hash().as_bytes()).await?,
                None => None,
            };
            let owner = record.as_ref().map(record_of).transpose()?.map(|record| record.owner);
            return Ok(Finding::Unknown(owner));
        };
        let principal = known.principal();
        Ok(Finding::Known(Recognised {
            principal: principal.id,
            kind: principal.kind.as_str(),
            auth: AuthMethod::Token,
            // The bootstrap administrator's sessions end with the process.
            token: known.token.or(Some(self.inner.trust.run)),
            link: None,
        }))
    }

    async fn by_link(&self, code: &str) -> Result<Finding, FlowError> {
        let Some(secret) = Secret::parse(code) else { return Ok(Finding::Unknown(None)) };
        let row = self.db().session(secret.hash().as_bytes()).await?;
        let Some(row) = row else { return Ok(Finding::Unknown(None)) };
        let Kept::Link(link) = Kept::of(&row)? else { return Ok(Finding::Unknown(None)) };
        if link.spend(self.now()).is_none() {
            return Ok(Finding::Unknown(Some(link.principal)));
        }
        Ok(Finding::Known(Recognised {
            principal: link.principal,
            kind: "user",
            auth: AuthMethod::Session,
            token: None,
            link: Some(row.hash),
        }))
    }

    /// Spends the link, if it was one, and notes when the person came; false if somebody else was
    /// quicker, or the person may do nothing any more.
    async fn still(&self, tx: &mut Tx, known: &Recognised) -> Result<bool, FlowError> {
        if let Some(link) = &known.link
            && !tx.drop_session(link).await?
        {
            return Ok(false);
        }
        if known.kind != "user" {
            return Ok(true);
        }
        let row = tx.principal(known.principal).await?;
        let Some(user) = row.as_ref().map(User::of).transpose()? else { return Ok(false) };
        if user.disabled {
            return Ok(false);
        }
        tx.put_principal(&User { signed_in: Some(self.now()), ..user }.row()).await?;
        Ok(true)
    }

    async fn note_failure(&self, act: Act, request: Option<String>) -> Result<(), FlowError> {
        self.note(&Actor { request, ..Actor::anonymous() }, vec![act]).await
    }
}

/// Tells of a sign-in that failed.
fn failure(by: &str) -> Act {
    let mut act = Act::done("session:sign_in").with("by", by);
    act.outcome = Outcome::Denied;
    act
}

fn of_user(act: Act, tried: Option<Uuid>) -> Act {
    match tried {
        Some(id) => act.on("user", id, ""),
        None => act,
    }
}

fn account_key(name: &str) -> Digest {
    Digest::of_parts(&[b"account", name.as_bytes()])
}

/// One who has an IPv6 network has all the addresses of a /64.
fn address_key(address: IpAddr) -> Digest {
    match address {
        IpAddr::V4(address) => Digest::of_parts(&[b"v4", &address.octets()]),
        IpAddr::V6(address) => Digest::of_parts(&[b"v6", &address.octets()[..8]]),
    }
}
