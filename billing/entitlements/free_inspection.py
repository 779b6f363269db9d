"""Record which addresses used their free corrosion inspection, by a keyed hash.

Each address gets one free inspection. That holds after the account is erased and the address is registered again, and
after the address passes to another person. The hash identifies no person: without the key it cannot even be guessed.
"""

from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import ERASED_DOMAIN
from billing.models import UsedFreeInspection

_SALT: Final = "billing.free_inspection"


def remember(*addresses: str) -> None:
    """Mark the free inspection of these addresses as used. Idempotent."""
    hashes = [_hash(each) for each in addresses if not each.endswith(ERASED_DOMAIN)]
    rows = [UsedFreeInspection(address_hash=each) for each in sorted(hashes)]  # two calls at once lock in one order
    UsedFreeInspection.objects.bulk_create(rows, ignore_conflicts=True)


def is_used_up(address: str) -> bool:
    return UsedFreeInspection.objects.filter(address_hash=_hash(address)).exists()


def _hash(address: str) -> str:
    return salted_hmac(_SALT, address, secret=settings.ADDRESS_HASH_KEY, algorithm="sha256").hexdigest()
