"""Detects guessable secrets."""

import re
from itertools import pairwise
from typing import Final

from django.conf import settings

MIN_SECRET_LENGTH: Final = 40
# The keys of Stripe and Lob are longer, and look random.
MIN_KEY_LENGTH: Final = 24
MIN_VARIETY: Final = 8
# The key of one purpose must not sign for another: each secret must differ from those listed before it.
OWN_SECRETS: Final = ("SECRET_KEY", "JWT_SIGNING_KEY", "ADDRESS_HASH_KEY", "METRICS_TOKEN")
# No random text of the usual kinds contains one of these.
_PLACEHOLDER: Final = re.compile(
    r"insecure|change.?(me|this|it)|place.?holder|replace|password|passwort|example|default|development|secret"
    r"|your.?(key|token|own)|letmein|qwerty|asdfgh|dummy.?key|maretech",
    re.IGNORECASE,
)


def weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or _is_patterned(secret)


def is_weak(name: str) -> bool:
    """Return whether one of our own secrets is guessable, or equal to one before it."""
    secret = getattr(settings, name)
    earlier = OWN_SECRETS[: OWN_SECRETS.index(name)]
    return weak(secret) or secret in [getattr(settings, other) for other in earlier]


def is_key_of_service(secret: str, *kinds: str) -> bool:
    """Return whether a secret that a service gave us begins as one of these kinds, and looks random after that."""
    found = next((kind for kind in kinds if secret.startswith(kind)), None)
    return found is not None and len(secret) >= MIN_KEY_LENGTH and not _is_patterned(secret.removeprefix(found))


def _is_patterned(secret: str) -> bool:
    """Return whether a secret has few characters, a word, repeats or counting, unlike a random one of its length."""
    secret = secret[:256]  # in a very long secret even random triples repeat
    triples = [secret[at : at + 3] for at in range(len(secret) - 2)]
    steps = [abs(ord(second) - ord(first)) for first, second in pairwise(secret)]
    return (
        len(set(secret)) < MIN_VARIETY
        or _PLACEHOLDER.search(secret) is not None
        or len(set(triples)) < 0.75 * len(triples)
        or sum(step <= 1 for step in steps) > len(steps) / 2
    )
