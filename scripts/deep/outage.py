"""PostgreSQL goes away for a while and comes back, under a service that has connections to it."""

import argparse
import os
import pathlib
import signal
import sys
import threading
import time

from running_service import Cluster, Failure, in_folder

AWAY = 5.0
ANSWER = 3.0
HEALTH = 1.0
RETURN = 5.0
LIST = "/v1/introductions?limit=10"


def children(pid):
    """The processes that a process started."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue
        parent = next((line for line in lines if line.startswith("PPid:")), "PPid: 0")
        if int(parent.split()[1]) == pid:
            found.append(int(status.parent.name))
    return found


class Frozen:
    """Every process of the cluster's server, stopped as it stands."""

    def __init__(self, cluster):
        self.cluster = cluster

    def take(self):
        postmaster = self.cluster.postmaster()
        # No new ones can come once the first has stopped.
        os.kill(postmaster, signal.SIGSTOP)
        self.pids = [postmaster, *children(postmaster)]
        for pid in self.pids[1:]:
            os.kill(pid, signal.SIGSTOP)

    def give_back(self):
        for pid in reversed(self.pids):
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass


class Stopped:
    """The server ended as an operator ends it, and started anew."""

    def __init__(self, cluster):
        self.cluster = cluster

    def take(self):
        self.cluster.stop()

    def give_back(self):
        self.cluster.start()


class Asking(threading.Thread):
    """Asks for one thing again and again, and notes when, how long it took, and what came."""

    def __init__(self, service, method, path, body=None, token=None):
        super().__init__()
        self.service, self.what = service, (method, path, body, token)
        self.noted, self.stopped = [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.1):
            begun = time.monotonic()
            try:
                status, headers, _ = self.service.call(*self.what)
                self.noted.append((begun, time.monotonic() - begun, status, headers.get("Retry-After")))
            except OSError as error:
                self.noted.append((begun, time.monotonic() - begun, repr(error), None))


def outage(name, service, token, way):
    asking = {
        "read": Asking(service, "GET", LIST, token=token),
        "write": Asking(service, "POST", "/v1/clients", {"name": "Out Age"}, token),
        "readiness": Asking(service, "GET", "/readyz"),
        "health": Asking(service, "GET", "/healthz"),
    }
    for one in asking.values():
        one.start()
    wrong = []
    try:
        time.sleep(0.5)
        way.take()
        gone = time.monotonic()
        time.sleep(AWAY)
        before = time.monotonic()
        way.give_back()
        back = time.monotonic()
        ready = {}
        while len(ready) < 3 and time.monotonic() < back + 4 * RETURN:
            for kind in ("read", "write", "readiness"):
                good = [at for at, took, status, _ in asking[kind].noted if at >= before and status in (200, 201)]
                if good:
                    ready.setdefault(kind, max(0.0, min(good) - back))
            time.sleep(0.05)
        time.sleep(1)
    finally:
        for one in asking.values():
            one.stopped.set()
        for one in asking.values():
            one.join()
    for kind in ("read", "write", "readiness"):
        # What was sent just before counts, where it was not answered just before.
        under_way = [noted for noted in asking[kind].noted if noted[0] < before and noted[0] + noted[1] > gone + 0.2]
        during = [noted for noted in under_way if noted[0] + noted[1] < before]
        worst = max((took for _, took, _, _ in under_way), default=0)
        statuses = sorted({status for _, _, status, _ in during}, key=str)
        back_after = ready.get(kind)
        told = f"{back_after:.2f} s" if back_after is not None else "never"
        print(f"{name}, {kind}: {len(during)} answers meanwhile, {statuses}, the slowest after {worst:.2f} s; good again {told} after its return")
        if statuses != [503] or not all(retry for _, _, _, retry in during):
            wrong.append(f"{kind}: 503 with Retry-After was expected")
        if worst > ANSWER:
            wrong.append(f"{kind}: an answer took {worst:.2f} s")
        if back_after is None or back_after > RETURN:
            wrong.append(f"{kind}: good again {told} after its return")
    health = [noted for noted in asking["health"].noted if gone <= noted[0] <= back]
    worst = max(took for _, took, _, _ in health)
    print(f"{name}, health: {len(health)} answers meanwhile, the slowest after {worst:.3f} s")
    if any(status != 200 for _, _, status, _ in health) or worst > HEALTH:
        wrong.append(f"health did not answer: {worst:.3f} s")
    if wrong:
        raise Failure(f"{name}: " + "; ".join(wrong))


def check(binary, folder):
    cluster = Cluster(binary, folder)
    service = None
    try:
        cluster.fill(50)
        service = cluster.serve()
        token = service.sign_in()
        outage("frozen", service, token, Frozen(cluster))
        outage("stopped", service, token, Stopped(cluster))
    finally:
        if service:
            service.stop()
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the service to look at")
    options = parser.parse_args()
    return in_folder("outage", lambda folder: check(options.binary, folder), "answered while it was away, and well again when it was back")


if __name__ == "__main__":
    sys.exit(main())
