"""One spelling per e-mail address, so that two spellings of an address never become two accounts."""

from typing import Final

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

MAX_LENGTH: Final = 254
MAX_LOCAL_LENGTH: Final = 64
_is_address = EmailValidator()


class NotAnAddress(ValueError):
    """The text is not an e-mail address that we accept."""


def parse_email(text: str) -> str:
    """Return the address stripped, in lower case, with its domain in ASCII (IDNA 2008). Raises `NotAnAddress`.

    Refuses an address without a single spelling: a local part in quotes or beyond ASCII, a domain that is a number in
    brackets, or a domain that ends with a dot.
    """
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if len(text) > MAX_LENGTH or len(local) > MAX_LOCAL_LENGTH or not local.isascii() or set('"[]') & set(text):
        raise NotAnAddress
    spelling = f"{local.lower()}{at}{_ascii(domain)}"
    try:
        _is_address(spelling)
    except ValidationError:
        raise NotAnAddress from None
    if len(spelling) > MAX_LENGTH:
        raise NotAnAddress
    return spelling


def normalise_email(text: str) -> str:
    """Return the address for an account look-up: as `parse_email`; a non-address is only stripped and matches none."""
    try:
        return parse_email(text)
    except NotAnAddress:
        return text.strip()[:MAX_LENGTH]


def _ascii(domain: str) -> str:
    lower = domain.lower()
    if lower.isascii() and "xn--" not in lower:
        return lower
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except UnicodeError:
        raise NotAnAddress from None
