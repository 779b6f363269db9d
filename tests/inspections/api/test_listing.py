"""Test lists: the owner's own, of one mode, newest first, page by page without gaps or doubles."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from testing.factories import InspectionFactory
from testing.phone import Phone
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PATH = "/inspections?mode=corrosion"


def inspections(owner, count: int, *, at: datetime | None = None) -> list[str]:
    """Create inspections; return ids, newest first; all of the same moment if `at` is given."""
    now = timezone.now()
    rows = [
        InspectionFactory.create(owner=owner, completed=True, created_at=at or now - timedelta(minutes=number))
        for number in range(count)
    ]
    return [str(row.pk) for row in sorted(rows, key=lambda row: (row.created_at, row.pk.bytes), reverse=True)]


def ids(page: dict) -> list[str]:
    return [entry["inspection_id"] for entry in page["results"]]


def follow(phone: Phone, url: str) -> dict:
    assert url.startswith("http://testserver/v1/inspections?")
    answer = phone.client.get(url)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_empty_list_is_one_page(phone):
    assert phone.get(PATH).json() == {"results": [], "next": None, "previous": None}


def test_an_entry_has_exactly_the_fields_of_the_contract(phone):
    phone.open(label="spring")
    (entry,) = phone.get(PATH).json()["results"]
    assert entry.keys() == {"inspection_id", "mode", "status", "label", "created_at", "vessel_id", "vessel_label"}
    assert (entry["mode"], entry["status"], entry["label"]) == ("corrosion", "pending", "spring")


def test_the_list_has_only_own_undeleted_inspections_of_the_mode(phone, owner, stranger):
    (mine,) = inspections(owner, 1)
    inspections(stranger, 2)
    InspectionFactory.create(owner=owner, mode="osmosis")
    InspectionFactory.create(owner=owner, deleted_at=timezone.now())
    assert ids(phone.get(PATH).json()) == [mine]


@pytest.mark.parametrize("at", [None, datetime(2026, 5, 1, 12, tzinfo=UTC)], ids=["different times", "one moment"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_show_each_inspection_once_in_both_directions(phone, owner, size: int, at: datetime | None):
    expected = inspections(owner, 7, at=at)
    page = phone.get(f"{PATH}&page_size={size}").json()
    assert page["previous"] is None
    there = [ids(page)]
    while page["next"]:
        page = follow(phone, page["next"])
        there.append(ids(page))
    assert sum(there, []) == expected  # noqa: RUF017 - seven at most
    back = [ids(page)]
    while page["previous"]:
        page = follow(phone, page["previous"])
        back.insert(0, ids(page))
    assert back == there
    assert page["previous"] is None


def test_a_new_inspection_does_not_shift_the_next_page(phone, owner):
    expected = inspections(owner, 4)
    first = phone.get(f"{PATH}&page_size=2").json()
    newer = InspectionFactory.create(owner=owner, completed=True)
    second = follow(phone, first["next"])
    assert ids(second) == expected[2:]
    before = follow(phone, second["previous"])
    assert ids(before) == expected[:2]
    assert ids(follow(phone, before["previous"])) == [str(newer.pk)]


def test_a_cursor_holds_the_page_size_and_mode(phone, owner):
    inspections(owner, 3)
    second = phone.get(f"{PATH}&page_size=1").json()["next"]
    assert "page_size=1" in second
    assert "mode=corrosion" in second


def test_the_default_page_size_is_twenty(phone, owner):
    inspections(owner, 21)
    page = phone.get(PATH).json()
    assert len(page["results"]) == 20
    assert len(follow(phone, page["next"])["results"]) == 1


def test_the_largest_page_size_is_a_hundred(phone, owner):
    inspections(owner, 3)
    assert len(phone.get(f"{PATH}&page_size=100").json()["results"]) == 3


@pytest.mark.parametrize("size", ["0", "101", "-1", "1.5", "x", "", "%20", "%D9%A3", "1e1", "99999999999"])
def test_an_invalid_page_size_is_refused(phone, size: str):
    assert set(refused(phone.get(f"{PATH}&page_size={size}"), 400, "VALIDATION_ERROR")["fields"]) == {"page_size"}


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


ID = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "%00",
        "é",
        "a" * 5000,
        cursor("a|b|c"),
        cursor(f"x|2026-05-01T00:00:00+00:00|{ID}"),
        cursor(f"a|2026-05-01T00:00:00|{ID}"),
        cursor(f"a|0001-01-01T00:00:00+14:00|{ID}"),
        cursor(f"b|9999-12-31T23:59:59-14:00|{ID}"),
        cursor(f"a|2026-05-01T00:00:00+00:00|{ID}|"),
        cursor("a|2026-05-01T00:00:00+00:00|7"),
        cursor("a|\x00|b"),
    ],
)
def test_a_forged_cursor_is_refused(phone, owner, text: str):
    inspections(owner, 1)
    assert set(refused(phone.get(f"{PATH}&cursor={text}"), 400, "VALIDATION_ERROR")["fields"]) == {"cursor"}


def test_a_cursor_of_another_owner_shows_own_rows_only(phone, owner, stranger):
    theirs = inspections(stranger, 3)
    mine = inspections(owner, 1)
    borrowed = Phone.of(stranger).get(f"{PATH}&page_size=1").json()["next"]
    assert not set(ids(follow(phone, borrowed))) & set(theirs)
    assert set(ids(follow(phone, borrowed))) <= set(mine)
