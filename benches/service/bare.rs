//! Serves HTTP from PostgreSQL as plainly as the service's own libraries allow: no sign-in, no
//! request id, no log, no metrics, no limits, no entity tag, no compression.

use std::net::TcpListener;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, web};
use clap::Args;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use quid::platform::auth::{Caller, Role, Who};
use quid::platform::clock::Clock;
use quid::platform::db::{Db, Limits, Target};
use quid::platform::error::{ApiResult, Error, Problem};
use quid::platform::ids::Ids;
use serde::Serialize;
use uuid::Uuid;

use crate::introductions;

/// How the bare handler is served.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Port to listen on
    #[arg(long)]
    port: u16,
    /// PostgreSQL
    #[arg(long)]
    url: String,
    /// The firm for which every request is
    #[arg(long)]
    firm: Uuid,
    /// The member who sends every request
    #[arg(long)]
    member: Uuid,
    /// Threads that answer requests, as the service has
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Connections for transactions, as the service has
    #[arg(long, default_value_t = 8)]
    pool: usize,
    /// Shared connections for reads for each thread, as the service has
    #[arg(long, default_value_t = 2)]
    readers: usize,
}

/// An open transaction.
pub struct Tx(Object<AsyncPgConnection>);

impl Deref for Tx {
    type Target = AsyncPgConnection;
    fn deref(&self) -> &AsyncPgConnection {
        &self.0
    }
}

/// What a handler has: connections, and on whose behalf it works.
pub struct Bare {
    readers: Vec<AsyncPgConnection>,
    turn: AtomicUsize,
    pool: Pool<AsyncPgConnection>,
    pub caller: Caller,
    pub clock: Clock,
    pub ids: Ids,
}

impl Bare {
    /// The connection for reads whose turn it is.
    pub fn reader(&self) -> &AsyncPgConnection {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.readers.len();
        &self.readers[turn]
    }

    /// Runs an effect in a transaction.
    pub async fn write<T>(&self, effect: impl AsyncFnOnce(&Tx) -> ApiResult<T>) -> ApiResult<T> {
        let object = self.pool.get().await;
        let mut tx = Tx(object.map_err(|error| Error::broken(error.to_string()))?);
        AnsiTransactionManager::begin_transaction(&mut *tx.0).await?;
        let done = effect(&tx).await;
        match done {
            Ok(_) => AnsiTransactionManager::commit_transaction(&mut *tx.0).await?,
            Err(_) => AnsiTransactionManager::rollback_transaction(&mut *tx.0).await?,
        }
        done
    }
}

/// What is not there.
pub fn missing() -> Error {
    Problem::not_found().into()
}

/// A resource as JSON, or what went wrong in the plainest form.
pub fn answer<T: Serialize>(status: u16, done: ApiResult<T>) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    match done.map(|resource| serde_json::to_vec(&resource)) {
        Ok(Ok(body)) => HttpResponse::build(status)
            .content_type("application/json")
            .body(body),
        Ok(Err(error)) => HttpResponse::InternalServerError().body(error.to_string()),
        Err(error) => HttpResponse::InternalServerError().body(format!("{error:?}")),
    }
}

/// Serves until told to stop.
pub async fn run(serve: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let patience = Duration::from_millis(2500);
    let limits = Limits {
        pool: serve.pool,
        readers: serve.readers,
        patience,
    };
    // The same connections as the service's: what `Target` says of time limits and durability counts
    // for the statements, and those are to be the same.
    let target = Target::parse(&serve.url, patience)?;
    let pool = Db::pool(&target, limits)?.connections().clone();
    let caller = Caller {
        firm_id: serve.firm,
        who: Who::Member {
            member_id: serve.member,
            role: Role::Admin,
        },
        credential_id: serve.member,
    };
    let listener = TcpListener::bind(("127.0.0.1", serve.port))?;
    HttpServer::new(move || {
        let (target, pool, caller) = (target.clone(), pool.clone(), caller.clone());
        App::new()
            .data_factory(move || {
                connect(target.clone(), limits.readers, pool.clone(), caller.clone())
            })
            .route("/healthz", web::get().to(HttpResponse::Ok))
            .configure(introductions::routes)
    })
    .workers(serve.workers)
    .listen(listener)?
    .run()
    .await?;
    Ok(())
}

async fn connect(
    target: Target,
    count: usize,
    pool: Pool<AsyncPgConnection>,
    caller: Caller,
) -> Result<Bare, diesel::ConnectionError> {
    let mut readers = Vec::new();
    for _ in 0..count {
        readers.push(target.connect().await?);
    }
    Ok(Bare {
        readers,
        turn: AtomicUsize::new(0),
        pool,
        caller,
        clock: Clock::system(),
        ids: Ids::random(),
    })
}
