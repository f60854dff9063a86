//! The command line of the service.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::allow_attributes,
    unsafe_code
)]

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use clap::{Args, Parser, Subcommand};
use quid::platform::auth::{key_ring, passwords};
use quid::platform::clock::Clock;
use quid::platform::config::{ConfigError, Settings, Storage};
use quid::platform::db::embedded::{self, Embedded};
use quid::platform::db::{Db, Target, migrations};
use quid::platform::digest::MasterKey;
use quid::platform::error::Error;
use quid::platform::http::metrics;
use quid::platform::ids::Ids;
use quid::platform::values::{Country, EmailAddress, Name, TimeZone};
use quid::platform::{mail, telemetry};
use quid::serve::Service;
use quid::sign_up::{Founding, SignUpFirmDetails};
use quid::{audit, demo, routes, sign_up};
use secrecy::SecretString;
use tokio::sync::watch;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Quid: the record that two professional firms share about their partnership.
#[derive(Debug, Parser)]
#[command(
    name = "quid",
    version,
    about,
    after_help = "Also read: QUID_LOG (what is logged, default info), QUID_PG_BIN (folder of PostgreSQL's server binaries)."
)]
struct Cli {
    #[command(flatten)]
    storage: Storage,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, and do background jobs
    Serve {
        #[command(flatten)]
        settings: Settings,
        /// Serve only; leave jobs to `quid work`
        #[arg(long)]
        no_jobs: bool,
        /// Fill an empty database with demo data, and print how to try it
        #[arg(long)]
        demo: bool,
    },
    /// Do background jobs alone
    Work {
        #[command(flatten)]
        settings: Settings,
    },
    /// Bring the database to the state that this binary knows
    Migrate,
    /// Print the OpenAPI document
    Openapi,
    /// Firms
    #[command(subcommand)]
    Firm(FirmCommand),
    /// Signing keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print the newest mail of the outbox
    Outbox {
        #[command(flatten)]
        settings: Settings,
        /// How many
        #[arg(long, default_value_t = 10)]
        limit: i64,
    },
    /// Fill the database with demo data
    Demo {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        size: demo::Size,
    },
}

#[derive(Debug, Subcommand)]
enum FirmCommand {
    /// Create a firm with its first admin; the password is read from QUID_ADMIN_PASSWORD or standard input
    Create(CreateFirm),
}

#[derive(Debug, Args)]
struct CreateFirm {
    #[command(flatten)]
    settings: Settings,
    /// The firm's name
    #[arg(long)]
    name: Name,
    /// Its time zone, by IANA name
    #[arg(long, default_value = "UTC")]
    time_zone: TimeZone,
    /// Its country, by ISO 3166-1 alpha-2 code
    #[arg(long)]
    country: Option<Country>,
    /// The admin's name
    #[arg(long)]
    admin_name: Name,
    /// The admin's address
    #[arg(long)]
    admin_email: EmailAddress,
    /// The admin's password
    #[arg(long, env = "QUID_ADMIN_PASSWORD", hide_env_values = true, hide = true)]
    password: Option<String>,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a new key for access tokens; the old ones verify until their last token has expired
    Rotate {
        #[command(flatten)]
        settings: Settings,
        /// At once, without overlap: for a key that leaked; all access tokens stop working
        #[arg(long)]
        at_once: bool,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verify every firm's chain and print its head; ends with status 2 when one is broken
    Verify {
        #[command(flatten)]
        settings: Settings,
        /// A file of heads that an earlier run printed, each of which must still be in its chain
        #[arg(long)]
        heads: Option<std::path::PathBuf>,
    },
}

impl Command {
    fn settings(&self) -> Option<&Settings> {
        match self {
            Self::Serve { settings, .. }
            | Self::Work { settings }
            | Self::Outbox { settings, .. }
            | Self::Demo { settings, .. }
            | Self::Firm(FirmCommand::Create(CreateFirm { settings, .. }))
            | Self::Keys(KeysCommand::Rotate { settings, .. })
            | Self::Audit(AuditCommand::Verify { settings, .. }) => Some(settings),
            Self::Migrate | Self::Openapi => None,
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&format!("quid: {error}"));
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Outcome {
    if matches!(cli.command, Command::Openapi) {
        say(&serde_json::to_string_pretty(&routes::document())?);
        return Ok(());
    }
    if let Some(settings) = cli.command.settings() {
        settings.clone().completed().check()?;
    }
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| ConfigError("the TLS provider is set already".to_owned()))?;
    telemetry::start_log();
    // The private server is started from the main thread, before any runtime: it is bound to the
    // life of the thread that started it.
    let embedded = match &cli.storage.database_url {
        Some(_) => None,
        None => Some(embedded::start(&cli.storage.data_dir)?),
    };
    let url = match (&cli.storage.database_url, &embedded) {
        (Some(url), _) => url.clone(),
        (None, server) => server
            .as_ref()
            .map(|server| server.url().to_owned())
            .unwrap_or_default(),
    };
    let done = on_database(cli, &url);
    let stopped = embedded.map_or(Ok(()), Embedded::stop);
    done?;
    Ok(stopped?)
}

fn on_database(cli: Cli, url: &str) -> Outcome {
    let patience = cli
        .command
        .settings()
        .map_or(Duration::from_secs(2), Settings::patience);
    let target = Target::parse(url, patience)?;
    let migrating = tokio::runtime::Runtime::new()?;
    let applied = migrating.block_on(migrations::migrate(&target))?;
    drop(migrating);
    if applied > 0 {
        tracing::info!(applied, "migrated the database");
    }
    if matches!(cli.command, Command::Migrate) {
        return Ok(());
    }
    let master = cli.storage.master_key()?;
    actix_web::rt::System::new().block_on(command(cli.command, target, master))
}

async fn command(command: Command, target: Target, master: MasterKey) -> Outcome {
    match command {
        Command::Serve {
            settings,
            no_jobs,
            demo,
        } => serve(settings.completed(), target, master, !no_jobs, demo).await,
        Command::Work { settings } => work(settings.completed(), target, master).await,
        Command::Firm(FirmCommand::Create(firm)) => create_firm(firm, target, master).await,
        Command::Keys(KeysCommand::Rotate { settings, at_once }) => {
            rotate_keys(settings.completed(), target, master, at_once).await
        }
        Command::Audit(AuditCommand::Verify { settings, heads }) => {
            verify_audit(settings.completed(), target, master, heads.as_deref()).await
        }
        Command::Outbox { settings, limit } => {
            outbox(settings.completed(), target, master, limit).await
        }
        Command::Demo { settings, size } => {
            let service = prepare(settings.completed(), target, master).await?;
            say(&demo::fill(&service.app(), size).await?.to_string());
            Ok(())
        }
        Command::Migrate | Command::Openapi => Ok(()),
    }
}

async fn prepare(
    settings: Settings,
    target: Target,
    master: MasterKey,
) -> Result<Service, Box<dyn std::error::Error>> {
    let ready = (Clock::system(), Ids::random());
    Ok(Service::prepare(settings, target, master, ready).await?)
}

/// How many connections may wait to be accepted, as far as the system allows it (`net.core.somaxconn`). The standard
/// library lets 128 wait; whoever comes beyond that tries again a second later.
const BACKLOG: i32 = 4096;

fn listen(address: SocketAddr) -> Result<TcpListener, ConfigError> {
    let told = |error: std::io::Error| ConfigError(format!("can't listen on {address}: {error}"));
    let listener = TcpListener::bind(address).map_err(told)?;
    rustix::net::listen(&listener, BACKLOG).map_err(|error| told(error.into()))?;
    Ok(listener)
}

/// Keeps figures and tells them at this address, until told to stop.
fn tell_figures(address: SocketAddr) -> Result<ServerHandle, Box<dyn std::error::Error>> {
    let listener = listen(address)?;
    let listens = listener.local_addr()?;
    let figures = telemetry::start_metrics()?;
    let server = metrics::server(listener, figures.clone())?;
    let handle = server.handle();
    actix_web::rt::spawn(metrics::keep_up(figures));
    actix_web::rt::spawn(server);
    tracing::info!(%listens, "the figures are told");
    Ok(handle)
}

async fn serve(
    settings: Settings,
    target: Target,
    master: MasterKey,
    with_jobs: bool,
    with_demo: bool,
) -> Outcome {
    raise_open_files();
    let listener = listen(settings.listen)?;
    let listens = listener.local_addr()?;
    let url = settings.public_url.clone();
    let figures = settings.metrics_listen.map(tell_figures).transpose()?;
    let service = prepare(settings, target, master).await?;
    let shown = if with_demo {
        Some(demo::ensure(&service.app()).await?)
    } else {
        None
    };
    let server = service.server(listener)?;
    let (stop, stopped) = watch::channel(false);
    tracing::info!(url, %listens, "serving");
    if let Some(demo) = shown {
        say(&demo.how_to_try(&url));
    }
    let background = service.background(with_jobs, stopped);
    let serving = async {
        let served = server.await;
        let _ = stop.send(true);
        served
    };
    let (served, ()) = tokio::join!(serving, background);
    if let Some(figures) = figures {
        figures.stop(true).await;
    }
    tracing::info!("stopped");
    Ok(served?)
}

/// Lets the process have as many open files as it may: many systems begin with 1024, and each
/// connection is two.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, limit = ?limit.current, "the limit on open files can't be raised");
    }
}

async fn work(settings: Settings, target: Target, master: MasterKey) -> Outcome {
    let service = prepare(settings, target, master).await?;
    let (stop, stopped) = watch::channel(false);
    tracing::info!("working");
    let signalled = async {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
        let _ = stop.send(true);
        Ok::<_, std::io::Error>(())
    };
    let (signalled, ()) = tokio::join!(signalled, service.background(true, stopped));
    Ok(signalled?)
}

async fn create_firm(firm: CreateFirm, target: Target, master: MasterKey) -> Outcome {
    let password = match firm.password {
        Some(password) => password,
        None => std::io::read_to_string(std::io::stdin())?
            .trim_end_matches('\n')
            .to_owned(),
    };
    let password = SecretString::from(password);
    let context = [
        firm.admin_name.as_str(),
        firm.admin_email.as_str(),
        firm.name.as_str(),
    ];
    passwords::check(&password, "/admin/password", &context)
        .await
        .map_err(explained)?;
    let service = prepare(firm.settings.completed(), target, master).await?;
    let app = service.app();
    let details = SignUpFirmDetails {
        name: firm.name,
        time_zone: firm.time_zone,
        country: firm.country,
    };
    let hash = passwords::hash(password).await?;
    let founding = Founding {
        firm: &details,
        admin_name: &firm.admin_name,
        email: firm.admin_email,
        password_hash: hash,
    };
    let made = app
        .db
        .write(async |tx| sign_up::found(tx, &app, founding).await)
        .await
        .map_err(explained)?;
    say(&format!(
        "created the firm {} with the admin {}",
        made.firm.id, made.admin.email
    ));
    Ok(())
}

/// What an operator can do something about, in a line.
fn explained(error: Error) -> Box<dyn std::error::Error> {
    let constraints = routes::constraints();
    match &error {
        Error::Database(cause) => {
            match quid::platform::db::constraints::explain(cause, &constraints) {
                Ok(problem) => ConfigError(problem.detail().to_owned()).into(),
                Err(_) => error.into(),
            }
        }
        Error::Problem(problem) => ConfigError(problem.explanation()).into(),
        _ => error.into(),
    }
}

async fn rotate_keys(
    settings: Settings,
    target: Target,
    master: MasterKey,
    at_once: bool,
) -> Outcome {
    let service = prepare(settings, target, master).await?;
    let app = service.app();
    let kid = app
        .db
        .write(async |tx| {
            let kid = key_ring::rotate(tx, &app.master, app.clock.now(), at_once).await?;
            quid::platform::auth::tell_new_keys(tx).await?;
            Ok(kid)
        })
        .await?;
    let when = if at_once { "now" } else { "in five minutes" };
    say(&format!("the new key {kid} signs {when}"));
    Ok(())
}

async fn verify_audit(
    settings: Settings,
    target: Target,
    master: MasterKey,
    heads: Option<&std::path::Path>,
) -> Outcome {
    let known = match heads {
        Some(file) => std::fs::read_to_string(file)?
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(str::parse)
            .collect::<Result<Vec<audit::Head>, _>>()?,
        None => Vec::new(),
    };
    let service = prepare(settings, target, master).await?;
    let verified = audit::verify(&service.app(), &known).await?;
    for head in &verified.heads {
        say(&head.to_string());
    }
    say_error(&format!(
        "{} entries in {} chains, {} not chained yet, {} broken",
        verified.chained,
        verified.heads.len(),
        verified.unchained,
        verified.broken.len()
    ));
    match verified.broken.is_empty() {
        true => Ok(()),
        false => Err(ConfigError(verified.broken.join("\nquid: ")).into()),
    }
}

async fn outbox(settings: Settings, target: Target, master: MasterKey, limit: i64) -> Outcome {
    let service = prepare(settings, target, master).await?;
    let db: Db = service.app().db;
    for letter in db.read(async |conn| mail::list(conn, limit).await).await? {
        let sent = letter
            .sent_at
            .map_or_else(|| "not sent".to_owned(), |at| format!("sent {at}"));
        say(&format!(
            "To: {}\nSubject: {}\nDate: {} ({sent})\n\n{}\n--",
            letter.recipient, letter.subject, letter.created_at, letter.body
        ));
    }
    Ok(())
}

/// Prints to standard output; whoever closed it does not want to hear more.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn say_error(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}
