"""Test the hooks of the apps above: called in the transaction of what happened, and only for their mode."""

import pytest

from inspections.lifecycle import failures, hooks
from testing.factories import InspectionFactory

pytestmark = pytest.mark.django_db


def test_a_deletion_is_announced_after_it_is_written_and_only_in_its_mode(owner, monkeypatch):
    deleted = []

    def note(inspection):
        inspection.refresh_from_db()
        deleted.append((inspection.pk, inspection.deleted_at is not None))

    monkeypatch.setitem(hooks._on_deletion, "corrosion", [note])
    corrosion, osmosis = (InspectionFactory.create(owner=owner, mode=mode) for mode in ("corrosion", "osmosis"))
    failures.delete(osmosis)
    failures.delete(corrosion)
    assert deleted == [(corrosion.pk, True)]


def test_a_failing_listener_leaves_the_inspection_undeleted(owner, monkeypatch):
    class Killed(BaseException):
        pass

    def die(inspection):
        raise Killed

    monkeypatch.setitem(hooks._on_deletion, "corrosion", [die])
    inspection = InspectionFactory.create(owner=owner, mode="corrosion")
    with pytest.raises(Killed):
        failures.delete(inspection)
    inspection.refresh_from_db()
    assert inspection.deleted_at is None
