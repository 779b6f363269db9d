"""A fake of both push services, and one envelope."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from notifications.channels.ports import Envelope
from testing.fake_push import FakePush


@pytest.fixture
def push() -> Iterator[FakePush]:
    with FakePush() as push:
        yield push


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(
        delivery_id=UUID("0c8a7b44-2f5e-4c49-9c2e-3f4f0d9a1b10"),
        kind="result_ready",
        title="Your result is ready",
        body="Öffne die App – 結果を見る",
        data={"inspection_id": "6a1f6c52-9f6a-4f39-8a55-0c8a7b442f5e"},
        locale="de",
        stale_at=datetime.now(UTC) + timedelta(days=3),
    )
