"""Keyset pages, newest first: a page deep in a long history costs as much as the first, and no rows are counted."""

import base64
import binascii
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from maretech.common.http.errors import Invalid

MAX_PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 20
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class _Cursor:
    """A position between rows: the page `after` it (older) or before it (newer)."""

    after: bool
    created_at: datetime
    id: uuid.UUID

    def encode(self) -> str:
        text = f"{'a' if self.after else 'b'}|{self.created_at.isoformat()}|{self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "_Cursor":
        try:
            side, at, id_ = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
            created_at = datetime.fromisoformat(at)
            if side not in ("a", "b") or created_at.utcoffset() != timedelta():
                raise ValueError(text)
            return cls(side == "a", created_at, uuid.UUID(id_))
        except (ValueError, binascii.Error):
            raise Invalid(cursor="This is not a cursor that a page of this list gave.") from None


def page_size_of(request: Request) -> int:
    text = request.query_params.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= MAX_PAGE_SIZE):
        raise Invalid(page_size=f"A whole number from 1 to {MAX_PAGE_SIZE}.")
    return int(text)


def paginate(queryset: QuerySet[Row, Row], request: Request) -> Page[Row]:
    """Return one page of `queryset` by (created_at, id) descending; `next` and `previous` are absolute URLs."""
    size = page_size_of(request)
    text = request.query_params.get("cursor")
    cursor = _Cursor.decode(text) if text else None
    backwards = cursor is not None and not cursor.after
    # One row more than requested shows whether another page follows in that direction.
    rows = list(_beyond(queryset, cursor, backwards=backwards)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(rows), more) if backwards else (more, cursor is not None and bool(rows))
    return Page(
        rows,
        next=_url(request, rows[-1], after=True) if has_next else None,
        previous=_url(request, rows[0], after=False) if has_previous else None,
    )


def _beyond(queryset: QuerySet[Row, Row], cursor: _Cursor | None, *, backwards: bool) -> QuerySet[Row, Row]:
    ordered = queryset.order_by("created_at", "id") if backwards else queryset.order_by("-created_at", "-id")
    if cursor is None:
        return ordered
    side = "gt" if backwards else "lt"
    # The redundant first bound lets the database enter the index at the right place.
    return ordered.filter(
        Q(**{f"created_at__{side}e": cursor.created_at})
        & (Q(**{f"created_at__{side}": cursor.created_at}) | Q(**{f"id__{side}": cursor.id}))
    )


def _url(request: Request, row: Any, *, after: bool) -> str:
    query = request.query_params.copy()
    query["cursor"] = _Cursor(after, row.created_at, row.id).encode()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
