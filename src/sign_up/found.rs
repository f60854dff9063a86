//! Makes a firm and its first admin.

use super::firm::{SignUpFirmDetails, SignedUp};
use crate::changes::{self, Change, Kind};
use crate::firms::{self, NewFirm};
use crate::members::{self, Member, NewMember};
use crate::platform::app::App;
use crate::platform::auth::Role;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Name, Timestamp};

/// A firm that is founded.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The firm.
    pub firm: &'a SignUpFirmDetails,
    /// The name of its first admin.
    pub admin_name: &'a Name,
    /// The admin's address. Whoever calls this knows that it is theirs.
    pub email: EmailAddress,
    /// The hash of the admin's password, as a PHC string.
    pub password_hash: String,
}

/// Makes the firm and its first admin.
pub async fn found(tx: &Tx, app: &App, founding: Founding<'_>) -> ApiResult<SignedUp> {
    let now = app.clock.now();
    let details = founding.firm;
    let firm = NewFirm {
        id: app.ids.id(now),
        name: details.name.clone(),
        time_zone: details.time_zone.clone(),
        country: details.country.clone(),
    };
    let firm = firms::create(tx, firm, now).await?;
    let admin = NewMember {
        id: app.ids.id(now),
        firm_id: firm.id,
        name: founding.admin_name.clone(),
        email: founding.email,
        password_hash: founding.password_hash,
        role: Role::Admin,
    };
    let admin = members::create(tx, admin, now).await?;
    changes::record(tx, created(Kind::Firm, firm.id, &admin, now)).await?;
    changes::record(tx, created(Kind::Member, admin.id, &admin, now)).await?;
    Ok(SignedUp { firm, admin })
}

fn created(kind: Kind, id: uuid::Uuid, admin: &Member, at: Timestamp) -> Change {
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
