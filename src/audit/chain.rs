//! Chains the entries of each firm, and verifies the chains.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, EntryRow};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::digest::{self, Purpose, Tagging};
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;

/// Chains what is new, every two seconds.
pub const CHAIN: Periodic = Periodic {
    name: "chain_audit",
    every: Duration::from_secs(2),
    run: chain,
};

/// Entries that are chained in one transaction.
const BATCH: i64 = 500;
/// Entries that are read at once to be verified.
const PART: i64 = 5_000;

/// What a tag covers, besides the tag before: the fields in this order, as JSON.
#[derive(Serialize)]
struct Covered<'a> {
    firm_id: Uuid,
    position: i64,
    sequence: i64,
    actor_id: Option<Uuid>,
    action: &'a str,
    kind: &'a str,
    resource_id: Option<Uuid>,
    partnership_id: Option<Uuid>,
    version: Option<i32>,
    at_microsecond: i64,
}

fn tag(tagging: &Tagging, before: &[u8], position: i64, entry: &EntryRow) -> Vec<u8> {
    let covered = Covered {
        firm_id: entry.firm_id,
        position,
        sequence: entry.seq,
        actor_id: entry.actor_id,
        action: &entry.action,
        kind: &entry.kind,
        resource_id: entry.resource_id,
        partnership_id: entry.partnership_id,
        version: entry.version,
        at_microsecond: entry.at.as_microsecond(),
    };
    // Plain fields: this never fails.
    let text = serde_json::to_vec(&covered).unwrap_or_default();
    tagging.tag(&[before, &text].concat()).to_vec()
}

fn chain(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let tagging = app.master.tagging(Purpose::Audit);
        while app
            .db
            .write(async |tx| chain_some(tx, &tagging).await)
            .await?
        {}
        Ok(())
    }
    .boxed_local()
}

/// Chains some entries; gives whether there may be more. Of several replicas one does it at a time.
async fn chain_some(tx: &Tx, tagging: &Tagging) -> ApiResult<bool> {
    if !store::may_chain(tx).await? {
        return Ok(false);
    }
    let entries = store::list_unchained(tx, BATCH).await?;
    let mut heads: HashMap<Uuid, (i64, Vec<u8>)> = HashMap::new();
    let mut links = store::Links::default();
    for entry in &entries {
        let (position, before) = match heads.remove(&entry.firm_id) {
            Some(head) => head,
            None => store::head(tx, entry.firm_id).await?.unwrap_or_default(),
        };
        let (position, tag) = (position + 1, tag(tagging, &before, position + 1, entry));
        links.push(entry.seq, position, tag.clone());
        heads.insert(entry.firm_id, (position, tag));
    }
    store::link(tx, &links).await?;
    Ok(i64::try_from(entries.len()).is_ok_and(|count| count == BATCH))
}

/// The newest link of a firm's chain, as `quid audit verify` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The firm.
    pub firm_id: Uuid,
    /// Its place.
    pub position: i64,
    /// Its tag, base64url.
    pub tag: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.firm_id, self.position, self.tag)
    }
}

/// A line that is no head.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no head of a chain: a firm's id, a position and a tag")]
pub struct NoHead(String);

impl FromStr for Head {
    type Err = NoHead;
    fn from_str(line: &str) -> Result<Self, NoHead> {
        let mut words = line.split_ascii_whitespace();
        let head = (|| {
            Some(Self {
                firm_id: words.next()?.parse().ok()?,
                position: words.next()?.parse().ok()?,
                tag: words.next()?.to_owned(),
            })
        })();
        head.filter(|_| words.next().is_none())
            .ok_or_else(|| NoHead(line.to_owned()))
    }
}

/// What verifying comes to.
#[derive(Debug, Default)]
pub struct Verified {
    /// The head of each firm's chain.
    pub heads: Vec<Head>,
    /// Entries in the chains.
    pub chained: i64,
    /// Entries that wait to be chained.
    pub unchained: i64,
    /// What is wrong, each in a line; empty when all is well.
    pub broken: Vec<String>,
}

/// Verifies every firm's chain from its beginning, and that heads which were printed before are in it.
pub async fn verify(app: &App, known: &[Head]) -> ApiResult<Verified> {
    let tagging = app.master.tagging(Purpose::Audit);
    let mut verified = Verified::default();
    for firm_id in app
        .db
        .read(async |conn| store::list_firms(conn).await)
        .await?
    {
        verify_firm(app, &tagging, firm_id, known, &mut verified).await?;
    }
    for head in known {
        if !verified.heads.iter().any(|one| one.firm_id == head.firm_id) {
            verified
                .broken
                .push(format!("firm {}: its whole chain is gone", head.firm_id));
        }
    }
    verified.unchained = app
        .db
        .read(async |conn| store::count_unchained(conn).await)
        .await?;
    Ok(verified)
}

async fn verify_firm(
    app: &App,
    tagging: &Tagging,
    firm_id: Uuid,
    known: &[Head],
    verified: &mut Verified,
) -> ApiResult<()> {
    let (mut position, mut before) = (0_i64, Vec::new());
    let mut expected: Vec<&Head> = known
        .iter()
        .filter(|head| head.firm_id == firm_id)
        .collect();
    loop {
        let part = app
            .db
            .read(async |conn| store::list_chained(conn, firm_id, position, PART).await)
            .await?;
        if part.is_empty() {
            break;
        }
        for (place, kept, entry) in &part {
            let tag = tag(tagging, &before, position + 1, entry);
            if *place != position + 1 || !digest::same(&tag, kept) {
                verified.broken.push(format!(
                    "firm {firm_id}: the chain breaks at position {}, entry {} of {}",
                    position + 1,
                    entry.seq,
                    entry.at
                ));
                return Ok(());
            }
            position += 1;
            verified.chained += 1;
            before = tag;
            let shown = digest::base64url(&before);
            expected.retain(|head| head.position != position || head.tag != shown);
        }
    }
    verified
        .broken
        .extend(expected.iter().map(|head| format!(
            "firm {firm_id}: the head at position {} that was known is not in the chain, which ends at {position}",
            head.position
        )));
    if position > 0 {
        verified.heads.push(Head {
            firm_id,
            position,
            tag: digest::base64url(&before),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_printed() {
        let head = Head {
            firm_id: Uuid::from_u128(7),
            position: 12,
            tag: "abc-_9".to_owned(),
        };
        assert_eq!(head.to_string().parse::<Head>().unwrap(), head);
        assert!("7 12 abc".parse::<Head>().is_err());
        assert!(format!("{head} more").parse::<Head>().is_err());
    }
}
