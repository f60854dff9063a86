//! Connections, and an end to those that only hold on: whose head or body comes byte by byte, who
//! reads an answer as slowly as that, or who opens hundreds from one address.
//!
//! actix-web has a time limit on the head of a connection's first request and on a connection that
//! is idle. It has none on the head of a later request, on the rest of a chunked body that nobody
//! reads any more, nor on an answer that the other side does not take. So each connection here has
//! a deadline, moved on by what happens on it ([`super::frame`] tells), and a look twice a second
//! shuts down the sockets of those past theirs; actix-web then finds them closed.

use std::any::Any;
use std::collections::HashMap;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Extensions;
use bytes::Bytes;

use crate::platform::config::Settings;

/// How long the head of a request may take.
pub const HEAD: Duration = Duration::from_secs(5);
/// How long a connection without a request is kept: with the head of the next, less than 15 seconds.
pub const KEEP_ALIVE: Duration = Duration::from_secs(8);
/// How long a connection that ends may take to do so.
pub const GOODBYE: Duration = Duration::from_secs(1);
/// The most connections of one worker; the next wait in the listener's queue.
pub const MOST: usize = 10_000;
/// How long one piece of an answer may take to be read.
const PIECE: Duration = Duration::from_secs(10);
/// How often the deadlines are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// The live connections of this process.
pub struct Connections {
    start: Instant,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    live: HashMap<u64, Weak<Connection>>,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection, as long as actix-web or a request under way has it.
pub struct Connection {
    number: u64,
    address: Option<IpAddr>,
    /// A handle of our own on the socket, to shut it down by.
    socket: TcpStream,
    /// In milliseconds after the start; 0 for none.
    deadline: AtomicU64,
    all: Arc<Connections>,
}

impl Connections {
    /// None yet.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            table: Mutex::default(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn table<T>(&self, work: impl FnOnce(&mut Table) -> T) -> T {
        work(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Watches a connection that was accepted; for [`actix_web::HttpServer::on_connect`]. One too
    /// many from its address is shut down at once.
    pub fn opened(self: &Arc<Self>, socket: &dyn Any, data: &mut Extensions, settings: &Settings) {
        let Some(socket) = socket.downcast_ref::<actix_web::rt::net::TcpStream>() else {
            return;
        };
        let peer = socket.peer_addr().ok().map(|peer| peer.ip().to_canonical());
        let counted = |peer: &IpAddr| {
            settings.address_connections > 0
                && !settings
                    .trusted_proxies
                    .iter()
                    .any(|net| net.contains(peer))
        };
        let Ok(handle) = socket.as_fd().try_clone_to_owned() else {
            return;
        };
        let connection = self.table(|table| {
            table.next += 1;
            let connection = Arc::new(Connection {
                number: table.next,
                address: peer.filter(counted),
                socket: TcpStream::from(handle),
                deadline: AtomicU64::new(0),
                all: Arc::clone(self),
            });
            table.live.insert(table.next, Arc::downgrade(&connection));
            if let Some(address) = connection.address {
                *table.by_address.entry(address).or_default() += 1;
            }
            let of_address = connection
                .address
                .and_then(|address| table.by_address.get(&address).copied());
            if of_address.is_some_and(|count| count > settings.address_connections) {
                connection.end();
            }
            connection
        });
        connection.expect_within(HEAD);
        data.insert(connection);
    }

    /// Shuts down, for ever, the connections past their deadline.
    pub async fn watch(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = self.now();
            let live: Vec<_> = self.table(|table| {
                let all = table.live.values();
                all.filter_map(Weak::upgrade).collect()
            });
            for connection in live {
                let deadline = connection.deadline.load(Ordering::Relaxed);
                if deadline > 0 && deadline < now {
                    connection.end();
                }
            }
        }
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// Ends the connection unless something happens within this time.
    fn expect_within(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let deadline = self.all.now().saturating_add(time);
        self.deadline.store(deadline, Ordering::Relaxed);
    }

    /// A request is being answered, which has limits of its own: the other side is not waited for.
    pub fn works(&self) {
        self.deadline.store(0, Ordering::Relaxed);
    }

    fn end(&self) {
        // It may have ended by itself meanwhile.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.table(|table| {
            table.live.remove(&self.number);
            let Some(address) = self.address else { return };
            let left = table.by_address.get_mut(&address).map(|count| {
                *count = count.saturating_sub(1);
                *count
            });
            if left == Some(0) {
                table.by_address.remove(&address);
            }
        });
    }
}

/// The body of an answer, whose pieces must be read in time.
pub struct Watched {
    body: BoxBody,
    connection: Arc<Connection>,
    /// How long after the answer the next request must have come.
    after: Duration,
}

impl Watched {
    /// Watches a body. When the connection `closes` after it, the other side gets no time to go on
    /// sending what is not read.
    pub fn new(body: BoxBody, connection: Arc<Connection>, closes: bool) -> Self {
        let after = if closes { GOODBYE } else { KEEP_ALIVE + HEAD };
        Self {
            body,
            connection,
            after,
        }
    }
}

impl MessageBody for Watched {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        match &polled {
            // The next piece is asked for when most of this one was taken.
            Poll::Ready(Some(Ok(_))) => self.connection.expect_within(PIECE),
            // It waits for us.
            Poll::Pending => self.connection.works(),
            Poll::Ready(_) => {}
        }
        polled
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.connection.expect_within(self.after);
    }
}
