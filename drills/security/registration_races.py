"""Register sixteen times at once: one address in different spellings, one push token or browser by sixteen accounts.

The address must get one account, the token and the browser's subscription one owner each; every other call gets a
proper refusal, without an internal error.

Control, attack by attack: an address is used as spelt; a token or subscription may have any number of owners.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4
from zlib import crc32

from accounts.models import Device, Session, User
from accounts.notifications.devices import WebSubscription
from drills.harness.api_client import PASSWORD, Answer, at_once, call, crowd
from drills.harness.runner import DrillContext, Result, main
from testing.fake_push import Browser

AT_ONCE: Final = 16
SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (str.lower, str.upper, str.title, str.swapcase)
# Done; not found any more, because another account took the token at that moment; the address is taken.
FINE: Final = (201, 404, 409)
ADDRESS, TOKEN = "one address, several accounts", "one token, several owners"
SUBSCRIPTION: Final = "one subscription, several owners"


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    for module in ("identity.registration", "api.serializers"):
        stack.enter_context(patch(f"accounts.{module}.parse_email", _as_spelt))
    stack.enter_context(patch("accounts.api.device_views.register_device", _add_device))
    stack.enter_context(patch("accounts.api.device_views.register_subscription", _add_subscription))
    return stack


def _as_spelt(text: str) -> str:
    """Keep an address for each spelling, in the lower case that the database requires."""
    return f"{crc32(text.encode()):x}.{text.lower()}"


def _add_device(*, platform: str, push_token: str, **whose: Any) -> Device:
    """Store the device under a unique name, because the constraint would refuse the second; the phone is the same."""
    user = whose["user"] if "user" in whose else whose["session"].user
    return Device.objects.create(user=user, platform=platform, push_token=f"{push_token} {uuid4().hex}", **_of(whose))


def _add_subscription(*, session: Session, subscription: WebSubscription) -> Device:
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    endpoint = f"{subscription.endpoint}{uuid4().hex}"
    return Device.objects.create(user=session.user, session=session, platform="web", endpoint=endpoint, **keys)


def _of(whose: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in whose.items() if name != "user"}


def drill(context: DrillContext) -> Result:
    rounds = 2 if context.small or context.control else 50
    addresses, tokens = [_register(context) for _ in range(rounds)], list(_bring_token(context, rounds))
    browsers = list(_bring_browser(context, rounds))
    statuses = Counter(answer.status for answers, _ in (*addresses, *tokens, *browsers) for answer in answers)
    accounts, owners, readers = ([count for _, count in found] for found in (addresses, tokens, browsers))
    failed = sum(times for status, times in statuses.items() if status not in FINE)
    figure = (
        f"{min(accounts)} to {max(accounts)} accounts an address, {min(owners)} to {max(owners)} owners a token, "
        f"{min(readers)} to {max(readers)} a subscription, answers {dict(sorted(statuses.items()))}"
    )
    passed = set(accounts) == set(owners) == set(readers) == {1} and not failed
    attacks = {ADDRESS: max(accounts) > 1, TOKEN: max(owners) > 1, SUBSCRIPTION: max(readers) > 1}
    n = f"{rounds} addresses, {rounds} tokens and {rounds} subscriptions × {AT_ONCE}"
    return Result(n, figure, "1 account, 1 owner, nothing fails inside", passed, attacks)


def _register(context: DrillContext) -> tuple[list[Answer], int]:
    address = f"Skipper.{uuid4().hex}@Example.org"
    bodies = [{"email": SPELLINGS[number % 4](address), "password": PASSWORD} for number in range(AT_ONCE)]
    answers = at_once([partial(call, context.base_url, "POST", "/auth/register", body) for body in bodies])
    return answers, User.objects.filter(email__endswith=address.lower()).count()


def _bring_token(context: DrillContext, rounds: int) -> Iterator[tuple[list[Answer], int]]:
    people = crowd(context.base_url, AT_ONCE)
    for _ in range(rounds):
        token = f"ExponentPushToken[{uuid4().hex}]"
        body = {"platform": "ios", "push_token": token}
        answers = at_once([partial(who.post, "/auth/me/devices", body) for who in people])
        yield answers, Device.objects.filter(push_token__startswith=token).count()


def _bring_browser(context: DrillContext, rounds: int) -> Iterator[tuple[list[Answer], int]]:
    people = crowd(context.base_url, AT_ONCE)
    for _ in range(rounds):
        endpoint = f"https://fcm.googleapis.com/fcm/send/{uuid4().hex}"
        body = {"platform": "web", "subscription": Browser(endpoint).subscription}
        answers = at_once([partial(who.post, "/auth/me/devices", body) for who in people])
        yield answers, Device.objects.filter(endpoint__startswith=endpoint).count()


if __name__ == "__main__":
    main(drill, disable_guard)
