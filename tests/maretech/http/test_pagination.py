"""Test keyset pages: rows of one time, links both ways, refusals with fields, one statement and no COUNT."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from inspections.models import Inspection
from maretech.common.http.pagination import KeysetPagination
from testing.factories import InspectionFactory
from tests.contract.refusals import refused
from tests.corrosion.rows import subscribe

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
LISTS = ["/inspections?mode=corrosion", "/orders?", "/auth/me/devices?", "/corrosion/history?"]


class Page(NamedTuple):
    ids: list
    next: str | None
    previous: str | None
    statements: list[str]


def page_of(owner, url: str) -> Page:
    paginator = KeysetPagination()
    with CaptureQueriesContext(connection) as captured:
        rows = paginator.paginate_queryset(
            Inspection.objects.owned_by(owner), Request(APIRequestFactory().get(url)), view=None
        )
    body = paginator.get_paginated_response([row.pk for row in rows]).data
    assert list(body) == ["results", "next", "previous"]
    return Page(*body.values(), statements=[query["sql"] for query in captured])


def rows_of_two_moments(owner, count: int) -> list:
    """Create `count` inspections, the odd ones a second later. Returns ids, newest first, then by id descending."""
    rows = [
        InspectionFactory.create(owner=owner, completed=True, created_at=MOMENT + timedelta(seconds=number % 2))
        for number in range(count)
    ]
    return [row.pk for row in sorted(rows, key=lambda row: (row.created_at, row.pk.bytes), reverse=True)]


@pytest.mark.parametrize("size", [1, 2, 3, 9, 10])
def test_rows_of_the_same_time_are_listed_once_in_both_directions(owner, size: int):
    expected = rows_of_two_moments(owner, 9)
    page = page_of(owner, f"/list?page_size={size}")
    there = [page.ids]
    while page.next:
        page = page_of(owner, page.next)
        there.append(page.ids)
    back = [page.ids]
    while page.previous:
        page = page_of(owner, page.previous)
        back.insert(0, page.ids)
    assert [each for ids in there for each in ids] == expected
    assert back == there


def test_turning_back_in_the_middle_shows_the_same_rows(owner):
    expected = rows_of_two_moments(owner, 9)
    second = page_of(owner, page_of(owner, "/list?page_size=3").next)
    first = page_of(owner, second.previous)
    assert (first.ids, first.previous) == (expected[:3], None)
    assert page_of(owner, first.next).ids == second.ids == expected[3:6]


@pytest.mark.parametrize("count", [3, 30])
def test_every_page_takes_one_statement_and_no_count(owner, count: int):
    rows_of_two_moments(owner, count)
    first = page_of(owner, "/list?page_size=1")
    second = page_of(owner, first.next)
    third = page_of(owner, second.next)
    for page in (first, second, third, page_of(owner, third.previous)):
        (statement,) = page.statements
        assert "COUNT(" not in statement.upper()
        assert "OFFSET" not in statement.upper()


def test_a_page_with_deleted_rows_has_no_links(owner):
    rows_of_two_moments(owner, 3)
    following = page_of(owner, "/list?page_size=2").next
    last = page_of(owner, following)
    Inspection.objects.all().delete()
    for url in (following, last.previous):
        assert page_of(owner, url)[:3] == ([], None, None)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "field"), [("cursor=x", "cursor"), ("cursor=cj0xJnA9NDg3", "cursor"), ("page_size=0", "page_size")]
)
def test_each_list_refuses_a_bad_cursor_and_size_by_field(path: str, query: str, field: str, phone):
    subscribe(phone)
    assert set(refused(phone.get(f"{path}&{query}"), 400, "VALIDATION_ERROR")["fields"]) == {field}
