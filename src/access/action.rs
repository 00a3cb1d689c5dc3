//! Every act in the system that is decided on, by its stable name `kind:verb`.
//!
//! A route, stream, export or command names one of these; what is missing here cannot be done.
//! Asking for health needs no decision and is therefore no act.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::limits::FORMULA_BYTES_MAX;

macro_rules! acts {
    ($($kind:ident $word:literal { $($act:ident $verb:literal $summary:literal;)+ })+) => {
        /// What is acted upon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the words of the field, as their acts describe them")]
        pub enum Kind { $($kind,)+ }

        /// An act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[doc = $summary] $act,)+)+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Returns the word used in rules and answers.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word,)+ }
            }
        }

        impl Action {
            /// Every act, by kind.
            pub const ALL: &[Self] = &[$($(Self::$act),+),+];

            /// Returns the stable name, `kind:verb`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($(Self::$act => concat!($word, ":", $verb),)+)+ }
            }

            /// Returns what is acted upon.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $($(Self::$act)|+ => Kind::$kind,)+ }
            }

            /// Returns a sentence that says what the act is.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $($(Self::$act => $summary,)+)+ }
            }
        }
    };
}

acts! {
    Event "event" {
        EventIngest "ingest" "Post OpenLineage events of a namespace.";
        EventRead "read" "Read events as they were posted.";
        EventImport "import" "Import events from files or another server.";
    }
    DeadLetter "dead_letter" {
        DeadLetterRead "read" "Read events that were refused.";
        DeadLetterReplay "replay" "Submit refused events again.";
        DeadLetterDelete "delete" "Delete refused events.";
    }
    Dataset "dataset" {
        DatasetSearch "search" "See that a dataset exists, in searches, lists and lineage.";
        DatasetRead "read" "Read a dataset's details.";
        DatasetReadFields "read_fields" "Read the names and descriptions of a dataset's fields.";
        DatasetEdit "edit" "Change a dataset's description or owners.";
        DatasetClassify "classify" "Change a dataset's tags, or the classes and tags of its fields.";
        DatasetDelete "delete" "Hide a dataset from the catalog.";
        DatasetPurge "purge" "Remove a dataset from the catalog for good.";
    }
    Job "job" {
        JobSearch "search" "See that a job exists, in searches, lists and lineage.";
        JobRead "read" "Read a job's details.";
        JobEdit "edit" "Change a job's description, owners or tags.";
        JobDelete "delete" "Hide a job from the catalog.";
        JobPurge "purge" "Remove a job from the catalog for good.";
    }
    Run "run" {
        RunRead "read" "Read runs and their facets.";
        RunEdit "edit" "Write runs by hand.";
    }
    Lineage "lineage" {
        LineageRead "read" "Ask where data came from and where it goes.";
        LineageExport "export" "Export a lineage graph.";
    }
    Namespace "namespace" {
        NamespaceRead "read" "Read namespaces.";
        NamespaceEdit "edit" "Create or change a namespace.";
        NamespaceDelete "delete" "Hide a namespace.";
    }
    Source "source" {
        SourceRead "read" "Read sources.";
        SourceEdit "edit" "Create or change a source.";
    }
    Tag "tag" {
        TagRead "read" "Read the tags that can be given.";
        TagWrite "write" "Create or change the tags that can be given.";
    }
    Operation "operation" {
        OperationMetrics "metrics" "Read metrics.";
        OperationFollowers "followers" "Read how far followers and queues are.";
        OperationConfig "config" "Read the configuration, without secrets.";
        OperationRebuild "rebuild" "Rebuild projections.";
        OperationBackup "backup" "Take or list backups.";
    }
    Token "token" {
        TokenCreate "create" "Make or rotate a token of a principal.";
        TokenRead "read" "List a principal's tokens, without their secrets.";
        TokenRevoke "revoke" "Revoke a principal's tokens.";
    }
    Session "session" {
        SessionRead "read" "List a principal's sessions.";
        SessionRevoke "revoke" "End a principal's sessions.";
    }
    User "user" {
        UserRead "read" "Read people's names, groups and roles.";
        UserWrite "write" "Create, change or disable people.";
        UserPassword "password" "Change a person's password.";
    }
    Group "group" {
        GroupRead "read" "Read groups and their members.";
        GroupWrite "write" "Create or change groups and their members.";
    }
    Role "role" {
        RoleRead "read" "Read roles and who holds them.";
        RoleAssign "assign" "Give or take roles.";
    }
    ServiceAccount "service_account" {
        ServiceAccountRead "read" "Read service accounts.";
        ServiceAccountWrite "write" "Create, change or disable service accounts.";
    }
    Policy "policy" {
        PolicyRead "read" "Read sets of rules.";
        PolicyDraft "draft" "Write a draft of rules.";
        PolicyActivate "activate" "Put a draft into force.";
        PolicyDecide "decide" "Ask what somebody else may do, and who may do something.";
        PolicySimulate "simulate" "Compare a draft with the rules in force.";
    }
    Audit "audit" {
        AuditRead "read" "Read the audit log.";
        AuditExport "export" "Export the audit log with proofs.";
        AuditVerify "verify" "Read checkpoints, tiles and proofs.";
        AuditUnseal "unseal" "Read personal values that are sealed beside the audit log.";
    }
    AccessEvent "access_event" {
        AccessEventWrite "write" "Report who read what in a store.";
        AccessEventRead "read" "Ask who read what in the stores.";
        AccessEventUnseal "unseal" "Read the names of those who read.";
    }
    Key "key" {
        KeyList "list" "List keys, without their bytes.";
        KeyRotate "rotate" "Rotate keys.";
        KeyShred "shred" "Destroy a subject's or purpose's key.";
        KeyBackup "backup" "Back up wrapped keys.";
    }
    Request "request" {
        RequestCreate "create" "Submit a subject's request.";
        RequestRead "read" "Read subjects' requests, their plans and receipts.";
        RequestCancel "cancel" "Withdraw a subject's request.";
        RequestApprove "approve" "Approve or refuse a plan.";
        RequestWaive "waive" "Accept, with a reason, a copy that cannot be reached.";
    }
    Hold "hold" {
        HoldRead "read" "Read legal holds.";
        HoldPlace "place" "Place a legal hold.";
        HoldRelease "release" "Release a legal hold.";
    }
    Retention "retention" {
        RetentionRead "read" "Read retention rules and what they will do.";
        RetentionWrite "write" "Write retention rules.";
        RetentionApprove "approve" "Approve what a retention rule will remove.";
    }
}

// A set of acts is the bits of one u128.
const _: () = assert!(Action::ALL.len() <= 128, "more acts than bits");

impl Action {
    fn bit(self) -> u128 {
        1 << (self as u32)
    }

    /// Returns whether the act only looks: nothing is other after it than before.
    #[must_use]
    pub fn only_looks(self) -> bool {
        const LOOKS: [&str; 12] = [
            "search",
            "read",
            "read_fields",
            "list",
            "export",
            "metrics",
            "followers",
            "config",
            "verify",
            "decide",
            "simulate",
            "unseal",
        ];
        self.as_str().split_once(':').is_some_and(|(_, verb)| LOOKS.contains(&verb))
    }

    /// Returns whether the act removes something that cannot be had back by undoing.
    #[must_use]
    pub fn is_destructive(self) -> bool {
        matches!(
            self,
            Self::DatasetDelete
                | Self::DatasetPurge
                | Self::JobDelete
                | Self::JobPurge
                | Self::NamespaceDelete
                | Self::DeadLetterDelete
                | Self::KeyShred
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|action| action.as_str() == name);
        found.copied().ok_or_else(|| format!("there is no act `{name}`"))
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|kind| kind.as_str() == name);
        found.copied().ok_or_else(|| format!("there is no kind `{name}`"))
    }
}

/// A set of acts, as rules and token scopes write it: `dataset:read`, `dataset:*` or `*`, several
/// joined by `|`. Prints as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionSet {
    text: Arc<str>,
    bits: u128,
}

impl ActionSet {
    /// Returns whether the act is in the set.
    #[must_use]
    pub fn contains(&self, action: Action) -> bool {
        self.bits & action.bit() != 0
    }

    /// Returns whether every act of `other` is in this set.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.bits & other.bits == other.bits
    }

    /// Returns whether the sets share an act.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.bits & other.bits != 0
    }

    /// Returns whether the set is `*`.
    #[must_use]
    pub fn is_all(&self) -> bool {
        &*self.text == "*"
    }

    /// Returns the set as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Lists the acts of the set.
    pub fn iter(&self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(|action| self.contains(*action))
    }
}

impl FromStr for ActionSet {
    type Err = String;

    /// Reads a set of acts.
    ///
    /// # Errors
    ///
    /// Names the part that is no act and no kind.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > FORMULA_BYTES_MAX {
            return Err(format!("acts are longer than {FORMULA_BYTES_MAX} bytes"));
        }
        let mut bits = 0;
        for part in text.split('|').map(str::trim) {
            bits |= match part.strip_suffix(":*") {
                _ if part == "*" => all_bits(|_| true),
                Some(kind) => Kind::from_str(kind).map(|kind| all_bits(|a| a.kind() == kind))?,
                None => Action::from_str(part)?.bit(),
            };
        }
        Ok(Self { text: text.into(), bits })
    }
}

impl From<Action> for ActionSet {
    fn from(action: Action) -> Self {
        Self { text: action.as_str().into(), bits: action.bit() }
    }
}

fn all_bits(wanted: impl Fn(Action) -> bool) -> u128 {
    Action::ALL.iter().filter(|action| wanted(**action)).fold(0, |bits, action| bits | action.bit())
}

impl fmt::Display for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

super::text::serde_as_text!(Action, Kind, ActionSet, super::Pattern);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
            assert!(action.as_str().starts_with(action.kind().as_str()), "{action}");
            assert!(action.summary().ends_with('.'), "{action}");
        }
        let names: std::collections::BTreeSet<_> = Action::ALL.iter().map(|a| a.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
    }

    #[test]
    fn sets_hold_what_they_name() {
        let set: ActionSet = "dataset:* | job:read".parse().unwrap();
        assert!(set.contains(Action::DatasetPurge) && set.contains(Action::JobRead));
        assert!(!set.contains(Action::JobEdit) && !set.contains(Action::AuditRead));
        assert!("*".parse::<ActionSet>().unwrap().includes(&set));
        for text in ["", "data*", "dataset", "*:read", "dataset:fly", "dataset:*|"] {
            assert!(text.parse::<ActionSet>().is_err(), "{text}");
        }
    }
}
