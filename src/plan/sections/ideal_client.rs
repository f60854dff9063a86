//! Whom each serves best, and whom the two serve best together.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::{Checked, Missing, sides_missing};
use crate::platform::error::FieldError;
use crate::platform::values::Date;
use crate::words;

words! {
    /// The name of this section.
    pub enum IdealClientSection {
        /// Whom each serves best, and whom the two serve best together.
        IdealClient = "ideal_client",
    }
}

/// Whom each serves best, and whom the two serve best together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdealClient {
    /// The section.
    #[schema(schema_with = IdealClientSection::schema)]
    pub section: IdealClientSection,
    /// Whom you serve best; you alone write it.
    #[schema(required, nullable)]
    pub us: Option<ClientProfile>,
    /// Whom the other party serves best, which it alone writes.
    #[schema(required, nullable)]
    pub them: Option<ClientProfile>,
    /// What is asked of every client that either introduces.
    #[schema(required, nullable)]
    pub combined: Option<ClientProfile>,
}

/// What is asked of a client, by figures and by traits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientProfile {
    /// The same in words.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    pub summary: Option<String>,
    /// What is asked of the client's figures.
    #[schema(max_items = 30)]
    pub figures: Vec<FigureCriterion>,
    /// What is asked of the client's traits.
    #[schema(max_items = 30)]
    pub traits: Vec<TraitCriterion>,
}

/// A figure that should lie between two bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"attribute": "investable_assets", "min": 500_000, "max": null, "unit": "USD", "weight": 3, "required": true}))]
pub struct FigureCriterion {
    /// The figure, as clients' records name it.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,62}$", max_length = 63)]
    pub attribute: String,
    /// The least that meets it.
    #[schema(required)]
    pub min: Option<f64>,
    /// The most that meets it.
    #[schema(required)]
    pub max: Option<f64>,
    /// What it is counted in, for people to read.
    #[schema(required, min_length = 1, max_length = 50, pattern = r"\S")]
    pub unit: Option<String>,
    /// How much it counts beside the others.
    #[schema(minimum = 1, maximum = 100)]
    pub weight: i16,
    /// Whether a client who does not meet it fits not at all.
    pub required: bool,
}

/// A trait that the client should have, or should not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "business_owner", "wanted": true, "weight": 2, "required": false}))]
pub struct TraitCriterion {
    /// The trait, as clients' records name it.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,62}$", max_length = 63)]
    pub name: String,
    /// Whether the client should have it.
    pub wanted: bool,
    /// How much it counts beside the others.
    #[schema(minimum = 1, maximum = 100)]
    pub weight: i16,
    /// Whether a client who does not meet it fits not at all.
    pub required: bool,
}

impl ClientProfile {
    fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.traits.is_empty()
    }

    fn complaints(&self, at: &str, errors: &mut Vec<FieldError>) {
        for (place, one) in self.figures.iter().enumerate() {
            let pointer = format!("{at}/figures/{place}");
            match (one.min, one.max) {
                (None, None) => {
                    let detail = "Give the least, the most, or both.";
                    errors.push(FieldError::new(pointer, "unbounded", detail));
                }
                (Some(min), Some(max)) if min > max => {
                    let detail = "The least is more than the most.";
                    errors.push(FieldError::new(format!("{pointer}/min"), "bounds", detail));
                }
                _ => {}
            }
        }
        let figures = self.figures.iter().map(|one| one.attribute.as_str());
        super::repeated(figures, &format!("{at}/figures"), errors);
        let traits = self.traits.iter().map(|one| one.name.as_str());
        super::repeated(traits, &format!("{at}/traits"), errors);
    }
}

impl Checked for IdealClient {
    fn mirror(&mut self) {
        std::mem::swap(&mut self.us, &mut self.them);
    }

    fn complaints(&self, _: Date) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (at, profile) in [
            ("/body/us", &self.us),
            ("/body/them", &self.them),
            ("/body/combined", &self.combined),
        ] {
            if let Some(profile) = profile {
                profile.complaints(at, &mut errors);
            }
        }
        errors
    }

    fn missing(&self) -> Vec<Missing> {
        let mut missing = sides_missing(self.us.as_ref(), self.them.as_ref());
        for (side, profile) in [("us", &self.us), ("them", &self.them)] {
            if profile.as_ref().is_some_and(ClientProfile::is_empty) {
                let detail = "It asks for nothing by which a client could be weighed.";
                missing.push(Missing::new(format!("/body/{side}"), detail));
            }
        }
        missing
    }
}
