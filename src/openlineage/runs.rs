//! Run ids: UUIDs as they came, and for anything else the UUID that Marquez computes.
//!
//! Old Airflow and hand-written producers send run ids that are no UUIDs. Marquez accepts
//! them, so runs that moved over from it must keep their ids here.

use md5::{Digest, Md5};
use uuid::{Builder, Uuid};

use crate::base::RunId;

/// Returns the id of the run that a producer called `given`.
///
/// A UUID of any version in its usual form (36 characters) is taken as it is, but for those of
/// the form that Lethe's own have ([`RunId::is_made`]). Of anything else the id is the version 3
/// UUID (RFC 9562 section 5.3) of the text alone, without the name space that the RFC puts first,
/// as Java's `UUID.nameUUIDFromBytes` makes it.
#[must_use]
pub fn run_id(given: &str) -> RunId {
    match uuid(given) {
        // However its letters are written, it is one id.
        Some(made) if made.is_made() => named(&made.to_string()),
        Some(id) => id,
        None => named(given),
    }
}

/// Returns the id of the run that somebody asks for: one that was given, as [`run_id`], or one
/// that Lethe made.
#[must_use]
pub fn asked_run_id(asked: &str) -> RunId {
    uuid(asked).unwrap_or_else(|| named(asked))
}

/// Returns the id of a parent run that a producer called `given`, of the job of that
/// namespace and name.
///
/// A UUID is taken as [`run_id`] does. Anything else is taken for the run of a workflow whose task
/// the name is, and the id is the version 3 UUID, in the URL name space, of
/// `{namespace}.{workflow}.{given}`; the workflow is the name up to its last dot.
#[must_use]
pub fn parent_run_id(namespace: &str, name: &str, given: &str) -> RunId {
    if uuid(given).is_some() {
        return run_id(given);
    }
    let workflow = name.rsplit_once('.').map_or(name, |(workflow, _)| workflow);
    let text = format!("{namespace}.{workflow}.{given}");
    RunId(Uuid::new_v3(&Uuid::NAMESPACE_URL, text.as_bytes()))
}

fn named(text: &str) -> RunId {
    // MD5 protects nothing here: it only gives the ids that Marquez gives.
    RunId(Builder::from_md5_bytes(Md5::digest(text).into()).into_uuid())
}

fn uuid(given: &str) -> Option<RunId> {
    if given.len() == 36 { Uuid::try_parse(given).ok().map(RunId) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn uuid_of_any_version_is_kept() {
        for text in [
            "3f5e83fa-3480-44ff-99c5-ff943904e5e8",
            "0190C0DE-0000-7000-8000-000000000000",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(run_id(text).to_string(), text.to_lowercase());
            assert_eq!(parent_run_id("ns", "dag.task", text), run_id(text));
        }
    }

    /// Whoever computes the id that a run of theirs would be kept under gives it in vain.
    #[test]
    fn no_run_is_given_an_id_of_the_form_that_lethe_makes() {
        let own = run_id("0190c0de-0000-7000-8000-000000000000").within("finance");
        assert!(own.is_made());
        for text in [own.to_string(), Uuid::max().to_string()] {
            assert!(!run_id(&text).is_made());
            assert_eq!(run_id(&text), run_id(&text.to_uppercase()));
            assert_eq!(parent_run_id("ns", "dag.task", &text), run_id(&text));
            assert_eq!(asked_run_id(&text).to_string(), text);
        }
    }

    /// `java.util.UUID.nameUUIDFromBytes("hello".getBytes())` gives this; it is also the
    /// well-known MD5 of `hello` with version and variant set.
    #[test]
    fn other_text_becomes_javas_name_uuid() {
        assert_eq!(run_id("hello").to_string(), "5d41402a-bc4b-3a76-b971-9d911017c592");
    }

    #[test]
    fn parent_run_is_that_of_the_workflow() {
        let of_task = parent_run_id("ns", "team.dag.task", "manual__1");
        assert_eq!(of_task, parent_run_id("ns", "team.dag.other", "manual__1"));
        assert_ne!(of_task, parent_run_id("ns", "team.dag2.task", "manual__1"));
        let text = b"ns.team.dag.manual__1";
        assert_eq!(of_task.0, Uuid::new_v3(&Uuid::NAMESPACE_URL, text));
    }

    proptest! {
        #[test]
        fn any_text_has_one_id(text: String) {
            prop_assert_eq!(run_id(&text), run_id(&text));
            prop_assert!(!run_id(&text).is_made());
        }

        #[test]
        fn no_uuid_is_taken_for_one_that_lethe_makes(id: u128, namespace: String) {
            let given = Uuid::from_u128(id);
            let id = run_id(&given.to_string());
            prop_assert!(!id.is_made() && id.within(&namespace).is_made());
            prop_assert!(RunId(given).is_made() || id.0 == given);
        }
    }
}
