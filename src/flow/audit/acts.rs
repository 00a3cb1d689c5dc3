//! What records call the acts that they are of: a closed list, so that whoever asks for one that there
//! is not is told so, and does not take it for one that nobody did.

use crate::access::Action;

/// Those that no rule is about: parts of acts that are decided on, and Lethe's own.
const OTHERS: [&str; 11] = [
    "audit:crowd",
    "dead-letter:delete",
    "dead-letter:replay",
    "event:expire",
    "namespace:purge",
    "policy:drop",
    "run:expire",
    "session:link",
    "session:sign_in",
    "session:sign_out",
    "tag:edit",
];

/// Goes through the names of all acts that records may be of.
pub fn recorded_acts() -> impl Iterator<Item = &'static str> {
    Action::ALL.iter().map(|action| action.as_str()).chain(OTHERS)
}
