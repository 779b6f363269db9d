"""What the account tests share."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

from accounts.identity import email_codes
from accounts.identity.passwords import request_reset
from accounts.identity.reset_codes import mail_code
from accounts.models import EmailCode, PasswordReset, StaffInvitation, User
from accounts.staff.links import link_of
from maretech.common.http.errors import Refusal

EMAIL = "skipper@example.org"
PASSWORD = "keel-and-rudder-7"
NEW_PASSWORD = "anchor-and-chain-9"
Value = TypeVar("Value")


def at_once(count: int, call: Callable[[], Value]) -> list[Value | str]:
    """The call made by so many threads at the same moment: each one's value, or the error code of its refusal."""
    start = threading.Barrier(count)

    def run() -> Value | str:
        try:
            start.wait(timeout=30)
            return call()
        except Refusal as refusal:
            return refusal.error_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(count)]]


class MeetingPoint:
    """Holds every thread that comes by until all have come, or for half a second where a lock lets only one come."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=0.5)

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, holding whoever has just read what it returns."""

        def held(*args: Any, **kwargs: Any) -> Any:
            value = function(*args, **kwargs)
            self.wait()
            return value

        return held


def mailed_code(mailbox: list[Any], email: str = EMAIL) -> str:
    """Ask for a reset, let the worker mail it, and read the mail."""
    request_reset(email=email)
    reset = PasswordReset.objects.latest("requested_at")
    mail_code(reset_id=reset.pk)
    return code_in(mailbox[-1])


def newest_email_code(user: User) -> EmailCode:
    return EmailCode.objects.filter(user=user).latest("requested_at")


def mailed_email_code(mailbox: list[Any], user: User) -> str:
    """Let the worker mail the newest code of this account, and read the mail."""
    email_codes.mail_code(code_id=newest_email_code(user).pk)
    return code_in(mailbox[-1])


def token_of(invitation: StaffInvitation) -> str:
    return link_of(invitation).rstrip("/").rpartition("/")[2]


def code_in(mail: Any) -> str:
    return next(word for word in mail.body.split() if word.isdecimal() and len(word) == 6)


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
