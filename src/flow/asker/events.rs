//! Events as they came, for those from whom nothing of what an event names is hidden. What a job's
//! event says in words is judged as the job's SQL is.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::super::error::FlowError;
use super::answers::Asker;
use super::read::RENAMES_MAX;
use super::relations::Touched;
use super::rights::Rights;
use super::spoken::write_texts;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, EventId, JobId, Time};
use crate::catalog::JobDoc;
use crate::db::{EntryKind, EventFilter, EventRow};

/// Events that are looked through for one page, at most.
const LOOKED_THROUGH_MAX: usize = 5_000;
/// Events that are looked through at once.
const AT_ONCE: usize = 100;

/// A place in the log, and in the order of time.
type Place = (i64, EventId);

/// Which entries are gone through, and in which order.
#[derive(Clone, Copy)]
enum Among {
    /// Events of a span of time, by time.
    Span(EventFilter),
    /// Entries about a job or dataset, the last received first.
    Subject(uuid::Uuid),
}

fn place_of(row: &EventRow) -> Place {
    (row.seq, row.id)
}

impl Asker {
    /// Returns an event.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, FlowError> {
        let row = self.app.event(id).await?;
        let rows = self.readable(row.into_iter().collect()).await?;
        self.note_events(&rows).await?;
        Ok(rows.into_iter().next())
    }

    /// Returns entries about a job or dataset, the last received first, and where the next
    /// page starts if there may be one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn events_about(
        &self,
        subject: uuid::Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<Place>), FlowError> {
        // Of a place in the log only the number is looked at here.
        let after = before.map(|seq| (seq, EventId::floor(Time::MIN)));
        self.page_of(Among::Subject(subject), after, limit).await
    }

    /// Returns a page of events by time, and where the next page starts if there may be one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn page_events(
        &self,
        filter: EventFilter,
        last: Option<EventId>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<Place>), FlowError> {
        self.page_of(Among::Span(filter), last.map(|id| (0, id)), limit).await
    }

    /// Returns a page of what the asker may read, and where the next one starts if there may be one:
    /// after the last that is shown, since where something hidden lies is not to be told. Only where
    /// so much is hidden in a row that nothing is shown does it start after that.
    async fn page_of(
        &self,
        among: Among,
        mut at: Option<Place>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<Place>), FlowError> {
        let all = self.rights().is_none_or(|rights| rights.sees_all_events());
        let at_once = if all { limit } else { limit.max(AT_ONCE) };
        let (mut found, mut looked) = (Vec::new(), 0);
        loop {
            let rows = self.rows_among(among, at, at_once).await?;
            let is_end = rows.len() < at_once;
            looked += rows.len();
            at = rows.last().map(place_of).or(at);
            found.extend(self.readable(rows).await?);
            if found.len() >= limit {
                found.truncate(limit);
                at = found.last().map(place_of);
                break;
            }
            if is_end {
                at = None;
                break;
            }
            if looked >= LOOKED_THROUGH_MAX {
                at = found.last().map(place_of).or(at);
                break;
            }
        }
        self.note_events(&found).await?;
        Ok((found, at))
    }

    async fn rows_among(
        &self,
        among: Among,
        at: Option<Place>,
        limit: usize,
    ) -> Result<Vec<EventRow>, FlowError> {
        let db = self.app.db();
        Ok(match among {
            Among::Span(filter) => db.page_events(filter, at.map(|(_, id)| id), limit).await?,
            Among::Subject(id) => db.events_about(id, at.map(|(seq, _)| seq), limit).await?,
        })
    }

    /// Returns a page of events by how many to pass over, and how many there are. To those
    /// who do not see all, that counts what was looked through.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_events(
        &self,
        filter: EventFilter,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<EventRow>, i64), FlowError> {
        if self.rights().is_none_or(|rights| rights.sees_all_events()) {
            let (rows, total) = self.app.db().list_events(filter, limit, offset).await?;
            self.note_events(&rows).await?;
            return Ok((rows, total));
        }
        let (mut found, mut looked, mut last) = (Vec::new(), 0, None);
        while looked < LOOKED_THROUGH_MAX {
            let rows = self.app.db().page_events(filter, last, AT_ONCE).await?;
            let Some(end) = rows.last().map(|row| row.id) else { break };
            looked += rows.len();
            last = Some(end);
            found.extend(self.readable(rows).await?);
        }
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let found: Vec<EventRow> = found.into_iter().skip(offset).take(limit).collect();
        self.note_events(&found).await?;
        Ok((found, total))
    }

    /// Notes that events were shown which name personal fields of the datasets that they name.
    async fn note_events(&self, rows: &[EventRow]) -> Result<(), FlowError> {
        if !self.knows_personal()? {
            return Ok(());
        }
        let told = |row: &EventRow| {
            let event: Value = serde_json::from_str(&row.raw).ok()?;
            let mut datasets = BTreeSet::from([DatasetId(row.subject)]);
            each_named(&event, &mut |namespace, name| {
                datasets.insert(DatasetId::of(namespace, name));
            });
            let mut texts = String::new();
            write_texts(&event, &mut texts);
            Some((datasets, texts))
        };
        self.note_texts(&rows.iter().filter_map(told).collect::<Vec<_>>()).await
    }

    /// Keeps the entries that the asker may read as they are: whose subject they may read the
    /// events of, and which name nothing, in no text, that is hidden or masked.
    async fn readable(&self, mut rows: Vec<EventRow>) -> Result<Vec<EventRow>, FlowError> {
        if self.rights().is_none_or(|rights| rights.sees_all_events()) {
            return Ok(rows);
        }
        let named: Vec<Option<Named>> = rows.iter().map(Named::of).collect();
        let all = || named.iter().flatten();
        let datasets = all().flat_map(|named| &named.datasets).copied().collect();
        let datasets = self.classes_of(datasets).await?;
        let jobs = self.classes_of_jobs(all().flat_map(|named| &named.jobs).copied().collect());
        let jobs = jobs.await?;
        let touched = self.touched_by_events(all(), &datasets).await?;
        let texts: Vec<String> = all().map(|named| named.texts.clone()).collect();
        let mut showable = self.showable(&touched, &texts).await?.into_iter();
        let Some(rights) = self.rights() else { return Ok(rows) };
        let readable = |named: Option<&Named>| {
            let Some(named) = named else { return false };
            let texts = showable.next().unwrap_or(false);
            texts && may_read(&rights, named, (&datasets, &jobs))
        };
        let mut keep =
            named.iter().map(Option::as_ref).map(readable).collect::<Vec<_>>().into_iter();
        rows.retain(|_| keep.next().unwrap_or(false));
        Ok(rows)
    }

    /// Returns what goes with what each event says in words: what its job ever touched, and what
    /// it names itself, as far as that is there.
    async fn touched_by_events(
        &self,
        all: impl Iterator<Item = &Named> + Clone,
        there: &HashMap<DatasetId, u32>,
    ) -> Result<Vec<Touched>, FlowError> {
        let of_jobs = self.ever_touched(all.clone().filter_map(Named::job).collect()).await?;
        let touched = all.map(|named| {
            let of_job = named.job().and_then(|job| of_jobs.get(&job).cloned());
            let mut touched = of_job.unwrap_or_default();
            let named = named.datasets.iter().filter(|id| there.contains_key(*id));
            touched.datasets.extend(named);
            touched
        });
        Ok(touched.collect())
    }

    /// Returns what jobs ever touched, also as what they became when they were renamed.
    async fn ever_touched(
        &self,
        jobs: HashSet<JobId>,
    ) -> Result<HashMap<JobId, Touched>, FlowError> {
        let mut found: HashMap<JobId, Touched> = HashMap::new();
        let mut next: Vec<(JobId, JobId)> = jobs.into_iter().map(|job| (job, job)).collect();
        for _ in 0..=RENAMES_MAX {
            if next.is_empty() {
                break;
            }
            let ids: HashSet<JobId> = next.iter().map(|(_, now)| *now).collect();
            let rows = self.app.db().jobs(&Vec::from_iter(ids)).await?;
            let docs: Vec<Option<&JobDoc>> = rows.iter().map(|row| Some(&row.doc)).collect();
            let touched = self.touched_by(&docs).await?;
            let told: HashMap<JobId, (&JobDoc, &Touched)> = rows
                .iter()
                .zip(&touched)
                .map(|(row, touched)| (row.id, (&row.doc, touched)))
                .collect();
            let mut further = Vec::new();
            for (asked, now) in next {
                let Some((doc, touched)) = told.get(&now) else { continue };
                found.entry(asked).or_default().join(touched);
                further.extend(doc.renamed_to.as_ref().map(|to| (asked, to.value)));
            }
            next = further;
        }
        Ok(found)
    }
}

/// What an event names. Whatever is named may be a dataset or a job.
struct Named {
    subject: Subject,
    datasets: Vec<DatasetId>,
    jobs: Vec<JobId>,
    texts: String,
}

#[derive(Clone, Copy)]
enum Subject {
    Dataset(DatasetId),
    Job(JobId),
}

impl Named {
    /// Reads an event. Nothing of what people said: that names things in ways of its own.
    fn of(row: &EventRow) -> Option<Self> {
        let subject = match row.kind {
            EntryKind::Dataset => Subject::Dataset(DatasetId(row.subject)),
            EntryKind::Run | EntryKind::Job => Subject::Job(JobId(row.subject)),
            EntryKind::Edit => return None,
        };
        let event: Value = serde_json::from_str(&row.raw).ok()?;
        let (mut datasets, mut jobs, mut texts) = (Vec::new(), Vec::new(), String::new());
        each_named(&event, &mut |namespace, name| {
            datasets.push(DatasetId::of(namespace, name));
            jobs.push(JobId::of(namespace, name));
        });
        match subject {
            Subject::Dataset(id) => datasets.push(id),
            Subject::Job(id) => jobs.push(id),
        }
        write_words(&event, &mut texts);
        Some(Self { subject, datasets, jobs, texts })
    }

    /// Returns the job that it is about, if it is about one.
    fn job(&self) -> Option<JobId> {
        match self.subject {
            Subject::Job(id) => Some(id),
            Subject::Dataset(_) => None,
        }
    }
}

/// Names of members that stand in events whatever they are about: a field of such a name is not
/// told by them.
const EVERYWHERE: &[&str] = &[
    "dataset",
    "description",
    "eventTime",
    "eventType",
    "facets",
    "field",
    "fields",
    "inputFacets",
    "inputFields",
    "inputs",
    "job",
    "key",
    "name",
    "namespace",
    "outputFacets",
    "outputs",
    "owners",
    "producer",
    "query",
    "run",
    "runId",
    "schema",
    "schemaURL",
    "source",
    "sql",
    "tags",
    "type",
    "uri",
    "url",
    "value",
    "version",
    "_producer",
    "_schemaURL",
];

/// Writes all texts of an event, names of members too, but for those of every event.
fn write_words(event: &Value, out: &mut String) {
    match event {
        Value::Object(members) => {
            for (name, value) in members {
                if !EVERYWHERE.contains(&name.as_str()) {
                    out.push_str(name);
                    out.push('\n');
                }
                write_words(value, out);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| write_words(value, out)),
        value => write_texts(value, out),
    }
}

type Classes<'a> = (&'a HashMap<DatasetId, u32>, &'a HashMap<JobId, u32>);

fn may_read(rights: &Rights, named: &Named, (datasets, jobs): Classes<'_>) -> bool {
    let (kind, access_class) = match named.subject {
        Subject::Dataset(id) => (Kind::Dataset, datasets.get(&id)),
        Subject::Job(id) => (Kind::Job, jobs.get(&id)),
    };
    let whole =
        |id: &DatasetId| datasets.get(id).is_none_or(|access_class| rights.whole(*access_class));
    let free = |id: &JobId| jobs.get(id).is_none_or(|access_class| rights.tells_sql(*access_class));
    let read = rights.about(Action::EventRead, kind, access_class.copied().unwrap_or_default());
    // What came is shown as it is or not at all.
    let plain = read.obligations.mask.is_none() && !read.obligations.redact_sql;
    read.allow && plain && named.datasets.iter().all(whole) && named.jobs.iter().all(free)
}

/// Goes through everything that is named in an event, at any depth.
fn each_named(value: &Value, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(members) => {
            let text = |key: &str| members.get(key).and_then(Value::as_str);
            if let Some((namespace, name)) = text("namespace").zip(text("name")) {
                visit(namespace, name);
            }
            members.values().for_each(|value| each_named(value, visit));
        }
        Value::Array(values) => values.iter().for_each(|value| each_named(value, visit)),
        _ => {}
    }
}
