"""The interface that both stores implement."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

CHECKSUM_HEADER = "x-amz-checksum-sha256"


class ObjectStoreUnavailable(Exception):
    """The store did not answer. A retry may succeed."""


class ObjectMissing(LookupError):
    """No object exists under that key."""


class ObjectChanged(Exception):
    """The object under that key is not the one that was pinned."""


class ObjectTooLarge(Exception):
    """The object is larger than the caller's limit."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """The result of a HEAD: `size` in bytes; `etag` changes whenever the bytes do."""

    size: int
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object in a listing."""

    key: str
    modified_at: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Bounds of an upload: always a type; length, checksum (hex SHA-256) and a maximum where they are known."""

    key: str
    content_type: str
    byte_size: int | None = None
    sha256: str | None = None
    max_bytes: int


def signed_headers(upload: Upload) -> dict[str, str]:
    """Return the headers that a link signs: the upload must carry each of them with exactly this value."""
    headers = {"Content-Type": upload.content_type}
    if upload.byte_size is not None:
        headers["Content-Length"] = str(upload.byte_size)
    if upload.sha256 is not None:
        headers[CHECKSUM_HEADER] = base64.b64encode(bytes.fromhex(upload.sha256)).decode()
    return headers


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTarget:
    """A link that accepts exactly that upload until `expires_at`. `url` may be relative to this server."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


class ObjectStore(Protocol):
    """Calls contact the store, except for presigning, and raise `ObjectStoreUnavailable` without an answer."""

    def presign_upload(self, upload: Upload) -> UploadTarget: ...

    def presign_view(self, key: str) -> str:
        """Return a link that shows the object for `VIEW_LINK_SECONDS`; it may be relative to this server."""
        ...

    def head(self, key: str) -> ObjectInfo | None: ...

    def heads(self, keys: Iterable[str]) -> dict[str, ObjectInfo | None]:
        """Run several HEADs at once."""
        ...

    def read(self, key: str, *, max_bytes: int, if_match: str | None = None, is_optional: bool = False) -> bytes:
        """Return the whole object. Raises `ObjectMissing`, `ObjectChanged` (with `if_match`) or `ObjectTooLarge`.

        An optional object is given up after seconds: its reader goes on without it.
        """
        ...

    def write(self, key: str, content: bytes, *, content_type: str) -> None: ...

    def write_file(self, key: str, file: BinaryIO, *, content_type: str) -> None:
        """Write an object that is too large for memory, from the file's current position."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Delete the existing keys; a missing key is no error."""
        ...

    def list(self, prefix: str) -> Iterator[str]: ...

    def entries(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        """Yield the objects below a prefix that ends with `/`, page by page in key order, starting behind `after`."""
        ...

    def ping(self) -> None: ...
