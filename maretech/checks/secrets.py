"""Which secrets can be guessed."""

import re
from itertools import pairwise
from typing import Final

from django.conf import settings

MIN_SECRET_LENGTH: Final = 40
# Stripe's are longer, and look random.
MIN_KEY_LENGTH: Final = 24
MIN_VARIETY: Final = 8
# Whoever signs with one of them must not be able to sign for another: each is followed by those it may not equal.
OWN_SECRETS: Final = ("SECRET_KEY", "JWT_SIGNING_KEY", "ADDRESS_HASH_KEY", "METRICS_TOKEN")
# No random text of the usual kinds holds one of these.
_PLACEHOLDER: Final = re.compile(
    r"insecure|change.?(me|this|it)|place.?holder|replace|password|passwort|example|default|development|secret"
    r"|your.?(key|token|own)|letmein|qwerty|asdfgh|dummy.?key|maretech",
    re.IGNORECASE,
)


def weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or _is_patterned(secret)


def is_weak(name: str) -> bool:
    """Whether a secret of our own is guessable, or one of those before it."""
    secret = getattr(settings, name)
    earlier = OWN_SECRETS[: OWN_SECRETS.index(name)]
    return weak(secret) or secret in [getattr(settings, other) for other in earlier]


def is_key_of_stripe(secret: str, *kinds: str) -> bool:
    found = next((kind for kind in kinds if secret.startswith(kind)), None)
    return found is not None and len(secret) >= MIN_KEY_LENGTH and not _is_patterned(secret.removeprefix(found))


def _is_patterned(secret: str) -> bool:
    """Whether it has few characters, says a word, repeats itself, or counts: a random one of its length does not."""
    secret = secret[:256]  # in a very long one even random triples come again
    triples = [secret[at : at + 3] for at in range(len(secret) - 2)]
    steps = [abs(ord(second) - ord(first)) for first, second in pairwise(secret)]
    return (
        len(set(secret)) < MIN_VARIETY
        or _PLACEHOLDER.search(secret) is not None
        or len(set(triples)) < 0.75 * len(triples)
        or sum(step <= 1 for step in steps) > len(steps) / 2
    )
