"""Test the vessels of inspections that were opened with a label only: before the migration, and during deployment."""

import unicodedata
from collections import defaultdict
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from inspections.lifecycle import vessel_links
from inspections.models import Inspection
from inspections.work.sweeper import sweep
from maretech.common.observability.metrics import ISOLATED_FAILURES
from testing.factories import InspectionFactory
from testing.phone import Phone
from vessels.models import Vessel
from vessels.registration import find_or_create_vessel

pytestmark = pytest.mark.django_db
MIGRATION = import_module("inspections.migrations.0012_vessels_of_earlier_inspections")
NAMES = {
    "möwe": ("Möwe", "MÖWE", unicodedata.normalize("NFD", "möwe"), " Möwe"),
    "strasse": ("Straße", "STRASSE"),
    "ναυτίλοσ": ("Ναυτίλος", "ΝΑΥΤΊΛΟΣ"),
    "かもめ": ("かもめ",),
    "سفينة": ("سفينة",),
    "": ("", " ", "\u3164"),
}


def labelled(owner, label: str, **changes) -> Inspection:
    """Create an inspection as the previous release did: with a label, and without a vessel."""
    return InspectionFactory.create(owner=owner, vessel=None, vessel_label=label, **changes)


def migrate() -> None:
    MIGRATION.give_vessels(apps, None)


def vessels_by_key(owner) -> dict[str, set]:
    found = defaultdict(set)
    for inspection in Inspection.objects.filter(owner=owner).select_related("vessel"):
        found[inspection.vessel.name_key].add(inspection.vessel_id)
    return found


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_the_migration_makes_one_vessel_for_each_owner_and_name(owner, stranger, monkeypatch, batch: int):
    monkeypatch.setattr(MIGRATION, "BATCH", batch)
    rows = {labelled(user, label): label for user in (owner, stranger) for each in NAMES.values() for label in each}
    migrate()
    for user in (owner, stranger):
        assert set(user.vessels.values_list("name_key", flat=True)) == NAMES.keys()
        assert {key: len(ids) for key, ids in vessels_by_key(user).items()} == dict.fromkeys(NAMES, 1)
    for inspection, label in rows.items():
        inspection.refresh_from_db()
        assert (inspection.vessel_label, inspection.vessel.owner) == (label, inspection.owner)


def test_a_vessel_takes_the_name_and_time_of_its_first_inspection(owner):
    now = timezone.now()
    for days, label in ((10, "TERN"), (30, "Tern"), (20, "tern")):
        labelled(owner, label, created_at=now - timedelta(days=days))
    migrate()
    vessel = Vessel.objects.get()
    assert (vessel.name, vessel.created_at) == ("Tern", now - timedelta(days=30))


def test_the_migration_can_run_again_and_after_vessels_were_added(owner):
    vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
    first = labelled(owner, "TERN")
    migrate()
    later = labelled(owner, "tern")
    migrate()
    migrate()
    assert set(Inspection.objects.values_list("pk", "vessel")) == {(first.pk, vessel.pk), (later.pk, vessel.pk)}
    assert Vessel.objects.count() == 1


def test_the_migration_makes_no_vessel_for_a_deleted_inspection(owner):
    labelled(owner, "Tern", deleted_at=timezone.now())
    migrate()
    assert not Vessel.objects.exists()


def test_a_label_that_is_too_long_in_nfc_does_not_stop_the_migration(owner):
    row = labelled(owner, "\u0958" * 120)
    migrate()
    row.refresh_from_db()
    assert (len(row.vessel.name), len(row.vessel_label)) == (120, 120)


def test_the_sweep_links_inspections_of_the_previous_release(owner):
    vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
    known, new, nameless = (labelled(owner, label) for label in ("TERN", "Gannet", ""))
    for _ in range(2):
        sweep()
    for row in (known, new, nameless):
        row.refresh_from_db()
    assert known.vessel == vessel
    assert (new.vessel.name, nameless.vessel.name) == ("Gannet", "")
    assert (known.vessel_label, Vessel.objects.count()) == ("TERN", 3)
    assert vessel_links.inspections_without_vessel() == []


def test_the_sweep_restores_an_archived_vessel(owner):
    vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
    Vessel.objects.update(archived_at=timezone.now())
    labelled(owner, "Tern")
    sweep()
    vessel.refresh_from_db()
    assert vessel.archived_at is None


def test_the_sweep_makes_no_vessel_for_a_deleted_inspection(owner):
    labelled(owner, "Tern", deleted_at=timezone.now())
    sweep()
    assert not Vessel.objects.exists()


def test_an_inspection_that_fails_does_not_block_others(owner, monkeypatch):
    rows = [labelled(owner, "Tern") for _ in range(2)]
    link = vessel_links.link_to_vessel

    def link_to_vessel(inspection_id):
        if inspection_id == rows[0].pk:
            raise RuntimeError
        link(inspection_id)

    monkeypatch.setattr(vessel_links, "link_to_vessel", link_to_vessel)
    before = ISOLATED_FAILURES._value.get()
    sweep()
    assert ISOLATED_FAILURES._value.get() == before + 1
    assert list(Inspection.objects.exclude(vessel=None)) == [rows[1]]


def test_an_inspection_returned_by_an_opening_gets_its_vessel_at_once(phone):
    row = labelled(phone.owner, "Tern", access="free")
    answer = phone.post("/inspections", {"mode": "corrosion", "vessel_label": "Gannet"})
    assert (answer.status_code, answer.json()["inspection_id"]) == (200, str(row.pk))
    row.refresh_from_db()
    assert row.vessel.name == "Tern"
    assert Vessel.objects.count() == 1


def test_an_inspection_shows_no_vessel_until_the_sweep(phone):
    row = labelled(phone.owner, "Tern")
    shown = phone.get(f"/inspections/{row.pk}").json()
    assert (shown["vessel_id"], shown["vessel_label"]) == (None, "Tern")


def test_a_new_name_reaches_inspections_before_the_sweep(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    late, other = labelled(phone.owner, "TERN"), labelled(phone.owner, "Gannet")
    phone.patch(f"/vessels/{vessel_id}", {"name": "Puffin"})
    late.refresh_from_db()
    other.refresh_from_db()
    assert (str(late.vessel_id), late.vessel_label) == (vessel_id, "Puffin")
    assert (other.vessel_id, other.vessel_label) == (None, "Gannet")


def test_an_inspection_gets_no_vessel_of_another_owner(phone, stranger):
    Phone.of(stranger).add_vessel("Tern")
    row = labelled(phone.owner, "Tern")
    sweep()
    row.refresh_from_db()
    assert row.vessel.owner == phone.owner
