//! The cluster: made whole or not at all, with settings that keep what was acknowledged.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::EmbeddedError;
use super::account::Launcher;
use super::place::{Place, files, sync_dir};
use super::servers::{Server, leading_number};

/// The cluster's settings, written anew at every start so that an old cluster gets those of a new
/// release.
///
/// `fsync`, `full_page_writes` and `synchronous_commit` are PostgreSQL's defaults, and are written
/// down because the service promises that what it acknowledged survives a crash. Errors of
/// statements are left out of the log: they quote values, and the log must never have a client's
/// name; the service gets each error anyway, and logs its own account. Paths are relative to the
/// cluster, so that no character in the path of the data directory needs quoting.
const SETTINGS: &str = "\
# Written by the service at every start: a change made here is lost. Put your own settings in ../local.conf.
listen_addresses = ''
unix_socket_directories = '../sock'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_buffers = '256MB'
shared_preload_libraries = ''
fsync = on
full_page_writes = on
synchronous_commit = on
jit = off
timezone = 'UTC'
lc_messages = 'C'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
cluster_name = 'quid'
";

/// Run once in a new cluster by the server in single-user mode, where each line is a statement.
const FIRST_STATEMENTS: &[u8] = b"CREATE ROLE quid LOGIN;\nCREATE DATABASE quid OWNER quid;\n";

/// The major version of the cluster, or `None` when there is none yet.
pub(super) fn cluster_major(place: &Place) -> Result<Option<u32>, EmbeddedError> {
    let path = place.cluster.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => leading_number(&text)
            .map(Some)
            .ok_or_else(|| EmbeddedError::NotCluster {
                path: place.cluster.clone(),
            }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // An empty directory is as good as none: the rename replaces it.
            let something = fs::read_dir(&place.cluster).is_ok_and(|mut dir| dir.next().is_some());
            if something {
                return Err(EmbeddedError::NotCluster {
                    path: place.cluster.clone(),
                });
            }
            Ok(None)
        }
        Err(error) => Err(files(&path)(error)),
    }
}

/// Makes the cluster, its role and its database beside their place, and renames them into it when
/// all is on disk.
pub(super) fn make_cluster(
    place: &Place,
    launcher: &Launcher,
    server: &Server,
) -> Result<(), EmbeddedError> {
    const PREFIX: &str = "data.new.";
    // What a killed attempt left. It may still be ending, so it is not an error if something stays.
    for entry in fs::read_dir(&place.home)
        .map_err(files(&place.home))?
        .filter_map(Result::ok)
    {
        if entry.file_name().as_bytes().starts_with(PREFIX.as_bytes()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let new = place.home.join(format!("{PREFIX}{}", std::process::id()));

    // macOS has had no C.UTF-8 for most of its life. Both sort by bytes, which no update of the C
    // library can change under an index.
    let mut said = initdb(place, launcher, server, &new, "C.UTF-8")?;
    if said
        .as_deref()
        .is_some_and(|said| said.contains("invalid locale"))
    {
        said = initdb(place, launcher, server, &new, "C")?;
    }
    if let Some(said) = said {
        return Err(EmbeddedError::Initdb {
            program: "initdb",
            path: new,
            said: one_line(&said),
        });
    }

    let program = server.bin.join("postgres");
    let mut command = launcher.command(place, &program);
    command
        .arg("--single")
        .arg("-D")
        .arg(&new)
        .args(["-c", "exit_on_error=on", "template1"]);
    if let Some(said) = run(command, &program, FIRST_STATEMENTS)? {
        return Err(EmbeddedError::Initdb {
            program: "postgres --single",
            path: new,
            said: one_line(&said),
        });
    }

    fs::rename(&new, &place.cluster).map_err(files(&place.cluster))?;
    sync_dir(&place.home)
}

/// Runs `initdb`, and returns what it said when it failed.
fn initdb(
    place: &Place,
    launcher: &Launcher,
    server: &Server,
    new: &Path,
    locale: &str,
) -> Result<Option<String>, EmbeddedError> {
    let program = server.bin.join("initdb");
    let mut command = launcher.command(place, &program);
    command
        .arg("--pgdata")
        .arg(new)
        .arg(format!("--locale={locale}"));
    command.args(["--encoding=UTF8", "--data-checksums", "--username=postgres"]);
    command.args([
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]);
    run(command, &program, b"")
}

/// Runs a program to its end, and returns what it said when it failed.
fn run(
    mut command: Command,
    program: &Path,
    input: &[u8],
) -> Result<Option<String>, EmbeddedError> {
    let failed = |error: io::Error| EmbeddedError::Program {
        program: program.display().to_string(),
        reason: error.to_string(),
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ended early says why in its output, which is worth more than "broken
        // pipe".
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return Ok(None);
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.trim().is_empty() {
        said = output.status.to_string();
    }
    Ok(Some(said))
}

/// Replaces the cluster's settings by [`SETTINGS`], in one step.
pub(super) fn write_settings(place: &Place, launcher: &Launcher) -> Result<(), EmbeddedError> {
    let path = place.cluster.join("postgresql.conf");
    let new = place.cluster.join("postgresql.conf.new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(files(&new)(error)),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)
        .map_err(files(&new))?;
    let mut settings = SETTINGS.to_owned();
    if place.home.join("local.conf").exists() {
        // Not `include_if_exists`, which reports at every start that the file is missing.
        settings.push_str("include = '../local.conf'\n");
    }
    file.write_all(settings.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(files(&new))?;
    launcher.hand_over(&new)?;
    fs::rename(&new, &path).map_err(files(&path))
}

/// Many lines as one.
pub(super) fn one_line(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" | ")
}
