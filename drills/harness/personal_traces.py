"""Search every table, every object, Redis and the log for the names of an erased owner."""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import connection

from maretech.common.storage import object_store


class Hit(NamedTuple):
    what: str
    where: str


def found(names: dict[str, str], log: str) -> list[Hit]:
    """Return which of the names were found, and where."""
    rows = "\n".join(str(value) for table in tables() for row in table for value in row)
    keys = list(object_store().list(""))
    objects = "\n".join(keys) + "\n".join(_content(key) for key in keys)
    places = {"database": rows, "store": objects, "log": log, "Redis": in_redis()}
    return [Hit(what, where) for what, name in names.items() for where, text in places.items() if name in text]


def in_redis() -> str:
    """Return every key and value, counters and messages alike, with the messages decoded."""
    if not settings.REDIS_URL:
        return ""
    client = redis.Redis.from_url(settings.REDIS_URL)
    text = "\n".join(f"{name.decode(errors='replace')}: {_value(client, name)}" for name in client.scan_iter())
    packed = re.findall(r'"body": "([A-Za-z0-9+/=]+)"', text)
    return text + "".join(base64.b64decode(body).decode(errors="replace") for body in packed)


def _value(client: Any, name: bytes) -> str:
    """Return the value, whatever its type; nothing if it expires at this moment."""
    read: dict[bytes, Callable[[], Any]] = {
        b"string": lambda: client.get(name),
        b"list": lambda: client.lrange(name, 0, -1),
        b"set": lambda: client.smembers(name),
        b"hash": lambda: client.hgetall(name),
        b"zset": lambda: client.zrange(name, 0, -1),
    }
    kind = client.type(name)
    found = read[kind]() if kind in read else b""
    many = found if isinstance(found, list | set | tuple) else found.items() if isinstance(found, dict) else [found]
    return " ".join(each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in many)


def tables() -> Iterator[list[tuple[Any, ...]]]:
    """Return every row of every table of the database, Django's and others included; bytes as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - of the database itself
            yield [tuple(map(_as_text, row)) for row in cursor.fetchall()]


def _as_text(value: Any) -> Any:
    """Return bytes as text, with any encoded content decoded, as in Google's pushes."""
    if not isinstance(value, bytes | memoryview):
        return value
    text = bytes(value).decode(errors="replace")
    packed = text.partition('"data": "')[2].partition('"')[0]
    return text + base64.b64decode(packed).decode(errors="replace") if packed else text


def _content(key: str) -> str:
    return object_store().read(key, max_bytes=10**9).decode("latin-1")
