//! The foundation of the demo partnership, as two firms would come to it: proposed, countered, agreed.

use uuid::Uuid;

use super::story::party;
use crate::parties::{Party, Side};
use crate::plan::{
    self, BalanceMeasure, BusinessPart, BusinessUnderstanding, BusinessUnderstandingSection,
    ClientProfile, CommunicationProtocol, CommunicationProtocolSection, ConversationMembers,
    DecidePlan, Decision, DiscoveryConversation, FigureCriterion, IdealClient, IdealClientSection,
    MetricDirection, MetricKind, PlanVersion, RampPoint, SectionBody, SuccessDefinition,
    SuccessDefinitionSection, SuccessMetric, TraitCriterion, Weekday,
};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Date, Period, TimeZone};

/// Lays it, section by section, with the decisions of both.
pub(super) async fn agree(
    tx: &Tx,
    app: &App,
    (ana, dana): (&Caller, &Caller),
    partnership_id: Uuid,
) -> ApiResult<()> {
    let today = app.clock.now().date_in(&TimeZone::utc());
    let a = party(tx, ana, partnership_id).await?;
    let b = party(tx, dana, partnership_id).await?;

    let first = understanding([Some(wealth(false)), None], today)?;
    let proposed = propose(tx, app, (ana, &a), &first, None).await?;
    let answer = understanding([Some(tax(true)), Some(wealth(false))], today)?;
    let countered = propose(tx, app, (dana, &b), &answer, Some(proposed.id)).await?;
    let whole = understanding([Some(wealth(true)), Some(tax(true))], today)?;
    let last = propose(tx, app, (ana, &a), &whole, Some(countered.id)).await?;
    plan::agree(tx, app, dana, &last, app.clock.now()).await?;

    let first = ideal([Some(served_by_wealth()), None]);
    let proposed = propose(tx, app, (ana, &a), &first, None).await?;
    let answer = ideal([Some(served_by_tax()), Some(served_by_wealth())]);
    let countered = propose(tx, app, (dana, &b), &answer, Some(proposed.id)).await?;
    plan::agree(tx, app, ana, &countered, app.clock.now()).await?;

    let proposed = propose(tx, app, (ana, &a), &success(today), None).await?;
    plan::agree(tx, app, dana, &proposed, app.clock.now()).await?;

    let weekly = conversation([ana.actor_id(), dana.actor_id()])?;
    let proposed = propose(tx, app, (ana, &a), &weekly, None).await?;
    plan::agree(tx, app, dana, &proposed, app.clock.now()).await?;

    for (caller, party, reason) in [
        (
            ana,
            &a,
            "A third of our clients will sell a business within ten years.",
        ),
        (
            dana,
            &b,
            "Our clients ask whom they can trust with the proceeds.",
        ),
    ] {
        let now = app.clock.now();
        let body = DecidePlan {
            id: None,
            decision: Decision::Proceed,
            reason: reason.to_owned(),
        };
        plan::decide(tx, caller, (app.ids.id(now), party), &body, now).await?;
    }
    Ok(())
}

async fn propose(
    tx: &Tx,
    app: &App,
    (caller, party): (&Caller, &Party),
    body: &SectionBody,
    counters_id: Option<Uuid>,
) -> ApiResult<PlanVersion> {
    let now = app.clock.now();
    let draft = plan::draft(tx, caller, (app.ids.id(now), party), body, now).await?;
    plan::propose(tx, caller, &draft, counters_id, now).await
}

fn understanding(parts: [Option<BusinessPart>; 2], today: Date) -> ApiResult<SectionBody> {
    let [us, them] = parts;
    let attendees = ["Ana Ruiz", "Dana Hartwell"].map(super::story::name);
    Ok(SectionBody::BusinessUnderstanding(BusinessUnderstanding {
        section: BusinessUnderstandingSection::BusinessUnderstanding,
        us,
        them,
        conversation: Some(DiscoveryConversation {
            held_on: today.plus_days(-14),
            attendees: attendees.into_iter().collect::<ApiResult<_>>()?,
        }),
        alignment: Some(
            "What a sale leaves after tax is what there is to invest: the two plans are one."
                .to_owned(),
        ),
    }))
}

fn wealth(confirms_other: bool) -> BusinessPart {
    BusinessPart {
        business: "Wealth management for owners of small companies and their families.".to_owned(),
        value_proposition: "One plan for the years before a sale and the decades after it."
            .to_owned(),
        benefit_to_own_clients: "Our clients learn what a sale costs in tax before they sign."
            .to_owned(),
        confirms_other,
    }
}

fn tax(confirms_other: bool) -> BusinessPart {
    BusinessPart {
        business: "Tax and accounts for partnerships and family companies.".to_owned(),
        value_proposition: "The same partner from the first account to the succession.".to_owned(),
        benefit_to_own_clients: "Our clients know what they can live on once they have sold."
            .to_owned(),
        confirms_other,
    }
}

fn ideal(parts: [Option<ClientProfile>; 2]) -> SectionBody {
    let [us, them] = parts;
    SectionBody::IdealClient(IdealClient {
        section: IdealClientSection::IdealClient,
        us,
        them,
        combined: None,
    })
}

fn served_by_wealth() -> ClientProfile {
    profile(
        "Owners with something to invest.",
        500_000.0,
        3,
        "business_owner",
    )
}

fn served_by_tax() -> ClientProfile {
    profile(
        "Whoever is about to sell.",
        250_000.0,
        1,
        "selling_a_practice",
    )
}

fn profile(summary: &str, least: f64, weight: i16, wanted: &str) -> ClientProfile {
    ClientProfile {
        summary: Some(summary.to_owned()),
        figures: vec![FigureCriterion {
            attribute: "investable_assets".to_owned(),
            min: Some(least),
            max: None,
            unit: Some("USD".to_owned()),
            weight,
            required: true,
        }],
        traits: vec![TraitCriterion {
            name: wanted.to_owned(),
            wanted: true,
            weight: 2,
            required: false,
        }],
    }
}

fn conversation([ana, dana]: [Uuid; 2]) -> ApiResult<SectionBody> {
    let broken = |_| Error::broken("a demo period is none");
    let period = |text: &str| text.parse::<Period>().map_err(broken);
    Ok(SectionBody::CommunicationProtocol(CommunicationProtocol {
        section: CommunicationProtocolSection::CommunicationProtocol,
        weekday: Weekday::Tuesday,
        time: "09:30".to_owned(),
        time_zone: super::story::zone()?,
        minutes: 30,
        members: ConversationMembers {
            us: vec![ana],
            them: vec![dana],
        },
        document_period: period("P3M")?,
        meal_cadence: Some(period("P1M")?),
        imbalance_threshold: 0.5,
        balance_measure: BalanceMeasure::Accepted,
        first_answer_target: period("P7D")?,
    }))
}

fn success(today: Date) -> SectionBody {
    let metric = |key: &str, name: &str, party: Side, target: i64| SuccessMetric {
        key: key.to_owned(),
        name: name.to_owned(),
        kind: MetricKind::IntroductionsGiven,
        party: Some(party),
        target,
        currency: None,
        starts_on: today,
        ends_on: today.plus_days(365),
        direction: MetricDirection::AtLeast,
        ramp: vec![RampPoint {
            due_on: today.plus_days(180),
            target: target / 4,
        }],
    };
    SectionBody::SuccessDefinition(SuccessDefinition {
        section: SuccessDefinitionSection::SuccessDefinition,
        expectations: Some(
            "A slow first half, then one introduction a month from each side.".to_owned(),
        ),
        metrics: vec![
            metric("given_by_us", "Introductions by Red Mesa", Side::Us, 12),
            metric(
                "given_by_them",
                "Introductions by Hartwell & Lowe",
                Side::Them,
                8,
            ),
            SuccessMetric {
                kind: MetricKind::Custom,
                party: None,
                ..metric("articles", "Articles written together", Side::Us, 4)
            },
        ],
    })
}
