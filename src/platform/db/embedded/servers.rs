//! PostgreSQL's server programs: where they are, and which of them fit.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;
use super::account::Launcher;
use super::cluster::one_line;
use super::place::{Place, files};

/// The oldest PostgreSQL the migrations are written for.
pub(super) const OLDEST_MAJOR: u32 = 15;

/// A directory with PostgreSQL's server programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

/// The servers of this machine, in the order in which they are preferred, asked for their versions.
pub(super) fn find_servers(launcher: &Launcher) -> Result<Vec<Server>, EmbeddedError> {
    if let Some(bin) = std::env::var_os("QUID_PG_BIN")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
    {
        let bin = std::path::absolute(&bin).map_err(files(&bin))?;
        if !is_server(&bin) {
            return Err(EmbeddedError::NotServer { path: bin });
        }
        launcher.check_reach(
            &bin,
            "move PostgreSQL's binaries to where it can run them, or open that directory",
        )?;
        return Ok(vec![Server {
            major: ask_major(&bin)?,
            bin,
        }]);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut servers: Vec<Server> = Vec::new();
    let mut failure = None;
    for bin in search_dirs(Path::new("/"), &path)
        .into_iter()
        .filter(|bin| is_server(bin))
    {
        if launcher.check_reach(&bin, "").is_err() {
            continue;
        }
        match ask_major(&bin) {
            Ok(major) => servers.push(Server { bin, major }),
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) if servers.is_empty() => Err(error),
        _ => Ok(servers),
    }
}

/// Where servers are looked for: Debian's directories and Homebrew's, the highest version first in
/// each, then `PATH`.
fn search_dirs(root: &Path, path: &OsStr) -> Vec<PathBuf> {
    let mut dirs = versions_in(&root.join("usr/lib/postgresql"), "");
    for homebrew in [
        "opt/homebrew/opt",
        "usr/local/opt",
        "home/linuxbrew/.linuxbrew/opt",
    ] {
        dirs.extend(versions_in(&root.join(homebrew), "postgresql@"));
    }
    dirs.extend(std::env::split_paths(path).filter(|dir| dir.is_absolute()));
    dirs
}

/// The `bin` directories of `<parent>/<prefix><number>`, the highest number first.
fn versions_in(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let number = entry
                .file_name()
                .to_str()?
                .strip_prefix(prefix)?
                .parse()
                .ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    found.sort_by(|left, right| right.cmp(left));
    found.into_iter().map(|(_, bin)| bin).collect()
}

fn is_server(bin: &Path) -> bool {
    ["postgres", "initdb"]
        .iter()
        .all(|program| bin.join(program).is_file())
}

/// The major version that `postgres --version` names.
fn ask_major(bin: &Path) -> Result<u32, EmbeddedError> {
    let program = bin.join("postgres");
    let failed = |reason: String| EmbeddedError::Program {
        program: program.display().to_string(),
        reason,
    };
    let output = Command::new(&program)
        .arg("--version")
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    major_in_banner(&said).ok_or_else(|| {
        let errors = String::from_utf8_lossy(&output.stderr);
        failed(format!(
            "its version is not to be read from `{}`",
            one_line(&format!("{said}\n{errors}"))
        ))
    })
}

/// The major version in, for example, `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` or `…
/// 18beta1`.
fn major_in_banner(banner: &str) -> Option<u32> {
    leading_number(banner.split_once("(PostgreSQL)")?.1)
}

/// The number that a text begins with.
pub(super) fn leading_number(text: &str) -> Option<u32> {
    let text = text.trim_start();
    text.split(|character: char| !character.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The server for a new cluster: the first in the order of the search.
pub(super) fn newest(servers: Vec<Server>) -> Result<Server, EmbeddedError> {
    let server = servers.into_iter().next().ok_or(EmbeddedError::NoServer)?;
    if server.major < OLDEST_MAJOR {
        return Err(EmbeddedError::TooOld {
            path: server.bin,
            major: server.major,
        });
    }
    Ok(server)
}

/// The server for a cluster that exists: one of the same major version, whatever else is installed
/// beside it.
pub(super) fn choose(
    servers: Vec<Server>,
    made_by: u32,
    place: &Place,
) -> Result<Server, EmbeddedError> {
    if servers.is_empty() {
        return Err(EmbeddedError::NoServer);
    }
    let mut majors: Vec<String> = servers
        .iter()
        .map(|server| server.major.to_string())
        .collect();
    // The same server is often found by its own path and through `PATH`.
    majors.dedup();
    let found = majors.join(", ");
    servers
        .into_iter()
        .find(|server| server.major == made_by)
        .ok_or_else(|| EmbeddedError::OtherVersion {
            cluster: place.cluster.clone(),
            made_by,
            found,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_major_version_is_read_from_every_banner() {
        let banners = [
            (
                "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n",
                Some(15),
            ),
            ("postgres (PostgreSQL) 18.6\n", Some(18)),
            ("postgres (PostgreSQL) 19devel\n", Some(19)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres 15\n", None),
            ("postgres (PostgreSQL) unknown\n", None),
            ("", None),
        ];
        for (banner, major) in banners {
            assert_eq!(major_in_banner(banner), major, "{banner:?}");
        }
    }

    #[test]
    fn servers_are_looked_for_highest_version_first_then_homebrew_then_path() -> io::Result<()> {
        let root = std::env::temp_dir().join(format!("quid-search-{}", std::process::id()));
        for dir in [
            "usr/lib/postgresql/9/bin",
            "usr/lib/postgresql/15/bin",
            "usr/lib/postgresql/16/bin",
            "usr/lib/postgresql/16-old/bin",
            "opt/homebrew/opt/postgresql@17/bin",
            "opt/homebrew/opt/openssl@3/bin",
        ] {
            fs::create_dir_all(root.join(dir))?;
        }
        let found = search_dirs(&root, OsStr::new("/first/bin:relative:/second/bin"));
        fs::remove_dir_all(&root)?;
        let expected = [
            root.join("usr/lib/postgresql/16/bin"),
            root.join("usr/lib/postgresql/15/bin"),
            root.join("usr/lib/postgresql/9/bin"),
            root.join("opt/homebrew/opt/postgresql@17/bin"),
            PathBuf::from("/first/bin"),
            PathBuf::from("/second/bin"),
        ];
        assert_eq!(found, expected);
        Ok(())
    }

    fn servers(majors: &[u32]) -> Vec<Server> {
        majors
            .iter()
            .map(|&major| Server {
                bin: PathBuf::from(format!("/pg/{major}/bin")),
                major,
            })
            .collect()
    }

    #[test]
    fn a_new_cluster_takes_the_first_server_and_an_old_one_its_own() -> Result<(), EmbeddedError> {
        let place = Place::new(Path::new("/var/lib/quid"))?;
        assert_eq!(newest(servers(&[18, 15]))?.major, 18);
        assert_eq!(choose(servers(&[18, 15]), 15, &place)?.major, 15);
        assert!(matches!(newest(Vec::new()), Err(EmbeddedError::NoServer)));
        assert!(matches!(
            newest(servers(&[14])),
            Err(EmbeddedError::TooOld { major: 14, .. })
        ));
        let refusal = choose(servers(&[18, 16]), 15, &place)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            refusal.contains("made by PostgreSQL 15, and here is only 18, 16"),
            "{refusal}"
        );
        Ok(())
    }
}
