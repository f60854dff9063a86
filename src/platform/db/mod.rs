//! PostgreSQL: shared pipelined connections for reads, a small pool for transactions.
//!
//! - A **read** is one or more statements in autocommit on one of a worker's shared connections.
//!   Several requests' statements are in flight on it at once, which halves PostgreSQL's part of a
//!   read against a pool. Nothing that outlives a statement (`SET`, a transaction, `LISTEN`) may
//!   run there.
//! - A **write** is one transaction on a connection of the pool, [`Tx`].
//! - Both have a deadline of their own, since a server that hangs never answers, and both find a
//!   new connection when the old one is gone.

pub mod columns;
mod connect;
pub mod constraints;
pub mod embedded;
pub mod idempotency;
pub mod listen;
pub mod locks;
pub mod migrations;
mod reader;
#[expect(missing_docs, reason = "the columns are documented in the database")]
pub mod schema;
mod shares;
pub mod statement;
mod write;

use std::time::Duration;

pub use connect::{Target, TargetError};
use diesel_async::AsyncPgConnection;
use reader::Readers;
use shares::Shares;
pub use shares::{note_firm, with_firm};
pub use write::Tx;

use super::error::{ApiResult, Error, Problem};

/// A connection as the stores see it; shared, so that statements can be pipelined.
pub type Conn = AsyncPgConnection;

/// Statements under way on one shared connection for one firm.
const READS_UNDER_WAY: usize = 16;

/// What all workers have in common: the connections for transactions, and what each firm may have of
/// the database at once.
#[derive(Clone)]
pub struct Pool {
    connections: diesel_async::pooled_connection::deadpool::Pool<AsyncPgConnection>,
    writes: std::sync::Arc<Shares>,
    reads: std::sync::Arc<Shares>,
}

impl Pool {
    /// The connections alone, for who has no firm to share them with, such as a benchmark.
    pub fn connections(
        &self,
    ) -> &diesel_async::pooled_connection::deadpool::Pool<AsyncPgConnection> {
        &self.connections
    }
}

/// The database as a worker sees it.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    readers: std::sync::Arc<Readers>,
    patience: Duration,
}

/// How the database is used.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections for transactions, over all workers.
    pub pool: usize,
    /// Shared connections for reads, for each worker.
    pub readers: usize,
    /// After how long a statement that has no answer is given up.
    pub patience: Duration,
}

impl Db {
    /// The pool for transactions, to be shared by all workers; connects when first used.
    pub fn pool(target: &Target, limits: Limits) -> Result<Pool, TargetError> {
        Ok(Pool {
            connections: target.pool(limits)?,
            writes: std::sync::Arc::new(Shares::new(limits.pool / 2)),
            reads: std::sync::Arc::new(Shares::new(limits.readers * READS_UNDER_WAY)),
        })
    }

    /// A worker's view: the common pool and its own connections for reads.
    pub fn new(pool: Pool, target: Target, limits: Limits) -> Self {
        Self {
            pool,
            readers: std::sync::Arc::new(Readers::new(target, limits.readers)),
            patience: limits.patience,
        }
    }

    /// Runs statements that change nothing, each its own transaction, in one round trip each.
    ///
    /// When the connection turns out to be gone the closure runs once more on a new one.
    pub async fn read<T>(&self, read: impl AsyncFn(&Conn) -> ApiResult<T>) -> ApiResult<T> {
        let _share = self.pool.reads.take(self.patience).await?;
        let attempt = async {
            let reader = self.readers.next().await?;
            match read(&reader).await {
                Err(Error::Database(cause)) if connection_is_gone(&cause) => {
                    // What cut this one has as a rule cut its neighbours too.
                    self.readers.replace_all();
                    let fresh = self.readers.next().await?;
                    read(&fresh).await
                }
                done => done,
            }
        };
        match tokio::time::timeout(self.patience, attempt).await {
            Ok(done) => done,
            Err(_) => {
                // A connection on which a statement hangs would keep all later ones waiting.
                self.readers.replace_all();
                Err(Problem::unavailable().into())
            }
        }
    }
}

/// Whether an error says that the connection, not the statement, is at fault.
pub fn connection_is_gone(cause: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match cause {
        Diesel::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        )
        | Diesel::BrokenTransactionManager => true,
        Diesel::DatabaseError(_, about) => {
            let message = about.message();
            // 57P01 to 57P03 and 08xxx arrive with their text alone.
            message.contains("connection closed")
                || message.contains("terminating connection")
                || message.contains("the database system is")
                || message.contains("error communicating with the server")
        }
        _ => false,
    }
}

/// Whether the database answers at all.
pub async fn ping(conn: &Conn) -> ApiResult<()> {
    use diesel_async::RunQueryDsl;
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1"))
        .get_result::<i32>(&mut &*conn)
        .await?;
    Ok(())
}
