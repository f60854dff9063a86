//! How the service is told to be: flags and environment, each with its default, checked at start.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use ipnet::IpNet;

use super::digest::{self, MasterKey};

/// Who may sign a firm up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SignUp {
    /// Anyone.
    Open,
    /// Only who was invited by a firm that is here, or by `quid firm create`.
    Invitation,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct Storage {
    /// PostgreSQL to use (`postgres://user:password@host/database`, TLS by `sslmode=require`);
    /// without it, a private server is started on `--data-dir`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Folder of the private PostgreSQL server and of `master.key`
    #[arg(long, env = "QUID_DATA_DIR", default_value = ".quid", global = true)]
    pub data_dir: PathBuf,

    /// The key that seals what is secret in the database: 32 bytes as base64 or hex; required with
    /// DATABASE_URL, otherwise made in `--data-dir`
    #[arg(long, env = "QUID_MASTER_KEY", hide_env_values = true, global = true)]
    pub master_key: Option<String>,

    /// A file that holds the master key
    #[arg(
        long,
        env = "QUID_MASTER_KEY_FILE",
        conflicts_with = "master_key",
        global = true
    )]
    pub master_key_file: Option<PathBuf>,
}

/// How the service answers.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Address and port to listen on
    #[arg(long, env = "QUID_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address and port where Prometheus finds the figures, under `/metrics`; without it, none are kept.
    /// Whoever reaches the address reads them
    #[arg(long, env = "QUID_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// The address under which others reach the service; tokens and links in mail carry it
    /// [default: http:// and the listen address]
    #[arg(
        long,
        env = "QUID_PUBLIC_URL",
        default_value = "",
        hide_default_value = true
    )]
    pub public_url: String,

    /// Who may sign a firm up
    #[arg(long, env = "QUID_SIGN_UP", value_enum, default_value = "open")]
    pub sign_up: SignUp,

    /// Origins of web pages that may call the API, separated by commas; `*` for all
    #[arg(long, env = "QUID_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,

    /// Threads that answer requests [default: half the cores, at least 1]
    #[arg(long, env = "QUID_WORKERS", default_value_t = default_workers(), hide_default_value = true)]
    pub workers: usize,

    /// Connections to PostgreSQL for transactions
    #[arg(long, env = "QUID_DB_POOL", default_value_t = 8)]
    pub db_pool: usize,

    /// Shared connections to PostgreSQL for reads, for each worker
    #[arg(long, env = "QUID_DB_READERS", default_value_t = 2)]
    pub db_readers: usize,

    /// After how many milliseconds a statement without an answer is given up with 503
    #[arg(long, env = "QUID_DB_TIMEOUT_MS", default_value_t = 2500)]
    pub db_timeout_ms: u64,

    /// Requests a minute of one member or API client; more are answered 429; 0 for no limit
    #[arg(long, env = "QUID_PRINCIPAL_REQUESTS", default_value_t = 3000)]
    pub principal_requests: u32,

    /// Requests a minute without a valid token from one network address (of IPv6: one /64); 0 for no
    /// limit
    #[arg(long, env = "QUID_ADDRESS_REQUESTS", default_value_t = 600)]
    pub address_requests: u32,

    /// Wrong passwords and codes an hour from one network address, of whichever accounts; then
    /// strangers from there wait and known devices don't; 0 for no limit
    #[arg(long, env = "QUID_ADDRESS_FAILURES", default_value_t = 500)]
    pub address_failures: u32,

    /// Connections from one network address at a time; more are closed at once; 0 for no limit
    #[arg(long, env = "QUID_ADDRESS_CONNECTIONS", default_value_t = 512)]
    pub address_connections: usize,

    /// Networks of the proxies in front of the service, separated by commas (`10.0.0.0/8,::1`): of
    /// them alone `X-Forwarded-For` is believed, and their connections are not counted
    #[arg(long, env = "QUID_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// How many seconds requests under way may take when the service is told to stop
    #[arg(long, env = "QUID_SHUTDOWN_SECONDS", default_value_t = 30)]
    pub shutdown_seconds: u64,

    /// Where mail is sent (`smtp://host:1025`, `smtps://user:password@host`); without it, mail stays
    /// in the outbox, to be read by `quid outbox`
    #[arg(long, env = "QUID_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// The sender of mail
    #[arg(long, env = "QUID_MAIL_FROM", default_value = "Quid <quid@localhost>")]
    pub mail_from: String,
}

/// A network, or one address alone.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "is no network as in 10.0.0.0/8 and no address".to_owned())
}

fn default_workers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (cores / 2).max(1)
}

impl Settings {
    /// How long a statement may take.
    pub fn patience(&self) -> Duration {
        Duration::from_millis(self.db_timeout_ms)
    }

    /// Fills in what follows from the rest.
    #[must_use]
    pub fn completed(mut self) -> Self {
        if self.public_url.is_empty() {
            self.public_url = format!("http://{}", self.listen);
        }
        self.public_url = self.public_url.trim_end_matches('/').to_owned();
        self
    }

    /// What is wrong with the settings, in a line.
    pub fn check(&self) -> Result<(), ConfigError> {
        let url = url::Url::parse(&self.public_url).map_err(|error| {
            ConfigError(format!(
                "QUID_PUBLIC_URL {:?} is no address: {error}",
                self.public_url
            ))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ConfigError(
                "QUID_PUBLIC_URL must begin with http:// or https://".to_owned(),
            ));
        }
        // Port 0 is another one each time.
        if self.listen.port() != 0 && self.metrics_listen == Some(self.listen) {
            return Err(ConfigError(
                "QUID_METRICS_LISTEN must be another address than QUID_LISTEN".to_owned(),
            ));
        }
        let one_at_least = [
            ("QUID_WORKERS", self.workers),
            ("QUID_DB_POOL", self.db_pool),
            ("QUID_DB_READERS", self.db_readers),
        ];
        match one_at_least.iter().find(|(_, count)| *count == 0) {
            Some((name, _)) => Err(ConfigError(format!("{name} must be 1 or more"))),
            None if self.db_timeout_ms == 0 => Err(ConfigError(
                "QUID_DB_TIMEOUT_MS must be 1 or more".to_owned(),
            )),
            None => Ok(()),
        }
    }
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl Storage {
    /// The master key: as given, or from its file, or made in the data folder when the server is a
    /// private one.
    pub fn master_key(&self) -> Result<MasterKey, ConfigError> {
        if let Some(text) = &self.master_key {
            return MasterKey::parse(text).ok_or_else(|| {
                ConfigError("QUID_MASTER_KEY is not 32 bytes in base64 or hex".to_owned())
            });
        }
        match (&self.master_key_file, &self.database_url) {
            (Some(file), _) => read_key(file),
            (None, Some(_)) => Err(ConfigError(
                "QUID_MASTER_KEY or QUID_MASTER_KEY_FILE is required with DATABASE_URL; make one with: head -c 32 /dev/urandom | base64".to_owned(),
            )),
            (None, None) => {
                let file = self.data_dir.join("master.key");
                if !file.exists() {
                    make_key(&file)?;
                }
                read_key(&file)
            }
        }
    }
}

fn read_key(file: &std::path::Path) -> Result<MasterKey, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        ConfigError(format!(
            "the master key {} can't be read: {error}",
            file.display()
        ))
    })?;
    MasterKey::parse(&text).ok_or_else(|| {
        ConfigError(format!(
            "{} does not hold 32 bytes in base64 or hex",
            file.display()
        ))
    })
}

fn make_key(file: &std::path::Path) -> Result<(), ConfigError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let bad = |error: std::io::Error| {
        ConfigError(format!("{} can't be written: {error}", file.display()))
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(bad)?;
    }
    // Written under another name first: a key that a crash cut short would lock the data up.
    let draft = file.with_extension("key.new");
    let _ = std::fs::remove_file(&draft);
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .map_err(bad)?;
    let key: [u8; 32] = digest::random();
    writeln!(out, "{}", digest::base64url(&key))
        .and_then(|()| out.sync_all())
        .map_err(bad)?;
    std::fs::rename(&draft, file).map_err(bad)
}
