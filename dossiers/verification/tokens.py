"""The token of a dossier: what its QR code holds. It can be checked offline with the published keys.

109 bytes in unpadded base64url, numbers with their highest byte first:

    1   version, 1
    4   id of the key: the first bytes of the SHA-256 of the public key
    16  id of the dossier
    4   when it was made final, in seconds since 1970
    20  the first bytes of the SHA-256 of what it shows (`digest_of`)
    64  the Ed25519 signature of all bytes before it
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature

from dossiers.verification.keys import TrustedKey, encoded, signing_key, trusted_keys

VERSION: Final = 1
DIGEST_BYTES: Final = 20
SIGNATURE_BYTES: Final = 64
_LAYOUT: Final = struct.Struct(f">B4s16sI{DIGEST_BYTES}s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says."""

    dossier_id: UUID
    dated_at: datetime
    digest: bytes


def digest_of(*, vessel_name: str, photo_hashes: Iterable[str]) -> bytes:
    """Return the digest of what a dossier shows, from what is printed on it.

    It is computed over lines of UTF-8 without a final newline: the vessel's name, then the SHA-256 of each original
    photo in lower-case hex, sorted.
    """
    lines = "\n".join([vessel_name, *sorted(photo_hashes)])
    return hashlib.sha256(lines.encode()).digest()[:DIGEST_BYTES]


def sign(claims: Claims) -> str:
    """Return the token of a dossier. The same claims and key give the same token."""
    key = signing_key()
    key_id = TrustedKey(key.public_key().public_bytes_raw()).key_id
    signed = _LAYOUT.pack(VERSION, key_id, claims.dossier_id.bytes, int(claims.dated_at.timestamp()), claims.digest)
    return encoded(signed + key.sign(signed))


def read(token: str) -> Claims | None:
    """Return what a genuine token says; None for a forged, cut or foreign one."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    if len(raw) != _LAYOUT.size + SIGNATURE_BYTES or encoded(raw) != token:
        return None
    signed, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    version, key_id, dossier_id, seconds, digest = _LAYOUT.unpack(signed)
    if version != VERSION or not any(_verifies(key, key_id, signed, signature) for key in trusted_keys()):
        return None
    return Claims(dossier_id=UUID(bytes=dossier_id), dated_at=datetime.fromtimestamp(seconds, UTC), digest=digest)


def _verifies(key: TrustedKey, key_id: bytes, signed: bytes, signature: bytes) -> bool:
    if key.key_id != key_id:
        return False
    try:
        key.public.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
