"""Test the admin page of every table: all times shown, links stay with one owner, runbooks name real menus."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.db.models import DateTimeField, JSONField
from django.urls import reverse

from accounts.staff.audit import record_staff_action
from maretech.common.staff.object_actions import StaffPageAdmin
from testing.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db
RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
# Names of menus at providers.
ELSEWHERE = {"Developers → Events"}
OURS = [page for model, page in admin.site._registry.items() if model.__module__.split(".")[0] != "django"]


def flat(fields) -> set[str]:
    """Return the names in `fields`, including those grouped in a tuple."""
    return {name for entry in fields for name in ([entry] if isinstance(entry, str) else entry)}


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.opts.label)
def test_every_time_of_a_row_is_on_its_page(page, rf):
    shown = set()
    for _, options in page.get_fieldsets(rf.get("/")):
        shown |= flat(options["fields"])
    times = {field.name for field in page.opts.concrete_fields if isinstance(field, DateTimeField)}
    assert times <= shown


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.opts.label)
def test_no_list_shows_json(page):
    json = {field.name for field in page.opts.concrete_fields if isinstance(field, JSONField)}
    assert not json.intersection(page.list_display)


def test_the_inspections_of_an_owner_are_only_theirs(desk):
    anna, joanna = UserFactory.create(email="anna@example.org"), UserFactory.create(email="joanna@example.org")
    mine, _ = InspectionFactory.create(owner=anna), InspectionFactory.create(owner=joanna)
    page = desk.get(f"/admin/accounts/user/{anna.pk}/change/").content.decode()
    link = re.search(r'href="(/admin/inspections/inspection/[^"]*)"', page)[1]
    assert list(desk.get(link).context["cl"].queryset) == [mine]


def test_the_page_of_an_owner_links_to_every_table_about_them(desk, owner):
    page = desk.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    links = re.findall(rf'<li><a href="(/admin/[^"]*{owner.pk}[^"]*)"', page)
    assert len(links) >= 9
    assert {desk.get(link).status_code for link in links} == {200}
    assert all("e=1" not in desk.get(link).request["QUERY_STRING"] for link in links)


def test_recent_actions_are_those_of_the_viewer(desk, staff, owner):
    record_staff_action(staff=staff, action="grant_credit", subject=owner, reason="a gift")
    record_staff_action(staff=UserFactory.create(is_staff=True), action="requeue", subject=owner, reason="broken")
    page = desk.get(reverse("admin:index")).content.decode()
    assert "grant_credit" in page
    assert "requeue" not in page


def test_runbooks_name_existing_menus_and_actions():
    menus = {str(model._meta.verbose_name_plural).capitalize() for model in admin.site._registry}
    acts = {action.label for page in OURS if isinstance(page, StaffPageAdmin) for action in page.object_actions}
    named = {
        (file.name, name)
        for file in RUNBOOKS.glob("*.md")
        for name in re.findall(r"(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)", file.read_text())
    }
    assert named
    assert not {(file, name) for file, name in named if name not in menus | acts | ELSEWHERE}
