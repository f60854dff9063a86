//! Reads one figure that was reported by hand.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::MetricReading;
use super::store;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;
use crate::results::policy;

/// Which reading.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MetricReadingPath {
    /// The reading's id.
    pub metric_reading_id: Uuid,
}

impl IdPath for MetricReadingPath {
    fn id(&self) -> Uuid {
        self.metric_reading_id
    }
}

impl Shown for MetricReading {
    const COLLECTION: &'static str = "/v1/metric-readings/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadReading;

impl Action for ReadReading {
    const RULE: Rule = policy::READ_READINGS;
    type Path = MetricReadingPath;
    type Subject = MetricReading;
}

/// Read a figure that was reported by hand.
///
/// Of either party's.
#[utoipa::path(tag = "results", params(MetricReadingPath),
    security(("person" = []), ("machine" = [ReadReading::SCOPE])),
    responses((status = 200, description = "The reading.", body = MetricReading)))]
#[get("/v1/metric-readings/{metric_reading_id}")]
pub async fn get_metric_reading(reading: Allowed<ReadReading>) -> Answer<MetricReading> {
    Answer::ok(reading.into_subject())
}
