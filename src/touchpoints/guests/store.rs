//! The table of guests.

use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::parties::Party;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Name;
use crate::statement;
use crate::touchpoints::content::Content;
use crate::touchpoints::shares::shares;

statement! {
    ActiveMembers<'a> { us: Uuid => SqlUuid, them: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid> } -> (SqlUuid, SqlUuid),
    "SELECT id, firm_id FROM members WHERE id = ANY ($3) AND firm_id IN ($1, $2) AND deactivated_at IS NULL"
}

/// Those of some members who are active in one of the two firms, each with the firm.
pub async fn active_members(
    conn: &Conn,
    party: &Party,
    ids: &[Uuid],
) -> ApiResult<Vec<(Uuid, Uuid)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let members = ActiveMembers {
        us: party.us,
        them: party.them,
        ids,
    };
    Ok(members.load(&mut &*conn).await?)
}

statement! {
    InsertGuests<'a> {
        touchpoint_id: Uuid => SqlUuid, firms: Vec<Uuid> => Array<SqlUuid>, members: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        names: Vec<Option<&'a Name>> => Array<Nullable<Text>>, shares: Vec<i64> => Array<BigInt>,
    } -> (),
    "INSERT INTO touchpoint_guests (touchpoint_id, place, firm_id, member_id, name, share_minor)
     SELECT $1, g.place - 1, g.firm_id, g.member_id, g.name, g.share
       FROM unnest($2, $3, $4, $5) WITH ORDINALITY g (firm_id, member_id, name, share, place)"
}

/// Keeps the guests of a touchpoint, each with what it receives.
pub async fn insert(
    tx: &Tx,
    party: &Party,
    touchpoint_id: Uuid,
    content: &Content,
) -> ApiResult<()> {
    let guests = &content.guests;
    if guests.is_empty() {
        return Ok(());
    }
    let cost_minor = content.cost.as_ref().map(|cost| cost.amount_minor);
    let insert = InsertGuests {
        touchpoint_id,
        firms: guests.iter().map(|one| one.side.of_party(party)).collect(),
        members: guests.iter().map(|one| one.member_id).collect(),
        names: guests.iter().map(|one| one.name.as_ref()).collect(),
        shares: shares(cost_minor.unwrap_or_default(), guests),
    };
    insert.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    RemoveGuests { touchpoint_id: Uuid => SqlUuid } -> (), "DELETE FROM touchpoint_guests WHERE touchpoint_id = $1"
}

/// Takes the guests off a touchpoint.
pub async fn remove(tx: &Tx, touchpoint_id: Uuid) -> ApiResult<()> {
    let gone = RemoveGuests { touchpoint_id };
    gone.execute(&mut &**tx).await?;
    Ok(())
}
