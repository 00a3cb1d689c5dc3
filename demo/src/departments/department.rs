//! Which departments there are, and what each does in each layer.

use std::path::Path;

use anyhow::Result;

use super::{clinical, customer_view, erp, finance, iot, safety, social};
use crate::batch::Batch;
use crate::dag::Dag;
use crate::people::Person;

/// A department of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Department {
    Erp,
    Iot,
    Clinical,
    Finance,
    Safety,
    Social,
}

/// A layer of the company's data, from raw to ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Bronze,
    Silver,
    Staging,
    Gold,
}

impl Layer {
    /// All layers, from raw to ready.
    pub const ALL: [Self; 4] = [Self::Bronze, Self::Silver, Self::Staging, Self::Gold];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bronze => "bronze",
            Self::Silver => "silver",
            Self::Staging => "staging",
            Self::Gold => "gold",
        }
    }
}

impl Department {
    /// All departments, in the order in which they take turns. Sales comes first: finance makes
    /// invoices of its orders, and social listening looks its customers up.
    pub const ALL: [Self; 6] =
        [Self::Erp, Self::Finance, Self::Iot, Self::Clinical, Self::Safety, Self::Social];

    /// The short name, used in paths and DAG names.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Erp => "erp",
            Self::Iot => "iot",
            Self::Clinical => "clinical",
            Self::Finance => "finance",
            Self::Safety => "safety",
            Self::Social => "social",
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Erp => "ERP sales",
            Self::Iot => "Manufacturing sensors",
            Self::Clinical => "Clinical trials",
            Self::Finance => "Finance",
            Self::Safety => "Regulatory affairs and drug safety",
            Self::Social => "Social media listening",
        }
    }

    /// The namespace of its jobs.
    #[must_use]
    pub fn namespace(self) -> String {
        format!("meridian-{}", self.key())
    }

    #[must_use]
    pub fn owner(self) -> String {
        format!("team:{}", self.key())
    }

    /// Sets its systems up with the people it knows. What is there already is left alone: whoever
    /// was forgotten in a running demo is not brought back by its restart.
    ///
    /// # Errors
    ///
    /// If a database or file cannot be made.
    pub async fn open(self, root: &Path, people: &[Person]) -> Result<()> {
        match self {
            Self::Erp => erp::open(root, people).await,
            Self::Iot => iot::open(root, people).await,
            Self::Clinical => clinical::open(root, people).await,
            Self::Finance => finance::open(root, people).await,
            Self::Safety => safety::open(root, people).await,
            Self::Social => social::open(root, people),
        }
    }

    /// Does a batch's business: new records in its systems, for people they still know.
    ///
    /// # Errors
    ///
    /// If a database or file cannot be read or written.
    pub async fn operate(self, root: &Path, batch: &Batch) -> Result<()> {
        match self {
            Self::Erp => erp::operate(root, batch).await,
            Self::Iot => iot::operate(root, batch).await,
            Self::Clinical => clinical::operate(root, batch).await,
            Self::Finance => finance::operate(root, batch).await,
            Self::Safety => safety::operate(root, batch).await,
            Self::Social => social::operate(root, batch),
        }
    }

    /// Runs the jobs of one layer.
    ///
    /// # Errors
    ///
    /// If the demo is stopped.
    pub async fn run(self, layer: Layer, dag: &mut Dag<'_>) -> Result<()> {
        match (self, layer) {
            (Self::Erp, Layer::Bronze) => erp::bronze(dag).await,
            (Self::Erp, Layer::Silver) => erp::silver(dag).await,
            (Self::Erp, Layer::Staging) => erp::staging(dag).await,
            (Self::Erp, Layer::Gold) => customer_view::gold(dag).await,
            (Self::Iot, Layer::Bronze) => iot::bronze(dag).await,
            (Self::Iot, Layer::Silver) => iot::silver(dag).await,
            (Self::Iot, Layer::Staging) => iot::staging(dag).await,
            (Self::Iot, Layer::Gold) => iot::gold(dag).await,
            (Self::Clinical, Layer::Bronze) => clinical::bronze(dag).await,
            (Self::Clinical, Layer::Silver) => clinical::silver(dag).await,
            (Self::Clinical, Layer::Staging) => clinical::staging(dag).await,
            (Self::Clinical, Layer::Gold) => clinical::gold(dag).await,
            (Self::Finance, Layer::Bronze) => finance::bronze(dag).await,
            (Self::Finance, Layer::Silver) => finance::silver(dag).await,
            (Self::Finance, Layer::Staging) => finance::staging(dag).await,
            (Self::Finance, Layer::Gold) => finance::gold(dag).await,
            (Self::Safety, Layer::Bronze) => safety::bronze(dag).await,
            (Self::Safety, Layer::Silver) => safety::silver(dag).await,
            (Self::Safety, Layer::Staging) => safety::staging(dag).await,
            (Self::Safety, Layer::Gold) => safety::gold(dag).await,
            (Self::Social, Layer::Bronze) => social::bronze(dag).await,
            (Self::Social, Layer::Silver) => social::silver(dag).await,
            (Self::Social, Layer::Staging) => social::staging(dag).await,
            (Self::Social, Layer::Gold) => social::gold(dag).await,
        }
    }
}
