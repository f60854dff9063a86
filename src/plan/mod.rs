//! The plan: what the two parties of a partnership have agreed, in six sections, each versioned.
//!
//! A party drafts a version, which it alone sees, and proposes it. The other agrees, proposes another in its
//! place, or lets it lie; the proposer can take it back. `draft → proposed → agreed | countered | withdrawn`.
//!
//! - Of a section one proposal is open at most. Of agreeing to it and countering it the first wins.
//! - A version is agreed when both stand behind the same one, and then never changes (but for a person who is
//!   erased). The newest agreed one is in force. Whatever was proposed stays readable to both.
//! - Where a section has a part of each party, that party alone writes it, and both agree the whole.
//! - A section is waived when both parties waive it, each with its reason.
//! - Whether to proceed is each party's own record beside the versions; its newest counts.
//! - A partnership becomes active when its foundation stands: [`must_stand`].

mod agree;
mod balance;
mod compare;
mod comparison;
mod conversations;
mod create;
mod decisions;
mod delete;
mod events;
mod foundation;
mod get;
mod list;
mod model;
mod overview;
mod patch;
mod policy;
mod propose;
mod redaction;
mod sections;
mod store;
mod stories;
mod waivers;
mod withdraw;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::db::Conn;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;

pub use agree::agree;
pub use balance::{AgreedBalance, list_agreed as list_agreed_balances};
pub use conversations::{LAY_OUT_CONVERSATIONS, lay_out_conversations};
pub use create::draft;
pub use decisions::{DecidePlan, Decision, PlanDecision, decide};
pub use foundation::{FoundationGap, FoundationPart};
pub use model::{PlanVersion, VersionState};
pub use overview::{Plan, PlanSectionStanding, find, must_stand};
pub use propose::propose;
pub use redaction::redact;
pub use sections::{
    BalanceMeasure, BusinessPart, BusinessUnderstanding, BusinessUnderstandingSection,
    ClientProfile, CommunicationProtocol, CommunicationProtocolSection, ConversationMembers,
    DiscoveryConversation, FigureCriterion, IdealClient, IdealClientSection, MetricDirection,
    MetricKind, PlanSection, RampPoint, SectionBody, SuccessDefinition, SuccessDefinitionSection,
    SuccessMetric, TraitCriterion, Weekday,
};
pub use stories::agreed_story;
pub use waivers::{PlanWaiver, WaiveSection, waive};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(overview::get_plan)
        .service(create::create_plan_version)
        .service(list::list_plan_versions)
        .service(get::get_plan_version)
        .service(patch::patch_plan_version)
        .service(delete::delete_plan_version)
        .service(propose::propose_plan_version)
        .service(agree::agree_plan_version)
        .service(withdraw::withdraw_plan_version)
        .service(compare::compare_plan_versions)
        .service(decisions::decide::decide_plan)
        .service(decisions::list::list_plan_decisions)
        .service(decisions::get::get_plan_decision)
        .service(waivers::waive::waive_plan_section)
        .service(waivers::list::list_plan_waivers)
        .service(waivers::get::get_plan_waiver)
        .service(waivers::withdraw::withdraw_plan_waiver);
}

/// The version of a section that is in force, as a party sees it.
pub async fn find_in_force(
    conn: &Conn,
    firm_id: Uuid,
    partnership_id: Uuid,
    section: PlanSection,
) -> ApiResult<Option<PlanVersion>> {
    store::find_agreed(conn, (firm_id, partnership_id), section).await
}

/// What is said where somebody was faster.
const OPEN: &str = "A proposal of this section is open; answer it, or withdraw it.";
const WAIVED: &str = "Your party waives this section already.";

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("plan_versions_pkey", Means::IdTaken),
    constraint("plan_versions_open_key", Means::Exists(OPEN)),
    constraint("plan_versions_number_key", Means::Exists(OPEN)),
    constraint("plan_versions_section_check", Means::Guarded),
    constraint("plan_versions_state_check", Means::Guarded),
    constraint("plan_versions_proposed_check", Means::Guarded),
    constraint("plan_versions_closed_check", Means::Guarded),
    constraint("plan_versions_partnership_id_fkey", Means::Gone),
    constraint("plan_versions_firm_id_fkey", Means::Gone),
    constraint("plan_versions_counters_id_fkey", Means::Guarded),
    constraint("plan_decisions_pkey", Means::IdTaken),
    constraint("plan_decisions_decision_check", Means::Guarded),
    constraint("plan_decisions_partnership_id_fkey", Means::Gone),
    constraint("plan_decisions_firm_id_fkey", Means::Gone),
    constraint("plan_waivers_pkey", Means::IdTaken),
    constraint(waivers::store::STANDING_KEY, Means::Exists(WAIVED)),
    constraint("plan_waivers_section_check", Means::Guarded),
    constraint("plan_waivers_partnership_id_fkey", Means::Gone),
    constraint("plan_waivers_firm_id_fkey", Means::Gone),
];
