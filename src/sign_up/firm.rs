//! Signs a firm up, with its first admin.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::{self, Change, Kind};
use crate::firms::{self, Firm, NewFirm};
use crate::members::{self, Member, NewMember};
use crate::partnerships;
use crate::platform::app::App;
use crate::platform::auth::{Role, passwords};
use crate::platform::config::SignUp;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Json, Public};
use crate::platform::values::{Country, EmailAddress, Name, TimeZone};

/// A firm that signs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "firm": {"name": "Red Mesa Wealth", "time_zone": "America/Denver", "country": "US"},
    "admin": {"name": "Ana Ruiz", "email": "ana@redmesa.example", "password": "a long pass phrase of hers"},
}))]
pub struct SignUpFirm {
    /// The firm.
    pub firm: SignUpFirmDetails,
    /// Its first admin.
    pub admin: SignUpAdmin,
    /// The token of an invitation, where one came by mail. The admin then signs up with the address
    /// that it was sent to, and finds the proposal.
    #[schema(min_length = 1, max_length = 200)]
    pub invitation_token: Option<String>,
}

/// What a firm says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpFirmDetails {
    /// Its name, as its partners will see it.
    pub name: Name,
    /// The zone in which its dates are meant.
    pub time_zone: TimeZone,
    /// Where its phone numbers are dialled.
    pub country: Option<Country>,
}

/// The first admin of a firm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpAdmin {
    /// The admin's name.
    pub name: Name,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The password: 15 characters or more, whatever they are.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 128)]
    pub password: SecretString,
}

/// A firm that has signed up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// The firm.
    pub firm: Firm,
    /// Its first admin.
    pub admin: Member,
}

/// Sign a firm up.
///
/// Makes the firm and its first admin in one go. Then sign in with `POST /v1/sessions`.
#[utoipa::path(tag = "firms",
    responses((status = 201, description = "The firm and its admin.", body = SignedUp),
        (status = 403, description = "This service takes firms by invitation only.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The address has an account already.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/firms")]
pub(super) async fn sign_up_firm(
    _open: Public,
    Json(body): Json<SignUpFirm>,
    app: App,
) -> ApiResult<HttpResponse> {
    if app.settings.sign_up == SignUp::Invitation && body.invitation_token.is_none() {
        return Err(Problem::forbidden("This service takes firms by invitation only.").into());
    }
    let password_hash = passwords::hash(body.admin.password.clone()).await?;
    let signed_up = app
        .db
        .write(async |tx| found(tx, &app, &body, &password_hash).await)
        .await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(signed_up))
}

/// Makes the firm and its first admin, and uses the invitation up.
pub async fn found(
    tx: &Tx,
    app: &App,
    body: &SignUpFirm,
    password_hash: &str,
) -> ApiResult<SignedUp> {
    let now = app.clock.now();
    // Before the address is looked at: whoever has no good token learns nothing about it.
    if let Some(token) = &body.invitation_token {
        partnerships::use_invitation(tx, token, &body.admin.email, now).await?;
    }
    let firm = NewFirm {
        id: app.ids.id(now),
        name: body.firm.name.clone(),
        time_zone: body.firm.time_zone.clone(),
        country: body.firm.country.clone(),
    };
    let firm = firms::create(tx, firm, now).await?;
    let admin = NewMember {
        id: app.ids.id(now),
        firm_id: firm.id,
        name: body.admin.name.clone(),
        email: body.admin.email.clone(),
        password_hash: password_hash.to_owned(),
        role: Role::Admin,
    };
    let admin = members::create(tx, admin, now).await?;
    changes::record(tx, created(Kind::Firm, firm.id, &admin, now)).await?;
    changes::record(tx, created(Kind::Member, admin.id, &admin, now)).await?;
    if body.invitation_token.is_some() {
        partnerships::find_proposals(tx, &admin, now).await?;
    }
    Ok(SignedUp { firm, admin })
}

fn created(
    kind: Kind,
    id: uuid::Uuid,
    admin: &Member,
    at: crate::platform::values::Timestamp,
) -> Change {
    Change {
        kind,
        resource_id: id,
        action: "created",
        version: 1,
        partnership_id: None,
        firms: vec![admin.firm_id],
        actor_id: Some(admin.id),
        at,
    }
}
