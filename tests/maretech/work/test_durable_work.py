"""Test durable work with two of its kinds: exports (no limit of attempts) and webhook events (five attempts)."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from time_machine import Traveller

from accounts.models import Erasure, Export, User
from billing.models import ProviderEvent
from billing.vocabulary import EventState, Provider
from maretech.common.work.durable import DurableWork, Retry
from testing.factories import UserFactory
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def export(owner: User) -> Export:
    return Export.objects.create(user=owner)


@pytest.fixture
def event(db: None) -> ProviderEvent:
    return ProviderEvent.objects.create(provider=Provider.STRIPE, event_id=f"evt_{uuid4().hex}", body=b"")


def give_up(event: ProviderEvent) -> None:
    assert event.update_unless_changed(state=EventState.DEAD_LETTER)


def claim(event: ProviderEvent) -> ProviderEvent | None:
    return ProviderEvent.claim(event.pk, give_up=give_up)


def wait_of(row: DurableWork) -> timedelta:
    row.refresh_from_db()
    return row.due_at - timezone.now()


# --- claiming ----------------------------------------------------------------------------------------------------
def test_a_claimed_row_is_due_again_after_its_lease(export: Export, clock: Traveller) -> None:
    assert list(Export.due()) == [export]
    assert Export.claim(export.pk) == export
    assert not Export.due().exists()
    assert Export.claim(export.pk) is None
    clock.shift(LEASE)
    assert list(Export.due()) == [export]
    assert Export.claim(export.pk) == export


def test_only_unfinished_rows_can_be_claimed(export: Export, event: ProviderEvent) -> None:
    User.objects.update(is_active=False)
    assert Export.claim(export.pk) is None
    ProviderEvent.objects.update(state=EventState.DEAD_LETTER)
    assert claim(event) is None
    assert Export.claim(uuid4()) is None


def test_a_message_can_claim_a_row_that_is_not_due(event: ProviderEvent) -> None:
    claim(event)
    assert claim(event) is None
    assert ProviderEvent.claim(event.pk, among=ProviderEvent.unfinished(), give_up=give_up) == event


@pytest.mark.django_db(transaction=True)
def test_one_of_several_parallel_workers_claims_the_row(
    export: Export, event: ProviderEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = DurableWork.update_unless_changed

    def meet_and_update(row: DurableWork, **values: object) -> bool:
        meeting.wait()
        return update(row, **values)

    monkeypatch.setattr(DurableWork, "update_unless_changed", meet_and_update)
    for row, call in ((export, partial(Export.claim, export.pk)), (event, partial(claim, event))):
        meeting = MeetingPoint(4)
        assert sorted(at_once(4, call), key=lambda claimed: claimed is None) == [row, None, None, None]
        row.refresh_from_db()
        assert row.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_waited_for_a_claim_does_not_get_the_row(export: Export) -> None:
    """On Postgres this needs conditions on the columns of the row alone."""
    has_claimed = threading.Event()

    def claim_slowly() -> Export | None:
        with transaction.atomic():
            claimed = Export.claim(export.pk)
            has_claimed.set()
            time.sleep(0.5)  # the other worker has read the row by then, and waits to change it
        return claimed

    def claim_after() -> Export | None:
        assert has_claimed.wait(10)
        return Export.claim(export.pk)

    def claim_in_turn() -> Export | None:
        return next(turns)()

    turns = iter((claim_slowly, claim_after))
    assert at_once(2, claim_in_turn).count(None) == 1
    export.refresh_from_db()
    assert export.attempts == 1


# --- counting ----------------------------------------------------------------------------------------------------
def test_an_attempt_is_counted_before_the_work(event: ProviderEvent) -> None:
    claimed = claim(event)
    event.refresh_from_db()
    assert claimed is not None
    assert claimed.attempts == event.attempts == 1


def test_attempts_of_dead_workers_count(event: ProviderEvent, clock: Traveller) -> None:
    for _ in range(5):
        assert claim(event) == event
        clock.shift(timedelta(days=1))
    assert claim(event) is None
    event.refresh_from_db()
    assert (event.state, event.attempts) == (EventState.DEAD_LETTER, 5)


def test_a_limit_without_a_way_to_give_up_is_an_error(event: ProviderEvent) -> None:
    ProviderEvent.objects.update(attempts=5)
    with pytest.raises(TypeError, match="no attempts left"):
        ProviderEvent.claim(event.pk)


def test_work_without_a_limit_is_never_given_up(clock: Traveller) -> None:
    erasure = Erasure.objects.create(user=UserFactory.create(), asked_by="owner", attempts=10_000)
    assert Erasure.claim(erasure.pk) == erasure
    assert wait_of(erasure) == timedelta(hours=1)


def test_postponed_work_waits_without_counting_an_attempt(event: ProviderEvent, clock: Traveller) -> None:
    for _ in range(7):
        claimed = claim(event)
        assert claimed is not None
        claimed.postpone()
        assert (wait_of(event), event.attempts) == (timedelta(seconds=15), 0)
        clock.shift(timedelta(seconds=15))


# --- waiting -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("retry", "waits"),
    [
        (Retry(first=timedelta(seconds=60), factor=2), [60, 120, 240, 480, 960, 1920, 3840]),
        (Retry(first=timedelta(seconds=15), factor=4), [15, 60, 240, 960, 3840]),
        (
            Retry(first=timedelta(seconds=60), factor=2, longest=timedelta(hours=1)),
            [60, 120, 240, 480, 960, 1920, 3600],
        ),
    ],
)
def test_waits_grow_up_to_the_longest(retry: Retry, waits: list[int]) -> None:
    assert [retry.wait(attempt).total_seconds() for attempt in range(1, len(waits) + 1)] == waits


def test_the_wait_of_any_attempt_can_be_computed() -> None:
    assert Retry(first=timedelta(minutes=10), factor=4).wait(1_000_000) < timedelta.max


def test_progress_defers_the_next_attempt(export: Export, clock: Traveller) -> None:
    claimed = Export.claim(export.pk)
    assert claimed is not None
    clock.shift(LEASE * 0.75)
    claimed.extend()
    assert (wait_of(export), export.attempts) == (LEASE, 1)


# --- losing the row ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("meanwhile", [{"attempts": 2}, {"state": EventState.DEAD_LETTER}])
def test_an_overtaken_worker_changes_nothing(event: ProviderEvent, meanwhile: dict[str, Any]) -> None:
    claimed = claim(event)
    assert claimed is not None
    ProviderEvent.objects.update(**meanwhile)
    before = ProviderEvent.objects.values().get()
    claimed.extend()
    claimed.postpone()
    assert not claimed.update_unless_changed(error="late")
    assert ProviderEvent.objects.values().get() == before
