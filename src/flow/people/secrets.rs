//! Making a secret by which somebody is known from then on: a token's text that is told, a password
//! that is set. One check for every door at which that is done.
//!
//! Whoever makes one could be its owner, so that two things are asked besides the act: a role that opens
//! everything is not had that way, and nobody gets what may do more than what they showed.

use super::super::app::App;
use super::super::audit::Actor;
use super::super::trust::{Known, Refusal};
use super::find::Owner;
use crate::access::{Action, ActionSet, Pattern, Principal};

/// What a secret is limited to, besides the rights of whoever it stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits<'a> {
    /// The acts; all if none are named.
    pub(super) scopes: Option<&'a ActionSet>,
    /// The namespaces; all if none are named.
    pub(super) namespaces: Option<&'a [Pattern]>,
}

impl Limits<'_> {
    /// Those of a password.
    pub(super) const NONE: Self = Self { scopes: None, namespaces: None };

    /// Demands that whoever makes such a secret is limited to no less by what they showed.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if not.
    pub(super) fn check(&self, asker: &Principal) -> Result<(), Refusal> {
        let acts = asker
            .scopes
            .as_ref()
            .is_none_or(|limit| self.scopes.is_some_and(|scopes| limit.includes(scopes)));
        let inside = |name: &Pattern, limit: &[Pattern]| limit.iter().any(|one| one.includes(name));
        let places = asker.namespaces.as_ref().is_none_or(|limit| {
            // Who is bound to all is bound to nothing.
            limit.iter().any(Pattern::is_any)
                || self.namespaces.is_some_and(|names| names.iter().all(|name| inside(name, limit)))
        });
        if acts && places {
            return Ok(());
        }
        let why = "a token with limits makes none with fewer, and sets no password; name scopes and namespaces within its own";
        Err(Refusal::Denied(why.to_owned()))
    }
}

impl App {
    /// Decides whether somebody may make a secret by which an owner is known, whether or not they are
    /// there.
    pub(super) async fn enter_for_secret(
        &self,
        asker: (&Known, &Actor),
        action: Action,
        owner: &Owner,
    ) -> Result<(), Refusal> {
        self.enter_for(asker, action, owner).await?;
        self.enter_to_speak_as(asker, action, owner).await
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::access::{AuthMethod, PrincipalKind};

    #[test]
    fn nobody_makes_a_secret_that_may_do_more_than_what_they_showed() {
        let wide = Principal::new(Uuid::nil(), PrincipalKind::Service, "s", AuthMethod::Token);
        let acts = |text: &str| text.parse::<ActionSet>().unwrap();
        let places = |text: &str| vec![text.parse::<Pattern>().unwrap()];
        let scoped = Principal { scopes: Some(acts("token:*|user:*")), ..wide.clone() };
        let bound = Principal { namespaces: Some(places("team-*")), ..wide.clone() };
        let of_all = Principal { namespaces: Some(places("*")), ..wide.clone() };
        let (less, more) = (acts("token:create"), acts("token:*|dataset:read"));
        let (inside, outside) = (places("team-a"), places("finance"));
        let limits = |scopes, namespaces| Limits { scopes, namespaces };
        for (who, limits, may) in [
            (&wide, Limits::NONE, true),
            (&of_all, Limits::NONE, true),
            (&scoped, Limits::NONE, false),
            (&scoped, limits(Some(&less), None), true),
            (&scoped, limits(Some(&more), None), false),
            (&scoped, limits(None, Some(&inside[..])), false),
            (&bound, Limits::NONE, false),
            (&bound, limits(Some(&less), None), false),
            (&bound, limits(None, Some(&inside[..])), true),
            (&bound, limits(None, Some(&outside[..])), false),
        ] {
            assert_eq!(limits.check(who).is_ok(), may, "{limits:?}");
        }
    }
}
