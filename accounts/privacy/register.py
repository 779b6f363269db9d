"""Register of personal data: each app registers what it holds, how to erase it, and how to export it.

The register names every table of ours. For rows that stay, it names every text field and the reason. A test fails when
a table or field is missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import JSONField, Model, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import ERASED_DOMAIN, User
from accounts.privacy.archive import Archive

Counts = dict[str, int]
_ERASED_TEXT: Final = "[erased]"
_TEXTUAL: Final = frozenset(
    [
        "BinaryField",
        "CharField",
        "EmailField",
        "FileField",
        "GenericIPAddressField",
        "JSONField",
        "SlugField",
        "TextField",
        "URLField",
    ]
)


@dataclass(frozen=True, slots=True)
class DataSubject:
    """The person to erase. `email` becomes the erased account's placeholder once the erasure is done."""

    id: UUID
    email: str


def _nothing_to_settle(_: DataSubject) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """The data that one app holds about people.

    `erased`: tables where the person's rows are deleted. `retained`: tables where they are kept, with a reason for
    every text field why it may stay, or what becomes of it. `impersonal`: tables without personal data. `staff_wrote`:
    fields in which staff may have written the person's address; it is removed from all of them when the account gives
    it up.
    `settle` ends what the person shares with others, in every app before the first `erase`, which deletes only what is
    the person's own. `count` changes nothing. `settle` and `erase` may be killed at any line; they are run again until
    they finish, and once more the night after.
    """

    app: str
    erased: tuple[type[Model], ...] = ()
    retained: Mapping[type[Model], Mapping[str, str]] = field(default_factory=dict)
    impersonal: tuple[type[Model], ...] = ()
    staff_wrote: tuple[tuple[type[Model], str], ...] = ()
    count: Callable[[DataSubject], Counts]
    erase: Callable[[DataSubject], None]
    export: Callable[[User, Archive], None]
    settle: Callable[[DataSubject], None] = _nothing_to_settle


_registered: dict[str, PersonalData] = {}


def register(data: PersonalData) -> None:
    """Register the data of an app. The app calls this when it is ready."""
    _registered[data.app] = data


def registered() -> tuple[PersonalData, ...]:
    """Return the data of each app in the order of the apps' dependencies, the lowest first."""
    return tuple(_registered.values())


def scrub(rows: QuerySet[Any], column: str, *, email: str) -> None:
    """Remove an address from texts that staff wrote. The rest of the text stays."""
    if email.endswith(ERASED_DOMAIN):
        return
    address = re.compile(re.escape(email), re.IGNORECASE)
    for row in rows.annotate(_text=Cast(column, TextField())).filter(_text__icontains=email):
        value = getattr(row, column)
        structured = isinstance(row._meta.get_field(column), JSONField)
        scrubbed = _scrubbed(value, address) if structured else address.sub(_ERASED_TEXT, value)
        rows.filter(pk=row.pk).update(**{column: scrubbed})


def _scrubbed(value: Any, address: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return address.sub(_ERASED_TEXT, value)
    if isinstance(value, dict):
        return {name: _scrubbed(each, address) for name, each in value.items()}
    return [_scrubbed(each, address) for each in value] if isinstance(value, list) else value


def textual_fields(model: type[Model]) -> Iterator[str]:
    """Yield the free-text fields: those that are no number, time, reference or word of a closed list."""
    for each in model._meta.concrete_fields:
        if each.get_internal_type() in _TEXTUAL and not each.choices and not each.primary_key:
            yield each.name
