"""Test notifications for staff, and their replay of dead letters."""

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from django.core import mail

from accounts.models import StaffAction
from accounts.staff.permissions import support_group
from notifications import delivery
from notifications.models import Delivery, Notification
from notifications.notify import notify
from notifications.replay import replay
from notifications.tasks import send_due_deliveries
from notifications.vocabulary import KindName
from testing.factories import UserFactory
from tests.notifications.conftest import NOON
from tests.notifications.sample_notifications import delivery_by, result_ready, work

pytestmark = pytest.mark.django_db
HOOK = "https://chat.example.org/hooks/secret"


def dead_letter_notification() -> Notification | None:
    return notify(kind=KindName.WEBHOOK_DEAD_LETTER, recipient=None, event_key="dead:1", data={"event_id": "e1"})


class FakeChat:
    """A chat's webhook: it stores each request, and answers as a test needs."""

    def __init__(self) -> None:
        self.sent: list[requests.PreparedRequest] = []
        self.status, self.headers, self.error = 200, dict[str, str](), None

    def send(self, adapter: object, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        self.sent.append(request)
        if self.error is not None:
            raise self.error
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = self.status, request, request.url
        answer.headers.update(self.headers)
        return answer


@pytest.fixture
def chat(settings, monkeypatch) -> FakeChat:
    settings.OPS_WEBHOOK_URL, settings.PUBLIC_URL = HOOK, "https://api.example.org"
    fake = FakeChat()

    def send(adapter: object, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        return fake.send(adapter, request, **options)

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", send)
    return fake


def test_staff_get_a_message_with_a_link_in_the_chat(chat, settings) -> None:
    settings.OPS_EMAIL = ["ops@example.org"]
    work(dead_letter_notification())
    link = "https://api.example.org/admin/billing/providerevent/e1/change/"
    text = f"A webhook event failed five times\nRead its error and replay it: {link}"
    (request,) = chat.sent
    assert (request.url, request.headers["Content-Type"]) == (HOOK, "application/json")
    assert json.loads(request.body) == {"text": text}
    assert not mail.outbox
    assert delivery_by("ops").state == "sent"


def test_staff_get_mail_without_a_chat(settings) -> None:
    settings.OPS_EMAIL = ["ops@example.org", "night@example.org"]
    work(dead_letter_notification())
    assert [message.to for message in mail.outbox] == [settings.OPS_EMAIL]


def test_without_chat_and_mailbox_nothing_is_sent() -> None:
    work(dead_letter_notification())
    assert delivery_by("ops").reason == "not_configured"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"status": 404}, "dead"),
        ({"status": 302, "headers": {"Location": "https://elsewhere.example.org"}}, "dead"),
        ({"status": 500}, "pending"),
        ({"status": 429}, "pending"),
        ({"error": requests.ReadTimeout("to https://chat.example.org/hooks/secret")}, "pending"),
    ],
)
def test_the_error_of_the_chat_is_stored_without_its_address(chat, answer, state) -> None:
    for name, value in answer.items():
        setattr(chat, name, value)
    work(dead_letter_notification())
    assert len(chat.sent) == 1
    row = delivery_by("ops")
    assert row.state == state
    assert row.last_error
    assert "secret" not in row.last_error


@pytest.mark.parametrize("wait", ["600", format_datetime(NOON + timedelta(minutes=10), usegmt=True)])
def test_a_busy_chat_gets_nothing_until_its_retry_after(chat, clock, wait) -> None:
    chat.status, chat.headers = 429, {"Retry-After": wait}
    work(dead_letter_notification())
    assert delivery_by("ops").due_at == NOON + timedelta(minutes=10)


def test_an_event_notifies_staff_once() -> None:
    assert dead_letter_notification()
    assert dead_letter_notification() is None


# --- replay ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def dead(owner) -> Delivery:
    result_ready(owner)
    Delivery.objects.update(state="dead", attempts=10, last_error="Refused: SMTP 550")
    return delivery_by("email")


def test_a_dead_letter_is_replayed_with_a_record(dead, broker) -> None:
    staff = UserFactory.create(is_staff=True)
    assert replay(dead.pk, staff=staff, reason="the sender is trusted now")
    assert not replay(dead.pk, staff=staff, reason="twice")
    send_due_deliveries()
    assert len(mail.outbox) == 1
    (done,) = StaffAction.objects.filter(action="replay")
    assert done.detail == {"attempts": 10, "error": "Refused"}


def test_a_replayed_delivery_that_was_handed_over_is_sent(dead) -> None:
    Delivery.objects.update(handed_over_at=dead.created_at, last_error=delivery.UNKNOWN)
    assert replay(dead.pk, staff=UserFactory.create(is_staff=True), reason="not in the provider's log")
    send_due_deliveries()
    assert (len(mail.outbox), delivery_by("email").state) == (1, "sent")


def test_support_may_replay(db) -> None:
    assert support_group().permissions.filter(codename="change_delivery").exists()
