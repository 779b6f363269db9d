"""The port of the channels: what they send, and the errors that they raise. Plain Python, without rows of Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message. `data` holds ids only; from `stale_at` on it is of no use."""

    delivery_id: UUID
    kind: str
    title: str
    body: str
    data: Mapping[str, str]
    locale: str
    stale_at: datetime


class Unreachable(Exception):
    """The service did not accept the message: an outage, a limit, a time-out. It is sent again later.

    `retry_after` is the wait that the service names, in seconds.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Exception):
    """The service will never accept this message."""


class TargetGone(Exception):
    """The service no longer knows the token or subscription."""


class OutcomeUnknown(Exception):
    """The connection ended after the message was handed over: the service may have accepted it."""


class PushSender(Protocol):
    """Sends pushes to one push service.

    The push has the delivery's id as its tag, so that the device shows a repeated one in place of the first.
    """

    def send(self, envelope: Envelope, *, target: Mapping[str, str]) -> None:
        """Send the push to a device: `{"token": …}`, or `{"endpoint": …, "p256dh": …, "auth": …}`.

        Raises `Unreachable` (also for a time-out), `Refused` or `TargetGone`.
        """
