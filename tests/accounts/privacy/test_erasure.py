"""Test that an erasure leaves only the books, under a name that belongs to no subject."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounts.identity.passwords import request_reset
from accounts.models import Erasure, User
from accounts.privacy import register
from accounts.privacy.erasure import due_erasures, erase_account
from accounts.privacy.register import registered
from accounts.tasks import resume_privacy_work
from billing.ledger import inspection_credits
from billing.models import DisputeStep, LedgerTransaction, Order
from billing.providers.base import ProviderRefused
from drills.money.random_steps import faults_of_all
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.tasks import purge_deleted
from inspections.vocabulary import JobState
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.work import retention
from testing.database_role import as_owner
from testing.factories import PASSWORD
from testing.phone import Phone, jpeg
from tests.accounts.privacy.full_account import NAMES, VESSEL, erase, found, inspect, stored, use_every_feature
from tests.billing.admin.states import dispute

pytestmark = pytest.mark.django_db


def test_no_personal_data_are_left(phone, owner):
    use_every_feature(phone)
    request_reset(email=owner.email)
    assert set(found(owner.email, *NAMES)) == {owner.email, *NAMES}
    receipt = erase(phone)
    assert receipt.done_at is not None
    assert found(owner.email, *NAMES) == []
    assert stored() == []


def test_the_receipt_counts_the_data_and_names_no_person(phone, owner):
    use_every_feature(phone)
    counts = erase(phone).counts
    assert counts["accounts"] | {"objects": 0} == counts["accounts"]
    assert (counts["accounts"]["device"], counts["accounts"]["consent"], counts["accounts"]["idempotencyrecord"]) == (
        0,  # went with its session, as the account was closed
        1,
        2,
    )
    assert (counts["inspections"]["inspections"], counts["inspections"]["results"]) == (4, 3)
    assert counts["inspections"]["objects"] > 9
    assert counts["corrosion"] == {
        "comparisons": 1,
        "earlier answers of comparisons": 1,
        "maintenance": 1,
        "reminders": 1,
    }
    assert counts["osmosis"] == {"lift-outs": 1}
    assert counts["billing"]["orders that stay in the books"] == 1


def test_the_books_remain_and_balance(phone, owner):
    use_every_feature(phone)
    orders, bookings = Order.objects.count(), LedgerTransaction.objects.count()
    erase(phone)
    assert Order.objects.count() == orders
    assert LedgerTransaction.objects.filter(owner=owner).count() >= bookings
    assert faults_of_all() == []


def test_data_of_another_owner_are_not_changed(phone, stranger):
    neighbour = Phone.of(stranger)
    inspection_id = inspect(neighbour, "corrosion")
    before = [key for key in stored() if inspection_id in key]
    use_every_feature(phone)
    erase(phone)
    assert stored() == before
    result = neighbour.get(f"/inspections/{inspection_id}/result")
    assert result.status_code == 200
    assert neighbour.get(f"/inspections/{inspection_id}").json()["vessel_label"] == VESSEL


def test_a_running_inspection_ends_and_its_credit_returns(phone, owner):
    phone.buy()
    opened = phone.post("/inspections", {"mode": "osmosis"}).json()
    for number, upload in enumerate(opened["uploads"]):
        phone.put(upload, jpeg(number))
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    assert InferenceJob.objects.get().state == JobState.QUEUED
    erase(phone)
    assert not InferenceJob.objects.exists()
    assert inspection_credits.balance_of(owner.pk).held == 0
    assert Order.objects.get().status == "refunded"  # unused, within its hours: cancelled as its owner could have


def test_a_photo_uploaded_late_over_a_link_is_deleted(phone):
    opened = phone.open("corrosion", vessel_label=VESSEL)
    erase(phone)
    assert phone.put(opened["uploads"][0], jpeg(1)).status_code == 200
    assert len(stored()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        purge_deleted()
    assert stored() == []
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("app", ["corrosion", "inspections", "billing", "accounts"])
def test_the_next_try_completes_an_erasure_killed_in_any_app(phone, owner, monkeypatch, app):
    use_every_feature(phone)
    whole = {data.app: data for data in registered()}

    def dies(subject: register.DataSubject) -> None:
        raise SystemExit  # nothing is recorded, as after kill -9

    monkeypatch.setitem(register._registered, app, replace(whole[app], erase=dies))
    with pytest.raises(SystemExit):
        erase(phone)
    erasure = Erasure.objects.get()
    assert erasure.done_at is None
    monkeypatch.setitem(register._registered, app, whole[app])
    assert due_erasures() == []  # it may still be at work
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        resume_privacy_work()
    erasure.refresh_from_db()
    assert erasure.done_at is not None
    assert erasure.attempts == 2
    assert found(owner.email, *NAMES) == []


def test_a_failing_app_does_not_block_the_others(phone, owner, monkeypatch):
    use_every_feature(phone)
    monkeypatch.setattr("maretech.common.storage.local.LocalStore.delete", lambda *_: 1 / 0)
    receipt = erase(phone)
    assert receipt.done_at is None
    assert not User.objects.filter(email=owner.email).exists()
    assert not MediaAsset.objects.exists()
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        erase_account(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.done_at is not None


def test_an_address_in_a_note_is_removed_even_if_billing_fails(phone, owner, monkeypatch):
    note = DisputeStep.objects.create(dispute=dispute(owner), what="tried", note=f"rang {owner.email}")
    monkeypatch.setattr(
        "billing.privacy.personal_data.pseudonyms.pseudonymise", Mock(side_effect=OperationalError("deadlock"))
    )
    receipt = erase(phone)
    assert receipt.done_at is None
    note.refresh_from_db()
    assert note.note == "rang [erased]"


def test_the_log_of_a_dispute_allows_no_other_change(owner):
    step = DisputeStep.objects.create(dispute=dispute(owner), what="tried", note="rang")
    own = DisputeStep.objects.filter(pk=step.pk)
    for change in ({"note": "wrote"}, {"what": "wrote", "note": "rang [erased]"}):
        with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
            own.update(**change)
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        own.delete()


def test_an_outage_of_the_store_does_not_keep_a_subscription_running(phone, monkeypatch):
    provider_call = Mock()
    monkeypatch.setattr("billing.privacy.personal_data._provider_calls", lambda _: [provider_call])
    monkeypatch.setattr(
        "maretech.common.storage.local.LocalStore.list", Mock(side_effect=ObjectStoreUnavailable("down"))
    )
    receipt = erase(phone)
    assert (receipt.done_at, provider_call.called) == (None, True)
    assert "billing" in receipt.counts


def test_a_refusal_of_one_provider_does_not_block_the_calls_to_others(phone, monkeypatch):
    refuses, provider_call = Mock(side_effect=ProviderRefused("no")), Mock()
    monkeypatch.setattr("billing.privacy.personal_data._provider_calls", lambda _: [refuses, provider_call])
    assert erase(phone).done_at is None
    assert provider_call.called


def test_a_repeated_erasure_does_nothing(phone):
    use_every_feature(phone)
    receipt = erase(phone)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        erase_account(receipt.pk)
    again = Erasure.objects.get()
    assert (again.done_at, again.counts, again.attempts) == (receipt.done_at, receipt.counts, 1)


def test_retention_deletes_rows_written_after_the_erasure(phone, owner):
    """A request that was authenticated before its owner was erased."""
    erase(phone)
    owner.devices.create(platform="ios", push_token="late")
    retention.apply_retention()
    assert not owner.devices.exists()


def test_notes_of_staff_remain_without_the_address(phone, owner):
    staff = User.objects.create_user("support@example.com", PASSWORD, is_staff=True)
    reason = f"Mail from {owner.email.upper()}: the phone is lost"
    action = staff.staff_actions.create(
        action="end_sessions",
        subject_type="accounts.user",
        subject_id=str(owner.pk),
        reason=reason,
        detail={"to": [owner.email]},
    )
    erase(phone)
    action.refresh_from_db()
    assert (action.reason, action.detail) == ("Mail from [erased]: the phone is lost", {"to": ["[erased]"]})
    assert action.staff == staff


def test_erasing_a_staff_account_keeps_its_recorded_reasons(owner, phone):
    owner.is_staff = owner.is_superuser = True
    owner.save()
    owner.staff_actions.create(action="x", subject_type="y", subject_id="z", reason="because")
    erase(phone)
    gone = User.objects.get(pk=owner.pk)
    assert (gone.is_staff, gone.is_superuser, gone.is_active) == (False, False, False)
    assert gone.staff_actions.get().reason == "because"


def test_the_database_refuses_rights_of_an_erased_account(phone, owner):
    erase(phone)
    for change in ({"is_active": True}, {"email": "back@example.org"}, {"is_staff": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=owner.pk).update(**change)


def test_objects_of_an_export_are_deleted(phone, owner):
    object_store().write(f"exports/{owner.pk}/{UUID(int=1)}.zip", b"PK\x03\x04", content_type="application/zip")
    erase(phone)
    assert stored() == []
