"""Snapshot all rows that an owner's call could change, to compare them before and after."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core import serializers

APPS: Final = (
    *("accounts", "notifications", "billing", "vessels", "inspections", "corrosion", "osmosis", "dossiers"),
    "surveys",
)
# Values that differ between two owners who did the same: ids, theirs and the provider's, times, addresses, hashes.
_OWN: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+Z|[\w.]+@example\.org|[0-9a-f]{32,64}|argon2\$\S+|md5\$\S+|\b(cs|cus|pi|sub)_\w+"
)


def _models() -> Iterator[Any]:
    return (model for model in apps.get_models() if model._meta.app_label in APPS)


def everything() -> str:
    """Return all rows of our apps as JSON."""
    return "\n".join(serializers.serialize("json", model.objects.order_by("pk")) for model in _models())


class Shape:
    """Return the rows independent of their owner: how many of each kind, with which plain values."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        for model in _models():
            self.rows.update(_shape(model._meta.label, row) for row in model.objects.values())

    def added_since(self, before: "Shape") -> Counter[tuple[str, tuple[tuple[str, str], ...]]]:
        """Return the rows that exist now and did not before, whatever added them."""
        return self.rows - before.rows


def _shape(label: str, row: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    plain = {name: _OWN.sub("*", str(value)) for name, value in row.items() if name != "id" and not _is_time(value)}
    return label, tuple(sorted(plain.items()))


def _is_time(value: object) -> bool:
    return hasattr(value, "isoformat")
