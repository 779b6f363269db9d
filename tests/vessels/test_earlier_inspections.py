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
    """Create an inspection as the release before did: with a label, and without a vessel."""
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
    rows = {labelled(whose, label): label for whose in (owner, stranger) for each in NAMES.values() for label in each}
    migrate()
    for whose in (owner, stranger):
        assert set(whose.vessels.values_list("name_key", flat=True)) == NAMES.keys()
        assert {key: len(ids) for key, ids in vessels_by_key(whose).items()} == dict.fromkeys(NAMES, 1)
    for inspection, label in rows.items():
        inspection.refresh_from_db()
        assert (inspection.vessel_label, inspection.vessel.owner) == (label, inspection.owner)


def test_a_vessel_is_spelled_and_dated_as_its_first_inspection(owner):
    now = timezone.now()
    for days, label in ((10, "TERN"), (30, "Tern"), (20, "tern")):
        labelled(owner, label, created_at=now - timedelta(days=days))
    migrate()
    vessel = Vessel.objects.get()
    assert (vessel.name, vessel.created_at) == ("Tern", now - timedelta(days=30))


def test_the_migration_may_run_again_and_after_vessels_were_added(owner):
    vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
    first = labelled(owner, "TERN")
    migrate()
    later = labelled(owner, "tern")
    migrate()
    migrate()
    assert set(Inspection.objects.values_list("pk", "vessel")) == {(first.pk, vessel.pk), (later.pk, vessel.pk)}
    assert Vessel.objects.count() == 1


def test_the_migration_makes_no_vessel_of_what_is_deleted(owner):
    labelled(owner, "Tern", deleted_at=timezone.now())
    migrate()
    assert not Vessel.objects.exists()


def test_a_label_that_is_too_long_in_nfc_does_not_stop_the_migration(owner):
    row = labelled(owner, "\u0958" * 120)
    migrate()
    row.refresh_from_db()
    assert (len(row.vessel.name), len(row.vessel_label)) == (120, 120)


def test_the_sweep_gives_what_the_release_before_opened_its_vessel(owner):
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


def test_the_sweep_takes_a_used_vessel_out_of_the_archive(owner):
    vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
    Vessel.objects.update(archived_at=timezone.now())
    labelled(owner, "Tern")
    sweep()
    vessel.refresh_from_db()
    assert vessel.archived_at is None


def test_the_sweep_leaves_deleted_inspections_alone(owner):
    labelled(owner, "Tern", deleted_at=timezone.now())
    sweep()
    assert not Vessel.objects.exists()


def test_one_that_fails_keeps_no_other_from_its_vessel(owner, monkeypatch):
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


def test_returned_by_an_opening_it_gets_its_vessel_at_once(phone):
    row = labelled(phone.owner, "Tern", access="free")
    answer = phone.post("/inspections", {"mode": "corrosion", "vessel_label": "Gannet"})
    assert (answer.status_code, answer.json()["inspection_id"]) == (200, str(row.pk))
    row.refresh_from_db()
    assert row.vessel.name == "Tern"
    assert Vessel.objects.count() == 1


def test_until_the_sweep_its_vessel_is_shown_as_null(phone):
    row = labelled(phone.owner, "Tern")
    shown = phone.get(f"/inspections/{row.pk}").json()
    assert (shown["vessel_id"], shown["vessel_label"]) == (None, "Tern")


def test_a_new_name_reaches_what_the_sweep_has_not(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    late, other = labelled(phone.owner, "TERN"), labelled(phone.owner, "Gannet")
    phone.patch(f"/vessels/{vessel_id}", {"name": "Puffin"})
    late.refresh_from_db()
    other.refresh_from_db()
    assert (str(late.vessel_id), late.vessel_label) == (vessel_id, "Puffin")
    assert (other.vessel_id, other.vessel_label) == (None, "Gannet")


def test_it_belongs_to_no_vessel_of_another_owner(phone, stranger):
    Phone.of(stranger).add_vessel("Tern")
    row = labelled(phone.owner, "Tern")
    sweep()
    row.refresh_from_db()
    assert row.vessel.owner == phone.owner
