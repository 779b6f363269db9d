"""Attack unproven addresses: an address grants nothing until it is proven, and has one owner under any race.

Attacks:

- A colleague's address is registered first, with a session, a device and a second factor, and then invited as staff.
- A code that proves an address is entered four times at once, while another account enters its own code for the same
  address and a password reset is confirmed.
- A reset code sent to the old address is used after a change of address.
- One push token is registered from sixteen accounts at once.

Control: an invitation keeps the account's past, no row is locked, a change keeps old codes valid, and a device is
registered as it was before. SQLite writes one transaction at a time, so its control proves nothing.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from django.core import mail
from django.db import Error
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from accounts.errors import EmailTaken
from accounts.identity import email_codes, reset_codes
from accounts.identity.authentication import session_of
from accounts.identity.passwords import confirm_reset
from accounts.identity.registration import register_owner
from accounts.identity.sessions import sign_in, start_session
from accounts.identity.tokens import AccessClaims, access_id_of
from accounts.identity.verification import confirm_address
from accounts.models import Device, EmailCode, PasswordReset, Session, User
from accounts.notifications.devices import register_device
from accounts.staff.invitations import invite_staff
from accounts.staff.second_factor import is_enrolled, new_secret, store_second_factor
from accounts.vocabulary import Platform
from drills.harness.api_client import PASSWORD, at_once
from drills.harness.runner import DrillContext, Result, main
from maretech.common.http.errors import APIError

WRITERS: Final = 16
TIMES_AT_ONCE: Final = 4
MAILBOX: Final = "django.core.mail.backends.locmem.EmailBackend"
# The attack targets the rows: no slow step separates the simultaneous calls.
CHEAP: Final = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NEW_PASSWORD: Final = "anchor-and-chain-9"  # noqa: S105 - of accounts that live as long as the drill


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch("accounts.staff.invitations._end_credentials", lambda _: None))
    stack.enter_context(patch("accounts.identity.verification._close_codes_to_the_old_address", lambda _: None))
    stack.enter_context(patch.object(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all()))
    stack.enter_context(patch(f"{__name__}.register_device", _registered_as_before))
    return stack


def drill(context: DrillContext) -> Result:
    rounds = 10 if context.small else 20 if context.control else 100
    with override_settings(EMAIL_BACKEND=MAILBOX, PASSWORD_HASHERS=CHEAP):
        figures = [_attacked() for _ in range(rounds)]
    through = {name: sum(figure[name] for figure in figures) for name in figures[0]}
    passed = not all(through.values()) if context.control else not any(through.values())
    return Result(f"{rounds} rounds, {WRITERS} writers", f"got through: {through}", "none", passed)


def _attacked() -> dict[str, int]:
    return {
        "squatters": _squatted(),
        "codes used twice": _raced(),
        "codes to an old address": _used_after_a_change(),
        "token registrations": _registered_at_once(),
    }


def _squatted() -> int:
    email = f"{uuid4().hex}@example.org"
    session = register_owner(email=email, password=PASSWORD)
    register_device(session=session, platform=Platform.IOS, push_token=uuid4().hex)
    store_second_factor(user=session.user, secret=new_secret())
    invite_staff(email=email, is_superuser=True, staff=session.user, reason="a drill")
    user = User.objects.get(email=email)
    ways_in = (
        _is_allowed(lambda: session_of(AccessClaims(user.pk, session.pk, access_id_of(session.refresh_id)))),
        _is_allowed(lambda: sign_in(email=email, password=PASSWORD)),
        is_enrolled(user),
        Device.objects.filter(user=user).exists(),
        user.is_staff,
    )
    return int(any(ways_in))


def _raced() -> int:
    """Return whether a code counted twice, or the address does not have exactly one owner who proved it."""
    address = f"{uuid4().hex}@example.org"
    first, second = _owner(), _owner()
    codes = {session: _email_code(session.user, address) for session in (first, second)}
    reset_code = _reset_code(first.user)
    confirmations = [partial(_enters, session, codes[session]) for session in (first, second)]
    reset = partial(_is_allowed, partial(confirm_reset, email=first.user.email, code=reset_code, password=NEW_PASSWORD))
    outcomes = at_once([*confirmations * TIMES_AT_ONCE, reset])
    owners = User.objects.filter(email=address, email_verified_at__isnull=False).count()
    used = sum(outcomes[:-1])
    # The first use consumes each code, whichever account gets the address; an earlier reset closed the first account's
    # code.
    return int(owners != 1 or not 1 <= used <= len(codes))


def _used_after_a_change() -> int:
    session, address = _owner(), f"{uuid4().hex}@example.org"
    code = _email_code(session.user, address)
    reset_code = _reset_code(session.user)
    confirm_address(session=session, code=code)
    return int(_is_allowed(lambda: confirm_reset(email=address, code=reset_code, password=NEW_PASSWORD)))


def _registered_at_once() -> int:
    """Return how many of sixteen accounts failed to register one token, and how many beyond one hold it."""
    token = uuid4().hex
    sessions = [_owner() for _ in range(WRITERS)]
    failed = sum(at_once([partial(_fails_to_register, session, token) for session in sessions]))
    return failed + abs(Device.objects.filter(push_token=token).count() - 1)


def _owner() -> Session:
    return start_session(user=User.objects.create_user(f"{uuid4().hex}@example.org", PASSWORD))


def _email_code(user: User, email: str) -> str:
    row = EmailCode.objects.create(user=user, email=email, requested_at=timezone.now())
    email_codes.mail_code(code_id=row.pk)
    return _mailed()


def _reset_code(user: User) -> str:
    row = PasswordReset.objects.create(user=user, requested_at=timezone.now())
    reset_codes.mail_code(reset_id=row.pk)
    return _mailed()


def _mailed() -> str:
    words = str(mail.outbox[-1].body).split()
    return next(word for word in words if word.isdecimal() and len(word) == 6)


def _enters(session: Session, code: str) -> int:
    """Return 1 if the code was valid, even if another account holds the address."""
    try:
        confirm_address(session=session, code=code)
    except EmailTaken:
        return 1
    except (APIError, Error):
        return 0
    return 1


def _is_allowed(act: Callable[[], Any]) -> int:
    try:
        act()
    except (APIError, Error):
        return 0
    return 1


def _fails_to_register(session: Session, token: str) -> int:
    try:
        register_device(session=session, platform=Platform.IOS, push_token=token)
    except Error:
        return 1
    return 0


def _registered_as_before(*, session: Session, platform: Platform, push_token: str) -> Device:
    Device.objects.filter(push_token=push_token).exclude(user=session.user).delete()
    found = Device.objects.update_or_create(
        user=session.user, push_token=push_token, defaults={"platform": platform, "session": session}
    )
    return found[0]


if __name__ == "__main__":
    mail.outbox = []
    main(drill, disable_guard, served=False)
