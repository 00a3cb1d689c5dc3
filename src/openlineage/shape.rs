//! The language in which the standard's objects are described for checking.
//!
//! Each facet's file states its shape next to its struct, as data. One walker
//! (`check.rs`) reads the shapes and lists every fault of an event; the structs stay plain
//! serde models. Tests hold the two together: what a shape allows, the struct can read.

/// What a value must be. `null` is allowed wherever a value is optional.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// The name of a thing: a string that is not empty, holds no NUL and has at most
    /// `NAME_BYTES_MAX` bytes.
    Name,
    /// The name of a column: as [`Kind::Name`], but it may be empty, as CSV headers are.
    Column,
    /// A date-time that `Time::parse` reads; the empty string counts as absent.
    Moment,
    /// `true` or `false`.
    Flag,
    /// A whole number; also one written as a float or inside a string.
    Count,
    /// A number; also one inside a string.
    Number,
    /// A string; also a number or a boolean, taken as the text it is written with.
    Scalar,
    /// One of these words, in any case of letters; the empty string counts as absent.
    Choice(&'static [&'static str]),
    /// An object with anything inside.
    Values,
    /// An array of values of one kind.
    List(&'static Kind),
    /// An array of datasets, at most `EVENT_DATASETS_MAX`.
    Datasets(&'static Object),
    /// An object from any text to values of one kind.
    Map(&'static Kind),
    /// An object from column names to values of one kind, at most `COLUMNS_MAX`.
    ColumnMap(&'static Kind),
    /// An object with known members; others are allowed and not looked at.
    Object(&'static Object),
    /// An object whose member `type` tells which of these it is.
    Tagged(&'static [(&'static str, &'static Object)]),
    /// An object from facet names to facets of one kind of entity.
    Facets(Entity),
}

/// Whose facets they are. The same name may mean different facets on different entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entity {
    /// Facets of a run.
    Run,
    /// Facets of a job.
    Job,
    /// Facets of a dataset, of an input or of an output. Producers mix the three up, so
    /// each facet is known in all of them.
    Dataset,
}

/// A known member of an object.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    /// Must be there and must not be `null`.
    Req(&'static str, Kind),
    /// May be absent or `null`.
    Opt(&'static str, Kind),
}

impl Field {
    /// Returns the member's name.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Req(name, _) | Self::Opt(name, _) => name,
        }
    }

    /// Returns what the member's value must be.
    pub(super) const fn kind(&self) -> &Kind {
        match self {
            Self::Req(_, kind) | Self::Opt(_, kind) => kind,
        }
    }
}

/// A rule over several members.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// None.
    Free,
    /// Both of them or neither.
    Together(&'static str, &'static str),
    /// At least one of them.
    Either(&'static str, &'static str),
}

/// What an object adds to when one is met; each is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Nothing.
    Nothing,
    /// The columns of the schema it stands in.
    Column,
    /// The event's column edges.
    Edge,
}

/// An object with known members.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    /// The known members, at most 32.
    pub fields: &'static [Field],
    /// Whether it is a facet, so that `_producer` and `_schemaURL` are required and
    /// `_deleted` lifts the requirement of every other member.
    pub is_facet: bool,
    /// A rule over several members.
    pub rule: Rule,
    /// What it counts as.
    pub counted: Counted,
}

impl Object {
    /// Describes an object that is no facet.
    pub(super) const fn plain(fields: &'static [Field]) -> Self {
        Self { fields, is_facet: false, rule: Rule::Free, counted: Counted::Nothing }
    }

    /// Describes a facet.
    pub(super) const fn facet(fields: &'static [Field]) -> Self {
        Self { fields, is_facet: true, rule: Rule::Free, counted: Counted::Nothing }
    }

    /// Adds a rule.
    pub(super) const fn with(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// Makes it count.
    pub(super) const fn counting(self, counted: Counted) -> Self {
        Self { counted, ..self }
    }
}
