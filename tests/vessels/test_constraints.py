"""Test the database constraints of vessels."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from testing.factories import InspectionFactory, VesselFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"name": "", "name_key": "tern"}, "a_vessel_with_a_name_has_its_key"),
        ({"name": "Tern", "name_key": ""}, "a_vessel_with_a_name_has_its_key"),
        ({"hull_material": "gold"}, "hull_material_is_known"),
        ({"length_m": 0.5}, "a_vessel_is_as_long_as_a_boat"),
        ({"length_m": 501}, "a_vessel_is_as_long_as_a_boat"),
        ({"built_year": 1799}, "a_vessel_was_built_in_our_time"),
        ({"built_year": 2101}, "a_vessel_was_built_in_our_time"),
    ],
)
def test_a_wrong_value_is_refused(wrong: dict[str, Any], constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        VesselFactory.create(**wrong)


def test_an_owner_has_one_vessel_of_a_name_and_one_without(owner, stranger):
    for name in ("Tern", ""):
        VesselFactory.create(owner=owner, name=name)
        VesselFactory.create(owner=stranger, name=name)
        with pytest.raises(IntegrityError), transaction.atomic():
            VesselFactory.create(owner=owner, name=name.upper())


def test_the_database_refuses_to_delete_a_vessel_with_an_inspection(owner):
    inspection = InspectionFactory.create(owner=owner)
    with pytest.raises(ProtectedError), transaction.atomic():
        inspection.vessel.delete()
