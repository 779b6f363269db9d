"""How amounts are shown to staff: as people write them. They are kept, and asked for, in minor units."""

from decimal import Decimal
from typing import Final

_MINOR_DIGITS: Final = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
_USUAL_DIGITS: Final = 2


def money(minor: int | None, currency: str) -> str:
    """4900 and EUR as `49.00 EUR`; nothing for nothing."""
    if minor is None:
        return "–"
    return f"{Decimal(minor).scaleb(-_MINOR_DIGITS.get(currency, _USUAL_DIGITS))} {currency}"
