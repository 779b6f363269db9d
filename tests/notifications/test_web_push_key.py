"""Test the key with which browsers subscribe, and its change."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Device, StaffAction, User
from notifications.channels.vapid import make_vapid_key
from testing.factories import UserFactory
from testing.fake_push import Browser, FakePush
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.notifications.sample_notifications import result_ready, work

pytestmark = pytest.mark.django_db
PATH = "/notifications/web-push-key"
PRIVATE_KEY, PUBLIC_KEY = make_vapid_key()


@pytest.fixture
def web_push(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = PRIVATE_KEY, "mailto:push@example.org"


def register(phone: Phone, browser: Browser) -> Any:
    return phone.post("/auth/me/devices", {"platform": "web", "subscription": browser.subscription})


def test_a_browser_subscribes_with_the_key_and_gets_a_push(phone, owner, web_push, settings) -> None:
    with FakePush() as push:
        settings.PUSH_SERVICE_HOSTS = [push.url]
        browser = push.subscribe(application_server_key=phone.fetch(PATH)["public_key"])
        assert register(phone, browser).status_code == 201
        notification = result_ready(owner)
        work(notification)
        assert browser.shown() == [notification.body]


def test_the_key_is_the_same_for_every_owner_and_nothing_but_public(phone, stranger, web_push) -> None:
    for reader in (phone, Phone.of(stranger)):
        assert reader.fetch(PATH) == {"public_key": PUBLIC_KEY}


@pytest.mark.parametrize("name", ["VAPID_PRIVATE_KEY", "VAPID_SUBJECT"])
def test_a_server_without_web_push_has_no_key(phone, web_push, settings, name) -> None:
    setattr(settings, name, "")
    refused(phone.get(PATH), 404, "NOT_FOUND")


def test_the_anonymous_sign_in_first(web_push) -> None:
    refused(caller().get(f"/v1{PATH}"), 401, "AUTHENTICATION_REQUIRED")


# --- a new key -------------------------------------------------------------------------------------------------------
@pytest.fixture
def staff(owner: User) -> User:
    return UserFactory.create(email="staff@example.org", is_staff=True)


def forget_browsers(*, staff: str = "staff@example.org", reason: str = "a new key") -> str:
    out = io.StringIO()
    call_command("forget_browsers", "--staff", staff, "--reason", reason, stdout=out)
    return out.getvalue().strip()


def test_a_new_key_reaches_the_browsers_that_subscribe_again(phone, owner, staff, device, web_push, settings) -> None:
    with FakePush() as push:
        settings.PUSH_SERVICE_HOSTS = [push.url]
        old = push.subscribe(application_server_key=phone.fetch(PATH)["public_key"])
        register(phone, old)
        settings.VAPID_PRIVATE_KEY, public_key = make_vapid_key()
        assert forget_browsers() == "1 subscriptions removed."
        assert Device.objects.get() == device
        assert phone.fetch(PATH) == {"public_key": public_key}
        new = push.subscribe(application_server_key=public_key)
        register(phone, new)
        work(result_ready(owner))
        assert (len(old.pushes), len(new.pushes)) == (0, 1)
    done = StaffAction.objects.get(action="forget_browsers")
    assert (done.staff, done.reason, done.detail) == (staff, "a new key", {"removed": 1})


def test_browsers_are_not_removed_without_a_name_and_a_reason(phone, owner, staff) -> None:
    Device.objects.create(user=owner, platform="web", **Browser("https://web.push.apple.com/x").target)
    for wrong in ({"reason": " "}, {"staff": owner.email}, {"staff": "nobody@example.org"}):
        with pytest.raises(CommandError):
            forget_browsers(**wrong)
    assert Device.objects.count() == 1
    assert not StaffAction.objects.exists()
