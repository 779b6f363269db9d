"""Test the export of vessels, and their erasure, also after the previous release erased the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Erasure, User
from accounts.privacy import register
from accounts.privacy.erasure import erase_again, recently_erased
from inspections.models import Inspection
from inspections.work.sweeper import sweep
from testing.factories import InspectionFactory, VesselFactory
from tests.accounts.privacy.full_account import erase, found
from tests.accounts.privacy.test_export import exported, json_in
from vessels.models import Vessel

pytestmark = pytest.mark.django_db


def test_the_export_has_each_vessel_with_its_details(phone, stranger):
    VesselFactory.create(owner=stranger)
    vessel = phone.add_vessel("Tern", length_m=9.5, home_port="Laboe")
    inspection_id = phone.complete(vessel_label="Tern")
    archive = exported(phone)
    [stored] = json_in(archive, "vessels/vessels.json")
    assert (stored["vessel_id"], stored["name"], stored["length_m"], stored["home_port"]) == (
        vessel["vessel_id"],
        "Tern",
        9.5,
        "Laboe",
    )
    [inspection] = json_in(archive, "corrosion/inspections.json")
    assert (inspection["inspection_id"], inspection["vessel_id"]) == (inspection_id, vessel["vessel_id"])


def test_an_owner_without_vessels_gets_no_file_about_them(phone):
    assert "vessels/vessels.json" not in exported(phone).namelist()


def test_an_erasure_leaves_no_vessel_and_counts_them(phone, stranger):
    stored = VesselFactory.create(owner=stranger)
    phone.add_vessel("Wilhelmine", home_port="Laboe")
    InspectionFactory.create(owner=phone.owner, vessel_label="Wilhelmine")
    receipt = erase(phone)
    assert receipt.done_at is not None
    assert receipt.counts["vessels"] == {"vessels": 1, "handovers to blank": 0}
    assert list(Vessel.objects.all()) == [stored]
    assert found("Wilhelmine", "Laboe") == []


def test_vessels_are_erased_even_if_inspections_fail_to_be(phone, monkeypatch):
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    data = register._registered["inspections"]
    monkeypatch.setitem(register._registered, "inspections", replace(data, erase=lambda _: 1 / 0))
    receipt = erase(phone)
    assert receipt.done_at is None
    assert not Vessel.objects.exists()
    assert User.objects.get(pk=phone.owner.pk).erased_at is not None


def test_vessels_that_the_previous_release_left_are_erased_at_night(phone, monkeypatch):
    """The previous release has no vessels: it deletes rows of its own tables, and never the row of the user."""
    own = InspectionFactory.create(owner=phone.owner, vessel_label="Wilhelmine")
    parts = dict(register._registered)
    parts["accounts"] = replace(parts["accounts"], erase=lambda _: None)
    del parts["vessels"]
    monkeypatch.setattr(register, "_registered", parts)  # an entry that is put back would be the last one
    receipt = erase(phone)
    Inspection.objects.filter(pk=own.pk).update(vessel=own.vessel)  # that release does not write the column
    assert receipt.done_at is not None
    assert Vessel.objects.exists()
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        erase_again(recently_erased())
    assert Erasure.objects.get().done_at is not None
    assert found("Wilhelmine") == []


def test_the_sweep_makes_no_vessel_for_an_erased_owner(phone):
    InspectionFactory.create(owner=phone.owner, vessel=None, vessel_label="Wilhelmine")
    erase(phone)
    sweep()
    assert not Vessel.objects.exists()
