"""Test that each list which can be filtered by a row is linked to from the page of that row."""

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from accounts.models import User
from corrosion.models import Comparison
from notifications.notify import notify
from notifications.vocabulary import KindName
from testing.dossiers import draft_of
from testing.factories import InspectionFactory, VesselFactory
from testing.surveys import slot_of, surveyor_in

pytestmark = pytest.mark.django_db
BY_ID = "__id__exact"


LINKED = [
    (model, lookup) for model, page in admin.site._registry.items() for lookup in getattr(page, "linked_filters", ())
]


def named_table(model: type[models.Model], lookup: str) -> type[models.Model]:
    """Return the table of the rows that a parameter of the model's list names."""
    if not lookup.endswith(BY_ID):
        return User  # the subject of a staff action
    for name in lookup.removesuffix(BY_ID).split("__"):
        model = model._meta.get_field(name).related_model
    return model


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def rows(owner) -> dict[type[models.Model], models.Model]:
    vessel = VesselFactory.create(owner=owner, name="Tern", name_key="tern")
    before, after = InspectionFactory.create_batch(2, owner=owner, completed=True, vessel=vessel)
    security = notify(
        kind=KindName.SECURITY, recipient=owner, event_key="security:1", data={}, variant="password_changed"
    )
    assert security is not None
    comparison = Comparison.objects.create(before=before, after=after, rule_version="x")
    surveyor = surveyor_in()
    rows = (owner, vessel, after, comparison, security, draft_of(owner), surveyor, slot_of(surveyor))
    return {type(row): row for row in rows}


@pytest.mark.parametrize(("model", "lookup"), LINKED, ids=lambda value: getattr(value, "__name__", value))
def test_a_row_links_to_each_list_that_it_filters(boss, rows, model, lookup):
    table = named_table(model, lookup)
    page = boss.get(address(table, "change", rows[table].pk))
    link = f"{address(model, 'changelist')}?{lookup}={rows[table].pk}"
    assert f'href="{link}"' in page.content.decode()
    assert boss.get(link).status_code == 200
