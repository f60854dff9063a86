//! Changes the caller's own profile.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::me::Me;
use super::{Member, store};
use crate::changes::{self, Change, Kind};
use crate::firms;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath, Shown, present, stale};
use crate::platform::values::{LanguageTag, Name, Phone, TimeZone, Timestamp};

/// Each has a profile of its own, whatever the role.
pub(super) struct ChangeMe;

impl Action for ChangeMe {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = NoPath;
    type Subject = Me;
}

/// Changes to your profile (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ana Ruiz", "phone": "(303) 555-0147", "time_zone": "America/Denver", "locale": "en-US"}))]
pub struct PatchMe {
    /// Your name, as your partners see it.
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// Your phone number, as one dials it in your firm's country, or with `+` and the country code. It is
    /// kept in E.164; unlike a client's, one that can't be read is refused, since you are there to mend it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50, pattern = r"\S")]
    pub phone: Option<Option<String>>,
    /// The zone in which you read times.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TimeZone>)]
    pub time_zone: Option<Option<TimeZone>>,
    /// The language in which you read.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<LanguageTag>)]
    pub locale: Option<Option<LanguageTag>>,
}

impl PatchMe {
    /// The member with the changes. A number is dialled in the firm's country.
    async fn apply(self, tx: &Tx, member: &Member) -> ApiResult<Member> {
        let phone = match self.phone {
            None => member.phone.clone(),
            Some(None) => None,
            Some(Some(written)) => {
                let country = firms::country(tx, member.firm_id).await?;
                let number = Phone::read(&written, country.as_ref()).e164;
                Some(number.ok_or_else(unread)?)
            }
        };
        Ok(Member {
            name: self.name.unwrap_or_else(|| member.name.clone()),
            phone,
            time_zone: self.time_zone.unwrap_or_else(|| member.time_zone.clone()),
            locale: self.locale.unwrap_or_else(|| member.locale.clone()),
            ..member.clone()
        })
    }
}

fn unread() -> Error {
    let detail = "This can't be read as a phone number. Write it with `+` and the country code.";
    Problem::invalid_field("/phone", "phone", detail).into()
}

/// Change your profile.
///
/// Nobody else can, your admin included, who changes your role alone. With `If-Match`, so that two of
/// your devices do not undo each other's work. The members of your firm see it; partners see your name.
#[utoipa::path(tag = "members", security(("person" = [])),
    responses((status = 200, description = "You.", body = Me)))]
#[patch("/v1/me")]
pub(super) async fn patch_me(
    me: Allowed<ChangeMe>,
    Json(body): Json<PatchMe>,
    app: App,
) -> ApiResult<Answer<Me>> {
    me.unchanged()?;
    let (caller, now) = (me.caller(), app.clock.now());
    let before = me.member.as_ref().ok_or_else(Problem::not_found)?;
    let changed = app
        .db
        .write(async |tx| change(tx, caller, before, body, now).await)
        .await?;
    Ok(Answer::ok(changed))
}

async fn change(
    tx: &Tx,
    caller: &Caller,
    before: &Member,
    body: PatchMe,
    now: Timestamp,
) -> ApiResult<Me> {
    let wanted = body.apply(tx, before).await?;
    let version = store::replace_profile(tx, &wanted, now).await?;
    let me = Me::find(tx, caller, before.id, now).await?;
    let me = me.ok_or_else(Problem::not_found)?;
    match version {
        Some(version) => {
            let change = Change::by(caller, Kind::Member, before.id, "updated", now);
            changes::record(tx, change.version(version)).await?;
            Ok(me)
        }
        None if me.member.as_ref().map(|member| member.version) == Some(before.version) => Ok(me),
        None => Err(stale(&me)),
    }
}
