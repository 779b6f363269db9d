"""One spelling per e-mail address, so that two spellings of it are never two accounts."""

from django.utils.encoding import punycode

MAX_LENGTH = 254


def normalise_email(text: str) -> str:
    """The address stripped, case-folded, its domain in ASCII. What is no address comes back unusable but unharmed."""
    local, at, domain = text.strip().rpartition("@")
    if len(text) > MAX_LENGTH:
        return text
    try:
        return f"{local.casefold()}{at}{punycode(domain).casefold()}"
    except UnicodeError:
        return text.strip()
