//! Clients by their id in another system.

pub mod get;
pub mod put;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::values::{ExternalId, SystemName};

/// Which client, by its id in another system.
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
