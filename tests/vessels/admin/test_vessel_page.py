"""Test the staff pages of vessels: found by name, hull id and owner, and linked with owner and inspections."""

import re

import pytest

from testing.factories import InspectionFactory, UserFactory, VesselFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/vessels/vessel/"


def found(client, **query):
    return list(client.get(LIST, query).context["cl"].queryset)


def test_a_vessel_is_found_by_name_hull_id_owner_and_id(desk):
    anna = UserFactory.create(email="anna.sailor@example.org")
    wanted = VesselFactory.create(owner=anna, name="Nordlys", hull_id="DE-ABC12345D979")
    VesselFactory.create()
    for words in ("nordlys", "abc12345", "Anna.Sailor@example.org", str(wanted.pk)):
        assert found(desk, q=words) == [wanted]


def test_vessels_are_filtered_by_hull_material_and_archive(desk):
    steel = VesselFactory.create(hull_material="steel")
    VesselFactory.create(hull_material="grp")
    assert found(desk, hull_material__exact="steel") == [steel]
    assert found(desk, archived_at__isempty="0") == []


def test_an_owner_a_vessel_and_its_inspections_link_to_each_other(desk, owner):
    own = InspectionFactory.create(owner=owner, vessel_label="Tern")
    InspectionFactory.create(owner=owner, vessel_label="Gannet")
    page = desk.get(f"{LIST}{own.vessel_id}/change/").content.decode()
    assert f"/admin/accounts/user/{owner.pk}/change/" in page
    inspections = re.search(r'href="(/admin/inspections/inspection/\?[^"]*)"', page)[1]
    assert list(desk.get(inspections).context["cl"].queryset) == [own]
    assert (
        f"{LIST}{own.vessel_id}/change/" in desk.get(f"/admin/inspections/inspection/{own.pk}/change/").content.decode()
    )
    user = desk.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    vessels = re.search(rf'href="({LIST}\?[^"]*)"', user)[1]
    assert {row.name for row in desk.get(vessels).context["cl"].queryset} == {"Tern", "Gannet"}


def test_an_inspection_without_a_vessel_yet_has_a_page(desk):
    own = InspectionFactory.create(vessel=None)
    assert desk.get(f"/admin/inspections/inspection/{own.pk}/change/").status_code == 200


def test_the_unnamed_vessel_has_a_name_in_the_list(desk, owner):
    InspectionFactory.create(owner=owner)
    assert "unnamed vessel" in desk.get(LIST).content.decode()
