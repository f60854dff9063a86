//! The table of reminders.

use diesel::prelude::Queryable;
use diesel::sql_types::{
    Array, BigInt, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, EmailAddress, Name, TimeZone, Timestamp};
use crate::{statement, words};

words! {
    /// Of what a reminder reminds.
    pub enum ReminderKind {
        /// The date is still to come.
        Ahead = "ahead",
        /// The date is past.
        Overdue = "overdue",
    }
}

const ZONES: &str = "SELECT DISTINCT time_zone FROM firms WHERE closed_at IS NULL";

/// What is due in firms of the zones `$1`, in each of which it is the date `$2`. The member is the one named or, where that is
/// nobody who is still there, the lead of the party.
const CLAIM: &str = "
    WITH found AS (
      SELECT s.id, s.due_on, s.version, s.partnership_id, s.introduction_id, f.id AS firm_id,
             CASE WHEN s.due_on < z.today THEN 'overdue' ELSE 'ahead' END AS kind,
             CASE WHEN p.proposer_firm_id = f.id THEN p.recipient_firm_id ELSE p.proposer_firm_id END AS partner_id,
             coalesce(m.id, CASE WHEN p.proposer_firm_id = f.id THEN p.proposer_lead_id ELSE p.recipient_lead_id END) AS member_id
        FROM unnest($1, $2) AS z (zone, today)
        JOIN firms f ON f.time_zone = z.zone AND f.closed_at IS NULL
        JOIN action_steps s ON s.owner_firm_id = f.id AND s.state IN ('planned', 'in_progress')
                           AND s.due_on BETWEEN z.today - 30 AND z.today + 2
        JOIN partnerships p ON p.id = s.partnership_id AND p.state IN ('exploring', 'active')
        LEFT JOIN members m ON m.id = s.owner_member_id AND m.deactivated_at IS NULL
       WHERE NOT EXISTS (SELECT FROM action_step_reminders r
                          WHERE r.step_id = s.id AND r.due_on = s.due_on
                            AND r.kind = CASE WHEN s.due_on < z.today THEN 'overdue' ELSE 'ahead' END)
       ORDER BY s.owner_firm_id, member_id, s.due_on, s.id LIMIT $3),
    told AS (
      INSERT INTO action_step_reminders (step_id, due_on, kind, member_id, created_at)
      SELECT id, due_on, kind, member_id, $4 FROM found WHERE member_id IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING step_id, kind)
    SELECT found.id, found.version, found.partnership_id, found.firm_id, found.member_id, m.email, found.due_on, found.kind, partner.name,
           i.reference
      FROM found JOIN told ON told.step_id = found.id AND told.kind = found.kind
      JOIN members m ON m.id = found.member_id
      JOIN firms partner ON partner.id = found.partner_id
      LEFT JOIN introductions i ON i.id = found.introduction_id
     ORDER BY found.member_id, found.due_on, found.id";

/// The statements of reminders by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[("zones", ZONES), ("claim", CLAIM)];

statement! {
    ListZones {} -> Text,
    ZONES
}

/// The zones in which firms are.
pub(super) async fn zones(conn: &Conn) -> ApiResult<Vec<TimeZone>> {
    Ok(ListZones {}.load(&mut &*conn).await?)
}

/// A step of which somebody is reminded.
#[derive(Clone, Debug, Queryable)]
pub(super) struct Due {
    pub step_id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub firm_id: Uuid,
    pub member_id: Uuid,
    pub email: EmailAddress,
    pub due_on: Date,
    pub kind: ReminderKind,
    pub partner_name: Name,
    pub reference: Option<String>,
}

statement! {
    Claim<'a> { zones: Vec<&'a str> => Array<Text>, dates: Vec<Date> => Array<SqlDate>, rows: i64 => BigInt, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid, Text, SqlDate, Text, Text, Nullable<Text>),
    CLAIM
}

/// Writes reminders down, and gives those that were not there: what is due in zones where it is this date.
pub(super) async fn claim(
    tx: &Tx,
    open: &[(TimeZone, Date)],
    rows: i64,
    now: Timestamp,
) -> ApiResult<Vec<Due>> {
    let claim = Claim {
        zones: open.iter().map(|(zone, _)| zone.as_str()).collect(),
        dates: open.iter().map(|(_, today)| *today).collect(),
        rows,
        now,
    };
    Ok(claim.load(&mut &**tx).await?)
}
