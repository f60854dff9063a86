//! Two firms that work together: a wealth advisor and an accountant, with a dozen introductions in
//! every stage and a timeline.

use uuid::Uuid;

use super::{foundation, together};
use crate::action_steps::{self, ConversationChannel, CreateActionStep, StepKind};
use crate::clients::{self, ClientFields};
use crate::introductions::{self, CreateIntroduction};
use crate::members::{self, Member};
use crate::parties::{self, Party, Side};
use crate::partnerships::{self, ProposePartnership};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Role, Who, passwords};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{self, EmailAddress, Name, TimeZone};
use crate::sign_up::{self, Founding, SignUpFirmDetails, SignedUp};

pub(super) const ADVISOR: &str = "ana@redmesa.example";
pub(super) const ACCOUNTANT: &str = "dana@hartwell.example";
pub(super) const PASSWORD: &str = "a demo pass phrase";

/// The demo data, and how to try it.
#[derive(Debug)]
pub struct Demo {
    email: &'static str,
    password: &'static str,
}

impl Demo {
    /// What to open and what to paste.
    pub fn how_to_try(&self, url: &str) -> String {
        let Self { email, password } = self;
        format!(
            "\nQuid serves at {url}\n\
             \n  Docs      {url}/docs/\n  Sign in   {email} / {password}\n  Try it    \
             curl -s {url}/v1/introductions -H \"Authorization: Bearer $(curl -s {url}/v1/sessions \
             -H 'Content-Type: application/json' -d '{{\"email\":\"{email}\",\"password\":\"{password}\"}}' \
             | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\"\n"
        )
    }
}

/// Makes the demo firms where they are not there yet.
pub async fn ensure(app: &App) -> ApiResult<Demo> {
    let advisor = email(ADVISOR)?;
    let found = app
        .db
        .read(async |conn| members::find_by_email(conn, &advisor).await)
        .await?;
    if found.is_none() {
        make(app).await?;
    }
    Ok(Demo {
        email: ADVISOR,
        password: PASSWORD,
    })
}

fn email(text: &str) -> ApiResult<EmailAddress> {
    text.parse()
        .map_err(|_| Error::broken("a demo address is no address"))
}

pub(super) fn zone() -> ApiResult<TimeZone> {
    "America/Denver"
        .parse()
        .map_err(|_| Error::broken("a demo zone is no zone"))
}

pub(super) fn name(text: &str) -> ApiResult<Name> {
    text.parse()
        .map_err(|_| Error::broken("a demo name is no name"))
}

async fn make(app: &App) -> ApiResult<()> {
    let hash = passwords::hash(PASSWORD.into()).await?;
    // The first phone number takes seconds in a debug build, for which no transaction is kept waiting.
    let warm = tokio::task::spawn_blocking(values::warm_up).await;
    warm.map_err(|error| Error::broken(error.to_string()))?;
    app.db
        .write(async |tx| {
            let names = ("Red Mesa Wealth", "Ana Ruiz", ADVISOR);
            let ana = caller(&found(tx, app, names, &hash).await?.admin);
            let names = ("Hartwell & Lowe CPAs", "Dana Hartwell", ACCOUNTANT);
            let dana = caller(&found(tx, app, names, &hash).await?.admin);
            let body = ProposePartnership {
                id: None,
                email: email(ACCOUNTANT)?,
                message: Some("Shall we put our introductions on a footing?".to_owned()),
            };
            let proposed = partnerships::propose(tx, app, &ana, &body).await?;
            let now = app.clock.now();
            let accepted = partnerships::accept(tx, &dana, &proposed, now).await?;
            foundation::agree(tx, app, (&ana, &dana), proposed.id).await?;
            partnerships::activate(tx, &dana, &accepted, now).await?;
            let offered = introduce(tx, app, &ana, proposed.id).await?;
            plan(tx, app, &ana, proposed.id, offered).await?;
            let (ours, theirs) = (party(tx, &ana, proposed.id), party(tx, &dana, proposed.id));
            let (ours, theirs) = (ours.await?, theirs.await?);
            together::work(tx, app, (&ana, &ours), (&dana, &theirs)).await
        })
        .await
}

/// A party of the demo partnership.
pub(super) async fn party(tx: &Tx, caller: &Caller, partnership_id: Uuid) -> ApiResult<Party> {
    let party = parties::find(tx, partnership_id, caller.firm_id).await?;
    party.ok_or_else(|| Error::broken("the demo partnership vanished"))
}

async fn found(
    tx: &Tx,
    app: &App,
    (firm, admin, address): (&str, &str, &str),
    password_hash: &str,
) -> ApiResult<SignedUp> {
    let zone = zone()?;
    let details = SignUpFirmDetails {
        name: name(firm)?,
        time_zone: zone,
        country: "US".parse().ok(),
    };
    let founding = Founding {
        firm: &details,
        admin_name: &name(admin)?,
        email: email(address)?,
        password_hash: password_hash.to_owned(),
    };
    sign_up::found(tx, app, founding).await
}

fn caller(member: &Member) -> Caller {
    let who = Who::Member {
        member_id: member.id,
        role: Role::Admin,
    };
    Caller {
        firm_id: member.firm_id,
        who,
        credential_id: Uuid::nil(),
    }
}

const CLIENTS: [(&str, i64, &str); 12] = [
    ("Mary Greene", 1_250_000, "business_owner"),
    ("Carl Harvey", 480_000, "retiring_soon"),
    ("Amy Diaz", 2_100_000, "business_owner"),
    ("Anna Kelly", 760_000, "widowed"),
    ("Owen Price", 3_400_000, "selling_a_practice"),
    ("Ruth Chang", 950_000, "retiring_soon"),
    ("Luis Ortega", 1_800_000, "business_owner"),
    ("Nina Patel", 640_000, "new_parent"),
    ("Hugo Weiss", 5_200_000, "selling_a_practice"),
    ("Ines Moreau", 1_100_000, "expatriate"),
    ("Tom Becker", 870_000, "retiring_soon"),
    ("Sara Lund", 2_700_000, "business_owner"),
];

/// Introduces some, and gives the first that is offered.
async fn introduce(
    tx: &Tx,
    app: &App,
    ana: &Caller,
    partnership_id: Uuid,
) -> ApiResult<Option<Uuid>> {
    let party = party(tx, ana, partnership_id).await?;
    let mut first = None;
    for (place, (client, assets, quality)) in CLIENTS.into_iter().enumerate() {
        let fields = ClientFields {
            name: name(client)?,
            email: client
                .to_lowercase()
                .replace(' ', ".")
                .parse::<String>()
                .ok()
                .and_then(|local| format!("{local}@mail.example").parse().ok()),
            phone: Some(format!("(303) 555-01{place:02}")),
            notes: None,
            attributes: [("investable_assets".to_owned(), assets.into())].into(),
            traits: vec![quality.to_owned()],
            distinct_person: false,
        };
        let made = clients::create(tx, app, ana, None, &fields).await?;
        let body = CreateIntroduction {
            id: None,
            client_id: made.id,
            summary: Some("Needs tax advice before the end of the year.".to_owned()),
            expected_value: None,
            previous_id: None,
        };
        let drafted = introductions::draft(tx, app, ana, &party, &body).await?;
        if place % 2 == 0 {
            let offered = introductions::offer(tx, app, ana, &drafted).await?;
            first = first.or(Some(offered.id));
        }
    }
    Ok(first)
}

async fn plan(
    tx: &Tx,
    app: &App,
    ana: &Caller,
    partnership_id: Uuid,
    offered: Option<Uuid>,
) -> ApiResult<()> {
    let party = party(tx, ana, partnership_id).await?;
    let today = app.clock.now().date_in(&TimeZone::utc());
    let steps = [
        (
            Side::Us,
            StepKind::Internal,
            "Draft the combined core story",
            5,
        ),
        (
            Side::Them,
            StepKind::Internal,
            "Comment on the core story",
            9,
        ),
        (
            Side::Us,
            StepKind::ClientConversation,
            "Speak to the first about tax planning",
            14,
        ),
        (
            Side::Them,
            StepKind::FollowUp,
            "Report what became of the first meetings",
            28,
        ),
    ];
    for (owner, kind, title, days) in steps {
        let talks = kind == StepKind::ClientConversation;
        let step = CreateActionStep {
            id: None,
            owner,
            owner_member_id: None,
            introduction_id: offered.filter(|_| talks),
            kind,
            channel: talks.then_some(ConversationChannel::Phone),
            topic: talks.then(|| "Tax planning before the end of the year".to_owned()),
            follows_id: None,
            section: None,
            title: title.to_owned(),
            detail: None,
            due_on: Some(today.plus_days(days)),
            length_days: None,
            after: Vec::new(),
        };
        action_steps::create(tx, app, ana, &party, &step).await?;
    }
    Ok(())
}
