//! Conditions: under what circumstances a rule is in force.
//!
//! | term | true of a request |
//! |---|---|
//! | `purpose:PATTERN` | that states a purpose which matches |
//! | `auth:token` | made with an API token |
//! | `auth:session` | made in a session opened by a token or a sign-in link |
//! | `auth:password` | made in a session opened by a password |
//! | `auth:mfa` | made in a session opened with a second factor |
//! | `time:Mon-Fri 08:00-18:00 UTC` | made in that part of the week, at a fixed offset |
//! | `before:DATE`, `after:DATE` | made before; at or after that moment (midnight UTC of a date) |
//!
//! Zones with changing offsets are not offered: their rules change and would be read from files.

use std::fmt;

use super::formula::{Formula, Term, write_value};
use super::pattern::Pattern;
use super::principal::AuthMethod;
use super::week::WeekSpan;
use crate::base::Time;

/// A formula over the circumstances of a request.
pub type Condition = Formula<Circumstance>;

/// One term of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Circumstance {
    /// `purpose:`
    Purpose(Pattern),
    /// `auth:`
    Auth(AuthMethod),
    /// `time:`
    Week(WeekSpan),
    /// `before:`
    Before(Time),
    /// `after:`
    After(Time),
}

/// What a request brings besides its principal and its resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context {
    /// When it is made.
    pub now: Time,
    /// What for, in the asker's word (`research`); never free text about a person.
    pub purpose: Option<String>,
}

impl Context {
    /// Makes the context of a request without a stated purpose.
    #[must_use]
    pub fn at(now: Time) -> Self {
        Self { now, purpose: None }
    }

    /// States a purpose.
    #[must_use]
    pub fn for_purpose(self, purpose: &str) -> Self {
        Self { purpose: Some(purpose.to_owned()), ..self }
    }
}

impl Condition {
    /// Returns whether the condition is met.
    #[must_use]
    pub fn met(&self, context: &Context, auth: AuthMethod) -> bool {
        self.holds(&|term| match term {
            Circumstance::Purpose(pattern) => {
                context.purpose.as_deref().is_some_and(|purpose| pattern.matches(purpose))
            }
            Circumstance::Auth(method) => *method == auth,
            Circumstance::Week(span) => span.contains(context.now),
            Circumstance::Before(end) => context.now < *end,
            Circumstance::After(start) => context.now >= *start,
        })
    }

    /// Returns the first moment after `now` at which the passing of time alone may change
    /// whether the condition is met; `None` if it never does.
    #[must_use]
    pub fn next_change(&self, now: Time) -> Option<Time> {
        let mut next: Option<Time> = None;
        self.each_term(&mut |term| {
            let change = match term {
                Circumstance::Week(span) => Some(span.next_change(now)),
                Circumstance::Before(at) | Circumstance::After(at) => {
                    Some(*at).filter(|at| *at > now)
                }
                Circumstance::Purpose(_) | Circumstance::Auth(_) => None,
            };
            next = next.into_iter().chain(change).min();
        });
        next
    }
}

impl Term for Circumstance {
    fn of(word: &str, value: &str) -> Result<Self, String> {
        let moment = || Time::parse(value).ok_or_else(|| format!("`{value}` is no date"));
        match word {
            "purpose" => value.parse().map(Self::Purpose),
            "auth" => value.parse().map(Self::Auth),
            "time" => value.parse().map(Self::Week),
            "before" => moment().map(Self::Before),
            "after" => moment().map(Self::After),
            _ => Err(format!(
                "`{word}` is no circumstance: purpose, auth, time, before and after are"
            )),
        }
    }
}

impl fmt::Display for Circumstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purpose(pattern) => {
                f.write_str("purpose:")?;
                write_value(f, pattern.as_str())
            }
            Self::Auth(method) => write!(f, "auth:{method}"),
            Self::Week(span) => write!(f, "time:{span}"),
            Self::Before(at) => write!(f, "before:{at}"),
            Self::After(at) => write!(f, "after:{at}"),
        }
    }
}

super::text::serde_as_text!(Condition);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Context {
        Context::at(Time::parse(text).unwrap())
    }

    #[test]
    fn conditions_are_met_as_their_table_says() {
        // 20 November 2026 is a Friday.
        let context = at("2026-11-20T09:30:00Z").for_purpose("research/cohort");
        let cases = [
            ("*", true),
            ("purpose:research/*", true),
            ("purpose:marketing", false),
            ("purpose:*", true),
            ("auth:mfa", false),
            ("auth:mfa | auth:password", true),
            ("time:Mon-Fri 08:00-18:00 UTC", true),
            ("time:Sat-Sun 00:00-24:00 UTC", false),
            ("time:Fri 09:00-10:00 +01:00", false),
            ("before:2026-11-21", true),
            ("after:2026-11-21", false),
            ("after:2026-11-20T09:30:00Z & !purpose:marketing", true),
        ];
        for (text, expected) in cases {
            let condition: Condition = text.parse().unwrap();
            assert_eq!(condition.met(&context, AuthMethod::Password), expected, "{text}");
            assert_eq!(condition.to_string().parse::<Condition>(), Ok(condition), "{text}");
        }
        assert!(!"purpose:*".parse::<Condition>().unwrap().met(&at("2026-11-20"), AuthMethod::Mfa));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in ["before:soon", "auth:luck", "time:Mon 8-9 UTC", "tag:pii", "purpose:"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_next_change_is_the_nearest_of_all_terms() {
        let condition: Condition =
            "time:Mon-Fri 08:00-18:00 UTC & before:2026-11-20T12:00:00Z".parse().unwrap();
        let change = |now: &str| condition.next_change(Time::parse(now).unwrap());
        assert_eq!(change("2026-11-20T09:30:00Z"), Time::parse("2026-11-20T12:00:00Z"));
        assert_eq!(change("2026-11-20T13:00:00Z"), Time::parse("2026-11-20T18:00:00Z"));
        assert_eq!("auth:mfa".parse::<Condition>().unwrap().next_change(Time::MIN), None);
    }
}
