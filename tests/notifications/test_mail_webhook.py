"""Test the mail provider's reports: they are verified, and only permanent failures switch mail off."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notifications.models import ContactSettings, Notification
from testing.phone import caller
from tests.contract.refusals import refused
from tests.notifications.sample_notifications import result_ready, work

pytestmark = pytest.mark.django_db
SECRET = "hook:eit0eiKahch2xoh6aiKo3thohCh6uu"


@pytest.fixture
def provider(settings) -> None:
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}


def report(body: dict[str, Any] | bytes, secret: str = SECRET) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    return caller().generic("POST", "/v1/webhooks/mail", content, content_type="application/json", headers=signed)


def bounce(address: str, kind: str = "HardBounce") -> dict[str, Any]:
    return {"RecordType": "Bounce", "MessageID": "1", "Type": kind, "Email": address}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"Type": "HardBounce", "RecordType": "Bounce"}, "bounced"),
        ({"Type": "BadEmailAddress", "RecordType": "Bounce"}, "bounced"),
        ({"Type": "SpamComplaint", "RecordType": "SpamComplaint"}, "complained"),
    ],
)
def test_a_permanent_failure_switches_mail_off_and_notifies_once(owner, provider, body, reason) -> None:
    for _ in range(2):
        assert report({"MessageID": "1", "Email": owner.email.upper(), **body}).json() == {"received": True}
    found = ContactSettings.objects.get(user=owner)
    assert (found.email_disabled_reason, found.email_disabled_address) == (reason, owner.email)
    assert Notification.objects.get(recipient=owner).kind == "email_switched_off"


@pytest.mark.parametrize("kind", ["SoftBounce", "Transient", "AutoResponder", "DnsError"])
def test_a_full_mailbox_changes_nothing(owner, provider, kind) -> None:
    assert report(bounce(owner.email, kind)).status_code == 200
    assert not ContactSettings.objects.exists()


def test_every_spelling_of_an_address_is_the_address(owner, provider) -> None:
    owner.email = "anna@xn--bcher-kva.example"
    owner.save(update_fields=["email"])
    for spelling in ("Anna@Bücher.example", "ANNA@XN--BCHER-KVA.EXAMPLE", " anna@bu\u0308cher.example "):
        ContactSettings.objects.all().delete()
        assert report(bounce(spelling)).status_code == 200
        assert ContactSettings.objects.get().email_disabled_address == owner.email


def test_only_the_account_of_the_address_gets_no_more_mail(owner, stranger, provider) -> None:
    report(bounce(stranger.email))
    assert [found.user for found in ContactSettings.objects.all()] == [stranger]
    assert [found.recipient for found in Notification.objects.all()] == [stranger]


def prove(owner: User, at: datetime) -> None:
    User.objects.filter(pk=owner.pk).update(email_verified_at=at)
    owner.refresh_from_db()


def is_mailed(owner: User) -> bool:
    work(result_ready(owner))
    return len(mail.outbox) > 0


def test_an_address_that_is_proven_again_gets_mail_again_and_an_old_report_changes_nothing(owner, provider) -> None:
    now = timezone.now()
    prove(owner, now - timedelta(days=2))
    bounced = {**bounce(owner.email), "BouncedAt": (now - timedelta(days=1)).isoformat()}
    report(bounced)
    assert not is_mailed(owner)
    prove(owner, now)
    assert is_mailed(owner)
    report(bounced)  # the provider repeats itself
    mail.outbox.clear()
    assert is_mailed(owner)
    assert Notification.objects.filter(kind="email_switched_off").count() == 1
    report({**bounced, "BouncedAt": (now + timedelta(hours=1)).isoformat()})  # a clock that is fast
    mail.outbox.clear()
    assert not is_mailed(owner)
    assert Notification.objects.filter(kind="email_switched_off").count() == 2
    assert ContactSettings.objects.get(user=owner).email_disabled_at <= timezone.now()


@pytest.mark.parametrize("at", ["2026-01-01T10:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", None])
def test_a_report_without_a_zone_or_a_sensible_time_counts(owner, provider, at) -> None:
    prove(owner, datetime(1, 1, 1, tzinfo=UTC))
    times = {} if at is None else {"BouncedAt": at}
    assert report({**bounce(owner.email), **times}).status_code == 200
    assert ContactSettings.objects.get(user=owner).email_disabled_reason == "bounced"


def test_an_unknown_address_changes_nothing(owner, provider) -> None:
    assert report(bounce("nobody@example.org")).status_code == 200
    assert not ContactSettings.objects.exists()


@pytest.mark.parametrize("secret", ["", "hook:wrong", "hook:", ":"])
def test_a_forged_report_is_refused(owner, provider, secret) -> None:
    refused(report(bounce(owner.email), secret), 400, "VALIDATION_ERROR")
    assert not ContactSettings.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"RecordType": 1}', b'"text"'])
def test_an_unreadable_report_changes_nothing(provider, body) -> None:
    assert report(body).status_code in (200, 400)
    assert not ContactSettings.objects.exists()


@pytest.mark.parametrize(
    ("name", "anymail"), [("", {"WEBHOOK_SECRET": SECRET}), ("postmark", {}), ("postmark", {"WEBHOOK_SECRET": ""})]
)
def test_without_a_provider_or_its_secret_every_report_is_refused(owner, settings, name, anymail) -> None:
    settings.EMAIL_PROVIDER, settings.ANYMAIL = name, anymail
    refused(report(bounce(owner.email)), 400, "VALIDATION_ERROR")
    assert not ContactSettings.objects.exists()


def test_a_report_that_is_too_large_is_refused(provider, settings) -> None:
    refused(report(b" " * (settings.MAX_REQUEST_BODY_BYTES + 1)), 413, "PAYLOAD_TOO_LARGE")
