"""Test browsers as devices: one owner for each subscription, at services on the list only, and nothing of it shown."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.identity.sessions import end_session, start_session
from accounts.models import Device, Session, User
from accounts.notifications.devices import (
    WebSubscription,
    forget_lost_device,
    register_device,
    register_subscription,
)
from accounts.vocabulary import EndReason, Platform
from maretech.common.http.errors import TokenInvalid
from testing.fake_push import Browser
from tests.accounts.mailed_codes import PASSWORD
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
PATH = "/v1/auth/me/devices"
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/secret-of-a-browser"
AT_ONCE = 16


@pytest.fixture
def browser() -> Browser:
    return Browser(ENDPOINT)


@pytest.fixture
def stranger(client_of: ClientOf) -> APIClient:
    return client_of(start_session(user=User.objects.create_user("stranger@example.org")))


def body_of(browser: Browser, **changes: Any) -> dict[str, Any]:
    return {"platform": "web", "subscription": {**browser.subscription, **changes}}


def add(client: APIClient, body: Any, **headers: str) -> Any:
    return client.post(PATH, body, format="json", **headers)


def subscription_of(browser: Browser) -> WebSubscription:
    return WebSubscription(**browser.target)


def test_a_browser_is_registered_once_and_its_newest_keys_are_kept(client: APIClient, owner: User) -> None:
    first = add(client, body_of(Browser(ENDPOINT)))
    again = Browser(ENDPOINT)
    second = add(client, body_of(again))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert set(first.json()) == {"id", "platform", "created_at"}
    assert Device.objects.get(user=owner).push_target == again.target


def test_a_browser_is_listed_without_its_secrets(client: APIClient, stranger: APIClient, browser: Browser) -> None:
    registered = add(client, body_of(browser)).json()
    assert client.get(PATH).json()["results"] == [registered]
    assert registered["platform"] == "web"
    assert stranger.get(PATH).json()["results"] == []


def test_a_browser_that_changes_hands_takes_no_news_along(
    client: APIClient, stranger: APIClient, owner: User, browser: Browser
) -> None:
    first, second = add(client, body_of(browser)).json()["id"], add(stranger, body_of(browser)).json()["id"]
    assert first != second
    assert not Device.objects.filter(user=owner).exists()
    assert client.delete(f"{PATH}/{second}").status_code == 404
    assert stranger.delete(f"{PATH}/{second}").status_code == 204
    assert not Device.objects.exists()


def test_the_anonymous_register_nothing(anonymous: APIClient, browser: Browser) -> None:
    assert add(anonymous, body_of(browser)).status_code == 401
    assert not Device.objects.exists()


def test_an_idempotency_key_replays_a_registration(client: APIClient, browser: Browser) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, again = add(client, body_of(browser), **key), add(client, body_of(browser), **key)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert add(client, body_of(Browser(ENDPOINT)), **key).status_code == 422


def test_the_keys_of_one_browser_are_stored_in_one_spelling(client: APIClient, owner: User, browser: Browser) -> None:
    keys = {name: f"{text}=" for name, text in browser.subscription["keys"].items()}
    assert add(client, body_of(browser, keys={**keys, "auth": f"{keys['auth']}="})).status_code == 201
    assert Device.objects.get(user=owner).push_target == browser.target


def test_additional_fields_of_a_subscription_are_ignored(client: APIClient, browser: Browser) -> None:
    assert add(client, body_of(browser, expirationTime=None)).status_code == 201


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/x",
        "http://updates.push.services.mozilla.com/x",
        "https://user@updates.push.services.mozilla.com/x",
        "https://updates.push.services.mozilla.com:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://updates.push.services.mozilla.com/" + "x" * 2048,
        "",
        7,
        None,
    ],
)
def test_an_address_off_the_list_is_refused(client: APIClient, browser: Browser, endpoint: Any) -> None:
    answer = add(client, body_of(browser, endpoint=endpoint))
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {"subscription.endpoint"}
    assert not Device.objects.exists()


def test_the_list_is_a_setting(client: APIClient, browser: Browser, settings: Any) -> None:
    settings.PUSH_SERVICE_HOSTS = ["fcm.googleapis.com", "http://127.0.0.1:8123"]
    assert add(client, body_of(browser)).status_code == 400
    assert add(client, body_of(browser, endpoint="http://127.0.0.1:8123/x")).status_code == 201


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p256dh", "AAAA"),
        ("p256dh", "B" + "A" * 86),
        ("p256dh", "x" * 200),
        ("p256dh", 7),
        ("auth", "AAAA"),
        ("auth", "BTBZMqHH6r4Tts7J/aSIgg"),
        ("auth", ""),
        ("auth", None),
    ],
)
def test_an_invalid_key_is_refused(client: APIClient, browser: Browser, name: str, text: Any) -> None:
    answer = add(client, body_of(browser, keys={**browser.subscription["keys"], name: text}))
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {f"subscription.keys.{name}"}
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"platform": "web", "push_token": "x"}, {"subscription"}),
        ({"platform": "web", "subscription": "https://fcm.googleapis.com/x"}, {"subscription.non_field_errors"}),
        ({"platform": "web", "subscription": {}}, {"subscription.endpoint", "subscription.keys"}),
        ({"platform": "ios", "subscription": {}}, {"push_token"}),
        ({"platform": ["web"]}, {"platform", "push_token"}),
        ({"platform": None}, {"platform", "push_token"}),
        ({}, {"platform", "push_token"}),
    ],
    ids=range(7),
)
def test_each_platform_has_its_own_way_to_be_reached(client: APIClient, body: Any, fields: set[str]) -> None:
    answer = add(client, body)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == fields


def test_the_pushes_to_a_browser_end_with_its_session(session: Session, browser: Browser) -> None:
    register_subscription(session=session, subscription=subscription_of(browser))
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    assert not Device.objects.exists()
    with pytest.raises(TokenInvalid):
        register_subscription(session=session, subscription=subscription_of(browser))
    assert not Device.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accounts", [1, 2, AT_ONCE])
def test_of_sixteen_writers_one_owns_the_subscription_and_none_fails(accounts: int) -> None:
    sessions = [
        start_session(user=User.objects.create_user(f"sailor{index}@example.org", PASSWORD))
        for index in range(accounts)
    ]
    turns = count()

    def register() -> str | None:
        session = sessions[next(turns) % accounts]
        return register_subscription(session=session, subscription=subscription_of(Browser(ENDPOINT))).endpoint

    for _ in range(3):
        assert at_once(AT_ONCE, register) == [ENDPOINT] * AT_ONCE
        assert Device.objects.filter(endpoint=ENDPOINT).count() == 1


def test_a_lost_device_is_deleted_unless_it_has_registered_again(session: Session) -> None:
    lost = register_subscription(session=session, subscription=subscription_of(Browser(ENDPOINT)))
    register_subscription(session=session, subscription=subscription_of(Browser(ENDPOINT)))
    forget_lost_device(lost)
    renewed = Device.objects.get(pk=lost.pk)
    forget_lost_device(renewed)
    assert not Device.objects.exists()
    phone = register_device(session=session, platform=Platform.IOS, push_token="apns-1")
    assert phone.push_target == {"token": "apns-1"}
    forget_lost_device(phone)
    assert not Device.objects.exists()


KEYS = Browser("").subscription["keys"]
WEB = {"platform": "web", "endpoint": ENDPOINT, **KEYS}
PHONE = {"platform": "ios", "push_token": "apns-1"}


@pytest.mark.parametrize(
    "row",
    [
        WEB | {"push_token": "x"},
        WEB | {"endpoint": ""},
        WEB | {"endpoint": None},
        WEB | {"p256dh": None},
        WEB | {"auth": None},
        WEB | {"p256dh": "short"},
        WEB | {"auth": "short"},
        WEB | {"platform": "ios"},
        {"platform": "web", "push_token": "x"},
        {"platform": "web"},
        PHONE | {"endpoint": ENDPOINT},
        PHONE | KEYS,
        PHONE | {"push_token": None},
        PHONE | {"push_token": ""},
        PHONE | {"platform": "symbian"},
    ],
    ids=range(15),
)
def test_the_database_refuses_a_device_that_nothing_or_two_things_reach(owner: User, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.create(user=owner, created_at=timezone.now(), **row)


def test_the_database_gives_a_subscription_to_one_account(owner: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD)
    Device.objects.create(user=owner, **WEB)
    Device.objects.create(user=owner, **PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.create(user=other, **WEB)
