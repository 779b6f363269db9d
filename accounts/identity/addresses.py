"""One spelling per e-mail address, so that two spellings of it are never two accounts."""

from typing import Final

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

MAX_LENGTH: Final = 254
MAX_LOCAL_LENGTH: Final = 64
_is_address = EmailValidator()


class NotAnAddress(ValueError):
    """No address that we take."""


def one_spelling(text: str) -> str:
    """The address stripped, in lower case, its domain in ASCII (IDNA 2008). Raises `NotAnAddress`.

    What has no single spelling is refused: a local part in quotes or beyond ASCII, a domain as a number in brackets or
    with a dot at its end.
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
    """For looking an account up: as `one_spelling`; what is no address comes back stripped, and finds nobody."""
    try:
        return one_spelling(text)
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
