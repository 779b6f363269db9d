"""The process environment, read once by the settings. Unreadable values are recorded; `checks` refuses them by name."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")
# No setting has more digits. A longer number would break computed values before a check could name it.
_WHOLE: Final = re.compile(r"-?[0-9]{1,12}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
_WORDS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_DATABASES: Final = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
# Allowed parameters in a database's address: its location, and protection against eavesdroppers. Others switch
# transactions off (autocommit), change the role (assume_role), or lead elsewhere (service, conninfo).
_PARAMETERS: Final = {
    *("host", "hostaddr", "application_name", "target_session_attrs", "channel_binding", "require_auth", "gssencmode"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslnegotiation", "ssl_min_protocol_version"),
}
_BROKEN: Final = (ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError)


class Unsafe(Exception):
    """A value that is readable but must not be used; the text says why."""


class Environment(environ.Env):  # type: ignore[misc]
    """Uses the default for a malformed or empty value and records it in `malformed`: then no process starts.

    The library would read `ture` as false, `10s` as 10 and an empty address as none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.malformed: dict[str, str] = {}
        self.numbers: dict[str, float] = {}

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Strip the blanks of copied keys and addresses: they would hide the value's kind from the checks."""
        value = super().get_value(var, *args, **options)
        if isinstance(value, list):
            return [stripped for part in value if (stripped := part.strip())]
        return value.strip() if isinstance(value, str) else value

    def int(self, var: str, default: int) -> int:
        self.numbers[var] = value = self._read(var, default, _whole)
        return value

    def float(self, var: str, default: float) -> float:
        self.numbers[var] = value = self._read(var, default, _decimal)
        return value

    def bool(self, var: str, default: bool) -> bool:
        return self._read(var, default, _word)

    def one_of(self, var: str, default: str, *, words: tuple[str, ...]) -> str:
        return self._read(var, default, lambda text: words[words.index(text)])

    def json_object(self, var: str) -> dict[str, Any]:
        """Return a JSON object; empty without one."""
        return self._read(var, {}, _object)

    def database(self, var: str, *, default: str) -> dict[str, Any]:
        """Return a database configuration for Django, read from an address."""
        return dict(self._read(var, self.db_url_config(default), self._database))

    def mail(self, var: str, *, default: str) -> dict[str, Any]:
        return dict(self._read(var, self.email_url_config(default), self._mail))

    def _read(self, var: str, default: Value, parse: Callable[[str], Value]) -> Value:
        text = self.ENVIRON.get(var)
        if text is None:
            return default
        try:
            return parse(text.strip())
        except Unsafe as exc:
            self.malformed[var] = str(exc)
            return default
        except _BROKEN:
            self.malformed[var] = "empty" if not text.strip() else "malformed"
            return default

    def _database(self, url: str) -> dict[str, Any]:
        found = dict(self.db_url_config(url))
        if found.get("ENGINE") not in _DATABASES or not found.get("NAME"):
            raise ValueError
        parameters = {*found.get("OPTIONS", {}), *(found.keys() - {*self.db_url_config("postgres://h/n"), "OPTIONS"})}
        if unknown := sorted(parameters - _PARAMETERS):
            raise Unsafe(f"malformed: its parameter {unknown[0].lower()} is not allowed")
        return found

    def _mail(self, url: str) -> dict[str, Any]:
        found = dict(self.email_url_config(url))
        if not found.get("EMAIL_BACKEND"):
            raise ValueError
        return found


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise ValueError
    found = float(text)
    if not math.isfinite(found):
        raise ValueError
    return found


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError
    return found


def _word(text: str) -> bool:
    return _WORDS[text.lower()]
