"""Test that the demo can date a visit back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from inspections.models import Inspection
from testing.demo.dating import date_back
from testing.factories import AssetFactory, InspectionFactory, SlotFactory

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=100)


def test_the_times_of_one_visit_and_of_its_photos_move():
    visit, other = InspectionFactory.create_batch(2, completed=True)
    photo, awaited, of_other = (
        AssetFactory.create(slot=SlotFactory.create(inspection=visit), frozen=True),
        AssetFactory.create(slot=SlotFactory.create(inspection=visit, point_index=2)),
        AssetFactory.create(slot=SlotFactory.create(inspection=other), frozen=True),
    )
    date_back(str(visit.pk), days=100)
    for row, names in ((visit, ("created_at", "submitted_at", "finished_at")), (photo, ("uploaded_at",))):
        before = {name: getattr(row, name) for name in names}
        row.refresh_from_db()
        assert before == {name: getattr(row, name) + DAYS for name in names}
    for row, name in ((awaited, "uploaded_at"), (other, "created_at"), (of_other, "uploaded_at")):
        before = getattr(row, name)
        row.refresh_from_db()
        assert getattr(row, name) == before


def test_an_unknown_visit_is_refused():
    with pytest.raises(Inspection.DoesNotExist):
        date_back(str(uuid4()), days=1)
