//! SQL, places of code and events as they came are kept back if anything that they name or
//! need is hidden or masked.

use serde_json::{Value, json};

use super::{Asking, Run, about, columns, dataset, explicit, facet, from_column, plain, sql, tags};
use crate::world::{Backend, World};

fn coded(url: &str) -> Value {
    json!({"sourceCodeLocation": facet(json!({"type": "git", "url": url}))})
}

/// Jobs with texts that tell of `hush`, which is hidden, or of the masked column of `people`.
async fn told(world: &World) -> Vec<&'static str> {
    let hush = || plain("hush");
    let with = |text: &str| json!({"sql": sql(text)});
    let secret = "select secret_c from hush";
    let runs = vec![
        Run::of("past_input", with("select secret_c from h")).reads(hush()).writes(plain("o1")),
        Run::of("past_input", with("select secret_c from h")).reads(plain("src")).at(1),
        Run::of("past_output", with("select secret_c from h")).reads(plain("src")).writes(hush()),
        Run::of("past_output", with("select secret_c from h")).writes(plain("o1")).at(1),
        Run::of("by_column", with("select secret_c from h"))
            .reads(plain("src"))
            .writes(from_column("o2", "hush", "secret_c")),
        Run::of("by_masked_column", with("select secret_mail from p"))
            .reads(plain("src"))
            .writes(from_column("o3", "people", "secret_mail")),
        Run::of("by_past_column", with("select secret_mail from p")).writes(from_column(
            "o5",
            "people",
            "secret_mail",
        )),
        Run::of("by_past_column", with("select secret_mail from p")).writes(plain("o5")).at(1),
        Run::of(
            "by_explicit",
            json!({"sql": sql("select secret_c from h"), "lineage": explicit("hush")}),
        )
        .reads(plain("src"))
        .writes(plain("o4")),
        Run::of("by_nothing", with(secret)),
        Run::of("quoted", with("select secret_c from open.\"HUSH\"")).reads(plain("src")),
        Run::of("bracketed", with("select secret_c from [x].[Hush] as h")).reads(plain("src")),
        Run::of("with", with("with x as (select secret_c from hush) select * from x")),
        Run::of("dynamic", with("execute immediate 'drop table hush' -- secret_c")),
        Run::of("in_a_path", with("copy secret_c from 's3://lake/hush.parquet'")),
        Run::of("masked_names", with("select secret_mail from people")).reads(plain("src")),
        Run::of("column_alone", with("select v.secret_mail from v")).reads(plain("src")),
        Run::of(
            "commented",
            json!({"sql": facet(json!({"query": "select 1", "note": "secret_c of hush"}))}),
        ),
        Run::of(
            "source_code",
            json!({"sourceCode": facet(json!({"language": "sql", "sourceCode": secret}))}),
        ),
        Run::of("located", coded("https://git/etl/secret_c/hush.sql")),
        Run::of("located_by_column", coded("https://git/etl/secret_mail.sql")),
    ];
    let mut names: Vec<&'static str> = runs.iter().map(|run| run.job).collect();
    for run in runs {
        run.post(world).await;
    }
    names.dedup();
    names
}

/// Makes what the jobs are about: one dataset that is hidden, one with a masked column.
async fn catalog(world: &World) {
    let hidden =
        json!({"schema": columns(&["secret_c"]), "tags": tags(&[("restricted", "true", None)])});
    about(world, dataset("hush", hidden)).await;
    let mark = tags(&[("class", "user.contact.email", Some("secret_mail"))]);
    let masked = json!({"schema": columns(&["id", "secret_mail"]), "tags": mark});
    about(world, dataset("people", masked)).await;
    let own = json!({"schema": columns(&["id", "secret_mail", "plain"])});
    about(world, dataset("own", own)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_jobs_that_tell_of_what_is_hidden_are_kept_back_and_others_shown() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        catalog(&world).await;
        let jobs = told(&world).await;
        let free = json!({"sql": sql("select plain, secret_mail as id from own")});
        Run::of("free", free).reads(plain("own")).writes(plain("o6")).post(&world).await;
        Run::of("free_code", coded("https://git/etl/plain.sql")).post(&world).await;
        world.settle().await;
        let viewer = Asking::of_role(&world, "viewer").await;
        let steward = Asking::of_role(&world, "steward").await;
        for job in jobs {
            let id = lethe::base::JobId::of("etl", job).0;
            for path in [
                format!("/api/v1/namespaces/etl/jobs/{job}"),
                format!("/api/v1/namespaces/etl/jobs/{job}/versions"),
                format!("/api/v1/namespaces/etl/jobs/{job}/runs"),
                format!("/api/v1/jobs/{id}"),
                format!("/api/v1/jobs/{id}/runs"),
            ] {
                let answer = viewer.get(&path).await;
                assert!(!answer.text.contains("secret_"), "{path} {backend:?}: {}", answer.text);
                assert!(!answer.text.to_lowercase().contains("hush"), "{path}: {}", answer.text);
            }
            let whole = steward.get(&format!("/api/v1/jobs/{id}")).await;
            assert!(whole.text.contains("secret_"), "{job}: {}", whole.text);
        }
        let list = viewer.get("/api/v1/namespaces/etl/jobs?limit=100").await;
        assert!(!list.text.contains("secret_c"), "{}", list.text);
        for (job, text) in [("free", "secret_mail as id"), ("free_code", "plain.sql")] {
            let shown = viewer.get(&format!("/api/v1/namespaces/etl/jobs/{job}")).await;
            assert!(shown.text.contains(text), "{job}: {}", shown.text);
        }
        world.app.stop().await;
    }
}

/// Rules under which somebody reads events and sees all but what is restricted, and personal
/// fields.
const MASKED: &str = "\
g, user:reader, reader, *
p, see, reader, *, dataset:*|job:*|run:*|lineage:*|event:read, !tag:restricted & !class:*, *, allow
p, part, reader, *, dataset:*|job:*|run:*|lineage:*|event:read, !tag:restricted & class:*, *, allow, mask:class:*
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

#[tokio::test(flavor = "multi_thread")]
async fn events_say_in_words_what_their_jobs_may_say() {
    let world = World::with_rules(Backend::Sqlite, MASKED).await;
    catalog(&world).await;
    let with = |text: &str| json!({"sql": sql(text)});
    Run::of("once", json!({})).reads(plain("hush")).post(&world).await;
    Run::of("once", with("select secret_c from synonym"))
        .reads(plain("src"))
        .at(1)
        .post(&world)
        .await;
    Run::of("mail", with("select secret_mail from synonym")).reads(plain("src")).post(&world).await;
    Run::of("own", with("select secret_mail from own")).reads(plain("own")).post(&world).await;
    world.settle().await;
    let token = world.person("reader", &[]).await;
    let reader = Asking { world: &world, token };
    let jobs = ["once", "mail", "own"].map(|job| format!("/api/v1/namespaces/etl/jobs/{job}"));
    let events = ["/api/v1/events?limit=100", "/api/v1/events/lineage?limit=100"];
    for path in jobs.iter().map(String::as_str).chain(events) {
        let answer = reader.get(path).await;
        answer.ok(200);
        assert!(!answer.text.contains("synonym"), "{path}: {}", answer.text);
        let shows = !path.ends_with("/once") && !path.ends_with("/mail");
        assert_eq!(answer.text.contains("secret_mail from own"), shows, "{path}: {}", answer.text);
    }
    world.app.stop().await;
}

/// Rules under which somebody reads events and sees all but what is restricted.
const RULES: &str = "\
g, user:reader, reader, *
p, see, reader, *, dataset:*|job:*|run:*|lineage:*|event:read, !tag:restricted, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

#[tokio::test(flavor = "multi_thread")]
async fn events_whose_texts_name_what_is_hidden_are_kept_back() {
    let world = World::with_rules(Backend::Sqlite, RULES).await;
    let hidden = json!({"tags": tags(&[("restricted", "true", None)])});
    about(&world, dataset("hush", hidden)).await;
    let told = json!({"sql": sql("select 1 from \"Hush\"")});
    Run::of("told", told).reads(plain("src")).post(&world).await;
    Run::of("open", json!({"sql": sql("select 1 from src")}))
        .reads(plain("src"))
        .post(&world)
        .await;
    world.settle().await;
    let token = world.person("reader", &[]).await;
    let reader = Asking { world: &world, token };
    for path in ["/api/v1/events?limit=100", "/api/v1/events/lineage?limit=100"] {
        let answer = reader.get(path).await;
        answer.ok(200);
        assert!(answer.text.contains("select 1 from src"), "{path}: {}", answer.text);
        assert!(!answer.text.to_lowercase().contains("hush"), "{path}: {}", answer.text);
    }
    world.app.stop().await;
}
