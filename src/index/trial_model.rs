//! A model of search for the tests: random documents, and the plainest way to say which of
//! them a query finds and how often each facet's values occur.
//!
//! It shares the cutting of texts with the index and nothing of how hits are found.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::document::{Document, Field};
use super::encode::{Level, exact_term, fold_name};
use super::plan::{Find, Leaf, Plan, Step};
use super::query::{Clause, Label, Moment, Query, Test, Text, Thing};
use super::schema::Part;
use super::table::Facet;
use super::tokens::{fold, part_tokens, pieces, squash, token, variants};
use crate::base::{NodeKind, Time};

/// The moment all trials take place.
pub const NOW: i64 = 1_767_225_600_000_000;
const DAY: i64 = 86_400_000_000;

/// Returns the moment all trials take place.
pub fn now() -> Time {
    Time::from_micros(NOW)
}

const WORDS: [&str; 12] = [
    "order",
    "orders",
    "customer",
    "Customer",
    "sale",
    "s3",
    "x1",
    "id",
    "raw",
    "Größe",
    "顧客",
    "customerOrder",
];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = String> {
    let joined = prop::collection::vec(
        (word(), prop::sample::select(&["_", ".", "/", "-", " ", ""][..])),
        1..4,
    );
    joined.prop_map(|parts| parts.into_iter().map(|(word, end)| word + end).collect())
}

fn some<T: Clone + std::fmt::Debug + 'static>(
    from: &'static [T],
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(prop::sample::select(from), 0..=most)
}

fn texts(from: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    some(from, most).prop_map(|list| list.into_iter().map(str::to_owned).collect())
}

fn prose() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::collection::vec(word(), 1..5).prop_map(|words| words.join(" ")))
}

const TAGS: &[&str] = &["pii", "pii:email", "PII.name", "gold", "a,b"];
const OWNERS: &[&str] = &["jane", "Joe Doe", "team:sales"];

fn field() -> impl Strategy<Value = Field> {
    (name(), texts(TAGS, 1), prose()).prop_map(|(name, tags, description)| Field {
        name,
        data_type: None,
        description,
        tags,
    })
}

prop_compose! {
    /// Any document of a small world in which much coincides.
    pub fn document()(
        (id, job, namespace, name) in (0..40_u128, any::<bool>(), prop::sample::select(&["shop", "Shop", "s3://lake", ""][..]), name()),
        (aliases, description, tags, owners) in (prop::collection::vec(("[ab]", name()), 0..2), prose(), texts(TAGS, 3), texts(OWNERS, 2)),
        (fields, sql, platform, subtype) in (prop::collection::vec(field(), 0..4), prose(), prop::sample::select(&["", "s3", "Postgres"][..]), prop::option::of(prop::sample::select(&["TABLE", "VIEW"][..]))),
        (created, updated, run) in (0..10_i64, 0..10_i64, prop::option::of(0..10_i64)),
        (run_count, downstream, has_lineage, deleted, access_class) in (0..3_u64, 0..3_u32, any::<bool>(), prop::bool::weighted(0.1), 0..3_u32),
    ) -> Document {
        let day = |days: i64| Time::from_micros(NOW - days * DAY);
        Document {
            kind: if job { NodeKind::Job } else { NodeKind::Dataset },
            // As with real ids, a dataset and a job never share one.
            id: Uuid::from_u128(2 * id + u128::from(job)),
            namespace: namespace.to_owned(),
            name,
            aliases,
            description,
            tags,
            owners,
            fields,
            sql,
            platform: platform.to_owned(),
            subtype: subtype.map(str::to_owned),
            created_at: day(created),
            updated_at: day(updated),
            last_run_at: run.map(day),
            run_count,
            downstream,
            has_lineage,
            deleted,
            access_class,
        }
    }
}

/// Any search text in that world.
pub fn query() -> impl Strategy<Value = Query> {
    let clauses = [
        "order",
        "orders",
        "cust",
        "c",
        "or*",
        "customerorder",
        "customer_orders",
        "顧",
        "GROSSE",
        "\"order id\"",
        "\"customer order\"",
        "\"id\"",
        "name:order",
        "name:cu",
        "field:id",
        "field:customer_id",
        "field:customer_o*",
        "field:s3x",
        "description:sale",
        "sql:raw",
        "tag:pii",
        "tag:PII*",
        "tag:\"a,b\"",
        "tag:gold,pii:email",
        "owner:jane",
        "owner:\"joe doe\"",
        "ns:shop",
        "ns:s*",
        "platform:s3",
        "subtype:table",
        "type:job",
        "type:dataset,job",
        "has:owner",
        "has:field,sql",
        "has:description",
        "has:lineage",
        "has:tag",
        "updated:>5d",
        "created:<=3d",
        "run:2025-12-25..2025-12-30",
        "shop/order",
        "!!",
        "zzz",
    ];
    let clause = (prop::sample::select(clauses.to_vec()), prop::bool::weighted(0.2));
    prop::collection::vec(clause, 0..4).prop_map(|clauses| {
        let text: Vec<String> = clauses
            .iter()
            .map(|(text, not)| format!("{}{text}", if *not { "-" } else { "" }))
            .collect();
        Query::parse(&text.join(" ")).unwrap()
    })
}

/// Whether the query finds the document, without mending typos.
pub fn finds(query: &Query, document: &Document) -> bool {
    let plan = Plan::new(query, now());
    let names = exact_names(document);
    let named = |terms: &[(Level, String)]| terms.iter().any(|(_, term)| names.contains(term));
    let meets = |step: &Step| text_found(step, document) != step.negated;
    let free = plan.free.iter().all(meets) && (!plan.has_free || !plan.free.is_empty());
    let others = query.clauses().iter().all(|clause| other_clause(clause, document));
    let rest = plan.rest.iter().filter(|step| is_text(&step.find)).all(meets);
    ((free || named(&plan.exact)) && others && rest) || named(&plan.verbatim)
}

fn is_text(find: &Find) -> bool {
    matches!(find, Find::Words(..) | Find::Phrase(..))
}

/// Says again, plainly, under which exact names a document is known.
fn exact_names(document: &Document) -> BTreeSet<String> {
    let full = format!("{}/{}", document.namespace, document.name);
    let separator = if document.name.contains('/') { '/' } else { '.' };
    let trimmed = document.name.trim_end_matches(separator);
    let parts: Vec<&str> = trimmed.split(separator).collect();
    let tails = (1..parts.len()).map(|from| parts[from..].join(&separator.to_string()));
    let tails: Vec<String> = tails.filter(|tail| !tail.is_empty()).collect();
    let tails = tails[tails.len().saturating_sub(4)..].to_vec();
    let mut names = vec![
        exact_term(Level::Qualified, &full),
        exact_term(Level::Name, &document.name),
        exact_term(Level::Folded, &fold_name(&full)),
        exact_term(Level::Folded, &fold_name(&document.name)),
        exact_term(Level::Squashed, &squash(&full)),
        exact_term(Level::Squashed, &squash(&document.name)),
    ];
    if let Some(last) = tails.last() {
        names.push(exact_term(Level::Squashed, &squash(last)));
        names.push(exact_term(Level::Squashed, &squash(last.split('.').next().unwrap())));
    }
    names.extend(tails.iter().map(|tail| exact_term(Level::Tail, &fold_name(tail))));
    for (namespace, name) in &document.aliases {
        names.push(exact_term(Level::Tail, &fold_name(name)));
        names.push(exact_term(Level::Tail, &fold_name(&format!("{namespace}/{name}"))));
        names.push(exact_term(Level::Squashed, &squash(name)));
    }
    names.into_iter().filter(|name| name.len() > 1).collect()
}

fn texts_of(document: &Document, part: Part) -> Vec<String> {
    let own = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
    match part {
        Part::Name => vec![document.name.clone()],
        Part::Alias => document.aliases.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect(),
        Part::Place => {
            let subtype = document.subtype.clone().unwrap_or_default();
            vec![document.namespace.clone(), document.platform.clone(), subtype]
        }
        Part::Column => document.fields.iter().map(|field| field.name.clone()).collect(),
        Part::Label => document.own_tags().into_iter().chain(document.owners.clone()).collect(),
        Part::ColumnLabel => document.column_tags(),
        Part::Description => {
            let columns = document.fields.iter().flat_map(|field| own(&field.description));
            own(&document.description).into_iter().chain(columns).collect()
        }
        Part::Sql => own(&document.sql),
    }
}

fn text_found(step: &Step, document: &Document) -> bool {
    match &step.find {
        Find::Words(leaves, parts) => {
            leaves.iter().all(|leaf| leaf_found(leaf, parts, step.negated, document))
        }
        Find::Phrase(_, _, Some(begins))
            if document.fields.iter().any(|field| fold(&field.name).starts_with(begins)) =>
        {
            true
        }
        Find::Phrase(tokens, parts, _) => parts.iter().any(|part| {
            let texts = texts_of(document, *part);
            texts
                .iter()
                .any(|text| part_tokens(text).windows(tokens.len()).any(|row| row == tokens))
        }),
        Find::Keys(..) | Find::Times(..) => true,
    }
}

fn leaf_found(leaf: &Leaf, parts: &[Part], strict: bool, document: &Document) -> bool {
    let found = |wanted: &str, prefix: bool| {
        parts.iter().any(|part| {
            let short = wanted.chars().count() < 3 && parts.len() == Part::ALL.len();
            // Short beginnings are looked for in names only, and in all of these.
            let prefix = prefix && (!short || *part == Part::Name);
            let names = prefix && *part == Part::Name && wanted.chars().count() <= 3;
            let mut texts = texts_of(document, *part);
            let plain = texts.clone();
            if names {
                texts.extend(document.aliases.iter().map(|(_, name)| name.clone()));
            }
            let any = |texts: &[String], test: &dyn Fn(&str) -> bool| {
                texts.iter().any(|text| {
                    pieces(text).any(|piece| test(&token(&text[piece.start..piece.end])))
                })
            };
            any(&plain, &|token| {
                token == wanted || (!strict && variants(wanted).iter().any(|v| v == token))
            }) || (prefix && any(&texts, &|token| token.starts_with(wanted)))
        })
    };
    let count = leaf.word.parts.len();
    let mut parts_found = leaf.word.parts.iter().enumerate();
    found(&leaf.word.whole, leaf.prefix)
        || (count > 0
            && parts_found.all(|(place, part)| found(part, leaf.prefix && place + 1 == count)))
}

/// Whether a clause holds that is no text; true for texts.
fn other_clause(clause: &Clause, document: &Document) -> bool {
    let holds = match &clause.test {
        Test::Text(Text { .. }) => return true,
        Test::Label(label, any) => {
            let own: Vec<String> = match label {
                Label::Namespace => vec![document.namespace.clone()],
                Label::Tag => document.all_tags(),
                Label::Owner => document.owners.clone(),
                Label::Platform => vec![document.platform.clone()],
                Label::Subtype => document.subtype.iter().cloned().collect(),
            };
            any.iter().any(|pattern| {
                let wanted = fold(&pattern.text).into_owned();
                own.iter().map(|own| fold(own).into_owned()).any(|own| {
                    if pattern.prefix { own.starts_with(&wanted) } else { own == wanted }
                })
            })
        }
        Test::Kind(any) => any.contains(&document.kind),
        Test::Has(any) => any.iter().any(|thing| match thing {
            Thing::Description => document.description.is_some(),
            Thing::Owner => !document.owners.is_empty(),
            Thing::Tag => !document.all_tags().is_empty(),
            Thing::Lineage => document.has_lineage,
            Thing::Sql => document.sql.is_some(),
            Thing::Field => !document.fields.is_empty(),
        }),
        Test::Time(moment, when) => {
            let (from, to) = when.bounds(now());
            let time = match moment {
                Moment::Created => Some(document.created_at),
                Moment::Updated => Some(document.updated_at),
                Moment::Run => document.last_run_at,
            };
            time.is_some_and(|time| (from..to).contains(&time.as_micros()))
        }
    };
    holds != clause.negated
}

/// Counts every facet's values over documents, leaving out those that do not occur.
pub fn facets<'a>(documents: impl Iterator<Item = &'a Document>) -> BTreeMap<(Facet, String), u64> {
    let mut counts = BTreeMap::new();
    for document in documents {
        let owners: BTreeSet<&String> = document.owners.iter().collect();
        let one = [
            (Facet::Kind, document.kind.as_str().to_owned()),
            (Facet::Namespace, document.namespace.clone()),
            (Facet::Platform, document.platform.clone()),
            (Facet::Subtype, document.subtype.clone().unwrap_or_default()),
        ];
        let tags = document.all_tags().into_iter().map(|tag| (Facet::Tag, tag));
        let owners = owners.into_iter().map(|owner| (Facet::Owner, owner.clone()));
        for (facet, value) in one.into_iter().chain(tags).chain(owners) {
            if !value.is_empty() {
                *counts.entry((facet, value)).or_default() += 1;
            }
        }
    }
    counts
}
