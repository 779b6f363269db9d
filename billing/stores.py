"""The app stores that are configured, by who they are."""

from collections.abc import Mapping
from functools import cache

from billing.choices import Provider
from billing.providers.base import Store


@cache
def stores() -> Mapping[Provider, Store]:
    """The process's own, made once."""
    return {}
