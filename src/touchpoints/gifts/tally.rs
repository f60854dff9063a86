//! What each person received, added up, against the limit.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::Gift;
use crate::platform::values::{Date, Money, Name};
use crate::touchpoints::shares::{is_near, is_over};

/// What a person received by one touchpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftShare {
    /// The touchpoint.
    pub touchpoint_id: Uuid,
    /// When it was.
    pub happened_on: Date,
    /// What of its cost the person received.
    pub share: Money,
}

/// What a person of a partner firm received from your firm in twelve months, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftTotal {
    /// The partner firm.
    pub firm_id: Uuid,
    /// The partner firm's name.
    pub firm_name: Name,
    /// The member of it; `null` for who was named alone.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
    /// What the person received.
    pub total: Money,
    /// Your firm's limit; `null` where it has none in this currency.
    pub limit: Option<Money>,
    /// What is left up to the limit.
    pub left: Option<Money>,
    /// Whether the total is 80 % of the limit or more.
    pub is_near: bool,
    /// Whether the total is more than the limit.
    pub is_over: bool,
    /// What the total is made of, by date; it adds up to it.
    pub gifts: Vec<GiftShare>,
}

/// Adds up what was received, which comes by person and currency.
pub fn totals(gifts: &[Gift], limit: Option<&Money>) -> Vec<GiftTotal> {
    let same = |one: &Gift, next: &Gift| {
        (one.firm_id, &one.person, &one.currency) == (next.firm_id, &next.person, &next.currency)
    };
    let by_person = gifts.chunk_by(same);
    by_person.filter_map(|gifts| total(gifts, limit)).collect()
}

fn total(gifts: &[Gift], limit: Option<&Money>) -> Option<GiftTotal> {
    let last = gifts.last()?;
    let money = |amount_minor| Money {
        amount_minor,
        currency: last.currency.clone(),
    };
    let received = gifts
        .iter()
        .fold(0, |sum: i64, gift| sum.saturating_add(gift.share_minor));
    let limit = limit.filter(|limit| limit.currency == last.currency);
    let passed = |holds: fn(i64, i64) -> bool| {
        limit.is_some_and(|limit| holds(received, limit.amount_minor))
    };
    let left = |limit: &Money| money(limit.amount_minor.saturating_sub(received).max(0));
    let shares = gifts.iter().map(|gift| GiftShare {
        touchpoint_id: gift.touchpoint_id,
        happened_on: gift.happened_on,
        share: money(gift.share_minor),
    });
    Some(GiftTotal {
        firm_id: last.firm_id,
        firm_name: last.firm_name.clone(),
        member_id: last.member_id,
        name: last.name.clone(),
        total: money(received),
        limit: limit.cloned(),
        left: limit.map(left),
        is_near: passed(is_near),
        is_over: passed(is_over),
        gifts: shares.collect(),
    })
}
