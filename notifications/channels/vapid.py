"""Voluntary Application Server Identification (VAPID, RFC 8292): a signed token names the sender to a push service."""

import time
from typing import Final
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.notifications.push_services import decoded, encoded

_LIFETIME_SECONDS: Final = 12 * 3600  # push services refuse more than a day
_RENEWED_SECONDS: Final = 3600
_KEY_BYTES: Final = 32


class Vapid:
    """Signs for each push service once in half a day.

    Raises `ValueError` unless the key is one of `make_vapid_key`, and the subject a `mailto:` or `https:` contact.
    """

    def __init__(self, private_key: str, subject: str) -> None:
        self._key = private_key_of(private_key)
        if not subject.startswith(("mailto:", "https://")):
            raise ValueError("the subject is a contact: mailto: or https:")
        self._subject = subject
        self._signed: dict[str, tuple[str, float]] = {}

    @property
    def public_key(self) -> str:
        """The `applicationServerKey` with which browsers subscribe."""
        return public_key_of(self._key)

    def authorization(self, endpoint: str) -> str:
        """Return the `Authorization` header for a request to this endpoint."""
        url = urlsplit(endpoint)
        return f"vapid t={self._token(f'{url.scheme}://{url.netloc}')}, k={self.public_key}"

    def _token(self, audience: str) -> str:
        token, expires_at = self._signed.get(audience, ("", 0.0))
        if expires_at - time.time() < _RENEWED_SECONDS:
            expires_at = time.time() + _LIFETIME_SECONDS
            claims = {"aud": audience, "exp": int(expires_at), "sub": self._subject}
            token = jwt.encode(claims, self._key, algorithm="ES256")
            self._signed[audience] = token, expires_at
        return token


def make_vapid_key() -> tuple[str, str]:
    """Return a new key as the settings take it, and its public key as browsers take it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return encoded(key.private_numbers().private_value.to_bytes(_KEY_BYTES)), public_key_of(key)


def private_key_of(text: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of 32 bytes in base64url. Raises `ValueError`."""
    raw = decoded(text)
    if len(raw) != _KEY_BYTES:
        raise ValueError("a VAPID key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())


def public_key_of(key: ec.EllipticCurvePrivateKey) -> str:
    return encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
