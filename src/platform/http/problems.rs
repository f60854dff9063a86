//! A page for each kind of problem, at the address that its `type` names.

use std::fmt::Write;

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Public;
use crate::platform::error::{ApiResult, PROBLEM_TYPES, Problem};

fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}}</style>\
         <body>{body}</body></html>"
    ))
}

/// Every kind of problem.
///
/// A page that lists what `type` can be.
#[utoipa::path(tag = "operations", responses((status = 200, description = "A page that lists them.", body = String, content_type = "text/html")))]
#[get("/problems/")]
pub async fn list_problems(_open: Public) -> HttpResponse {
    let mut list = String::from(
        "<h1>Problems</h1><p>Each answer with an error has one of these types (RFC 9457).</p><ul>",
    );
    for kind in PROBLEM_TYPES {
        let _ = write!(
            list,
            "<li><a href=\"/problems/{slug}\">{slug}</a> ({status}): {title}</li>",
            slug = kind.slug,
            status = kind.status.as_u16(),
            title = kind.title
        );
    }
    list.push_str("</ul>");
    page("Problems", &list)
}

/// Which kind of problem.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ProblemPath {
    /// The last part of a problem's `type`.
    #[param(max_length = 64, example = "not-found")]
    slug: String,
}

/// One kind of problem.
///
/// What it means, and what to do about it.
#[utoipa::path(tag = "operations", params(ProblemPath),
    responses((status = 200, description = "A page that explains it.", body = String, content_type = "text/html")))]
#[get("/problems/{slug}")]
pub async fn get_problem(_open: Public, path: web::Path<ProblemPath>) -> ApiResult<HttpResponse> {
    let kind = PROBLEM_TYPES
        .iter()
        .find(|kind| kind.slug == path.slug)
        .ok_or_else(Problem::not_found)?;
    let body = format!(
        "<h1>{}</h1><p>Status {}, type <code>/problems/{}</code>.</p><p>{}</p><p><a href=\"/problems/\">All problems</a></p>",
        kind.title,
        kind.status.as_u16(),
        kind.slug,
        kind.meaning.replace('`', "")
    );
    Ok(page(kind.title, &body))
}
