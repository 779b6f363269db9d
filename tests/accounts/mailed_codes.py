"""The address and passwords of the account tests, and the codes that their mails carry."""

from typing import Any

from accounts.identity import email_codes
from accounts.identity.passwords import request_reset
from accounts.identity.reset_codes import mail_code
from accounts.models import EmailCode, PasswordReset, StaffInvitation, User
from accounts.staff.links import link_of

EMAIL = "skipper@example.org"
PASSWORD = "keel-and-rudder-7"
NEW_PASSWORD = "anchor-and-chain-9"


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
