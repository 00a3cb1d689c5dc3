//! Walks an event along the shapes and lists every fault with its place.
//!
//! One pass, no copy of the event and no tree of it: values are looked at as the JSON
//! parser meets them, and the way to them lives on the stack. Facets that the standard does
//! not know are skipped. What the values mean is not looked at here.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::known;
use super::leaf;
use super::members::{KeyOf, Members};
use super::rejection::{Faults, Path};
use super::shape::{Counted, Kind, Object};
use crate::base::limits::{
    COLUMN_DEPTH_MAX, COLUMNS_MAX, EVENT_COLUMN_EDGES_MAX, EVENT_DATASETS_MAX,
};

/// How deep objects that tell their kind by a member `type`, such as conditions, are
/// checked; what is nested deeper is taken as it is. Each is read twice at each level, so
/// that without a bound a deep one would cost its size times its depth.
pub(super) const TAGGED_DEPTH_MAX: usize = 16;

/// Lists the faults of `text`, a JSON text of that kind.
///
/// # Errors
///
/// The walk so far if `text` is no JSON, or holds a number that no 64-bit float can hold;
/// the place of the value it was in is then noted.
pub(super) fn check(text: &str, kind: &Kind) -> Result<Walk, Walk> {
    let mut walk = Walk::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let check = Check { kind, path: Path::Root, walk: &mut walk };
    match check.deserialize(&mut json).and_then(|present| json.end().map(|()| present)) {
        Ok(true) => Ok(walk),
        Ok(false) => {
            walk.wrong_type(&Path::Root, kind);
            Ok(walk)
        }
        Err(_) => Err(walk),
    }
}

/// What is known after a walk, or so far.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The faults.
    pub faults: Faults,
    /// Where the parser gave up, if it did.
    pub stuck_at: Option<String>,
    /// The boolean met last; read only right after a boolean member.
    flag: bool,
    columns: usize,
    column_depth: usize,
    tagged_depth: usize,
    edges: usize,
}

impl Walk {
    /// Counts an object that was entered; tells of a limit once, when it is passed.
    fn enter(&mut self, counted: Counted, path: &Path<'_>) {
        match counted {
            Counted::Nothing => {}
            Counted::Edge => {
                self.edges += 1;
                if self.edges == EVENT_COLUMN_EDGES_MAX + 1 {
                    let message =
                        format!("is over the limit of {EVENT_COLUMN_EDGES_MAX} column edges");
                    self.faults.push(path, "too_many_column_edges", message);
                }
            }
            Counted::Column => {
                if self.column_depth == 0 {
                    // A column that is not inside another: the first one opens a schema.
                    if matches!(path, Path::Index(_, 0)) {
                        self.columns = 0;
                    }
                }
                self.column_depth += 1;
                self.columns += 1;
                if self.columns == COLUMNS_MAX + 1 {
                    let message = format!("is over the limit of {COLUMNS_MAX} columns");
                    self.faults.push(path, "too_many_columns", message);
                }
                if self.column_depth == COLUMN_DEPTH_MAX + 1 {
                    let message = format!("is nested deeper than {COLUMN_DEPTH_MAX} columns");
                    self.faults.push(path, "columns_too_deep", message);
                }
            }
        }
    }

    fn leave(&mut self, counted: Counted) {
        if counted == Counted::Column {
            self.column_depth -= 1;
        }
    }

    fn wrong_type(&mut self, path: &Path<'_>, kind: &Kind) {
        self.faults.push(path, "wrong_type", leaf::wanted(kind));
    }

    fn stuck(&mut self, path: &Path<'_>) {
        self.stuck_at.get_or_insert_with(|| path.to_string());
    }
}

/// The check of one value; gives `false` for `null`, which counts as absent.
struct Check<'a> {
    kind: &'a Kind,
    path: Path<'a>,
    walk: &'a mut Walk,
}

impl<'de> DeserializeSeed<'de> for Check<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        match self.kind {
            Kind::Tagged(variants) => self.tagged(variants, json),
            _ => json.deserialize_any(self),
        }
    }
}

impl Check<'_> {
    /// Checks an object whose `type` may come last: finds it, then walks the text again.
    fn tagged<'de, D: Deserializer<'de>>(
        self,
        variants: &[(&str, &'static Object)],
        json: D,
    ) -> Result<bool, D::Error> {
        let raw = <&RawValue as serde::Deserialize>::deserialize(json)?.get();
        if self.walk.tagged_depth == TAGGED_DEPTH_MAX {
            return Ok(raw != "null");
        }
        let Ok(tag) = serde_json::from_str::<leaf::Tag<'_>>(raw) else {
            if raw == "null" {
                return Ok(false);
            }
            self.walk.faults.push(&self.path, "wrong_type", "must be an object with a type");
            return Ok(true);
        };
        let tag = tag.tag.unwrap_or_default();
        let Some((_, object)) = variants.iter().find(|(name, _)| *name == tag) else {
            let names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
            let message = format!("must be one of {}", names.join(", "));
            self.walk.faults.push(&Path::Key(&self.path, "type"), "unknown_value", message);
            return Ok(true);
        };
        let kind = Kind::Object(object);
        self.walk.tagged_depth += 1;
        let inner = Check { kind: &kind, path: self.path, walk: &mut *self.walk };
        let checked = inner.deserialize(&mut serde_json::Deserializer::from_str(raw));
        self.walk.tagged_depth -= 1;
        checked.map_err(D::Error::custom)
    }

    fn scalar(self, given: leaf::Given<'_>) -> bool {
        if let Some((code, message)) = leaf::fault(self.kind, given) {
            self.walk.faults.push(&self.path, code, message);
        }
        true
    }
}

impl<'de> Visitor<'de> for Check<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<bool, E> {
        self.walk.flag = flag;
        Ok(self.scalar(leaf::Given::Flag))
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(self.scalar(leaf::Given::Number))
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(self.scalar(leaf::Given::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(self.scalar(leaf::Given::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        // An empty word or time is how some producers say "none".
        if text.is_empty() && matches!(self.kind, Kind::Choice(_) | Kind::Moment) {
            return Ok(false);
        }
        Ok(self.scalar(leaf::Given::Text(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let item_kind = match *self.kind {
            Kind::List(kind) => *kind,
            Kind::Datasets(object) => Kind::Object(object),
            _ => {
                self.walk.wrong_type(&self.path, self.kind);
                while items.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(true);
            }
        };
        let mut index = 0;
        loop {
            let path = Path::Index(&self.path, index);
            let check = Check { kind: &item_kind, path, walk: self.walk };
            match items.next_element_seed(check) {
                Ok(None) => return Ok(true),
                Ok(Some(true)) => {}
                Ok(Some(false)) => self.walk.wrong_type(&path, &item_kind),
                Err(error) => {
                    self.walk.stuck(&path);
                    return Err(error);
                }
            }
            index += 1;
            if matches!(self.kind, Kind::Datasets(_)) && index == EVENT_DATASETS_MAX + 1 {
                let message = format!("is over the limit of {EVENT_DATASETS_MAX} datasets");
                self.walk.faults.push(&path, "too_many_datasets", message);
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        match *self.kind {
            Kind::Object(object) => self.object(object, map)?,
            Kind::Map(_) | Kind::ColumnMap(_) | Kind::Facets(_) => self.keyed(map)?,
            Kind::Values => {
                while map.next_key::<IgnoredAny>()?.is_some() {
                    // Read as a value, so that what the typed model cannot hold is a fault.
                    map.next_value::<serde_json::Value>()
                        .inspect_err(|_| self.walk.stuck(&self.path))?;
                }
            }
            _ => {
                self.walk.wrong_type(&self.path, self.kind);
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            }
        }
        Ok(true)
    }
}

impl Check<'_> {
    /// Checks an object with known members.
    fn object<'de, A: MapAccess<'de>>(self, object: &Object, mut map: A) -> Result<(), A::Error> {
        self.walk.enter(object.counted, &self.path);
        let mut members = Members::new(object);
        while let Some(slot) = map.next_key_seed(KeyOf(object))? {
            let Some(slot) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let path = Path::Key(&self.path, slot.field.name());
            let check = Check { kind: slot.field.kind(), path, walk: self.walk };
            let value = map.next_value_seed(check);
            let present = value.inspect_err(|_| self.walk.stuck(&path))?;
            if !members.note(slot, present, self.walk.flag) {
                self.walk.faults.push(&path, "duplicate_key", "stands more than once");
            }
        }
        members.finish(&self.path, &mut self.walk.faults);
        self.walk.leave(object.counted);
        Ok(())
    }

    /// Checks an object whose keys are data: facets by name, columns by name.
    fn keyed<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys: Vec<Cow<'de, str>> = Vec::new();
        while let Some(leaf::Key(key)) = map.next_key()? {
            let path = Path::Key(&self.path, &key);
            if let Some((code, message)) = leaf::fault(&Kind::Column, leaf::Given::Text(&key)) {
                self.walk.faults.push(&path, code, message);
            }
            let facet;
            let kind = match *self.kind {
                Kind::Map(kind) | Kind::ColumnMap(kind) => Some(kind),
                Kind::Facets(entity) => {
                    facet = known::shape(entity, &key).map(Kind::Object);
                    facet.as_ref()
                }
                _ => None,
            };
            match kind {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(kind) => {
                    let check = Check { kind, path, walk: self.walk };
                    let value = map.next_value_seed(check);
                    value.inspect_err(|_| self.walk.stuck(&path))?;
                }
            }
            keys.push(key);
        }
        if matches!(self.kind, Kind::ColumnMap(_)) && keys.len() > COLUMNS_MAX {
            let message = format!("is over the limit of {COLUMNS_MAX} columns");
            self.walk.faults.push(&self.path, "too_many_columns", message);
        }
        keys.sort_unstable();
        for pair in keys.windows(2) {
            if let [first, second] = pair
                && first == second
            {
                let path = Path::Key(&self.path, first);
                self.walk.faults.push(&path, "duplicate_key", "stands more than once");
            }
        }
        Ok(())
    }
}
