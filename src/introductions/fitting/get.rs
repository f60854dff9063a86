//! Reads how well the client of an introduction fits.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fit::{Fit, KeptFit};
use crate::introductions::get::IntroductionPath;
use crate::introductions::{Introduction, policy};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::db::columns::RawJson;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Report};

pub struct ReadFit;

impl Action for ReadFit {
    const RULE: Rule = policy::READ;
    type Path = IntroductionPath;
    type Subject = Introduction;
}

/// How well the client of an introduction fits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IntroductionFit {
    /// The introduction.
    pub introduction_id: Uuid,
    /// As it was when it was offered; `null` for a draft, and where no ideal client was agreed.
    #[schema(value_type = Option<KeptFit>)]
    pub when_offered: Option<RawJson>,
    /// By the client's figures and traits, and the ideal client in force, of now; `null` where none is agreed.
    #[schema(nullable)]
    pub now: Option<Fit>,
}

/// Read how well the client of an introduction fits.
///
/// By what the receiver serves best and both ask of every client; each criterion with the figure that decided it.
/// Either party: figures and traits are not sealed.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [ReadFit::SCOPE])),
    responses((status = 200, description = "The fit.", body = IntroductionFit)))]
#[get("/v1/introductions/{introduction_id}/fit")]
pub async fn get_introduction_fit(
    introduction: Allowed<ReadFit>,
    app: App,
) -> ApiResult<Report<IntroductionFit>> {
    let firm_id = introduction.caller().firm_id;
    let now = app
        .db
        .read(async |conn| super::weigh(conn, firm_id, &introduction).await)
        .await?;
    Ok(Report(IntroductionFit {
        introduction_id: introduction.id,
        when_offered: introduction.fit.clone(),
        now,
    }))
}
