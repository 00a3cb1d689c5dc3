//! Who is asking, and whether they may: the rules in force, and those who are known.
//!
//! Where Lethe is open, nobody is asked who they are, and everybody may do everything: that is for a
//! trial on one's own machine, and Lethe says so when it starts.

mod admit;
mod identify;
mod known;
mod refresh;
mod rules;
mod speak;
mod still;
mod voices;

pub use admit::Refusal;
pub(in crate::flow) use admit::Told;
pub use identify::Proof;
pub use known::Known;
pub use refresh::Obeyed;
pub(super) use refresh::refresh_loop;
pub(super) use rules::Trust;
pub use still::{Since, Still};
