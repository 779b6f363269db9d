"""A bad connection between a browser and a server: down, cut, or with lost answers."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

CHUNK = 16 * 1024
LOOPBACK = "127.0.0.1"
Change = Callable[[bytes], bytes]


class Connection:
    """Forwards TCP connections to a port. Its attributes may be changed while it runs."""

    def __init__(self, upstream_port: int, *, seed: int = 1) -> None:
        self.upstream_port = upstream_port
        self.left_to_cut = 0  # each of so many new connections is cut within its first bytes, in either direction
        self.bytes_before_cut = 200_000
        self.answers_to_lose = 0  # of the next POSTs to the API: the server acts, and its answer never arrives
        self.cuts = 0
        self.change: Change | None = None  # of what the browser sends
        self._is_down = False
        self._random = random.Random(seed)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def cut(self) -> None:
        """Be down until `restore`: open connections end, and new ones are refused."""
        self._is_down = True
        with self._lock:
            doomed = list(self._open)
        for one in doomed:
            _end(one)

    def restore(self) -> None:
        self._is_down = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            if self._is_down:
                _end(client)
                continue
            with suppress(OSError):
                self._forward(client, socket.create_connection((LOOPBACK, self.upstream_port)))
                continue
            _end(client)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        allowed = None
        if self.left_to_cut > 0:
            self.left_to_cut -= 1
            allowed = self._random.randrange(1, self.bytes_before_cut)
        with self._lock:
            self._open |= {client, server}
        fate = _Fate(allowed)
        for pump in (self._pump_request, self._pump_answer):
            threading.Thread(target=pump, args=(client, server, fate), daemon=True).start()

    def _pump_request(self, client: socket.socket, server: socket.socket, fate: "_Fate") -> None:
        for chunk in _chunks(client, server):
            if self.answers_to_lose > 0 and chunk.startswith(b"POST /v1/"):
                self.answers_to_lose -= 1
                fate.loses_answer = True
            if not self._passes(fate, chunk):
                break
            with suppress(OSError):
                server.sendall(self.change(chunk) if self.change else chunk)
        self._close(client, server)

    def _pump_answer(self, client: socket.socket, server: socket.socket, fate: "_Fate") -> None:
        for chunk in _chunks(server, client):
            if fate.loses_answer or not self._passes(fate, chunk):
                break
            with suppress(OSError):
                client.sendall(chunk)
        self._close(client, server)

    def _passes(self, fate: "_Fate", chunk: bytes) -> bool:
        if fate.bytes_left is None:
            return True
        fate.bytes_left -= len(chunk)
        if fate.bytes_left < 0:
            self.cuts += 1
        return fate.bytes_left >= 0

    def _close(self, *sockets: socket.socket) -> None:
        for one in sockets:
            _end(one)
        with self._lock:
            self._open -= set(sockets)


@dataclass
class _Fate:
    """What happens to one connection."""

    bytes_left: int | None  # until it is cut, in both directions together
    loses_answer: bool = False


def _chunks(source: socket.socket, target: socket.socket) -> Iterator[bytes]:
    """Yield what the source sends, until it or the target ends."""
    with suppress(OSError):
        while target.fileno() >= 0 and (chunk := source.recv(CHUNK)):
            yield chunk


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def connection_to(port: int, *, seed: int = 1) -> Iterator[Connection]:
    connection = Connection(port, seed=seed)
    try:
        yield connection
    finally:
        connection.close()
