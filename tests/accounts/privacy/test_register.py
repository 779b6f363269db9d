"""Test that the register of personal data lists every table and every text that is retained."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.models import User
from accounts.privacy.register import PersonalData, registered, textual_fields

OURS = (
    "accounts",
    "notifications",
    "billing",
    "vessels",
    "inspections",
    "corrosion",
    "osmosis",
    "dossiers",
    "surveys",
    "common",
)
TABLES = [model for model in apps.get_models() if model._meta.app_label in OURS]


def names(data: PersonalData) -> list[type[models.Model]]:
    return [*data.erased, *data.retained, *data.impersonal]


def points_at(model: type[models.Model], target: type[models.Model], seen: frozenset = frozenset()) -> bool:
    """Return whether a chain of references leads from one table to the other."""
    relations = [field for field in model._meta.concrete_fields if field.is_relation]
    return any(
        field.related_model is target
        or (field.related_model not in seen and points_at(field.related_model, target, seen | {model}))
        for field in relations
    )


def test_the_register_lists_the_apps_in_order_of_dependence():
    assert [data.app for data in registered()] == [
        "accounts",
        "notifications",
        "billing",
        "vessels",
        "inspections",
        "corrosion",
        "osmosis",
        "dossiers",
        "surveys",
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.label)
def test_every_table_is_registered_exactly_once(table):
    assert [data.app for data in registered() for name in names(data) if name is table] == [
        "accounts" if table._meta.app_label == "common" else table._meta.app_label
    ]


def test_no_table_with_a_reference_to_a_user_is_registered_as_impersonal():
    assert not [table for data in registered() for table in data.impersonal if points_at(table, User)]


@pytest.mark.parametrize(
    "table", [table for data in registered() for table in data.retained], ids=lambda one: one._meta.label
)
def test_every_retained_text_has_a_reason(table):
    (reasons,) = (data.retained[table] for data in registered() if table in data.retained)
    assert sorted(textual_fields(table)) == sorted(reasons)
    assert all(reasons.values())


def test_foreign_tables_are_deleted_with_the_row_of_the_user():
    """Tables that are not ours are found only by their references to the user."""
    others = [model for model in apps.get_models() if model._meta.app_label not in OURS]
    hanging = [
        field
        for model in others
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    ]
    assert hanging
    assert not [field for field in hanging if field.remote_field.on_delete is not models.CASCADE]
    assert settings.AUTH_USER_MODEL == "accounts.User"
