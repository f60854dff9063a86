"""Measures the reports: each must answer in one request, soon enough for whoever waits for it.

The firm that is asked has a tenth of all partnerships, and so a tenth of all introductions; the window is as long as
the data. Answers are read to their end, over one connection, one after the other. Before anything is measured, the
figures are compared with what the table says, so that a fast answer is a right one too.
"""

import argparse
import http.client
import json
import statistics
import sys
import time

from running_service import EMAIL, Cluster, Failure, in_folder

# Milliseconds within which 95 of 100 answers must be there.
ONE_PARTNERSHIP = 50
A_FIRM = 300
WINDOW = "from=2024-01-01&to=2026-01-01"


def filled(options, folder):
    cluster = Cluster(options.binary, folder)
    try:
        begun = time.monotonic()
        cluster.fill(
            options.introductions, "--partnerships", str(options.partnerships), "--of-first", str(options.of_first)
        )
        # As PostgreSQL does by itself after a while, and not while something is measured.
        for table in ("introductions", "introduction_stages", "partnerships", "contributions", "action_steps"):
            cluster.sql(f"VACUUM (ANALYZE) {table}")
        print(f"filled within {time.monotonic() - begun:.0f} s", flush=True)
    except BaseException:
        cluster.stop()
        raise
    return cluster


class Reader:
    """Asks over one connection that stays open."""

    def __init__(self, service, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}"}

    def read(self, path):
        """Milliseconds, and the body."""
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            raise Failure(f"GET {path}: 200 was expected, and the answer is {answer.status} {body[:2000]}")
        return took, body


def measure(reader, what, path, limit, times):
    """One line; whether 95 of 100 were fast enough."""
    for _ in range(8):
        reader.read(path)
    answers = [reader.read(path) for _ in range(times)]
    took = sorted(one for one, _ in answers)
    p50, p95 = statistics.median(took), took[min(len(took) - 1, round(len(took) * 0.95))]
    good = p95 <= limit
    print(
        f"{what:<44} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms  limit {limit} ms  {len(answers[0][1]) / 1024:8.1f} KiB"
        f"{'' if good else '  TOO SLOW'}",
        flush=True,
    )
    return good


def compare(cluster, reader, firm, partnerships):
    """The totals of the firm against the table, counted another way."""
    report = json.loads(reader.read(f"/v1/reciprocity?{WINDOW}")[1])
    query = f"""SELECT count(*) FILTER (WHERE introducer_firm_id = '{firm}'), count(*) FILTER (WHERE receiver_firm_id = '{firm}'),
                       coalesce(sum(expected_minor) FILTER (WHERE introducer_firm_id = '{firm}'), 0)
                  FROM introductions WHERE offered_at >= '2024-01-01Z' AND offered_at < '2026-01-01Z'
                   AND '{firm}' IN (introducer_firm_id, receiver_firm_id)"""
    given, received, expected = (int(one) for one in cluster.sql(query).split("|"))
    told = (
        report["given"]["introductions"],
        report["received"]["introductions"],
        sum(value["amount_minor"] for value in report["given"]["expected"]),
    )
    if told != (given, received, expected):
        raise Failure(f"the report tells {told}, and the table has {(given, received, expected)}")
    rows = report["partnerships"]
    if len(rows) != partnerships or sum(row["given"]["introductions"] for row in rows) != given:
        raise Failure(f"{len(rows)} partnerships do not add up to {given} introductions")
    print(f"a firm with {len(rows)} partnerships, which gave {given} introductions and received {received}", flush=True)
    return rows[len(rows) // 2]["partnership_id"]


def check(options, folder):
    cluster = filled(options, folder)
    try:
        reader = Reader(cluster.service, cluster.service.sign_in())
        firm = cluster.sql(f"SELECT firm_id FROM members WHERE email = '{EMAIL}'")
        one = compare(cluster, reader, firm, options.of_first)
        reports = [
            ("reciprocity of a partnership", f"/v1/partnerships/{one}/reciprocity?{WINDOW}", ONE_PARTNERSHIP),
            ("entries of a partnership", f"/v1/reciprocity/entries?partnership_id={one}&{WINDOW}", ONE_PARTNERSHIP),
            ("pipeline of a partnership", f"/v1/pipeline?partnership_id={one}&{WINDOW}", ONE_PARTNERSHIP),
            ("results of a partnership", f"/v1/partnerships/{one}/results", ONE_PARTNERSHIP),
            ("vitality of a partnership", f"/v1/partnerships/{one}/vitality", ONE_PARTNERSHIP),
            ("reciprocity of the firm", f"/v1/reciprocity?{WINDOW}", A_FIRM),
            ("reciprocity of the firm, one quarter", "/v1/reciprocity?from=2024-04-01&to=2024-07-01", A_FIRM),
            ("entries of the firm", f"/v1/reciprocity/entries?{WINDOW}", A_FIRM),
            ("entries of the firm, the engaged ones", f"/v1/reciprocity/entries?reached=engaged&direction=given&{WINDOW}", A_FIRM),
            ("pipeline of the firm", f"/v1/pipeline?{WINDOW}", A_FIRM),
            ("pipeline of the firm, what it gives", f"/v1/pipeline?direction=given&{WINDOW}", A_FIRM),
        ]
        good = [measure(reader, *report, options.times) for report in reports]
        if not all(good):
            raise Failure(f"{good.count(False)} of {len(good)} reports are too slow")
    finally:
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", required=True, help="the service to measure")
    parser.add_argument("--introductions", type=int, default=1_000_000)
    parser.add_argument("--partnerships", type=int, default=5_000)
    parser.add_argument("--of-first", type=int, default=500, help="how many of the partnerships are of one firm")
    parser.add_argument("--times", type=int, default=40, help="how often each report is asked for")
    options = parser.parse_args()
    return in_folder("reports", lambda folder: check(options, folder), "every report is soon enough")


if __name__ == "__main__":
    sys.exit(main())
