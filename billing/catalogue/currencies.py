"""How many digits of a unit are minor ones (ISO 4217), how an amount is written, and where Stripe differs."""

from decimal import Decimal
from typing import Final

# The unit of the ledger that is no currency.
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
# docs.stripe.com/currencies: hundredths of what has none, whole ones of what has, and thousandths in tens only. An
# amount would be charged a hundredfold or by the hundredth, so nothing is sold on the web in them.
COUNTED_OTHERWISE_BY_STRIPE: Final = frozenset({"ISK", "UGX", "MGA", "BHD", "JOD", "KWD", "OMR", "TND"})


def minor_digits(currency: str) -> int:
    return _DIGITS.get(currency, _USUAL)


def as_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as the currency's own: 4900 and EUR as 49.00."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def money(minor: int | None, currency: str) -> str:
    """4900 and EUR as `49.00 EUR`; a dash for nothing."""
    return "–" if minor is None else f"{as_decimal(minor, currency)} {currency}"


def amount(value: int | None, unit: str) -> str:
    """An amount of any unit of the ledger: credits as they are, money as people write it."""
    if unit != CREDIT or value is None:
        return money(value, unit)
    return f"{value} {_credits(value)}"


def signed_amount(value: int, unit: str) -> str:
    """What an account gained or gave: `+49.00 EUR`, `-1 credit`."""
    return f"{as_decimal(value, unit):+} {_credits(value) if unit == CREDIT else unit}"


def _credits(count: int) -> str:
    return "credit" if abs(count) == 1 else "credits"
