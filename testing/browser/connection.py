"""A bad connection between a browser and a server: down, cut, or with lost answers."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

CHUNK = 16 * 1024
LOOPBACK = "127.0.0.1"
Change = Callable[[bytes], bytes]


class Connection:
    """Forwards TCP connections to a port. Its attributes may be changed while it runs."""

    def __init__(self, upstream_port: int, *, seed: int = 1) -> None:
        self.upstream_port = upstream_port
        self.left_to_cut = 0  # each of so many new connections is cut within its first bytes, in either direction
        self.bytes_before_cut = 200_000
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
        budget = _Budget(allowed)
        for source, target, change in ((client, server, self.change), (server, client, None)):
            threading.Thread(target=self._pump, args=(source, target, budget, change), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, budget: "_Budget", change: "Change | None") -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                if not budget.take(len(chunk)):
                    self.cuts += 1
                    break
                target.sendall(change(chunk) if change else chunk)
        for one in (source, target):
            _end(one)
        with self._lock:
            self._open -= {source, target}


class _Budget:
    def __init__(self, allowed: int | None) -> None:
        self.left = allowed

    def take(self, count: int) -> bool:
        if self.left is None:
            return True
        self.left -= count
        return self.left >= 0


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
