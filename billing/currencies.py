"""How many digits of a currency are minor units (ISO 4217)."""

from typing import Final

_USUAL: Final = 2
_DIGITS: Final = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_digits(currency: str) -> int:
    return _DIGITS.get(currency, _USUAL)
