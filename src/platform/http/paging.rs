//! Lists: keyset pages with opaque, tamper-evident cursors.
//!
//! A cursor holds the id of the last row and a tag over it, the operation, the caller's firm and the
//! filters, so that it can't be forged, nor be used for another list, filter or firm.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderValue, LINK};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answer::readable;
use super::{gate, query};
use crate::platform::app;
use crate::platform::auth::Caller;
use crate::platform::digest::{self, Tagging};
use crate::platform::error::{ApiResult, Error, Problem};

/// How many items a page has: 1 to 200, 50 unless told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "u16")]
#[schema(value_type = i32, minimum = 1, maximum = 200, default = 50, example = 50)]
pub struct Limit(u16);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;
    fn try_from(limit: u16) -> Result<Self, Self::Error> {
        if (1..=200).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err("must be 1 to 200")
        }
    }
}

impl Limit {
    /// One row more than the page has, which tells whether there is another page.
    pub fn rows(self) -> i64 {
        i64::from(self.0) + 1
    }
}

/// What every list's query has.
pub trait Paged: DeserializeOwned + 'static {
    /// How many items.
    fn limit(&self) -> Limit;
    /// Where to go on.
    fn cursor(&self) -> Option<&str>;
}

/// Which part of a list that has no filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// Says that a query with filters has `limit` and `cursor` as every list has.
#[macro_export]
macro_rules! paged {
    ($Query:ty) => {
        impl $crate::platform::http::paging::Paged for $Query {
            fn limit(&self) -> $crate::platform::http::paging::Limit {
                self.limit
            }

            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }
        }
    };
}

paged!(PageQuery);

/// The query of a list, with its cursor opened.
#[derive(Debug)]
pub struct Listing<Q> {
    /// The filters.
    pub filter: Q,
    /// The id of the last item of the page before.
    pub after: Option<Uuid>,
    limit: Limit,
    scope: Vec<u8>,
    tagging: Tagging,
}

impl<Q> Listing<Q> {
    /// How many rows to read: one more than the page has.
    pub fn rows(&self) -> i64 {
        self.limit.rows()
    }

    /// Makes the page of the rows that were read.
    pub fn page<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> Page<T> {
        let size = usize::from(self.limit.0);
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        Page {
            next_cursor: last.map(|row| seal(&self.tagging, &self.scope, id(row))),
            data: rows,
        }
    }
}

/// Lists whose items have a number and no id: the cursor keeps the number as if it were one.
impl<Q> Listing<Q> {
    /// The number of the last item of the page before.
    pub fn after_number(&self) -> Option<i64> {
        self.after
            .and_then(|place| i64::try_from(place.as_u128()).ok())
    }

    /// The version that was the last item of the page before, in a history.
    pub fn after_version(&self) -> Option<i32> {
        self.after_number()
            .and_then(|version| version.try_into().ok())
    }

    /// Makes the page of the rows that were read.
    pub fn page_by_number<T>(&self, rows: Vec<T>, number: impl Fn(&T) -> i64) -> Page<T> {
        self.page(rows, |row| {
            Uuid::from_u128(number(row).unsigned_abs().into())
        })
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Declares the documented type of a page: utoipa copies a generic's items into each use.
#[macro_export]
macro_rules! page {
    ($Name:ident, $Item:ty, $what:literal) => {
        #[doc = $what]
        #[derive(Debug, utoipa::ToSchema)]
        #[expect(dead_code, reason = "the document's name for a page of these")]
        pub struct $Name {
            /// The items of this page.
            #[schema(max_items = 200)]
            data: Vec<$Item>,
            /// Send it as `cursor` for the next page; `null` on the last.
            #[schema(max_length = 200)]
            next_cursor: Option<String>,
        }
    };
}

fn seal(tagging: &Tagging, scope: &[u8], last: Uuid) -> String {
    let tag = tagging.tag(&[scope, last.as_bytes().as_slice()].concat());
    digest::base64url(
        &[
            last.as_bytes().as_slice(),
            tag.get(..16).unwrap_or_default(),
        ]
        .concat(),
    )
}

fn open(tagging: &Tagging, scope: &[u8], cursor: &str) -> Option<Uuid> {
    let bytes = digest::from_base64url(cursor)?;
    let (id, tag) = bytes.split_at_checked(16)?;
    let genuine = tag.len() == 16 && tagging.matches(&[scope, id].concat(), tag);
    Uuid::from_slice(id).ok().filter(|_| genuine)
}

impl<Q: Paged> FromRequest for Listing<Q> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            gate::wait(&request).await?;
            let app = app::of(&request)?;
            let caller = request.extensions().get::<Arc<Caller>>().cloned();
            let caller = caller.ok_or_else(|| Error::broken("a list without a permission"))?;
            listing(&request, caller.firm_id, app.cursors.clone())
        }
        .boxed_local()
    }
}

fn listing<Q: Paged>(
    request: &HttpRequest,
    firm_id: Uuid,
    tagging: Tagging,
) -> ApiResult<Listing<Q>> {
    let filter: Q = query::parse(request.query_string())?;
    let scope = [
        request.path(),
        &firm_id.to_string(),
        &filters(request.query_string()),
    ]
    .join("\n");
    let scope = digest::sha256(scope.as_bytes()).to_vec();
    let after = match filter.cursor() {
        None => None,
        Some(cursor) => Some(open(&tagging, &scope, cursor).ok_or_else(|| {
            Problem::malformed(
                "cursor",
                "cursor",
                "This cursor was not made for this list and these filters.",
            )
        })?),
    };
    let limit = filter.limit();
    Ok(Listing {
        filter,
        after,
        limit,
        scope,
        tagging,
    })
}

/// The filters alone, in a fixed order.
fn filters(query: &str) -> String {
    let mut pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "cursor" && name != "limit")
        .collect();
    pairs.sort();
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
        let body = match serde_json::to_vec(&self) {
            Ok(body) => body,
            Err(error) => return HttpResponse::from_error(Error::broken(error.to_string())),
        };
        let mut response = readable(request, body);
        if let Some(link) = self
            .next_cursor
            .and_then(|cursor| next_link(request, &cursor))
        {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

/// RFC 8288.
fn next_link(request: &HttpRequest, cursor: &str) -> Option<HeaderValue> {
    let query = request.query_string().as_bytes();
    let others = url::form_urlencoded::parse(query).filter(|(name, _)| name != "cursor");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish();
    HeaderValue::from_str(&format!("<{}?{query}>; rel=\"next\"", request.path())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::digest::{MasterKey, Purpose};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_opens_where_it_was_made_and_nowhere_else(
            id in any::<u128>(), scope in any::<[u8; 32]>(), other in any::<[u8; 32]>(),
            place in 0_usize..43, bit in 0_u8..8,
        ) {
            let tagging = MasterKey::new([1; 32]).tagging(Purpose::Cursor);
            let id = Uuid::from_u128(id);
            let cursor = seal(&tagging, &scope, id);
            prop_assert_eq!(open(&tagging, &scope, &cursor), Some(id));
            prop_assume!(scope != other);
            prop_assert_eq!(open(&tagging, &other, &cursor), None);
            let mut forged = digest::from_base64url(&cursor).unwrap();
            let place = place % forged.len();
            if let Some(byte) = forged.get_mut(place) {
                *byte ^= 1 << bit;
            }
            prop_assert_eq!(open(&tagging, &scope, &digest::base64url(&forged)), None);
        }

        #[test]
        fn whatever_is_sent_as_a_cursor_opens_nothing(text in ".{0,80}") {
            let tagging = MasterKey::new([1; 32]).tagging(Purpose::Cursor);
            prop_assert_eq!(open(&tagging, b"scope", &text), None);
        }
    }

    #[test]
    fn a_cursor_keeps_its_filters_in_any_order_but_not_others() {
        assert_eq!(filters("b=2&a=1&cursor=x&limit=3"), filters("a=1&b=2"));
        assert_ne!(filters("a=1"), filters("a=2"));
    }
}
