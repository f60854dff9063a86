//! How often one may ask: so many requests a minute for each principal (a member or an API client),
//! and for each network address that sends no valid token. The headers say how many are left
//! (draft-ietf-httpapi-ratelimit-headers), and who asks more often is told when to come back.
//!
//! - The one who asks is charged once his token's signature is verified and before the database is
//!   asked: a flood costs a signature at most.
//! - Whoever has no valid token is charged by address, so that guessing at tokens is limited too. A
//!   valid token is never refused because of others at the same address.
//! - The buckets refill steadily; a full minute's worth may come at once. Each process counts for
//!   itself.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use governor::clock::Clock as Ticking;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use crate::platform::app::App;
use crate::platform::clock::Clock;
use crate::platform::config::Settings;
use crate::platform::error::{ApiResult, Problem};

/// How many more requests are taken now.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How many requests are taken in all.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The time that the limits are told for.
const WINDOW: Duration = Duration::from_secs(60);
/// How often the buckets of those who have not asked for a while are thrown away.
const SWEEP: Duration = Duration::from_secs(60);

impl Ticking for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.ticks()
    }
}

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, Clock, StateInformationMiddleware>;

/// Counts requests by one kind of key.
struct Buckets<K: Hash + Eq + Clone> {
    policy: &'static str,
    /// How many a minute; without it there is no limit.
    counted: Option<(u32, Limiter<K>)>,
    clock: Clock,
}

/// What is left to one who was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Charged {
    policy: &'static str,
    quota: u32,
    remaining: u32,
    reset: u64,
}

impl Charged {
    fn write(&self, headers: &mut HeaderMap) {
        let Self {
            policy,
            quota,
            remaining,
            reset,
        } = self;
        let told = [
            (
                RATE_LIMIT_POLICY,
                format!("\"{policy}\";q={quota};w={}", WINDOW.as_secs()),
            ),
            (RATE_LIMIT, format!("\"{policy}\";r={remaining};t={reset}")),
        ];
        for (name, value) in told {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Whole seconds, rounded up: who waits them never comes too early.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(policy: &'static str, per_minute: u32, clock: &Clock) -> Self {
        let counted = NonZeroU32::new(per_minute)
            // As many as are taken in a minute may come at once.
            .map(Quota::per_minute)
            .map(|quota| {
                let store = DashMapStateStore::default();
                (per_minute, RateLimiter::new(quota, store, clock.clone()))
            });
        Self {
            policy,
            counted,
            clock: clock.clone(),
        }
    }

    /// Takes one request. Gives what is left, and how long to wait when it is one too many; nothing
    /// where there is no limit.
    fn charge(&self, key: &K) -> Option<(Charged, Option<u64>)> {
        let (quota, limiter) = self.counted.as_ref()?;
        let charged = |remaining, reset| Charged {
            policy: self.policy,
            quota: *quota,
            remaining,
            reset,
        };
        Some(match limiter.check_key(key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let used = WINDOW * quota.saturating_sub(remaining) / *quota;
                (charged(remaining, seconds(used)), None)
            }
            Err(refusal) => {
                let wait = seconds(refusal.wait_time_from(self.clock.ticks())).max(1);
                (charged(0, wait), Some(wait))
            }
        })
    }

    fn forget_idle(&self) {
        if let Some((_, limiter)) = &self.counted {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The limits of this process.
pub struct Rates {
    principals: Buckets<Uuid>,
    addresses: Buckets<IpAddr>,
}

impl Rates {
    /// From the settings, by this clock.
    pub fn new(settings: &Settings, clock: &Clock) -> Self {
        Self {
            principals: Buckets::new("principal", settings.principal_requests, clock),
            addresses: Buckets::new("address", settings.address_requests, clock),
        }
    }

    /// Throws away, for ever, what is known of those who have not asked for a while.
    pub async fn sweep(&self) {
        loop {
            tokio::time::sleep(SWEEP).await;
            self.principals.forget_idle();
            self.addresses.forget_idle();
        }
    }
}

/// Charges a request to the member or API client that sent it.
///
/// # Errors
/// 429 when it is one too many.
pub fn charge_principal(request: &HttpRequest, app: &App, principal_id: Uuid) -> ApiResult<()> {
    let outcome = app.rates.principals.charge(&principal_id);
    settle(request, outcome, "These are too many requests in a minute.")
}

/// Charges a request to the address that it came from.
///
/// # Errors
/// 429 when it is one too many.
pub fn charge_address(request: &HttpRequest, app: &App) -> ApiResult<()> {
    if !is_limited(request.path()) {
        return Ok(());
    }
    let Some(address) = client_address(request, app) else {
        return Ok(());
    };
    let outcome = app.rates.addresses.charge(&network(address));
    settle(
        request,
        outcome,
        "These are too many requests in a minute from this address.",
    )
}

fn settle(
    request: &HttpRequest,
    outcome: Option<(Charged, Option<u64>)>,
    why: &'static str,
) -> ApiResult<()> {
    let Some((charged, wait)) = outcome else {
        return Ok(());
    };
    request.extensions_mut().insert(charged);
    match wait {
        None => Ok(()),
        Some(seconds) => Err(Problem::too_many(why, seconds).into()),
    }
}

/// What is limited, and says so: the API and the token endpoint. What an operator's tools ask for
/// is not, nor are pages.
pub fn is_limited(path: &str) -> bool {
    path.starts_with("/v1/") || path.starts_with("/oauth/")
}

/// Writes what is left into an answer. What was answered before anyone was charged, such as an
/// address that does not exist, counts for the network address.
pub fn write_headers(request: &HttpRequest, app: &App, headers: &mut HeaderMap) {
    if !is_limited(request.path()) {
        return;
    }
    let known = request.extensions().get::<Charged>().copied();
    let charged = known.or_else(|| {
        // It costs nothing to answer, so being one too many changes nothing.
        let _ = charge_address(request, app);
        request.extensions().get::<Charged>().copied()
    });
    if let Some(charged) = charged {
        charged.write(headers);
    }
}

/// The client's address: the peer's, unless the peer is a proxy that we were told to trust; then the
/// last address in `X-Forwarded-For` that is none of those. Anyone can send that header, so it says
/// nothing about anyone else.
pub fn client_address(request: &HttpRequest, app: &App) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let proxies = &app.settings.trusted_proxies;
    let trusted = |address: &IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let values: Vec<_> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect();
    let told = values
        .iter()
        .rev()
        .flat_map(|value| value.rsplit(','))
        .map(|one| one.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()));
    let mut client = peer;
    for address in told {
        if !trusted(&client) {
            break;
        }
        match address {
            Ok(address) => client = address,
            Err(_) => break,
        }
    }
    Some(client)
}

/// The network that a request came from, as it is counted.
pub fn client_network(request: &HttpRequest, app: &App) -> Option<IpAddr> {
    client_address(request, app).map(network)
}

/// What counts as one address: of IPv6 the network that one customer gets, a /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits((address.to_bits() >> 64) << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::values::Timestamp;

    #[test]
    fn a_minutes_worth_may_come_at_once_and_then_what_refills() {
        let (clock, hand) = Clock::manual(Timestamp::from_microsecond(0));
        let buckets = Buckets::new("principal", 60, &clock);
        let left = |key: u8| buckets.charge(&key).unwrap();
        for used in 1..=60_u32 {
            let (charged, wait) = left(1);
            assert_eq!((charged.remaining, wait), (60 - used, None));
            assert_eq!(charged.reset, u64::from(used));
        }
        assert_eq!(left(1).1, Some(1));
        assert_eq!(left(2).1, None, "another has a bucket of its own");
        hand.advance_seconds(2);
        assert_eq!(left(1).1, None);
        assert_eq!(left(1).1, None);
        assert_eq!(left(1).1, Some(1));
        hand.advance_seconds(600);
        assert_eq!(left(1).0.remaining, 59);
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let (clock, _) = Clock::manual(Timestamp::from_microsecond(0));
        assert_eq!(Buckets::new("address", 0, &clock).charge(&1), None);
    }

    #[test]
    fn those_who_have_not_asked_for_a_while_are_forgotten() {
        let (clock, hand) = Clock::manual(Timestamp::from_microsecond(0));
        let buckets = Buckets::new("address", 60, &clock);
        for key in 0..1000 {
            buckets.charge(&key);
        }
        let known = || buckets.counted.as_ref().unwrap().1.len();
        buckets.forget_idle();
        assert_eq!(known(), 1000);
        hand.advance_seconds(61);
        buckets.forget_idle();
        assert_eq!(known(), 0);
    }

    #[test]
    fn an_ipv6_customer_is_one_address() {
        let same = |one: &str, other: &str| {
            network(one.parse().unwrap()) == network(other.parse().unwrap())
        };
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn the_headers_are_structured_fields() {
        let mut headers = HeaderMap::new();
        let charged = Charged {
            policy: "principal",
            quota: 3000,
            remaining: 2999,
            reset: 1,
        };
        charged.write(&mut headers);
        assert_eq!(
            headers.get(RATE_LIMIT_POLICY).unwrap(),
            "\"principal\";q=3000;w=60"
        );
        assert_eq!(headers.get(RATE_LIMIT).unwrap(), "\"principal\";r=2999;t=1");
    }
}
