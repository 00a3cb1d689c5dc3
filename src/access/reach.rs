//! How far a right reaches.

/// To what an act could be allowed at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// To nothing.
    Nothing,
    /// To what the asker owns.
    Own,
    /// To what others own, too.
    Others,
}
