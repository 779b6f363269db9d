"""The push service of each platform, made from the settings when it is first needed."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.conf import settings

from accounts.vocabulary import Platform
from notifications.channels.console import ConsoleSender
from notifications.channels.ports import PushSender
from notifications.channels.vapid import private_key_of, public_key_of
from notifications.channels.web_push import WebPushSender


def _fcm() -> PushSender | None:
    if not settings.FCM_SERVICE_ACCOUNT_JSON:
        return _console()
    from notifications.channels.fcm import FcmSender

    info = json.loads(settings.FCM_SERVICE_ACCOUNT_JSON)
    return FcmSender(info, info["project_id"], settings.FCM_BASE_URL)


def web_push_key() -> str | None:
    """Return the `applicationServerKey` with which browsers subscribe; None if browsers get no push."""
    return public_key_of(private_key_of(settings.VAPID_PRIVATE_KEY)) if _has_vapid() else None


def _web_push() -> PushSender | None:
    if not _has_vapid():
        return _console()
    return WebPushSender(settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT, settings.PUSH_SERVICE_HOSTS)


def _has_vapid() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY and settings.VAPID_SUBJECT)


def _console() -> PushSender | None:
    """Return the sender of development; None in production, where an unconfigured service gets no push."""
    return None if settings.PRODUCTION else ConsoleSender()


SENDERS: Final[Mapping[str, Callable[[], PushSender | None]]] = {
    Platform.IOS: _fcm,
    Platform.ANDROID: _fcm,
    Platform.WEB: _web_push,
}


@cache
def push_sender(platform: str) -> PushSender | None:
    """Return the sender of this platform's pushes; None if it is not configured, and no push is sent then."""
    make = SENDERS.get(platform)
    return None if make is None else make()
