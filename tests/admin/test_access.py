"""Test who may enter the admin, and that its pages change nothing."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import StaffAction
from accounts.staff.permissions import support_group
from billing.catalogue.products import product_in_force
from inspections.models import CapturePolicy
from tests.conftest import ACTS, browser
from tests.inspections.admin.states import completed, page, technically_failed

pytestmark = pytest.mark.django_db

LISTS = (
    "inspections/inspection",
    "inspections/capturepolicy",
    "inspections/missingobject",
    "inspections/shadowresult",
    "billing/dispute",
    "billing/entitlement",
    "billing/finding",
    "billing/ledgerentry",
    "billing/ledgertransaction",
    "billing/order",
    "billing/payee",
    "billing/payeepayout",
    "billing/payeeshare",
    "billing/payout",
    "billing/product",
    "billing/providerevent",
    "billing/reconciliation",
    "billing/refundrequest",
    "billing/stepuprule",
    "billing/subscription",
    "corrosion/comparison",
    "corrosion/maintenance",
    "corrosion/reminder",
    "corrosion/supersededanswer",
    "surveys/appointment",
    "surveys/appointmentdispute",
    "surveys/checkin",
    "surveys/place",
    "surveys/review",
    "surveys/slot",
    "surveys/surveyor",
)


def test_a_file_in_a_form_is_not_read(rf):
    request = rf.post("/admin/login/", {"before": "read", "file": SimpleUploadedFile("big.bin", b"x" * 5_000_000)})
    assert request.POST.dict() == {"before": "read"}
    assert not request.FILES
    assert request.META["wsgi.input"].read(1)


@pytest.mark.parametrize("path", LISTS)
def test_an_owner_and_an_anonymous_caller_are_sent_to_the_login(path, owner):
    for client in (Client(), browser(owner)):
        answer = client.get(f"/admin/{path}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next=/admin/{path}/")


@pytest.mark.parametrize("path", LISTS)
def test_support_can_view_every_list(path, support):
    technically_failed()
    assert support.get(f"/admin/{path}/").status_code == 200
    assert support.get(f"/admin/{path}/?q=owner").status_code == 200


def test_support_can_view_an_inspection(support):
    assert support.get(page(completed())).status_code == 200


def test_a_superuser_cannot_write_past_the_rules(boss):
    inspection = completed()
    policy = CapturePolicy.objects.latest("pk")
    for path in (
        f"inspections/inspection/{inspection.pk}/change/",
        f"inspections/inspection/{inspection.pk}/delete/",
        "inspections/inspection/add/",
        "corrosion/maintenance/add/",
        "corrosion/reminder/add/",
        "corrosion/supersededanswer/add/",
        f"inspections/capturepolicy/{policy.pk}/change/",
        f"inspections/capturepolicy/{policy.pk}/delete/",
        f"billing/entitlement/{inspection.owner_id}/change/",
        f"billing/entitlement/{inspection.owner_id}/delete/",
        "billing/entitlement/add/",
        "billing/ledgerentry/add/",
        "billing/ledgertransaction/add/",
        "billing/dispute/add/",
        "billing/order/add/",
        "billing/payee/add/",
        "billing/payeepayout/add/",
        "billing/payeeshare/add/",
        "billing/refundrequest/add/",
        "billing/product/add/",
        "billing/providerevent/add/",
        "billing/subscription/add/",
        "surveys/appointment/add/",
        "surveys/appointmentdispute/add/",
        "surveys/checkin/add/",
        "surveys/place/add/",
        "surveys/review/add/",
        "surveys/slot/add/",
    ):
        assert boss.post(f"/admin/{path}", {"post": "yes", "mode": "osmosis"}).status_code == 403, path


def test_only_the_inbox_has_a_bulk_action(boss, rf):
    ours = [
        table
        for table in admin.site._registry.values()
        if table.opts.app_label in ("inspections", "billing", "surveys")
    ]
    assert [(table.opts.model_name, table.actions) for table in ours if table.actions is not None] == [
        ("providerevent", ("replay_many",))
    ]


@pytest.mark.parametrize("path", [path for path in LISTS if path != "billing/providerevent"])
def test_a_list_accepts_no_post(path, boss):
    assert boss.post(f"/admin/{path}/", {"action": "delete_selected", "post": "yes"}).status_code == 403


def test_this_file_tests_every_list_of_these_apps():
    apps = ("inspections", "billing", "corrosion", "surveys")
    ours = [table.opts for table in admin.site._registry.values() if table.opts.app_label in apps]
    assert {f"{opts.app_label}/{opts.model_name}" for opts in ours} == set(LISTS)


def test_the_support_group_has_every_tested_permission():
    assert set(ACTS) <= set(support_group().permissions.values_list("codename", flat=True))


def test_an_onlooker_is_offered_no_action_and_every_one_is_refused(onlooker):
    inspection = technically_failed()
    reason = {"reason": "please"}
    for path, payload in (
        (f"inspections/inspection/{inspection.pk}/act/requeue/", reason),
        (f"billing/entitlement/{inspection.owner_id}/act/set_mock_osmosis_pass/", reason | {"standing": "yes"}),
        (
            f"billing/entitlement/{inspection.owner_id}/act/set_mock_corrosion_subscription/",
            reason | {"plan": "yearly"},
        ),
        ("inspections/capturepolicy/add/?mode=corrosion", reason),
        (f"billing/product/{product_in_force('osmosis_inspection').pk}/act/add_version/", reason | {"price_minor": 1}),
    ):
        assert onlooker.get(f"/admin/{path}").status_code == 403
        assert onlooker.post(f"/admin/{path}", payload).status_code == 403
    assert not StaffAction.objects.exists()
    assert "/act/" not in onlooker.get(page(inspection)).content.decode()
    assert "/act/" not in onlooker.get(f"/admin/billing/entitlement/{inspection.owner_id}/change/").content.decode()


def test_an_unknown_row_and_an_unknown_action_are_not_found(desk):
    inspection = technically_failed()
    assert desk.get(f"/admin/inspections/inspection/{inspection.pk}/act/delete/").status_code == 404
    assert desk.get(f"/admin/inspections/inspection/{inspection.owner_id}/act/requeue/").status_code == 404
    assert desk.get("/admin/inspections/inspection/nonsense/act/requeue/").status_code == 404
    assert desk.get("/admin/billing/entitlement/nonsense/act/set_mock_osmosis_pass/").status_code == 404
