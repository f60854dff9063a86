//! Values that are right by construction: an instance can only be made from what parses.
//!
//! Each is a JSON string with a documented schema, and a column.

use std::fmt;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::{PgDate, PgTimestamp};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Date as SqlDate, Text, Timestamptz};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Microseconds between 1970-01-01 and 2000-01-01, where PostgreSQL's clock begins.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;
/// Days between the same two dates.
const POSTGRES_EPOCH_DAYS: i64 = 10_957;

/// An instant: RFC 3339 in UTC, to the microsecond.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
    ToSchema,
)]
#[diesel(sql_type = Timestamptz)]
#[schema(value_type = String, format = DateTime, example = "2026-03-02T09:30:00Z")]
pub struct Timestamp(pub(super) jiff::Timestamp);

impl Timestamp {
    /// Rounds down to what PostgreSQL keeps.
    pub fn rounded(instant: jiff::Timestamp) -> Self {
        Self::from_microsecond(instant.as_microsecond())
    }

    /// The instant so many microseconds after 1970-01-01; clamped to what can be told.
    pub fn from_microsecond(micros: i64) -> Self {
        let clamped = if micros < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or(clamped))
    }

    /// Microseconds since 1970-01-01.
    pub fn as_microsecond(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since 1970-01-01.
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// The instant so many seconds later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microsecond(
            self.as_microsecond()
                .saturating_add(seconds.saturating_mul(1_000_000)),
        )
    }

    /// The instant without its fraction of a second.
    #[must_use]
    pub fn whole_second(self) -> Self {
        Self::from_microsecond(self.as_second().saturating_mul(1_000_000))
    }

    /// The calendar date that a wall calendar in the zone shows at this instant.
    pub fn date_in(self, zone: &TimeZone) -> Date {
        Date(self.0.to_zoned(zone.resolve()).date())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<Timestamptz, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = PgTimestamp(self.as_microsecond().saturating_sub(POSTGRES_EPOCH_MICROS));
        ToSql::<Timestamptz, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Timestamptz, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        Ok(Self::from_microsecond(
            micros.saturating_add(POSTGRES_EPOCH_MICROS),
        ))
    }
}

/// A calendar date, no instant: `2026-03-02`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
    ToSchema,
)]
#[diesel(sql_type = SqlDate)]
#[schema(value_type = String, format = Date, example = "2026-03-02")]
pub struct Date(pub(super) jiff::civil::Date);

impl Date {
    /// The date, if there is such a day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The date so many days later (earlier when negative), clamped to what can be told.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let clamped = if days < 0 {
            jiff::civil::Date::MIN
        } else {
            jiff::civil::Date::MAX
        };
        let span = jiff::Span::new().try_days(days).ok();
        Self(
            span.and_then(|span| self.0.checked_add(span).ok())
                .unwrap_or(clamped),
        )
    }

    /// The date so many months later (earlier when negative), on the last day of a month that has fewer;
    /// clamped to what can be told.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let clamped = if months < 0 {
            jiff::civil::Date::MIN
        } else {
            jiff::civil::Date::MAX
        };
        let span = jiff::Span::new().try_months(months).ok();
        Self(
            span.and_then(|span| self.0.checked_add(span).ok())
                .unwrap_or(clamped),
        )
    }

    /// The first instant after this date in the zone: when "until this date" has passed.
    pub fn end_in(self, zone: &TimeZone) -> Timestamp {
        let next = self.plus_days(1).0;
        next.to_zoned(zone.resolve())
            .map(|zoned| Timestamp::rounded(zoned.timestamp()))
            .unwrap_or(Timestamp(jiff::Timestamp::MAX))
    }

    /// The first instant of this date in the zone.
    pub fn start_in(self, zone: &TimeZone) -> Timestamp {
        self.plus_days(-1).end_in(zone)
    }

    /// How many days later another date is; negative when it is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        other.days_since_2000() - self.days_since_2000()
    }

    /// The first day of its month.
    #[must_use]
    pub fn month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The first day of the next month, or the last day that can be told.
    #[must_use]
    pub fn next_month(self) -> Self {
        Self(self.0.last_of_month()).plus_days(1)
    }

    fn days_since_2000(self) -> i64 {
        let epoch = jiff::civil::date(1970, 1, 1);
        let since_1970 = epoch
            .until(self.0)
            .map(|span| i64::from(span.get_days()))
            .unwrap_or(0);
        since_1970 - POSTGRES_EPOCH_DAYS
    }
}

impl FromStr for Date {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<SqlDate, Pg> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = i32::try_from(self.days_since_2000())?;
        ToSql::<SqlDate, Pg>::to_sql(&PgDate(days), &mut out.reborrow())
    }
}

impl FromSql<SqlDate, Pg> for Date {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgDate(days) = FromSql::<SqlDate, Pg>::from_sql(value)?;
        Ok(Self(jiff::civil::date(2000, 1, 1)).plus_days(i64::from(days)))
    }
}

/// Why a text is not the value it should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotThat(&'static str);

macro_rules! text_value {
    ($(#[$meta:meta])* $Name:ident, $parse:expr) => {
        #[derive(
            Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            AsExpression, FromSqlRow, ToSchema,
        )]
        $(#[$meta])*
        #[serde(try_from = "String", into = "String")]
        #[diesel(sql_type = Text)]
        pub struct $Name(String);

        impl $Name {
            /// The text as it is kept.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $Name {
            type Error = NotThat;
            fn try_from(text: String) -> Result<Self, NotThat> {
                let parse: fn(&str) -> Result<String, NotThat> = $parse;
                parse(&text).map(Self)
            }
        }

        impl FromStr for $Name {
            type Err = NotThat;
            fn from_str(text: &str) -> Result<Self, NotThat> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$Name> for String {
            fn from(value: $Name) -> String {
                value.0
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ToSql<Text, Pg> for $Name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <str as ToSql<Text, Pg>>::to_sql(&self.0, out)
            }
        }

        impl FromSql<Text, Pg> for $Name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(<String as FromSql<Text, Pg>>::from_sql(value)?))
            }
        }
    };
}

text_value! {
    /// An e-mail address (RFC 5321), kept trimmed and in lower case, so that one mailbox is one.
    #[schema(value_type = String, format = "email", max_length = 254, example = "dana@hartwell-cpa.example")]
    EmailAddress,
    |text| {
        let text = text.trim().to_lowercase();
        if text.len() <= 254 && is_plain_address(&text) {
            Ok(text)
        } else {
            Err(NotThat("is no e-mail address"))
        }
    }
}

/// An address as it stands in an envelope: no display text, no literal domain. Otherwise one mailbox
/// could be written in many ways.
fn is_plain_address(text: &str) -> bool {
    let options = email_address::Options::default()
        .without_display_text()
        .without_domain_literal();
    let is_bare = !text
        .chars()
        .any(|c| c.is_whitespace() || "<>\"()".contains(c));
    is_bare && email_address::EmailAddress::parse_with_options(text, options).is_ok()
}

/// Characters that can't be seen or that turn the reading direction: a name with them can pass for
/// another.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

text_value! {
    /// A name that people gave: trimmed, not empty, one line, 200 characters at most.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "Hartwell & Lowe CPAs",
        pattern = r"^\s*[^\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]([^\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*[^\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])?\s*$")]
    Name,
    |text| {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= 200;
        if fits && !text.chars().any(|c| c.is_control() || is_deceptive(c)) {
            Ok(text.to_owned())
        } else {
            Err(NotThat("must be one line of 1 to 200 characters that can be seen"))
        }
    }
}

text_value! {
    /// A length of time that is more than nothing (ISO 8601): `P1M`, `P2W`, `PT36H`.
    #[schema(value_type = String, format = "period", max_length = 32, example = "P1M")]
    Period,
    |text| match text.parse::<jiff::Span>() {
        Ok(span) if span.is_positive() && text.starts_with('P') => Ok(text.to_owned()),
        _ => Err(NotThat("is no length of time")),
    }
}

text_value! {
    /// A time zone by its IANA name.
    #[schema(value_type = String, format = "time-zone", max_length = 64, example = "America/New_York")]
    TimeZone,
    |text| match jiff::tz::TimeZone::get(text) {
        Ok(zone) => zone.iana_name().map(str::to_owned).ok_or(NotThat("is no IANA time zone")),
        Err(_) => Err(NotThat("is no IANA time zone")),
    }
}

impl TimeZone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    pub(super) fn resolve(&self) -> jiff::tz::TimeZone {
        // The name was known when it was taken in; a zone that the bundled database has dropped
        // since then reads as UTC.
        jiff::tz::TimeZone::get(&self.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

text_value! {
    /// A language by its tag of BCP 47 (RFC 5646), as the registry of IANA knows it.
    #[schema(value_type = String, format = "language-tag", min_length = 2, max_length = 35, example = "en-US")]
    LanguageTag,
    |text| match language_tags::LanguageTag::parse(text) {
        Ok(tag) if tag.is_valid() && tag.as_str().len() <= 35 => Ok(tag.into_string()),
        _ => Err(NotThat("is no BCP 47 language tag")),
    }
}

text_value! {
    /// A currency by its ISO 4217 code.
    #[schema(value_type = String, format = "currency", min_length = 3, max_length = 3, example = "USD")]
    Currency,
    |text| match iso_currency::Currency::from_code(text) {
        Some(currency) => Ok(currency.code().to_owned()),
        None => Err(NotThat("is no ISO 4217 currency code")),
    }
}

text_value! {
    /// A country by its ISO 3166-1 alpha-2 code.
    #[schema(value_type = String, format = "country", min_length = 2, max_length = 2, example = "US")]
    Country,
    |text| match text.parse::<phonenumber::country::Id>() {
        Ok(country) => Ok(country.as_ref().to_owned()),
        Err(_) => Err(NotThat("is no ISO 3166-1 country code")),
    }
}

text_value! {
    /// The name of another system that keeps ids of its own: `salesforce`.
    #[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9_.-]{0,62}$", max_length = 63, example = "salesforce")]
    SystemName,
    |text| {
        let first = text.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let rest = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c));
        if first && rest && text.len() <= 63 {
            Ok(text.to_owned())
        } else {
            Err(NotThat("must be 1 to 63 lower-case letters, digits, dots, dashes or underscores"))
        }
    }
}

text_value! {
    /// The short name of something that is counted: `articles_written`.
    #[schema(value_type = String, pattern = "^[a-z][a-z0-9_]{0,62}$", max_length = 63, example = "articles_written")]
    MetricKey,
    |text| {
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= 63;
        if fits && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            Ok(text.to_owned())
        } else {
            Err(NotThat("must be 1 to 63 lower-case letters, digits or underscores, a letter first"))
        }
    }
}

text_value! {
    /// A word of the service's own, such as `created`: lower-case letters and underscores.
    #[schema(value_type = String, pattern = "^[a-z][a-z_]{0,62}$", max_length = 63, example = "created")]
    Word,
    |text| {
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= 63;
        if fits && text.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            Ok(text.to_owned())
        } else {
            Err(NotThat("must be 1 to 63 lower-case letters or underscores"))
        }
    }
}

text_value! {
    /// A record's id in another system, as that system writes it.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "003Ws00000AbCdE",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$")]
    ExternalId,
    |text| {
        let fits = !text.is_empty() && text.chars().count() <= 200 && text.trim() == text;
        if fits && !text.chars().any(char::is_control) {
            Ok(text.to_owned())
        } else {
            Err(NotThat("must be 1 to 200 characters on one line"))
        }
    }
}

/// An amount of money: integer minor units of a currency (ISO 4217). `{"amount_minor": 125000000,
/// "currency": "USD"}` are 1.25 million US dollars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount_minor": 125_000_000, "currency": "USD"}))]
pub struct Money {
    /// Minor units: cents for USD, yen for JPY.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Joins the two columns that an amount is kept in.
    pub fn from_columns(amount_minor: Option<i64>, currency: Option<Currency>) -> Option<Self> {
        amount_minor
            .zip(currency)
            .map(|(amount_minor, currency)| Self {
                amount_minor,
                currency,
            })
    }
}

/// A phone number as it was written and, where it can be told, in E.164.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// As written.
    pub written: String,
    /// E.164, when it parses as a valid number of its region.
    pub e164: Option<String>,
}

impl Phone {
    /// Reads a number as one dials it in the country, or from anywhere when it begins with `+`.
    pub fn read(written: &str, country: Option<&Country>) -> Self {
        let region = country.and_then(|country| country.as_str().parse().ok());
        let e164 = phonenumber::parse(region, written)
            .ok()
            .filter(phonenumber::is_valid)
            .map(|number| number.format().mode(phonenumber::Mode::E164).to_string());
        Self {
            written: written.trim().to_owned(),
            e164,
        }
    }
}

/// Loads what the first parse of a phone number would load, so that no request waits for it.
pub fn warm_up() {
    let _ = Phone::read("+12125550123", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox_however_it_is_written() {
        let one: EmailAddress = " Dana@Example.ORG ".parse().unwrap();
        assert_eq!(one.as_str(), "dana@example.org");
        for odd in [
            "dana",
            "Dana <dana@example.org>",
            "\"a b\" <q@x.example>",
            "a@[127.0.0.1]",
            "\"a b\"@x.example",
        ] {
            assert!(odd.parse::<EmailAddress>().is_err(), "{odd}");
        }
        assert!("Red\u{202e}Mesa".parse::<Name>().is_err());
    }

    #[test]
    fn only_known_zones_currencies_and_countries_parse() {
        assert!("Europe/Berlin".parse::<TimeZone>().is_ok());
        assert!("Europe/Atlantis".parse::<TimeZone>().is_err());
        assert_eq!("de-at".parse::<LanguageTag>().unwrap().as_str(), "de-AT");
        for odd in ["", "english", "en_US", "en-ZZZ", "xq", "en-US-"] {
            assert!(odd.parse::<LanguageTag>().is_err(), "{odd}");
        }
        assert!("USD".parse::<Currency>().is_ok());
        assert!("usd".parse::<Currency>().is_err());
        assert!("XQX".parse::<Currency>().is_err());
        assert!("US".parse::<Country>().is_ok());
        assert!("ZZ".parse::<Country>().is_err());
    }

    #[test]
    fn a_date_ends_at_midnight_of_its_zone() {
        let date: Date = "2026-03-29".parse().unwrap();
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        assert_eq!(date.end_in(&berlin).to_string(), "2026-03-29T22:00:00Z");
    }

    #[test]
    fn months_later_is_the_same_day_or_the_last_one() {
        let later = |text: &str, months| {
            let date: Date = text.parse().unwrap();
            date.plus_months(months).to_string()
        };
        assert_eq!(later("2026-03-02", -12), "2025-03-02");
        assert_eq!(later("2028-02-29", -12), "2027-02-28");
        assert_eq!(later("2026-01-31", 1), "2026-02-28");
    }

    #[test]
    fn a_number_that_does_not_parse_is_kept_as_written() {
        let us: Country = "US".parse().unwrap();
        let good = Phone::read("(212) 555-0123", Some(&us));
        assert_eq!(good.e164.as_deref(), Some("+12125550123"));
        let odd = Phone::read("3-(902)296-6183", Some(&us));
        assert_eq!((odd.written.as_str(), odd.e164), ("3-(902)296-6183", None));
    }

    proptest::proptest! {
        #[test]
        fn days_since_2000_and_back_is_the_same_date(days in -100_000_i64..100_000) {
            let start = Date::new(2000, 1, 1).unwrap();
            let date = start.plus_days(days);
            proptest::prop_assert_eq!(date.days_since_2000(), days);
        }
    }
}
