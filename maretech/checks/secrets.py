"""Which secrets can be guessed."""

MIN_SECRET_LENGTH = 40
# Stripe's are longer, and look random.
MIN_KEY_LENGTH = 24
MIN_VARIETY = 8


def weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or secret.startswith("insecure") or len(set(secret)) < MIN_VARIETY


def is_key_of_stripe(secret: str, *kinds: str) -> bool:
    return secret.startswith(kinds) and len(secret) >= MIN_KEY_LENGTH and len(set(secret)) >= MIN_VARIETY
