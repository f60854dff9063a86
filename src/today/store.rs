//! Reads the first screen: several statements that are sent together, so that they take one round trip.

use diesel::prelude::Queryable;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{TodayConversation, TodayMeeting, TodayOffer, TodayOffers, TodayStep};
use crate::action_steps::{ConversationChannel, StepKind};
use crate::parties::joined;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Name, TimeZone, Timestamp};
use crate::statement;

/// The partnerships of the firm `$1` that live, each with whether the member `$2` leads it.
macro_rules! partnerships {
    () => {
        concat!(
            "(SELECT id, partner_id, lead_id = $2 AS leads FROM ",
            joined!(),
            " j WHERE state <> 'ended')"
        )
    };
}

/// Steps of her party that are hers, or as its lead's nobody else's: not those of a member who has left.
macro_rules! hers {
    () => {
        "s.owner_firm_id = $1 AND (s.owner_member_id = $2 OR (p.leads AND (s.owner_member_id IS NULL
                OR s.owner_member_id IN (SELECT l.id FROM members l WHERE l.firm_id = $1 AND l.deactivated_at IS NOT NULL))))"
    };
}

/// The member's own promises.
macro_rules! owed {
    () => {
        concat!("s.state IN ('planned', 'in_progress') AND ", hers!())
    };
}

/// What was proposed to her party and not answered.
macro_rules! asked {
    () => {
        concat!(
            hers!(),
            " AND (s.state = 'proposed' OR (s.state IN ('planned', 'in_progress') AND s.proposed_due_on IS NOT NULL))"
        )
    };
}

/// What the partners have promised in the partnerships that she leads.
macro_rules! awaited {
    () => {
        "s.state IN ('planned', 'in_progress') AND s.owner_firm_id <> $1 AND p.leads"
    };
}

/// How many of those steps are due on each date.
macro_rules! dates {
    ($which:expr) => {
        concat!(
            "SELECT s.due_on, count(*) FROM ",
            partnerships!(),
            " p JOIN action_steps s ON s.partnership_id = p.id AND s.state IN ('proposed', 'planned', 'in_progress') WHERE ",
            $which,
            " GROUP BY s.due_on"
        )
    };
}

/// The first of those steps by date; what is told of each is read once it is known which they are.
macro_rules! first {
    ($which:expr) => {
        concat!(
            "SELECT s.id, s.partnership_id, f.name, s.title, s.kind, s.due_on, s.proposed_due_on, i.id, i.reference, s.channel, s.topic
               FROM (SELECT s.id, p.partner_id FROM ",
            partnerships!(),
            " p JOIN action_steps s ON s.partnership_id = p.id AND s.state IN ('proposed', 'planned', 'in_progress') WHERE ",
            $which,
            " ORDER BY s.due_on, s.id LIMIT 20) one
               JOIN action_steps s ON s.id = one.id
               JOIN firms f ON f.id = one.partner_id
               LEFT JOIN introductions i ON i.id = s.introduction_id AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)
              ORDER BY s.due_on, s.id"
        )
    };
}

const OWED_DATES: &str = dates!(owed!());
const OWED: &str = first!(owed!());
const ASKED_DATES: &str = dates!(asked!());
const ASKED: &str = first!(asked!());
const AWAITED_DATES: &str = dates!(awaited!());
const AWAITED: &str = first!(awaited!());
const CONVERSATIONS: &str = first!(concat!("s.kind = 'client_conversation' AND ", owed!()));

const OFFERS: &str = concat!(
    "SELECT o.id, o.reference, o.partnership_id, f.name, o.offered_at, o.is_given, o.count
       FROM (SELECT i.id, i.reference, i.partnership_id, p.partner_id, i.offered_at, i.introducer_firm_id = $1 AS is_given,
                    count(*) OVER w, row_number() OVER (w ORDER BY i.offered_at, i.id) AS place
               FROM ",
    partnerships!(),
    " p JOIN introductions i ON i.partnership_id = p.id AND i.stage = 'offered'
              WHERE p.leads WINDOW w AS (PARTITION BY i.introducer_firm_id = $1)) o
       JOIN firms f ON f.id = o.partner_id
      WHERE o.place <= 20 ORDER BY o.offered_at, o.id"
);

/// One that began within the last hour is still told.
const MEETINGS: &str = concat!(
    "SELECT g.id, g.partnership_id, f.name, g.starts_at, g.length_minutes
       FROM ",
    partnerships!(),
    " p JOIN meetings g ON g.partnership_id = p.id AND g.state = 'planned' AND g.starts_at > $3 - interval '1 day'
                      AND g.starts_at + g.length_minutes * interval '1 minute' > $3
       JOIN firms f ON f.id = p.partner_id
      WHERE p.leads ORDER BY g.starts_at, g.id LIMIT 20"
);

const ZONE: &str = "SELECT coalesce(m.time_zone, f.time_zone) FROM members m JOIN firms f ON f.id = m.firm_id WHERE m.firm_id = $1 AND m.id = $2";

/// The statements of the first screen by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[
    ("owed_dates", OWED_DATES),
    ("owed", OWED),
    ("asked_dates", ASKED_DATES),
    ("asked", ASKED),
    ("awaited_dates", AWAITED_DATES),
    ("awaited", AWAITED),
    ("conversations", CONVERSATIONS),
    ("offers", OFFERS),
    ("meetings", MEETINGS),
];

type DateColumns = (SqlDate, BigInt);

type StepColumns = (
    SqlUuid,
    SqlUuid,
    Text,
    Text,
    Text,
    SqlDate,
    Nullable<SqlDate>,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

macro_rules! asked_of_a_member {
    ($($Name:ident -> $Columns:ty, $sql:expr;)*) => {
        $(statement! {
            $Name { firm_id: Uuid => SqlUuid, member_id: Uuid => SqlUuid } -> $Columns, $sql
        })*
    };
}

asked_of_a_member! {
    CountOwed -> DateColumns, OWED_DATES;
    ListOwed -> StepColumns, OWED;
    CountAsked -> DateColumns, ASKED_DATES;
    ListAsked -> StepColumns, ASKED;
    CountAwaited -> DateColumns, AWAITED_DATES;
    ListAwaited -> StepColumns, AWAITED;
    ListConversations -> StepColumns, CONVERSATIONS;
    ListOffers -> (SqlUuid, Text, SqlUuid, Text, Timestamptz, Bool, BigInt), OFFERS;
    FindZone -> Text, ZONE;
}

statement! {
    ListMeetings { firm_id: Uuid => SqlUuid, member_id: Uuid => SqlUuid, now: Timestamp => Timestamptz }
        -> (SqlUuid, SqlUuid, Text, Timestamptz, SmallInt),
    MEETINGS
}

type MeetingRow = (Uuid, Uuid, Name, Timestamp, i16);

#[derive(Debug, Queryable)]
struct StepRow {
    id: Uuid,
    partnership_id: Uuid,
    partner_name: Name,
    title: String,
    kind: StepKind,
    due_on: Date,
    proposed_due_on: Option<Date>,
    introduction_id: Option<Uuid>,
    reference: Option<String>,
    channel: Option<ConversationChannel>,
    topic: Option<String>,
}

impl From<StepRow> for TodayStep {
    fn from(row: StepRow) -> Self {
        Self {
            action_step_id: row.id,
            partnership_id: row.partnership_id,
            partner_name: row.partner_name,
            title: row.title,
            kind: row.kind,
            due_on: row.due_on,
            proposed_due_on: row.proposed_due_on,
            introduction_reference: row.reference,
        }
    }
}

impl From<StepRow> for TodayConversation {
    fn from(row: StepRow) -> Self {
        Self {
            action_step_id: row.id,
            partnership_id: row.partnership_id,
            partner_name: row.partner_name,
            introduction_id: row.introduction_id,
            introduction_reference: row.reference,
            channel: row.channel,
            topic: row.topic,
            due_on: row.due_on,
        }
    }
}

type OfferRow = (Uuid, String, Uuid, Name, Timestamp, bool, i64);

/// How many steps are due on each date, and the first of them.
pub(super) type Steps = (Vec<(Date, i64)>, Vec<TodayStep>);

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    pub zone: TimeZone,
    pub owed: Steps,
    pub asked: Steps,
    pub awaited: Steps,
    pub received: TodayOffers,
    pub given: TodayOffers,
    pub conversations: Vec<TodayConversation>,
    pub meetings: Vec<TodayMeeting>,
}

/// All that the first screen tells.
pub(super) async fn read(
    conn: &Conn,
    firm_id: Uuid,
    member_id: Uuid,
    now: Timestamp,
) -> ApiResult<Found> {
    let meetings = ListMeetings {
        firm_id,
        member_id,
        now,
    };
    macro_rules! load {
        ($($Name:ident as $Row:ty),* $(,)?) => {
            // Sent together, they take one round trip.
            futures_util::try_join!($(async {
                $Name { firm_id, member_id }.load::<$Row>(&mut &*conn).await
            }),*, async { meetings.load::<MeetingRow>(&mut &*conn).await })?
        };
    }
    let (
        owed_dates,
        owed,
        asked_dates,
        asked,
        awaited_dates,
        awaited,
        conversations,
        offers,
        zone,
        meetings,
    ) = load!(
        CountOwed as (Date, i64),
        ListOwed as StepRow,
        CountAsked as (Date, i64),
        ListAsked as StepRow,
        CountAwaited as (Date, i64),
        ListAwaited as StepRow,
        ListConversations as StepRow,
        ListOffers as OfferRow,
        FindZone as TimeZone,
    );
    let steps = |rows: Vec<StepRow>| rows.into_iter().map(TodayStep::from).collect();
    Ok(Found {
        zone: zone.into_iter().next().unwrap_or_else(TimeZone::utc),
        owed: (owed_dates, steps(owed)),
        asked: (asked_dates, steps(asked)),
        awaited: (awaited_dates, steps(awaited)),
        received: of_direction(&offers, false),
        given: of_direction(&offers, true),
        conversations: conversations
            .into_iter()
            .map(TodayConversation::from)
            .collect(),
        meetings: meetings.into_iter().map(meeting).collect(),
    })
}

fn meeting(row: MeetingRow) -> TodayMeeting {
    let (meeting_id, partnership_id, partner_name, starts_at, length_minutes) = row;
    TodayMeeting {
        meeting_id,
        partnership_id,
        partner_name,
        starts_at,
        length_minutes,
    }
}

fn of_direction(rows: &[OfferRow], is_given: bool) -> TodayOffers {
    let those = || rows.iter().filter(move |row| row.5 == is_given);
    let offer = |row: &OfferRow| TodayOffer {
        introduction_id: row.0,
        reference: row.1.clone(),
        partnership_id: row.2,
        partner_name: row.3.clone(),
        offered_at: row.4,
    };
    TodayOffers {
        count: those().next().map_or(0, |row| row.6),
        first: those().map(offer).collect(),
    }
}
