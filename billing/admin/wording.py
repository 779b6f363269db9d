"""How amounts are shown to staff: as people write them. They are kept, and asked for, in minor units."""

from decimal import Decimal

from billing.currencies import minor_digits


def money(minor: int | None, currency: str) -> str:
    """4900 and EUR as `49.00 EUR`; nothing for nothing."""
    if minor is None:
        return "–"
    return f"{Decimal(minor).scaleb(-minor_digits(currency))} {currency}"
