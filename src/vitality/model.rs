//! What the gauge looks like, and what it is made of.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::parts::{self, Rhythm, VitalityLevel, VitalityPartName};
use super::store;
use crate::meetings::{self, Conversations};
use crate::parties::{PartnershipState, Party};
use crate::plan::{self, Plan, PlanSection, SectionBody};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::reciprocity::{self, BalanceTerms, Ledger, Records, Verdict, Window, share};
use crate::timelines::{self, PromiseCounts};
use crate::touchpoints;

/// For how many days back promises are looked at.
const PROMISE_DAYS: i64 = 90;
/// For how many days back conversations are looked at.
const TALK_DAYS: i64 = 56;

/// A part of the gauge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VitalityPart {
    /// Which part.
    pub part: VitalityPartName,
    /// How much it counts, against the others.
    pub weight: i32,
    /// 0 to 1; `null` where the records say too little, and then it does not count.
    #[schema(minimum = 0, maximum = 1)]
    pub score: Option<f64>,
    /// The evidence, in a sentence.
    pub words: String,
    /// Where the records behind it are read: a relative address.
    pub records: String,
}

/// How active the two are, against their own past.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VitalityRhythm {
    /// The last date, in UTC, on which either did something that both see.
    pub last_active_on: Option<Date>,
    /// The last one on which your party did.
    pub last_active_of_us_on: Option<Date>,
    /// The last one on which the other did.
    pub last_active_of_them_on: Option<Date>,
    /// The days since the last one.
    pub silent_days: Option<i64>,
    /// The gap in days that nine of ten gaps of the past do not exceed; `null` with fewer than five gaps.
    pub usual_gap_days: Option<i64>,
    /// The longest silence that is no lapse.
    pub allowance_days: Option<i64>,
}

/// How alive a partnership is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Vitality {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The date in UTC by which it is told.
    pub today_on: Date,
    /// In a word.
    pub level: VitalityLevel,
    /// When it was first found so; `null` where it has turned since it was last judged.
    pub turned_at: Option<Timestamp>,
    /// 0 to 1: the mean of the parts that are known, by their weights.
    #[schema(minimum = 0, maximum = 1)]
    pub gauge: Option<f64>,
    /// Whether it has lapsed: silent for longer than three of its usual gaps.
    pub has_lapsed: bool,
    /// How active the two are.
    pub rhythm: VitalityRhythm,
    /// Each part, with its evidence.
    pub parts: Vec<VitalityPart>,
}

/// Looks at all parts of a partnership, as a party sees it.
pub async fn look(conn: &Conn, party: &Party, now: Timestamp) -> ApiResult<Vitality> {
    let today = now.date_in(&TimeZone::utc());
    let year = Window::of(None, None, now)?;
    let due = Window {
        from: today.plus_days(-PROMISE_DAYS),
        to: today,
    };
    // Sent together, they take one round trip.
    let id = party.partnership_id;
    let (days, promises, plan, ledgers, last, spoken, meal, numbers) = futures_util::try_join!(
        store::list_active_days(conn, party, now),
        timelines::promises_kept(conn, party, due),
        plan::find(conn, party),
        reciprocity::ledger(conn, party, year),
        store::find_last(conn, id),
        meetings::conversations_kept(conn, party.us, id, now),
        touchpoints::last_shared_meal(conn, id, party.us),
        store::numbers(conn, party)
    )?;
    let rhythm = Rhythm::of(&days, today);
    let has_lapsed = party.state == PartnershipState::Active && rhythm.has_lapsed();
    let parts = vec![
        pace(party, &rhythm),
        agreed(party, &plan),
        kept(party, promises, due),
        balanced(party, &ledgers.total(), reciprocity::terms(&plan), year),
        talking(party, &spoken, today),
        eating(party, meal, cadence(&plan), today),
        reachable(party, numbers),
    ];
    let scores: Vec<_> = parts.iter().map(|part| (part.part, part.score)).collect();
    let gauge = parts::gauge(&scores);
    let level = parts::level(gauge, has_lapsed);
    let allowance_days = rhythm.allowance();
    let [last_of_us, last_of_them] = rhythm.last_of;
    Ok(Vitality {
        partnership_id: party.partnership_id,
        today_on: today,
        level,
        turned_at: last
            .filter(|last| last.level == level)
            .map(|last| last.since),
        gauge,
        has_lapsed,
        rhythm: VitalityRhythm {
            last_active_on: rhythm.last.map(|last| last.on),
            last_active_of_us_on: last_of_us,
            last_active_of_them_on: last_of_them,
            silent_days: rhythm.silence,
            usual_gap_days: rhythm.usual,
            allowance_days,
        },
        parts,
    })
}

fn part(
    part: VitalityPartName,
    score: Option<f64>,
    words: String,
    records: String,
) -> VitalityPart {
    VitalityPart {
        part,
        weight: part.weight(),
        score,
        words,
        records,
    }
}

fn pace(party: &Party, rhythm: &Rhythm) -> VitalityPart {
    let words = match (rhythm.silence, rhythm.usual) {
        (None, _) => "Nothing has happened yet.".to_owned(),
        (Some(silence), None) => format!(
            "Silent for {silence} days; {} gaps are too few to tell the usual one.",
            rhythm.gaps
        ),
        (Some(silence), Some(usual)) => format!(
            "Silent for {silence} days; nine of ten gaps of the past were of {usual} days at most."
        ),
    };
    let records = format!("/v1/introductions?partnership_id={}", party.partnership_id);
    part(VitalityPartName::Pace, rhythm.score(), words, records)
}

fn agreed(party: &Party, plan: &Plan) -> VitalityPart {
    let count = |is: fn(&crate::plan::PlanSectionStanding) -> bool| {
        plan.sections.iter().filter(|one| is(one)).count()
    };
    let in_force = count(|one| one.in_force.is_some());
    let waived = count(|one| one.in_force.is_none() && one.is_waived);
    let all = PlanSection::ALL.len();
    let score = parts::plan(in_force, waived, all);
    let words =
        format!("Of {all} sections {in_force} are in force and {waived} are waived by both.");
    let records = format!("/v1/partnerships/{}/plan", party.partnership_id);
    part(VitalityPartName::Plan, score, words, records)
}

fn kept(party: &Party, [us, them]: [PromiseCounts; 2], window: Window) -> VitalityPart {
    let score = share(us.kept + them.kept, us.due + them.due);
    let words = format!(
        "Of the promises that fell due in {PROMISE_DAYS} days, your party kept {} of {}, the other {} of {}.",
        us.kept, us.due, them.kept, them.due
    );
    let Window { from, to } = window;
    let records = format!(
        "/v1/action-steps?partnership_id={}&promised_from={from}&promised_to={to}",
        party.partnership_id
    );
    part(VitalityPartName::Promises, score, words, records)
}

/// Of the last eight weeks, this one among them.
fn talking(party: &Party, spoken: &Conversations, today: Date) -> VitalityPart {
    let since = today.monday().plus_days(7 - TALK_DAYS);
    let weeks = || spoken.weeks.iter().filter(|week| week.week_on >= since);
    let (due, kept) = (weeks().count(), weeks().filter(|week| week.kept).count());
    let count = |number: usize| i64::try_from(number).unwrap_or_default();
    let words = match due {
        0 => "No conversation was due in the last eight weeks.".to_owned(),
        _ => format!("Of the last eight weeks {due} had a conversation due, and {kept} had one."),
    };
    let records = format!("/v1/partnerships/{}/conversations", party.partnership_id);
    let score = share(count(kept), count(due));
    part(VitalityPartName::Conversations, score, words, records)
}

fn eating(party: &Party, last_on: Option<Date>, cadence: Option<i64>, today: Date) -> VitalityPart {
    let days_ago = last_on.map(|on| on.days_until(today).max(0));
    let score = cadence.map(|cadence| days_ago.map_or(0.0, |days| parts::meals(days, cadence)));
    let agreed = match cadence {
        None => "how often is not agreed".to_owned(),
        Some(days) => format!("every {days} days are agreed"),
    };
    let words = match days_ago {
        None => format!("No meal was shared yet; {agreed}."),
        Some(days) => format!("The last meal was shared {days} days ago; {agreed}."),
    };
    let records = format!("/v1/partnerships/{}/touchpoints", party.partnership_id);
    part(VitalityPartName::Meals, score, words, records)
}

/// How many days may pass between two meals, as agreed.
fn cadence(plan: &Plan) -> Option<i64> {
    let protocol = plan
        .sections
        .iter()
        .find(|one| one.section == PlanSection::CommunicationProtocol)?;
    match &protocol.in_force.as_ref()?.body {
        SectionBody::CommunicationProtocol(protocol) => {
            Some(protocol.meal_cadence.as_ref()?.days())
        }
        _ => None,
    }
}

fn reachable(party: &Party, told: [bool; 2]) -> VitalityPart {
    let words = match told {
        [true, true] => "Each party has a number of the other.",
        [true, false] => "Your party has told a number, the other has not.",
        [false, true] => "The other party has told a number, yours has not.",
        [false, false] => "No numbers were exchanged.",
    };
    let records = format!("/v1/partnerships/{}/contacts", party.partnership_id);
    let score = parts::numbers(told);
    part(VitalityPartName::Numbers, score, words.to_owned(), records)
}

fn balanced(party: &Party, ledger: &Ledger, terms: BalanceTerms, window: Window) -> VitalityPart {
    let threshold = terms.threshold;
    let counts = ledger.verdict(&terms) != Verdict::TooFew;
    let balance = ledger.balance(terms.measure).filter(|_| counts);
    let words = match balance {
        None => "Too little was given for a verdict.".to_owned(),
        Some(balance) => format!("The balance is {balance:.2}, by a threshold of {threshold:.2}."),
    };
    let score = balance.map(|balance| parts::balance(balance, threshold));
    let id = party.partnership_id;
    let records = Records {
        partnership_id: Some(id),
        window,
    };
    part(VitalityPartName::Balance, score, words, records.report(id))
}
