//! The six sections of a plan, each with a body of its own.
//!
//! Three have a part of each party, `us` and `them`, which that party alone writes. A body is kept as the
//! party sees it that proposed the partnership, and mirrored for the other.

mod business_understanding;
mod communication_protocol;
mod core_story;
mod ideal_client;
mod service_models;
mod success_definition;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use business_understanding::{
    BusinessPart, BusinessUnderstanding, BusinessUnderstandingSection, DiscoveryConversation,
};
pub use communication_protocol::{
    BalanceMeasure, CommunicationProtocol, CommunicationProtocolSection, ConversationMembers,
    Weekday,
};
pub use core_story::CoreStory;
pub use ideal_client::{
    ClientProfile, FigureCriterion, IdealClient, IdealClientSection, TraitCriterion,
};
pub use service_models::ServiceModels;
pub use success_definition::{
    MetricDirection, MetricKind, RampPoint, SuccessDefinition, SuccessDefinitionSection,
    SuccessMetric,
};

use crate::platform::error::FieldError;
use crate::platform::values::Date;
use crate::words;

words! {
    /// A section of a plan.
    pub enum PlanSection {
        /// What each does, and what it does for the other's clients.
        BusinessUnderstanding = "business_understanding",
        /// Whom each serves best.
        IdealClient = "ideal_client",
        /// What success is.
        SuccessDefinition = "success_definition",
        /// How each sells and serves, and who answers for what.
        ServiceModels = "service_models",
        /// The script that both use.
        CoreStory = "core_story",
        /// How the two keep talking.
        CommunicationProtocol = "communication_protocol",
    }
}

impl PlanSection {
    /// Those without which a partnership does not become active.
    pub const FOUNDATION: [Self; 3] = [
        Self::BusinessUnderstanding,
        Self::IdealClient,
        Self::SuccessDefinition,
    ];
}

/// What a section says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "section", mapping(
        ("business_understanding" = "#/components/schemas/BusinessUnderstanding"),
        ("ideal_client" = "#/components/schemas/IdealClient"),
        ("success_definition" = "#/components/schemas/SuccessDefinition"),
        ("service_models" = "#/components/schemas/ServiceModels"),
        ("core_story" = "#/components/schemas/CoreStory"),
        ("communication_protocol" = "#/components/schemas/CommunicationProtocol")
    )))]
pub enum SectionBody {
    /// What each does, and what it does for the other's clients.
    BusinessUnderstanding(BusinessUnderstanding),
    /// Whom each serves best.
    IdealClient(IdealClient),
    /// What success is.
    SuccessDefinition(SuccessDefinition),
    /// How each sells and serves, and who answers for what.
    ServiceModels(ServiceModels),
    /// The script that both use.
    CoreStory(CoreStory),
    /// How the two keep talking.
    CommunicationProtocol(CommunicationProtocol),
}

/// What agreement still waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    /// Where in the version (RFC 6901).
    pub pointer: String,
    /// What is missing there.
    pub detail: String,
}

impl Missing {
    fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// What every body can tell of itself.
trait Checked {
    /// Turns it to how the other party sees it.
    fn mirror(&mut self);

    /// What can't be so, beyond what the schema says.
    fn complaints(&self, today: Date) -> Vec<FieldError>;

    /// What agreement still waits for.
    fn missing(&self) -> Vec<Missing>;
}

impl SectionBody {
    /// Its section.
    pub const fn section(&self) -> PlanSection {
        match self {
            Self::BusinessUnderstanding(_) => PlanSection::BusinessUnderstanding,
            Self::IdealClient(_) => PlanSection::IdealClient,
            Self::SuccessDefinition(_) => PlanSection::SuccessDefinition,
            Self::ServiceModels(_) => PlanSection::ServiceModels,
            Self::CoreStory(_) => PlanSection::CoreStory,
            Self::CommunicationProtocol(_) => PlanSection::CommunicationProtocol,
        }
    }

    fn checked(&self) -> &dyn Checked {
        match self {
            Self::BusinessUnderstanding(body) => body,
            Self::IdealClient(body) => body,
            Self::SuccessDefinition(body) => body,
            Self::ServiceModels(body) => body,
            Self::CoreStory(body) => body,
            Self::CommunicationProtocol(body) => body,
        }
    }

    fn checked_mut(&mut self) -> &mut dyn Checked {
        match self {
            Self::BusinessUnderstanding(body) => body,
            Self::IdealClient(body) => body,
            Self::SuccessDefinition(body) => body,
            Self::ServiceModels(body) => body,
            Self::CoreStory(body) => body,
            Self::CommunicationProtocol(body) => body,
        }
    }

    /// As the other party sees it.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        self.checked_mut().mirror();
        self
    }

    /// What can't be so, beyond what the schema says.
    pub fn complaints(&self, today: Date) -> Vec<FieldError> {
        self.checked().complaints(today)
    }

    /// What agreement still waits for; empty when it can be agreed.
    pub fn missing(&self) -> Vec<Missing> {
        self.checked().missing()
    }

    /// The part that the other party alone writes, where the section has one.
    pub fn their_part(&self) -> Option<Value> {
        let value = serde_json::to_value(self).ok()?;
        value.get("them").cloned()
    }
}

/// The parts that a party has not written yet.
fn sides_missing<T>(us: Option<&T>, them: Option<&T>) -> Vec<Missing> {
    let sides = [("us", us.is_none()), ("them", them.is_none())];
    let missing = sides.into_iter().filter(|(_, is_missing)| *is_missing);
    missing
        .map(|(side, _)| Missing::new(format!("/body/{side}"), "The party has not written it."))
        .collect()
}

/// Complains of each name that stands there twice.
fn repeated<'a>(names: impl Iterator<Item = &'a str>, at: &str, errors: &mut Vec<FieldError>) {
    let mut seen: Vec<&str> = Vec::new();
    for (place, name) in names.enumerate() {
        if seen.contains(&name) {
            let detail = format!("“{name}” stands there twice.");
            errors.push(FieldError::new(format!("{at}/{place}"), "repeated", detail));
        }
        seen.push(name);
    }
}
