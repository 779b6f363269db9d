"""Test that the admin has no dead link, and that every refusal there is a page."""

import pytest
from django.contrib import admin
from django.db import OperationalError
from django.test import Client

from accounts.models import Session
from accounts.staff.audit import record_staff_action
from billing.models import LedgerEntry
from testing.factories import UserFactory
from testing.phone import Phone
from tests.billing.admin.states import bought
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(owner) -> list:
    """One row of each table that once had a link to a history on its page."""
    bought(owner)
    act = record_staff_action(staff=UserFactory.create(is_staff=True), action="look", subject=owner, reason="a look")
    Phone.of(owner)
    return [owner, act, LedgerEntry.objects.latest("pk"), Session.objects.latest("pk")]


def address(row, view: str) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{view}/"


def test_no_page_links_to_the_empty_django_history(boss, rows):
    for row in rows:
        answer = boss.get(address(row, "change"))
        assert answer.status_code == 200, row
        assert "/history/" not in answer.content.decode(), row
        assert_page(boss.get(address(row, "history")), 404, "Not found")


def test_no_table_has_the_history_view_of_django():
    tables = [table for table in admin.site._registry.values() if table.change_form_template is None]
    assert tables, "those are what the template in maretech/common is for"
    assert all(type(table).history_view is not admin.ModelAdmin.history_view for table in admin.site._registry.values())


def assert_page(answer, status: int, title: str) -> None:
    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{title}</h1>" in text
    assert "staff.css" in text
    assert "error_code" not in text
    assert answer["X-Request-ID"] in text


@pytest.mark.parametrize("path", ["nothing/", "billing/order", "billing/nothing/", "billing/order/x/nothing/at/all"])
def test_a_missing_admin_address_shows_a_page(boss, path):
    answer = boss.get(f"/admin/{path}", follow=True)
    if answer.status_code != 200:  # the first page shows a message about a missing row
        assert_page(answer, 404, "Not found")
        assert "boss@example.org" in answer.content.decode()


def test_an_unknown_filter_shows_a_page(boss):
    assert_page(boss.get("/admin/accounts/user/?password__startswith=a"), 400, "Not understood")


def test_a_forbidden_action_shows_a_page(onlooker, boss):
    policies = "/admin/inspections/capturepolicy/add/?mode=corrosion"
    assert_page(onlooker.get(policies), 403, "Not allowed")
    assert_page(boss.post("/admin/billing/order/", {}), 403, "Not allowed")


def test_a_form_without_its_csrf_token_shows_a_page():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a@example.org"})
    assert answer.status_code == 403
    assert "<h1>Send it again</h1>" in answer.content.decode()
    assert "staff.css" in answer.content.decode()


def test_a_crashed_page_shows_an_error_page_without_the_database(boss, monkeypatch):
    boss.raise_request_exception = False

    def down(*_: object, **__: object) -> None:
        raise OperationalError("secret")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", down)
    answer = boss.get("/admin/billing/order/")
    assert_page(answer, 500, "Something went wrong")
    assert b"secret" not in answer.content


def test_errors_outside_the_admin_have_the_one_error_shape(client):
    for path in ("/nothing", "/v1/nothing", "/administration", "/checkout/nothing"):
        refused(client.get(path, HTTP_ACCEPT="text/html"), 404, "NOT_FOUND")
