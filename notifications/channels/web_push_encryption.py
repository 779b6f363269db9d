"""Message encryption for Web Push (RFC 8291): `aes128gcm` (RFC 8188) in one record, which only the browser can read."""

import secrets
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_RECORD_BYTES: Final = 4096
_HEADER_BYTES: Final = 16 + 4 + 1 + 65  # salt, record size, length of the key, key
_LAST_RECORD: Final = b"\x02"
# Push services accept a body of 4096 bytes (RFC 8030, 7.2); header, delimiter and tag are part of it.
MAX_PLAINTEXT_BYTES: Final = 4096 - _HEADER_BYTES - 1 - 16


def encrypt(
    plaintext: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    salt: bytes | None = None,
    sender_key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body of a push to the browser with these keys. Salt and key are new for each message unless given.

    Raises `ValueError` for a point that is not on the curve, and for more than `MAX_PLAINTEXT_BYTES`.
    """
    if len(plaintext) > MAX_PLAINTEXT_BYTES:
        raise ValueError("too long for one record")
    salt = salt or secrets.token_bytes(16)
    sender_key = sender_key or ec.generate_private_key(ec.SECP256R1())
    sender_point = sender_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender_key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh))
    secret = _derive(shared, salt=auth, info=b"WebPush: info\x00" + p256dh + sender_point, length=32)
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + _RECORD_BYTES.to_bytes(4) + bytes([len(sender_point)]) + sender_point
    return header + AESGCM(key).encrypt(nonce, plaintext + _LAST_RECORD, None)


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
