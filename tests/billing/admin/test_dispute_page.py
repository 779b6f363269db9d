"""Test disputes: overdue ones come first, and every step requires a reason."""

from datetime import timedelta

import pytest

from accounts.models import StaffAction
from billing.models import Dispute, LedgerEntry
from tests.billing.admin.states import HOSTILE, decided, dispute
from tests.conftest import viewer_of_everything

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/dispute/"
STEPS = ("acknowledge", "triage", "answer", "log_attempt", "escalate")
LOGGED = {
    "acknowledge": "acknowledged",
    "triage": "triaged",
    "answer": "answered",
    "log_attempt": "attempt",
    "escalate": "escalated",
}


def page(case):
    return f"{LIST}{case.pk}/change/"


def step(client, case, name, **fields):
    return client.post(f"{LIST}{case.pk}/act/{name}/", {"reason": "called the bank"} | fields, follow=True)


def test_the_list_has_overdue_disputes_first_and_closed_ones_last(support, owner):
    closed = decided(dispute(owner, due=timedelta(hours=-9)))
    later = dispute(owner, due=timedelta(hours=20))
    late = dispute(owner, due=timedelta(hours=-1))
    soon = dispute(owner, due=timedelta(hours=2))
    latest = dispute(owner, due=timedelta(hours=-5))
    answer = support.get(LIST)
    assert list(answer.context["cl"].result_list) == [latest, late, soon, later, closed]
    assert answer.content.decode().count("acknowledge: overdue") == 2
    filtered = {name: set(support.get(LIST, {"deadline": name}).context["cl"].queryset) for name in ("overdue", "none")}
    assert filtered == {"overdue": {late, latest}, "none": {closed}}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_with_its_reason_and_logged(desk, staff, owner, name):
    case = dispute(owner)
    booked = LedgerEntry.objects.count()
    assert f"/act/{name}/" in desk.get(page(case)).content.decode()
    assert ": done." in step(desk, case, name).content.decode()
    logged = case.steps.get()
    assert (logged.what, logged.staff, logged.note) == (LOGGED[name], staff, "called the bank")
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason, action.subject_id) == (
        staff,
        name,
        "called the bank",
        str(case.pk),
    )
    assert LedgerEntry.objects.count() == booked
    assert "called the bank" in desk.get(page(case)).content.decode()


def test_the_colleague_who_acknowledges_a_dispute_is_assigned_to_it(desk, staff, owner):
    case, colleague = dispute(owner), viewer_of_everything("colleague@example.org")
    step(desk, case, "acknowledge")
    case.refresh_from_db()
    assert (case.assignee, case.acknowledged_at is not None) == (staff, True)
    step(desk, case, "assign", assignee=str(colleague.pk))
    case.refresh_from_db()
    assert case.assignee == colleague
    assert StaffAction.objects.latest("pk").detail == {"assignee": str(colleague.pk)}
    assert set(desk.get(LIST, {"assignee__id__exact": str(colleague.pk)}).context["cl"].queryset) == {case}


def test_a_dispute_is_assigned_only_to_staff_and_never_twice_to_one(desk, staff, owner):
    case = dispute(owner)
    assert "assignee" in step(desk, case, "assign", assignee=str(owner.pk)).context["form"].errors
    step(desk, case, "assign", assignee=str(staff.pk))
    again = step(desk, case, "assign", assignee=str(staff.pk))
    assert again.context["form"].non_field_errors() == ["This person already handles the dispute."]
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("name", ["acknowledge", "triage", "answer", "escalate"])
def test_a_step_is_taken_once(desk, owner, name):
    case = dispute(owner)
    step(desk, case, name)
    assert f"/act/{name}/" not in desk.get(page(case)).content.decode()
    assert "already" in step(desk, case, name).content.decode()
    assert (case.steps.count(), StaffAction.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", [*STEPS, "assign"])
@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_step_without_a_reason_is_refused(desk, staff, owner, name, reason):
    case = dispute(owner)
    assert step(desk, case, name, reason=reason, assignee=str(staff.pk)).context["form"].errors["reason"]
    assert not case.steps.exists()
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("name", [*(name for name in STEPS if name != "log_attempt"), "assign"])
def test_a_closed_dispute_accepts_no_step(desk, staff, owner, name):
    case = decided(dispute(owner))
    before = case.steps.count()
    assert f"/act/{name}/" not in desk.get(page(case)).content.decode()
    answer = step(desk, case, name, assignee=str(staff.pk))
    assert "The bank has decided: the dispute is lost." in answer.content.decode()
    assert case.steps.count() == before
    assert not StaffAction.objects.exists()


def test_an_attempt_after_a_lost_dispute_is_logged(desk, owner):
    case = decided(dispute(owner))
    assert ": done." in step(desk, case, "log_attempt").content.decode()
    assert case.steps.last().what == "attempt"


@pytest.mark.parametrize("name", [*STEPS, "assign"])
def test_an_onlooker_can_take_no_step(onlooker, staff, owner, name):
    case = dispute(owner)
    assert onlooker.get(f"{LIST}{case.pk}/act/{name}/").status_code == 403
    assert step(onlooker, case, name, assignee=str(staff.pk)).status_code == 403
    assert "/act/" not in onlooker.get(page(case)).content.decode()
    assert not case.steps.exists()
    assert not StaffAction.objects.exists()


def test_the_page_shows_order_steps_and_ledger_as_words(support, owner):
    case = dispute(owner, reason=HOSTILE)
    text = support.get(page(case)).content.decode()
    assert HOSTILE not in text
    assert f"/admin/billing/order/{case.order_id}/" in text
    for part in ("dispute_open", "withdrawn by a dispute", "49.00 EUR", owner.email):
        assert part in text


def test_a_stale_page_does_not_overrule_a_colleague(desk, staff, owner, monkeypatch):
    case = dispute(owner)
    colleague = viewer_of_everything("colleague@example.org")
    stale = Dispute.objects.get(pk=case.pk)
    step(desk, case, "acknowledge")
    Dispute.objects.filter(pk=case.pk).update(assignee=colleague)
    monkeypatch.setattr("billing.admin.disputes.DisputeAdmin.get_object", lambda *_, **__: stale)
    assert "This step is already done." in step(desk, case, "acknowledge").context["form"].non_field_errors()
    assert Dispute.objects.get(pk=case.pk).assignee == colleague
