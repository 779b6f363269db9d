"""A verified owner with one phone, and a push service that stores what it gets."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Device, User
from notifications.channels import registry
from tests.notifications.sample_notifications import FakePushes

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def owner(owner: User) -> User:
    owner.email_verified_at = timezone.now()
    owner.save(update_fields=["email_verified_at"])
    return owner


@pytest.fixture
def device(owner: User) -> Device:
    return Device.objects.create(user=owner, platform="ios", push_token="token-1")


@pytest.fixture
def pushes(monkeypatch: pytest.MonkeyPatch) -> FakePushes:
    fake = FakePushes()
    monkeypatch.setattr(registry, "SENDERS", {"ios": lambda: fake, "android": lambda: None})
    registry.push_sender.cache_clear()
    return fake


@pytest.fixture(autouse=True)
def _rebuilt_senders() -> Iterator[None]:
    yield
    registry.push_sender.cache_clear()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
