//! Who says something, and how they stand to what they say it of.
//!
//! A statement has an author. What it may change depends on whether the author is bound to the
//! namespace of the thing: [`Standing`]. That is judged by the bonds there were when the
//! statement was received; they are kept with it as a [`Voice`], so that folding it again
//! comes to the same. Who may speak at all is not decided here.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::Digest;
use crate::base::name::pattern_matches;

/// How an author stands to a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Somebody is bound to it, the author is not.
    Stranger,
    /// Nobody is bound to it.
    Unclaimed,
    /// The author is bound to it.
    Own,
}

/// The namespaces that anybody is bound to, as patterns of names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Claims(BTreeSet<String>);

impl Claims {
    /// Takes patterns. A bare `*` binds to nothing in particular and claims nothing.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self(patterns.into_iter().filter(|pattern| pattern != "*").collect())
    }

    /// Returns whether a namespace is among them.
    #[must_use]
    pub fn has(&self, namespace: &str) -> bool {
        // A name of its own is found at once, the few patterns are tried.
        self.0.contains(namespace) || self.0.iter().any(|one| pattern_matches(one, namespace))
    }

    /// Goes through the patterns, in order of text.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns the digest of the patterns, which names them.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let parts: Vec<&[u8]> = self.0.iter().map(String::as_bytes).collect();
        Digest::of_parts(&parts)
    }
}

/// An author and the bonds there were when they spoke.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Voice {
    /// Who speaks: `service:etl`, `user:ann`; empty if that was not kept.
    pub author: String,
    /// Whether that is a person (or Lethe itself), not a pipeline.
    pub person: bool,
    /// The namespaces whose jobs they may speak for; none if they are not bound.
    pub jobs: Option<Vec<String>>,
    /// The namespaces whose datasets are theirs.
    pub own: Claims,
    /// The namespaces that anybody is bound to.
    #[serde(skip)]
    pub claims: Arc<Claims>,
}

impl Voice {
    /// Returns whether nothing is known of the author.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.author.is_empty()
    }

    /// Returns how the author stands to the datasets of a namespace.
    #[must_use]
    pub fn standing(&self, namespace: &str) -> Standing {
        if self.own.has(namespace) {
            Standing::Own
        } else if self.claims.has(namespace) {
            Standing::Stranger
        } else {
            Standing::Unclaimed
        }
    }

    /// Returns how the author stands to the jobs of a namespace.
    #[must_use]
    pub fn standing_to_job(&self, namespace: &str) -> Standing {
        match &self.jobs {
            None => Standing::Unclaimed,
            Some(_) if !self.may_speak_for(namespace) => Standing::Stranger,
            Some(bound) if bound.iter().all(|pattern| pattern == "*") => Standing::Unclaimed,
            Some(_) => Standing::Own,
        }
    }

    /// Returns whether it may speak for every job.
    #[must_use]
    pub fn speaks_for_all(&self) -> bool {
        self.jobs.is_none()
    }

    /// Returns whether the author may speak for the jobs of a namespace: they are bound to it,
    /// or to none.
    #[must_use]
    pub fn may_speak_for(&self, namespace: &str) -> bool {
        let matches = |pattern: &String| pattern_matches(pattern, namespace);
        self.jobs.as_ref().is_none_or(|bound| bound.iter().any(matches))
    }

    /// Returns the digest that names this voice, its bonds included.
    #[must_use]
    pub fn digest(&self) -> Digest {
        // A struct of texts always serialises.
        let own = serde_json::to_vec(self).unwrap_or_default();
        Digest::of_parts(&[&own, &self.claims.digest().0])
    }
}

/// What weight a statement about a dataset has, against others of the same: who writes it (or
/// declares it) outranks who only reads it; then the standing counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Weight {
    /// A stranger's who reads it.
    ReadByStranger = 0,
    /// That of somebody who reads what nobody is bound to.
    ReadUnclaimed = 1,
    /// That of its own author who reads it.
    ReadByOwn = 2,
    /// A stranger's who writes or declares it.
    ToldByStranger = 3,
    /// That of somebody who writes or declares what nobody is bound to; also of what an
    /// earlier version kept without an author.
    #[default]
    Told = 4,
    /// That of its own author who writes or declares it.
    ToldByOwn = 5,
    /// That of people who put what pipelines say too: it stands until people put it otherwise.
    /// Whether they may is decided before.
    Put = 6,
}

impl Weight {
    /// Weighs a statement.
    #[must_use]
    pub fn of(reads: bool, standing: Standing) -> Self {
        match (reads, standing) {
            (true, Standing::Stranger) => Self::ReadByStranger,
            (true, Standing::Unclaimed) => Self::ReadUnclaimed,
            (true, Standing::Own) => Self::ReadByOwn,
            (false, Standing::Stranger) => Self::ToldByStranger,
            (false, Standing::Unclaimed) => Self::Told,
            (false, Standing::Own) => Self::ToldByOwn,
        }
    }

    /// Returns whether it counts where a statement changes more than what is shown.
    #[must_use]
    pub fn counts(self) -> bool {
        self >= Self::Told
    }

    pub(super) fn code(self) -> u8 {
        self as u8
    }

    pub(in crate::catalog) fn from_code(code: u8) -> Self {
        let all = [
            Self::ReadByStranger,
            Self::ReadUnclaimed,
            Self::ReadByOwn,
            Self::ToldByStranger,
            Self::Told,
            Self::ToldByOwn,
            Self::Put,
        ];
        all.into_iter().find(|weight| weight.code() == code).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standing_follows_who_is_bound_to_what() {
        let own = Claims::new(["pg://sales/*".to_owned()]);
        let claims = Claims::new(["pg://sales/*".to_owned(), "pg://pay".to_owned()]);
        let jobs = Some(vec!["sales".to_owned()]);
        let voice = Voice { own, claims: Arc::new(claims), jobs, ..Voice::default() };
        assert_eq!(voice.standing("pg://sales/eu"), Standing::Own);
        assert_eq!(voice.standing("pg://pay"), Standing::Stranger);
        assert_eq!(voice.standing("s3://lake"), Standing::Unclaimed);
        assert_eq!(voice.standing_to_job("sales"), Standing::Own);
        assert_eq!(voice.standing_to_job("pay"), Standing::Stranger);
        assert!(!voice.may_speak_for("pay"));
    }

    #[test]
    fn a_bare_star_claims_nothing() {
        let all = vec!["*".to_owned()];
        let claims = Arc::new(Claims::new(all.clone()));
        let voice = Voice { own: (*claims).clone(), claims, jobs: Some(all), ..Voice::default() };
        assert_eq!(voice.standing("pg://pay"), Standing::Unclaimed);
        assert_eq!(voice.standing_to_job("pay"), Standing::Unclaimed);
        assert!(voice.may_speak_for("pay"));
    }

    #[test]
    fn who_writes_outranks_who_reads_and_weights_are_kept_by_number() {
        assert!(Weight::of(true, Standing::Own) < Weight::of(false, Standing::Stranger));
        assert!(Weight::of(false, Standing::Stranger) < Weight::of(false, Standing::Unclaimed));
        assert!(!Weight::of(true, Standing::Own).counts());
        assert!(!Weight::of(false, Standing::Stranger).counts());
        for code in 0..7 {
            assert_eq!(Weight::from_code(code).code(), code);
        }
        let standings = [Standing::Stranger, Standing::Unclaimed, Standing::Own];
        let said = standings.map(|standing| Weight::of(false, standing));
        assert!(said.iter().all(|weight| *weight < Weight::Put), "people stand over pipelines");
    }
}
