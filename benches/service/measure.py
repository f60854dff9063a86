"""Measures the service, a bare handler and pgbench on the same rows and statements, one after the other.

Requests/s depend on how busy the machine is; processor time for each request hardly does, so that is what is compared.
All three work on the service's own PostgreSQL over its Unix socket:

* the service as `quid serve` runs it, with all that it does by default, each request with an access token;
* the bare handler (`bare.rs`): the same web server, the same statements on the same kind of connections, the same JSON;
* pgbench: the statements alone, as a proxy saw the service send them, prepared, from 8 connections.

pgbench takes the values that must differ from one transaction to the next from a table; what that costs PostgreSQL is
measured apart and taken off. It gets rows as text where the service gets them binary, and has no p50 and p99.
Python's standard library is all it needs.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "deep"))

from postgres_proxy import NAMES, Proxy  # noqa: E402
from running_service import EMAIL, Cluster, Failure, Process  # noqa: E402

GOAL = 1.5
PGBENCH_CONNECTIONS = 8
READS_IN_A_TRANSACTION = 20
COLUMNS = [f"v{place}" for place in range(READS_IN_A_TRANSACTION)]


def tick_seconds():
    return 1 / os.sysconf("SC_CLK_TCK")


def stat(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[1]), [int(ticks) for ticks in fields[11:15]]


def family_seconds(pid):
    """What a process and its children, also those that have ended, have had of the processor."""
    # A child that is ending right now is in neither of the two accounts for a moment.
    time.sleep(0.5)
    total = sum(stat(pid)[1])
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and (its := stat(entry))[0] == pid:
                total += sum(its[1][:2])
        except (OSError, IndexError):
            pass
    return total * tick_seconds()


class Bench:
    """One size: the services, what is sent to them, and what came of it."""

    def __init__(self, cluster, tools, folder, options, size):
        self.cluster, self.tools, self.folder, self.options, self.size = cluster, tools, folder, options, size
        self.chance = random.Random(size)
        self.postmaster = cluster.postmaster()
        self.results = {}
        self.firm, self.member, self.partnership = cluster.sql(
            f"""SELECT m.firm_id, m.id, p.id FROM members m JOIN partnerships p ON p.proposer_lead_id = m.id
                 WHERE m.email = '{EMAIL}' AND p.state = 'active'"""
        ).split("|")
        self.bare = Process(
            [tools, "bare", "--port", "PORT", "--url", cluster.url(), "--firm", self.firm, "--member", self.member,
             "--workers", str(options.workers)],
            {}, folder / "bare.log", "/healthz",
        )  # fmt: skip
        sockets = folder / f"proxy-{size}"
        sockets.mkdir()
        self.proxy = Proxy(sockets, cluster.sockets)
        self.seen = cluster.serve(sockets)
        self.quid = cluster.service

    def close(self):
        self.seen.stop()
        self.bare.stop()
        self.proxy.close()

    def rows(self, sql):
        return [line.split("|") for line in self.cluster.sql(sql).splitlines()]

    # What is sent.

    def operations(self):
        """Name, and how to prepare it."""
        return {
            "read": self.read,
            "page": self.page,
            "deep": self.deep,
            "create": self.create,
            "create, keyed": lambda: self.create(keyed=True),
            "transition": self.transition,
            "upsert": self.upsert,
        }

    def read(self):
        ids = self.rows(
            f"""SELECT id FROM introductions WHERE introducer_firm_id = '{self.firm}' OR offered_at IS NOT NULL
                 ORDER BY md5(id::text) LIMIT 50000"""
        )
        request = {"method": "GET", "target": "/v1/introductions/{0}", "items": ids}
        work = [[one[0] for one in self.chance.sample(ids, READS_IN_A_TRANSACTION)] for _ in range(4000)]
        return Operation("read by id", request, request, work, repeats=READS_IN_A_TRANSACTION)

    def page(self):
        request = {"method": "GET", "target": "/v1/introductions?limit=50", "items": [[]]}
        return Operation("page of 50", request, request, None)

    def deep(self):
        """Twenty pages at page 1,000, or at three quarters where there are not so many."""
        token, cursor, rows = self.quid.sign_in(), None, 0
        target = min(50_000, self.size * 3 // 4)
        places = []
        while len(places) < 20:
            step = 50 if places or rows + 200 > target else 200
            query = f"/v1/introductions?limit={step}" + (f"&cursor={cursor}" if cursor else "")
            page = self.quid.expect(200, "GET", query, token=token)
            cursor, rows = page["next_cursor"], rows + len(page["data"])
            if cursor is None:
                raise Failure("the list ended before its deep pages")
            if rows >= target:
                places.append([cursor, page["data"][-1]["id"]])
        quid = {"method": "GET", "target": "/v1/introductions?limit=50&cursor={0}", "items": places}
        bare = {"method": "GET", "target": "/v1/introductions?limit=50&after={1}", "items": places}
        return Operation(f"deep page ({target // 50:,})", quid, bare, [[place[1]] for place in places] * 20)

    def create(self, keyed=False):
        """Each for a client of its own."""
        count = self.options.writes
        runs = 3 + (1 if keyed else 2) * self.options.rounds
        clients = self.rows(
            f"""WITH made AS (
                  INSERT INTO clients (id, firm_id, name, attributes, traits, created_at, updated_at)
                  SELECT gen_random_uuid(), '{self.firm}', 'Client ' || n, '{{"investable_assets": 100000}}', '{{heir}}', now(), now()
                    FROM generate_series(1, {count * runs}) n RETURNING id) SELECT id FROM made"""
        )
        body = {
            "client_id": "{0}",
            "summary": "Sells her practice next year and needs tax advice.",
            "expected_value": {"amount_minor": 1200000, "currency": "USD"},
        }
        request = {
            "method": "POST",
            "target": f"/v1/partnerships/{self.partnership}/introductions",
            "headers": [["Idempotency-Key", "{0}"]] if keyed else [],
            "body": json.dumps(body),
            "items": clients,
            "once": True,
            "expect": 201,
        }
        if keyed:
            return Operation("create, with a key", request, None, None)
        work = [[client[0], self.uuid7(), self.reference()] for client in clients[-3 * count :]]
        request["items"] = clients[: -3 * count]
        return Operation("create", request, request, work, answered=["client.id", "id", "reference"])

    def transition(self):
        """Offers drafts; so many that none is offered twice."""
        count = self.options.writes
        drafts = self.rows(
            f"""SELECT id FROM introductions WHERE introducer_firm_id = '{self.firm}' AND stage = 'draft'
                 ORDER BY md5(id::text) LIMIT {count * (2 * self.options.rounds + 3)}"""
        )
        request = {"method": "POST", "target": "/v1/introductions/{0}/offer", "items": drafts, "once": True}
        share = 3 * len(drafts) // (2 * self.options.rounds + 3)
        request["items"] = drafts[:-share]
        return Operation("transition", request, request, drafts[-share:], answered=["id"])

    def upsert(self):
        """Changes the summary of what is there."""
        rows = self.rows(
            f"""SELECT x.external_id, i.client_id, i.id FROM introductions i JOIN introduction_external_ids x ON x.introduction_id = i.id
                 WHERE x.firm_id = '{self.firm}' AND x.system = 'crm' AND i.introducer_firm_id = x.firm_id
                   AND i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
                 ORDER BY md5(i.id::text) LIMIT 20000"""
        )
        count = self.options.writes

        def some(runs):
            return [[*rows[n % len(rows)], f"{self.chance.randrange(10**9):09}"] for n in range(count * runs)]

        body = {
            "partnership_id": self.partnership,
            "client_id": "{1}",
            "summary": "Reviewed {3}.",
            "expected_value": {"amount_minor": 1200000, "currency": "USD"},
        }
        request = {
            "method": "PUT",
            "target": "/v1/introductions/by-external-id/crm/{0}",
            "body": json.dumps(body),
            "items": some(2 * self.options.rounds),
            "once": True,
        }
        work = [[row[0], row[2], f"Reviewed {row[3]}."] for row in some(3)]
        return Operation(
            "upsert by external id", request, request, work, answered=["external_ids.crm", "id", "summary"]
        )

    def uuid7(self):
        value = 1704067200000 + self.chance.randrange(10**10) << 80 | self.chance.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        digits = f"{value:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def reference(self):
        return "".join(self.chance.choice("GHJKMNPQRSTVWXYZ") for _ in range(10))

    # How it is measured.

    def measure(self, name):
        operation = self.operations()[name]()
        sides = {"quid": (self.quid, operation.quid), "bare": (self.bare, operation.bare)}
        sides = {side: pair for side, pair in sides.items() if pair[1]}
        share = len(operation.quid["items"]) // (self.options.rounds * len(sides))
        slices = {side: [] for side in sides}
        for number in range(self.options.rounds):
            # The two take turns in short slices, so that both meet the same neighbours on the machine.
            for place, (side, (process, request)) in enumerate(sides.items()):
                part = dict(request)
                if request.get("once"):
                    taken = (number * len(sides) + place) * share
                    part["items"] = request["items"][taken : taken + share]
                slices[side].append(self.load(process, part, self.quid.sign_in() if side == "quid" else None))
        found = {side: together(parts) for side, parts in slices.items()}
        if "bare" in found:
            found["ratio"] = compare(slices["quid"], slices["bare"])
        if operation.work is not None or operation.name == "page of 50":
            found["pgbench"] = self.pgbench(operation)
        self.results[operation.name] = found
        show(operation.name, found)

    def load(self, process, request, token):
        document = {"headers": [], "body": None, "once": False, "expect": 200} | request
        if token:
            document["headers"] = [*document["headers"], ["Authorization", f"Bearer {token}"]]
        path = self.folder / "requests.json"
        path.write_text(json.dumps(document))
        command = [self.tools, "load", "--port", process.port, "--requests", path, "--service", process.process.pid,
                   "--postmaster", self.postmaster, "--seconds", self.options.seconds,
                   "--warm-up", 0.1 if document["once"] else 0.3,
                   "--connections", self.options.connections]  # fmt: skip
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"the load ended with status {done.returncode}: {done.stderr.strip()[-2000:]}")
        return json.loads(done.stdout)

    # What pgbench is given.

    def captured(self, operation):
        """The statements of one request as the service sends them, and the values that differ between requests."""
        token, executed, varying = self.seen.sign_in(), [], {}
        for item in operation.samples:
            target, body = operation.quid["target"], operation.quid.get("body")
            for number, value in enumerate(item):
                target = target.replace(f"{{{number}}}", value)
                body = body and body.replace(f"{{{number}}}", value)
            mark = self.proxy.mark()
            status, _, answer = self.seen.call(
                operation.quid["method"], target, body and json.loads(body), token, dict(operation.quid.get("headers", []))
            )
            if status != operation.quid.get("expect", 200):
                raise Failure(f"{operation.name}: {status} {answer}")
            executed = self.proxy.executed_since(mark)
            if operation.answered:
                varying = {dig(answer, path): column for path, column in zip(operation.answered, COLUMNS)}
            elif operation.work:
                varying = {item[-1]: "v0"}
        return executed, varying

    def pgbench(self, operation):
        executed, varying = self.captured(operation)
        constants, script = {}, []
        work = operation.work
        columns = COLUMNS[: len(work[0])] if work else []
        lookup = ""
        if work:
            share = len(work) // PGBENCH_CONNECTIONS
            self.fill_work(work)
            lookup = (
                f"\\set n :client_id * {share} + mod(:i, {share})\n\\set i :i + 1\n"
                f"SELECT {', '.join(columns)} FROM bench_work WHERE n = :n \\gset\n"
            )
        for repeat in range(operation.repeats):
            for one in executed:
                script.append(with_variables(one, constants, {v: f"v{repeat}" if operation.repeats > 1 else c for v, c in varying.items()}))
        once = bool(operation.quid.get("once"))
        whole = self.run_pgbench(lookup + "\n".join(script), constants, len(work) // PGBENCH_CONNECTIONS if once else None)
        alone = self.run_pgbench(lookup, {}, None) if work else {"postgres_us": 0}
        return {
            "statements": [one.text for one in executed],
            "per_second": whole["per_second"] * operation.repeats,
            "postgres_us": (whole["postgres_us"] - alone["postgres_us"]) / operation.repeats,
            "load_us": whole["load_us"] / operation.repeats,
        }

    def fill_work(self, work):
        columns = COLUMNS[: len(work[0])]
        lines = "\n".join("\t".join([str(n), *row]) for n, row in enumerate(work))
        declared = ", ".join(f"{column} text" for column in columns)
        self.cluster.sql(
            f"""SET client_min_messages = warning; DROP TABLE IF EXISTS bench_work;
                CREATE TABLE bench_work (n bigint PRIMARY KEY, {declared});
                COPY bench_work FROM STDIN;\n{lines}\n\\.\nVACUUM ANALYZE bench_work;"""
        )

    def run_pgbench(self, script, constants, transactions):
        path = self.folder / "pgbench.sql"
        path.write_text(script)
        much = ["-t", str(transactions)] if transactions else ["-T", "5"]
        command = [find_pgbench(), "-n", "-M", "prepared", "-c", str(PGBENCH_CONNECTIONS), "-j", "1", *much, "-D", "i=0"]
        for name, value in constants.items():
            command += ["-D", f"{name}={value}"]
        before, own = family_seconds(self.postmaster), os.times()
        done = subprocess.run([*command, "-f", str(path), self.cluster.url()], capture_output=True, text=True)
        took, own_after = family_seconds(self.postmaster) - before, os.times()
        if done.returncode:
            raise Failure(f"pgbench: {done.stderr.strip()[-3000:]}\n{script}")
        count = int(re.search(r"number of transactions actually processed: (\d+)", done.stdout)[1])
        own_took = own_after.children_user + own_after.children_system - own.children_user - own.children_system
        return {
            "per_second": float(re.search(r"tps = ([\d.]+)", done.stdout)[1]),
            "postgres_us": took / count * 1e6,
            "load_us": own_took / count * 1e6,
        }

    def same_answers(self):
        """The bare handler must serve the same JSON."""
        token = self.quid.sign_in()
        for target in ("/v1/introductions?limit=50",):
            ours = self.quid.expect(200, "GET", target, token=token)["data"]
            theirs = self.bare.expect(200, "GET", target)["data"]
            if ours != theirs or len(ours) != 50:
                raise Failure(f"GET {target}: the bare handler answers something else")
            one = f"/v1/introductions/{ours[0]['id']}"
            if self.quid.expect(200, "GET", one, token=token) != self.bare.expect(200, "GET", one):
                raise Failure(f"GET {one}: the bare handler answers something else")


class Operation:
    """What is sent to the service and to the bare handler, and the values for pgbench's transactions."""

    def __init__(self, name, quid, bare, work, repeats=1, answered=()):
        self.name, self.quid, self.bare, self.work = name, quid, bare, work
        self.repeats, self.answered = repeats, answered
        # Two are sent through the proxy, of which the first also looks the token up; what may be sent once only is then
        # taken off.
        self.samples = (quid["items"][-2:] * 2)[-2:]
        for request in (quid, bare):
            if request and request.get("once") and request["items"][-2:] == self.samples:
                request["items"] = request["items"][:-2]


def dig(document, path):
    for name in path.split("."):
        document = document[name]
    return document


def with_variables(executed, constants, varying):
    """A statement in pgbench's language: each parameter a variable, cast to the type that it was sent with."""
    text = executed.text.rsplit(" -- ", 1)[0]

    def variable(match):
        place = int(match[1]) - 1
        kind, value = NAMES[executed.types[place]], executed.values[place]
        if value is None:
            return f"NULL::{kind}"
        if value in varying:
            return f":{varying[value]}::{kind}"
        name = next((name for name, known in constants.items() if known == value), f"c{len(constants)}")
        constants[name] = value
        return f":{name}::{kind}"

    return re.sub(r"\$(\d+)", variable, text).strip().rstrip(";") + ";"


def find_pgbench():
    places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"), key=lambda path: int(path.parts[-3]))
    return shutil.which("pgbench") or str(places[-1])


HEADING = f"{'':24} {'':8} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'service':>8} {'postgres':>8} {'both':>8}"


def show(name, found):
    for side in ("quid", "bare", "pgbench"):
        if side in found:
            it = found[side]
            service = it.get("service_us")
            both = (service or 0) + it["postgres_us"]
            cells = [it["per_second"], it.get("p50_ms"), it.get("p99_ms"), service, it["postgres_us"], both]
            shapes = ["8.0f", "8.2f", "8.2f", "8.1f", "8.1f", "8.1f"]
            shown = [f"{cell:{shape}}" if cell is not None else f"{'':8}" for cell, shape in zip(cells, shapes)]
            print(f"{name:24} {side:8} " + " ".join(shown), flush=True)
            name = ""
    if "ratio" in found:
        ratios = found["ratio"]
        over = "" if ratios["both"] <= GOAL else f"  over {GOAL}"
        print(
            f"{'':24} {'ratio':8} {'':26} {ratios['service']:8.2f} {ratios['postgres']:8.2f} {ratios['both']:8.2f}{over}",
            flush=True,
        )


def together(parts):
    """What slices come to: processor time over all of them, of the rest the median."""
    count = sum(part["requests"] for part in parts)
    whole = {key: statistics.median(part[key] for part in parts) for key in parts[0]}
    for key in ("service_us", "postgres_us", "load_us"):
        whole[key] = sum(part[key] * part["requests"] for part in parts) / count
    return whole | {"requests": count, "seconds": sum(part["seconds"] for part in parts), "slices": parts}


def compare(quid, bare):
    """The median of the ratios of neighbouring slices."""

    def median(cost):
        return statistics.median(cost(one) / cost(other) for one, other in zip(quid, bare))

    return {
        "service": median(lambda it: it["service_us"]),
        "postgres": median(lambda it: it["postgres_us"]),
        "both": median(lambda it: it["service_us"] + it["postgres_us"]),
    }


def machine():
    return {
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load": pathlib.Path("/proc/loadavg").read_text().split()[:3],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", required=True, help="the service")
    parser.add_argument("--tools", required=True, help="the load generator and the bare handler")
    parser.add_argument("--json", help="where the figures are written")
    parser.add_argument("--sizes", default="10000,1000000", help="introductions, one run after the other (default %(default)s)")
    parser.add_argument("--only", help="operations: read, page, deep, create, 'create, keyed', transition, upsert")
    parser.add_argument("--seconds", type=float, default=1.5, help="of a slice (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=8, help="slices of each (default %(default)s)")
    parser.add_argument("--writes", type=int, default=2000, help="the most writes in a slice (default %(default)s)")
    parser.add_argument("--connections", type=int, default=32, help="of the load (default %(default)s)")
    parser.add_argument("--workers", type=int, default=max((os.cpu_count() or 1) // 2, 1), help="threads that answer (default %(default)s)")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="quid-bench-"))
    # Started by root, PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    figures = {"machine": machine(), "sizes": {}}
    cluster = None
    try:
        cluster = Cluster(options.binary, folder, QUID_WORKERS=str(options.workers))
        for size in [int(size) for size in options.sizes.split(",")]:
            figures["sizes"][size] = run(cluster, options, folder, size)
        figures["machine_after"] = machine()
    except (Failure, OSError) as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(figures, indent=1))
    return 0


def run(cluster, options, folder, size):
    cluster.fill(size)
    cluster.sql("VACUUM ANALYZE")
    print(
        f"\n{size:,} introductions, {options.connections} connections, {options.workers} thread(s), "
        f"{os.cpu_count()} cores, load {' '.join(machine()['load'])}; processor time in µs for each request\n{HEADING}",
        flush=True,
    )
    bench = Bench(cluster, options.tools, folder, options, size)
    try:
        bench.same_answers()
        names = list(bench.operations())
        for name in names:
            if not options.only or name in options.only.split(","):
                bench.measure(name)
    finally:
        bench.close()
    return bench.results


if __name__ == "__main__":
    sys.exit(main())
