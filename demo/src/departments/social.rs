//! Social media listening: what people say of the company's medicines in public, and which of
//! them are customers.

use std::path::Path;

use anyhow::Result;

use super::erp::{CLEAN_CUSTOMERS, MEDICINES, STG_CUSTOMERS, WAREHOUSE};
use super::moves;
use super::pseudonym::pseudonym;
use crate::batch::Batch;
use crate::dag::{Dag, Job};
use crate::dataset::{Dataset, Store};
use crate::files;
use crate::people::Person;
use crate::row;
use crate::select::Select;
use crate::task::{Mode, Task, fields_of};
use crate::value::Kind::{Int, Real, Text};
use crate::value::{Kind, Value};

const OWNER: &str = "team:social";

const ACCOUNTS: Dataset = Dataset::files(
    Store::Lines,
    "sources/social/accounts",
    OWNER,
    "Accounts that agreed to be listened to, as the platform exports them.",
)
.holding(&[
    ("handle", "user.account.username"),
    ("display_name", "user.name"),
    ("email", "user.contact.email"),
]);
const POSTS: Dataset = Dataset::files(
    Store::Lines,
    "sources/social/posts",
    OWNER,
    "Posts that name a medicine, as the platform exports them, one file a batch.",
)
.holding(&[("handle", "user.account.username"), ("text", "user.content.public")]);
const RAW_ACCOUNTS: Dataset =
    Dataset::lake("lake/bronze/social/accounts", OWNER, "Snapshots of all accounts.");
const RAW_POSTS: Dataset =
    Dataset::lake("lake/bronze/social/posts", OWNER, "Posts as they came in, by day.");
const AUTHORS: Dataset = Dataset::lake(
    "lake/silver/social/authors",
    OWNER,
    "Accounts, with the customer behind them where the e-mail address is the same.",
);
const MENTIONS: Dataset = Dataset::lake(
    "lake/silver/social/mentions",
    OWNER,
    "Posts by product and mood, text left out.",
);
pub const STG_AUTHORS: Dataset =
    Dataset::table(WAREHOUSE, "stg_social_authors", OWNER, "Authors, loaded from the lake.");
const STG_MENTIONS: Dataset =
    Dataset::table(WAREHOUSE, "stg_social_mentions", OWNER, "Mentions, loaded from the lake.");
const REACH: Dataset = Dataset::table(
    WAREHOUSE,
    "mart_marketing_reach",
    OWNER,
    "Reach and mood by product and country.",
);
const ADVOCATES: Dataset =
    Dataset::table(WAREHOUSE, "mart_advocates", OWNER, "Who speaks for the products, by name.");

const ACCOUNT_COLUMNS: [(&str, Kind); 5] = [
    ("handle", Text),
    ("display_name", Text),
    ("email", Text),
    ("followers", Int),
    ("joined_on", Text),
];
const POST_COLUMNS: [(&str, Kind); 4] =
    [("post_id", Text), ("handle", Text), ("text", Text), ("posted_at", Text)];

const PRAISE: [&str; 3] = ["is a blessing", "really helps", "works for me"];
const BLAME: [&str; 3] = ["makes me dizzy", "did nothing", "is too expensive"];

pub(super) fn open(root: &Path, people: &[Person]) -> Result<()> {
    let path = ACCOUNTS.place(root).join("accounts.jsonl");
    if path.exists() {
        return Ok(());
    }
    let accounts = people.iter().filter(|person| person.is_social()).map(|person| {
        row![
            &person.handle,
            person.full_name(),
            &person.email,
            i64::try_from(person.number * 97 % 4_000).unwrap_or(0) + 12,
            format!("2019-{:02}-15", 1 + person.number % 12),
        ]
    });
    files::write_lines(&path, &fields_of(&ACCOUNT_COLUMNS), &accounts.collect::<Vec<_>>())
}

pub(super) fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let accounts = files::list(&ACCOUNTS.place(root), "jsonl")?;
    let accounts = files::read_lines(&accounts, &fields_of(&ACCOUNT_COLUMNS))?;
    let mut rng = batch.rng("posts");
    let mut posts = Vec::new();
    for number in 0..rng.usize(25..40) {
        let Some(account) = rng.choice(&accounts) else { break };
        let (_, medicine, ..) = MEDICINES[rng.usize(..MEDICINES.len())];
        let said = if rng.bool() { PRAISE[rng.usize(..3)] } else { BLAME[rng.usize(..3)] };
        let given = account[1].as_text().and_then(|name| name.split(' ').next()).unwrap_or("me");
        let mut post = row![format!("M-{:05}-{number:02}", batch.number)];
        post.push(account[0].clone());
        post.extend(row![format!("{medicine} {said}. {given}"), batch.moment(&mut rng)]);
        posts.push(post);
    }
    let folder = POSTS.place(root);
    let path = folder.join(batch.file("posts", "jsonl"));
    files::write_lines(&path, &fields_of(&POST_COLUMNS), &posts)?;
    files::trim(&folder, "jsonl", 12)
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let accounts = Job {
        name: "collect_accounts",
        doc: "Takes the platform's accounts in.",
        reads: &[&ACCOUNTS],
        writes: &[&RAW_ACCOUNTS],
    };
    dag.run(accounts, async |task: &mut Task<'_>| {
        let frame = task.read_file(&ACCOUNTS, &ACCOUNT_COLUMNS)?;
        task.write(&RAW_ACCOUNTS, frame, Mode::Append).await
    })
    .await?;
    let posts = Job {
        name: "collect_posts",
        doc: "Takes the platform's newest posts in.",
        reads: &[&POSTS],
        writes: &[&RAW_POSTS],
    };
    dag.run(posts, async |task: &mut Task<'_>| {
        let frame = task.read_file(&POSTS, &POST_COLUMNS)?;
        task.write(&RAW_POSTS, frame, Mode::Append).await
    })
    .await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let authors = Job {
        name: "resolve_authors",
        doc: "Finds the customer behind an account by e-mail address.",
        reads: &[&RAW_ACCOUNTS, &CLEAN_CUSTOMERS],
        writes: &[&AUTHORS],
    };
    dag.run(authors, async |task: &mut Task<'_>| {
        let customers =
            task.read(&CLEAN_CUSTOMERS)?.select(&["customer_id", "email>customer_email"])?;
        let authors = task
            .read_newest(&RAW_ACCOUNTS)?
            .map("email", "trim and lower case", moves::lower)?
            .join(&customers, ("email", "customer_email"), true)?
            .mask(("author_key", Text), "handle", "HMAC-SHA256", pseudonym)?
            .select(&[
                "author_key",
                "handle",
                "display_name",
                "email",
                "followers",
                "customer_id",
            ])?;
        task.write(&AUTHORS, authors, Mode::Replace).await
    })
    .await?;
    let mentions = Job {
        name: "score_posts",
        doc: "Tells product and mood of each post and lets the text go.",
        reads: &[&RAW_POSTS],
        writes: &[&MENTIONS],
    };
    dag.run(mentions, score_posts).await
}

async fn score_posts(task: &mut Task<'_>) -> Result<()> {
    let posts = task.read(&RAW_POSTS)?.last_of_each("post_id")?;
    task.check_filled(&RAW_POSTS, &posts, "handle")?;
    task.measure(&RAW_POSTS, &posts);
    let mentions = posts
        .mask(("author_key", Text), "handle", "HMAC-SHA256", pseudonym)?
        .mask(("product_code", Text), "text", "product named", |text| {
            let text = text.as_text().unwrap_or_default();
            let named = MEDICINES.iter().find(|(_, name, ..)| text.contains(name));
            named.map_or(Value::Null, |(code, ..)| Value::from(*code))
        })?
        .mask(("mood", Int), "text", "praise or blame", |text| {
            let text = text.as_text().unwrap_or_default();
            Value::Int(if PRAISE.iter().any(|word| text.contains(word)) { 1 } else { -1 })
        })?
        .select(&["post_id", "author_key", "product_code", "mood", "posted_at"])?;
    task.write(&MENTIONS, mentions, Mode::Replace).await
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_authors",
            doc: "Loads authors into the warehouse.",
            reads: &[&AUTHORS],
            writes: &[&STG_AUTHORS],
        },
        Job {
            name: "load_mentions",
            doc: "Loads mentions into the warehouse.",
            reads: &[&MENTIONS],
            writes: &[&STG_MENTIONS],
        },
    ];
    moves::load(dag, &jobs).await
}

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let reach = Job {
        name: "build_marketing_reach",
        doc: "Joins mentions, authors and customers to reach and mood by product and country.",
        reads: &[&STG_MENTIONS, &STG_AUTHORS, &STG_CUSTOMERS],
        writes: &[&REACH],
    };
    dag.run(reach, async |task: &mut Task<'_>| {
        let select = Select::from("m", &STG_MENTIONS)
            .join("a", &STG_AUTHORS, "{a.author_key} = {m.author_key}")
            .left_join("c", &STG_CUSTOMERS, "{c.customer_id} = {a.customer_id}")
            .keep(&["m.product_code", "c.country"])
            .count("mentions", "count({m.post_id})")
            .count("customers", "count(DISTINCT {c.customer_id})")
            .fold("reach", Int, "sum({a.followers})")
            .fold("mood", Real, "round(avg({m.mood}), 2)")
            .group_by(&["m.product_code", "c.country"]);
        task.build(&REACH, &select).await
    })
    .await?;
    let advocates = Job {
        name: "build_advocates",
        doc: "Names the customers who praise a product in public.",
        reads: &[&STG_MENTIONS, &STG_AUTHORS, &STG_CUSTOMERS],
        writes: &[&ADVOCATES],
    };
    dag.run(advocates, async |task: &mut Task<'_>| {
        let select = Select::from("m", &STG_MENTIONS)
            .join("a", &STG_AUTHORS, "{a.author_key} = {m.author_key}")
            .join("c", &STG_CUSTOMERS, "{c.customer_id} = {a.customer_id}")
            .keep(&["a.handle", "c.customer_id", "c.full_name", "c.email", "m.product_code"])
            .count("posts", "count({m.post_id})")
            .filter("{m.mood} > 0")
            .group_by(&["a.handle", "c.customer_id", "c.full_name", "c.email", "m.product_code"]);
        task.build(&ADVOCATES, &select).await
    })
    .await
}
