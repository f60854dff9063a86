//! The path of what is found by an id that another system gave it.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::values::{ExternalId, SystemName};

/// Which record, by its id in another system of the caller's firm.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ExternalIdPath {
    /// The other system.
    #[param(inline)]
    pub system: SystemName,
    /// The id there.
    #[param(inline)]
    pub external_id: ExternalId,
}
