"""Test that expired data is deleted by night, and not an hour early."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.identity.sessions import end_sessions, start_session
from accounts.models import PasswordReset, Session
from accounts.vocabulary import EndReason
from billing.inbox import events
from billing.models import LedgerTransaction, Order, ProviderEvent
from billing.providers.base import Event, EventSubject
from billing.vocabulary import Provider
from maretech.common.models import IdempotencyRecord, QueueHeartbeat
from maretech.common.observability import heartbeat
from maretech.common.work import retention

pytestmark = pytest.mark.django_db


def applied(**after: float) -> dict[str, int]:
    with time_machine.travel(timezone.now() + timedelta(**after)):
        return retention.apply_retention()


@pytest.fixture
def store_event(owner) -> Callable[[], None]:
    def store_event() -> None:
        event = Event(id="evt_1", kind="paid", verdict="v1", about=EventSubject.PAYMENT, ref="pi_1")
        events.store(Provider.STRIPE, event, body=b"{}", headers={"User-Agent": "Stripe"})

    return store_event


def test_bodies_of_provider_events_are_deleted_and_their_rows_kept(store_event):
    store_event()
    applied(days=29)
    assert bytes(ProviderEvent.objects.get().body) == b"{}"
    assert applied(days=31)["bodies of provider events"] == 1
    stored = ProviderEvent.objects.get()
    assert (bytes(stored.body), stored.headers, stored.event_id, stored.ref) == (b"", {}, "evt_1", "pi_1")
    store_event()
    assert ProviderEvent.objects.count() == 1


def test_an_idempotency_record_is_deleted_after_its_hours(phone):
    phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY="k")
    applied(hours=95)
    assert IdempotencyRecord.objects.exists()
    applied(hours=97)
    assert not IdempotencyRecord.objects.exists()


def test_reset_requests_are_deleted_after_their_hours(owner):
    PasswordReset.objects.create(user=owner, requested_at=timezone.now())
    applied(hours=23)
    assert PasswordReset.objects.exists()
    applied(hours=25)
    assert not PasswordReset.objects.exists()


def test_ended_sessions_are_deleted_after_their_days_and_live_ones_kept(owner, settings):
    start_session(user=owner)
    end_sessions(user=owner, reason=EndReason.LOGGED_OUT)
    living = start_session(user=owner)
    applied(days=settings.RETENTION_SESSION_DAYS - 1)
    assert Session.objects.count() == 2
    applied(days=settings.RETENTION_SESSION_DAYS + 1)
    assert Session.objects.get() == living
    applied(days=settings.RETENTION_SESSION_DAYS + settings.REFRESH_TOKEN_DAYS + 1)
    assert not Session.objects.exists()


def test_heartbeats_of_former_queues_are_deleted():
    heartbeat.beat("former")
    assert applied(days=8)["heartbeats of former queues"] == 1
    assert not QueueHeartbeat.objects.exists()


def test_the_books_never_expire(phone):
    phone.buy()
    applied(days=10_000)
    assert Order.objects.count() == 1
    assert LedgerTransaction.objects.exists()


def test_a_dry_run_counts_and_changes_nothing(store_event):
    store_event()
    out = io.StringIO()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        call_command("apply_retention", "--dry-run", stdout=out)
        assert "1 bodies of provider events" in out.getvalue()
        assert bytes(ProviderEvent.objects.get().body) == b"{}"
        call_command("apply_retention", stdout=io.StringIO())
    assert bytes(ProviderEvent.objects.get().body) == b""


def test_a_failing_rule_does_not_block_the_others(store_event, owner, monkeypatch):
    store_event()
    start_session(user=owner)
    rules = [retention.RetentionRule("broken", Session.objects.all, lambda _: 1 / 0), *retention._rules]
    monkeypatch.setattr(retention, "_rules", rules)
    assert "broken" not in applied(days=31)
    assert bytes(ProviderEvent.objects.get().body) == b""


def test_many_rows_are_deleted_in_batches_that_skip_kept_rows(owner, monkeypatch):
    for _ in range(7):
        start_session(user=owner)
    chunks: list[int] = []
    left = retention.RetentionRule("left", Session.objects.all, lambda rows: chunks.append(rows.count()))
    monkeypatch.setattr(retention, "_rules", [left, retention.RetentionRule("gone", Session.objects.all)])
    monkeypatch.setattr(retention, "CHUNK_ROWS", 3)
    assert retention.apply_retention() == {"left": 7, "gone": 7}
    assert chunks == [3, 3, 1]
    assert not Session.objects.exists()
