//! The combined core story: the script that both use, once both have agreed to it.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::{Checked, Missing};
use crate::platform::error::FieldError;
use crate::platform::values::Date;
use crate::words;

words! {
    /// The name of this section.
    pub enum CoreStorySection {
        /// The script that both use.
        CoreStory = "core_story",
    }
}

/// How and why the two together are good for a client: the script that both use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoreStory {
    /// The section.
    #[schema(schema_with = CoreStorySection::schema)]
    pub section: CoreStorySection,
    /// Whom it is told.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub audience: String,
    /// What is told.
    #[schema(min_length = 1, max_length = 20_000, pattern = r"\S")]
    pub script: String,
}

impl Checked for CoreStory {
    fn mirror(&mut self) {}

    fn complaints(&self, _: Date) -> Vec<FieldError> {
        Vec::new()
    }

    fn missing(&self) -> Vec<Missing> {
        Vec::new()
    }
}
