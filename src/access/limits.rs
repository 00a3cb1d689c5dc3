//! The limits of this room, each with its unit last in the name.
//!
//! They stand here, not in `base/limits.rs`, because only this room's promises need them.

/// Longest selector, condition or pattern, in bytes.
pub const FORMULA_BYTES_MAX: usize = 2_048;

/// Deepest nesting of parentheses and negations in a selector or condition.
pub const FORMULA_DEPTH_MAX: usize = 16;

/// Terms of one selector or condition at most: the cost of one evaluation.
pub const FORMULA_TERMS_MAX: usize = 64;

/// Rules of one set at most.
pub const RULES_MAX: usize = 100_000;

/// Role assignments of one set at most.
pub const GRANTS_MAX: usize = 1_000_000;

/// Longest CSV text of a set of rules, in bytes.
pub const POLICY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Role sets for which casbin's enforcers are kept; others are built again when asked for.
pub const BENCHES_MAX: usize = 1_024;

/// Rules of one role set above which it has an enforcer for each act: casbin scans them all, so that
/// a thousand took milliseconds.
pub const SPLIT_RULES: usize = 128;

/// Decisions that are remembered.
pub const DECISIONS_MAX: usize = 65_536;

/// Domains whose role set one standing remembers.
pub const STANDING_DOMAINS_MAX: usize = 256;

/// Differences that one simulation lists; more are counted, not listed.
pub const DIFFERENCES_MAX: usize = 1_000;

/// Longest life of an API token, in days.
pub const TOKEN_DAYS_MAX: i64 = 366;

/// Longest time for which the old and the new token of a rotation both work, in hours.
pub const TOKEN_OVERLAP_HOURS_MAX: i64 = 7 * 24;

/// Longest password, in bytes: hashing is never asked to read more.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Shortest password, in characters (NIST SP 800-63B, section 3.1.1).
pub const PASSWORD_CHARS_MIN: usize = 12;

/// Pairs of rules that the linter compares at most.
pub const LINT_PAIRS_MAX: usize = 20_000_000;

/// Cases of one file at most.
pub const CASES_MAX: usize = 10_000;

/// Longest idle time of a session, in minutes.
pub const SESSION_IDLE_MINUTES: i64 = 60;

/// Longest life of a session, in hours.
pub const SESSION_LIFE_HOURS: i64 = 12;

/// Life of a sign-in link, in minutes.
pub const LINK_LIFE_MINUTES: i64 = 15;

/// Keys whose attempts a throttle counts; those not seen for longest are let go.
pub const THROTTLE_KEYS_MAX: usize = 100_000;
