"""The authenticator app of a user, who has at most one.

The library counts wrong codes with a pause that doubles, and takes no code twice.
"""

from typing import Any

from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User


def has_authenticator(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def verified_authenticator(*, user: User, code: str) -> Any:
    """Return the user's authenticator if this is its code, and use the code up; None for a wrong one or an early try.

    Takes six digits.
    """
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return device and verify_token(user, device.persistent_id, code)
