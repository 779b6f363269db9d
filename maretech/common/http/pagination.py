"""Keyset pages, newest first: a page deep in a long history costs as much as the first, and no rows are counted."""

import base64
import binascii
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from maretech.common.http.errors import Invalid

MAX_PAGE_SIZE = 100


class KeysetPagination(CursorPagination):
    """Pages by (created_at, id) descending.

    A position is both values of a row, so it is unique: a cursor needs no offset, and `next` and `previous` hold
    through rows of one time. A wrong `cursor` or `page_size` is refused with `fields`.
    """

    page_size = 20
    max_page_size = MAX_PAGE_SIZE  # refused beyond, not cut down
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-id")
    results_name = "results"
    request: Request

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return the rows of the requested page, in one statement."""
        self.request = request
        size = self.get_page_size(request)
        self.cursor = self.decode_cursor(request)
        backwards = self.cursor is not None and self.cursor.reverse
        # One row more than requested shows whether another page follows in that direction.
        rows = list(self._beyond(queryset)[: size + 1])
        more, page = len(rows) > size, rows[:size]
        if backwards:
            page.reverse()
        self.page = page
        self.has_next = bool(page) if backwards else more
        self.has_previous = more if backwards else self.cursor is not None and bool(page)
        return page

    def _beyond(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.cursor is None:
            return queryset.order_by(*self.ordering)
        side, ordering = ("gt", ("created_at", "id")) if self.cursor.reverse else ("lt", self.ordering)
        created_at, id_ = self.cursor.position  # type: ignore[misc]  # the stubs know an integer only
        # The redundant first bound lets the database enter the index at the right place.
        return queryset.order_by(*ordering).filter(
            Q(**{f"created_at__{side}e": created_at})
            & (Q(**{f"created_at__{side}": created_at}) | Q(**{f"id__{side}": id_}))
        )

    def get_page_size(self, request: Request) -> int:
        """Return the requested size. Raises `Invalid`; DRF's own would ignore a wrong one."""
        text = request.query_params.get("page_size", str(self.page_size))
        if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= MAX_PAGE_SIZE):
            raise Invalid(page_size=f"A whole number from 1 to {MAX_PAGE_SIZE}.")
        return int(text)

    def get_next_link(self) -> str | None:
        return self._link(-1, reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(0, reverse=True) if self.has_previous else None

    def _link(self, index: int, *, reverse: bool) -> str:
        row = self.page[index]  # type: ignore[index]  # a link is asked for after the page
        return self.encode_cursor(Cursor(0, reverse, (row.created_at, row.id)))  # type: ignore[arg-type]

    def encode_cursor(self, cursor: Cursor) -> str:
        """Return the absolute URL of this list with this cursor."""
        created_at, id_ = cursor.position  # type: ignore[misc]
        text = f"{'b' if cursor.reverse else 'a'}|{created_at.isoformat()}|{id_}"
        query = self.request.query_params.copy()
        query["cursor"] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the requested position, or None for the first page. Raises `Invalid`; DRF's own would answer 404."""
        text = request.query_params.get("cursor")
        if not text:
            return None
        try:
            side, at, id_ = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
            created_at = datetime.fromisoformat(at)
            if side not in ("a", "b") or created_at.utcoffset() != timedelta():
                raise ValueError(text)
            return Cursor(0, side == "b", (created_at, uuid.UUID(id_)))  # type: ignore[arg-type]
        except (ValueError, binascii.Error):
            raise Invalid(cursor="This is not a cursor that a page of this list gave.") from None

    def get_paginated_response(self, data: Any) -> Response:
        return Response({self.results_name: data, "next": self.get_next_link(), "previous": self.get_previous_link()})
