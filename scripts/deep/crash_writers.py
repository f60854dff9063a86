"""Writers that a crash interrupts, and the proof that nothing acknowledged was lost.

Starts the service on a fresh data directory, lets many writers create clients over HTTP, and kills the service, or
PostgreSQL under it, at a random moment. After the restart:

* every client acknowledged with 201 is there, by its id and exactly once in the paged list;
* every client in the list was sent by a writer;
* every create whose answer was lost is sent again as it was, is answered 201, and is there once.

Only processes that this program started are signalled. Python's standard library is all it needs.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

from running_service import UNLIMITED, token_in_mail

PASSWORD = "correct horse battery staple"
EMAIL = "admin@crash.example"
NO_ANSWER = (OSError, http.client.HTTPException)


class Failure(Exception):
    """The service broke a promise; the message says which."""


def uuid7():
    """An id as RFC 9562 describes version 7; this Python may be too old to have it."""
    value = int.from_bytes((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(what, seconds, condition):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise Failure(f"{what}: not within {seconds} s")


class Api:
    """One kept-alive connection."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def call(self, method, path, body=None, token=None):
        """The status, the headers and the document; one of NO_ANSWER when there was no whole answer."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except NO_ANSWER:
            self.close()
            raise
        try:
            document = json.loads(text) if text else None
        except ValueError:
            document = text.decode("utf-8", "replace")
        return answer.status, answer.headers, document

    def expect(self, status, method, path, body=None, token=None):
        got, _, document = self.call(method, path, body, token)
        if got != status:
            raise Failure(f"{method} {path}: {status} was expected, and the answer is {got} {document}")
        return document

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Service:
    """`quid serve` on one data directory, started and stopped many times."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.data_dir = folder / "data"
        self.log = folder / "service.log"
        self.port = free_port()
        self.process = None

    def start(self):
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment["QUID_LISTEN"] = f"127.0.0.1:{self.port}"
        environment["QUID_DATA_DIR"] = str(self.data_dir)
        environment |= UNLIMITED
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        started = time.monotonic()
        wait_for("ready after the start", 120, self.is_ready)
        return time.monotonic() - started

    def is_ready(self):
        if self.process.poll() is not None:
            raise Failure(f"the service ended while it started, with status {self.process.returncode}")
        api = Api(self.port)
        try:
            return api.call("GET", "/readyz")[0] == 200
        except NO_ANSWER:
            return False
        finally:
            api.close()

    def postmaster(self):
        """The process of the embedded PostgreSQL, made sure to be a child of the service that was started here."""
        for file in self.data_dir.rglob("postmaster.pid"):
            pid = int(file.read_text().split("\n", 1)[0])
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            parent = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
            if parent == self.process.pid:
                return pid
        raise Failure(f"no PostgreSQL of this service under {self.data_dir}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """As a supervisor stops it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure("the service did not end within 60 s of SIGTERM") from None


class Book:
    """What the writers know: which creates were acknowledged, and which had no answer."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.unanswered = {}
        self.statuses = {}
        self.surprises = []

    def note(self, client, status, document=None):
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 201:
                self.acknowledged[client["id"]] = client
                if not isinstance(document, dict) or document.get("id") != client["id"]:
                    self.surprises.append(f"201 for {client['id']} came with {document}")
            elif status is None or status >= 500:
                # A 503 may be said of a commit whose answer was lost, so it is no promise either way.
                self.unanswered[client["id"]] = client
            if status is not None and status not in (201, 429, 503):
                self.surprises.append(f"a create was answered {status} {document}")

    def describe(self):
        parts = [
            f"{'no answer' if status is None else status}: {count}"
            for status, count in sorted(self.statuses.items(), key=lambda item: item[0] or 0)
        ]
        self.statuses = {}
        return ", ".join(parts)


def write(port, token, book, stop, number):
    """One writer: creates clients until told to stop, whatever happens to the service."""
    api = Api(port)
    count = 0
    while not stop.is_set():
        count += 1
        client = {"id": uuid7(), "name": f"Client {number}-{count}"}
        try:
            status, headers, document = api.call("POST", "/v1/clients", client, token)
        except NO_ANSWER:
            book.note(client, None)
            stop.wait(0.05)
            continue
        book.note(client, status, document)
        if status != 201:
            try:
                pause = float(headers.get("Retry-After", ""))
            except ValueError:
                pause = 0.1
            stop.wait(min(pause, 0.5))
    api.close()


def sign_in(port):
    answer = Api(port).expect(201, "POST", "/v1/sessions", {"email": EMAIL, "password": PASSWORD})
    return answer["access_token"]


def listed(port, token):
    """Every id in the list, page by page."""
    api = Api(port)
    ids = []
    cursor = None
    while True:
        query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = api.expect(200, "GET", "/v1/clients?" + urllib.parse.urlencode(query), token=token)
        ids += [client["id"] for client in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            api.close()
            return ids
        if not page["data"]:
            raise Failure("a page of the list is empty and names a next one")


def some(ids):
    ids = sorted(ids)
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")


def check(service, book, threads):
    """The promises, after a restart."""
    token = sign_in(service.port)
    local = threading.local()

    def api():
        if not hasattr(local, "api"):
            local.api = Api(service.port)
        return local.api

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        answers = pool.map(
            lambda id_: (id_, api().call("GET", f"/v1/clients/{id_}", token=token)[0]), list(book.acknowledged)
        )
        lost = {id_: status for id_, status in answers if status != 200}
        if lost:
            raise Failure(f"{len(lost)} acknowledged clients are not answered 200: {lost if len(lost) < 6 else some(lost)}")

        ids = listed(service.port, token)
        distinct = set(ids)
        if len(distinct) != len(ids):
            raise Failure(f"the list has {len(ids) - len(distinct)} clients twice: {some({i for i in ids if ids.count(i) > 1})}")
        if missing := book.acknowledged.keys() - distinct:
            raise Failure(f"{len(missing)} acknowledged clients are not in the list: {some(missing)}")
        if foreign := distinct - book.acknowledged.keys() - book.unanswered.keys():
            raise Failure(f"the list has {len(foreign)} clients that nobody sent: {some(foreign)}")

        unanswered = list(book.unanswered.values())
        kept = len(distinct & book.unanswered.keys())
        answers = pool.map(lambda client: (client, api().call("POST", "/v1/clients", client, token)), unanswered)
        for client, (status, _, document) in answers:
            if status != 201:
                raise Failure(f"the create of {client['id']}, sent again, is answered {status} {document}")
            book.acknowledged[client["id"]] = client
        book.unanswered = {}

    ids = listed(service.port, token)
    if sorted(ids) != sorted(book.acknowledged):
        raise Failure(f"after sending {len(unanswered)} creates again the list has {len(ids)} clients, not {len(book.acknowledged)}")
    print(
        f"    all {len(book.acknowledged)} clients there, none twice; "
        f"of {len(unanswered)} creates without an answer {kept} had been kept, the others were made now",
        flush=True,
    )


def crash(service, book, writers, chance, victim):
    """One round: writers, a kill in the midst of them, a restart, the check."""
    token = sign_in(service.port)
    stop = threading.Event()
    threads = [
        threading.Thread(target=write, args=(service.port, token, book, stop, number)) for number in range(writers)
    ]
    before = len(book.acknowledged)
    for thread in threads:
        thread.start()
    delay = chance.uniform(0.5, 3.0)
    try:
        time.sleep(delay)
        if len(book.acknowledged) == before:
            raise Failure(f"nothing was acknowledged in the {delay:.2f} s before the kill; answers: {book.describe()}")
        if victim == "the service":
            service.kill()
            restarted = service.start()
            # The writers work on for a moment: the new service serves them at once.
            time.sleep(0.5)
        else:
            os.kill(service.postmaster(), signal.SIGKILL)
            time.sleep(chance.uniform(0.5, 2.0))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if victim != "the service":
        # The service without its database must still end when told to, or have ended by itself.
        service.stop()
        restarted = service.start()
    print(f"    killed after {delay:.2f} s, ready again in {restarted:.2f} s; answers: {book.describe()}", flush=True)
    if book.surprises:
        raise Failure(f"{len(book.surprises)} answers that should not be, the first: {book.surprises[0]}")
    check(service, book, writers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", required=True, help="the service to try")
    parser.add_argument("--rounds", type=int, default=3, help="kills of each kind (default 3)")
    parser.add_argument("--writers", type=int, default=32, help="concurrent writers (default 32)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="decides the moments of the kills")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="quid-crash-"))
    # Started by root, PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    service = Service(options.binary, folder)
    book = Book()
    try:
        print(f"first start: ready in {service.start():.2f} s", flush=True)
        Api(service.port).expect(202, "POST", "/v1/sign-ups", {"email": EMAIL})
        token = token_in_mail(service.binary, {"QUID_DATA_DIR": str(service.data_dir)}, EMAIL)
        body = {
            "token": token,
            "firm": {"name": "Crash and Partners", "time_zone": "Europe/Berlin"},
            "admin": {"name": "Ada Admin", "password": PASSWORD},
        }
        Api(service.port).expect(201, "POST", "/v1/firms", body)
        for victim in ("the service", "PostgreSQL"):
            for number in range(1, options.rounds + 1):
                print(f"kill -9 of {victim}, round {number} of {options.rounds}", flush=True)
                crash(service, book, options.writers, chance, victim)
        service.stop()
        if service.process.returncode != 0:
            raise Failure(f"the service, told to end, ended with status {service.process.returncode}")
    except (Failure, *NO_ANSWER) as failure:
        print(f"FAILED: {failure or type(failure).__name__}", file=sys.stderr)
        if service.log.exists():
            print(f"The end of {service.log}:", file=sys.stderr)
            print("\n".join(service.log.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)
        print(f"The data is kept in {folder}; repeat with --seed {options.seed}", file=sys.stderr)
        return 1
    finally:
        if service.process is not None and service.process.poll() is None:
            try:
                service.stop()
            except Failure as failure:
                print(failure, file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    print("nothing acknowledged was lost, nothing is there twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
