//! The running server: started, waited for, stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::account::Launcher;
use super::place::{PidFile, Place, files};
use super::servers::Server;
use super::{EmbeddedError, GLANCE, TAKEOVER};

/// How long a start may take. After a crash the server first replays its log, which a slow disk
/// makes long.
const READY: Duration = Duration::from_secs(600);

/// How long a fast shutdown may take: it ends with a checkpoint, which a slow disk makes long.
pub(super) const FAST_STOP: Duration = Duration::from_secs(60);

/// How long an immediate shutdown may take before the process is killed.
const IMMEDIATE_STOP: Duration = Duration::from_secs(10);

/// At this size the server's log is set aside, once, at the next start.
const LOG_MAX: u64 = 16 * 1024 * 1024;

/// Starts the server and waits until it is ready. A server that a killed service left behind is
/// stopped first, and waited for.
pub(super) fn launch(
    place: &Place,
    launcher: &Launcher,
    server: &Server,
) -> Result<Child, EmbeddedError> {
    let log = open_log(place)?;
    let deadline = Instant::now() + TAKEOVER;
    let mut asked = None;
    loop {
        if let Some(old) = place.pid_file().filter(PidFile::is_alive) {
            if Instant::now() > deadline {
                return Err(EmbeddedError::StillRunning {
                    pid: old.pid,
                    cluster: place.cluster.clone(),
                });
            }
            if asked != Some(old.pid) {
                // Nobody else can be using it: this process has the lock.
                signal("INT", old.pid);
                asked = Some(old.pid);
            }
            sleep(GLANCE);
            continue;
        }

        let before = log.metadata().map_err(files(&place.log))?.len();
        let output = || log.try_clone().map(Stdio::from).map_err(files(&place.log));
        let program = server.bin.join("postgres");
        let mut child = launcher
            .command(place, &program)
            .arg("-D")
            .arg(&place.cluster)
            .stdout(output()?)
            .stderr(output()?)
            .spawn()
            .map_err(|error| EmbeddedError::Program {
                program: program.display().to_string(),
                reason: error.to_string(),
            })?;
        let Some(status) = await_ready(place, &mut child)? else {
            return Ok(child);
        };

        let said = log_since(place, before);
        // The lock file of a server that is just ending, or the memory of one that was killed while
        // a connection of it still works: both go by themselves.
        let passing = ["lock file", "shared memory block"]
            .iter()
            .any(|sign| said.contains(sign));
        if !passing || Instant::now() > deadline {
            return Err(EmbeddedError::Start {
                log: place.log.clone(),
                reason: why(&said, status),
            });
        }
        sleep(GLANCE * 20);
    }
}

/// Waits until the server is ready, or returns how it ended.
fn await_ready(place: &Place, child: &mut Child) -> Result<Option<ExitStatus>, EmbeddedError> {
    let deadline = Instant::now() + READY;
    loop {
        let failure = match child.try_wait() {
            Ok(Some(status)) => return Ok(Some(status)),
            Ok(None) if Instant::now() > deadline => {
                format!("it is not ready after {} s", READY.as_secs())
            }
            Ok(None) => String::new(),
            Err(error) => error.to_string(),
        };
        if !failure.is_empty() {
            halt(child)?;
            return Err(EmbeddedError::Start {
                log: place.log.clone(),
                reason: failure,
            });
        }
        let ours = place
            .pid_file()
            .is_some_and(|file| file.pid == child.id() && file.ready);
        if ours && place.answers() {
            return Ok(None);
        }
        sleep(GLANCE);
    }
}

/// Stops a server: politely, then at once, then by force.
pub(super) fn halt(child: &mut Child) -> Result<(), EmbeddedError> {
    if ended_within(child, "INT", FAST_STOP) {
        return Ok(());
    }
    if !ended_within(child, "QUIT", IMMEDIATE_STOP) {
        let _ = child.kill();
        let _ = child.wait();
    }
    Err(EmbeddedError::SlowStop)
}

/// Sends a signal to a server, unless it has ended already, and says whether it ended in time.
fn ended_within(child: &mut Child, name: &str, patience: Duration) -> bool {
    let has_ended = |child: &mut Child| matches!(child.try_wait(), Ok(Some(_)));
    if has_ended(child) {
        return true;
    }
    signal(name, child.id());
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if has_ended(child) {
            return true;
        }
        sleep(GLANCE);
    }
    false
}

/// Sends a signal through the shell: the standard library can only kill, and a server must be
/// asked.
fn signal(name: &str, pid: u32) {
    let _ = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$0\" \"$1\"", name, &pid.to_string()])
        .output();
}

/// The server's log, for appending; a long one is set aside first.
fn open_log(place: &Place) -> Result<File, EmbeddedError> {
    if fs::metadata(&place.log).is_ok_and(|metadata| metadata.len() > LOG_MAX) {
        fs::rename(&place.log, place.log.with_extension("log.old")).map_err(files(&place.log))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&place.log)
        .map_err(files(&place.log))
}

/// What was written to the server's log after `start`.
fn log_since(place: &Place, start: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(&place.log).and_then(|mut log| {
        log.seek(SeekFrom::Start(start))?;
        log.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => error.to_string(),
    }
}

/// The reason for a failed start: the line of the log that matters, else the last one, else how the
/// process ended.
fn why(said: &str, status: ExitStatus) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let fatal = lines().find(|line| {
        ["FATAL:", "PANIC:", "setpriv:"]
            .iter()
            .any(|sign| line.contains(sign))
    });
    fatal
        .or_else(|| lines().next_back())
        .map_or_else(|| status.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_failed_start_is_the_fatal_line() {
        let status = ExitStatus::default();
        let said = "2025-01-01 [1] LOG:  starting\n2025-01-01 [1] FATAL:  no space left\n2025-01-01 [1] LOG:  bye\n";
        assert_eq!(why(said, status), "2025-01-01 [1] FATAL:  no space left");
        assert_eq!(why("one\ntwo\n\n", status), "two");
        assert_eq!(why("\n", status), status.to_string());
    }
}
