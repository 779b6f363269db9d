"""Where the names of somebody could have stayed: every table, every object and the log."""

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from maretech.common.storage import object_store


class Hit(NamedTuple):
    what: str
    where: str


def found(names: dict[str, str], log: str) -> list[Hit]:
    """Which of them are anywhere, and where."""
    rows = "\n".join(str(value) for table in tables() for row in table for value in row)
    keys = list(object_store().list(""))
    objects = "\n".join(keys) + "\n".join(_content(key) for key in keys)
    places = {"database": rows, "store": objects, "log": log}
    return [Hit(what, where) for what, name in names.items() for where, text in places.items() if name in text]


def tables() -> Iterator[list[tuple[Any, ...]]]:
    """Every row of every table of the database, whoever made it; bytes as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - of the database itself
            yield [tuple(map(_told, row)) for row in cursor.fetchall()]


def _told(value: Any) -> Any:
    """Bytes as text; and what is packed in them, as Google's pushes are."""
    if not isinstance(value, bytes | memoryview):
        return value
    text = bytes(value).decode(errors="replace")
    packed = text.partition('"data": "')[2].partition('"')[0]
    return text + base64.b64decode(packed).decode(errors="replace") if packed else text


def _content(key: str) -> str:
    return object_store().read(key, max_bytes=10**9).decode("latin-1")
