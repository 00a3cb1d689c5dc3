//! Obligations: what an allow asks of whoever carries it out.
//!
//! An obligation belongs to a rule. Where several rules allow the same act, each alone would do, so
//! that only what all of them ask for is asked: a steward who is also a viewer sees what
//! a steward sees. What must bind everybody is a deny.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::formula::Formula;
use super::selector::{FieldView, Selector};

/// What one rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Obligation {
    /// `mask:SELECTOR`: hide the fields that it selects by tag or class.
    Mask(Selector),
    /// `redact_sql`: leave query text out.
    RedactSql,
    /// `no_export`: show, but write no file.
    NoExport,
    /// `require_purpose`: refuse unless a purpose is stated. The judge itself sees to it.
    RequirePurpose,
}

impl FromStr for Obligation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("mask:")) {
            (_, Some(selector)) => {
                selector.parse().map(Self::Mask).map_err(|error| format!("in `{text}` {error}"))
            }
            ("redact_sql", _) => Ok(Self::RedactSql),
            ("no_export", _) => Ok(Self::NoExport),
            ("require_purpose", _) => Ok(Self::RequirePurpose),
            _ => Err(format!(
                "`{text}` is no obligation: mask:…, redact_sql, no_export and require_purpose are"
            )),
        }
    }
}

impl fmt::Display for Obligation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mask(selector) => write!(f, "mask:{selector}"),
            Self::RedactSql => f.write_str("redact_sql"),
            Self::NoExport => f.write_str("no_export"),
            Self::RequirePurpose => f.write_str("require_purpose"),
        }
    }
}

/// Reads the obligations of a rule, separated by `;`.
pub(super) fn read_obligations(text: &str) -> Result<Vec<Obligation>, String> {
    let mut quoted = false;
    let parts = text.split(|sign| {
        quoted ^= sign == '"';
        sign == ';' && !quoted
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect()
}

/// Writes the obligations of a rule, separated by `;`.
pub(super) fn write_obligations(obligations: &[Obligation]) -> String {
    let parts: Vec<String> = obligations.iter().map(ToString::to_string).collect();
    parts.join("; ")
}

/// What an allow asks for, all its rules taken together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Obligations {
    /// Hide the fields that it selects by tag or class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask: Option<Selector>,
    /// Leave query text out.
    pub redact_sql: bool,
    /// Show, but write no file.
    pub no_export: bool,
    /// A purpose has to be stated.
    pub require_purpose: bool,
}

impl Obligations {
    /// Takes together the obligations of the rules that allow: those that all of them have.
    pub(super) fn of_all<'a>(rules: impl Iterator<Item = &'a [Obligation]> + Clone) -> Self {
        let all_have = |wanted: &Obligation| {
            rules.clone().next().is_some() && rules.clone().all(|rule| rule.contains(wanted))
        };
        let masks: Option<Vec<Selector>> = rules.clone().map(mask_of).collect();
        Self {
            mask: masks.and_then(|masks| joined(masks, Formula::All)),
            redact_sql: all_have(&Obligation::RedactSql),
            no_export: all_have(&Obligation::NoExport),
            require_purpose: all_have(&Obligation::RequirePurpose),
        }
    }

    /// Returns whether a field must be hidden that has `own` marks for sure and perhaps all the
    /// `restricting` ones.
    #[must_use]
    pub fn hides(&self, restricting: FieldView<'_>, own: FieldView<'_>) -> bool {
        self.mask.as_ref().is_some_and(|mask| mask.covers_field(restricting, own))
    }

    /// Takes over what another allow asks for as well: both must be carried out.
    pub(super) fn unite(&mut self, other: &Self) {
        let masks: Vec<Selector> = self.mask.iter().chain(&other.mask).cloned().collect();
        self.mask = joined(masks, Formula::Any);
        self.redact_sql |= other.redact_sql;
        self.no_export |= other.no_export;
        self.require_purpose |= other.require_purpose;
    }

    /// Returns whether all may be shown and taken along: no field and no query text is kept back. Where
    /// a purpose was asked for, it was stated before anything was allowed.
    #[must_use]
    pub fn keeps_nothing_back(&self) -> bool {
        self.mask.is_none() && !self.redact_sql && !self.no_export
    }

    /// Returns whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What one rule hides: whatever any of its masks selects.
fn mask_of(rule: &[Obligation]) -> Option<Selector> {
    let masks = rule.iter().filter_map(|obligation| match obligation {
        Obligation::Mask(selector) => Some(selector.clone()),
        _ => None,
    });
    joined(masks.collect(), Formula::Any)
}

fn joined(mut masks: Vec<Selector>, join: fn(Vec<Selector>) -> Selector) -> Option<Selector> {
    masks.dedup();
    match masks.len() {
        0 | 1 => masks.pop(),
        _ => Some(join(masks)),
    }
}

impl fmt::Display for Obligations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            (self.redact_sql, Obligation::RedactSql),
            (self.no_export, Obligation::NoExport),
            (self.require_purpose, Obligation::RequirePurpose),
        ];
        let flags = flags.into_iter().filter_map(|(on, obligation)| on.then_some(obligation));
        let all: Vec<_> =
            self.mask.clone().map(Obligation::Mask).into_iter().chain(flags).collect();
        f.write_str(&write_obligations(&all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rules: &[&str]) -> Obligations {
        let rules: Vec<_> = rules.iter().map(|text| read_obligations(text).unwrap()).collect();
        Obligations::of_all(rules.iter().map(Vec::as_slice))
    }

    fn hides(obligations: &Obligations, tags: &[&str], classes: &[&str]) -> bool {
        let [tags, classes] =
            [tags, classes].map(|list| list.iter().map(|s| (*s).into()).collect());
        let (tags, classes): (Vec<String>, Vec<String>) = (tags, classes);
        obligations.hides((&tags, &classes), (&tags, &classes))
    }

    #[test]
    fn a_mark_that_only_may_be_there_hides_and_never_shows() {
        let perhaps = (&["public".to_owned()][..], &["user.name".to_owned()][..]);
        let nothing = (&[][..], &[][..]);
        assert!(taken(&["mask:class:*"]).hides(perhaps, nothing));
        assert!(taken(&["mask:!tag:public"]).hides(perhaps, nothing));
        assert!(!taken(&["mask:!tag:public"]).hides(perhaps, perhaps));
    }

    #[test]
    fn what_either_of_two_names_asks_for_is_asked() {
        let mut both = taken(&["mask:class:*; no_export"]);
        both.unite(&taken(&["mask:tag:pii; redact_sql"]));
        assert_eq!(both.to_string(), "mask:class:* | tag:pii; redact_sql; no_export");
    }

    #[test]
    fn only_what_every_rule_asks_for_is_asked() {
        let both =
            taken(&["mask:class:user.*; redact_sql", "mask:tag:pii.*; redact_sql; no_export"]);
        assert_eq!(both.to_string(), "mask:class:user.* & tag:pii.*; redact_sql");
        assert!(hides(&both, &["pii.x"], &["user.y"]) && !hides(&both, &[], &["user.y"]));
        assert!(taken(&["mask:class:user.*; redact_sql", ""]).is_empty());
        assert!(taken(&[]).is_empty());
    }

    #[test]
    fn a_rule_may_have_several_masks() {
        let masks = taken(&["mask:class:user.*; mask:tag:\"a;b\""]);
        assert!(hides(&masks, &["a;b"], &[]) && hides(&masks, &[], &["user.name"]));
        assert!(read_obligations("hide").is_err() && read_obligations("mask:x").is_err());
    }
}
