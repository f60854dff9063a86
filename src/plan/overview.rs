//! Reads a whole plan: where each section stands, what is missing, and whose turn it is.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::decisions::{self, Decision, PlanDecision};
use super::foundation::{self, FoundationGap, Standing};
use super::model::{PlanVersion, VersionState};
use super::sections::PlanSection;
use super::waivers::{self, PlanWaiver};
use super::{policy, store};
use crate::parties::{self, PartnershipPath, PartnershipState, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::{ApiResult, Error, Problem, STATE_FORBIDS};
use crate::platform::http::{Action, Allowed, FoundAt, Report};

/// A plan, as one of the parties sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Plan {
    /// The partnership.
    pub partnership_id: Uuid,
    /// Where the partnership stands.
    pub partnership_state: PartnershipState,
    /// The sections, in the order in which they build on each other.
    pub sections: Vec<PlanSectionStanding>,
    /// Your party's newest decision.
    #[schema(nullable)]
    pub our_decision: Option<PlanDecision>,
    /// The other party's.
    #[schema(nullable)]
    pub their_decision: Option<PlanDecision>,
    /// Whether the foundation stands.
    pub is_ready: bool,
    /// What of the foundation does not stand yet.
    pub missing: Vec<FoundationGap>,
}

/// Where a section stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanSectionStanding {
    /// The section.
    pub section: PlanSection,
    /// Whether a partnership needs it to become active.
    pub is_foundation: bool,
    /// The version in force.
    #[schema(nullable)]
    pub in_force: Option<PlanVersion>,
    /// The proposal that waits for an answer.
    #[schema(nullable)]
    pub proposal: Option<PlanVersion>,
    /// The waivers that stand.
    pub waivers: Vec<PlanWaiver>,
    /// Whether both parties waive it.
    pub is_waived: bool,
    /// Whose turn it is; nobody's, where it is settled and nothing is proposed.
    pub waits_for: Vec<Side>,
}

impl PlanSectionStanding {
    fn of(section: PlanSection, versions: &[PlanVersion], waivers: &[PlanWaiver]) -> Self {
        let find = |state: VersionState| {
            let is_it = |one: &&PlanVersion| one.section == section && one.state == state;
            versions.iter().find(is_it).cloned()
        };
        let waivers: Vec<_> = waivers
            .iter()
            .filter(|waiver| waiver.section == section)
            .cloned()
            .collect();
        let (in_force, proposal) = (find(VersionState::Agreed), find(VersionState::Proposed));
        let standing = standing(section, in_force.as_ref(), proposal.as_ref(), &waivers);
        Self {
            section,
            is_foundation: PlanSection::FOUNDATION.contains(&section),
            is_waived: standing.is_waived(),
            waits_for: standing.waits_for(),
            in_force,
            proposal,
            waivers,
        }
    }

    fn standing(&self) -> Standing {
        let (in_force, proposal) = (self.in_force.as_ref(), self.proposal.as_ref());
        standing(self.section, in_force, proposal, &self.waivers)
    }
}

fn standing(
    section: PlanSection,
    in_force: Option<&PlanVersion>,
    proposal: Option<&PlanVersion>,
    waivers: &[PlanWaiver],
) -> Standing {
    Standing {
        section,
        is_in_force: in_force.is_some(),
        proposed_by: proposal.map(|proposal| proposal.party),
        waived_by: waivers.iter().map(|waiver| waiver.party).collect(),
    }
}

/// The plan of a party's partnership.
pub async fn find(conn: &Conn, party: &Party) -> ApiResult<Plan> {
    let of = (party.us, party.partnership_id);
    let (versions, decided, waivers) = futures_util::try_join!(
        store::list_current(conn, of),
        decisions::store::list_newest(conn, of),
        waivers::store::list_standing(conn, of),
    )?;
    let sections: Vec<_> = PlanSection::ALL
        .iter()
        .map(|section| PlanSectionStanding::of(*section, &versions, &waivers))
        .collect();
    let decision = |side: Side| decided.iter().find(|one| one.party == side).cloned();
    let (ours, theirs) = (decision(Side::Us), decision(Side::Them));
    let said = |one: &Option<PlanDecision>| -> Option<Decision> {
        one.as_ref().map(|decision| decision.decision)
    };
    let standings: Vec<_> = sections.iter().map(PlanSectionStanding::standing).collect();
    let missing = foundation::gaps(&standings, [said(&ours), said(&theirs)]);
    Ok(Plan {
        partnership_id: party.partnership_id,
        partnership_state: party.state,
        sections,
        our_decision: ours,
        their_decision: theirs,
        is_ready: missing.is_empty(),
        missing,
    })
}

impl FoundAt<PartnershipPath> for Plan {
    async fn find_at(app: &App, caller: &Caller, path: PartnershipPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| {
                let party = parties::find(conn, path.partnership_id, caller.firm_id).await?;
                match party {
                    Some(party) => Ok(Some(find(conn, &party).await?)),
                    None => Ok(None),
                }
            })
            .await
    }
}

/// Refuses what needs the foundation of a partnership where it does not stand, and says what is missing.
///
/// # Errors
/// 409 with the gaps, each with whose turn it is.
pub async fn must_stand(conn: &Conn, partnership_id: Uuid, firm_id: Uuid) -> ApiResult<()> {
    let party = parties::find(conn, partnership_id, firm_id).await?;
    let plan = find(conn, &party.ok_or_else(Problem::not_found)?).await?;
    if plan.is_ready {
        return Ok(());
    }
    let gaps = serde_json::to_value(&plan.missing);
    let gaps = gaps.map_err(|error| Error::broken(error.to_string()))?;
    let detail =
        "The foundation does not stand yet; `gaps` says what it lacks and whose turn it is.";
    let problem = Problem::new(&STATE_FORBIDS, detail)
        .with("state", PartnershipState::Exploring.as_str().into())
        .with("missing", "foundation".into())
        .with("gaps", gaps);
    Err(problem.into())
}

pub(super) struct ReadPlan;

impl Action for ReadPlan {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Plan;
}

/// Read the plan of a partnership.
///
/// Of each section what is in force, what is proposed and whose turn it is; the decisions of both; and what
/// is missing before the partnership can become active.
#[utoipa::path(tag = "plan", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadPlan::SCOPE])),
    responses((status = 200, description = "The plan.", body = Plan)))]
#[get("/v1/partnerships/{partnership_id}/plan")]
pub(super) async fn get_plan(plan: Allowed<ReadPlan>) -> Report<Plan> {
    Report(plan.into_subject())
}
