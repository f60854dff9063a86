//! What a reading is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::{Date, MetricKey, Timestamp};

/// The figure of a `custom` metric on a day, as a party reported it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricReading {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The metric of the success definition.
    pub key: MetricKey,
    /// The day on which the figure stood so.
    pub measured_on: Date,
    /// The figure.
    pub figure: i64,
    /// The firm that reported it.
    pub reported_by_firm_id: Uuid,
    /// The member or API client of it.
    pub reported_by: Uuid,
    /// When it was reported.
    pub created_at: Timestamp,
    /// Always 1: a reading never changes.
    pub version: i32,
}
