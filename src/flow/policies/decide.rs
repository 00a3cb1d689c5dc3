//! What somebody may do, and why.

use std::sync::Arc;

use super::super::app::App;
use super::super::audit::Actor;
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::people::usual_way;
use super::sets::aside;
use crate::access::explain::{Explanation, example_of};
use crate::access::{
    AccessClass, Action, ActionSet, AuthMethod, Context, Judge, Kind, Pattern, Principal, Resource,
    Rule,
};
use crate::base::{DatasetId, Time};

/// Longest reference to a principal, in bytes.
const REFERENCE_BYTES_MAX: usize = 256;

/// What is said of somebody who is not looked up: their groups, and roles with their domains.
pub type Inline = (Vec<String>, Vec<(String, Pattern)>);

/// Who is asked about.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// `user:ann`, `service:etl`, `system:bootstrap` or `anonymous`.
    pub reference: String,
    /// Their groups and roles; if given, nobody is looked up.
    pub inline: Option<Inline>,
    /// What a token of theirs is limited to.
    pub scopes: Option<ActionSet>,
    /// The namespaces that they are bound to; if absent, those that they are known to be.
    pub namespaces: Option<Vec<Pattern>>,
}

/// What is asked about.
#[derive(Debug, Clone)]
pub enum About {
    /// Something with these attributes.
    Attributes(Resource),
    /// A dataset of the catalog, by namespace and name.
    Dataset(String, String),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub who: Who,
    /// What.
    pub action: Action,
    /// To what.
    pub about: About,
    /// What for.
    pub purpose: Option<String>,
    /// Recognised how; if absent, people by password and others by token.
    pub auth: Option<AuthMethod>,
    /// When; now if absent.
    pub at: Option<Time>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Who was asked about.
    pub reference: String,
    /// Whether they are known; if not, they hold what everybody holds and what was said of them.
    pub known: bool,
    /// How they were taken to be recognised.
    pub auth: AuthMethod,
    /// The decision and its reasons.
    pub explanation: Explanation,
    /// The rules that it names, and the nearest.
    pub rules: Vec<Rule>,
}

impl App {
    /// Decides as the rules in force do, and says why. Nothing is done and nobody let in.
    ///
    /// A question belongs to whom it is about: by the shipped rules everybody may ask about
    /// themselves, of what they see.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not ask that; [`FlowError::BadInput`] if somebody is
    /// referred to in no way that is known, [`FlowError::NotFound`] if there is no such dataset.
    pub async fn decide_about(
        &self,
        (known, actor): (&Known, &Actor),
        asked: Vec<Asked>,
    ) -> Result<Vec<Decided>, Refusal> {
        for one in &asked {
            check_reference(&one.who.reference)?;
            let question = Resource::new(Kind::Policy).owned_by(&one.who.reference);
            self.admit(known, actor, Action::PolicyDecide, question).await?;
        }
        let judge = self.inner.trust.judge();
        let now = self.now();
        let may = |action, access_class: &AccessClass| {
            let context = Context::at(now);
            !self.asks_who()
                || judge.decide_for(known.principal(), action, access_class, &context).allow
        };
        let of_anybody = may(Action::PolicyDecide, &Resource::new(Kind::Policy).access_class());
        let mut questions = Vec::with_capacity(asked.len());
        for one in asked {
            let (principal, known) = self.somebody(&one).await?;
            let access_class = self.something(&one.about).await?;
            if let About::Dataset(namespace, name) = &one.about
                && !of_anybody
                && !may(Action::DatasetSearch, &access_class)
            {
                return Err(no_dataset(namespace, name).into());
            }
            questions.push((one, principal, access_class, known));
        }
        let answers = move || -> Vec<Decided> {
            let answer = |(asked, who, access_class, known)| {
                answered(&judge, asked, (who, access_class), (known, now))
            };
            questions.into_iter().map(answer).collect()
        };
        Ok(aside(answers).await?)
    }

    /// Returns the access class of what a question is about.
    async fn something(&self, about: &About) -> Result<AccessClass, FlowError> {
        let (namespace, name) = match about {
            About::Attributes(resource) => return Ok(resource.clone().access_class()),
            About::Dataset(namespace, name) => (namespace, name),
        };
        let missing = || no_dataset(namespace, name);
        let id = DatasetId::of(namespace, name);
        let row = self.db().datasets(&[id]).await?.pop().ok_or_else(missing)?;
        let book = self.class_book(&self.inner.trust.judge()).await?;
        // A dataset that was written before there were classes has none yet.
        book.get(row.access_class).cloned().ok_or_else(missing)
    }

    /// Returns the principal that a question is about, and whether it is known.
    async fn somebody(&self, asked: &Asked) -> Result<(Principal, bool), FlowError> {
        let Who { reference, inline, scopes, namespaces } = &asked.who;
        let (mut principal, known) = match inline {
            None => match self.known_as(reference).await? {
                Some(principal) => (principal, true),
                None => (unknown(reference), reference == "anonymous"),
            },
            Some((groups, roles)) => {
                let (groups, roles) = (groups.clone(), roles.clone());
                (Principal { groups, roles, ..unknown(reference) }, false)
            }
        };
        principal.auth = asked.auth.unwrap_or(usual_way(principal.kind));
        principal.scopes.clone_from(scopes);
        principal.namespaces = namespaces.clone().or(principal.namespaces);
        Ok((principal, known))
    }
}

fn no_dataset(namespace: &str, name: &str) -> FlowError {
    FlowError::NotFound(format!("dataset {namespace} {name}"))
}

fn unknown(reference: &str) -> Principal {
    match reference {
        "anonymous" => Principal::anonymous(),
        _ => example_of(reference, AuthMethod::None),
    }
}

fn check_reference(reference: &str) -> Result<(), FlowError> {
    let named = reference.split_once(':').is_some_and(|(kind, name)| {
        ["user", "service", "system"].contains(&kind) && !name.is_empty()
    });
    let fit = reference.len() <= REFERENCE_BYTES_MAX && !reference.contains(char::is_control);
    if fit && (named || reference == "anonymous") {
        return Ok(());
    }
    let message = "must be `user:NAME`, `service:NAME`, `system:NAME` or `anonymous`";
    Err(FlowError::bad("principal.reference", message))
}

fn answered(
    judge: &Judge,
    asked: Asked,
    (who, access_class): (Principal, AccessClass),
    (known, now): (bool, Time),
) -> Decided {
    let context = Context { now: asked.at.unwrap_or(now), purpose: asked.purpose };
    let explanation = judge.explain(&who, asked.action, &access_class, &context);
    let nearest = explanation.nearest.iter().map(|nearest| &nearest.rule);
    let named: Vec<&Arc<str>> = explanation.decision.rules.iter().chain(nearest).collect();
    let rules = judge.policy().rules.iter().filter(|rule| named.contains(&&rule.id));
    let rules = rules.cloned().collect();
    Decided { reference: asked.who.reference, known, auth: who.auth, explanation, rules }
}
