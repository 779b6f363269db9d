"""The embedded store: files below one folder, and signed links of this server with the same bounds as S3's.

It stores only the bytes: the ETag is their SHA-256, and the content type is read from their first bytes.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core import signing

from maretech.common.storage.base import (
    ObjectChanged,
    ObjectInfo,
    ObjectMissing,
    ObjectTooLarge,
    StoredObject,
    Upload,
    UploadTarget,
    signed_headers,
)

LINK_PATH = "/v1/storage/"
SALT = "maretech.storage"
FORGOTTEN_SECONDS = 24 * 3600  # no upload takes that long
MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (4, b"ftyp", "image/heic"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"%PDF-", "application/pdf"),
)


class LinkRefused(Exception):
    """The link is forged, expired, or for another purpose."""


class HeaderNotSigned(Exception):
    """The upload lacks a header that the link signs, has a different value for it, or carries an unsigned one."""


class BytesRefused(Exception):
    """The bytes are not those that the link was signed for."""


@dataclass(frozen=True, slots=True)
class Link:
    """The request that a signed link allows."""

    method: str
    key: str
    expires_at: float
    content_type: str = ""
    byte_size: int | None = None
    sha256: str | None = None
    max_bytes: int = 0

    def signed(self) -> str:
        fields = [
            self.method,
            self.key,
            self.expires_at,
            self.content_type,
            self.byte_size,
            self.sha256,
            self.max_bytes,
        ]
        return LINK_PATH + signing.dumps(fields, salt=SALT)

    @classmethod
    def opened(cls, token: str, *, method: str) -> "Link":
        """Read a link back. Raises `LinkRefused`."""
        try:
            fields: list[Any] = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            raise LinkRefused from None
        link = cls(*fields)
        if link.method != method or link.expires_at < time.time():
            raise LinkRefused
        return link

    def check(self, headers: Mapping[str, str]) -> None:
        """Compare as a signature does: signed headers exactly as sent, and no other `x-amz-` header.

        Raises `HeaderNotSigned` naming the header.
        """
        upload = Upload(
            key=self.key,
            content_type=self.content_type,
            byte_size=self.byte_size,
            sha256=self.sha256,
            max_bytes=self.max_bytes,
        )
        signed = {name.lower(): value for name, value in signed_headers(upload).items()}
        for name, value in signed.items():
            if headers.get(name, "").strip() != value:
                raise HeaderNotSigned(name)
        for name in headers:
            if name.startswith("x-amz-") and name not in signed:
                raise HeaderNotSigned(name)


@dataclass(frozen=True, slots=True)
class Body:
    """A phone's upload: its headers by lower-case name; `length` is None if only the stream shows its end (chunked)."""

    headers: Mapping[str, str]
    stream: BinaryIO
    length: int | None


class LocalStore:
    """Objects as files. A write is a rename, so a reader sees the whole old object or the whole new one."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        forgotten = time.time() - FORGOTTEN_SECONDS
        for leftover in self.root.glob(".unfinished/*"):
            if leftover.stat().st_mtime < forgotten:
                leftover.unlink(missing_ok=True)

    def presign_upload(self, upload: Upload) -> UploadTarget:
        expires_at = int(time.time()) + settings.UPLOAD_LINK_SECONDS
        link = Link(
            "PUT", upload.key, expires_at, upload.content_type, upload.byte_size, upload.sha256, upload.max_bytes
        )
        return UploadTarget(
            method="PUT",
            url=link.signed(),
            headers=signed_headers(upload),
            expires_at=datetime.fromtimestamp(expires_at, UTC),
        )

    def presign_view(self, key: str) -> str:
        return Link("GET", key, int(time.time()) + settings.VIEW_LINK_SECONDS).signed()

    def head(self, key: str) -> ObjectInfo | None:
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        return ObjectInfo(len(content), content_type_of(content), etag_of(content))

    def heads(self, keys: Iterable[str]) -> dict[str, ObjectInfo | None]:
        return {key: self.head(key) for key in keys}

    def read(self, key: str, *, max_bytes: int, if_match: str | None = None, is_optional: bool = False) -> bytes:
        try:
            with self._path(key).open("rb") as file:
                content = file.read(max_bytes + 1)
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        if len(content) > max_bytes:
            raise ObjectTooLarge(key)
        if if_match is not None and etag_of(content) != if_match:
            raise ObjectChanged(key)
        return content

    def write(self, key: str, content: bytes, *, content_type: str) -> None:
        with self._replacing(key) as file:
            file.write(content)

    def write_file(self, key: str, file: BinaryIO, *, content_type: str) -> None:
        with self._replacing(key) as target:
            shutil.copyfileobj(file, target)

    def open(self, key: str) -> BinaryIO:
        """Return the object as a file, for objects too large for memory. Raises `ObjectMissing`."""
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise ObjectMissing(key) from None

    def receive(self, link: Link, body: Body) -> str:
        """Store what a phone sends over an upload link; returns its ETag.

        Raises `HeaderNotSigned` and `ObjectTooLarge` before reading if the headers already show it, and `BytesRefused`.
        """
        link.check(body.headers)
        most = link.byte_size or link.max_bytes
        if body.length is not None and body.length > most:
            raise ObjectTooLarge(link.key)
        content = _read(body.stream, most + 1 if body.length is None else body.length)
        if len(content) > most:
            raise ObjectTooLarge(link.key)
        if body.length is not None and len(content) != body.length:
            raise BytesRefused("length")
        etag = etag_of(content)
        if link.sha256 is not None and etag != link.sha256:
            raise BytesRefused("checksum")
        self.write(link.key, content, content_type=link.content_type)
        return etag

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._path(key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[str]:
        return (entry.key for entry in self.entries(prefix))

    def entries(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        for path in _files_below(self._path(prefix), prefix, after):
            with suppress(FileNotFoundError):  # deleted since its folder was listed
                found = path.stat()
                modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
                yield StoredObject(path.relative_to(self.root).as_posix(), modified_at, found.st_size)

    def ping(self) -> None:
        self.root.stat()

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root):
            raise ObjectMissing(key)
        return path

    def _replacing(self, key: str) -> "_Replacement":
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Outside the objects, so that a killed process leaves no file below an inspection's prefix.
        unfinished = self.root / ".unfinished"
        unfinished.mkdir(exist_ok=True)
        return _Replacement(path, unfinished)


class _Replacement:
    """A file that replaces its target only when it is complete and on disk."""

    def __init__(self, path: Path, unfinished: Path) -> None:
        self.path = path
        self.unfinished = unfinished

    def __enter__(self) -> BinaryIO:
        descriptor, self.temporary = tempfile.mkstemp(dir=self.unfinished)
        self.file = os.fdopen(descriptor, "wb")
        return self.file

    def __exit__(self, exc_type: object, *_: object) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        if exc_type is None:
            Path(self.temporary).replace(self.path)
        else:
            Path(self.temporary).unlink()


def _files_below(folder: Path, prefix: str, after: str) -> Iterator[Path]:
    """Yield the files. Memory holds one folder's names at a time; a folder with all keys before `after` is skipped."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        key = f"{prefix}{path.name}"
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if f"{key}/" >= after[: len(key) + 1]:
                yield from _files_below(path, f"{key}/", after)
        elif key > after:
            yield path


def _read(stream: BinaryIO, most: int) -> bytes:
    """Return up to `most` bytes; a stream may return fewer at a time than it has."""
    pieces = []
    while most and (piece := stream.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def etag_of(content: bytes) -> str:
    """Return the object's tag, without quotes."""
    return hashlib.sha256(content).hexdigest()


def content_type_of(content: bytes) -> str:
    matches = (kind for offset, magic, kind in MAGIC if content[offset : offset + len(magic)] == magic)
    return next(matches, "application/octet-stream")
