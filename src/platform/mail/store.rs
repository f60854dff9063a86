//! The outbox.

use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Draft;
use super::letter::Forms;
use crate::platform::db::schema::mails;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A mail in the outbox.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Letter {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The same as HTML.
    pub html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a mail server took it.
    pub sent_at: Option<Timestamp>,
}

pub(super) async fn insert(
    tx: &Tx,
    id: Uuid,
    draft: &Draft<'_>,
    forms: &Forms,
    now: Timestamp,
) -> ApiResult<()> {
    let row = (
        mails::id.eq(id),
        mails::recipient.eq(draft.recipient.as_str()),
        mails::subject.eq(&draft.subject),
        mails::body.eq(&forms.text),
        mails::html.eq(&forms.html),
        mails::created_at.eq(now),
    );
    diesel::insert_into(mails::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

pub(super) async fn list(conn: &Conn, limit: i64) -> ApiResult<Vec<Letter>> {
    let newest = mails::table
        .order((mails::created_at.desc(), mails::id.desc()))
        .limit(limit);
    Ok(newest.select(Letter::as_select()).load(&mut &*conn).await?)
}

pub(super) async fn find_unsent(conn: &Conn, id: Uuid) -> ApiResult<Option<Letter>> {
    let unsent = mails::table
        .filter(mails::id.eq(id))
        .filter(mails::sent_at.is_null());
    Ok(unsent
        .select(Letter::as_select())
        .first(&mut &*conn)
        .await
        .optional()?)
}

/// Marks it as sent and forgets what it said, which may hold a token.
pub(super) async fn mark_sent(tx: &Tx, id: Uuid, now: Timestamp) -> ApiResult<()> {
    diesel::update(mails::table.filter(mails::id.eq(id)))
        .set((
            mails::sent_at.eq(now),
            mails::body.eq(""),
            mails::html.eq(""),
        ))
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM mails WHERE created_at < $1 AND id = ANY(ARRAY(
       SELECT id FROM mails WHERE created_at < $1 LIMIT 10000))"
}

/// Forgets mails that were written before an instant, sent or not, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}
