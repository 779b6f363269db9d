"""The push service of each platform, made from the settings when it is first needed."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.conf import settings

from accounts.vocabulary import Platform
from notifications.channels.console import ConsoleSender
from notifications.channels.ports import PushSender


def _console() -> PushSender | None:
    return None if settings.PRODUCTION else ConsoleSender()


SENDERS: Final[Mapping[str, Callable[[], PushSender | None]]] = {
    Platform.IOS: _console,
    Platform.ANDROID: _console,
}


@cache
def push_sender(platform: str) -> PushSender | None:
    """Return the sender of this platform's pushes; None if it is not configured, and no push is sent then."""
    make = SENDERS.get(platform)
    return None if make is None else make()
