//! What every operation may answer, said of all of them in one place.
//!
//! Whatever stands before a handler (who asks, whether they may, limits on bodies and on what
//! waits) answers alike everywhere; an operation only documents what is its own.

use axum::http::Method;
use utoipa::openapi::content::Content;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::Response;
use utoipa::openapi::{OneOfBuilder, OpenApi, Ref, RefOr, Schema};

use super::acts::{Gate, gate};

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
/// Statuses that an operation's own code tells as one of Marquez's two kinds of error.
const MARQUEZ: [&str; 4] = ["400", "403", "404", "422"];

/// What the door itself may answer: status, the name it is referred to by, in words.
const COMMON: [(&str, &str, &str); 10] = [
    ("400", "NotUnderstood", "The request is not understood"),
    ("401", "NotKnown", "Nobody is known by what was shown"),
    ("403", "NotAllowed", "The rules in force do not allow it"),
    ("404", "NotThere", "It does not exist, or the asker may not know of it"),
    ("408", "TooSlow", "The body took too long to arrive"),
    ("413", "TooLarge", "The body is too large"),
    ("415", "NotDecoded", "The body's encoding is not known"),
    ("422", "NotWhole", "The body does not say what it must"),
    ("429", "TooOften", "Asked too often"),
    (
        "503",
        "Unavailable",
        "The database does not answer, or the server is stopping; asking again helps",
    ),
];
/// Those that only guarded operations give.
const GUARDED: [&str; 4] = ["401", "403", "404", "429"];
/// Those that only operations with a body give.
const WITH_BODY: [&str; 4] = ["408", "413", "415", "422"];

/// Adds to every operation what the door itself may answer.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    for (status, name, words) in COMMON {
        for (name, marquez) in [(name.to_owned(), false), (format!("Marquez{name}"), true)] {
            components.responses.insert(name, RefOr::T(common(status, words, marquez)));
        }
    }
    for (path, item) in &mut document.paths.paths {
        // The router writes catch-all parameters in its own way.
        let route = path.replace("/tile/{path}", "/tile/{*path}");
        let operations = [
            (Method::GET, &mut item.get),
            (Method::PUT, &mut item.put),
            (Method::POST, &mut item.post),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                let guarded = gate(&method, &route).is_some_and(|gate| gate != Gate::Open);
                add(operation, guarded, method != Method::GET);
            }
        }
    }
    document
}

fn common(status: &str, words: &str, marquez: bool) -> Response {
    let mut response = Response::new(words);
    let problem = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    response.content.insert(PROBLEM.to_owned(), RefOr::T(problem));
    if marquez && MARQUEZ.contains(&status) {
        response.content.insert(JSON.to_owned(), RefOr::T(marquez_error()));
    }
    response
}

fn add(operation: &mut Operation, guarded: bool, has_body: bool) {
    let marquez = operation.tags.iter().flatten().any(|tag| tag == "marquez");
    for (status, name, words) in COMMON {
        let unfit =
            (!guarded && GUARDED.contains(&status)) || (!has_body && WITH_BODY.contains(&status));
        let own = operation.responses.responses.get_mut(status);
        match own {
            Some(RefOr::T(own)) => {
                name_problems(own);
                for (kind, content) in common(status, words, marquez).content {
                    // What Marquez tells of an error may be either of its kinds.
                    if kind == JSON || !own.content.contains_key(&kind) {
                        own.content.insert(kind, content);
                    }
                }
            }
            Some(RefOr::Ref(_)) => {}
            None if unfit => {}
            None => {
                let name = if marquez { format!("Marquez{name}") } else { name.to_owned() };
                let common = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.insert(status.to_owned(), common);
            }
        }
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            name_problems(response);
        }
    }
}

/// Marquez tells one error, or a list of them.
fn marquez_error() -> Content {
    let either = OneOfBuilder::new()
        .item(Ref::from_schema_name("ErrorMessage"))
        .item(Ref::from_schema_name("ErrorList"));
    Content::new(Some(RefOr::T(Schema::OneOf(either.build()))))
}

/// Problems are told under the media type of RFC 9457.
fn name_problems(response: &mut Response) {
    let is_problem = |content: &RefOr<Content>| {
        let content = serde_json::to_value(content).unwrap_or_default();
        content["schema"]["$ref"] == "#/components/schemas/Problem"
    };
    if response.content.get(JSON).is_some_and(is_problem)
        && let Some(content) = response.content.swap_remove(JSON)
    {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}
