"""Starts and stops the service for checks and benchmarks, and speaks to it. Python's standard library is all it needs."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

EMAIL = "ana@redmesa.example"
PASSWORD = "a demo pass phrase"


# A check asks more than anyone; those that are about the limits set their own.
UNLIMITED = {
    "QUID_PRINCIPAL_REQUESTS": "0",
    "QUID_ADDRESS_REQUESTS": "0",
    "QUID_ADDRESS_FAILURES": "0",
    "QUID_ADDRESS_CONNECTIONS": "0",
}


class Failure(Exception):
    """Something is not as it should be; the message says what."""


def in_folder(name, check, done):
    """Makes a check in a folder that goes with it, and prints how it ended; gives the status to end with."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"quid-{name}-"))
    # Started by root, PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    try:
        check(folder)
    except (Failure, OSError) as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(done)
    return 0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def token_in_mail(binary, environment, recipient):
    """The token in the newest mail to an address that has one, as `quid outbox` shows it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QUID_") and name != "DATABASE_URL"}
    command = [str(binary), "outbox", "--limit", "100"]
    done = subprocess.run(command, env=inherited | environment, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"quid outbox ended with status {done.returncode}: {done.stderr[-2000:]}")
    for mail in done.stdout.split("\n--\n"):
        token = re.search(r"^ {4}([A-Za-z0-9_-]{43})$", mail, re.MULTILINE)
        if token and mail.lstrip().startswith(f"To: {recipient}\n"):
            return token[1]
    raise Failure(f"the outbox has no token for {recipient}:\n{done.stdout[-2000:]}")


class Process:
    """A process that serves HTTP on a port of its own."""

    def __init__(self, command, environment, log, ready):
        self.port = free_port()
        self.log = pathlib.Path(log)
        self.command = [part.replace("PORT", str(self.port)) for part in command]
        environment = {name: value.replace("PORT", str(self.port)) for name, value in environment.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QUID_") and name != "DATABASE_URL"}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=inherited | environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self.wait_until_ready(ready)

    def wait_until_ready(self, path):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"{self.command[0]} ended with status {self.process.returncode}:\n{self.tail()}")
            try:
                if self.call("GET", path)[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        raise Failure(f"{self.command[0]} is not ready within 120 s:\n{self.tail()}")

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def call(self, method, path, body=None, token=None, headers=None):
        """The status, the headers and the document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.headers, json.loads(text) if is_json and text else text

    def expect(self, status, method, path, body=None, token=None):
        got, _, document = self.call(method, path, body, token)
        if got != status:
            raise Failure(f"{method} {path}: {status} was expected, and the answer is {got} {document}")
        return document

    def sign_in(self):
        return self.expect(201, "POST", "/v1/sessions", {"email": EMAIL, "password": PASSWORD})["access_token"]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Cluster:
    """The service with its own PostgreSQL on a data directory, to which others can connect."""

    def __init__(self, binary, folder, jobs=False, **settings):
        self.binary, self.folder, self.settings = str(binary), pathlib.Path(folder), settings
        self.command = [self.binary, "serve"] if jobs else [self.binary, "serve", "--no-jobs"]
        self.data = self.folder / "data"
        self.sockets = self.data / "postgres" / "sock"
        self.service = self.start()

    def start(self):
        self.service = Process(
            self.command,
            {"QUID_LISTEN": "127.0.0.1:PORT", "QUID_DATA_DIR": str(self.data)} | UNLIMITED | self.settings,
            self.folder / "cluster.log",
            "/readyz",
        )
        return self.service

    def postmaster(self):
        return int((self.data / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])

    def url(self, sockets=None):
        return f"postgres://quid@{urllib.parse.quote(str(sockets or self.sockets), safe='')}:5432/quid"

    def environment(self, sockets=None):
        """For another service on this database, possibly through a proxy."""
        return UNLIMITED | {
            "QUID_LISTEN": "127.0.0.1:PORT",
            "DATABASE_URL": self.url(sockets),
            "QUID_MASTER_KEY_FILE": str(self.data / "master.key"),
            "QUID_LOG": "warn",
        }

    def serve(self, sockets=None, **more):
        return Process(
            [self.binary, "serve", "--no-jobs"], self.environment(sockets) | more, self.folder / "service.log", "/readyz"
        )

    def sign_up(self, firm, admin, email):
        """A firm signs up, as anyone does: it asks for it, and goes on with the token that comes by mail."""
        self.service.expect(202, "POST", "/v1/sign-ups", {"email": email})
        body = {
            "token": token_in_mail(self.binary, self.commands(), email),
            "firm": {"name": firm, "time_zone": "UTC"},
            "admin": {"name": admin, "password": PASSWORD},
        }
        return self.service.expect(201, "POST", "/v1/firms", body)

    def commands(self):
        """The environment of commands that do not listen."""
        environment = self.environment()
        environment.pop("QUID_LISTEN")
        return environment

    def fill(self, introductions, *more):
        # A disk that is busy with a checkpoint may keep a batch waiting.
        environment = self.commands() | {"QUID_DB_TIMEOUT_MS": "60000"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QUID_")}
        done = subprocess.run(
            [self.binary, "demo", "--introductions", str(introductions), *more],
            env=inherited | environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failure(f"quid demo ended with status {done.returncode}: {done.stderr[-2000:]}")

    def sql(self, text, *options):
        """What psql prints, unaligned and without headings."""
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *options, "-d", self.url()]
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop(self):
        self.service.stop()
