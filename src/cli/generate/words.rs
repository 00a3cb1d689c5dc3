//! The words that generated names are made of: what a made-up company would call its tables.
//!
//! Every word is plain ASCII that needs no escaping in JSON, SQL or a path.

/// A column: its name and type.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it holds personal data.
    pub(super) personal: bool,
}

/// A column's type, in the few forms that stores agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Text,
    Number,
    Date,
    Moment,
}

impl Kind {
    /// The SQL name of the type.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Key => "BIGINT",
            Self::Text => "VARCHAR",
            Self::Number => "DECIMAL(18,2)",
            Self::Date => "DATE",
            Self::Moment => "TIMESTAMP",
        }
    }
}

/// A part of the company: its tables share columns, a team and a schema.
#[derive(Debug)]
pub(super) struct Domain {
    pub(super) name: &'static str,
    pub(super) team: &'static str,
    pub(super) entities: [&'static str; 6],
    pub(super) columns: [Column; COLUMNS],
}

/// Columns that a domain has names for; wider datasets number them.
pub(super) const COLUMNS: usize = 12;

const fn col(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, personal: false }
}

const fn person(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, personal: true }
}

/// The parts of the company.
pub(super) const DOMAINS: [Domain; 6] = [
    Domain {
        name: "customer",
        team: "crm",
        entities: ["accounts", "contacts", "addresses", "consents", "segments", "loyalty"],
        columns: [
            col("customer_id", Kind::Key),
            person("email", Kind::Text),
            person("full_name", Kind::Text),
            person("phone", Kind::Text),
            person("birth_date", Kind::Date),
            col("country", Kind::Text),
            person("street", Kind::Text),
            person("postcode", Kind::Text),
            col("segment", Kind::Text),
            col("lifetime_value", Kind::Number),
            col("created_at", Kind::Moment),
            col("updated_at", Kind::Moment),
        ],
    },
    Domain {
        name: "sales",
        team: "sales-data",
        entities: ["orders", "order_lines", "quotes", "returns", "discounts", "pipeline"],
        columns: [
            col("order_id", Kind::Key),
            col("customer_id", Kind::Key),
            col("product_id", Kind::Key),
            col("order_date", Kind::Date),
            col("quantity", Kind::Number),
            col("unit_price", Kind::Number),
            col("amount", Kind::Number),
            col("currency", Kind::Text),
            col("status", Kind::Text),
            person("ship_to_name", Kind::Text),
            person("ship_to_address", Kind::Text),
            col("loaded_at", Kind::Moment),
        ],
    },
    Domain {
        name: "product",
        team: "catalogue",
        entities: ["products", "categories", "prices", "stock", "suppliers", "reviews"],
        columns: [
            col("product_id", Kind::Key),
            col("sku", Kind::Text),
            col("title", Kind::Text),
            col("category", Kind::Text),
            col("list_price", Kind::Number),
            col("cost", Kind::Number),
            col("stock_level", Kind::Number),
            col("supplier_id", Kind::Key),
            col("rating", Kind::Number),
            person("reviewer_email", Kind::Text),
            col("valid_from", Kind::Date),
            col("updated_at", Kind::Moment),
        ],
    },
    Domain {
        name: "finance",
        team: "controlling",
        entities: ["invoices", "payments", "ledger", "budgets", "costs", "tax"],
        columns: [
            col("invoice_id", Kind::Key),
            col("customer_id", Kind::Key),
            person("iban", Kind::Text),
            col("amount", Kind::Number),
            col("tax_amount", Kind::Number),
            col("currency", Kind::Text),
            col("account", Kind::Text),
            col("cost_centre", Kind::Text),
            col("due_date", Kind::Date),
            col("paid_at", Kind::Moment),
            col("period", Kind::Text),
            person("approved_by", Kind::Text),
        ],
    },
    Domain {
        name: "marketing",
        team: "growth",
        entities: ["campaigns", "clicks", "sessions", "leads", "emails", "attribution"],
        columns: [
            col("session_id", Kind::Key),
            col("customer_id", Kind::Key),
            person("email", Kind::Text),
            person("ip_address", Kind::Text),
            col("campaign", Kind::Text),
            col("channel", Kind::Text),
            col("clicks", Kind::Number),
            col("spend", Kind::Number),
            col("revenue", Kind::Number),
            col("device", Kind::Text),
            col("event_date", Kind::Date),
            col("event_time", Kind::Moment),
        ],
    },
    Domain {
        name: "people",
        team: "hr-analytics",
        entities: ["employees", "payroll", "absences", "trainings", "reviews", "teams"],
        columns: [
            col("employee_id", Kind::Key),
            person("full_name", Kind::Text),
            person("email", Kind::Text),
            person("salary", Kind::Number),
            person("birth_date", Kind::Date),
            col("department", Kind::Text),
            col("manager_id", Kind::Key),
            col("hired_on", Kind::Date),
            col("days_absent", Kind::Number),
            col("grade", Kind::Text),
            col("location", Kind::Text),
            col("updated_at", Kind::Moment),
        ],
    },
];
