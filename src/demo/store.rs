//! Rows by the million, in the tables of many features at once.
//!
//! This is the one place that writes tables which it does not own: the features write one record at
//! a time, and a million of those take an hour. What is written is what the features would have
//! written: every stage has its history, every record its change. A row's id, name, stage and times
//! follow from its number alone, and a row that is there is left as it is, so that the same call
//! changes nothing.

use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::EmailAddress;
use crate::statement;

/// The instant of the record with a number: two a minute, from the beginning of 2024 on.
macro_rules! instant {
    ($number:literal) => {
        concat!(
            "(timestamptz '2024-01-01 00:00:00+00' + ",
            $number,
            " * interval '30 seconds')"
        )
    };
}

/// The id of the record of a kind with a number: a UUIDv7 of its instant.
macro_rules! id {
    ($kind:literal, $number:literal) => {
        concat!(
            "(lpad(to_hex(1704067200000 + ",
            $number,
            " * 30000), 12, '0')
              || '7' || substr(md5('",
            $kind,
            "' || ",
            $number,
            "), 1, 3)
              || '8' || substr(md5('",
            $kind,
            "' || ",
            $number,
            "), 4, 15))::uuid"
        )
    };
}

/// A name out of a list, by a number.
macro_rules! pick {
    ($number:expr, $count:literal, $words:literal) => {
        concat!(
            "(string_to_array('",
            $words,
            "', ' '))[1 + (",
            $number,
            ") % ",
            $count,
            "]"
        )
    };
}

/// When an introduction with a path came to a stage; null where it did not.
macro_rules! came_to {
    ($stage:literal) => {
        concat!(
            "((at + (array_position(path, '",
            $stage,
            "') - 1) * interval '2 days') AT TIME ZONE 'UTC')::date"
        )
    };
}

/// What all bulk rows hang on.
pub(super) struct Anchor {
    /// The partnership of the two demo firms.
    pub partnership_id: Uuid,
    /// The password hash of its first lead, which the admins of the other firms have too.
    pub password_hash: String,
}

statement! {
    FindAnchor<'a> { proposer: &'a EmailAddress => Text, recipient: &'a EmailAddress => Text } -> (SqlUuid, Text),
    "SELECT p.id, one.password_hash
       FROM members one
       JOIN partnerships p ON p.proposer_lead_id = one.id
       JOIN members other ON other.id = p.recipient_lead_id
      WHERE one.email = $1 AND other.email = $2 AND p.state = 'active'"
}

/// The partnership of the demo firms, while it is active.
pub(super) async fn find_anchor(
    conn: &Conn,
    proposer: &EmailAddress,
    recipient: &EmailAddress,
) -> ApiResult<Option<Anchor>> {
    let row: Option<(Uuid, String)> = FindAnchor {
        proposer,
        recipient,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map(|(partnership_id, password_hash)| Anchor {
        partnership_id,
        password_hash,
    }))
}

statement! {
    InsertFirms<'a> { first: i64 => BigInt, last: i64 => BigInt, password_hash: &'a str => Text } -> BigInt,
    concat!(
        "WITH item AS MATERIALIZED (
           SELECT n, ", instant!("n"), " AS at, ", id!("firm", "n"), " AS firm_id, ", id!("member", "n"), " AS member_id,
                  ", pick!("n * 7 + n / 16", "16",
                     "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Ironwood Juniper Larch Maple Oak Pine Rowan Spruce"), "
                    || ' ' || ", pick!("n / 4", "4", "Wealth Tax Law Insurance"), " || ' ' || n AS name,
                  ", pick!("n * 5 + n / 8", "8", "Ada Ben Cleo Dan Eve Finn Gia Hal"), " || ' '
                    || ", pick!("n * 3 + n / 8", "8", "Abbott Brandt Castro Dietz Egan Foss Grau Holt"), " AS admin
             FROM generate_series($1, $2) n),
         made AS (
           INSERT INTO firms (id, name, time_zone, country, created_at, updated_at)
           SELECT firm_id, name, 'America/Denver', 'US', at, at FROM item ON CONFLICT DO NOTHING RETURNING id),
         admins AS (
           INSERT INTO members (id, firm_id, name, email, password_hash, role, created_at, updated_at)
           SELECT i.member_id, i.firm_id, i.admin, 'admin' || i.n || '@demo.example', $3, 'admin', i.at, i.at
             FROM item i JOIN made ON made.id = i.firm_id),
         told AS (
           INSERT INTO changes (firm_id, kind, resource_id, action, version, actor_id, at)
           SELECT i.firm_id, what.kind, what.id, 'created', 1, i.member_id, i.at
             FROM item i JOIN made ON made.id = i.firm_id
            CROSS JOIN LATERAL (VALUES ('firm', i.firm_id), ('member', i.member_id)) what (kind, id))
         SELECT count(*) FROM made"
    )
}

/// Makes the firms of these numbers, each with its admin; gives how many were not there.
pub(super) async fn insert_firms(
    tx: &Tx,
    (first, last): (i64, i64),
    password_hash: &str,
) -> ApiResult<i64> {
    let insert = InsertFirms {
        first,
        last,
        password_hash,
    };
    Ok(insert.get_result(&mut &**tx).await?)
}

statement! {
    InsertPartnerships<'a> {
        first: i64 => BigInt, last: i64 => BigInt, first_lead: &'a EmailAddress => Text, second_lead: &'a EmailAddress => Text,
        of_first: i64 => BigInt,
    } -> BigInt,
    concat!(
        "WITH item AS MATERIALIZED (
           SELECT ", id!("partnership", "n"), " AS id, ", instant!("n"), " AS at, one.firm_id AS proposer_firm_id,
                  one.id AS proposer_lead_id, other.firm_id AS recipient_firm_id, other.id AS recipient_lead_id,
                  other.email AS recipient_email
             FROM generate_series($1, $2) n
             JOIN members one ON one.email = CASE WHEN n <= $5 THEN $3 WHEN n = 2 THEN $4 ELSE 'admin' || n || '@demo.example' END
             JOIN members other ON other.email = 'admin' || n + 1 || '@demo.example'),
         made AS (
           INSERT INTO partnerships (id, state, proposer_firm_id, proposer_lead_id, recipient_firm_id, recipient_lead_id,
                                     recipient_email, answered_at, created_at, updated_at, version)
           SELECT id, 'active', proposer_firm_id, proposer_lead_id, recipient_firm_id, recipient_lead_id,
                  recipient_email, at, at, at, 3 FROM item
               ON CONFLICT DO NOTHING RETURNING id),
         told AS (
           INSERT INTO changes (firm_id, kind, resource_id, action, version, partnership_id, actor_id, at)
           SELECT firm, 'partnership', i.id, 'activate', 3, i.id, i.proposer_lead_id, i.at
             FROM item i JOIN made USING (id)
            CROSS JOIN LATERAL unnest(ARRAY[i.proposer_firm_id, i.recipient_firm_id]) firm)
         SELECT count(*) FROM made"
    )
}

/// Makes the partnerships of these numbers, each between the firm with its number and the next; so many
/// of them between the first firm and the next in place of its neighbour.
pub(super) async fn insert_partnerships(
    tx: &Tx,
    (first, last): (i64, i64),
    (first_lead, second_lead): (&EmailAddress, &EmailAddress),
    of_first: i64,
) -> ApiResult<i64> {
    let insert = InsertPartnerships {
        first,
        last,
        first_lead,
        second_lead,
        of_first,
    };
    Ok(insert.get_result(&mut &**tx).await?)
}

statement! {
    /// Of twenty introductions in a partnership every fourth goes from the recipient to the proposer,
    /// and is offered at least; half of the clients have consented, among them all who need to.
    InsertIntroductions { first: i64 => BigInt, last: i64 => BigInt, partnerships: i64 => BigInt, anchor: Uuid => SqlUuid } -> BigInt,
    concat!(
        "WITH item AS MATERIALIZED (
           SELECT n, ", id!("client", "n"), " AS client_id, ", id!("introduction", "n"), " AS id, ", id!("consent", "n"), " AS consent_id,
                  ", instant!("n"), " AS at, path, path[cardinality(path)] AS stage, cardinality(path) AS version,
                  ", instant!("n"), " + (cardinality(path) - 1) * interval '2 days' AS moved_at,
                  slot IN (2, 3, 4, 5, 6, 10, 11, 14, 15, 17) AS has_consent,
                  p.id AS partnership_id, us.firm_id AS us_firm, us.lead_id AS us_lead, them.firm_id AS them_firm, them.lead_id AS them_lead,
                  ", pick!("n * 5 + n / 32", "32",
                     "Mary Carl Amy Anna Owen Ruth Luis Nina Hugo Ines Tom Sara Ivan Jane Karl Lena Max Nora Otto Paul Rosa Sam Tess Uwe Vera Walt Xenia Yara Zeno Bela Cora Dirk"), "
                    || ' ' || ", pick!("n * 11 + n / 128", "32",
                     "Greene Harvey Diaz Kelly Price Chang Ortega Patel Weiss Moreau Becker Lund Adler Bauer Conti Duarte Ellis Fuchs Gomez Haas Ibsen Jansen Klein Lopez Meyer Nolan Ott Peters Quinn Reyes Stein Torres"), " AS name,
                  substr(digits, 1, 5) || '-' || substr(digits, 6) AS reference
             FROM generate_series($1, $2) n
            CROSS JOIN LATERAL (SELECT 1 + (n - 1) % $3 AS place, (n - 1) / $3 % 20 AS slot,
                                       upper(lpad(to_hex(n * 1640531527 & 1099511627775), 10, '0')) AS digits) derived
            CROSS JOIN LATERAL (
              SELECT string_to_array(
                CASE WHEN slot IN (0, 13) THEN 'draft'
                     WHEN slot IN (1, 7) THEN 'draft offered'
                     WHEN slot IN (2, 18) THEN 'draft offered accepted'
                     WHEN slot IN (3, 14) THEN 'draft offered accepted introduced'
                     WHEN slot = 4 THEN 'draft offered accepted introduced meeting_set'
                     WHEN slot IN (5, 15) THEN 'draft offered accepted introduced met'
                     WHEN slot IN (6, 10, 11, 17) THEN 'draft offered accepted introduced met engaged'
                     WHEN slot = 12 THEN 'draft offered accepted not_engaged'
                     WHEN slot = 16 THEN 'draft offered expired'
                     WHEN slot = 9 THEN 'draft offered withdrawn'
                     ELSE 'draft offered declined' END, ' ') AS path) history
             JOIN partnerships p ON p.id = CASE place WHEN 1 THEN $4 ELSE ", id!("partnership", "place"), " END
            CROSS JOIN LATERAL (SELECT CASE WHEN slot % 4 = 3 THEN p.recipient_firm_id ELSE p.proposer_firm_id END AS firm_id,
                                       CASE WHEN slot % 4 = 3 THEN p.recipient_lead_id ELSE p.proposer_lead_id END AS lead_id) us
            CROSS JOIN LATERAL (SELECT CASE WHEN slot % 4 = 3 THEN p.proposer_firm_id ELSE p.recipient_firm_id END AS firm_id,
                                       CASE WHEN slot % 4 = 3 THEN p.proposer_lead_id ELSE p.recipient_lead_id END AS lead_id) them),
         introduced AS (
           INSERT INTO clients (id, firm_id, name, email, phone, phone_e164, notes, attributes, traits, created_at, updated_at)
           SELECT client_id, us_firm, name, replace(lower(name), ' ', '.') || '.' || n || '@mail.example',
                  '+1720' || 2000000 + n % 8000000, '+1720' || 2000000 + n % 8000000,
                  CASE WHEN n % 4 = 0 THEN 'Prefers the phone, before noon.' END,
                  jsonb_build_object('investable_assets', 100000 + n * 7919 % 5000 * 1000, 'annual_income', 40000 + n * 104729 % 400 * 1000),
                  ARRAY[", pick!("n * 3", "8", "business_owner retiring_soon widowed selling_a_practice new_parent expatriate landlord heir"), "],
                  at, at
             FROM item ON CONFLICT DO NOTHING),
         made AS (
           INSERT INTO introductions (id, partnership_id, introducer_firm_id, receiver_firm_id, client_id, reference, stage, summary,
                                      expected_minor, expected_currency, realised_minor, realised_currency, reason, occurred_on,
                                      offered_at, answered_at, closed_at, created_at, updated_at, version,
                                      reached, accepted_on, introduced_on, meeting_set_on, met_on, engaged_on)
           SELECT id, partnership_id, us_firm, them_firm, client_id, reference, stage, 'Needs advice before the end of the year.',
                  expected, CASE WHEN expected IS NOT NULL THEN 'USD' END,
                  CASE stage WHEN 'engaged' THEN 90000 + n % 500 * 1000 END, CASE stage WHEN 'engaged' THEN 'USD' END,
                  CASE WHEN stage IN ('declined', 'not_engaged') THEN ", pick!("n / 20", "4", "no_capacity not_a_fit already_known other"), " END,
                  (moved_at AT TIME ZONE 'UTC')::date,
                  CASE WHEN version > 1 THEN at + interval '2 days' END,
                  CASE WHEN version > 2 AND stage NOT IN ('expired', 'withdrawn') THEN at + interval '4 days' END,
                  CASE WHEN stage IN ('engaged', 'not_engaged', 'declined', 'expired', 'withdrawn') THEN moved_at END,
                  at, moved_at, version,
                  CASE WHEN stage IN ('not_engaged', 'declined', 'expired', 'withdrawn') THEN path[version - 1] WHEN version > 1 THEN stage END,
                  ", came_to!("accepted"), ", ", came_to!("introduced"), ", ", came_to!("meeting_set"), ", ", came_to!("met"), ",
                  ", came_to!("engaged"), "
             FROM item CROSS JOIN LATERAL (SELECT CASE WHEN n % 3 > 0 THEN 100000 + n % 900 * 1000 END AS expected) worth
               ON CONFLICT DO NOTHING RETURNING id),
         fresh AS MATERIALIZED (SELECT item.* FROM item JOIN made USING (id)),
         kept AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, reason, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT f.id, step.version, step.stage, (step.at AT TIME ZONE 'UTC')::date,
                  CASE WHEN step.stage IN ('declined', 'not_engaged') THEN ", pick!("f.n / 20", "4", "no_capacity not_a_fit already_known other"), " END,
                  CASE WHEN step.ours THEN f.us_firm ELSE f.them_firm END,
                  CASE WHEN step.stage = 'expired' THEN NULL WHEN step.ours THEN f.us_lead ELSE f.them_lead END, step.at
             FROM fresh f
            CROSS JOIN LATERAL (SELECT stage, version, stage IN ('draft', 'offered', 'withdrawn', 'expired') AS ours,
                                       f.at + (version - 1) * interval '2 days' AS at
                                  FROM unnest(f.path) WITH ORDINALITY AS s (stage, version)) step),
         named AS (
           INSERT INTO introduction_external_ids (firm_id, system, external_id, introduction_id)
           SELECT us_firm, 'crm', 'D-' || n, id FROM fresh),
         known AS (
           INSERT INTO client_external_ids (firm_id, system, external_id, client_id)
           SELECT us_firm, 'crm', 'C-' || n, client_id FROM fresh),
         agreed AS (
           INSERT INTO consents (id, client_id, firm_id, partner_firm_id, partnership_id, given_on, method, recorded_by, recorded_at)
           SELECT consent_id, client_id, us_firm, them_firm, partnership_id, ((at + interval '3 days') AT TIME ZONE 'UTC')::date,
                  ", pick!("n", "3", "written verbal electronic"), ", us_lead, at + interval '3 days'
             FROM fresh WHERE has_consent),
         told AS (
           INSERT INTO changes (firm_id, kind, resource_id, action, version, partnership_id, actor_id, at)
           SELECT us_firm, 'client', client_id, 'created', 1, NULL::uuid, us_lead, at FROM fresh
            UNION ALL
           SELECT firm, 'introduction', f.id,
                  CASE f.stage WHEN 'draft' THEN 'created' WHEN 'offered' THEN 'offer' WHEN 'accepted' THEN 'accept' WHEN 'declined' THEN 'decline'
                               WHEN 'withdrawn' THEN 'withdraw' WHEN 'expired' THEN 'expire' ELSE f.stage END,
                  f.version, f.partnership_id,
                  CASE WHEN f.stage = 'expired' THEN NULL WHEN f.stage IN ('draft', 'offered', 'withdrawn') THEN f.us_lead ELSE f.them_lead END,
                  f.moved_at
             FROM fresh f
            CROSS JOIN LATERAL unnest(CASE f.stage WHEN 'draft' THEN ARRAY[f.us_firm] ELSE ARRAY[f.us_firm, f.them_firm] END) firm)
         SELECT count(*) FROM made"
    )
}

/// Makes the introductions of these numbers, spread over so many partnerships, of which the first is
/// given; with each its client, its history, its external ids, the consent and the changes. Gives
/// how many were not there.
pub(super) async fn insert_introductions(
    tx: &Tx,
    (first, last): (i64, i64),
    partnerships: i64,
    anchor: Uuid,
) -> ApiResult<i64> {
    let insert = InsertIntroductions {
        first,
        last,
        partnerships,
        anchor,
    };
    Ok(insert.get_result(&mut &**tx).await?)
}

statement! {
    /// Of six in a partnership every third was given by the recipient; the other party has confirmed four of
    /// them, and declined one.
    InsertContributions { first: i64 => BigInt, last: i64 => BigInt, anchor: Uuid => SqlUuid } -> BigInt,
    concat!(
        "WITH item AS MATERIALIZED (
           SELECT ", id!("contribution", "(n * 6 + k)"), " AS id, p.id AS partnership_id, stands.state, timestamptz '2024-01-15 09:00:00+00' + k * interval '55 days' AS at,
                  ", pick!("k", "4", "advice teaching content other"), " AS kind,
                  CASE WHEN k % 3 = 2 THEN p.recipient_firm_id ELSE p.proposer_firm_id END AS us_firm,
                  CASE WHEN k % 3 = 2 THEN p.recipient_lead_id ELSE p.proposer_lead_id END AS us_lead,
                  CASE WHEN k % 3 = 2 THEN p.proposer_firm_id ELSE p.recipient_firm_id END AS them_firm,
                  CASE WHEN k % 3 = 2 THEN p.proposer_lead_id ELSE p.recipient_lead_id END AS them_lead
             FROM generate_series($1, $2) n
            CROSS JOIN generate_series(0, 5) k
            CROSS JOIN LATERAL (SELECT ", pick!("k", "6", "confirmed confirmed confirmed declined confirmed proposed"), " AS state) stands
             JOIN partnerships p ON p.id = CASE n WHEN 1 THEN $3 ELSE ", id!("partnership", "n"), " END),
         made AS (
           INSERT INTO contributions (id, partnership_id, by_firm_id, to_firm_id, kind, words, happened_on, state, reason,
                                      recorded_by, answered_by, answered_at, created_at, updated_at, version)
           SELECT id, partnership_id, us_firm, them_firm, kind, 'On the taxes of those who sell.', (at AT TIME ZONE 'UTC')::date, state,
                  CASE state WHEN 'declined' THEN 'That was paid for.' END, us_lead,
                  CASE WHEN state <> 'proposed' THEN them_lead END, CASE WHEN state <> 'proposed' THEN at END, at, at,
                  CASE state WHEN 'proposed' THEN 1 ELSE 2 END
             FROM item ON CONFLICT DO NOTHING RETURNING id),
         told AS (
           INSERT INTO changes (firm_id, kind, resource_id, action, version, partnership_id, actor_id, at)
           SELECT firm, 'contribution', i.id, CASE i.state WHEN 'proposed' THEN 'created' WHEN 'declined' THEN 'decline' ELSE 'confirm' END,
                  CASE i.state WHEN 'proposed' THEN 1 ELSE 2 END, i.partnership_id,
                  CASE i.state WHEN 'proposed' THEN i.us_lead ELSE i.them_lead END, i.at
             FROM item i JOIN made USING (id) CROSS JOIN LATERAL unnest(ARRAY[i.us_firm, i.them_firm]) firm)
         SELECT count(*) FROM made"
    )
}

/// Makes what was given besides clients in the partnerships of these numbers, of which the first is given.
pub(super) async fn insert_contributions(
    tx: &Tx,
    (first, last): (i64, i64),
    anchor: Uuid,
) -> ApiResult<i64> {
    let insert = InsertContributions {
        first,
        last,
        anchor,
    };
    Ok(insert.get_result(&mut &**tx).await?)
}

/// The tables that are filled here, as PostgreSQL's planner is to learn what is in them.
pub(super) const ANALYSES: [&str; 11] = [
    "ANALYZE firms",
    "ANALYZE members",
    "ANALYZE partnerships",
    "ANALYZE clients",
    "ANALYZE client_external_ids",
    "ANALYZE consents",
    "ANALYZE introductions",
    "ANALYZE introduction_external_ids",
    "ANALYZE introduction_stages",
    "ANALYZE contributions",
    "ANALYZE changes",
];

/// Carries one of [`ANALYSES`] out, on a fifth of the usual sample: the usual one of a large table
/// that is not in memory takes longer than a statement may.
pub(super) async fn analyse(tx: &Tx, analysis: &'static str) -> ApiResult<()> {
    diesel::sql_query("SET LOCAL default_statistics_target = 20")
        .execute(&mut &**tx)
        .await?;
    diesel::sql_query(analysis).execute(&mut &**tx).await?;
    Ok(())
}
