//! What every operation can reach: the database, the clock, the keys. One for each worker, since
//! each worker has its own connections for reads; all else is shared.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::auth::Credentials;
use super::auth::key_ring::KeyRing;
use super::auth::remembered::Remembered;
use super::clock::Clock;
use super::config::Settings;
use super::db::Db;
use super::db::constraints::Constraint;
use super::digest::{MasterKey, Tagging};
use super::error::Error;
use super::http::bodies::Bodies;
use super::http::connections::Connections;
use super::http::limits::Rates;
use super::ids::Ids;

/// What the workers share.
pub struct Shared {
    /// How the service was told to be.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// The key from which all others derive.
    pub master: MasterKey,
    /// Tags cursors.
    pub cursors: Tagging,
    /// Derives refresh tokens.
    pub refresh: Tagging,
    /// Names what attempts at passwords and codes are counted for.
    pub attempts: Tagging,
    /// The digests of recovery codes.
    pub recovery_codes: Tagging,
    /// The keys that sign access tokens.
    pub keys: KeyRing,
    /// Tokens verified a moment ago.
    pub remembered: Remembered,
    /// Asks the features whether a credential is good.
    pub credentials: Box<dyn Credentials>,
    /// The connections of clients.
    pub connections: Arc<Connections>,
    /// How often one may ask.
    pub rates: Rates,
    /// What bodies must look like.
    pub bodies: Bodies,
    /// What the database's constraints mean, over all features.
    pub constraints: Vec<Constraint>,
}

/// The application, as a handler's argument.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    shared: Arc<Shared>,
}

impl App {
    /// A worker's application.
    pub fn new(db: Db, shared: Arc<Shared>) -> Self {
        Self { db, shared }
    }
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl FromRequest for App {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(of(request))
    }
}

/// The application that serves a request.
pub fn of(request: &HttpRequest) -> Result<App, Error> {
    request
        .app_data::<web::Data<App>>()
        .map(|app| app.as_ref().clone())
        .ok_or_else(|| Error::broken("the application is not mounted"))
}
