//! Running the service: what is made ready once, the server, and what goes on in the background.

use std::net::TcpListener;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::header::{ETAG, LINK, LOCATION, RETRY_AFTER};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use tokio::sync::{mpsc, watch};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::platform::app::{App, Shared};
use crate::platform::auth::key_ring::{self, KeyRing};
use crate::platform::auth::remembered::Remembered;
use crate::platform::auth::{NEW_KEYS, REVOKED};
use crate::platform::clock::Clock;
use crate::platform::config::Settings;
use crate::platform::db::listen::{Heard, listen};
use crate::platform::db::{Db, Limits, Pool, Target, TargetError};
use crate::platform::digest::{self, MasterKey, Purpose};
use crate::platform::error::Error;
use crate::platform::http::bodies::Bodies;
use crate::platform::http::connections;
use crate::platform::http::frame::{REQUEST_ID, frame};
use crate::platform::http::limits::{RATE_LIMIT, RATE_LIMIT_POLICY, Rates};
use crate::platform::http::{REPLAYED, UPSERT};
use crate::platform::ids::Ids;
use crate::platform::{jobs, mail, values};
use crate::routes;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database's address.
    #[error("{0}")]
    Target(#[from] TargetError),
    /// The database.
    #[error("the database does not answer as it should: {0}")]
    Database(Error),
    /// The listening socket.
    #[error("can't listen: {0}")]
    Listen(#[from] std::io::Error),
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// The service, made ready.
pub struct Service {
    shared: Arc<Shared>,
    pool: Pool,
    target: Target,
    limits: Limits,
    document: web::Bytes,
}

impl Service {
    /// Makes the service ready on a migrated database: reads the signing keys, making the first.
    pub async fn prepare(
        settings: Settings,
        target: Target,
        master: MasterKey,
        (clock, ids): (Clock, Ids),
    ) -> Result<Self, StartError> {
        let limits = Limits {
            pool: settings.db_pool,
            readers: settings.db_readers,
            patience: settings.patience(),
        };
        let pool = Db::pool(&target, limits)?;
        let document = routes::document();
        let shared = Arc::new(Shared {
            cursors: master.tagging(Purpose::Cursor),
            refresh: master.tagging(Purpose::Refresh),
            attempts: master.tagging(Purpose::Attempts),
            recovery_codes: master.tagging(Purpose::RecoveryCodes),
            keys: KeyRing::default(),
            remembered: Remembered::new(),
            credentials: routes::credentials(),
            connections: Arc::default(),
            rates: Rates::new(&settings, &clock),
            bodies: Bodies::new(&document),
            constraints: routes::constraints(),
            settings,
            clock,
            ids,
            master,
        });
        let document = web::Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
        let service = Self {
            shared,
            pool,
            target,
            limits,
            document,
        };
        let app = service.app();
        let now = app.clock.now();
        app.db
            .write(async |tx| key_ring::ensure(tx, &app.master, now).await)
            .await?;
        app.db
            .read(async |conn| app.keys.load(conn, &app.master, now).await)
            .await?;
        Ok(service)
    }

    /// An application for work outside of requests, with connections of its own.
    pub fn app(&self) -> App {
        App::new(
            Db::new(self.pool.clone(), self.target.clone(), self.limits),
            Arc::clone(&self.shared),
        )
    }

    /// The server on a socket; it runs when it is awaited.
    pub fn server(&self, listener: TcpListener) -> Result<Server, StartError> {
        let (shared, pool, target) = (
            Arc::clone(&self.shared),
            self.pool.clone(),
            self.target.clone(),
        );
        let (limits, document) = (self.limits, self.document.clone());
        let settings = self.shared.settings.clone();
        let watching = Arc::clone(&self.shared);
        let workers = settings.workers;
        let shutdown = settings.shutdown_seconds;
        let server = HttpServer::new(move || {
            let app = App::new(
                Db::new(pool.clone(), target.clone(), limits),
                Arc::clone(&shared),
            );
            let document = document.clone();
            let swagger = SwaggerUi::new("/docs/{_:.*}").config(
                Config::from("/openapi.json")
                    .try_it_out_enabled(true)
                    // Without this, the page tells the validator of swagger.io where the service is.
                    .validator_url("none")
                    .persist_authorization(false),
            );
            routes::mount(actix_web::App::new())
                .map(|web| web.app_data(web::Data::new(app)))
                .split_for_parts()
                .0
                .route(
                    "/openapi.json",
                    web::get().to(move |request| openapi(request, document.clone())),
                )
                .route("/docs", web::get().to(docs))
                .service(swagger)
                .wrap(Compress::default())
                .wrap(cors(&settings))
                .wrap(from_fn(frame))
        })
        .workers(workers)
        .shutdown_timeout(shutdown)
        .client_request_timeout(connections::HEAD)
        .client_disconnect_timeout(connections::GOODBYE)
        .keep_alive(connections::KEEP_ALIVE)
        .max_connections(connections::MOST)
        .on_connect(move |socket, data| {
            let settings = &watching.settings;
            watching.connections.opened(socket, data, settings);
        })
        .listen(listener)?
        .run();
        Ok(server)
    }

    /// What goes on beside the requests, until told to stop: hearing of revocations and new keys,
    /// and, if asked, jobs.
    pub async fn background(&self, with_jobs: bool, stop: watch::Receiver<bool>) {
        let (wake, woken) = watch::channel(0_u64);
        let (reload, reloads) = mpsc::unbounded_channel();
        actix_web::rt::spawn(reload_keys(self.app(), reload.clone(), reloads));
        let hears = self.hear(wake, reload);
        let shared = Arc::clone(&self.shared);
        actix_web::rt::spawn(async move {
            tokio::join!(shared.rates.sweep(), shared.connections.watch())
        });
        // Loads what the first phone number would otherwise wait for.
        drop(tokio::task::spawn_blocking(values::warm_up));
        if with_jobs {
            for work in routes::PERIODIC {
                actix_web::rt::spawn(jobs::come_round(self.app(), *work, stop.clone()));
            }
            let settings = &self.shared.settings;
            let served = routes::JOBS
                .iter()
                .filter(|kind| mail::serves(settings, kind));
            let work = jobs::work(self.app(), served.copied().collect(), woken, stop.clone());
            actix_web::rt::spawn(work);
        }
        let mut stop = stop;
        tokio::select! {
            () = hears => {}
            _ = stop.wait_for(|stopped| *stopped) => {}
        }
    }

    async fn hear(&self, wake: watch::Sender<u64>, reload: mpsc::UnboundedSender<()>) {
        let own: [u8; 8] = digest::random();
        let own = format!("quid_beat_{:016x}", u64::from_be_bytes(own));
        let shared = Arc::clone(&self.shared);
        let channels = [REVOKED, NEW_KEYS, jobs::CHANNEL];
        listen(
            self.target.clone(),
            &channels,
            &own,
            move |heard| match heard {
                Heard::Connected => {
                    // Whatever was said before was missed; the first heart-beat makes it trusted again.
                    shared.remembered.lose();
                    let _ = reload.send(());
                    wake.send_modify(|count| *count += 1);
                }
                Heard::Beat => shared.remembered.hear(),
                Heard::Lost => shared.remembered.lose(),
                Heard::Word { channel, word } => match channel.as_str() {
                    REVOKED => match word.parse() {
                        Ok(id) => shared.remembered.revoke(id),
                        Err(_) => shared.remembered.lose(),
                    },
                    NEW_KEYS => {
                        // A key may have been taken out of use at once, and with it what it signed.
                        shared.remembered.lose();
                        let _ = reload.send(());
                    }
                    _ => wake.send_modify(|count| *count += 1),
                },
            },
        )
        .await;
    }
}

async fn reload_keys(
    app: App,
    again: mpsc::UnboundedSender<()>,
    mut reloads: mpsc::UnboundedReceiver<()>,
) {
    while reloads.recv().await.is_some() {
        let now = app.clock.now();
        let loaded = app
            .db
            .read(async |conn| app.keys.load(conn, &app.master, now).await)
            .await;
        match loaded {
            // What was verified with the old keys while the new ones came is not remembered.
            Ok(()) => app.remembered.lose(),
            Err(error) => {
                tracing::warn!(%error, "the signing keys can't be read");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                let _ = again.send(());
            }
        }
    }
}

/// The document, ready as bytes.
async fn openapi(request: HttpRequest, document: web::Bytes) -> HttpResponse {
    crate::platform::http::public(&request, document.to_vec(), 60)
}

async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, "/docs/"))
        .finish()
}

fn cors(settings: &Settings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "x-request-id",
            "traceparent",
        ])
        .expose_headers([
            ETAG,
            LINK,
            LOCATION,
            RETRY_AFTER,
            REQUEST_ID,
            REPLAYED,
            UPSERT,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
        ])
        .max_age(3600);
    settings.cors_origins.iter().fold(cors, |cors, origin| {
        if origin == "*" {
            cors.allow_any_origin()
        } else {
            cors.allowed_origin(origin)
        }
    })
}
