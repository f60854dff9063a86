//! Reads the sides of partnerships.

use diesel::OptionalExtension;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Lead, PartnershipState, Party};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Name;
use crate::statement;

/// The partnerships of the firm `$1` that the other has joined: `id`, `partner_id`, `state`,
/// and `lead_id`, the firm's own lead. For stores that look at all of them in one statement.
macro_rules! joined {
    () => {
        "(SELECT id, recipient_firm_id AS partner_id, state, proposer_lead_id AS lead_id FROM partnerships
           WHERE proposer_firm_id = $1 AND recipient_firm_id IS NOT NULL AND state IN ('exploring', 'active', 'paused', 'ended')
           UNION ALL
          SELECT id, proposer_firm_id, state, recipient_lead_id FROM partnerships
           WHERE recipient_firm_id = $1 AND state IN ('exploring', 'active', 'paused', 'ended'))"
    };
}

pub(crate) use joined;

macro_rules! party {
    ($lock:literal) => {
        concat!(
            "SELECT state, CASE WHEN proposer_firm_id = $2 THEN recipient_firm_id ELSE proposer_firm_id END
               FROM partnerships
              WHERE id = $1 AND $2 IN (proposer_firm_id, recipient_firm_id) AND recipient_firm_id IS NOT NULL
                AND state IN ('exploring', 'active', 'paused', 'ended')",
            $lock
        )
    };
}

statement! {
    Find { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> (Text, SqlUuid), party!("")
}

statement! {
    Hold { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> (Text, SqlUuid), party!(" FOR SHARE")
}

pub(super) async fn find(
    conn: &Conn,
    partnership_id: Uuid,
    firm_id: Uuid,
) -> ApiResult<Option<Party>> {
    let row = Find {
        partnership_id,
        firm_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map(|row| party(partnership_id, firm_id, row)))
}

/// Keeps the partnership as it is until the transaction ends.
pub(super) async fn hold(tx: &Tx, partnership_id: Uuid, firm_id: Uuid) -> ApiResult<Option<Party>> {
    let row = Hold {
        partnership_id,
        firm_id,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(|row| party(partnership_id, firm_id, row)))
}

statement! {
    Leads { member_id: Uuid => SqlUuid } -> Bool,
    "SELECT EXISTS (SELECT FROM partnerships
                     WHERE (proposer_lead_id = $1 AND state IN ('proposed', 'exploring', 'active', 'paused'))
                        OR (recipient_lead_id = $1 AND state IN ('exploring', 'active', 'paused')))"
}

pub(super) async fn leads(tx: &Tx, member_id: Uuid) -> ApiResult<bool> {
    Ok(Leads { member_id }.get_result(&mut &**tx).await?)
}

fn party(partnership_id: Uuid, us: Uuid, (state, them): (PartnershipState, Uuid)) -> Party {
    Party {
        partnership_id,
        state,
        us,
        them,
    }
}

statement! {
    FindLead { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> (SqlUuid, Text),
    "SELECT m.id, m.name FROM partnerships p
       JOIN members m ON m.id = CASE WHEN p.proposer_firm_id = $2 THEN p.proposer_lead_id ELSE p.recipient_lead_id END
      WHERE p.id = $1 AND $2 IN (p.proposer_firm_id, p.recipient_firm_id) AND m.deactivated_at IS NULL"
}

pub(super) async fn find_lead(
    conn: &Conn,
    partnership_id: Uuid,
    firm_id: Uuid,
) -> ApiResult<Option<Lead>> {
    let find = FindLead {
        partnership_id,
        firm_id,
    };
    let row: Option<(Uuid, Name)> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(|(member_id, name)| Lead { member_id, name }))
}
