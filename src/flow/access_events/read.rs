//! Understanding access events: one JSON object, a list of them, or one a line.
//!
//! Every fault is told with its pointer. Nothing of a request is kept if it has one: a store's
//! log with holes would answer questions wrongly.

use serde_json::{Map, Value};

use crate::base::Time;
use crate::base::limits::{COLUMNS_MAX, FAULTS_MAX, NAME_BYTES_MAX};

/// Access events of one request at most.
pub const ACCESS_EVENTS_MAX: usize = 10_000;
/// Greatest length of a name of whoever reads, in bytes.
const ACTOR_BYTES_MAX: usize = 512;
/// Greatest length of a fingerprint, a purpose and a record's own id, in bytes.
const WORD_BYTES_MAX: usize = 256;
/// The greatest number that is the same in all JSON (RFC 8259 section 6).
const ROWS_MAX: i64 = (1 << 53) - 1;

/// What was done to a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Read.
    Read,
    /// Written or changed.
    Write,
    /// Rows, or the whole of it, deleted.
    Delete,
    /// Copied out of the store.
    Export,
    /// Described, granted, altered.
    Admin,
}

impl Operation {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Read, "read"),
        (Self::Write, "write"),
        (Self::Delete, "delete"),
        (Self::Export, "export"),
        (Self::Admin, "admin"),
    ];

    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    /// Reads the word for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(one, _)| *one)
    }

    /// Returns its number in the database.
    pub(super) fn code(self) -> i16 {
        self as i16
    }

    /// Reads its number in the database.
    pub(super) fn from_code(code: i16) -> Self {
        let place = usize::try_from(code).unwrap_or_default();
        Self::ALL.get(place).map_or(Self::Read, |(one, _)| *one)
    }
}

/// An access, as a store tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessEvent {
    /// Who, in the store's own words: a personal datum.
    pub actor: String,
    /// The dataset's namespace.
    pub namespace: String,
    /// The dataset's name, or another name of it.
    pub name: String,
    /// The columns, sorted; nothing if not told.
    pub columns: Vec<String>,
    /// When.
    pub at: Time,
    /// What was done.
    pub operation: Operation,
    /// The query without its values, or a digest of it.
    pub fingerprint: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// How many rows.
    pub rows: Option<i64>,
    /// The store's own id of the record.
    pub record: Option<String>,
}

impl std::fmt::Debug for AccessEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessEvent").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessFault {
    /// Where: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What, as a stable word.
    pub code: &'static str,
    /// What, for people.
    pub message: String,
}

/// All that is wrong with a request, as far as it is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessFaults {
    /// The first faults.
    pub listed: Vec<AccessFault>,
    /// How many more there are.
    pub left_out: usize,
    /// Whether the text was no JSON at all.
    pub malformed: bool,
}

impl AccessFaults {
    fn add(&mut self, pointer: String, code: &'static str, message: impl Into<String>) {
        if self.listed.len() < FAULTS_MAX {
            self.listed.push(AccessFault { pointer, code, message: message.into() });
        } else {
            self.left_out += 1;
        }
    }

    fn malformed(pointer: &str, message: impl Into<String>) -> Self {
        let mut faults = Self { malformed: true, ..Self::default() };
        faults.add(pointer.to_owned(), "malformed-json", message);
        faults
    }
}

/// Understands a request's body; `lines` says that it is one object a line.
///
/// # Errors
///
/// [`AccessFaults`] with a pointer to each.
pub fn parse(body: &[u8], lines: bool) -> Result<Vec<AccessEvent>, AccessFaults> {
    let (values, single) = values(body, lines)?;
    let mut faults = AccessFaults::default();
    if values.is_empty() || values.len() > ACCESS_EVENTS_MAX {
        let message = format!("must hold 1 to {ACCESS_EVENTS_MAX} events, not {}", values.len());
        faults.add(String::new(), "count", message);
        return Err(faults);
    }
    let mut events = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let at = if single { String::new() } else { format!("/{index}") };
        events.extend(event(value, &at, &mut faults));
    }
    if faults.listed.is_empty() { Ok(events) } else { Err(faults) }
}

fn values(body: &[u8], lines: bool) -> Result<(Vec<Value>, bool), AccessFaults> {
    if lines {
        let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let mut values = Vec::new();
        for (index, line) in lines.enumerate() {
            if index > ACCESS_EVENTS_MAX {
                break;
            }
            let value = serde_json::from_slice(line);
            values.push(value.map_err(|error| {
                AccessFaults::malformed(&format!("/{index}"), error.to_string())
            })?);
        }
        return Ok((values, false));
    }
    let value = serde_json::from_slice(body);
    match value.map_err(|error| AccessFaults::malformed("", error.to_string()))? {
        Value::Array(values) => Ok((values, false)),
        value => Ok((vec![value], true)),
    }
}

/// Reads one event; nothing if it has a fault.
fn event(value: &Value, at: &str, faults: &mut AccessFaults) -> Option<AccessEvent> {
    const MEMBERS: &[&str] =
        &["actor", "dataset", "columns", "at", "operation", "fingerprint", "purpose", "rows", "id"];
    let Value::Object(map) = value else {
        faults.add(at.to_owned(), "type", "must be an object");
        return None;
    };
    let mut members = Members { map, at, faults };
    members.known(MEMBERS);
    let actor = members.required("actor", ACTOR_BYTES_MAX);
    let dataset = members.dataset();
    let time = members.required("at", 64);
    let time = time.and_then(|text| members.time(&text));
    let operation = members.optional("operation", 32);
    let operation = operation.and_then(|word| members.operation(word.as_deref()));
    let columns = members.columns();
    let fingerprint = members.optional("fingerprint", WORD_BYTES_MAX);
    let purpose = members.optional("purpose", WORD_BYTES_MAX);
    let record = members.optional("id", WORD_BYTES_MAX);
    let rows = members.rows();
    let (namespace, name) = dataset?;
    Some(AccessEvent {
        actor: actor?,
        namespace,
        name,
        columns: columns?,
        at: time?,
        operation: operation?,
        fingerprint: fingerprint?,
        purpose: purpose?,
        rows: rows?,
        record: record?,
    })
}

/// The members of an event on their way to be read; nothing means that a fault was told.
struct Members<'a> {
    map: &'a Map<String, Value>,
    at: &'a str,
    faults: &'a mut AccessFaults,
}

impl Members<'_> {
    fn fault<T>(&mut self, member: &str, code: &'static str, message: &str) -> Option<T> {
        let member = member.replace('~', "~0").replace('/', "~1");
        self.faults.add(format!("{}/{member}", self.at), code, message);
        None
    }

    fn known(&mut self, members: &[&str]) {
        let unknown: Vec<String> =
            self.map.keys().filter(|key| !members.contains(&&key[..])).cloned().collect();
        for key in unknown {
            let () = self.fault(&key, "unknown", "is no member of an access event").unwrap_or(());
        }
    }

    fn required(&mut self, member: &str, max: usize) -> Option<String> {
        match self.optional(member, max)? {
            Some(text) => Some(text),
            None => self.fault(member, "missing", "must not be missing"),
        }
    }

    fn optional(&mut self, member: &str, max: usize) -> Option<Option<String>> {
        match self.map.get(member) {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(text)) => match bounded(text, max) {
                Ok(()) => Some(Some(text.clone())),
                Err((code, message)) => self.fault(member, code, &message),
            },
            Some(_) => self.fault(member, "type", "must be a text"),
        }
    }

    fn dataset(&mut self) -> Option<(String, String)> {
        let Some(Value::Object(map)) = self.map.get("dataset") else {
            return self.fault("dataset", "missing", "must be an object with namespace and name");
        };
        let at = format!("{}/dataset", self.at);
        let mut of = Members { map, at: &at, faults: self.faults };
        of.known(&["namespace", "name"]);
        let namespace = of.required("namespace", NAME_BYTES_MAX);
        let name = of.required("name", NAME_BYTES_MAX);
        Some((namespace?, name?))
    }

    fn time(&mut self, text: &str) -> Option<Time> {
        match Time::parse(text) {
            Some(time) => Some(time),
            None => self.fault("at", "format", "must be a time as in RFC 3339"),
        }
    }

    fn operation(&mut self, word: Option<&str>) -> Option<Operation> {
        match Operation::parse(word.unwrap_or("read")) {
            Some(operation) => Some(operation),
            None => self.fault(
                "operation",
                "unknown",
                "must be `read`, `write`, `delete`, `export` or `admin`",
            ),
        }
    }

    fn columns(&mut self) -> Option<Vec<String>> {
        let list = match self.map.get("columns") {
            None | Some(Value::Null) => return Some(Vec::new()),
            Some(Value::Array(list)) if list.len() <= COLUMNS_MAX => list,
            Some(_) => {
                let message = format!("must be a list of at most {COLUMNS_MAX} names");
                return self.fault("columns", "type", &message);
            }
        };
        let mut columns = Vec::with_capacity(list.len());
        for (index, column) in list.iter().enumerate() {
            let wrong = match column.as_str() {
                Some(text) => bounded(text, NAME_BYTES_MAX).err(),
                None => Some(("type", "must be a text".to_owned())),
            };
            if let Some((code, message)) = wrong {
                let pointer = format!("{}/columns/{index}", self.at);
                self.faults.add(pointer, code, message);
                return None;
            }
            columns.extend(column.as_str().map(str::to_owned));
        }
        columns.sort_unstable();
        columns.dedup();
        Some(columns)
    }

    fn rows(&mut self) -> Option<Option<i64>> {
        match self.map.get("rows") {
            None | Some(Value::Null) => Some(None),
            Some(value) => match value.as_i64().filter(|rows| (0..=ROWS_MAX).contains(rows)) {
                Some(rows) => Some(Some(rows)),
                None => self.fault("rows", "range", "must be a whole number from 0 to 2^53 - 1"),
            },
        }
    }
}

fn bounded(text: &str, max: usize) -> Result<(), (&'static str, String)> {
    if text.is_empty() || text.len() > max {
        return Err(("length", format!("must have 1 to {max} bytes, not {}", text.len())));
    }
    if text.contains('\0') {
        return Err(("character", "must not contain the character NUL".to_owned()));
    }
    Ok(())
}
