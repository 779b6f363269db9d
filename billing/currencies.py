"""How many digits of a currency are minor units (ISO 4217), and how an amount is written."""

from decimal import Decimal
from typing import Final

_USUAL: Final = 2
_DIGITS: Final = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_digits(currency: str) -> int:
    return _DIGITS.get(currency, _USUAL)


def as_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as the currency's own: 4900 and EUR as 49.00."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def money(minor: int | None, currency: str) -> str:
    """4900 and EUR as `49.00 EUR`; a dash for nothing."""
    return "–" if minor is None else f"{as_decimal(minor, currency)} {currency}"
