//! How a set of rules is written: the CSV that casbin's users know.
//!
//! ```text
//! p,  id, role, domain, actions, selector, condition, effect, obligations
//! g,  subject, role, domain
//! g2, role, inherited role
//! ```
//!
//! Fields at the end that are empty may be left out: a selector, condition or domain left empty
//! is `*`. Every fault is listed with its line.

use std::fmt::Display;
use std::fmt::Write;
use std::str::FromStr;

use super::csv::{record, records};
use super::limits::POLICY_BYTES_MAX;
use super::obligation::{read_obligations, write_obligations};
use super::policy::{Fault, Grant, Parent, PolicySet, Rule, bounded};

const RULE_FIELDS: usize = 8;

impl PolicySet {
    /// Reads a set of rules.
    ///
    /// # Errors
    ///
    /// Every fault, with its line; the first 50, and how many more there are.
    pub fn from_csv(version: i64, text: &str) -> Result<Self, Vec<Fault>> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(vec![Fault::whole(format!("longer than {POLICY_BYTES_MAX} bytes"))]);
        }
        let mut set = Self { version, ..Self::default() };
        let mut faults = vec![];
        for (line, fields) in records(text) {
            if let Err(what) = fields.and_then(|fields| set.add_line(&fields)) {
                faults.push(Fault { line, what });
            }
        }
        // What one line can tell was told with its line; what is left concerns the whole.
        if faults.is_empty() {
            faults = set.faults();
        }
        if faults.is_empty() { Ok(set) } else { Err(bounded(faults)) }
    }

    /// Writes the set so that [`PolicySet::from_csv`] reads the same.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::new();
        for rule in &self.rules {
            let _ = writeln!(text, "{}", rule.line());
        }
        for Parent { role, inherits } in &self.parents {
            let _ = writeln!(text, "{}", record(["g2", role, inherits]));
        }
        for Grant { subject, role, domain } in &self.grants {
            let _ = writeln!(text, "{}", record(["g", subject, role, domain.as_str()]));
        }
        text
    }

    fn add_line(&mut self, fields: &[String]) -> Result<(), String> {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match fields.as_slice() {
            ["p", rest @ ..] => {
                let rule = read_rule(rest)?;
                rule.fault().map_or(Ok(()), Err)?;
                self.rules.push(rule);
            }
            ["g2", role, inherits] => {
                let parent = Parent { role: (*role).into(), inherits: (*inherits).into() };
                parent.fault().map_or(Ok(()), Err)?;
                self.parents.push(parent);
            }
            ["g", subject, role, rest @ ..] if rest.len() <= 1 => {
                let domain = read("domain", or_any(rest.first().copied()))?;
                let grant = Grant { subject: (*subject).into(), role: (*role).into(), domain };
                grant.fault().map_or(Ok(()), Err)?;
                self.grants.push(grant);
            }
            _ => return Err("no rule (p), grant (g) or inheritance (g2) has these fields".into()),
        }
        Ok(())
    }
}

impl Rule {
    /// Writes the rule as a line of a set.
    #[must_use]
    pub fn line(&self) -> String {
        let fields = self.fields();
        record(["p"].into_iter().chain(fields.iter().map(String::as_str)))
    }

    /// Returns the fields after `p`, in the order of the model's policy definition.
    pub(super) fn fields(&self) -> [String; RULE_FIELDS] {
        [
            self.id.to_string(),
            self.role.clone(),
            self.domain.to_string(),
            self.actions.to_string(),
            self.selector.to_string(),
            self.condition.to_string(),
            self.effect.to_string(),
            write_obligations(&self.obligations),
        ]
    }
}

fn read_rule(fields: &[&str]) -> Result<Rule, String> {
    if fields.len() > RULE_FIELDS {
        return Err(format!("a rule has {RULE_FIELDS} fields, not {}", fields.len()));
    }
    let field = |at: usize| fields.get(at).copied();
    Ok(Rule {
        id: field(0).unwrap_or_default().into(),
        role: field(1).unwrap_or_default().to_owned(),
        domain: read("domain", or_any(field(2)))?,
        actions: read("actions", field(3).unwrap_or_default())?,
        selector: read("selector", or_any(field(4)))?,
        condition: read("condition", or_any(field(5)))?,
        effect: read("effect", field(6).unwrap_or_default())?,
        obligations: read_obligations(field(7).unwrap_or_default())?,
    })
}

fn or_any(field: Option<&str>) -> &str {
    field.filter(|field| !field.is_empty()).unwrap_or("*")
}

fn read<T: FromStr<Err: Display>>(what: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{what} `{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::effect::Effect;
    use crate::access::policy::SHIPPED_POLICY;

    #[test]
    fn the_shipped_policy_reads_and_prints() {
        let shipped = PolicySet::from_csv(1, SHIPPED_POLICY).unwrap();
        assert_eq!(PolicySet::from_csv(1, &shipped.to_csv()), Ok(shipped));
    }

    #[test]
    fn left_out_fields_mean_everything() {
        let set =
            PolicySet::from_csv(7, "p, a, viewer, , dataset:read, , , allow\ng, user:ann, viewer");
        let set = set.unwrap();
        assert_eq!(set.rules[0].effect, Effect::Allow);
        assert!(set.rules[0].selector.is_always() && set.rules[0].condition.is_always());
        assert!(set.grants[0].domain.is_any());
    }

    #[test]
    fn all_faults_are_listed_with_their_lines() {
        let text = "p, a, viewer, *, dataset:fly, *, *, allow\n\
                    # fine\n\
                    p, b, viewer, *, dataset:read, colour:red, *, allow\n\
                    q, what\n\
                    g, ann, viewer, *\n\
                    g, user:ann, everyone, *\n\
                    p, c, viewer, *, dataset:read, *, *, deny, redact_sql\n\
                    p, d e, viewer, *, dataset:read, *, *, perhaps";
        let faults = PolicySet::from_csv(1, text).unwrap_err();
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 3, 4, 5, 6, 7, 8], "{faults:?}");
        assert!(faults[1].what.contains("at byte 0"), "{}", faults[1]);
        let twice = "p, a, r, *, *, *, *, allow\np, a, r, *, *, *, *, deny";
        assert!(PolicySet::from_csv(1, twice).unwrap_err()[0].what.contains("two rules"));
    }
}
