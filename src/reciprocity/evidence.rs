//! Gathers what the balance is told by and what the diagnosis judges by.

use super::diagnosis::{Evidence, Sections, Standing};
use super::model::{Agreed, BalanceTerms};
use super::store;
use super::window::Window;
use crate::parties::Party;
use crate::plan::{self, Plan, PlanSection, PlanSectionStanding, SectionBody};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{TimeZone, Timestamp};

/// What the records of a partnership show, and what its parties agreed of their balance.
pub(super) async fn gather(
    conn: &Conn,
    party: &Party,
    window: Window,
    now: Timestamp,
) -> ApiResult<(Evidence, Option<Agreed>)> {
    let today = now.date_in(&TimeZone::utc());
    let (evidence, plan) = futures_util::try_join!(
        store::find_evidence(conn, party, window, now, today),
        plan::find(conn, party)
    )?;
    let evidence = Evidence {
        sections: Some(sections(&plan)),
        ..evidence
    };
    Ok((evidence, agreed(&plan)))
}

/// How the balance of a partnership is told, by its plan.
pub fn terms(plan: &Plan) -> BalanceTerms {
    BalanceTerms::of(agreed(plan))
}

fn section(plan: &Plan, section: PlanSection) -> Option<&PlanSectionStanding> {
    plan.sections.iter().find(|one| one.section == section)
}

fn sections(plan: &Plan) -> Sections {
    let of = |name| section(plan, name).map_or(Standing::Missing, standing);
    Sections {
        business_understanding: of(PlanSection::BusinessUnderstanding),
        ideal_client: of(PlanSection::IdealClient),
        success_definition: of(PlanSection::SuccessDefinition),
        service_models: of(PlanSection::ServiceModels),
        core_story: of(PlanSection::CoreStory),
        communication_protocol: of(PlanSection::CommunicationProtocol),
    }
}

/// What is in force counts, even where both had waived it before.
fn standing(section: &PlanSectionStanding) -> Standing {
    let date = |instant: Timestamp| instant.date_in(&TimeZone::utc());
    let in_force = section.in_force.as_ref();
    if let Some(since) = in_force.and_then(|version| version.closed_at) {
        return Standing::InForce(date(since));
    }
    let waived = section.waivers.iter().map(|waiver| waiver.waived_at).max();
    match waived.filter(|_| section.is_waived) {
        Some(since) => Standing::Waived(date(since)),
        None => Standing::Missing,
    }
}

fn agreed(plan: &Plan) -> Option<Agreed> {
    let protocol = section(plan, PlanSection::CommunicationProtocol)?;
    match &protocol.in_force.as_ref()?.body {
        SectionBody::CommunicationProtocol(protocol) => Some(Agreed {
            threshold: protocol.imbalance_threshold,
            measure: protocol.balance_measure,
        }),
        _ => None,
    }
}
