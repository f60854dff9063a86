//! Hearing what other replicas say: one connection that listens, and sends itself a heart-beat so
//! that its silence means something.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, NoTls};

use super::Target;

/// How often the listener sends itself a word.
const BEAT: Duration = Duration::from_millis(150);
/// After so long without an answer to it the connection counts as lost.
const DEAF: Duration = Duration::from_millis(450);

/// What the listener tells.
#[derive(Debug)]
pub enum Heard {
    /// It listens, from now on.
    Connected,
    /// Its own heart-beat, or anything else, came through.
    Beat,
    /// Somebody said something on a channel.
    Word {
        /// The channel.
        channel: String,
        /// What was said.
        word: String,
    },
    /// It hears nothing any more; it tries again.
    Lost,
}

/// Listens on the channels for as long as the future is polled. `own` is a channel that nobody else
/// uses, for the heart-beat.
pub async fn listen(target: Target, channels: &[&str], own: &str, tell: impl Fn(Heard)) {
    loop {
        if let Err(error) = listen_once(&target, channels, own, &tell).await {
            tracing::warn!(%error, "the listener lost its connection to the database");
        }
        tell(Heard::Lost);
        tokio::time::sleep(BEAT).await;
    }
}

#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("{0}")]
    Postgres(#[from] tokio_postgres::Error),
    #[error("{0}")]
    Address(#[from] diesel::ConnectionError),
    #[error("the connection was closed")]
    Closed,
    #[error("no heart-beat came through")]
    Deaf,
}

async fn listen_once(
    target: &Target,
    channels: &[&str],
    own: &str,
    tell: &impl Fn(Heard),
) -> Result<(), Lost> {
    let (heard, mut inbox) = mpsc::unbounded_channel();
    let (client, driver) = target.listener(heard).await?;
    let _ends_with_us = AbortOnDrop(driver);
    let listens: String = channels
        .iter()
        .chain([&own])
        .map(|name| format!("LISTEN {name};"))
        .collect();
    client.batch_execute(&listens).await?;
    tell(Heard::Connected);
    let beat = format!("NOTIFY {own}");
    let mut ticks = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            message = inbox.recv() => match message {
                None => return Err(Lost::Closed),
                Some((channel, word)) => {
                    tell(Heard::Beat);
                    if channel != own {
                        tell(Heard::Word { channel, word });
                    }
                }
            },
            _ = ticks.tick() => {
                tokio::time::timeout(DEAF, client.batch_execute(&beat)).await.map_err(|_| Lost::Deaf)??;
            }
        }
    }
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Inbox = mpsc::UnboundedSender<(String, String)>;

impl Target {
    async fn listener(
        &self,
        heard: Inbox,
    ) -> Result<(tokio_postgres::Client, tokio::task::JoinHandle<()>), tokio_postgres::Error> {
        if self.wants_tls() {
            let (client, connection) = self.connect_tls().await?;
            Ok((client, drive(connection, heard)))
        } else {
            let (client, connection) = self.config.connect(NoTls).await?;
            Ok((client, drive(connection, heard)))
        }
    }
}

fn drive<S>(
    mut connection: tokio_postgres::Connection<tokio_postgres::Socket, S>,
    heard: Inbox,
) -> tokio::task::JoinHandle<()>
where
    S: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        let mut messages =
            futures_util::stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(notification) = message {
                let word = (
                    notification.channel().to_owned(),
                    notification.payload().to_owned(),
                );
                if heard.send(word).is_err() {
                    return;
                }
            }
        }
    })
}
