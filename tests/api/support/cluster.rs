//! One PostgreSQL server for the run, without `fsync`, and copies of a migrated template.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use quid::platform::db::{Target, embedded, migrations};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

/// A database of a test's own.
pub struct TestDatabase {
    url: String,
    name: String,
}

impl TestDatabase {
    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How the service would reach it.
    pub fn target(&self) -> Target {
        Target::parse(&self.url, Duration::from_secs(20)).unwrap()
    }

    /// Cuts every connection to it.
    pub async fn cut(&self) {
        let client = connect(&superuser("postgres")).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        client.execute(cut, &[&self.name]).await.unwrap();
    }

    /// Cuts every connection to it and lets in no other.
    pub async fn close(&self) {
        self.allow(false).await;
        self.cut().await;
    }

    /// Lets connections in again.
    pub async fn open(&self) {
        self.allow(true).await;
    }

    async fn allow(&self, allowed: bool) {
        let client = connect(&superuser("postgres")).await;
        client
            .batch_execute(&format!(
                "ALTER DATABASE {} ALLOW_CONNECTIONS {allowed}",
                self.name
            ))
            .await
            .unwrap();
    }

    /// How many transactions wait for a lock.
    pub async fn waiting(&self, watch: &tokio_postgres::Client) -> i64 {
        let query = "SELECT count(*) FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock'";
        watch.query_one(query, &[]).await.unwrap().get(0)
    }

    /// A connection past the service, as the owner of all.
    pub async fn connect(&self) -> tokio_postgres::Client {
        connect(&superuser(&self.name)).await
    }
}

struct Cluster {
    /// The service's address, up to the database's name.
    base: String,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

fn folder(pid: u32) -> PathBuf {
    std::env::temp_dir().join(format!("quid-test-{pid}"))
}

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        remove_what_dead_runs_left();
        let (tell, told) = mpsc::channel();
        // The server lives as long as the thread that started it, so this one never ends.
        std::thread::spawn(move || {
            let folder = folder(std::process::id());
            std::fs::create_dir_all(&folder).unwrap();
            let server = embedded::start(&folder).unwrap();
            tell.send(server.url().to_owned()).unwrap();
            loop {
                std::thread::park();
            }
        });
        let url = told
            .recv()
            .expect("PostgreSQL's server binaries are needed: apt-get install postgresql");
        Cluster {
            base: url.rsplit_once('/').unwrap().0.to_owned(),
        }
    })
}

/// A run that was killed could not clear up after itself.
fn remove_what_dead_runs_left() {
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name
            .strip_prefix("quid-test-")
            .and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !PathBuf::from(format!("/proc/{pid}")).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn superuser(database: &str) -> String {
    format!(
        "{}/{database}",
        cluster().base.replacen("quid@", "postgres@", 1)
    )
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A migrated database.
pub async fn database() -> TestDatabase {
    TEMPLATE
        .get_or_init(|| async {
            // Nothing here must outlive a power cut.
            let server = connect(&superuser("postgres")).await;
            server
                .batch_execute("ALTER SYSTEM SET fsync = off")
                .await
                .unwrap();
            server
                .batch_execute("ALTER SYSTEM SET full_page_writes = off")
                .await
                .unwrap();
            server
                .batch_execute("SELECT pg_reload_conf()")
                .await
                .unwrap();
            let template = create("template_quid", "template1").await;
            // The migrations block in place, which only a runtime with several threads can bear.
            let migrate = move || {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime
                    .block_on(migrations::migrate(&template.target()))
                    .unwrap()
            };
            tokio::task::spawn_blocking(|| std::thread::spawn(migrate).join().unwrap())
                .await
                .unwrap();
        })
        .await;
    create(&next_name(), "template_quid").await
}

/// A database with nothing in it.
pub async fn empty_database() -> TestDatabase {
    create(&next_name(), "template1").await
}

fn next_name() -> String {
    format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn create(name: &str, template: &str) -> TestDatabase {
    // Two copies of one template at once disturb each other: the server says so, and we ask again.
    let client = connect(&superuser("postgres")).await;
    let statement = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER quid");
    let mut tries = 0;
    while let Err(error) = client.batch_execute(&statement).await {
        tries += 1;
        let busy = error.code() == Some(&tokio_postgres::error::SqlState::OBJECT_IN_USE);
        assert!(busy && tries < 200, "{error:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    TestDatabase {
        url: format!("{}/{name}", cluster().base),
        name: name.to_owned(),
    }
}
