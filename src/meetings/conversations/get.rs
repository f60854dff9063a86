//! Reads how well the two keep to their weekly conversation.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Conversations, look};
use crate::meetings::policy;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::Date;

pub struct ReadConversations;

impl Action for ReadConversations {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Of which weeks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// Weeks whose Monday is this date or later; 52 weeks before `to` unless told.
    #[param(inline)]
    from: Option<Date>,
    /// Weeks whose Monday is before this date; the Monday after today unless told.
    #[param(inline)]
    to: Option<Date>,
}

/// Read how well the two keep talking.
///
/// Of the weekly conversation that they agreed on: in which weeks they spoke, in which they should have, how many weeks
/// in a row they did, and when the next one is due. Talking besides the series counts; a week whose conversation was
/// skipped with a reason neither keeps nor breaks the streak.
#[utoipa::path(tag = "meetings", params(PartnershipPath, ConversationsQuery),
    security(("person" = []), ("machine" = [ReadConversations::SCOPE])),
    responses((status = 200, description = "The conversations.", body = Conversations)))]
#[get("/v1/partnerships/{partnership_id}/conversations")]
pub async fn get_conversations(
    party: Allowed<ReadConversations>,
    Query(query): Query<ConversationsQuery>,
    app: App,
) -> ApiResult<Report<Conversations>> {
    if let (Some(from), Some(to)) = (query.from, query.to)
        && from >= to
    {
        let detail = "It must be later than `from`.";
        return Err(Problem::malformed("to", "order", detail).into());
    }
    let of = (party.us, party.partnership_id);
    let (window, now) = ((query.from, query.to), app.clock.now());
    let found = app
        .db
        .read(async |conn| look(conn, of, window, now).await)
        .await?;
    Ok(Report(found))
}
