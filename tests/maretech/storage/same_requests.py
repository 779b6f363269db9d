"""One table of requests that a phone may send, and how to send them byte by byte to any server."""

import base64
import hashlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from maretech.common.storage.base import Upload

CONTENT = b"\xff\xd8\xff" + b"photo" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MAX_BYTES = 10_000
TYPE = ("Content-Type", "image/jpeg")
LENGTH = ("Content-Length", str(len(CONTENT)))
CHECKSUM = ("x-amz-checksum-sha256", base64.b64encode(bytes.fromhex(SHA256)).decode())
OTHER_CHECKSUM = ("x-amz-checksum-sha256", base64.b64encode(bytes(32)).decode())
CHUNKED = ("Transfer-Encoding", "chunked")
Header = tuple[str, str]


def chunks(content: bytes, size: int = 100) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def named(value: str) -> Header:
    return ("Content-Type", value)


def counted(content: bytes) -> Header:
    return ("Content-Length", str(len(content)))


@dataclass(frozen=True)
class Put:
    """A PUT to a link that binds the type only (as of a new inspection) or, announced, length and checksum too."""

    headers: Sequence[Header]
    body: bytes = CONTENT
    announced: bool = False
    keeps: bytes | None = None


PUTS = {
    "as signed": Put([TYPE, LENGTH], keeps=CONTENT),
    "blanks around the type": Put([named("  image/jpeg  "), LENGTH], keeps=CONTENT),
    "a type with a charset": Put([named("image/jpeg; charset=utf-8"), LENGTH]),
    "a type in capitals": Put([named("Image/JPEG"), LENGTH]),
    "another type": Put([named("text/html"), LENGTH]),
    "an empty type": Put([named(""), LENGTH]),
    "no type": Put([LENGTH]),
    "in chunks": Put([TYPE, CHUNKED], chunks(CONTENT), keeps=CONTENT),
    "in chunks, in capitals": Put([TYPE, ("Transfer-Encoding", "Chunked")], chunks(CONTENT), keeps=CONTENT),
    "in one chunk": Put([TYPE, CHUNKED], chunks(CONTENT, MAX_BYTES), keeps=CONTENT),
    "in no chunk": Put([TYPE, CHUNKED], chunks(b""), keeps=b""),
    "in chunks beside a length": Put([TYPE, LENGTH, CHUNKED], chunks(CONTENT), keeps=CONTENT),
    "in chunks, of another type": Put([named("image/png"), CHUNKED], chunks(CONTENT)),
    "nothing": Put([TYPE, counted(b"")], b"", keeps=b""),
    "nothing, without a length": Put([TYPE], b"", keeps=b""),
    "a length that is no number": Put([TYPE, ("Content-Length", "many")]),
    "a negative length": Put([TYPE, ("Content-Length", "-1")]),
    "a checksum that was not signed": Put([TYPE, LENGTH, CHECKSUM]),
    "another header of the store": Put([TYPE, LENGTH, ("x-amz-acl", "public-read")]),
    "a token": Put([TYPE, LENGTH, ("Authorization", "Bearer x")], keeps=CONTENT),
    "another type first": Put([named("image/png"), TYPE, LENGTH]),
    "announced, the checksum twice": Put([TYPE, LENGTH, CHECKSUM, CHECKSUM], announced=True),
    "announced, another checksum beside it": Put([TYPE, LENGTH, CHECKSUM, OTHER_CHECKSUM], announced=True),
    "announced, as signed": Put([TYPE, LENGTH, CHECKSUM], announced=True, keeps=CONTENT),
    "announced, header name in capitals": Put(
        [TYPE, LENGTH, (CHECKSUM[0].upper(), CHECKSUM[1])], announced=True, keeps=CONTENT
    ),
    "announced, no checksum": Put([TYPE, LENGTH], announced=True),
    "announced, another checksum": Put([TYPE, LENGTH, OTHER_CHECKSUM], announced=True),
    "announced, other bytes": Put([TYPE, LENGTH, CHECKSUM], CONTENT[:-1] + b"!", announced=True),
    "announced, longer": Put([TYPE, counted(CONTENT + b"!"), CHECKSUM], CONTENT + b"!", announced=True),
    "announced, shorter": Put([TYPE, counted(CONTENT[:-1]), CHECKSUM], CONTENT[:-1], announced=True),
    "announced, nothing": Put([TYPE, counted(b""), CHECKSUM], b"", announced=True),
    "announced, without a length": Put([TYPE, CHECKSUM], b"", announced=True),
    "announced, in chunks": Put([TYPE, CHECKSUM, CHUNKED], chunks(CONTENT), announced=True),
    "announced, a type with a charset": Put([named("image/jpeg; charset=utf-8"), LENGTH, CHECKSUM], announced=True),
}
# The content behind a signed link.
QUERIES = {
    "nothing": "",
    "a parameter": "x=1",
    "a parameter without a value": "x",
    "an empty parameter": "x=",
    "another kind of answer": "response-content-type=text/html",
    "a version": "versionId=1",
    "a list of its parts": "uploads",
    "another user": "x-id=PutObject",
}
LOOKS: dict[str, tuple[str, Sequence[Header]]] = {
    "as signed": ("GET", []),
    "with a token": ("GET", [("Authorization", "Bearer x")]),
    "by HEAD": ("HEAD", []),
    "by PUT": ("PUT", [TYPE, LENGTH]),
    "known": ("GET", [("If-None-Match", "{etag}")]),
    "one of those known": ("GET", [("If-None-Match", '"x", {etag}')]),
    "anything is known": ("GET", [("If-None-Match", "*")]),
    "another is known": ("GET", [("If-None-Match", '"x"')]),
}


def upload_of(key: str, *, announced: bool) -> Upload:
    bounds = {"byte_size": len(CONTENT), "sha256": SHA256} if announced else {}
    return Upload(key=key, content_type="image/jpeg", max_bytes=MAX_BYTES, **bounds)


def send(url: str, method: str, headers: Sequence[Header], body: bytes = b"") -> tuple[int, dict[str, str]]:
    """Send exactly these bytes, as no HTTP library would; return the status and the headers by lower-case name."""
    address = urlsplit(url)
    query = f"?{address.query}" if address.query else ""
    lines = [f"{method} {address.path}{query} HTTP/1.1", f"Host: {address.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer and (piece := connection.recv(65536)):
            answer += piece
    first, *others = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    received = dict(line.split(": ", 1) for line in others if ": " in line)
    return int(first.split()[1]), {name.lower(): value for name, value in received.items()}
