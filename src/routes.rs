//! Every feature mounted, on one screen; and what the features hand to the platform.

use actix_web::dev::{ServiceFactory, ServiceRequest};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, UtoipaApp};

use crate::platform::auth::Credentials;
use crate::platform::db::constraints::Constraint;
use crate::platform::error::{FieldError, ProblemDocument};
use crate::platform::http::{document as finish, health, problems};
use crate::platform::jobs::{Kind, Periodic};
use crate::platform::{auth, db, jobs, mail};
use crate::{
    action_steps, agendas, api_clients, attempts, audit, calendar_feeds, changes, clients, closing,
    contacts, disclosures, erasure, firms, fit, introductions, meetings, member_invitations,
    members, oauth, partnerships, passwords, pipeline, plan, playbooks, reciprocity, reminders,
    results, second_factors, sessions, sign_up, timelines, today, touchpoints, vitality,
    work_calendar,
};

/// Every operation of the service.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(sign_up::routes)
        .configure(sessions::routes)
        .configure(passwords::routes)
        .configure(second_factors::routes)
        .configure(oauth::routes)
        .configure(firms::routes)
        .configure(work_calendar::routes)
        .configure(closing::routes)
        .configure(members::routes)
        .configure(member_invitations::routes)
        .configure(api_clients::routes)
        .configure(partnerships::routes)
        .configure(plan::routes)
        .configure(fit::routes)
        .configure(clients::routes)
        .configure(introductions::routes)
        .configure(reciprocity::routes)
        .configure(pipeline::routes)
        .configure(results::routes)
        .configure(vitality::routes)
        .configure(action_steps::routes)
        .configure(timelines::routes)
        .configure(playbooks::routes)
        .configure(today::routes)
        .configure(calendar_feeds::routes)
        .configure(contacts::routes)
        .configure(touchpoints::routes)
        .configure(meetings::routes)
        .configure(agendas::routes)
        .configure(audit::routes)
        .configure(disclosures::routes)
        .configure(erasure::routes)
        .service(health::get_health)
        .service(health::get_readiness)
        .service(problems::list_problems)
        .service(problems::get_problem);
}

/// What the database's constraints mean, over all tables.
pub fn constraints() -> Vec<Constraint> {
    [
        auth::CONSTRAINTS,
        db::idempotency::CONSTRAINTS,
        jobs::CONSTRAINTS,
        mail::CONSTRAINTS,
        firms::CONSTRAINTS,
        work_calendar::CONSTRAINTS,
        members::CONSTRAINTS,
        member_invitations::CONSTRAINTS,
        sign_up::CONSTRAINTS,
        sessions::CONSTRAINTS,
        attempts::CONSTRAINTS,
        passwords::CONSTRAINTS,
        second_factors::CONSTRAINTS,
        api_clients::CONSTRAINTS,
        partnerships::CONSTRAINTS,
        plan::CONSTRAINTS,
        clients::CONSTRAINTS,
        introductions::CONSTRAINTS,
        reciprocity::CONSTRAINTS,
        results::CONSTRAINTS,
        vitality::CONSTRAINTS,
        action_steps::CONSTRAINTS,
        timelines::CONSTRAINTS,
        playbooks::CONSTRAINTS,
        reminders::CONSTRAINTS,
        calendar_feeds::CONSTRAINTS,
        contacts::CONSTRAINTS,
        touchpoints::CONSTRAINTS,
        meetings::CONSTRAINTS,
        changes::CONSTRAINTS,
        audit::CONSTRAINTS,
    ]
    .concat()
}

/// How the platform asks whether a credential is good.
pub fn credentials() -> Box<dyn Credentials> {
    Box::new(oauth::Directory)
}

/// The kinds of background jobs.
pub const JOBS: &[Kind] = &[mail::SEND, passwords::RESET, meetings::LAY_OUT_AT_ONCE];

/// The work that comes round by itself.
pub const PERIODIC: &[Periodic] = &[
    crate::housekeeping::PURGE,
    audit::CHAIN,
    introductions::EXPIRE,
    clients::EXPIRE_CONSENTS,
    partnerships::EXPIRE,
    erasure::RETAIN,
    vitality::JUDGE,
    reminders::REMIND,
    meetings::LAY_OUT,
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Quid",
        description = "The record that two professional firms share about their partnership: what each introduced to the other, and what each promised to do by when.\n\nSign in with `POST /v1/sessions` (people) or `POST /oauth/token` (machines). Lists are paged by cursor, changes are guarded by entity tags, and a `POST` that makes or changes a resource takes an `Idempotency-Key`. Whatever answers `GET` answers `HEAD`. Errors are `application/problem+json`; each `type` has a page under `/problems/`.",
    ),
    tags(
        (name = "firms", description = "Your practice."),
        (name = "members", description = "The people of your firm."),
        (name = "sessions", description = "Signing in and out."),
        (name = "passwords", description = "Changing the own password, and resetting one that is forgotten."),
        (name = "second factor", description = "An authenticator app, whose codes signing in asks for."),
        (name = "oauth", description = "Tokens, keys and metadata for machines."),
        (name = "api clients", description = "The machines of your firm, such as its CRM."),
        (name = "partnerships", description = "What two firms share."),
        (name = "plan", description = "What the two have agreed, section by section."),
        (name = "fit", description = "Whom to introduce."),
        (name = "clients", description = "The people whom your firm serves; nobody else sees them here."),
        (name = "consents", description = "A client's leave to be made known to a partner."),
        (name = "introductions", description = "Clients introduced by one party to the other, with sealed identity."),
        (name = "reciprocity", description = "What each party gave the other, and whose turn it is."),
        (name = "vitality", description = "How alive a partnership is."),
        (name = "results", description = "What the two call success, against what the records show."),
        (name = "pipeline", description = "What is open with all partners, and how fast it moves."),
        (name = "action steps", description = "What each party will do by when."),
        (name = "timelines", description = "What the steps come to together: forecast, cascades, promises."),
        (name = "playbooks", description = "Your firm's templates of whole timelines."),
        (name = "today", description = "The phone's first screen."),
        (name = "contacts", description = "Whom to call in the other firm, and what about."),
        (name = "touchpoints", description = "Time spent personally: a meal, a coffee, a gift; and what each person received."),
        (name = "meetings", description = "The weekly conversation: when, about what, and what came of it."),
        (name = "calendar", description = "Conversations and due steps, for a calendar program."),
        (name = "audit", description = "Who did what, and whose data was made known to whom."),
        (name = "operations", description = "For whoever runs the service."),
    ),
    components(schemas(ProblemDocument, FieldError))
)]
struct Document;

/// An application with every operation mounted and documented.
pub fn mount<T>(app: actix_web::App<T>) -> UtoipaApp<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = actix_web::Error, InitError = ()>,
{
    app.into_utoipa_app()
        .openapi(Document::openapi())
        .configure(routes)
}

/// The published document.
pub fn document() -> Value {
    let (_, api) = mount(actix_web::App::new()).split_for_parts();
    finish::finish(serde_json::to_value(api).unwrap_or_default())
}
