"""Test what an export and an erasure do with comparisons and maintenance."""

from datetime import timedelta

import pytest

from corrosion.models import Comparison, Maintenance, SupersededAnswer
from inspections.models import Inspection
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in
from tests.corrosion.timeline.boats import FIRST_DAY, finished, maintain, photo, visits_of

pytestmark = pytest.mark.django_db
CLEAN, RUSTY, RUSTIER = (photo(rust) for rust in (0.05, 0.2, 0.35))


def test_the_export_has_ones_own_maintenance(subscriber, owner, stranger):
    visits_of(stranger, [CLEAN])
    visits_of(owner, [CLEAN])
    Maintenance.objects.create(vessel=stranger.vessels.get(), kind="painted", performed_on=FIRST_DAY)
    noted = maintain(subscriber, FIRST_DAY, points=[2], note="aft")
    [stored] = json_in(exported(subscriber), "corrosion/maintenance.json")
    assert stored.pop("created_at")[:19] == noted.pop("created_at")[:19]
    assert stored == {name: noted[name] for name in noted if name != "vessel_label"}


def test_the_export_holds_no_answer_across_maintenance_as_a_current_one(subscriber, owner, predictor):
    visits_of(owner, [RUSTY, CLEAN])
    finished(subscriber)
    Maintenance.objects.create(vessel=owner.vessels.get(), kind="painted", performed_on=FIRST_DAY + timedelta(days=3))
    assert "corrosion/comparisons.json" not in exported(subscriber).namelist()


def test_an_erasure_leaves_no_comparison_and_no_maintenance(subscriber, owner, stranger, predictor):
    """The inspections go one by one; none of those that are left is compared with another."""
    [kept, *_] = visits_of(stranger, [CLEAN, RUSTY])
    Maintenance.objects.create(vessel=kept.vessel, kind="painted", performed_on=FIRST_DAY)
    visits_of(owner, [CLEAN, RUSTY, RUSTIER, CLEAN])
    finished(subscriber)
    maintain(subscriber, FIRST_DAY + timedelta(days=3))
    receipt = erase(subscriber)
    assert receipt.done_at is not None
    assert receipt.counts["corrosion"] == {
        "comparisons": 6,
        "earlier answers of comparisons": 3,
        "maintenance": 1,
        "reminders": 0,
    }
    assert set(Comparison.objects.values_list("before__owner", flat=True)) == {stranger.pk}
    assert not SupersededAnswer.objects.exists()
    assert Maintenance.objects.get().vessel == kept.vessel
    assert not Inspection.objects.filter(owner=owner, deleted_at=None).exists()
