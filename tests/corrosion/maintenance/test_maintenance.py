"""Test maintenance: noted for one's own vessel, listed, removed, and refused where it makes no sense."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from corrosion.maintenance import changes
from corrosion.models import Maintenance
from inspections.models import CapturePolicy
from testing.factories import UserFactory, VesselFactory
from testing.phone import Phone
from tests.contract.refusals import refused
from tests.contract.test_answers import conforms
from tests.corrosion.rows import subscribe
from tests.corrosion.timeline.boats import live_in, maintain
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
PATH = "/corrosion/maintenance"
DAY = date(2026, 5, 10)


@pytest.fixture
def vessel(owner):
    return VesselFactory.create(owner=owner, name="Tern", name_key="tern")


def body_for(vessel, **changes):
    return {"vessel_id": str(vessel.pk), "kind": "painted", "performed_on": "2026-05-10", **changes}


# --- noting ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["blasted", "painted", "anodes", "cleaned"])
def test_maintenance_is_noted_and_answered_in_the_documented_shape(subscriber, vessel, kind):
    body = body_for(vessel, kind=kind, points=[3, 1], note="Zwei Anstriche, Möwe")
    answer = subscriber.post(PATH, body)
    conforms("POST", f"/v1{PATH}", answer)
    noted = answer.json()
    assert (answer.status_code, noted.pop("created_at")[-1]) == (201, "Z")
    assert noted == {
        "maintenance_id": str(Maintenance.objects.get().pk),
        "vessel_id": str(vessel.pk),
        "vessel_label": "Tern",
        "kind": kind,
        "performed_on": "2026-05-10",
        "points": [1, 3],
        "note": "Zwei Anstriche, Möwe",
    }


def test_the_same_entry_again_is_the_one_that_exists(subscriber, vessel):
    body = body_for(vessel, points=[3, 1], note="two coats")
    first = subscriber.post(PATH, body)
    second = subscriber.post(PATH, body | {"points": [1, 3]})
    conforms("POST", f"/v1{PATH}", second)
    assert (first.status_code, second.status_code, second.json()) == (201, 200, first.json())
    for other in ({"kind": "blasted"}, {"performed_on": "2026-05-11"}, {"points": []}, {"note": ""}):
        assert subscriber.post(PATH, body | other).status_code == 201


def test_two_equal_entries_of_an_earlier_release_answer_as_the_first(subscriber, vessel):
    first, _ = [Maintenance.objects.create(vessel=vessel, kind="painted", performed_on=DAY) for _ in range(2)]
    again = subscriber.post(PATH, body_for(vessel))
    assert (again.status_code, again.json()["maintenance_id"]) == (200, str(first.pk))
    assert Maintenance.objects.count() == 2


@pytest.mark.parametrize("day", ["2026-W01-1", "2026-1-010", "20260510--", "٢٠٢٦-٠٥-١٠"])
def test_a_day_has_one_spelling(subscriber, vessel, day):
    refused(subscriber.post(PATH, body_for(vessel, performed_on=day)), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("label", ["Tern", "TERN", " tern "])
def test_a_label_finds_the_vessel_in_any_spelling(subscriber, vessel, label):
    assert maintain(subscriber, DAY, label=label)["vessel_id"] == str(vessel.pk)


def test_an_empty_label_is_the_unnamed_vessel(subscriber, owner):
    unnamed = VesselFactory.create(owner=owner, name="", name_key="")
    assert maintain(subscriber, DAY, label="")["vessel_id"] == str(unnamed.pk)


def test_an_unknown_label_is_not_found_and_makes_no_vessel(subscriber, vessel):
    """A typing error must not hide a coat of paint from the vessel's comparisons."""
    body = {"vessel_label": "Tren", "kind": "painted", "performed_on": "2026-05-10"}
    refused(subscriber.post(PATH, body), 404, "NOT_FOUND")
    assert [row.name for row in Vessel.objects.all()] == ["Tern"]


def test_an_archived_vessel_comes_back(subscriber, vessel):
    Vessel.objects.update(archived_at=vessel.created_at)
    maintain(subscriber, DAY)
    assert Vessel.objects.get().archived_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"vessel_id": None}, "vessel_id"),
        ({"vessel_label": "Tern"}, "vessel_id"),  # both
        ({"kind": "polished"}, "kind"),
        ({"kind": "Painted"}, "kind"),
        ({"performed_on": "2026-05-10T00:00:00Z"}, "performed_on"),
        ({"performed_on": "2026-5-1"}, "performed_on"),
        ({"performed_on": "20260510"}, "performed_on"),
        ({"performed_on": "٢٠٢٦-٠٥-١٠"}, "performed_on"),
        ({"performed_on": "2026-02-30"}, "performed_on"),
        ({"performed_on": "1066-10-14"}, "performed_on"),
        ({"performed_on": 20260510}, "performed_on"),
        ({"performed_on": None}, "performed_on"),
        ({"points": [0]}, "points"),
        ({"points": [1, 1]}, "points"),
        ({"points": [11]}, "points"),
        ({"points": ["1"]}, "points"),
        ({"points": 1}, "points"),
        ({"points": [1.5]}, "points"),
        ({"note": "two\nlines"}, "note"),
        ({"note": "x" * 501}, "note"),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(f"{key}={each}" for key, each in value.items()),
)
def test_a_wrong_value_is_refused_by_its_name(subscriber, vessel, wrong, field):
    answer = subscriber.post(PATH, body_for(vessel, **wrong))
    assert any(name.partition(".")[0] == field for name in refused(answer, 400, "VALIDATION_ERROR")["fields"])
    assert not Maintenance.objects.exists()


def test_neither_id_nor_label_is_refused(subscriber):
    answer = subscriber.post(PATH, {"kind": "painted", "performed_on": "2026-05-10"})
    assert "vessel_id" in refused(answer, 400, "VALIDATION_ERROR")["fields"]


def test_points_of_an_earlier_policy_are_accepted(subscriber, vessel):
    newest = CapturePolicy.objects.filter(mode="corrosion").latest("version")
    newest.pk, newest.version, newest.max_points = None, newest.version + 1, 6
    newest.save()
    assert maintain(subscriber, DAY, points=[10])["points"] == [10]


@pytest.mark.parametrize(
    ("zone", "tomorrow_is_future"),
    [("UTC", True), ("Pacific/Auckland", False), ("America/Los_Angeles", True)],
)
def test_the_future_begins_at_the_owners_midnight(phone, owner, zone, tomorrow_is_future):
    with time_machine.travel("2026-05-10T13:00:00Z", tick=False):  # already the 11th in Auckland
        subscriber = Phone.of(owner)
        subscribe(subscriber)
        vessel = VesselFactory.create(owner=owner, name="Tern", name_key="tern")
        live_in(subscriber, zone)
        answer = subscriber.post(PATH, body_for(vessel, performed_on="2026-05-11"))
        if tomorrow_is_future:
            assert "performed_on" in refused(answer, 400, "VALIDATION_ERROR")["fields"]
        else:
            assert answer.status_code == 201
        assert subscriber.post(PATH, body_for(vessel, performed_on="2026-05-10")).status_code == 201


def test_a_day_that_is_over_only_elsewhere_is_in_the_future(phone, owner):
    with time_machine.travel("2026-05-11T05:00:00Z", tick=False):  # still the 10th in Los Angeles
        subscriber = Phone.of(owner)
        subscribe(subscriber)
        vessel = VesselFactory.create(owner=owner, name="Tern", name_key="tern")
        live_in(subscriber, "America/Los_Angeles")
        refused(subscriber.post(PATH, body_for(vessel, performed_on="2026-05-11")), 400, "VALIDATION_ERROR")


def test_a_vessel_takes_a_limited_number_of_entries(subscriber, vessel, monkeypatch):
    monkeypatch.setattr(changes, "MAX_PER_VESSEL", 1)
    assert subscriber.post(PATH, body_for(vessel)).status_code == 201
    refused(subscriber.post(PATH, body_for(vessel, kind="anodes")), 400, "VALIDATION_ERROR")
    assert subscriber.post(PATH, body_for(vessel)).status_code == 200


def test_a_repeated_key_notes_it_once(subscriber, vessel):
    first, again = (subscriber.post(PATH, body_for(vessel), HTTP_IDEMPOTENCY_KEY="paint") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    other = subscriber.post(PATH, body_for(vessel, kind="anodes"), HTTP_IDEMPOTENCY_KEY="paint")
    refused(other, 422, "IDEMPOTENCY_KEY_REUSED")
    assert Maintenance.objects.count() == 1


def test_a_repeated_key_after_the_removal_is_not_found(subscriber, vessel):
    noted = subscriber.post(PATH, body_for(vessel), HTTP_IDEMPOTENCY_KEY="paint").json()
    subscriber.delete(f"{PATH}/{noted['maintenance_id']}")
    refused(subscriber.post(PATH, body_for(vessel), HTTP_IDEMPOTENCY_KEY="paint"), 404, "NOT_FOUND")
    assert not Maintenance.objects.exists()


# --- listing and removing ----------------------------------------------------------------------------------------
def test_a_list_has_ones_own_last_noted_first_in_pages(subscriber, owner, vessel, stranger):
    Maintenance.objects.create(vessel=VesselFactory.create(owner=stranger), kind="painted", performed_on=DAY)
    noted = [maintain(subscriber, DAY - timedelta(days=number))["maintenance_id"] for number in range(3)]
    page = subscriber.get(f"{PATH}?page_size=2")
    conforms("GET", f"/v1{PATH}", page)
    rest = subscriber.get(page.json()["next"].partition("/v1")[2]).json()
    listed = [entry["maintenance_id"] for entry in (*page.json()["results"], *rest["results"])]
    assert listed == noted[::-1]
    assert rest["next"] is None


def test_a_list_can_be_of_one_vessel(subscriber, owner, vessel):
    VesselFactory.create(owner=owner, name="Gannet", name_key="gannet")
    noted = maintain(subscriber, DAY)
    maintain(subscriber, DAY, label="Gannet")
    for query in (f"vessel_id={vessel.pk}", "vessel_label=TERN"):
        assert subscriber.get(f"{PATH}?{query}").json()["results"] == [noted]
    assert subscriber.get(f"{PATH}?vessel_label=Puffin").json()["results"] == []
    refused(subscriber.get(f"{PATH}?vessel_id={vessel.pk}&vessel_label=Tern"), 400, "VALIDATION_ERROR")
    refused(subscriber.get(f"{PATH}?vessel_id={owner.pk}"), 404, "NOT_FOUND")


def test_maintenance_is_removed_once(subscriber, vessel):
    path = f"{PATH}/{maintain(subscriber, DAY)['maintenance_id']}"
    assert subscriber.delete(path).status_code == 204
    refused(subscriber.delete(path), 404, "NOT_FOUND")
    assert not Maintenance.objects.exists()


def test_a_stranger_notes_lists_and_removes_nothing(subscriber, vessel, stranger):
    noted = maintain(subscriber, DAY)
    other = Phone.of(stranger)
    subscribe(other)
    refused(other.post(PATH, body_for(vessel)), 404, "NOT_FOUND")
    refused(other.get(f"{PATH}?vessel_id={vessel.pk}"), 404, "NOT_FOUND")
    refused(other.delete(f"{PATH}/{noted['maintenance_id']}"), 404, "NOT_FOUND")
    assert other.get(PATH).json()["results"] == []
    assert Maintenance.objects.count() == 1


def test_maintenance_needs_a_subscription(phone, owner, vessel):
    row = Maintenance.objects.create(vessel=vessel, kind="painted", performed_on=DAY)
    for answer in (phone.post(PATH, body_for(vessel)), phone.get(PATH), phone.delete(f"{PATH}/{row.pk}")):
        assert refused(answer, 403, "SUBSCRIPTION_REQUIRED")["reason"] == "PAYWALL_UI_035"
    assert Maintenance.objects.count() == 1


def test_deleting_a_vessel_without_inspections_deletes_its_maintenance(subscriber, vessel):
    maintain(subscriber, DAY)
    assert subscriber.delete(f"/vessels/{vessel.pk}").status_code == 204
    assert not Maintenance.objects.exists()


# --- the database ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [{"kind": "polished"}, {"performed_on": date(1066, 10, 14)}], ids=["kind", "day"])
def test_the_database_refuses_nonsense(wrong):
    vessel = VesselFactory.create(owner=UserFactory.create())
    with pytest.raises(IntegrityError), transaction.atomic():
        Maintenance.objects.create(vessel=vessel, **({"kind": "painted", "performed_on": DAY} | wrong))
