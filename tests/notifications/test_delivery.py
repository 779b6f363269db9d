"""Test that each delivery is made once, and which are repeated, given up or skipped."""

import smtplib
from datetime import timedelta
from email.utils import format_datetime

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core import mail
from django.utils import timezone
from requests.structures import CaseInsensitiveDict

from accounts.models import Device, User
from accounts.privacy.erasure import erase_account
from accounts.privacy.erasure_requests import order_erasure
from notifications import delivery
from notifications.channels.ports import Refused, TargetGone, Unreachable
from notifications.models import ContactSettings, Delivery, Notification, Preference
from notifications.notify import notify
from notifications.tasks import send_due_deliveries
from notifications.vocabulary import KindName
from testing.factories import UserFactory
from tests.notifications.conftest import NOON
from tests.notifications.sample_notifications import delivery_by, result_ready, security, work

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker was killed: no handler runs, and no row is written."""


def state_of(channel: str) -> str:
    return delivery_by(channel).state


# --- sending ---------------------------------------------------------------------------------------------------------
def test_mail_is_text_and_html_with_the_deliverys_id(owner, settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Maretech <no-reply@maretech.example>"
    work(result_ready(owner))
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([owner.email], "The result of your corrosion inspection is ready")
    assert message.extra_headers["Message-ID"] == f"<{delivery_by('email').pk}@maretech.example>"
    html, content_type = message.alternatives[0]
    assert content_type == "text/html"
    for text in (message.body, html):
        assert "Open the app to see what your photos show" in text
    assert state_of("email") == "sent"


def test_a_push_goes_to_each_device(owner, device, pushes) -> None:
    notification = result_ready(owner)
    work(notification)
    ((envelope, target),) = pushes.sent
    assert target == {"token": "token-1"}
    assert (envelope.kind, envelope.title) == ("result_ready", notification.title)
    assert envelope.data == {**notification.data, "notification_id": str(notification.pk)}
    row = delivery_by("push")
    assert (envelope.delivery_id, envelope.stale_at) == (row.pk, row.stale_at)


def test_a_repeated_message_sends_nothing_more(owner, device, pushes) -> None:
    notification = result_ready(owner)
    for _ in range(3):
        work(notification)
        for row in Delivery.objects.all():
            delivery.deliver(row.pk)
    assert (len(mail.outbox), len(pushes.sent)) == (1, 1)


def test_the_sweep_sends_deliveries_without_a_message(owner, device, pushes) -> None:
    result_ready(owner)
    send_due_deliveries()
    assert (len(mail.outbox), len(pushes.sent)) == (1, 1)


def test_a_failing_delivery_does_not_block_others(owner, device, pushes, mail_server) -> None:
    mail_server.before = RuntimeError("a bug")
    result_ready(owner)
    send_due_deliveries()
    assert len(pushes.sent) == 1


# --- attempts without an answer --------------------------------------------------------------------------------------
def killed_in(owner: User, monkeypatch, name: str) -> Notification:
    """Kill the worker in `name`, a step of `delivery.deliver`."""
    notification = result_ready(owner)
    with monkeypatch.context() as patched:
        patched.setattr(delivery, name, kill)
        for row in Delivery.objects.all():
            with pytest.raises(Killed):
                delivery.deliver(row.pk)
    return notification


def kill(*_: object) -> None:
    raise Killed


def test_no_mail_is_sent_twice_after_a_kill(owner, clock, monkeypatch) -> None:
    killed_in(owner, monkeypatch, "_note_sent")
    assert len(mail.outbox) == 1
    clock.shift(timedelta(hours=1))
    send_due_deliveries()
    assert len(mail.outbox) == 1
    row = delivery_by("email")
    assert (row.state, row.last_error) == ("dead", delivery.UNKNOWN)


def test_a_push_is_sent_again_after_a_kill_under_the_same_tag(owner, device, pushes, clock, monkeypatch) -> None:
    killed_in(owner, monkeypatch, "_note_sent")
    clock.shift(timedelta(hours=1))
    send_due_deliveries()
    first, second = (envelope for envelope, _ in pushes.sent)
    assert first == second
    assert state_of("push") == "sent"


def test_a_delivery_not_handed_over_is_sent_after_a_kill(owner, clock, monkeypatch) -> None:
    killed_in(owner, monkeypatch, "_hand_over")
    assert not mail.outbox
    clock.shift(timedelta(hours=1))
    send_due_deliveries()
    assert len(mail.outbox) == 1


def test_a_security_notice_is_sent_again_after_a_kill(owner, clock, monkeypatch) -> None:
    security(owner)
    pk = delivery_by("email").pk
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_note_sent", kill)
        with pytest.raises(Killed):
            delivery.deliver(pk)
    clock.shift(timedelta(hours=1))
    send_due_deliveries()
    assert (len(mail.outbox), state_of("email")) == (2, "sent")


@pytest.mark.parametrize("after", [TimeoutError(), smtplib.SMTPServerDisconnected("gone")])
def test_a_time_out_after_acceptance_sends_no_second_mail(owner, clock, mail_server, after) -> None:
    mail_server.after = after
    result_ready(owner)
    send_due_deliveries()
    mail_server.after = None
    for _ in range(5):
        clock.shift(timedelta(hours=1))
        send_due_deliveries()
    assert (len(mail.outbox), state_of("email")) == (1, "dead")
    assert delivery_by("email").last_error.startswith(delivery.UNKNOWN)


def test_a_slow_attempt_still_records_that_it_was_sent(owner, clock, monkeypatch) -> None:
    """Another worker has made it a dead letter meanwhile; the mail was accepted all the same."""
    note_sent = delivery._note_sent

    def note_late(row: Delivery) -> None:
        clock.shift(timedelta(hours=1))
        delivery.deliver(row.pk)
        assert state_of("email") == "dead"
        note_sent(row)

    monkeypatch.setattr(delivery, "_note_sent", note_late)
    result_ready(owner)
    delivery.deliver(delivery_by("email").pk)
    assert (len(mail.outbox), state_of("email")) == (1, "sent")


# --- a mail provider's HTTP API --------------------------------------------------------------------------------------
def answered(status: int, **headers: str) -> AnymailRequestsAPIError:
    answer = requests.Response()
    answer.status_code, answer.headers = status, CaseInsensitiveDict(headers)
    return AnymailRequestsAPIError("no", response=answer, status_code=status)


@pytest.mark.parametrize("wait", ["600", format_datetime(NOON + timedelta(minutes=10), usegmt=True)])
def test_a_provider_that_asks_to_wait_is_left_alone_so_long(owner, clock, mail_server, wait) -> None:
    mail_server.before = answered(429, **{"Retry-After": wait})
    work(result_ready(owner))
    row = delivery_by("email")
    assert (row.state, row.handed_over_at, row.due_at) == ("pending", None, NOON + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("error", "last_error"),
    [
        (answered(422), "Refused: HTTP 422"),
        (AnymailRecipientsRefused("inactive recipient"), "Refused: no recipient"),
        (answered(500), f"{delivery.UNKNOWN}: AnymailRequestsAPIError"),
    ],
)
def test_what_a_provider_refuses_is_a_dead_letter_at_once(owner, mail_server, error, last_error) -> None:
    mail_server.before = error
    work(result_ready(owner))
    row = delivery_by("email")
    assert (row.state, row.last_error) == ("dead", last_error)


# --- refusals and outages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("opens", "before"),
    [
        (ConnectionRefusedError(), None),
        (smtplib.SMTPAuthenticationError(535, b"bad key"), None),
        (None, smtplib.SMTPDataError(451, b"try later")),
        (None, smtplib.SMTPRecipientsRefused({"a@example.org": (452, b"full")})),
    ],
)
def test_a_mail_that_was_not_accepted_is_sent_later(owner, clock, mail_server, opens, before) -> None:
    mail_server.opens, mail_server.before = opens, before
    result_ready(owner)
    send_due_deliveries()
    send_due_deliveries()
    row = delivery_by("email")
    assert (row.state, row.attempts, row.handed_over_at) == ("pending", 1, None)
    assert "example.org" not in row.last_error
    mail_server.opens = mail_server.before = None
    clock.shift(timedelta(minutes=1))
    send_due_deliveries()
    assert (len(mail.outbox), state_of("email")) == (1, "sent")


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPSenderRefused(550, b"no", "no-reply@localhost"),
        smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"unknown")}),
    ],
)
def test_a_permanent_refusal_makes_a_dead_letter_at_once(owner, mail_server, error) -> None:
    mail_server.before = error
    work(result_ready(owner))
    row = delivery_by("email")
    assert (row.state, row.last_error) == ("dead", "Refused: SMTP 550")


def test_an_outage_ends_in_a_dead_letter_after_ten_attempts(owner, clock, mail_server) -> None:
    mail_server.opens = ConnectionRefusedError()
    result_ready(owner)
    for _ in range(30):
        send_due_deliveries()
        clock.shift(timedelta(minutes=20))
    row = delivery_by("email")
    assert (row.state, row.attempts, row.last_error) == ("dead", 10, "ConnectionRefusedError")


def test_retry_after_delays_the_next_attempt(owner, device, pushes, clock) -> None:
    pushes.answers = [Unreachable("HTTP 429", retry_after=600)]
    result_ready(owner)
    send_due_deliveries()
    clock.shift(timedelta(minutes=9))
    send_due_deliveries()
    assert not pushes.sent
    clock.shift(timedelta(minutes=2))
    send_due_deliveries()
    assert len(pushes.sent) == 1


def test_a_device_that_its_service_does_not_know_is_deleted(owner, device, pushes) -> None:
    pushes.answers = [TargetGone()]
    work(result_ready(owner))
    row = delivery_by("push")
    assert (row.state, row.reason) == ("skipped", "device_gone")
    assert not Device.objects.exists()


def test_a_device_with_a_new_token_is_not_deleted(owner, device, pushes, monkeypatch) -> None:
    def send(*_: object, **__: object) -> None:
        Device.objects.update(push_token="token-2")
        raise TargetGone

    monkeypatch.setattr(pushes, "send", send)
    work(result_ready(owner))
    assert Device.objects.get().push_token == "token-2"


def test_a_push_that_is_refused_is_a_dead_letter(owner, device, pushes) -> None:
    pushes.answers = [Refused("too large")]
    work(result_ready(owner))
    assert delivery_by("push").last_error == "Refused: too large"


# --- deliveries that are not sent ------------------------------------------------------------------------------------
def test_a_stale_delivery_is_not_sent(owner, clock) -> None:
    result_ready(owner)
    clock.shift(timedelta(days=3))
    send_due_deliveries()
    assert (state_of("email"), mail.outbox) == ("stale", [])


def test_a_kind_that_is_switched_off_is_not_sent(owner, device, pushes) -> None:
    notification = result_ready(owner)
    for channel in ("push", "email"):
        Preference.objects.create(user=owner, kind="result_ready", channel=channel, is_on=False)
    work(notification)
    assert set(Delivery.objects.values_list("state", "reason")) == {("skipped", "switched_off")}
    assert not mail.outbox
    assert not pushes.sent


def test_a_kind_that_is_off_by_default_is_sent_once_it_is_switched_on(owner) -> None:
    def notified() -> None:
        ids = {"inspection_id": owner.pk, "slot_id": owner.pk}
        key = f"retake:{Notification.objects.count()}"
        work(notify(kind=KindName.PHOTOS_TO_RETAKE, recipient=owner, event_key=key, data=ids, variant="osmosis"))

    notified()
    assert not mail.outbox
    Preference.objects.create(user=owner, kind="photos_to_retake", channel="email", is_on=True)
    notified()
    assert len(mail.outbox) == 1


def test_an_unproven_address_gets_no_mail(owner) -> None:
    User.objects.update(email_verified_at=None)
    work(security(owner))
    row = delivery_by("email")
    assert (row.reason, mail.outbox) == ("address_unverified", [])


def test_an_address_that_bounced_gets_no_mail_and_another_one_does(owner) -> None:
    reported = {"email_disabled_address": owner.email, "email_disabled_reason": "bounced"}
    ContactSettings.objects.create(user=owner, email_disabled_at=timezone.now(), **reported)
    work(result_ready(owner))
    assert (delivery_by("email").reason, mail.outbox) == ("email_disabled", [])
    User.objects.update(email="other@example.org")
    Delivery.objects.all().delete()
    work(result_ready(owner))
    assert mail.outbox[0].to == ["other@example.org"]


def test_a_platform_without_a_service_is_skipped(owner, pushes) -> None:
    Device.objects.create(user=owner, platform="android", push_token="token-2")
    work(result_ready(owner))
    assert delivery_by("push").reason == "not_configured"


def test_a_removed_device_gets_nothing(owner, device, pushes) -> None:
    notification = result_ready(owner)
    device.delete()
    work(notification)
    assert (delivery_by("push").reason, pushes.sent) == ("device_gone", [])


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_device_that_goes_during_the_attempt_gets_nothing(owner, device, pushes, monkeypatch, is_removed) -> None:
    hand_over = delivery._hand_over

    def remove_meanwhile(row: Delivery) -> bool:
        if is_removed:
            device.delete()
        else:
            Device.objects.update(user=UserFactory.create())
        return hand_over(row)

    monkeypatch.setattr(delivery, "_hand_over", remove_meanwhile)
    work(result_ready(owner))
    assert (delivery_by("push").reason, pushes.sent) == ("device_gone", [])


def test_a_phone_of_a_new_owner_gets_no_push_of_the_former_owner(owner, device, pushes) -> None:
    notification = result_ready(owner)
    Device.objects.update(user=UserFactory.create())
    work(notification)
    assert (delivery_by("push").reason, pushes.sent) == ("device_gone", [])


# --- erased owners ---------------------------------------------------------------------------------------------------
def close(owner: User) -> None:
    order_erasure(user=owner, staff=UserFactory.create(is_staff=True), reason="asked by letter")


def test_nothing_is_sent_for_a_closed_account(owner, device, pushes, clock) -> None:
    result_ready(owner)
    security(owner)
    close(owner)
    for _ in range(3):
        for row in Delivery.objects.all():
            delivery.deliver(row.pk)
        send_due_deliveries()
        clock.shift(timedelta(hours=1))
    assert not mail.outbox
    assert not pushes.sent


def test_an_account_closed_between_claim_and_hand_over_gets_nothing(owner, monkeypatch) -> None:
    quiet_until = delivery._quiet_until

    def close_meanwhile(row: Delivery) -> object:
        close(owner)
        return quiet_until(row)

    monkeypatch.setattr(delivery, "_quiet_until", close_meanwhile)
    work(result_ready(owner))
    assert not mail.outbox


def test_an_erasure_deletes_everything(owner, device) -> None:
    result_ready(owner)
    Preference.objects.create(user=owner, kind="result_ready", channel="push", is_on=False)
    ContactSettings.objects.create(user=owner)
    close(owner)
    erase_account(owner.erasure.pk)
    for table in (Notification, Delivery, Preference, ContactSettings):
        assert not table.objects.exists()
    owner.refresh_from_db()
    assert owner.erasure.counts["notifications"]["deliveries"] == 2
