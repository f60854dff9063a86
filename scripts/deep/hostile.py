"""Requests with something wrong in them, to every operation of the document.

Each request is a right one, made from the document's examples and from what two firms have, with one thing changed in a
way that must be refused. What comes back must be a 4xx with a problem that names what is wrong; and the tables must hold
afterwards what they held before. The choice follows a seed, which is printed.
"""

import argparse
import collections
import copy
import gzip
import json
import random
import re
import socket
import sys
import threading
import time
import urllib.parse

from running_service import EMAIL, PASSWORD, Cluster, Failure, in_folder

OTHER_EMAIL = "dana@hartwell.example"
# What may be written for a request that is refused, or that only signs in: no records.
BOOKKEEPING = re.compile(r"session|audit|throttle|attempt|rate|idempotency|signing_keys|schema_migrations|job")
RANDOM_ID = "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1aff"
TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
VALUES = {"object": {"a": 1}, "array": [1], "string": "x", "boolean": True, "integer": 1, "null": None}


class Wire:
    """One connection, kept open, that sends whatever bytes it is told to."""

    def __init__(self, port):
        self.port, self.socket, self.rest = port, None, b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.rest = None, b""

    def send(self, request):
        """The status, the headers and the body; `None` when the other side hung up without a word."""
        fresh = self.socket is None
        try:
            answer = self.attempt(request)
        except OSError:
            answer = None
        if answer is None:
            self.close()
            # A connection that was kept may have ended meanwhile.
            if not fresh:
                return self.send(request)
        return answer

    def attempt(self, request):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        try:
            self.socket.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            # It was refused before all of it was sent; the answer may be there.
            pass
        head = self.until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ", 2)[1])
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.until(b"\r\n"), 16):
                body += self.exactly(size)
                self.exactly(2)
            self.exactly(2)
        else:
            body = self.exactly(0 if status in (204, 304) else int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body

    def until(self, mark):
        while mark not in self.rest:
            more = self.socket.recv(65536)
            if not more:
                return None
            self.rest += more
        found, self.rest = self.rest.split(mark, 1)
        return found

    def exactly(self, size):
        while len(self.rest) < size:
            more = self.socket.recv(65536)
            if not more:
                raise OSError("the answer broke off")
            self.rest += more
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


class Request:
    """A request as it goes over the wire."""

    def __init__(self, method, path, query="", headers=(), body=None):
        self.method, self.path, self.query, self.headers, self.body = method, path, query, list(headers), body

    def bytes(self):
        target = self.path + (f"?{self.query}" if self.query else "")
        lines = [f"{self.method} ".encode() + target.encode("utf-8", "surrogateescape") + b" HTTP/1.1", b"Host: quid"]
        lines += [f"{name}: ".encode() + value.encode("utf-8", "surrogateescape") for name, value in self.headers]
        if self.body is not None:
            lines.append(f"Content-Length: {len(self.body)}".encode())
        return b"\r\n".join(lines) + b"\r\n\r\n" + (self.body or b"")


class Document:
    def __init__(self, document):
        self.whole = document
        self.operations = []
        for path, methods in document["paths"].items():
            for method, value in methods.items():
                self.operations.append((method.upper(), path, value))

    def follow(self, schema):
        while "$ref" in schema:
            found = self.whole
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def types(self, schema):
        """The JSON types that a schema takes; `None` when that can't be told."""
        schema = self.follow(schema)
        if "type" in schema:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            return set(kinds)
        for word in ("oneOf", "anyOf"):
            if word in schema:
                each = [self.types(branch) for branch in schema[word]]
                return None if None in each else set().union(*each)
        if "enum" in schema:
            return {TYPES[type(one)] for one in schema["enum"]}
        for branch in schema.get("allOf", []):
            if self.types(branch):
                return self.types(branch)
        return None

    def leaves(self, schema):
        """A schema and, where it is one of several, those."""
        schema = self.follow(schema)
        inner = [branch for word in ("oneOf", "anyOf", "allOf") for branch in schema.get(word, [])]
        return [schema] + [leaf for branch in inner for leaf in self.leaves(branch)]

    def example(self, media):
        schema = self.follow(media.get("schema", {}))
        if "example" in media:
            return media["example"]
        for one in media.get("examples", {}).values():
            return one.get("value")
        if "example" in schema:
            return schema["example"]
        return {}


class Firm:
    """What one firm's person can send: a token, and the ids of what it sees."""

    def __init__(self, service, email):
        self.service, self.email = service, email
        self.lock = threading.Lock()
        self.ids = collections.defaultdict(list)
        self.signed_in = 0
        self.sign_in()

    def sign_in(self):
        with self.lock:
            if time.monotonic() - self.signed_in < 240:
                return
            body = {"email": self.email, "password": PASSWORD}
            self.token = self.service.expect(201, "POST", "/v1/sessions", body)["access_token"]
            self.signed_in = time.monotonic()

    def look_around(self, document):
        """The ids in every list, by the path of the list; those of lists within lists too."""
        lists = [path for method, path, value in document.operations if method == "GET" and "security" in value]
        for path in sorted(lists, key=lambda path: path.count("{")):
            for filled in self.fill(path, 3):
                status, _, found = self.service.call("GET", filled, token=self.token)
                if status == 200 and isinstance(found, dict) and isinstance(found.get("data"), list):
                    self.ids[path] += [one["id"] for one in found["data"] if isinstance(one, dict) and "id" in one]

    def fill(self, path, most=1):
        """The path with ids that this firm sees, in a few ways; none when it sees none."""
        head, mark, rest = path.partition("/{")
        if not mark:
            return [path]
        name, _, rest = rest.partition("}")
        known = self.ids.get(head, []) or ([] if name.endswith("_id") and name != "external_id" else ["crm"])
        return [f"{head}/{one}{more}" for one in known[:most] for more in self.fill(rest, most)] if known else []


def wrong_number(rng):
    return rng.choice(["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.", "--1", "1e", "nul", "True"])


BAD_BY_FORMAT = {
    "date": ["2026-02-30", "2026-13-01", "0000-00-00", "2026-1-1", "-0001-01-01", "2026-02-29", "tomorrow", "+12026-01-01"],
    "date-time": ["2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+99:99", "99999-01-01T00:00:00Z"],
    "uuid": ["x", "", RANDOM_ID[:-1], RANDOM_ID + "0", "{" + RANDOM_ID + "}x", "../../etc/passwd", "0" * 5000],
    "email": ["x", "@", "a@", "@b", "a b@c.example", "a@b@c.example", "a@b..example", "x" * 400 + "@b.example", "a@b\n.example", "a\r\nBcc: x@y.example"],
    "time-zone": ["Mars/Olympus", "../../../etc/passwd", "", "utc+25", "America/Denver\x00"],
    "currency": ["XXQ", "usd", "", "US", "USDD", "€"],
    "country": ["QQ", "us", "", "USA", "🇺🇸"],
}


def asks_for_a_token(operation):
    """Whoever may come without one may come with any."""
    return any(operation.get("security", []))


class Mutator:
    """Right requests, and what can be wrong with them."""

    def __init__(self, document, own, foreign):
        self.document, self.own, self.foreign = document, own, foreign

    def base(self, rng, operation):
        method, path, value = operation
        filled = rng.choice(self.own.fill(path, 20) or [re.sub(r"\{[^}]*\}", RANDOM_ID, path)])
        headers = []
        if asks_for_a_token(value):
            headers.append(("Authorization", f"Bearer {self.own.token}"))
        request = Request(method, filled, headers=headers)
        content = value.get("requestBody", {}).get("content", {})
        kind = next(iter(content), None)
        example = None
        if kind:
            request.headers.append(("Content-Type", kind))
            example = copy.deepcopy(self.document.example(content[kind]))
            request.body = self.encoded(kind, example)
        if method in ("PATCH", "PUT"):
            request.headers.append(("If-Match", "*"))
        return request, kind, content.get(kind, {}).get("schema"), example

    @staticmethod
    def encoded(kind, value):
        if kind == "application/x-www-form-urlencoded":
            return urllib.parse.urlencode(value).encode()
        return json.dumps(value).encode()

    def make(self, rng, operation):
        """A request that must be refused, and what is wrong with it."""
        method, path, value = operation
        request, kind, schema, example = self.base(rng, operation)
        ways = [self.query, self.twice]
        if path.startswith("/v1/") and asks_for_a_token(value):
            ways += [self.token]
            if "{" in path:
                ways += [self.strange_path, self.foreign_id]
            if method == "POST" and not path.startswith("/v1/api-clients"):
                ways += [self.key]
        if kind == "application/json":
            ways += [self.text, self.text, self.text, self.field, self.field, self.field, self.size, self.coding, self.kind]
        if any(one.get("name") == "cursor" for one in self.parameters(value)):
            ways += [self.cursor]
        if not path.startswith("/v1/"):
            # Nothing is asked for here that could be wrong; only how it is said.
            ways = [self.text, self.coding] if kind else [self.method]
        way = rng.choice(ways)
        what = way(rng, operation, request, schema, example)
        return request, f"{way.__name__}: {what}"

    def parameters(self, value):
        return [self.document.follow(one) for one in value.get("parameters", [])]

    def method(self, rng, operation, request, schema, example):
        request.method = rng.choice(["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "GETS"])
        return request.method

    def query(self, rng, operation, request, schema, example):
        request.query = rng.choice(
            ["no_such_parameter=1", "a=b&a=b", "%ff=1", "%00=1", "=", "x" * 8000, "limit[]=1", "'%20OR%201=1--", "a%3Db", "&&;", "\udcff=1", "%zz=1"]
        )
        if not request.query.strip("&="):
            request.query = "unknown"
        return request.query[:40]

    def twice(self, rng, operation, request, schema, example):
        known = [one for one in self.parameters(operation[2]) if one["in"] == "query"]
        if not known:
            return self.query(rng, operation, request, schema, example)
        one = rng.choice(known)
        name = one["name"]
        bad = [f"{name}=x&{name}=x", f"{name}=%ff", f"{name}=%00", f"{name}=a%00b", f"{name}=1&{name}=2", f"{name}=%ed%a0%80"]
        for leaf in self.document.leaves(one.get("schema", {})):
            bad += [f"{name}={urllib.parse.quote(text)}" for text in BAD_BY_FORMAT.get(leaf.get("format"), [])]
            if leaf.get("enum"):
                bad += [f"{name}=no_such_word", f"{name}=", f"{name}={leaf['enum'][0]},{leaf['enum'][0]}"]
            if leaf.get("type") == "integer":
                bad += [f"{name}={text}" for text in ("-1", "9223372036854775808", "1e3", "0x1", "NaN", "%F0%9F%98%80", "1.5")]
        request.query = rng.choice(bad)
        return request.query[:60]

    def cursor(self, rng, operation, request, schema, example):
        forged = rng.choice(["x", "%ff", "A" * 43, "A" * 5000, "-" * 43, urllib.parse.quote("' OR 1=1"), "", "%00", RANDOM_ID, "null"])
        request.query = f"cursor={forged}"
        return request.query[:40]

    def token(self, rng, operation, request, schema, example):
        own = self.own.token
        forged = rng.choice(
            [
                "Bearer", "Bearer ", "Basic YTpi", "Bearer null", "Bearer " + "A" * 20000, f"Bearer {own[:-2]}", f"Bearer {own}x", f"Bearer {own} {own}",
                f"Bearer {own.split('.')[0]}..{own.split('.')[2]}", "Bearer \udcff\udcfe", "Digest x", f"Token {own}",
            ]
        )
        request.headers = [(name, forged if name == "Authorization" else value) for name, value in request.headers]
        if rng.random() < 0.2:
            request.headers.append(("Authorization", f"Bearer {own}"))
        return forged[:30]

    def key(self, rng, operation, request, schema, example):
        key = rng.choice(["", "a b", "x" * 256, "\udcff", "é", "\t"])
        request.headers.append(("Idempotency-Key", key))
        if rng.random() < 0.5 and key:
            request.headers.append(("Idempotency-Key", key))
        request.body = b"{" if request.body is not None else None
        if request.body is None:
            request.query = "no_such_parameter=1"
        return key[:20]

    def strange_path(self, rng, operation, request, schema, example):
        part = rng.choice(
            ["%00", "%ff", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%252e", "'", "%27%20OR%201=1", "x" * 9000, "%F0%9F%98%80", "%ed%a0%80", "-1", "9223372036854775808",
             "%E2%80%AE", "null", "undefined", "{id}", "%7B%7D", "\udcff\udcfe", "*", "%0d%0aX:%20y", "a%00b", RANDOM_ID.upper() + "%20"]
        )
        request.path = re.sub(r"\{[^}]*\}", lambda _: part, operation[1])
        if "by-external-id" in operation[1]:
            # Any text may be an id elsewhere: the query makes sure that it is refused.
            request.query = "no_such_parameter=1"
        return part[:40]

    def foreign_id(self, rng, operation, request, schema, example):
        """What only the other firm sees, or nobody."""
        own = {one for ids in self.own.ids.values() for one in ids}
        others = [one for ids in self.foreign.ids.values() for one in ids if one not in own]
        one = rng.choice([*others, RANDOM_ID] if rng.random() < 0.7 else [RANDOM_ID])
        head, _, rest = operation[1].partition("/{")
        request.path = f"{head}/{one}{re.sub(r'{[^}]*}', one, rest.partition('}')[2])}"
        if "by-external-id" in operation[1]:
            request.query = "no_such_parameter=1"
        return one

    def size(self, rng, operation, request, schema, example):
        length = rng.choice([65537, 70_000, 200_000])
        request.body = rng.choice([b" " * length, b'{"a":"' + b"x" * length + b'"}', b"[" * length, b"\x00" * length])
        return f"{length} bytes"

    def coding(self, rng, operation, request, schema, example):
        bomb = gzip.compress(b" " * 1_000_000)
        coding = rng.choice(["gzip", "br", "zstd", "deflate", "gzip, gzip", "x", "GZIP"])
        request.headers.append(("Content-Encoding", coding))
        request.body = bomb
        return coding

    def kind(self, rng, operation, request, schema, example):
        kind = rng.choice(["text/plain", "", "application/xml", "application", "multipart/form-data; boundary=x", "application/json-", "\udcff", "text/json"])
        request.headers = [(name, kind if name == "Content-Type" else value) for name, value in request.headers]
        return kind

    def text(self, rng, operation, request, schema, example):
        """A body that is no JSON, or none that one may send."""
        right = request.body or b"{}"
        if operation[1].startswith("/oauth/"):
            request.body = rng.choice([b"\xff", b"", b"{}", b"grant_type=", b"grant_type=x&grant_type=y", b"grant_type=refresh_token&refresh_token=%00", b"=&" * 1000, b"grant_type=client_credentials&client_id=%ff"])
            return repr(request.body[:30])
        depth = rng.choice([200, 10_000, 30_000])
        bad = [
            right[:-1], right + b"}", right + right, b"", b" ", b"\xef\xbb\xbf" + right, right.replace(b'"', b"'", 1) if b'"' in right else b"'",
            b"[" * depth, b'{"a":' * min(depth, 10_000), b"[" * 30_000 + b"]" * 30_000, b"null", b"[]", b'"x"', b"1", b"true", b"\xff\xfe", right.decode().encode("utf-16"),
            b'{"a":1,"a":1}', right.replace(b"{", b'{"x\xff":1,', 1), right.replace(b"{", b'{"\\ud800":1,', 1), right.replace(b"{", b'{"x":"\\udfff\\ud800",', 1),
            right.replace(b"{", b'{"x":"\xed\xa0\x80",', 1), right.replace(b"{", b'{"\\u0000":1,', 1), right.replace(b"{", b'{"__proto__":{},', 1),
            right.replace(b"{", b'{"x":' + wrong_number(rng).encode() + b",", 1), right.replace(b"{", b"{/* */", 1), right.replace(b"}", b",}", 1),
            right.replace(b"{", b'{"x":"\t\n",', 1), b"{" + b",".join(b'"a%d":1' % n for n in range(3000)) + b"}",
        ]
        request.body = rng.choice(bad)
        return repr(request.body[:50])

    def field(self, rng, operation, request, schema, example):
        """One field with a value that its schema does not take."""
        if not isinstance(example, dict):
            return self.text(rng, operation, request, schema, example)
        schema = self.document.follow(schema)
        places = list(self.places(schema, example))
        if not places:
            return self.text(rng, operation, request, schema, example)
        holder, name, inner = rng.choice(places)
        bad = list(self.bad_values(rng, inner))
        if not bad:
            return self.text(rng, operation, request, schema, example)
        chosen = rng.choice(bad)
        holder[name] = chosen
        request.body = json.dumps(example).encode()
        return f"{name} = {json.dumps(chosen)[:60]}"

    def places(self, schema, value):
        schema = self.document.follow(schema)
        for name, inner in schema.get("properties", {}).items():
            yield value, name, inner
            if isinstance(value.get(name), dict):
                for leaf in self.document.leaves(inner):
                    if "properties" in leaf:
                        yield from self.places(leaf, value[name])

    def bad_values(self, rng, schema):
        kinds = self.document.types(schema)
        leaves = self.document.leaves(schema)
        if not kinds:
            return
        number = {"number", "integer"} & kinds
        for kind, value in VALUES.items():
            if kind not in kinds and not (kind == "integer" and number):
                yield value
        if "integer" in kinds and "number" not in kinds:
            yield from (1.5, 1e300, 2**63, 2**64, -(2**63) - 1, 10**400)
        text = kinds & {"string"}
        if text:
            yield from ("a\x00b", "\x00")
        for leaf in leaves:
            yield from (BAD_BY_FORMAT.get(leaf.get("format"), []) if text else [])
            if leaf.get("enum") and all(one.get("enum") or one.get("type") == "null" for one in leaves if one.get("type") or one.get("enum")):
                yield "no_such_word"
            if text and "maxLength" in leaf and leaf["maxLength"] < 20_000:
                yield "x" * (leaf["maxLength"] + 1)
            if text and leaf.get("minLength", 0) > 0:
                yield ""
            if "maximum" in leaf:
                yield leaf["maximum"] + 1
            if "minimum" in leaf:
                yield leaf["minimum"] - 1
            if "maxItems" in leaf and leaf["maxItems"] < 5000:
                yield ["x"] * (leaf["maxItems"] + 1)


# Bytes that are no HTTP at all never reach the service's own code; what answers says so in a line of its own.
NO_HTTP = (400, 431)


def complaint(operation, request, answer):
    """What is wrong with an answer."""
    if answer is None:
        return "the connection was closed without an answer"
    status, headers, body = answer
    if not 400 <= status < 500:
        return f"{status} {body[:300]!r}"
    kind = headers.get("content-type", "")
    if operation[1].startswith("/oauth/") and kind == "application/json":
        return None if "error" in json.loads(body) else f"{status} without an error"
    if kind != "application/problem+json":
        if status in NO_HTTP and not body and is_no_http(request):
            return None
        if request.method not in ("GET", "POST", "PUT", "PATCH", "DELETE") and status in (404, 405):
            return None
        return f"{status} is {kind!r}, no problem: {body[:200]!r}"
    problem = json.loads(body)
    if problem.get("status") != status or not problem.get("type") or not problem.get("request_id"):
        return f"{status} with a problem that is none: {body[:300]!r}"
    about_fields = problem["type"].endswith(("/malformed-request", "/invalid-fields"))
    errors = problem.get("errors")
    if about_fields and not (errors and all({"pointer", "code", "detail"} <= error.keys() for error in errors)):
        return f"{status} names nothing: {body[:300]!r}"
    return None


def is_no_http(request):
    """Whether the head has bytes that HTTP does not allow there, or more than a server reads."""
    head = request.bytes().split(b"\r\n\r\n", 1)[0]
    target = head.split(b"\r\n", 1)[0].split(b" ")[1]
    return len(head) > 32_000 or any(byte < 33 or byte > 126 for byte in target) or any(char in target for char in b'"<>\\^`{|}')


class Run:
    def __init__(self, options, service, mutator):
        self.options, self.service, self.mutator = options, service, mutator
        self.found = collections.Counter()
        self.samples = {}
        self.statuses = collections.Counter()
        self.by_operation = collections.Counter()
        self.worst = 0.0
        self.lock = threading.Lock()

    def work(self, number):
        rng = random.Random(f"{self.options.seed} {number}")
        wire = Wire(self.service.port)
        operations = self.mutator.document.operations
        # What anyone may ask takes little that could be wrong.
        weights = [10 if path.startswith("/v1/") else 1 for _, path, _ in operations]
        for turn in range(self.options.requests // self.options.threads):
            if turn % 200 == 0:
                self.mutator.own.sign_in()
                self.check_right(wire)
            operation = rng.choices(operations, weights)[0]
            request, what = self.mutator.make(rng, operation)
            begun = time.monotonic()
            try:
                answer = wire.send(request.bytes())
            except (OSError, ValueError) as error:
                answer, what = None, f"{what} ({error})"
            took = time.monotonic() - begun
            wrong = complaint(operation, request, answer)
            with self.lock:
                self.worst = max(self.worst, took)
                self.statuses[answer[0] if answer else None] += 1
                self.by_operation[operation[2].get("operationId")] += 1
                if wrong:
                    kind = (operation[2].get("operationId"), what.split(":", 1)[0], wrong.split(" ", 1)[0])
                    self.found[kind] += 1
                    self.samples.setdefault(kind, f"{what}\n      {request.bytes()[:400]!r}\n      {wrong}")
        wire.close()

    def check_right(self, wire):
        """Between the wrong ones a right one."""
        headers = [("Authorization", f"Bearer {self.mutator.own.token}")]
        answer = wire.send(Request("GET", "/v1/clients", "limit=1", headers).bytes())
        if not answer or answer[0] != 200:
            with self.lock:
                self.found[("list_clients", "right", str(answer and answer[0]))] += 1


def contents(cluster):
    """A digest of every table, but for bookkeeping."""
    names = cluster.sql("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1").split("\n")
    kept = [name for name in names if not BOOKKEEPING.search(name)]
    each = [f"SELECT '{name}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t;" for name in kept]
    return dict(line.split("|", 1) for line in cluster.sql("\n".join(each)).split("\n"))


def check(options, folder):
    cluster = Cluster(options.binary, folder, QUID_LOG="error")
    try:
        cluster.fill(40)
        service = cluster.service
        document = Document(service.expect(200, "GET", "/openapi.json"))
        own, foreign = Firm(service, EMAIL), Firm(service, OTHER_EMAIL)
        for firm in (own, foreign):
            firm.look_around(document)
        before = contents(cluster)
        run = Run(options, service, Mutator(document, own, foreign))
        begun = time.monotonic()
        threads = [threading.Thread(target=run.work, args=(number,)) for number in range(options.threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - begun
        after = contents(cluster)
        total = sum(run.statuses.values())
        print(f"{total} requests over {len(run.by_operation)} operations in {took:.0f} s ({total / took:.0f} a second), the slowest took {run.worst:.3f} s")
        print("statuses: " + ", ".join(f"{status} × {count}" for status, count in sorted(run.statuses.items(), key=str)))
        for kind, count in run.found.most_common():
            print(f"  {count} × {' / '.join(map(str, kind))}\n      {run.samples.get(kind, '')}")
        changed = [name for name in before if before[name] != after.get(name)]
        if changed:
            print("tables that changed: " + ", ".join(f"{name} ({before[name]} → {after.get(name)})" for name in changed))
        if total < options.requests - options.threads:
            raise Failure(f"only {total} of {options.requests} requests were sent")
        log = cluster.service.tail()
        if "internal error" in log:
            print(log)
        if run.found or changed:
            raise Failure(f"{sum(run.found.values())} answers are not as they should be, {len(changed)} tables changed")
        print(f"{len(before)} tables hold what they held")
    finally:
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", required=True, help="the service to look at")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=20260302)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    return in_folder("hostile", lambda folder: check(options, folder), "every one was refused, with what is wrong; nothing was written")


if __name__ == "__main__":
    sys.exit(main())
