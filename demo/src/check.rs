//! What jobs find of the data that they read: checks and measures.

/// One check and how it ended.
#[derive(Debug, Clone)]
pub struct Check {
    /// `not_null` or `unique`.
    pub kind: &'static str,
    pub column: String,
    pub success: bool,
    /// Rows that break the rule.
    pub broken: usize,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub struct Measure {
    pub column: String,
    pub nulls: usize,
    pub distinct: usize,
    /// Least and greatest, of numbers.
    pub range: Option<(f64, f64)>,
}

/// What all columns hold.
pub type Measures = Vec<Measure>;
