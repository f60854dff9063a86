//! How the two demo firms work together: whom to call, when they spoke and ate, what to speak about next, and the
//! playbook of their first quarter.

use uuid::Uuid;

use super::story::name;
use crate::contacts::{self, CallReason, ContactFields, ContactReason};
use crate::meetings::{self, CreateAgendaItem, CreateMeeting, MeetingAttendance, MeetingTopic};
use crate::parties::{Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Money, TimeZone};
use crate::playbooks::{
    self, ApplyPlaybook, PlaybookOwner, PlaybookPredecessor, PlaybookStep, PlaybookSubject, Script,
};
use crate::touchpoints::{
    self, Content, NewTouchpointGuest, TouchpointKind, TouchpointState, TouchpointVisibility,
};
use crate::work_calendar::{Lag, LagUnit};

/// A caller and the party that it speaks for.
type Speaker<'a> = (&'a Caller, &'a Party);

/// Writes it all down.
pub(super) async fn work(tx: &Tx, app: &App, ana: Speaker<'_>, dana: Speaker<'_>) -> ApiResult<()> {
    name_teammates(tx, app, ana, dana).await?;
    eat(tx, app, ana, dana.0.actor_id()).await?;
    speak(tx, app, ana, dana).await?;
    lay_out(tx, app, ana).await
}

async fn name_teammates(tx: &Tx, app: &App, ana: Speaker<'_>, dana: Speaker<'_>) -> ApiResult<()> {
    let reason = |reason, detail: &str| ContactReason {
        reason,
        detail: Some(detail.to_owned()),
    };
    let tax = reason(CallReason::Tax, "Sales of companies, and trusts.");
    let papers = reason(CallReason::Documents, "Returns and engagement letters.");
    let dates = reason(CallReason::Scheduling, "First meetings, in both offices.");
    let investing = reason(CallReason::Investments, "What becomes of the proceeds.");
    let teammates = [
        (
            dana,
            "Nora Lindt",
            "Tax manager",
            "nora@hartwell.example",
            vec![tax, papers],
        ),
        (
            ana,
            "Otis Lane",
            "Client associate",
            "otis@redmesa.example",
            vec![dates, investing],
        ),
    ];
    for ((caller, party), who, role, email, reasons) in teammates {
        let now = app.clock.now();
        let fields = ContactFields {
            member_id: None,
            name: name(who)?,
            role: role.to_owned(),
            email: email.parse().ok(),
            phone: None,
            reasons,
            preference: 1,
            away_from_on: None,
            away_to_on: None,
        };
        contacts::create(tx, caller, (app.ids.id(now), party), &fields, now).await?;
    }
    Ok(())
}

async fn eat(tx: &Tx, app: &App, (ana, party): Speaker<'_>, dana: Uuid) -> ApiResult<()> {
    let now = app.clock.now();
    let currency = "USD".parse();
    let currency = currency.map_err(|_| Error::broken("a demo currency is none"))?;
    let lunch = Content {
        kind: TouchpointKind::Meal,
        state: TouchpointState::Held,
        planned_on: None,
        happened_on: Some(now.date_in(&TimeZone::utc()).plus_days(-9)),
        place: Some("The Grange".to_owned()),
        note: Some("Both started out in the same town.".to_owned()),
        visibility: TouchpointVisibility::Shared,
        cost: Some(Money {
            amount_minor: 8_400,
            currency,
        }),
        paid_by: Some(Side::Us),
        guests: vec![NewTouchpointGuest {
            side: Side::Them,
            member_id: Some(dana),
            name: None,
        }],
    };
    touchpoints::create(tx, ana, (app.ids.id(now), party), &lunch, now).await?;
    Ok(())
}

async fn speak(tx: &Tx, app: &App, ana: Speaker<'_>, dana: Speaker<'_>) -> ApiResult<()> {
    const DAYS_AGO: i64 = 6;
    let now = app.clock.now();
    let spoke = CreateMeeting {
        id: None,
        starts_at: None,
        held_at: Some(now.plus_seconds(-DAYS_AGO * 24 * 3600)),
        length_minutes: None,
        attendance: Some(MeetingAttendance {
            us: vec![ana.0.actor_id()],
            them: vec![dana.0.actor_id()],
        }),
        topics: Some(vec![MeetingTopic::Introductions, MeetingTopic::CoreStory]),
        minutes_text: Some("Each names six clients to start with.".to_owned()),
    };
    meetings::enter(tx, ana.0, (app.ids.id(now), ana.1), &spoke, now).await?;
    let items = [
        (dana, "Who speaks first at the seminar in May?", false),
        (ana, "A shared letter at the turn of the year", false),
        (ana, "An office day at each other's place", true),
    ];
    for ((caller, party), title, parked) in items {
        let now = app.clock.now();
        let item = CreateAgendaItem {
            id: None,
            title: title.to_owned(),
            detail: None,
            topic: Some(MeetingTopic::Team),
            meeting_id: None,
            parked,
        };
        meetings::bring_up(tx, caller, (app.ids.id(now), party), &item, now).await?;
    }
    Ok(())
}

async fn lay_out(tx: &Tx, app: &App, (ana, party): Speaker<'_>) -> ApiResult<()> {
    let now = app.clock.now();
    let script = first_quarter()?;
    let playbook = playbooks::create(tx, ana, app.ids.id(now), &script, now).await?;
    let wanted = ApplyPlaybook {
        id: None,
        playbook_id: playbook.id,
        introduction_id: None,
        start_on: now.date_in(&TimeZone::utc()),
    };
    playbooks::apply(tx, app, ana, party, &wanted).await?;
    Ok(())
}

fn first_quarter() -> ApiResult<Script> {
    use PlaybookOwner::{Partner, Us};
    let after = |keys: &[&str], count| {
        let keys = keys.iter().map(|key| PlaybookPredecessor {
            key: Some((*key).to_owned()),
            lag: Lag {
                count,
                unit: LagUnit::BusinessDays,
            },
        });
        keys.collect::<Vec<_>>()
    };
    let steps = [
        (
            "rules",
            Us,
            "Write down who calls the client first",
            2,
            Vec::new(),
        ),
        (
            "ours",
            Us,
            "Name ten clients who may need tax advice",
            5,
            after(&["rules"], 0),
        ),
        (
            "theirs",
            Partner,
            "Name ten clients who will have something to invest",
            5,
            after(&["rules"], 0),
        ),
        (
            "compare",
            Us,
            "Go through both lists together",
            1,
            after(&["ours", "theirs"], 3),
        ),
        (
            "review",
            Partner,
            "Say what the first quarter was like",
            1,
            after(&["compare"], 40),
        ),
    ];
    let steps = steps.map(|(key, owner, title, length_days, after)| PlaybookStep {
        key: key.to_owned(),
        title: title.to_owned(),
        detail: None,
        owner,
        kind: crate::action_steps::StepKind::Internal,
        channel: None,
        topic: None,
        after,
        length_days,
    });
    Ok(Script {
        name: name("The first quarter together")?,
        description: Some("How we begin with every new partner.".to_owned()),
        applies_to: PlaybookSubject::Partnership,
        skips_days_off: true,
        steps: steps.into(),
    })
}
