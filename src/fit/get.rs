//! Weighs one of a firm's clients for a partnership. Nothing is stored.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::candidates::Candidate;
use super::model::Asked;
use super::store::{self, CandidateRow};
use crate::parties::{self, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, FoundAt, Report};

/// See whom of the firm's clients to introduce.
pub(super) const READ: Rule = Rule::new(Duty::Read, Scope::ClientsRead);

/// Which client, for which partnership.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct CandidatePath {
    /// The partnership's id.
    pub partnership_id: Uuid,
    /// The client's id.
    pub client_id: Uuid,
}

/// A client who could be introduced in a partnership.
pub(super) struct Weighable {
    party: Party,
    client: CandidateRow,
}

impl FoundAt<CandidatePath> for Weighable {
    async fn find_at(app: &App, caller: &Caller, path: CandidatePath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| {
                let party = parties::find(conn, path.partnership_id, caller.firm_id).await?;
                let Some(party) = party else {
                    return Ok(None);
                };
                let found = store::list(conn, &party, Some(path.client_id)).await?;
                let client = found.into_iter().next();
                Ok(client.map(|client| Self { party, client }))
            })
            .await
    }
}

pub(super) struct WeighClient;

impl Action for WeighClient {
    const RULE: Rule = READ;
    type Path = CandidatePath;
    type Subject = Weighable;
}

/// Weigh a client for a partnership.
///
/// How well one of your clients is one whom the other party serves best, by the agreed ideal client; each criterion with
/// the figure that decided it. Nothing is stored, and the other party is told nothing.
#[utoipa::path(tag = "fit", params(CandidatePath),
    security(("person" = []), ("machine" = [WeighClient::SCOPE])),
    responses((status = 200, description = "The client, weighed.", body = Candidate)))]
#[get("/v1/partnerships/{partnership_id}/candidates/{client_id}")]
pub(super) async fn get_candidate(
    weighable: Allowed<WeighClient>,
    app: App,
) -> ApiResult<Report<Candidate>> {
    let party = weighable.party;
    let ideal = app
        .db
        .read(async |conn| super::ideal_client(conn, party.us, party.partnership_id).await)
        .await?;
    let asked = Asked::of(ideal.as_ref(), Side::Them);
    Ok(Report(Candidate::weighed(
        weighable.into_subject().client,
        asked,
    )?))
}
