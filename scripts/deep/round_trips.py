"""Counts round trips: the Sync messages that a request makes the service send to PostgreSQL.

The service is put behind a proxy that reads the protocol. A token that was seen before must cost nothing, and the read
itself one Sync; a simple Query is a round trip too, except the listener's heart-beat, which belongs to no request.
"""

import argparse
import collections
import sys
import time

from postgres_proxy import Proxy
from running_service import Cluster, Failure, in_folder

TIMES = 20


def round_trips(messages):
    """Syncs and simple queries, without what the listener sends by itself."""
    heartbeat = (b"NOTIFY", b"LISTEN")
    return sum(m.kind == "S" or (m.kind == "Q" and not m.body.startswith(heartbeat)) for m in messages)


def counted(proxy, service, path, token, expected=200):
    mark = proxy.mark()
    service_status, _, document = service.call("GET", path, token=token)
    if service_status != expected:
        raise Failure(f"GET {path}: {expected} was expected, and the answer is {service_status} {document}")
    sent = proxy.since(mark)
    return round_trips(sent), sum(m.kind == "P" for m in sent)


def settle(proxy, service, path, token):
    """Asks until a token is trusted that was seen before: from its start on until it hears its listener, the service looks each up."""
    deadline = time.monotonic() + 10
    while counted(proxy, service, path, token)[0] != 1:
        if time.monotonic() > deadline:
            raise Failure(f"GET {path}: after 10 s a token that was seen before still costs a round trip")


def prepared(proxy, service, path, token):
    """So many requests as are counted, on connections that have prepared their statements before.

    A connection parses a statement the first time that it meets it, whichever request that is; so a request that parses is
    counted apart. There can't be more of them than there are connections and statements.
    """
    counts, preparing = [], 0
    while len(counts) < TIMES:
        if preparing > 20 * TIMES:
            raise Failure(f"GET {path}: after {preparing} requests statements are still parsed")
        trips, parsed = counted(proxy, service, path, token)
        if parsed:
            preparing += 1
        else:
            counts.append(trips)
    return counts, preparing


def show(what, counts, preparing=0):
    """One line, and whether every count was one round trip."""
    trips = collections.Counter(counts)
    text = ", ".join(f"{n} × {count}" for count, n in sorted(trips.items()))
    print(f"{what}: round trips {text} (beside {preparing} requests that prepared a connection's statements)", flush=True)
    return set(trips) == {1}


def check(binary, folder):
    cluster = Cluster(binary, folder)
    service = None
    try:
        cluster.fill(300)
        sockets = folder / "proxy"
        sockets.mkdir()
        proxy = Proxy(sockets, cluster.sockets)
        service = cluster.serve(sockets)
        token = service.sign_in()
        page = "/v1/introductions?limit=50"
        listed = service.expect(200, "GET", page, token=token)["data"]
        if len(listed) != 50:
            raise Failure(f"the page of 50 has {len(listed)} rows")
        one = f"/v1/introductions/{listed[7]['id']}"
        settle(proxy, service, one, token)
        good = show("read by id, token seen before", *prepared(proxy, service, one, token))
        good &= show("page of 50, token seen before", *prepared(proxy, service, page, token))
        fresh = [counted(proxy, service, one, service.sign_in())[0] for _ in range(5)]
        show("read by id, token not seen before", fresh)
        mark = proxy.mark()
        if service.call("GET", one, token="not.a.token")[0] != 401:
            raise Failure("a bad token is not answered 401")
        print(f"read by id, token that is none: round trips {round_trips(proxy.since(mark))}")
        if not good:
            raise Failure("a read by id and a page of 50 must cost one round trip each, with a token seen before")
    finally:
        if service:
            service.stop()
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", required=True, help="the service to look at")
    options = parser.parse_args()
    return in_folder("trips", lambda folder: check(options.binary, folder), "one round trip each")


if __name__ == "__main__":
    sys.exit(main())
