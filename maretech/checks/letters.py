"""The service that prints and posts letters."""

import re
from typing import Final

from django.conf import settings

from dossiers.post.lob import API_BASE
from maretech.checks.secrets import is_key_of_service

_SENDER: Final = re.compile(r"adr_[A-Za-z0-9]+")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TEST_KEY: Final = re.compile(r"test_[A-Za-z0-9_]+")


def prints_nothing() -> bool:
    return settings.LETTERS == "fake"


def account_is_incomplete() -> bool:
    """Return whether letters would not be printed, or events about them not be believed, or be believed from others."""
    is_set_up = (
        is_key_of_service(settings.LOB_API_KEY, "live_")
        and is_key_of_service(settings.LOB_WEBHOOK_SECRET, "")
        and _SENDER.fullmatch(settings.LOB_SENDER) is not None
    )
    return settings.LETTERS == "lob" and not is_set_up


def api_is_foreign() -> bool:
    return str(settings.LOB_API_BASE) != API_BASE


def countries_are_unknown() -> bool:
    """Return whether a country is not spelled as in ISO 3166-1, or none is left."""
    return not settings.LETTER_COUNTRIES or not all(map(_COUNTRY.fullmatch, settings.LETTER_COUNTRIES))


def may_print(key: str) -> bool:
    """Return whether a key is not known to be one of Lob's test keys, with which nothing is printed."""
    return bool(key) and not _TEST_KEY.fullmatch(key)
