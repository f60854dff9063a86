//! One transaction: everything in it, or nothing.

use std::ops::Deref;

use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};

use super::constraints::violates;
use super::{Conn, Db, connection_is_gone};
use crate::platform::error::{ApiResult, Error, Problem};

type Manager = AnsiTransactionManager;

/// An open transaction. Having one is the proof that what is done with it is done together.
pub struct Tx(Object<AsyncPgConnection>);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl Db {
    /// Runs an effect in a transaction: commits when it gives a value, rolls back when it gives an
    /// error or is dropped.
    ///
    /// diesel-async's own `transaction` wants a future that is `Send`, which a borrowing async
    /// closure can't promise; so the transaction manager is driven here.
    pub async fn write<T>(&self, effect: impl AsyncFnOnce(&Tx) -> ApiResult<T>) -> ApiResult<T> {
        let _share = self.pool.writes.take(self.patience).await?;
        let attempt = async {
            let mut tx = self.begin().await?;
            match effect(&tx).await {
                Ok(value) => {
                    Manager::commit_transaction(&mut *tx.0).await?;
                    Ok(value)
                }
                Err(error) => {
                    // A failed roll-back marks the connection as broken: the pool drops it.
                    let _ = Manager::rollback_transaction(&mut *tx.0).await;
                    Err(error)
                }
            }
        };
        match tokio::time::timeout(self.patience, attempt).await {
            Ok(done) => done,
            Err(_) => Err(Problem::unavailable().into()),
        }
    }

    /// Opens a transaction; a connection that was cut while it lay in the pool is thrown away.
    async fn begin(&self) -> ApiResult<Tx> {
        loop {
            let object = self.pool.connections.get().await.map_err(|error| {
                tracing::warn!(%error, "no connection for a transaction");
                Error::from(Problem::unavailable())
            })?;
            let mut tx = Tx(object);
            match Manager::begin_transaction(&mut *tx.0).await {
                Ok(()) => return Ok(tx),
                Err(cause) if connection_is_gone(&cause) => drop(Object::take(tx.0)),
                Err(cause) => return Err(cause.into()),
            }
        }
    }

    /// Like [`Db::write`], but begins anew when another transaction was faster and one of these
    /// constraints says so: what the effect looked for and did not find may be there now.
    pub async fn write_again<T>(
        &self,
        constraints: &[&str],
        effect: impl AsyncFn(&Tx) -> ApiResult<T>,
    ) -> ApiResult<T> {
        for _ in 0..2 {
            match self.write(&effect).await {
                Err(error) if constraints.iter().any(|name| violates(&error, name)) => {}
                done => return done,
            }
        }
        self.write(effect).await
    }
}
