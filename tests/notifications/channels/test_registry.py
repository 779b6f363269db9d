"""Test which push service the settings give to each platform."""

import json
from typing import Any

import pytest

from accounts.models import Device
from notifications.channels.console import ConsoleSender
from notifications.channels.fcm import FcmSender
from notifications.channels.ports import Envelope
from notifications.channels.push import is_configured, send_push
from notifications.channels.registry import push_sender
from notifications.channels.vapid import make_vapid_key
from notifications.channels.web_push import WebPushSender
from testing.fake_push import FakePush

PLATFORMS = ("ios", "android", "web")


def configure(settings: Any, push: FakePush) -> None:
    settings.FCM_SERVICE_ACCOUNT_JSON = json.dumps(push.key_file())
    settings.FCM_BASE_URL = push.url
    settings.VAPID_PRIVATE_KEY, _ = make_vapid_key()
    settings.VAPID_SUBJECT = "mailto:push@example.org"
    settings.PUSH_SERVICE_HOSTS = [push.url]


def test_each_platform_has_its_service_when_its_settings_are_set(settings, push) -> None:
    configure(settings, push)
    kinds = [type(push_sender(platform)) for platform in PLATFORMS]
    assert kinds == [FcmSender, FcmSender, WebPushSender]


@pytest.mark.parametrize("name", ["VAPID_PRIVATE_KEY", "VAPID_SUBJECT"])
def test_a_web_push_needs_both_its_key_and_its_contact(settings, push, name) -> None:
    configure(settings, push)
    setattr(settings, name, "")
    settings.PRODUCTION = True
    assert push_sender("web") is None
    assert isinstance(push_sender("ios"), FcmSender)


def test_without_settings_production_has_no_service_and_development_logs(settings) -> None:
    assert [type(push_sender(platform)) for platform in PLATFORMS] == [ConsoleSender] * 3
    push_sender.cache_clear()
    settings.PRODUCTION = True
    assert [push_sender(platform) for platform in PLATFORMS] == [None] * 3
    assert not is_configured(Device(platform="web"))


def test_a_push_reaches_the_phone_and_the_browser_of_a_device(settings, push, envelope: Envelope) -> None:
    configure(settings, push)
    token, browser = push.fcm.install(), push.subscribe()
    send_push(envelope, Device(platform="android", push_token=token))
    send_push(envelope, Device(platform="web", **browser.target))
    assert push.fcm.shown(token) == browser.shown() == [envelope.body]
