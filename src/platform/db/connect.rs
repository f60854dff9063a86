//! Reaching PostgreSQL: the address, TLS where the address asks for it, and settings that each
//! connection has from its first byte, so that none can be forgotten.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use futures_util::FutureExt;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Limits;

type TlsStream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// Where the database is, and how each connection begins.
#[derive(Clone, Debug)]
pub struct Target {
    pub(super) config: tokio_postgres::Config,
    tls: Arc<rustls::ClientConfig>,
    /// The options that the address itself gives.
    given: String,
}

/// Why an address is of no use.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Not an address of PostgreSQL.
    #[error("DATABASE_URL is no PostgreSQL address: {0}")]
    Address(String),
    /// The pool can't be made.
    #[error("the connection pool can't be made: {0}")]
    Pool(String),
}

impl Target {
    /// Reads an address (`postgres://user:password@host/database?sslmode=require`).
    ///
    /// `statement` is the server's own limit on a statement; on top of it every connection
    /// acknowledges a commit only when it is on disk, whatever the server's default is.
    pub fn parse(url: &str, statement: Duration) -> Result<Self, TargetError> {
        // `verify-full` is libpq's word; what it asks for is what rustls always does.
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let mut config = tokio_postgres::Config::from_str(&url)
            .map_err(|error| TargetError::Address(error.to_string()))?;
        let own = format!(
            "-c synchronous_commit=on -c statement_timeout={0} -c idle_in_transaction_session_timeout={0} -c lock_timeout={0}",
            statement.as_millis()
        );
        let given = config.get_options().unwrap_or_default().to_owned();
        let options = format!("{given} {own}");
        config
            .options(options)
            .application_name("quid")
            .connect_timeout(Duration::from_secs(2));
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let tls = rustls::ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config,
            tls: Arc::new(tls),
            given,
        })
    }

    /// The same address without a limit on statements, for migrations and bulk work.
    #[must_use]
    pub fn unhurried(&self) -> Self {
        let mut unhurried = self.clone();
        unhurried.config.options(format!(
            "{} -c synchronous_commit=on -c statement_timeout=0",
            self.given
        ));
        unhurried
    }

    pub(super) fn wants_tls(&self) -> bool {
        !matches!(
            self.config.get_ssl_mode(),
            SslMode::Disable | SslMode::Prefer
        )
    }

    /// A connection for diesel.
    pub async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        if self.wants_tls() {
            let (client, connection) = self.connect_tls().await.map_err(bad)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        } else {
            let (client, connection) = self.config.connect(NoTls).await.map_err(bad)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
    }

    pub(super) async fn connect_tls(
        &self,
    ) -> Result<(Client, Connection<Socket, TlsStream>), tokio_postgres::Error> {
        let tls = MakeRustlsConnect::new((*self.tls).clone());
        self.config.connect(tls).await
    }

    pub(super) fn pool(&self, limits: Limits) -> Result<Pool<AsyncPgConnection>, TargetError> {
        let target = self.clone();
        let mut config = ManagerConfig::default();
        // The default asks `SELECT 1` before each use; a broken connection is noticed anyway.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |_| {
            let target = target.clone();
            async move { target.connect().await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        Pool::builder(manager)
            .max_size(limits.pool)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(limits.patience))
            .create_timeout(Some(limits.patience))
            .build()
            .map_err(|error| TargetError::Pool(error.to_string()))
    }
}

fn bad(error: tokio_postgres::Error) -> ConnectionError {
    ConnectionError::BadConnection(error.to_string())
}
