"""The keys that sign dossiers: one that signs, and earlier ones with signatures that still hold."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key, and the id by which tokens name it: the first bytes of its SHA-256."""

    raw: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.raw).digest()[:KEY_ID_BYTES]

    @property
    def public(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs. Without one in the settings it is derived from SECRET_KEY, in development only."""
    if settings.DOSSIER_SIGNING_KEY:
        return Ed25519PrivateKey.from_private_bytes(decoded(settings.DOSSIER_SIGNING_KEY))
    seed = hashlib.sha256(b"dossiers.verification:" + settings.SECRET_KEY.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def trusted_keys() -> tuple[TrustedKey, ...]:
    """Return the keys with valid signatures, the signing one first."""
    retired = (TrustedKey(decoded(text)) for text in settings.DOSSIER_RETIRED_KEYS)
    return (TrustedKey(signing_key().public_key().public_bytes_raw()), *retired)


def decoded(text: str) -> bytes:
    """Return the 32 bytes of a key in unpadded base64url. Raises `ValueError`."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) != KEY_BYTES or encoded(raw) != text:
        raise ValueError("not the 32 bytes of a key")
    return raw


def is_key(text: str) -> bool:
    """Return whether the text is a key as `encoded` writes it."""
    try:
        decoded(text)
    except ValueError:
        return False
    return True


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
