"""The ZIP of an export: JSON per app and the photos, written file by file."""

import json
import math
import zipfile
from collections.abc import Callable
from typing import IO, Any, Final, Self

from django.core.serializers.json import DjangoJSONEncoder

from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing

# No stored picture is larger.
MAX_PICTURE_BYTES: Final = 64 * 1024 * 1024


class Archive:
    """Never holds more than one picture in memory. Closed by its `with` block. Calls `on_progress` per picture.

    Adds original photos while the ZIP is within `max_bytes`, which bounds what a worker writes to its disk;
    `omitted_originals` counts the others.
    """

    def __init__(
        self, file: IO[bytes], *, max_bytes: float = math.inf, on_progress: Callable[[], None] = lambda: None
    ) -> None:
        self._zip = zipfile.ZipFile(file, "w")
        self._file, self._max_bytes = file, max_bytes
        self._on_progress = on_progress
        self.omitted_originals = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def text(self, path: str, text: str) -> None:
        self._zip.writestr(path, text, zipfile.ZIP_DEFLATED)

    def json(self, path: str, content: Any) -> None:
        self.text(path, json.dumps(content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False) + "\n")

    def original(self, path: str, key: str) -> str | None:
        """Add the bytes that a phone sent, as `picture` does. Returns None too if they do not fit."""
        if self.omitted_originals:  # after the first that does not fit, none is read
            self.omitted_originals += 1
            return None
        content = self._read(key)
        if content is None:
            return None
        if self._file.tell() + len(content) > self._max_bytes:
            self.omitted_originals = 1
            return None
        return self._store(path, content)

    def picture(self, path: str, key: str) -> str | None:
        """Add the object under that key. Returns its path, or None if there is no object.

        Pictures are compressed already, so they are only stored.
        """
        content = self._read(key)
        return None if content is None else self._store(path, content)

    def _read(self, key: str) -> bytes | None:
        try:
            return object_store().read(key, max_bytes=MAX_PICTURE_BYTES)
        except ObjectMissing:
            return None

    def _store(self, path: str, content: bytes) -> str:
        self._zip.writestr(path, content, zipfile.ZIP_STORED)
        self._on_progress()
        return path
