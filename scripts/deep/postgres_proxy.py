"""A proxy on a Unix socket in front of PostgreSQL that writes down what a client sends.

What is counted on the wire can't be talked away: a round trip is a Sync (or a simple Query), a statement that is parsed
anew is a Parse. The messages are those of "Frontend/Backend Protocol" in PostgreSQL's manual, version 3.0. The answers
are passed on unread. Python's standard library is all it needs.
"""

import collections
import datetime
import pathlib
import socket
import struct
import threading
import uuid

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
PORT = 5432

Message = collections.namedtuple("Message", "connection kind body")
Executed = collections.namedtuple("Executed", "connection text types values")


class Proxy:
    """Listens in `folder` as a server would, and passes everything on to the server whose socket lies in `server`."""

    def __init__(self, folder, server):
        self.server = str(pathlib.Path(server) / f".s.PGSQL.{PORT}")
        self.messages = []
        self.lock = threading.Lock()
        self.connections = 0
        path = pathlib.Path(folder) / f".s.PGSQL.{PORT}"
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.connect(self.server)
            self.connections += 1
            for pump in (self.forward, self.backward):
                threading.Thread(target=pump, args=(client, server, self.connections), daemon=True).start()

    def close(self):
        self.listener.close()

    def forward(self, client, server, number):
        """From the client to the server. A message is written down before it is passed on, so that whoever has seen the
        answer to it finds it here."""
        pending, greeted = b"", False
        try:
            while data := client.recv(1 << 16):
                pending += data
                found = []
                while True:
                    head = 4 if not greeted else 5
                    if len(pending) < head:
                        break
                    length = struct.unpack_from("!i", pending, head - 4)[0] + head - 4
                    if len(pending) < length:
                        break
                    if greeted:
                        found.append(Message(number, pending[:1].decode(), pending[5:length]))
                    else:
                        code = struct.unpack_from("!i", pending, 4)[0]
                        greeted = code not in (SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST)
                    pending = pending[length:]
                with self.lock:
                    self.messages += found
                server.sendall(data)
        except OSError:
            pass
        close(server, client)

    def backward(self, client, server, _):
        try:
            while data := server.recv(1 << 16):
                client.sendall(data)
        except OSError:
            pass
        close(client, server)

    def mark(self):
        """The present moment, for `since`."""
        with self.lock:
            return len(self.messages)

    def since(self, mark):
        """What was sent since then."""
        with self.lock:
            return self.messages[mark:]

    def executed_since(self, mark):
        """The statements that were carried out since then, in order: connection, text, types and values as text (`None`
        for null). BEGIN, COMMIT and the like, which have no parameters, are among them; heart-beats are not."""
        known, bound, done = {}, {}, []
        for place, message in enumerate(self.messages_so_far()):
            if message.kind == "P":
                name, rest = cut(message.body)
                text, rest = cut(rest)
                types = struct.unpack_from(f"!{struct.unpack_from('!h', rest)[0]}I", rest, 2)
                known[message.connection, name] = text, types
            elif message.kind == "B":
                _, rest = cut(message.body)
                name, rest = cut(rest)
                bound[message.connection] = known.get((message.connection, name)), values(rest)
            elif message.kind == "E" and place >= mark and bound.get(message.connection, (None,))[0]:
                (text, types), raw = bound[message.connection]
                done.append(Executed(message.connection, text, types, [read(*pair) for pair in zip(types, raw)]))
            elif message.kind == "Q" and place >= mark:
                text, _ = cut(message.body)
                if not text.startswith(("NOTIFY", "LISTEN")):
                    done.append(Executed(message.connection, text, (), []))
        return done

    def messages_so_far(self):
        with self.lock:
            return list(self.messages)


def close(*sockets):
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def cut(body):
    """A string that ends in a zero byte, and the rest."""
    text, _, rest = body.partition(b"\0")
    return text.decode(), rest


def values(body):
    """The parameters of a Bind message: their bytes and whether they are binary."""
    count = struct.unpack_from("!h", body)[0]
    formats = struct.unpack_from(f"!{count}h", body, 2)
    at = 2 + 2 * count
    total = struct.unpack_from("!h", body, at)[0]
    at += 2
    found = []
    for place in range(total):
        length = struct.unpack_from("!i", body, at)[0]
        at += 4
        binary = (formats[place] if count > 1 else formats[0] if count else 0) == 1
        found.append((binary, None if length < 0 else body[at : at + length]))
        at += max(length, 0)
    return found


NAMES = {
    16: "boolean",
    17: "bytea",
    20: "bigint",
    21: "smallint",
    23: "integer",
    25: "text",
    1009: "text[]",
    1043: "varchar",
    1082: "date",
    1184: "timestamptz",
    2950: "uuid",
    2951: "uuid[]",
    3802: "jsonb",
}


def read(kind, value):
    """A parameter as text, the way PostgreSQL would read it back."""
    binary, raw = value
    if raw is None:
        return None
    if not binary:
        return raw.decode()
    if kind == 16:
        return "true" if raw[0] else "false"
    if kind in (20, 21, 23):
        return str(int.from_bytes(raw, "big", signed=True))
    if kind in (25, 1043):
        return raw.decode()
    if kind == 17:
        return "\\x" + raw.hex()
    if kind == 1082:
        return str(datetime.date(2000, 1, 1) + datetime.timedelta(int.from_bytes(raw, "big", signed=True)))
    if kind == 1184:
        micros = datetime.timedelta(microseconds=int.from_bytes(raw, "big", signed=True))
        return str(datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc) + micros)
    if kind == 2950:
        return str(uuid.UUID(bytes=raw))
    if kind == 3802:
        return raw[1:].decode()
    if kind in (1009, 2951):
        return "{" + ",".join(quoted(one) for one in items(kind, raw)) + "}"
    raise ValueError(f"a parameter of the type {kind} can't be read")


def items(kind, raw):
    dimensions = struct.unpack_from("!i", raw)[0]
    if dimensions == 0:
        return []
    inner, count = struct.unpack_from("!I", raw, 8)[0], struct.unpack_from("!i", raw, 12)[0]
    at, found = 20, []
    for _ in range(count):
        length = struct.unpack_from("!i", raw, at)[0]
        found.append(read(inner, (True, raw[at + 4 : at + 4 + length])))
        at += 4 + length
    return found


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
