"""Test which parameters filter, search and sort a staff list: only shown columns, none of the hidden ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse

from accounts.models import Device, PasswordReset, Session, StepUp, User
from billing.models import ProviderEvent
from maretech.common.staff.object_actions import ReadOnlyAdmin

pytestmark = pytest.mark.django_db

REGISTRY: list[tuple[type[models.Model], Any]] = sorted(
    admin.site._registry.items(), key=lambda each: each[0]._meta.label
)
NAMES = [model._meta.label for model, _ in REGISTRY]
LOOKUPS = ("startswith", "regex", "gt", "icontains", "in", "lt", "exact", "isnull", "range")
# Columns that no staff page may filter, search or sort by: each answer would reveal a part of their content.
SECRETS = {
    (User, "password"),
    (Session, "refresh_id"),
    (Session, "previous_refresh_id"),
    (Device, "push_token"),
    (Device, "endpoint"),
    (Device, "p256dh"),
    (Device, "auth"),
    (PasswordReset, "code_hash"),
    (StepUp, "code_hash"),
    (ProviderEvent, "body"),
    (ProviderEvent, "headers"),
}

REFUSED = [
    "password__startswith=argon2",
    "password=x",
    "user__password__startswith=argon2",
    "owner__password__startswith=argon2",
    "owner__password__gt=a",
    "staff__password__regex=.",
    "order__owner__password__startswith=a",
    "transaction__owner__password__startswith=a",
    "inspection__owner__password__startswith=a",
    "devices__push_token__startswith=E",
    "user__devices__push_token__startswith=E",
    "owner__devices__push_token__startswith=E",
    "password_resets__code_hash__startswith=a",
    "push_token__startswith=E",
    "endpoint__startswith=h",
    "devices__auth__startswith=a",
    "body__startswith=a",
    "headers__icontains=a",
    "refresh_id__gt=00000000-0000-0000-0000-000000000000",
    "otp_static__token=x",
    "totpdevice__key__startswith=3",
    "staticdevice__token_set__token__startswith=3",
    "email__startswith=a",
    "id__gt=0",
    "pk__in=1",
]


def columns(model: type[models.Model], *, deep: int = 2) -> Iterator[tuple[str, type[models.Model], str]]:
    """Return every column that Django can reach from the model, forwards and backwards: path, its model, its name."""
    for field in model._meta.get_fields():
        if field.is_relation:
            if deep and field.related_model and isinstance(field.related_model, type):
                for path, owner, column in columns(field.related_model, deep=deep - 1):
                    yield f"{field.name}__{path}", owner, column
        else:
            yield field.name, model, field.name


def test_every_listed_secret_is_a_column() -> None:
    for model, name in SECRETS:
        assert model._meta.get_field(name)


@pytest.mark.parametrize(("model", "page"), REGISTRY, ids=NAMES)
def test_only_offered_parameters_filter_a_list(model: type[models.Model], page: Any, rf: Any) -> None:
    assert isinstance(page, ReadOnlyAdmin)
    request = rf.get("/")
    offered = page._offered_filters(request) | set(page.linked_filters)
    paths = list(columns(model))
    assert len(paths) > 3
    for path, owner, column in paths:
        for lookup in LOOKUPS:
            name = f"{path}__{lookup}"
            assert page.lookup_allowed(name, "x", request) is (name in offered), name
            assert not (page.lookup_allowed(name, "x", request) and (owner, column) in SECRETS), name
        assert not (page.lookup_allowed(path, "x", request) and (owner, column) in SECRETS), path


@pytest.mark.parametrize(("model", "page"), REGISTRY, ids=NAMES)
def test_a_list_refuses_other_parameters(boss: Any, model: type[models.Model], page: Any, subtests: Any) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for parameter in REFUSED:
        with subtests.test(parameter):
            assert boss.get(f"{address}?{parameter}").status_code == 400


def filters_of(page: Any) -> Iterator[tuple[Any, str | None]]:
    """Return each filter of a list: its class, and the path of its field unless it is one of ours."""
    for each in page.list_filter:
        if isinstance(each, type):
            yield each, None
        else:
            field, made_by = each if isinstance(each, tuple) else (each, admin.FieldListFilter.create)
            yield made_by, field


def expected_of(made_by: Any, path: str, model: type[models.Model], page: Any, request: Any) -> list[str]:
    """Return the parameters that a click on this filter puts into the address."""
    field = get_fields_from_path(model, path)[-1]
    return list(made_by(field, request, {}, model, page, field_path=path).expected_parameters())


@pytest.mark.parametrize(("model", "page"), REGISTRY, ids=NAMES)
def test_the_filters_of_a_list_work(boss: Any, rf: Any, model: type[models.Model], page: Any) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    request = rf.get(address)
    request.user = User.objects.get(email="boss@example.org")
    for filter_class, field in filters_of(page):
        expected = (
            filter_class(request, {}, model, page).expected_parameters()
            if field is None
            else expected_of(filter_class, field, model, page, request)
        )
        for name in expected:
            assert page.lookup_allowed(name, "x", request), name
            value = "True" if name.endswith(("isnull", "isempty")) else "1"
            assert boss.get(address, {name: value}).status_code in (200, 302), name
    if page.date_hierarchy:
        assert boss.get(address, {f"{page.date_hierarchy}__year": "2026"}).status_code == 200


@pytest.mark.parametrize(("model", "page"), REGISTRY, ids=NAMES)
def test_no_list_searches_sorts_or_shows_a_secret(model: type[models.Model], page: Any, rf: Any) -> None:
    searched = [name.lstrip("^=@") for name in page.search_fields]
    sorted_by = [column for name in page.list_display for column in ordering_of(model, page, name)]
    by_default = [str(getattr(each, "expression", each)) for each in page.get_ordering(rf.get("/"))]
    for path in [*searched, *sorted_by, *by_default, page.date_hierarchy or "pk"]:
        assert column_of(model, path.lstrip("-")) not in SECRETS, path
    shown = page.fields or [name for name, owner, _ in columns(model, deep=0)]
    flat = [name for each in shown for name in (each if isinstance(each, list | tuple) else [each])]
    for name in [*flat, *page.list_display]:
        assert column_of(model, name) not in SECRETS, name


def ordering_of(model: type[models.Model], page: Any, name: str) -> list[str]:
    """Return the ordering that a click on this column's head requests."""
    shown = getattr(page, name, None) or getattr(model, name, None)
    order = getattr(shown, "admin_order_field", None)
    return [str(order)] if order else [name]


def column_of(model: type[models.Model], path: str) -> tuple[type[models.Model] | None, str]:
    *relations, last = path.split("__")
    for name in relations:
        try:
            found = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return None, path
        if not isinstance(found, type):
            return model, name
        model = found
    return model, last


def test_autocomplete_offers_no_search(boss: Any) -> None:
    """Only a field offered with autocomplete enables it, and no page has one; it searches only `search_fields`."""
    for model, page in REGISTRY:
        assert not page.autocomplete_fields, model
    sent = {"app_label": "accounts", "model_name": "user", "field_name": "password", "term": "argon2"}
    assert boss.get("/admin/autocomplete/", sent).status_code == 403


def test_a_column_is_found_through_relations() -> None:
    """The control of the tests above."""
    assert column_of(Device, "user__password") == (User, "password")
    assert ("user__password", User, "password") in columns(Device)
