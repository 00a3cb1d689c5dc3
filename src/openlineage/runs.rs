//! Run ids: UUIDs as they came, and for anything else the UUID that Marquez computes.
//!
//! Old Airflow and hand-written producers send run ids that are no UUIDs. Marquez accepts
//! them, so runs that moved over from it must keep their ids here.

use md5::{Digest, Md5};
use uuid::{Builder, Uuid};

use crate::base::RunId;

/// Returns the id of the run that a producer called `given`.
///
/// A UUID of any version in its usual form (36 characters) is taken as it is. Of anything
/// else the id is the version 3 UUID (RFC 9562 section 5.3) of the text alone, without the
/// name space that the RFC puts first, as Java's `UUID.nameUUIDFromBytes` makes it.
#[must_use]
pub fn run_id(given: &str) -> RunId {
    RunId(uuid(given).unwrap_or_else(|| {
        // MD5 protects nothing here: it only gives the ids that Marquez gives.
        Builder::from_md5_bytes(Md5::digest(given).into()).into_uuid()
    }))
}

/// Returns the id of a parent run that a producer called `given`, of the job of that
/// namespace and name.
///
/// A UUID is taken as it is. Anything else is taken for the run of a workflow whose task
/// the name is, and the id is the version 3 UUID, in the URL name space, of
/// `{namespace}.{workflow}.{given}`; the workflow is the name up to its last dot.
#[must_use]
pub fn parent_run_id(namespace: &str, name: &str, given: &str) -> RunId {
    RunId(uuid(given).unwrap_or_else(|| {
        let workflow = name.rsplit_once('.').map_or(name, |(workflow, _)| workflow);
        let text = format!("{namespace}.{workflow}.{given}");
        Uuid::new_v3(&Uuid::NAMESPACE_URL, text.as_bytes())
    }))
}

fn uuid(given: &str) -> Option<Uuid> {
    if given.len() == 36 { Uuid::try_parse(given).ok() } else { None }
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
        }
    }
}
