//! OAuth 2.0 on the wire (RFC 6749): the token endpoint for machines and for refreshing, the keys
//! (RFC 7517) and the metadata (RFC 8414), and from a verified token to its caller.

mod grants;
mod jwks;
mod metadata;
mod token;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::auth::{Caller, Credentials, Subject, Who};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::{api_clients, sessions};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(token::issue_token)
        .service(jwks::get_jwks)
        .service(metadata::get_authorization_server_metadata);
}

/// Asks sessions and API clients whether a credential is still good.
pub struct Directory;

impl Credentials for Directory {
    fn caller<'a>(
        &'a self,
        conn: &'a Conn,
        subject: Subject,
        now: Timestamp,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Caller>>> {
        async move {
            match subject {
                Subject::Session(id) => sessions::find_caller(conn, id, now).await,
                Subject::ApiClient(id, granted) => {
                    let found = api_clients::find_caller(conn, id).await?;
                    Ok(found.map(|caller| narrowed(caller, granted)))
                }
            }
        }
        .boxed_local()
    }
}

/// A token may have been asked for with fewer scopes than the API client holds, and the API client
/// may hold fewer now.
fn narrowed(caller: Caller, granted: crate::platform::auth::Scopes) -> Caller {
    match caller.who {
        Who::ApiClient {
            api_client_id,
            scopes,
        } => Caller {
            who: Who::ApiClient {
                api_client_id,
                scopes: scopes.and(granted),
            },
            ..caller
        },
        Who::Member { .. } => caller,
    }
}
