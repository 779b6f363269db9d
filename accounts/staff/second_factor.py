"""The admin's second factor: a code of an authenticator app, or one of ten recovery codes that each work once.

The library counts wrong codes with a pause that doubles, and takes no code of the app twice. It stores recovery codes
unhashed, so this module passes it a keyed hash: someone who reads the database cannot use one.
"""

import secrets
from base64 import b32encode
from binascii import unhexlify
from typing import Any, Final

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from accounts.identity.authenticator import has_authenticator, verified_authenticator
from accounts.models import User
from accounts.staff.audit import record_staff_action
from accounts.staff.sessions import end_staff_sessions
from maretech.common.text import plain_digits

RECOVERY_CODES: Final = 10
STEP_SECONDS: Final = 30
TOLERANCE: Final = 1  # steps that a phone's clock may be off
HASH_LENGTH: Final = 16  # the library's column: 64 bits


class WrongCode(Exception):
    """The first code does not belong to this secret."""


class AlreadyEnrolled(Exception):
    """The user has a second factor; reset it before enrolling another."""


def is_enrolled(user: User) -> bool:
    return has_authenticator(user)


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def new_secret() -> str:
    """Return a new secret, not yet on any device, in hexadecimal."""
    return str(default_key())


def provisioning_uri(*, user: User, secret: str) -> str:
    """Return the address that an authenticator app reads from the QR code."""
    return str(TOTPDevice(user=user, key=secret, step=STEP_SECONDS).config_url)


def format_secret(secret: str) -> str:
    """Return the secret for typing into an app without a camera: base32 in groups of four."""
    text = b32encode(unhexlify(secret)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrol(*, user: User, secret: str, code: str) -> list[str]:
    """Make the secret the user's second factor. Returns the recovery codes, which cannot be read again.

    Raises `WrongCode` unless the code proves that an app holds the secret, and `AlreadyEnrolled`.
    """
    totp, code = TOTP(unhexlify(secret), STEP_SECONDS), plain_digits(code)
    if not _is_six_digits(code) or not totp.verify(int(code), TOLERANCE):
        raise WrongCode
    # This uses up the code that was just shown.
    return store_second_factor(user=user, secret=secret, last_t=totp.t(), drift=totp.drift)


@transaction.atomic
def store_second_factor(*, user: User, secret: str, **state: int) -> list[str]:
    """Store the secret as the user's second factor, proven or not. Returns recovery codes. Raises `AlreadyEnrolled`."""
    User.objects.select_for_update().get(pk=user.pk)
    if is_enrolled(user):
        raise AlreadyEnrolled
    TOTPDevice.objects.create(user=user, name="authenticator", key=secret, tolerance=TOLERANCE, **state)
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(user, code)) for code in codes)
    return codes


def verified_device(*, user: User, code: str) -> Any:
    """Return the user's device that this code belongs to and use the code up; None for a wrong code or an early try."""
    code = plain_digits(code)
    if _is_six_digits(code):
        return verified_authenticator(user=user, code=code)
    recovery = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return recovery and verify_token(user, recovery.persistent_id, _hashed(user, code))


@transaction.atomic
def enrol_colleague(*, user: User, secret: str, staff: User, reason: str) -> list[str]:
    """Enrol another user, as `store_second_factor`, and record the actor and the reason."""
    record_staff_action(staff=staff, action="enrol_second_factor", subject=user, reason=reason)
    return store_second_factor(user=user, secret=secret)


@transaction.atomic
def reset_second_factor(*, user: User, staff: User, reason: str) -> None:
    """Remove the user's second factor and sign them out of the admin everywhere. Records the actor and the reason."""
    record_staff_action(staff=staff, action="reset_second_factor", subject=user, reason=reason)
    remove_second_factor(user)
    # The holder of an old session must not be the one who enrols again.
    end_staff_sessions(user=user)


def remove_second_factor(user: User) -> None:
    """Revoke the app and all recovery codes. Call this in the transaction that records the reason."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _is_six_digits(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdecimal()


def _new_recovery_code() -> str:
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def _hashed(user: User, code: str) -> str:
    plain = code.replace("-", "").strip().lower()
    return salted_hmac("accounts.second_factor", f"{user.pk}:{plain}", algorithm="sha256").hexdigest()[:HASH_LENGTH]
