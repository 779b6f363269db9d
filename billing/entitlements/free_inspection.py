"""That the free corrosion inspection of an address is used up, remembered by a keyed hash.

It is free once for each address, also after the account was erased and the address registered anew, or given up for
another and taken by somebody else. The hash names nobody: without the key it cannot even be guessed.
"""

from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import ERASED_DOMAIN
from billing.models import UsedFreeInspection

_SALT: Final = "billing.free_inspection"


def remember(*addresses: str) -> None:
    """The free inspection of these addresses is used up. Remembering twice changes nothing."""
    rows = [UsedFreeInspection(address_hash=_hash(each)) for each in addresses if not each.endswith(ERASED_DOMAIN)]
    UsedFreeInspection.objects.bulk_create(rows, ignore_conflicts=True)


def is_used_up(address: str) -> bool:
    return UsedFreeInspection.objects.filter(address_hash=_hash(address)).exists()


def _hash(address: str) -> str:
    return salted_hmac(_SALT, address, secret=settings.ADDRESS_HASH_KEY, algorithm="sha256").hexdigest()
