"""Thousands of connections that send a byte now and then, beside requests as they should be."""

import argparse
import resource
import select
import socket
import sys
import threading
import time

from running_service import Cluster, Failure, in_folder

LONGEST = 15.0
WORST = 1.0
# So many slow connections come from one address: fewer than the service takes from one.
PER_ADDRESS = 200
HEAD = b"POST /v1/sessions HTTP/1.1\r\nHost: quid\r\nContent-Type: application/json\r\n"


class Slow:
    """A connection that sends a byte a second: of a header without end, or of a body."""

    def __init__(self, number, port):
        self.in_body = number % 2 == 1
        self.number = number
        self.socket = socket.socket()
        # All of 127.0.0.0/8 is this machine.
        self.socket.bind((f"127.0.1.{1 + number // PER_ADDRESS}", 0))
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.begun, self.ended, self.answer = time.monotonic(), None, b""
        half = number % 4 > 1
        if self.in_body:
            self.say(HEAD + (b"Transfer-Encoding: chunked\r\n\r\n" if half else b"Content-Length: 1000\r\n\r\n"))
            self.byte = b"1\r\n \r\n" if half else b" "
        else:
            # Some have had an answer before.
            self.say((b"GET /healthz HTTP/1.1\r\nHost: quid\r\n\r\n" if half else b"") + HEAD + b"X-Slow: ")
            self.byte = b"x"

    def say(self, text):
        try:
            self.socket.send(text)
        except BlockingIOError:
            pass
        except OSError:
            self.end()

    def hear(self):
        try:
            while more := self.socket.recv(65536):
                self.answer += more
            self.end()
        except BlockingIOError:
            pass
        except OSError:
            self.end()

    def end(self):
        if self.ended is None:
            self.ended = time.monotonic()
            self.socket.close()


class Normal(threading.Thread):
    """Requests as they should be, one after the other, each on a new connection."""

    def __init__(self, service, token):
        super().__init__()
        self.service, self.token = service, token
        self.took, self.failed, self.stopped = [], [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.02):
            begun = time.monotonic()
            try:
                status = self.service.call("GET", "/v1/introductions?limit=10", token=self.token)[0]
                if status != 200:
                    self.failed.append(status)
            except OSError as error:
                self.failed.append(repr(error))
            self.took.append(time.monotonic() - begun)


def hold(slow):
    """Sends a byte a second on each connection, and notes when each has ended."""
    poll = select.poll()
    by_number = {one.socket.fileno(): one for one in slow if one.ended is None}
    for number in by_number:
        poll.register(number, select.POLLIN | select.POLLHUP)
    deadline = time.monotonic() + 4 * LONGEST
    next_byte = time.monotonic()
    while by_number and time.monotonic() < deadline:
        for number, _ in poll.poll(100):
            one = by_number[number]
            one.hear()
            if one.ended is not None:
                poll.unregister(number)
                del by_number[number]
        if time.monotonic() >= next_byte:
            next_byte += 1
            for number, one in list(by_number.items()):
                one.say(one.byte)
                if one.ended is not None:
                    poll.unregister(number)
                    del by_number[number]


def check(options, folder):
    wanted = options.connections + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Failure(f"the limit on open files is {hard}, and {wanted} are needed")
    # The service raises its own, so it begins with what most systems begin with.
    cluster = Cluster(options.binary, folder, QUID_ADDRESS_CONNECTIONS="512", QUID_LOG="warn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    normal = None
    try:
        cluster.fill(50)
        service = cluster.service
        normal = Normal(service, service.sign_in())
        normal.start()
        time.sleep(1)
        quiet = max(normal.took)
        slow = [Slow(number, service.port) for number in range(options.connections)]
        hold(slow)
        normal.stopped.set()
        normal.join()
        for name, kind in (("head", False), ("body", True)):
            those = [one for one in slow if one.in_body == kind]
            ended = [one.ended - one.begun for one in those if one.ended is not None]
            print(
                f"slow in the {name}: {len(ended)} of {len(those)} ended, the first after {min(ended, default=0):.1f} s, "
                f"the last after {max(ended, default=0):.1f} s; {sum(b' 408 ' in one.answer for one in those)} got 408"
            )
        print(f"normal requests meanwhile: {len(normal.took)}, the slowest {max(normal.took):.3f} s ({quiet:.3f} s before), {len(normal.failed)} failed")
        if any(one.ended is None for one in slow):
            raise Failure("some connections are still open")
        if max(one.ended - one.begun for one in slow) > LONGEST:
            raise Failure(f"some connections were open for more than {LONGEST} s")
        if normal.failed or max(normal.took) > WORST:
            raise Failure(f"normal requests suffered: {normal.failed[:5]}, {max(normal.took):.3f} s")
    finally:
        if normal:
            normal.stopped.set()
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the service to look at")
    parser.add_argument("--connections", type=int, default=2000)
    options = parser.parse_args()
    return in_folder("slow", lambda folder: check(options, folder), "all were ended in time")


if __name__ == "__main__":
    sys.exit(main())
