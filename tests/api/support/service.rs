//! The service on a socket of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;

use clap::Parser;
use quid::platform::app::App;
use quid::platform::clock::{Clock, Hand};
use quid::platform::config::Settings;
use quid::platform::digest::MasterKey;
use quid::platform::ids::Ids;
use quid::platform::values::Timestamp;
use quid::serve::Service;
use tokio::sync::watch;

use super::cluster::{TestDatabase, database};

/// A running service. It stops when this is dropped.
pub struct Quid {
    /// Where it is: `http://127.0.0.1:…`.
    pub url: String,
    /// Its database.
    pub db: std::sync::Arc<TestDatabase>,
    /// Moves its clock.
    pub hand: Hand,
    clock: Clock,
    /// What the tests send requests with.
    pub http: reqwest::Client,
    stop: Option<(watch::Sender<bool>, actix_web::dev::ServerHandle)>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// The settings with their defaults, and what a test wants otherwise.
fn settings(flags: &[&str], address: SocketAddr) -> Settings {
    let listen = format!("--listen={address}");
    let given = ["quid", &listen].into_iter().chain(flags.iter().copied());
    // Workers by default are half the cores; the tests share those they have.
    let own = [
        "--workers=1",
        "--public-url=http://quid.test",
        // A test asks more in a minute than anyone, all from one address; of a clock that stands.
        "--principal-requests=100000",
        "--address-requests=100000",
        "--address-connections=10000",
    ];
    let told = |own: &&str| {
        let name = own.split('=').next();
        !flags.iter().any(|flag| flag.split('=').next() == name)
    };
    Flags::parse_from(given.chain(own.into_iter().filter(told)))
        .settings
        .completed()
}

/// A service on a database of its own.
pub async fn start() -> Quid {
    start_on(std::sync::Arc::new(database().await), &[]).await
}

/// A service on this database, with these flags; several may share one.
pub async fn start_on(db: std::sync::Arc<TestDatabase>, flags: &[&str]) -> Quid {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let settings = settings(flags, address);
    let target = db.target();
    // 2026-03-02T09:30:00Z, a Monday.
    let (clock, hand) = Clock::manual(Timestamp::from_microsecond(1_772_443_800_000_000));
    let own_clock = clock.clone();
    let (tell, told) = mpsc::channel();
    let (stop, stopped) = watch::channel(false);
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let ready = (clock, Ids::random());
            let service = Service::prepare(settings, target, MasterKey::new([7; 32]), ready)
                .await
                .unwrap();
            let server = service.server(listener).unwrap();
            tell.send(server.handle()).unwrap();
            let (served, ()) = tokio::join!(server, service.background(false, stopped));
            served.unwrap();
        });
    });
    let handle = tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap();
    Quid {
        url: format!("http://{address}"),
        db,
        hand,
        clock: own_clock,
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap(),
        stop: Some((stop, handle)),
        thread: Some(thread),
    }
}

impl Quid {
    /// What its clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An application on the same database, for what no operation does.
    pub async fn app(&self) -> App {
        let settings = settings(&[], "127.0.0.1:1".parse().unwrap());
        let clock = self.clock.clone();
        let ready = (clock, Ids::random());
        let service = Service::prepare(settings, self.db.target(), MasterKey::new([7; 32]), ready)
            .await
            .unwrap();
        service.app()
    }

    /// Does the work that comes round under a name (see `quid::routes::PERIODIC`), once.
    pub async fn come_round(&self, name: &str) {
        let work = quid::routes::PERIODIC.iter().find(|work| work.name == name);
        let work = work.unwrap_or_else(|| panic!("no work {name:?} comes round"));
        (work.run)(&self.app().await).await.unwrap();
    }

    /// Does every job that is due.
    pub async fn do_jobs(&self) {
        let app = self.app().await;
        while quid::platform::jobs::next(&app, quid::routes::JOBS)
            .await
            .unwrap()
        {}
    }
}

impl Drop for Quid {
    fn drop(&mut self) {
        if let Some((stop, handle)) = self.stop.take() {
            let _ = stop.send(true);
            drop(handle.stop(false));
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
