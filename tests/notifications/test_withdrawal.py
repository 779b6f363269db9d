"""Test that what is no longer true is not sent: deleted inspections, submitted ones, subscriptions that go on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.privacy.erasure_requests import order_erasure
from inspections.lifecycle import failures, notices, transitions
from inspections.models import InferenceJob, Inspection
from inspections.support.requeue import requeue
from inspections.work import photo_check
from notifications import delivery
from notifications.models import Delivery, Notification
from notifications.notify import reinstate, withdraw
from notifications.tasks import send_due_deliveries
from notifications.vocabulary import KindName
from testing.factories import UserFactory
from tests.concurrency import at_once, at_once_behind
from tests.notifications.sample_notifications import delivery_by, result_ready

pytestmark = pytest.mark.django_db
RESULT = (KindName.RESULT_READY,)


def mails_of(kind: str) -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(notification__kind=kind, channel="email").values_list("state", "reason"))


def take_turn(turns: Iterator[Callable[[], None]]) -> None:
    next(turns)()


def withdraw_result(owner, inspection_id: UUID) -> None:
    withdraw(recipient=owner, kinds=RESULT, about={"inspection_id": inspection_id})


# --- the rule --------------------------------------------------------------------------------------------------------
def test_only_the_named_notification_is_withdrawn_and_it_stays_in_the_app(owner, stranger, phone) -> None:
    gone, other = uuid4(), uuid4()
    for reader, inspection_id in ((owner, gone), (owner, other), (stranger, gone)):
        result_ready(reader, inspection_id=inspection_id)
    withdraw_result(owner, gone)
    withdrawn = Delivery.objects.get(state="skipped")
    assert (withdrawn.reason, withdrawn.notification.recipient) == ("withdrawn", owner)
    assert withdrawn.notification.data == {"inspection_id": str(gone)}
    send_due_deliveries()
    assert len(mail.outbox) == 1  # the other owner's address is unproven
    assert len(phone.fetch("/notifications")["results"]) == 2


def test_what_was_sent_stays_sent(owner) -> None:
    inspection_id = uuid4()
    result_ready(owner, inspection_id=inspection_id)
    send_due_deliveries()
    withdraw_result(owner, inspection_id)
    assert delivery_by("email").state == "sent"


def test_what_is_withdrawn_between_claim_and_hand_over_is_not_sent(owner, monkeypatch) -> None:
    inspection_id = uuid4()
    result_ready(owner, inspection_id=inspection_id)
    quiet_until = delivery._quiet_until

    def withdraw_meanwhile(row: Delivery) -> object:
        withdraw_result(owner, inspection_id)
        return quiet_until(row)

    monkeypatch.setattr(delivery, "_quiet_until", withdraw_meanwhile)
    send_due_deliveries()
    assert (delivery_by("email").reason, mail.outbox) == ("withdrawn", [])


def test_what_is_withdrawn_during_the_hand_over_counts_as_sent(owner, monkeypatch) -> None:
    inspection_id = uuid4()
    result_ready(owner, inspection_id=inspection_id)
    send_mail = delivery.send_mail

    def withdraw_meanwhile(*args: object, **named: object) -> None:
        withdraw_result(owner, inspection_id)
        send_mail(*args, **named)

    monkeypatch.setattr(delivery, "send_mail", withdraw_meanwhile)
    send_due_deliveries()
    assert (len(mail.outbox), delivery_by("email").state) == (1, "sent")


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_worker_at_once_break_nothing(owner) -> None:
    for _ in range(5):
        inspection_id = uuid4()
        notification = result_ready(owner, inspection_id=inspection_id)
        (pk,) = delivery.deliveries_of(notification.pk)
        turns = iter((partial(withdraw_result, owner, inspection_id), partial(delivery.deliver, pk)))
        at_once(2, partial(take_turn, turns))
        row = Delivery.objects.get(pk=pk)
        assert (row.state, row.reason) in (("sent", ""), ("skipped", "withdrawn"))
        assert (row.state == "sent") is any(str(pk) in sent.extra_headers["Message-ID"] for sent in mail.outbox)


# --- what is true again ----------------------------------------------------------------------------------------------
def withdrawn_result(owner, event_key: str = "one") -> Notification:
    inspection_id = uuid4()
    notification = result_ready(owner, event_key=event_key, inspection_id=inspection_id)
    withdraw_result(owner, inspection_id)
    return notification


def test_what_is_true_again_is_sent_after_all_and_stays_one_notification(owner, broker) -> None:
    notification = withdrawn_result(owner)
    broker.clear()
    assert result_ready(owner, event_key="one") is None
    assert delivery_by("email").stale_at > timezone.now() + timedelta(days=2)
    send_due_deliveries()
    assert len(mail.outbox) == Notification.objects.count() == 1
    assert result_ready(owner, event_key="one") is None
    send_due_deliveries()
    assert (len(mail.outbox), delivery_by("email").state) == (1, "sent")
    assert notification.deliveries.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_message_to_a_worker_is_sent_again_for_what_is_true_again_only(owner, broker) -> None:
    notification = withdrawn_result(owner)
    broker.clear()
    for _ in range(2):
        result_ready(owner, event_key="one")
    assert broker == [("notifications.tasks.send_notification", (str(notification.pk),))]


def test_what_was_handed_over_is_not_sent_again(owner, monkeypatch) -> None:
    """It is withdrawn during the hand-over, and the worker is killed before the answer."""
    inspection_id = uuid4()
    result_ready(owner, event_key="one", inspection_id=inspection_id)
    monkeypatch.setattr(delivery, "send_mail", lambda _: withdraw_result(owner, inspection_id))
    monkeypatch.setattr(delivery, "_note_sent", lambda _: None)
    send_due_deliveries()
    result_ready(owner, event_key="one")
    row = delivery_by("email")
    assert (row.state, row.reason, row.handed_over_at is None) == ("skipped", "withdrawn", False)


def test_an_event_that_was_not_notified_is_not_reinstated(owner) -> None:
    assert reinstate(event_key="unheard of") is False
    assert not Notification.objects.exists()


def test_a_worker_that_claimed_it_before_it_was_withdrawn_does_not_pass_for_the_next_one(owner) -> None:
    inspection_id = uuid4()
    (pk,) = delivery.deliveries_of(result_ready(owner, event_key="one", inspection_id=inspection_id).pk)
    slow = Delivery.claim(pk, among=Delivery.due().select_related("notification__recipient"))
    withdraw_result(owner, inspection_id)
    result_ready(owner, event_key="one")
    fast = Delivery.claim(pk, among=Delivery.due().select_related("notification__recipient"))
    assert [delivery._hand_over(row) for row in (fast, slow)] == [True, False]


ON_POSTGRES_ONLY = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no single row")


def hand_over_in_one_statement(row: Delivery) -> bool:
    """By a condition on another table: Postgres checks none again after it has waited for the row."""
    return bool(Delivery.awaited().filter(pk=row.pk, attempts=row.attempts).update(handed_over_at=timezone.now()))


def hand_over_behind(owner, end: Callable[[UUID], object], hand_over: Callable[[Delivery], bool]) -> bool:
    """Hand a mail over while another transaction ends what it is about. Return whether it was handed over."""
    inspection_id = uuid4()
    (pk,) = delivery.deliveries_of(result_ready(owner, inspection_id=inspection_id).pk)
    row = Delivery.claim(pk, among=Delivery.due().select_related("notification"))
    (is_handed_over,) = at_once_behind(partial(end, inspection_id), partial(hand_over, row))
    return is_handed_over


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_while_its_hand_over_waits_is_not_sent(owner) -> None:
    assert not hand_over_behind(owner, partial(withdraw_result, owner), delivery._hand_over)
    assert delivery_by("email").handed_over_at is None


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_in_one_statement_it_would_be_sent(owner) -> None:
    """The control."""
    assert hand_over_behind(owner, partial(withdraw_result, owner), hand_over_in_one_statement)


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_closed_while_a_hand_over_waits_gets_nothing(owner) -> None:
    def close(_: UUID) -> None:
        order_erasure(user=owner, staff=UserFactory.create(is_staff=True), reason="asked by letter")

    assert not hand_over_behind(owner, close, delivery._hand_over)


# --- inspections -----------------------------------------------------------------------------------------------------
def test_a_deleted_inspection_is_not_announced_and_its_credit_is(phone, owner) -> None:
    inspection_id = phone.complete("osmosis")
    assert phone.delete(f"/inspections/{inspection_id}").status_code == 204
    assert mails_of("result_ready") == [("skipped", "withdrawn")]
    phone.buy()
    opened = phone.send("/inspections", {"mode": "osmosis"})
    assert phone.delete(f"/inspections/{opened['inspection_id']}").status_code == 204
    assert set(Delivery.objects.filter(notification__kind="credit_returned").values_list("reason")) <= {("",)}
    send_due_deliveries()
    assert not [sent for sent in mail.outbox if "result" in sent.subject]


def test_a_submitted_inspection_is_not_open_any_more(phone, device) -> None:
    opened = phone.open()
    inspection_id = opened["inspection_id"]
    Inspection.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    notices.notify_of_expiry(UUID(inspection_id))
    phone.shoot(opened["uploads"])
    phone.send(f"/inspections/{inspection_id}/submit")
    assert mails_of("inspection_expiring") == [("skipped", "withdrawn")]
    assert set(Delivery.objects.values_list("channel", "reason")) == {("push", "withdrawn"), ("email", "withdrawn")}


def test_an_expired_inspection_is_not_open_any_more(phone) -> None:
    inspection_id = UUID(phone.open()["inspection_id"])
    Inspection.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    notices.notify_of_expiry(inspection_id)
    Inspection.objects.update(expires_at=timezone.now() - timedelta(days=2))
    failures.expire(inspection_id)
    assert mails_of("inspection_expiring") == [("skipped", "withdrawn")]
    assert mails_of("inspection_failed") == [("pending", "")]


def test_an_inspection_that_staff_queue_again_has_not_failed(phone) -> None:
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.send(f"/inspections/{opened['inspection_id']}/submit")
    InferenceJob.objects.update(attempt=2)
    held = transitions.claim(InferenceJob.objects.get().pk, worker="w", task_id="t")
    failures.fail_attempt(held, error="RuntimeError: a bug")
    assert mails_of("inspection_failed") == [("pending", "")]
    requeue(staff=UserFactory.create(is_staff=True), inspection=Inspection.objects.get(), reason="repaired")
    assert mails_of("inspection_failed") == [("skipped", "withdrawn")]


def reject_while_deleting(phone) -> list[Delivery]:
    """Reject a photo while another transaction deletes its inspection. Return the deliveries that wait for it."""
    opened = phone.open()
    upload = opened["uploads"][0]
    phone.upload(upload, b"not a picture")
    phone.send(f"/assets/{upload['asset_id']}/uploaded")
    check = partial(photo_check.check_uploaded_photo, UUID(upload["asset_id"]))
    at_once_behind(partial(failures.delete, Inspection.objects.get()), check)
    return list(Delivery.objects.filter(notification__kind="photos_to_retake", state="pending"))


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_a_photo_of_an_inspection_that_is_deleted_meanwhile_is_not_to_be_retaken(phone) -> None:
    assert reject_while_deleting(phone) == []


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_inspection_it_would_be(phone, monkeypatch) -> None:
    """The control."""
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda rows, **_: rows.all())
    assert len(reject_while_deleting(phone)) == 1
