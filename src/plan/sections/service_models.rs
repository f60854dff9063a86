//! How each sells and serves, where introductions are made between the two, and who answers for what.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::{Checked, Missing, sides_missing};
use crate::parties::Side;
use crate::platform::error::FieldError;
use crate::platform::values::Date;
use crate::words;

words! {
    /// The name of this section.
    pub enum ServiceModelsSection {
        /// How each sells and serves.
        ServiceModels = "service_models",
    }
}

words! {
    /// What a relationship to a client is like.
    pub enum ModelKind {
        /// One piece of work after the other.
        Transactional = "transactional",
        /// Advice over time.
        Consultative = "consultative",
        /// Some of both.
        Mixed = "mixed",
    }
}

/// How each sells and serves, joined into one experience for the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceModels {
    /// The section.
    #[schema(schema_with = ServiceModelsSection::schema)]
    pub section: ServiceModelsSection,
    /// How you sell and serve; you alone write it.
    #[schema(required, nullable)]
    pub us: Option<PartyModels>,
    /// How the other party does, which it alone writes.
    #[schema(required, nullable)]
    pub them: Option<PartyModels>,
    /// What is alike.
    #[schema(required, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub similarities: Option<String>,
    /// What is different.
    #[schema(required, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub differences: Option<String>,
    /// Where in the two experiences introductions are made.
    #[schema(max_items = 50)]
    pub introduction_points: Vec<IntroductionPoint>,
    /// Who answers for what.
    #[schema(max_items = 100)]
    pub responsibilities: Vec<Responsibility>,
}

/// How a party sells, and how it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyModels {
    /// How it wins a client.
    pub sales: ClientModel,
    /// How it serves one.
    pub service: ClientModel,
}

/// What a client goes through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientModel {
    /// What the relationship is like.
    pub kind: ModelKind,
    /// The stages, in their order.
    #[schema(min_items = 1, max_items = 30)]
    pub stages: Vec<ClientStage>,
}

/// A stage that a client goes through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientStage {
    /// Its name, unique among the party's.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub name: String,
    /// What happens there.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    pub description: Option<String>,
}

/// Where an introduction is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroductionPoint {
    /// The party that introduces.
    pub introducer: Side,
    /// The stage that the client is at with it, by name.
    #[schema(min_length = 1, max_length = 100)]
    pub from_stage: String,
    /// The stage at which the client enters the other party's experience, by name.
    #[schema(min_length = 1, max_length = 100)]
    pub to_stage: String,
    /// How it is done.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    pub note: Option<String>,
}

/// Who answers for an activity: exactly one accountable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"activity": "Calls the client within two days", "responsible": [{"party": "them", "role": "Client service"}],
    "accountable": [{"party": "them", "role": "Lead partner"}], "consulted": [], "informed": [{"party": "us", "role": "Advisor"}],
    "outcome": "A date for the first meeting"}))]
pub struct Responsibility {
    /// What is done.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub activity: String,
    /// Who does it.
    #[schema(max_items = 10)]
    pub responsible: Vec<ResponsibleRole>,
    /// Who answers for it: one, when it is agreed.
    #[schema(max_items = 10)]
    pub accountable: Vec<ResponsibleRole>,
    /// Who is asked before.
    #[schema(max_items = 10)]
    pub consulted: Vec<ResponsibleRole>,
    /// Who is told after.
    #[schema(max_items = 10)]
    pub informed: Vec<ResponsibleRole>,
    /// What comes of it.
    #[schema(required, min_length = 1, max_length = 1000, pattern = r"\S")]
    pub outcome: Option<String>,
}

/// A role in one of the two firms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponsibleRole {
    /// The party.
    pub party: Side,
    /// The role.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub role: String,
}

impl PartyModels {
    fn names(&self) -> impl Iterator<Item = &str> {
        let stages = self.sales.stages.iter().chain(&self.service.stages);
        stages.map(|stage| stage.name.as_str())
    }
}

impl ServiceModels {
    fn of(&self, side: Side) -> Option<&PartyModels> {
        match side {
            Side::Us => self.us.as_ref(),
            Side::Them => self.them.as_ref(),
        }
    }

    /// Whether a party is known not to have a stage.
    fn lacks(&self, side: Side, stage: &str) -> bool {
        self.of(side)
            .is_some_and(|models| models.names().all(|name| name != stage))
    }
}

impl Checked for ServiceModels {
    fn mirror(&mut self) {
        std::mem::swap(&mut self.us, &mut self.them);
        for point in &mut self.introduction_points {
            point.introducer = point.introducer.other();
        }
        for one in &mut self.responsibilities {
            let roles = [
                &mut one.responsible,
                &mut one.accountable,
                &mut one.consulted,
                &mut one.informed,
            ];
            for role in roles.into_iter().flatten() {
                role.party = role.party.other();
            }
        }
    }

    fn complaints(&self, _: Date) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (side, models) in [("us", &self.us), ("them", &self.them)] {
            if let Some(models) = models {
                super::repeated(models.names(), &format!("/body/{side}"), &mut errors);
            }
        }
        for (place, point) in self.introduction_points.iter().enumerate() {
            let (from, to) = (point.introducer, point.introducer.other());
            for (field, side, stage) in [
                ("from_stage", from, &point.from_stage),
                ("to_stage", to, &point.to_stage),
            ] {
                if self.lacks(side, stage) {
                    let pointer = format!("/body/introduction_points/{place}/{field}");
                    let detail = "The party has no stage of this name.";
                    errors.push(FieldError::new(pointer, "unknown_stage", detail));
                }
            }
        }
        let activities = self
            .responsibilities
            .iter()
            .map(|one| one.activity.as_str());
        super::repeated(activities, "/body/responsibilities", &mut errors);
        errors
    }

    /// Gaps (nobody accountable) and overlaps (more than one) of the matrix are among it.
    fn missing(&self) -> Vec<Missing> {
        let mut missing = sides_missing(self.us.as_ref(), self.them.as_ref());
        for (field, text) in [
            ("similarities", &self.similarities),
            ("differences", &self.differences),
        ] {
            if text.is_none() {
                let detail = format!("The {field} are not written down.");
                missing.push(Missing::new(format!("/body/{field}"), detail));
            }
        }
        if self.introduction_points.is_empty() {
            let detail = "It is not said where introductions are made.";
            missing.push(Missing::new("/body/introduction_points", detail));
        }
        if self.responsibilities.is_empty() {
            let detail = "Nobody answers for anything.";
            missing.push(Missing::new("/body/responsibilities", detail));
        }
        for (place, one) in self.responsibilities.iter().enumerate() {
            let pointer = format!("/body/responsibilities/{place}/accountable");
            let detail = match one.accountable.len() {
                0 => format!("A gap: nobody is accountable for “{}”.", one.activity),
                1 => continue,
                more => format!("An overlap: {more} are accountable for “{}”.", one.activity),
            };
            missing.push(Missing::new(pointer, detail));
        }
        missing
    }
}
