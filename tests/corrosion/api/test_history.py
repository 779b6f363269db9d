"""Test the owner's completed corrosion inspections, newest first."""

import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.models import Inspection
from testing.factories import InspectionFactory, deliver_result
from tests.contract.refusals import refused
from tests.corrosion.rows import completed

pytestmark = pytest.mark.django_db


def ids(body):
    return [entry["inspection_id"] for entry in body["inspections"]]


def test_the_history_has_the_fields_of_the_contract_newest_first(subscriber, owner):
    now = timezone.now()
    old = completed(owner, created_at=now - timedelta(days=30), label="spring", vessel_label="Tern")
    new = completed(owner, created_at=now)
    body = subscriber.get("/corrosion/history").json()
    assert ids(body) == [str(new.pk), str(old.pk)]
    assert (body["next"], body["previous"]) == (None, None)
    assert body["inspections"][1] == {
        "inspection_id": str(old.pk),
        "created_at": old.created_at.isoformat().replace("+00:00", "Z"),
        "confidence_level": "low",
        "signal_detected": "inconclusive",
        "label": "spring",
        "vessel_id": str(old.vessel_id),
        "vessel_label": "Tern",
    }


def test_the_history_has_only_own_completed_corrosion_inspections(subscriber, owner, stranger):
    mine = completed(owner)
    completed(stranger)
    InspectionFactory.create(owner=owner)
    InspectionFactory.create(owner=owner, processing=True)
    InspectionFactory.create(owner=owner, failed=True)
    deliver_result(InspectionFactory.create(owner=owner, mode="osmosis", completed=True))
    Inspection.objects.filter(pk=completed(owner).pk).update(deleted_at=timezone.now())
    assert ids(subscriber.get("/corrosion/history").json()) == [str(mine.pk)]


def test_pages_have_no_gaps_among_rows_of_the_same_time(subscriber, owner):
    moment = timezone.now()
    expected = {str(completed(owner, created_at=moment).pk) for _ in range(5)}
    seen, path, pages = [], "/corrosion/history?page_size=2", 0
    while path:
        body = subscriber.get(path).json()
        seen += ids(body)
        pages += 1
        path = body["next"] and body["next"].split("/v1", 1)[1]
    assert pages == 3
    assert len(seen) == 5
    assert set(seen) == expected
    back, path = [], body["previous"].split("/v1", 1)[1]
    while path:
        earlier = subscriber.get(path).json()
        back = ids(earlier) + back
        path = earlier["previous"] and earlier["previous"].split("/v1", 1)[1]
    assert back == seen[:4]


def test_a_longer_history_takes_no_more_statements_and_no_count(subscriber, owner):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert subscriber.get("/corrosion/history").status_code == 200
        return [query["sql"] for query in captured if "rate" not in query["sql"]]

    completed(owner)
    one = statements()
    for _ in range(6):
        completed(owner)
    seven = statements()
    assert len(one) == len(seven)
    assert not any("COUNT(" in sql for sql in seven)


def test_the_history_can_be_filtered_by_vessel(subscriber, owner):
    tern = completed(owner, vessel_label="Tern")
    completed(owner, vessel_label="Gannet")
    for query in ("vessel_label=Tern", f"vessel_id={tern.vessel_id}"):
        assert ids(subscriber.get(f"/corrosion/history?{query}").json()) == [str(tern.pk)]


def test_a_name_that_no_vessel_has_finds_nothing(subscriber, owner, stranger):
    completed(owner)
    completed(stranger, vessel_label="Tern")
    assert ids(subscriber.get("/corrosion/history?vessel_label=Tern").json()) == []


def test_inspections_without_a_label_are_of_one_vessel(subscriber, owner):
    nameless = {str(completed(owner).pk) for _ in range(2)}
    completed(owner, vessel_label="Tern")
    assert set(ids(subscriber.get("/corrosion/history?vessel_label=").json())) == nameless


def test_a_strangers_or_unknown_vessel_is_not_found(subscriber, owner, stranger):
    completed(owner)
    for vessel_id in (completed(stranger).vessel_id, uuid4()):
        refused(subscriber.get(f"/corrosion/history?vessel_id={vessel_id}"), 404, "NOT_FOUND")


def test_a_vessel_is_named_by_its_id_or_by_its_label(subscriber, owner):
    query = f"vessel_id={completed(owner).vessel_id}&vessel_label="
    body = refused(subscriber.get(f"/corrosion/history?{query}"), 400, "VALIDATION_ERROR")
    assert set(body["fields"]) == {"vessel_id"}


def test_a_vessel_with_another_name_has_the_same_history(subscriber, owner):
    tern = completed(owner, vessel_label="Tern")
    subscriber.patch(f"/vessels/{tern.vessel_id}", {"name": "Puffin"})
    [entry] = subscriber.get(f"/corrosion/history?vessel_id={tern.vessel_id}").json()["inspections"]
    assert (entry["inspection_id"], entry["vessel_label"]) == (str(tern.pk), "Puffin")
    assert ids(subscriber.get("/corrosion/history?vessel_label=Tern").json()) == []


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=101", "page_size=x", "cursor=x", "vessel_label=%00", "vessel_id=x", "vessel_id="],
)
def test_an_invalid_query_is_refused(subscriber, query):
    answer = subscriber.get(f"/corrosion/history?{query}")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")


def test_the_filter_finds_a_vessel_in_every_spelling_of_its_name(subscriber, owner):
    names = ("Möwe", "MÖWE", unicodedata.normalize("NFD", "möwe"), " Möwe")
    expected = {str(completed(owner, vessel_label=name).pk) for name in names}
    completed(owner, vessel_label="Mowe")
    completed(owner, vessel_label="")
    for name in ("möwe", unicodedata.normalize("NFD", "MÖWE")):
        assert set(ids(subscriber.get("/corrosion/history", data={"vessel_label": name}).json())) == expected
