//! Warns of touchpoints that bring somebody near the firm's limit, or over it.

use std::collections::HashMap;

use uuid::Uuid;

use super::gifts;
use super::model::{Touchpoint, TouchpointState, TouchpointWarning};
use super::shares::{before, beyond, is_near, is_over, most};
use crate::firms;
use crate::parties::Side;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Date;

/// Puts into touchpoints, as a firm sees them, what it is warned of.
pub async fn warn(conn: &Conn, firm_id: Uuid, touchpoints: &mut [Touchpoint]) -> ApiResult<()> {
    let costly: Vec<(Uuid, Date)> = touchpoints.iter().filter_map(counted).collect();
    let dates = costly.iter().map(|(_, on)| *on);
    let Some((first, last)) = dates.clone().min().zip(dates.max()) else {
        return Ok(());
    };
    let firm = firms::find(conn, firm_id).await?;
    let Some(limit) = firm.and_then(|firm| firm.gift_limit) else {
        return Ok(());
    };
    let ids: Vec<Uuid> = costly.iter().map(|(id, _)| *id).collect();
    let window = (before(first), beyond(last));
    let received = gifts::received(conn, firm_id, &ids, &limit.currency, window).await?;
    // By touchpoint and receiver.
    let mut by_guest: HashMap<(Uuid, i16), Vec<(Date, i64)>> = HashMap::new();
    for one in received {
        let dated = by_guest.entry((one.touchpoint_id, one.place)).or_default();
        dated.push((one.on, one.share_minor));
    }
    for touchpoint in touchpoints {
        let Some((id, on)) = counted(touchpoint) else {
            continue;
        };
        let own = by_guest.iter().filter(|((of, _), _)| *of == id);
        let totals: Vec<i64> = own.map(|(_, received)| most(on, received)).collect();
        let any = |holds: fn(i64, i64) -> bool| {
            let mut totals = totals.iter();
            totals.any(|total| holds(*total, limit.amount_minor))
        };
        let told = [
            any(|total, limit| is_near(total, limit) && !is_over(total, limit))
                .then_some(TouchpointWarning::NearGiftLimit),
            any(is_over).then_some(TouchpointWarning::OverGiftLimit),
        ];
        touchpoint.warnings = told.into_iter().flatten().collect();
    }
    Ok(())
}

/// A touchpoint that the firm paid for, or is to pay for, and its date.
fn counted(touchpoint: &Touchpoint) -> Option<(Uuid, Date)> {
    let on = touchpoint.happened_on.or(touchpoint.planned_on)?;
    let counts = touchpoint.author == Side::Us
        && touchpoint.cost.is_some()
        && touchpoint.state != TouchpointState::Cancelled;
    counts.then_some((touchpoint.id, on))
}
