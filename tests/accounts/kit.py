"""Helpers shared by the account tests."""

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
from maretech.common.http.errors import APIError

EMAIL = "skipper@example.org"
PASSWORD = "keel-and-rudder-7"
NEW_PASSWORD = "anchor-and-chain-9"
Value = TypeVar("Value")


def at_once(count: int, call: Callable[[], Value]) -> list[Value | str]:
    """Make the call in this many threads at the same moment; return each value, or the error code of each refusal."""
    start = threading.Barrier(count)

    def run() -> Value | str:
        try:
            start.wait(timeout=30)
            return call()
        except APIError as refusal:
            return refusal.error_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(count)]]


class MeetingPoint:
    """Holds each thread until all have arrived, or for half a second if a lock lets only one through."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=0.5)

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the function so that each caller waits right after it has read the return value."""

        def held(*args: Any, **kwargs: Any) -> Any:
            value = function(*args, **kwargs)
            self.wait()
            return value

        return held


def mailed_code(mailbox: list[Any], email: str = EMAIL) -> str:
    """Request a reset, let the worker mail the code, and return it from the mail."""
    request_reset(email=email)
    reset = PasswordReset.objects.latest("requested_at")
    mail_code(reset_id=reset.pk)
    return code_in(mailbox[-1])


def newest_email_code(user: User) -> EmailCode:
    return EmailCode.objects.filter(user=user).latest("requested_at")


def mailed_email_code(mailbox: list[Any], user: User) -> str:
    """Let the worker mail this account's newest code, and return it from the mail."""
    email_codes.mail_code(code_id=newest_email_code(user).pk)
    return code_in(mailbox[-1])


def token_of(invitation: StaffInvitation) -> str:
    return link_of(invitation).rstrip("/").rpartition("/")[2]


def code_in(mail: Any) -> str:
    return next(word for word in mail.body.split() if word.isdecimal() and len(word) == 6)


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
