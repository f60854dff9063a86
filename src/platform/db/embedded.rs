//! A private PostgreSQL, for a machine where no `DATABASE_URL` is given.
//!
//! `quid serve` on a fresh machine must work without anyone setting up a database, and what it
//! keeps there must be as safe as on a server of its own. So the service starts PostgreSQL's own
//! binaries on a cluster under its data directory, and stops them with itself:
//!
//! ```text
//! <data_dir>/                  owned by whoever runs the service
//!   embedded.lock              held by the service that runs the server
//!   postgres.log               what the server says
//!   postgres/                  owned by the server's user, mode 0700
//!     data/                    the cluster
//!     local.conf               optional settings of the operator, read after ours
//!     sock/                    the socket, the only way in
//! ```
//!
//! # Rules, and why
//!
//! - **[`start`] is called on the main thread, before any runtime.** The server asks the kernel to
//!   be interrupted when its parent dies, and the kernel means the *thread* that started it: a
//!   worker thread that ends would stop it.
//! - **It can't outlive the service.** `setpriv --pdeathsig INT` makes even a `kill -9` of the
//!   service a fast, clean shutdown of the server. Where `setpriv` is missing (it is part of
//!   util-linux) a server may be left behind; the next [`start`] stops it first.
//! - **PostgreSQL refuses to run as root**, so a service started by root runs it as `postgres`, or
//!   as `nobody` where there is no such user. Once a cluster exists its owner decides, so that
//!   installing PostgreSQL's package later, which adds the user `postgres`, changes nothing.
//! - **One door.** No TCP at all; the socket lies in a directory that only the server's user and
//!   root may enter, which is why local connections need no password. The service's role owns its
//!   database and is not a superuser.
//! - **Its own process group**, so that Ctrl-C in a terminal reaches the service alone, which then
//!   finishes what is in flight before it stops the server.
//! - **An empty environment**, so that neither the master key nor a stray `PGDATA` reaches the
//!   server.
//! - **One server for one data directory.** Whoever holds the lock runs it; a second service on the
//!   same directory uses the running server and leaves it running.
//! - **A cluster appears whole or not at all**: it is made beside its place, then renamed.

mod account;
mod cluster;
mod error;
mod place;
mod process;
mod servers;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use account::{Identity, Launcher, server_account};
pub use error::EmbeddedError;
use place::{Place, files, make_dir};

/// How long a server that is still stopping, or another service that is still starting, is waited
/// for.
const TAKEOVER: Duration = Duration::from_secs(30);

/// How often the state of the server is looked at while waiting for it.
const GLANCE: Duration = Duration::from_millis(10);

/// A running server: owned, or borrowed from another service on the same data directory.
#[derive(Debug)]
pub struct Embedded {
    url: String,
    server: Option<Child>,
    /// Released after the server has stopped: [`Drop::drop`] runs before the fields are dropped.
    _lock: Option<File>,
}

/// Starts the server under `data_dir`, making the directory and the cluster where they are missing,
/// and returns when it takes connections.
///
/// Call it on the main thread, before any runtime, and keep what it returns until the end of the
/// process. If another service runs a server on this directory, that one is used, and is not
/// stopped by this process; it goes when the other service goes.
pub fn start(data_dir: &Path) -> Result<Embedded, EmbeddedError> {
    let place = Place::new(data_dir)?;
    let me = Identity::of_this_process()?;
    make_dir(&place.data_dir, if me.is_root() { 0o711 } else { 0o700 })?;

    let url = place.url();
    let Some(lock) = take_lock(&place)? else {
        return Ok(Embedded {
            url,
            server: None,
            _lock: None,
        });
    };

    let launcher = Launcher::new(server_account(&place, &me)?);
    prepare_dirs(&place, &launcher)?;
    let servers = servers::find_servers(&launcher)?;
    let server = match cluster::cluster_major(&place)? {
        Some(major) => servers::choose(servers, major, &place)?,
        None => {
            let server = servers::newest(servers)?;
            cluster::make_cluster(&place, &launcher, &server)?;
            server
        }
    };
    cluster::write_settings(&place, &launcher)?;
    let child = process::launch(&place, &launcher, &server)?;
    Ok(Embedded {
        url,
        server: Some(child),
        _lock: Some(lock),
    })
}

impl Embedded {
    /// Where to connect, as a URL for the service's own role and database. The host is the
    /// percent-encoded path of the socket's directory.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server as `pg_ctl stop -m fast` does: open transactions are rolled back, all else
    /// is on disk. Close the service's own connections first. A server borrowed from another
    /// service is left alone.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.halt()
    }

    fn halt(&mut self) -> Result<(), EmbeddedError> {
        match self.server.take() {
            Some(mut child) => process::halt(&mut child),
            None => Ok(()),
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // There is nobody left to tell, and the server's own log says how it ended.
        let _ = self.halt();
    }
}

/// Takes the lock of the data directory, or returns `None` when the service that has it runs a
/// server that is ready.
fn take_lock(place: &Place) -> Result<Option<File>, EmbeddedError> {
    let path = place.data_dir.join("embedded.lock");
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(files(&path))?;
    let deadline = Instant::now() + TAKEOVER;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::Error(error)) => return Err(files(&path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        if place
            .pid_file()
            .is_some_and(|file| file.ready && file.is_alive())
            && place.answers()
        {
            return Ok(None);
        }
        if Instant::now() > deadline {
            return Err(EmbeddedError::Held {
                data_dir: place.data_dir.clone(),
            });
        }
        sleep(GLANCE);
    }
}

/// The server's directories, each made by this process and then handed over.
fn prepare_dirs(place: &Place, launcher: &Launcher) -> Result<(), EmbeddedError> {
    launcher.check_reach(
        &place.data_dir,
        "set QUID_DATA_DIR to a directory it can reach, such as /var/lib/quid, or open that one with chmod o+x",
    )?;
    for dir in [&place.home, &place.sockets] {
        make_dir(dir, 0o700)?;
        // Not only when it was missing: an earlier start may have been killed between the two
        // steps.
        let owner = fs::symlink_metadata(dir).map_err(files(dir))?.uid();
        if launcher
            .account
            .as_ref()
            .is_some_and(|account| account.uid != owner)
        {
            launcher.hand_over(dir)?;
        }
    }
    Ok(())
}
