"""Test the vessel of an inspection: how an opening names it, and what the inspection takes over from it."""

import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inspections.models import CaptureSlot, Inspection
from testing.factories import InspectionFactory, SlotFactory
from testing.phone import Phone
from tests.contract.refusals import refused
from vessels.models import Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(phone) -> Phone:
    phone.subscribe()
    return phone


def opened(phone: Phone, mode: str = "corrosion", **details) -> Inspection:
    """Open another inspection, whatever is open already."""
    body = {"mode": mode, **details}
    answer = phone.post("/inspections", body, HTTP_IDEMPOTENCY_KEY=str(uuid4()))
    assert answer.status_code == 201, answer.content
    return Inspection.objects.get(pk=answer.json()["inspection_id"])


def visited(phone: Phone, *labels: str, days_ago: int = 1, vessel: str = "Tern", **changes) -> Inspection:
    """Create a completed inspection with a point for each label."""
    created_at = timezone.now() - timedelta(days=days_ago)
    inspection = InspectionFactory.create(
        **{"owner": phone.owner, "vessel_label": vessel, "completed": True, "created_at": created_at} | changes
    )
    for index, label in enumerate(labels, start=1):
        SlotFactory.create(inspection=inspection, point_index=index, label=label)
    return inspection


def labels_of(phone: Phone, inspection: Inspection) -> list[str]:
    return [slot["label"] for slot in phone.get(f"/inspections/{inspection.pk}").json()["slots"]]


# --- which vessel ------------------------------------------------------------------------------------------------
def test_by_its_id(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    inspection = opened(phone, vessel_id=vessel_id)
    shown = phone.get(f"/inspections/{inspection.pk}").json()
    assert (shown["vessel_id"], shown["vessel_label"]) == (vessel_id, "Tern")


def test_by_its_name_in_any_spelling(phone):
    vessel_id = phone.add_vessel("Möwe")["vessel_id"]
    for spelling in ("Möwe", "MÖWE", unicodedata.normalize("NFD", "möwe")):
        shown = phone.get(f"/inspections/{opened(phone, vessel_label=spelling).pk}").json()
        assert (shown["vessel_id"], shown["vessel_label"]) == (vessel_id, "Möwe")
    assert Vessel.objects.count() == 1


def test_a_new_name_makes_a_vessel(phone):
    inspection = opened(phone, vessel_label="Tern")
    assert phone.get(f"/vessels/{inspection.vessel_id}").json()["name"] == "Tern"


@pytest.mark.parametrize("details", [{}, {"vessel_label": ""}, {"vessel_label": " "}])
def test_without_a_name_it_is_the_owners_one_unnamed_vessel(phone, details: dict[str, str]):
    first, second = opened(phone, **details), opened(phone, "corrosion")
    assert first.vessel_id == second.vessel_id
    assert (first.vessel.name, first.vessel_label) == ("", "")


def test_an_id_and_a_name_together_are_refused(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    for label in ("Tern", ""):
        body = {"mode": "corrosion", "vessel_id": vessel_id, "vessel_label": label}
        assert set(refused(phone.post("/inspections", body), 400, "VALIDATION_ERROR")["fields"]) == {"vessel_id"}
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("bad", ["", "x", "7", 7, None, [], "%00"])
def test_an_invalid_id_is_refused(phone, bad: object):
    answer = phone.post("/inspections", {"mode": "corrosion", "vessel_id": bad})
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"vessel_id"}


def test_a_strangers_or_unknown_vessel_is_not_found_and_nothing_is_opened(phone, stranger):
    theirs = Phone.of(stranger).add_vessel("Tern")["vessel_id"]
    for vessel_id in (theirs, str(uuid4())):
        refused(phone.post("/inspections", {"mode": "corrosion", "vessel_id": vessel_id}), 404, "NOT_FOUND")
    assert not Inspection.objects.exists()


def test_a_strangers_name_is_a_vessel_of_ones_own(phone, stranger):
    theirs = Phone.of(stranger).add_vessel("Tern")["vessel_id"]
    assert str(opened(phone, vessel_label="Tern").vessel_id) != theirs


def test_where_no_inspection_is_allowed_no_vessel_is_made(phone):
    refused(phone.post("/inspections", {"mode": "osmosis", "vessel_label": "Tern"}), 402, "PAYMENT_REQUIRED")
    assert not Vessel.objects.exists()


def test_one_that_is_returned_keeps_its_vessel_and_makes_no_other(phone):
    first = phone.open(vessel_label="Tern")["inspection_id"]
    again = phone.post("/inspections", {"mode": "corrosion", "vessel_label": "Gannet"})
    assert (again.status_code, again.json()["inspection_id"]) == (200, first)
    assert Vessel.objects.get().name == "Tern"


@pytest.mark.parametrize("by", ["vessel_id", "vessel_label"])
def test_a_used_vessel_leaves_the_archive(phone, by: str):
    vessel = visited(phone).vessel
    phone.delete(f"/vessels/{vessel.pk}")
    vessel.refresh_from_db()
    assert vessel.archived_at is not None
    opened(phone, **{by: str(vessel.pk) if by == "vessel_id" else "TERN"})
    vessel.refresh_from_db()
    assert vessel.archived_at is None


# --- hull material -----------------------------------------------------------------------------------------------
def test_the_vessels_hull_material_is_the_default(phone):
    vessel_id = phone.add_vessel("Tern", hull_material="steel")["vessel_id"]
    context = {"surface": "dry"}
    assert opened(phone, vessel_id=vessel_id).capture_context == {"hull_material": "steel"}
    typed = opened(phone, vessel_label="tern", capture_context=context)
    assert typed.capture_context == {"hull_material": "steel", "surface": "dry"}


def test_a_typed_detail_wins_and_does_not_change_the_vessel(phone):
    vessel_id = phone.add_vessel("Tern", hull_material="steel")["vessel_id"]
    typed = opened(phone, vessel_id=vessel_id, capture_context={"hull_material": "aluminium"})
    assert typed.capture_context == {"hull_material": "aluminium"}
    assert Vessel.objects.get().hull_material == "steel"


def test_without_a_hull_material_nothing_is_added(phone):
    assert opened(phone, vessel_label="Tern").capture_context == {}


# --- labels of points --------------------------------------------------------------------------------------------
def test_points_keep_their_labels_from_visit_to_visit(phone):
    visited(phone, "bow", "keel", "stern")
    inspection = opened(phone, vessel_label="Tern", points=2)
    assert labels_of(phone, inspection) == ["bow", "keel"]
    slots = [phone.post(f"/inspections/{inspection.pk}/slots").json() for _ in range(4)]
    assert [slot["label"] for slot in slots] == ["bow", "keel", "stern", ""]


def test_a_label_that_is_given_wins(phone):
    visited(phone, "bow", "keel")
    inspection = opened(phone, vessel_label="Tern")
    for label in ("port bow", "port keel"):
        assert phone.post(f"/inspections/{inspection.pk}/slots", {"label": label}).json()["label"] == label
    assert labels_of(phone, inspection) == ["port bow", "port keel"]


def test_the_last_visit_that_labelled_a_point_counts(phone):
    visited(phone, "bow", "keel", days_ago=30)
    visited(phone, "port bow", "", days_ago=20)
    visited(phone, "oldest", "oldest", "oldest", days_ago=40)
    assert labels_of(phone, opened(phone, vessel_label="Tern", points=3)) == ["port bow", "keel", "oldest"]


def test_only_a_completed_visit_of_the_same_vessel_mode_and_owner_counts(phone, stranger):
    visited(phone, "bow", vessel="Gannet")
    visited(phone, "bow", owner=stranger)
    visited(phone, "bow", mode="osmosis")
    visited(phone, "bow", deleted_at=timezone.now())
    visited(phone, "bow", completed=False)
    visited(phone, "bow", completed=False, failed=True)
    assert labels_of(phone, opened(phone, vessel_label="Tern")) == [""]


def test_modes_do_not_share_labels(phone):
    phone.buy()
    visited(phone, "rust below the waterline")
    assert labels_of(phone, opened(phone, "osmosis", vessel_label="Tern")) == [""]


def test_points_reserved_later_have_their_labels_too(phone):
    visited(phone, "bow", "keel", "stern")
    inspection = phone.open(vessel_label="Tern")["inspection_id"]
    assert phone.post("/inspections", {"mode": "corrosion", "points": 3}).json()["inspection_id"] == inspection
    assert list(CaptureSlot.objects.filter(inspection=inspection).values_list("label", flat=True)) == [
        "bow",
        "keel",
        "stern",
    ]


def test_the_result_contains_the_label(phone):
    visited(phone, "bow")
    inspection_id = phone.complete(vessel_label="Tern")
    assert phone.get(f"/inspections/{inspection_id}/result").json()["corrosion"]["points"][0]["label"] == "bow"
