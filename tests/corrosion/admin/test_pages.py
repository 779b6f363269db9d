"""Test the staff pages of maintenance, superseded answers and timelines, and the links between them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import serializers

from corrosion.models import Comparison, Maintenance, SupersededAnswer
from testing.factories import maintenance_of
from tests.corrosion.timeline.boats import FIRST_DAY, finished, maintain, photo, timeline, visits_of

pytestmark = pytest.mark.django_db
CLEAN, RUSTY = photo(0.05), photo(0.2)


@pytest.fixture
def repainted(subscriber, owner, predictor):
    """A vessel with one step, which was computed again because of maintenance."""
    visits_of(owner, [CLEAN, RUSTY])
    finished(subscriber)
    maintain(subscriber, FIRST_DAY + timedelta(days=3), note="two coats")
    finished(subscriber)
    return Comparison.objects.get()


def page_of(desk, row) -> str:
    answer = desk.get(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def address(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def listed(desk, page: str, table: str) -> list:
    [link] = re.findall(rf'href="(/admin/corrosion/{table}/\?[^"]*)"', page)
    return list(desk.get(link).context["cl"].queryset)


def test_owner_vessel_and_maintenance_lead_to_each_other(desk, owner, repainted):
    row = Maintenance.objects.get()
    maintenance_of(owner)
    page = page_of(desk, row)
    assert address(owner) in page
    assert address(row.vessel) in page
    assert listed(desk, page_of(desk, row.vessel), "maintenance") == [row]
    assert row in listed(desk, page_of(desk, owner), "maintenance")


def test_comparison_inspections_and_earlier_answers_lead_to_each_other(desk, owner, repainted):
    kept = SupersededAnswer.objects.get()
    page = page_of(desk, repainted)
    for row in (repainted.before, repainted.after, owner, repainted.before.vessel):
        assert address(row) in page
    assert listed(desk, page, "supersededanswer") == [kept]
    earlier = page_of(desk, kept)
    for row in (repainted, repainted.before, repainted.after, owner):
        assert address(row) in earlier
    links = re.findall(r'href="(/admin/corrosion/comparison/\?[^"]*)"', page_of(desk, repainted.after))
    found = [list(desk.get(link).context["cl"].queryset) for link in links]
    assert found == [[repainted], []]


def test_maintenance_is_found_by_vessel_and_owner(desk, owner, repainted):
    row = Maintenance.objects.get()
    for words in ("tern", owner.email, str(row.vessel_id)):
        assert list(desk.get("/admin/corrosion/maintenance/", {"q": words}).context["cl"].queryset) == [row]


def test_the_timeline_of_a_vessel_shows_chart_and_table(desk, repainted):
    vessel = repainted.before.vessel
    [link] = re.findall(r'href="(/admin/corrosion/maintenance/timeline/[^"]*)"', page_of(desk, vessel))
    answer = desk.get(link)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert "maintenance_between" in text
    assert "two coats" in text
    for row in (repainted.before, repainted.after, vessel):
        assert address(row) in text
    assert "style=" not in re.search(r"<svg.*</svg>", text, re.DOTALL)[0]


def test_looking_at_a_timeline_changes_nothing(desk, subscriber, owner, broker):
    visits_of(owner, [CLEAN, RUSTY])
    Comparison.objects.all().delete()
    maintenance_of(owner)
    vessel = owner.vessels.get(name="Tern")
    before = serializers.serialize("json", Maintenance.objects.all())
    assert "still being computed" in desk.get(f"/admin/corrosion/maintenance/timeline/{vessel.pk}/").content.decode()
    assert not Comparison.objects.exists()
    assert serializers.serialize("json", Maintenance.objects.all()) == before
    assert broker == []
    assert timeline(subscriber)["pending"]


def test_the_timeline_page_escapes_what_owners_typed(desk, subscriber, owner):
    visits_of(owner, [CLEAN], vessel_label="<script>alert(1)</script>")
    vessel = owner.vessels.get()
    text = desk.get(f"/admin/corrosion/maintenance/timeline/{vessel.pk}/").content.decode()
    assert "<script>alert" not in text


def test_the_timeline_page_needs_a_permission_and_a_vessel(client, desk, staff, owner, repainted):
    path = f"/admin/corrosion/maintenance/timeline/{repainted.before.vessel_id}/"
    assert client.get(path).status_code == 302
    assert desk.get(f"/admin/corrosion/maintenance/timeline/{uuid4()}/").status_code == 404
    staff.user_permissions.clear()
    assert desk.get(path).status_code == 403
