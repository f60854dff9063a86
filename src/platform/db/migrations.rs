//! Bringing the database to the state that this binary knows.

use diesel_async::{AsyncMigrationHarness, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Target;

/// The migrations in `migrations/`, carried in the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Any number; it only has to be the same for every replica.
const LOCK: i64 = 0x5155_4944;

/// Why the database is not in the state that this binary knows.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// No connection.
    #[error("the database can't be reached: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// A statement failed.
    #[error("the database can't be migrated: {0}")]
    Statement(#[from] diesel::result::Error),
    /// A migration failed.
    #[error("the database can't be migrated: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
}

/// Applies what is missing; replicas that start together wait for one another. Gives the number of
/// migrations applied.
///
/// Must run on a multi-threaded runtime: the harness blocks in place.
pub async fn migrate(target: &Target) -> Result<usize, MigrationError> {
    let mut conn = target.unhurried().connect().await?;
    diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})"))
        .execute(&mut conn)
        .await?;
    // A statement may take its time, but not while requests queue up behind the table it waits for. Only
    // set now: the other replica above may be waited for as long as it takes.
    diesel::sql_query("SET lock_timeout = '10s'")
        .execute(&mut conn)
        .await?;
    // Ending the connection gives the lock back.
    let mut harness = AsyncMigrationHarness::new(conn);
    let applied = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(MigrationError::Migration)?;
    Ok(applied.len())
}

/// Takes every migration back, for the test that up, down, up leaves the same database.
pub async fn revert_all(target: &Target) -> Result<usize, MigrationError> {
    let conn = target.unhurried().connect().await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let reverted = harness
        .revert_all_migrations(MIGRATIONS)
        .map_err(MigrationError::Migration)?;
    Ok(reverted.len())
}
