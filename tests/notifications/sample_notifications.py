"""Notifications of a test, and a push service that behaves as a test needs."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from accounts.models import User
from notifications.channels.ports import Envelope
from notifications.delivery import deliver, deliveries_of
from notifications.models import Delivery, Notification
from notifications.notify import notify
from notifications.vocabulary import KindName


class FakePushes:
    """A push service: it stores each push, or raises the next of `answers`."""

    def __init__(self) -> None:
        self.sent: list[tuple[Envelope, Mapping[str, str]]] = []
        self.answers: list[Exception] = []

    def send(self, envelope: Envelope, *, target: Mapping[str, str]) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append((envelope, target))


def result_ready(owner: User, *, event_key: str = "", inspection_id: UUID | None = None) -> Notification | None:
    return notify(
        kind=KindName.RESULT_READY,
        recipient=owner,
        event_key=event_key or f"result_ready:{uuid4()}",
        data={"inspection_id": inspection_id or uuid4()},
        variant="corrosion",
    )


def security(owner: User, variant: str = "new_sign_in") -> Notification | None:
    return notify(kind=KindName.SECURITY, recipient=owner, event_key=f"security:{uuid4()}", data={}, variant=variant)


def work(notification: Notification | None) -> None:
    """Play the worker: make the due deliveries of the notification once."""
    assert notification is not None
    for pk in deliveries_of(notification.pk):
        deliver(pk)


def delivery_by(channel: str) -> Delivery:
    return Delivery.objects.get(channel=channel)
