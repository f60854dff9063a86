//! Who the server runs as, and how its programs are run.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::EmbeddedError;
use super::place::{Place, files};

/// Who a process runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Identity {
    pub(super) fn of_this_process() -> Result<Self, EmbeddedError> {
        Self::ask(None).ok_or_else(|| EmbeddedError::Program {
            program: "id".to_owned(),
            reason: "it does not say which user this process runs as".to_owned(),
        })
    }

    /// The user of that name (or number), where there is one.
    fn of_user(name: &str) -> Option<Self> {
        Self::ask(Some(name))
    }

    /// `id` is asked, and not `/etc/passwd`, because users may come from elsewhere.
    fn ask(name: Option<&str>) -> Option<Self> {
        let number = |flag: &str| {
            let output = Command::new("id")
                .arg(flag)
                .args(name)
                .stderr(Stdio::null())
                .output()
                .ok()?;
            if !output.status.success() {
                return None;
            }
            String::from_utf8(output.stdout)
                .ok()?
                .trim()
                .parse::<u32>()
                .ok()
        };
        Some(Self {
            uid: number("-u")?,
            gid: number("-g")?,
            name: name.unwrap_or_default().to_owned(),
        })
    }

    pub(super) fn is_root(&self) -> bool {
        self.uid == 0
    }
}

/// Who the server runs as, where that is someone else than this process: root hands it to the owner
/// of the cluster, or to `postgres`, or to `nobody`.
pub(super) fn server_account(
    place: &Place,
    me: &Identity,
) -> Result<Option<Identity>, EmbeddedError> {
    let owner = match fs::symlink_metadata(&place.home) {
        Ok(metadata) => Some((metadata.uid(), metadata.gid())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(files(&place.home)(error)),
    };
    let foreign = |owner, unless_root| {
        Err(EmbeddedError::Owner {
            path: place.home.clone(),
            owner,
            unless_root,
        })
    };
    match (me.is_root(), owner) {
        (true, Some((0, _))) if place.cluster.exists() => foreign(0, " and never as root"),
        (true, Some((uid, gid))) if uid != 0 => Ok(Some(Identity {
            name: format!("#{uid}"),
            uid,
            gid,
        })),
        (true, _) => {
            let account = Identity::of_user("postgres").or_else(|| Identity::of_user("nobody"));
            account
                .filter(|account| !account.is_root())
                .map(Some)
                .ok_or(EmbeddedError::NoAccount)
        }
        (false, Some((uid, _))) if uid != me.uid => foreign(uid, ""),
        (false, _) => Ok(None),
    }
}

/// How programs of PostgreSQL are run.
#[derive(Debug)]
pub(super) struct Launcher {
    pub(super) account: Option<Identity>,
    setpriv: bool,
}

impl Launcher {
    pub(super) fn new(account: Option<Identity>) -> Self {
        // BusyBox has a `setpriv` too, which knows nothing of a parent's death.
        let setpriv = Command::new("setpriv")
            .arg("--help")
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("--pdeathsig"));
        Self { account, setpriv }
    }

    /// `program` as the server's user, interrupted when this process dies, in its own process group
    /// and with an empty environment.
    pub(super) fn command(&self, place: &Place, program: &Path) -> Command {
        let mut command;
        if self.setpriv {
            command = Command::new("setpriv");
            if let Some(account) = &self.account {
                command.args([
                    "--reuid",
                    &account.uid.to_string(),
                    "--regid",
                    &account.gid.to_string(),
                ]);
                command.arg("--clear-groups");
            }
            command.args(["--pdeathsig", "INT", "--"]).arg(program);
        } else {
            command = Command::new(program);
            if let Some(account) = &self.account {
                // The standard library clears the supplementary groups when root does this.
                command.gid(account.gid).uid(account.uid);
            }
        }
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC");
        for kept in ["PATH", "LD_LIBRARY_PATH"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        command
            .process_group(0)
            .current_dir(&place.home)
            .stdin(Stdio::null());
        command
    }

    /// Gives a file that this process made to the server's user. A link is not followed, because
    /// what lies in the server's directories is under that user's control.
    pub(super) fn hand_over(&self, path: &Path) -> Result<(), EmbeddedError> {
        match &self.account {
            Some(account) => {
                lchown(path, Some(account.uid), Some(account.gid)).map_err(files(path))
            }
            None => Ok(()),
        }
    }

    /// Fails, naming the first closed directory on the way, when the server's user can't enter
    /// `dir`. The kernel is asked, by a program run as that user, because modes alone don't tell
    /// where access lists are used.
    pub(super) fn check_reach(
        &self,
        dir: &Path,
        remedy: &'static str,
    ) -> Result<(), EmbeddedError> {
        let Some(account) = &self.account else {
            return Ok(());
        };
        let enters = |dir: &Path| {
            Command::new("test")
                .arg("-x")
                .arg(dir)
                .uid(account.uid)
                .gid(account.gid)
                .current_dir("/")
                .status()
        };
        let Ok(status) = enters(dir) else {
            return Ok(());
        };
        if status.success() {
            return Ok(());
        }
        let mut way: Vec<&Path> = dir.ancestors().collect();
        way.reverse();
        let closed = way
            .into_iter()
            .find(|dir| !enters(dir).is_ok_and(|status| status.success()))
            .unwrap_or(dir);
        Err(EmbeddedError::Unreachable {
            user: account.name.clone(),
            path: closed.to_owned(),
            remedy,
        })
    }
}
