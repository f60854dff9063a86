//! The rows that are held.

use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::introductions::store::visible;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::statement;

statement! {
    HoldPartnership { id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT p.id FROM introductions i JOIN partnerships p ON p.id = i.partnership_id WHERE i.id = $1 FOR SHARE OF p"
}

statement! {
    HoldClient { id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT c.id FROM introductions i JOIN clients c ON c.id = i.client_id WHERE i.id = $1 FOR SHARE OF c"
}

statement! {
    HoldConsent { id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT k.id FROM introductions i
       JOIN consents k ON k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id AND k.withdrawn_at IS NULL
      WHERE i.id = $1 FOR SHARE OF k"
}

statement! {
    HoldIntroduction { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> SqlUuid,
    concat!("SELECT i.id FROM introductions i WHERE i.id = $2 AND ", visible!(), " FOR UPDATE")
}

/// Holds an introduction and all that decides what may be seen of its client, until the transaction ends;
/// `None` when the firm does not see it.
///
/// In statements of its own, because one that waits for a row still reads other tables as they were before
/// it waited: the answer would name a client whose consent was withdrawn meanwhile. In one order
/// everywhere: partnership, client, consent, introduction.
pub async fn hold(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Uuid>> {
    // Sent together, carried out one after the other.
    let (mut one, mut two, mut three, mut four) = (&**tx, &**tx, &**tx, &**tx);
    let (_, _, _, held): (Vec<Uuid>, Vec<Uuid>, Vec<Uuid>, Vec<Uuid>) = futures_util::try_join!(
        HoldPartnership { id }.load(&mut one),
        HoldClient { id }.load(&mut two),
        HoldConsent { id }.load(&mut three),
        HoldIntroduction { firm_id, id }.load(&mut four),
    )?;
    Ok(held.into_iter().next())
}
