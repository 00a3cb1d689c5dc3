//! Job names: how a job is called when another one started it.
//!
//! Marquez names such a job `{parent}.{job}`, and every reader of its API relies on it
//! (Spark under Airflow, models under `dbt run`), so Lethe does the same:
//! a name that already starts with the parent's is left alone.

/// What a job is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobNaming {
    /// The name it is kept and found under.
    pub name: String,
    /// What is left of it without the parent's name.
    pub simple_name: String,
    /// The parent's name, if it has one.
    pub parent_name: Option<String>,
}

/// Names a job from the name its producer gave and from the parent's.
///
/// Where the parent facet names the job itself (old Airflow), the parent is the part
/// before the last dot.
#[must_use]
pub fn job_naming(given: &str, parent: Option<&str>) -> JobNaming {
    let parent = match parent {
        Some(parent) if parent == given => given.rsplit_once('.').map(|(before, _)| before),
        other => other,
    };
    let Some(parent) = parent.filter(|parent| !parent.is_empty()) else {
        return JobNaming {
            name: given.to_owned(),
            simple_name: given.to_owned(),
            parent_name: None,
        };
    };
    let rest = given
        .strip_prefix(parent)
        .and_then(|rest| rest.strip_prefix('.'))
        .filter(|rest| !rest.is_empty());
    JobNaming {
        name: rest.map_or_else(|| format!("{parent}.{given}"), |_| given.to_owned()),
        simple_name: rest.unwrap_or(given).to_owned(),
        parent_name: Some(parent.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn child_is_named_under_its_parent_once() {
        let spark = job_naming("app.insert", Some("dag.task"));
        assert_eq!(
            (spark.name.as_str(), spark.simple_name.as_str()),
            ("dag.task.app.insert", "app.insert")
        );
        let task = job_naming("dag.task", Some("dag"));
        assert_eq!((task.name.as_str(), task.simple_name.as_str()), ("dag.task", "task"));
        let itself = job_naming("dag.task", Some("dag.task"));
        assert_eq!(itself.parent_name.as_deref(), Some("dag"));
        assert_eq!(job_naming("a", Some("a")).parent_name, None);
        assert_eq!(job_naming("dag.", Some("dag")).name, "dag.dag.");
        assert_eq!(job_naming("alone", None).name, "alone");
    }
}
