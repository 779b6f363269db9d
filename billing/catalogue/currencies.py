"""Minor digits of each unit (ISO 4217), and amount formatting."""

from decimal import Decimal
from typing import Final

# The ledger unit of inspection credits; it is not a currency.
CREDIT: Final = "INSPECTION"
_USUAL: Final = 2
_WHOLE: Final = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_DIGITS: Final = {
    CREDIT: 0,
    **dict.fromkeys(_WHOLE, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_digits(currency: str) -> int:
    return _DIGITS.get(currency, _USUAL)


def as_decimal(minor: int, currency: str) -> Decimal:
    """Convert minor units to a decimal amount: 4900 and EUR to 49.00."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def money(minor: int | None, currency: str) -> str:
    """Format minor units: 4900 and EUR as `49.00 EUR`, None as a dash."""
    return "–" if minor is None else f"{as_decimal(minor, currency)} {currency}"


def amount(value: int | None, unit: str) -> str:
    """Format an amount of any ledger unit: credits as a count, money as a decimal amount."""
    if unit != CREDIT or value is None:
        return money(value, unit)
    return f"{value} {_credits(value)}"


def signed_amount(value: int, unit: str) -> str:
    """Format a change of an account with its sign: `+49.00 EUR`, `-1 credit`."""
    return f"{as_decimal(value, unit):+} {_credits(value) if unit == CREDIT else unit}"


def _credits(count: int) -> str:
    return "credit" if abs(count) == 1 else "credits"
