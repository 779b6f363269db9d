"""Attack reset codes: expired, already used, used by twenty at once, and guessed; only a valid code may count.

Control: a code is valid whatever happened to it.
"""

from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from accounts.errors import ResetCodeInvalid
from accounts.identity.passwords import confirm_reset
from accounts.identity.reset_codes import mail_code
from accounts.models import PasswordReset, User
from drills.harness.api_client import PASSWORD, at_once
from drills.harness.runner import DrillContext, Result, main
from maretech.common.http.errors import APIError

AT_ONCE: Final = 20
MAILBOX: Final = "django.core.mail.backends.locmem.EmailBackend"
# The attack targets the codes: no slow step separates the twenty simultaneous calls.
CHEAP: Final = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NEW_PASSWORD: Final = "anchor-and-chain-9"  # noqa: S105 - of accounts that live as long as the drill


def disable_guard() -> AbstractContextManager[object]:
    return patch("accounts.identity.mailed_codes.is_open", lambda _: True)


def drill(context: DrillContext) -> Result:
    rounds = 1 if context.small or context.control else 20
    with override_settings(EMAIL_BACKEND=MAILBOX, PASSWORD_HASHERS=CHEAP):
        figures = [_attacked() for _ in range(rounds)]
    taken = {name: sum(figure[name] for figure in figures) for name in figures[0]}
    expected = {"expired": 0, "used": 0, "at once": rounds, "after 5 wrong": 0}
    return Result(f"{rounds} × {AT_ONCE} at once", f"codes taken: {taken}", f"{expected}", taken == expected)


def _attacked() -> dict[str, int]:
    email, code = _coded()
    PasswordReset.objects.filter(user__email=email).update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = _taken(email, code)
    email, code = _coded()
    at_once_taken = sum(at_once([partial(_taken, email, code)] * AT_ONCE))
    used = _taken(email, code)
    email, code = _coded()
    for step in range(1, settings.RESET_CODE_TRIES + 1):
        _taken(email, f"{(int(code) + step) % 1_000_000:06d}")
    return {"expired": expired, "used": used, "at once": at_once_taken, "after 5 wrong": _taken(email, code)}


def _coded() -> tuple[str, str]:
    """Return an owner and the mailed code."""
    user = User.objects.create_user(f"{uuid4().hex}@example.org", PASSWORD)
    reset = PasswordReset.objects.create(user=user, requested_at=timezone.now())
    mail_code(reset_id=reset.pk)
    words = str(mail.outbox[-1].body).split()
    return user.email, next(word for word in words if word.isdecimal() and len(word) == 6)


def _taken(email: str, code: str) -> int:
    try:
        confirm_reset(email=email, code=code, password=NEW_PASSWORD)
    except ResetCodeInvalid:
        return 0
    except APIError as refusal:
        raise RuntimeError(refusal.text) from refusal
    return 1


if __name__ == "__main__":
    mail.outbox = []
    main(drill, disable_guard, served=False)
