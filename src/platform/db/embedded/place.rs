//! The files under a data directory, and what the server says of itself there.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;

/// The longest path of a socket that the operating system takes, without the closing zero byte.
pub(super) const SOCKET_PATH_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The paths under one data directory.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) data_dir: PathBuf,
    pub(super) home: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) sockets: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) log: PathBuf,
}

impl Place {
    /// Symbolic links are kept as they are: a short link is the way out when a path is too long for
    /// a socket.
    pub(super) fn new(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let data_dir = std::path::absolute(data_dir).map_err(files(data_dir))?;
        let home = data_dir.join("postgres");
        let sockets = home.join("sock");
        let socket = sockets.join(".s.PGSQL.5432");
        let length = socket.as_os_str().len();
        if length > SOCKET_PATH_MAX {
            return Err(EmbeddedError::SocketPath {
                path: socket,
                length,
            });
        }
        Ok(Self {
            cluster: home.join("data"),
            log: data_dir.join("postgres.log"),
            data_dir,
            home,
            sockets,
            socket,
        })
    }

    pub(super) fn url(&self) -> String {
        format!(
            "postgres://quid@{}/quid",
            percent_encode(self.sockets.as_os_str())
        )
    }

    pub(super) fn pid_file(&self) -> Option<PidFile> {
        PidFile::parse(&fs::read_to_string(self.cluster.join("postmaster.pid")).ok()?)
    }

    /// Whether something takes connections on the socket. Hanging up without a word leaves no trace
    /// in the log.
    pub(super) fn answers(&self) -> bool {
        UnixStream::connect(&self.socket).is_ok()
    }
}

/// What `postmaster.pid` says. The server writes it while it starts and removes it when it has
/// stopped; after a crash an old one stays behind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: u32,
    pub(super) cluster: String,
    pub(super) ready: bool,
}

impl PidFile {
    /// The lines: process, data directory, start time, port, socket directory, address, shared
    /// memory, state.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        // A server in single-user mode writes its process as a negative number, and never becomes
        // ready.
        let pid = lines.next()?.trim().trim_start_matches('-').parse().ok()?;
        let cluster = lines.next().filter(|line| !line.is_empty())?.to_owned();
        let ready = lines.nth(5).is_some_and(|state| state.trim() == "ready");
        Some(Self {
            pid,
            cluster,
            ready,
        })
    }

    /// Whether that process is there and is a server on this cluster: after a crash of the machine
    /// or a restart of a container, the number may long belong to somebody else, who must not be
    /// interrupted.
    pub(super) fn is_alive(&self) -> bool {
        let command_line = if Path::new("/proc/self/cmdline").exists() {
            fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default()
        } else {
            Command::new("ps")
                .args(["-o", "command=", "-p", &self.pid.to_string()])
                .output()
                .map(|output| output.stdout)
                .unwrap_or_default()
        };
        String::from_utf8_lossy(&command_line).contains(&self.cluster)
    }
}

/// Makes a directory, and its parents, where it is missing.
pub(super) fn make_dir(dir: &Path, mode: u32) -> Result<(), EmbeddedError> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(files(parent))?;
    }
    DirBuilder::new()
        .mode(mode)
        .create(dir)
        .map_err(files(dir))?;
    // Once more without the umask, which a careful administrator may have set to shut everyone else
    // out.
    fs::set_permissions(dir, Permissions::from_mode(mode)).map_err(files(dir))
}

/// Puts a rename in `dir` on disk.
pub(super) fn sync_dir(dir: &Path) -> Result<(), EmbeddedError> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(files(dir))
}

/// The error for what was to be done with `path`.
pub(super) fn files(path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    let path = path.to_owned();
    move |source| EmbeddedError::Files { path, source }
}

/// Encodes all but the unreserved characters of RFC 3986, as a host in a URL needs it.
fn percent_encode(text: &OsStr) -> String {
    let mut encoded = String::new();
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const PID_FILE: &str = "4711\n/var/lib/quid/postgres/data\n1700000000\n5432\n../sock\n\n  5432001    98304\nready   \n";

    #[test]
    fn a_pid_file_is_ready_only_when_its_eighth_line_says_so() {
        let file = |ready| PidFile {
            pid: 4711,
            cluster: "/var/lib/quid/postgres/data".to_owned(),
            ready,
        };
        assert_eq!(PidFile::parse(PID_FILE), Some(file(true)));
        assert_eq!(
            PidFile::parse(&PID_FILE.replace("ready   ", "starting")),
            Some(file(false))
        );
        assert_eq!(
            PidFile::parse(&PID_FILE.replace("ready   ", "stopping")),
            Some(file(false))
        );
        assert_eq!(
            PidFile::parse("4711\n/var/lib/quid/postgres/data\n"),
            Some(file(false))
        );
    }

    #[test]
    fn a_pid_file_that_is_half_written_is_no_pid_file() {
        for text in [
            "",
            "\n",
            "4711",
            "4711\n",
            "4711\n\n",
            "x\n/var/lib/quid/postgres/data\n",
        ] {
            let parsed = PidFile::parse(text);
            assert!(parsed.is_none(), "{text:?} gave {parsed:?}");
        }
    }

    #[test]
    fn a_process_that_is_not_a_server_on_this_cluster_is_left_alone() {
        let file = PidFile {
            pid: std::process::id(),
            cluster: "/no/such/cluster".to_owned(),
            ready: true,
        };
        assert!(!file.is_alive());
    }

    #[test]
    fn the_url_has_the_socket_directory_as_its_host() -> Result<(), EmbeddedError> {
        let place = Place::new(Path::new("/srv/a b/é@"))?;
        assert_eq!(
            place.url(),
            "postgres://quid@%2Fsrv%2Fa%20b%2F%C3%A9%40%2Fpostgres%2Fsock/quid"
        );
        Ok(())
    }

    #[test]
    fn a_socket_path_that_the_system_would_cut_is_refused() {
        let fixed = "//postgres/sock/.s.PGSQL.5432".len();
        let dir = |length: usize| PathBuf::from(format!("/{}", "d".repeat(length)));
        assert!(Place::new(&dir(SOCKET_PATH_MAX - fixed)).is_ok());
        let refusal = Place::new(&dir(SOCKET_PATH_MAX - fixed + 1));
        assert!(
            matches!(refusal, Err(EmbeddedError::SocketPath { length, .. }) if length == SOCKET_PATH_MAX + 1)
        );
    }
}
