"""Authlib and openid-client get tokens from the service, told nothing but its address and a client's id and secret."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# The libraries ask for https unless they are told that this is a test on one machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url  # noqa: E402
from running_service import PASSWORD, Cluster, Failure  # noqa: E402

OPENID_CLIENT = """
import * as client from 'openid-client'
const [issuer, id, secret] = process.argv.slice(2)
const insecure = { execute: [client.allowInsecureRequests], algorithm: 'oauth2' }
const results = []
for (const way of [client.ClientSecretBasic, client.ClientSecretPost]) {
  const config = await client.discovery(new URL(issuer), id, secret, way(secret), insecure)
  const tokens = await client.clientCredentialsGrant(config, { scope: 'clients:read' })
  const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(issuer + '/v1/clients'), 'GET')
  results.push({ way: way.name, type: tokens.token_type, scope: tokens.scope, status: answer.status })
}
console.log(JSON.stringify(results))
"""


def with_authlib(issuer, made, session):
    url = get_well_known_url(issuer, external=True, suffix="oauth-authorization-server")
    metadata = AuthorizationServerMetadata(requests.get(url, timeout=10).json())
    # The library's own validation wants https everywhere, which one machine has not; the rest is checked.
    if metadata["issuer"] != issuer:
        raise Failure(f"the metadata of {issuer} is that of {metadata['issuer']}")
    endpoint = metadata["token_endpoint"]
    for way in ("client_secret_basic", "client_secret_post"):
        client = OAuth2Session(made["client_id"], made["client_secret"], token_endpoint_auth_method=way, scope="clients:read")
        token = client.fetch_token(endpoint, grant_type="client_credentials")
        status = client.get(f"{issuer}/v1/clients").status_code
        print(f"Authlib, {way}: {token['token_type']} for {token['scope']}, and the API answers {status}")
        if status != 200:
            raise Failure("the token is of no use")
    person = OAuth2Session("quid", token=dict(session), token_endpoint_auth_method="none")
    renewed = person.refresh_token(endpoint, refresh_token=session["refresh_token"])
    status = person.get(f"{issuer}/v1/me").status_code
    print(f"Authlib, refresh_token: another one came: {renewed['refresh_token'] != session['refresh_token']}, and the API answers {status}")
    if status != 200 or renewed["refresh_token"] == session["refresh_token"]:
        raise Failure("the session was not renewed")


def with_openid_client(issuer, made, modules):
    script = pathlib.Path(modules) / "check.mjs"
    script.write_text(OPENID_CLIENT)
    command = ["node", str(script), issuer, made["client_id"], made["client_secret"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Failure(f"openid-client: {done.stderr[-2000:]}")
    for one in json.loads(done.stdout):
        print(f"openid-client, {one['way']}: {one['type']} for {one['scope']}, and the API answers {one['status']}")
        if one["status"] != 200:
            raise Failure("the token is of no use")


def check(options, folder):
    cluster = Cluster(options.binary, folder)
    try:
        cluster.fill(12)
        service = cluster.service
        cluster.sign_up("OAuth", "Ada", "ada@oauth.example")
        session = service.expect(201, "POST", "/v1/sessions", {"email": "ada@oauth.example", "password": PASSWORD})
        made = service.expect(201, "POST", "/v1/api-clients", {"name": "CRM", "scopes": ["clients:read"]}, session["access_token"])
        issuer = f"http://127.0.0.1:{service.port}"
        with_authlib(issuer, made, session)
        with_openid_client(issuer, made, options.modules)
    finally:
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the service to look at")
    parser.add_argument("--modules", required=True, help="the folder in which openid-client is installed")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="quid-oauth-"))
    # Started by root, PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    try:
        check(options, folder)
    except Failure as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("both got their tokens")
    return 0


if __name__ == "__main__":
    sys.exit(main())
