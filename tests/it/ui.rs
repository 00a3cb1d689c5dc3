//! The UI as a browser is given it: its page for every view, its files, and nothing in
//! place of an answer of the API.

use axum::body::Body;
use axum::http::Request;
use lethe::http::HttpSettings;

use crate::world::{Answer, Backend, World};

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

async fn go(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    world.send(request.header("host", "localhost:8080").body(Body::empty()).unwrap()).await
}

/// Returns the address of the page's own script.
fn script(page: &Answer) -> String {
    let text = &page.text;
    let at = text.find("assets/").expect("the page names a script: is the UI built (make ui)?");
    text[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_has_the_page_and_programs_are_not_given_it() {
    let world = World::guarded(Backend::Sqlite).await;
    let front = go(&world, "/", &[]).await;
    assert_eq!((front.status, front.header("cache-control")), (200, Some("private, no-store")));
    let policy = front.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(front.text.contains("<base href=\"/\">") && front.text.contains("data-signed-out"));
    for view in [
        "/catalog?q=email",
        "/datasets/postgres%3A%2F%2Fdb%3A5432/shop.public.orders/schema",
        "/datasets/s3%3A%2F%2Flake/a%2Fb.parquet/raw",
        "/verify",
    ] {
        let page = go(&world, view, &[("accept", BROWSER)]).await;
        assert_eq!((page.status, &page.text), (200, &front.text), "{view}");
        go(&world, view, &[("accept", "*/*")]).await.problem(404, "not-found");
        go(&world, view, &[]).await.problem(404, "not-found");
    }
    for path in
        ["/api", "/api/v1/nothing", "/api/v2/tags", "/assets/none.js", "/assets/../Cargo.toml"]
    {
        let nothing = go(&world, path, &[("accept", BROWSER)]).await;
        nothing.problem(404, "not-found");
    }
    world.call("POST", "/catalog", "").await.problem(404, "not-found");
    world.app.stop().await;

    // Where nobody is asked who they are, there is nobody to sign in.
    let world = World::new(Backend::Sqlite).await;
    assert!(!go(&world, "/", &[]).await.text.contains("data-signed-out"));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_packed_where_the_browser_takes_that_and_are_kept() {
    let world = World::guarded(Backend::Sqlite).await;
    let path = format!("/{}", script(&go(&world, "/", &[]).await));
    let whole = go(&world, &path, &[]).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("text/javascript")));
    assert_eq!(whole.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(whole.header("content-encoding"), None);
    let packed = go(&world, &path, &[("accept-encoding", "gzip, deflate, br, zstd")]).await;
    assert_eq!(packed.header("content-encoding"), Some("br"));
    let length = |answer: &Answer| answer.header("content-length").and_then(|n| n.parse().ok());
    let (packed_bytes, bytes): (Option<usize>, Option<usize>) = (length(&packed), length(&whole));
    assert!(packed_bytes.unwrap() * 2 < bytes.unwrap(), "{packed_bytes:?} of {bytes:?}");
    let theme = go(&world, "/theme.js", &[]).await;
    assert_eq!((theme.status, theme.header("cache-control")), (200, Some("no-cache")));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_lethe_moves_below_a_base_path() {
    let settings = HttpSettings { base_path: "/lethe".parse().unwrap(), ..HttpSettings::default() };
    let world = World::with(Backend::Sqlite, settings).await;
    for front in ["/lethe", "/lethe/"] {
        let page = go(&world, front, &[("accept", BROWSER)]).await;
        assert!(page.text.contains("<base href=\"/lethe/\">"), "{}", page.text);
        let script = format!("/lethe/{}", script(&page));
        assert_eq!(go(&world, &script, &[]).await.status, 200);
    }
    assert_eq!(go(&world, "/lethe/livez", &[]).await.status, 200);
    go(&world, "/lethe/api/v1/tags", &[]).await.ok(200);
    let signed_in = go(&world, "/lethe/sign-in", &[]).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, Some("/lethe/")));
    // A proxy may take the base off itself.
    go(&world, "/api/v1/tags", &[]).await.ok(200);
    world.app.stop().await;
}
