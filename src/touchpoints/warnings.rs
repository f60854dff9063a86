//! Warns of touchpoints that bring somebody near the firm's limit, or over it.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::gifts::{self, Receiver};
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
    let receivers = gifts::list_receivers(conn, firm_id, &ids, &limit.currency).await?;
    let people: BTreeSet<(Uuid, String)> = receivers.iter().map(person).collect();
    let (firms, people): (Vec<Uuid>, Vec<String>) = people.into_iter().unzip();
    let (of, window) = ((&firms[..], &people[..]), (before(first), beyond(last)));
    let received = gifts::list_received(conn, firm_id, of, &limit.currency, window).await?;
    let mut by_person: HashMap<(Uuid, String), Vec<(Date, i64)>> = HashMap::new();
    for one in received {
        let dated = by_person.entry((one.firm_id, one.person)).or_default();
        dated.push((one.on, one.share_minor));
    }
    let mut by_touchpoint: HashMap<Uuid, Vec<&Receiver>> = HashMap::new();
    for receiver in &receivers {
        let at = by_touchpoint.entry(receiver.touchpoint_id).or_default();
        at.push(receiver);
    }
    for touchpoint in touchpoints {
        let Some((id, on)) = counted(touchpoint) else {
            continue;
        };
        let is_held = touchpoint.state == TouchpointState::Held;
        let total = |receiver: &&Receiver| {
            let held = by_person
                .get(&person(receiver))
                .map_or(&[][..], Vec::as_slice);
            if is_held {
                return most(on, held);
            }
            // As if it had been held on its date.
            let mut with_it = held.to_vec();
            let place = with_it.partition_point(|(date, _)| *date <= on);
            with_it.insert(place, (on, receiver.share_minor));
            most(on, &with_it)
        };
        let receives = by_touchpoint.get(&id).into_iter().flatten();
        let totals: Vec<i64> = receives.map(total).collect();
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

/// Who a receiver is, wherever he is a guest.
fn person(receiver: &Receiver) -> (Uuid, String) {
    (receiver.firm_id, receiver.person.clone())
}

/// A touchpoint that the firm paid for, or is to pay for, and its date.
fn counted(touchpoint: &Touchpoint) -> Option<(Uuid, Date)> {
    let on = touchpoint.happened_on.or(touchpoint.planned_on)?;
    let counts = touchpoint.author == Side::Us
        && touchpoint.cost.is_some()
        && touchpoint.state != TouchpointState::Cancelled;
    counts.then_some((touchpoint.id, on))
}
