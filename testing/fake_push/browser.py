"""A browser that subscribed to pushes: its keys, and what it reads of what it was sent."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Push:
    """A push as the service took it."""

    headers: Mapping[str, str]
    body: bytes


@dataclass
class Browser:
    """Made by `FakePush.subscribe`. With an `application_server_key`, only the owner of that key may send."""

    endpoint: str
    application_server_key: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    pushes: list[Push] = field(default_factory=list)
    is_subscribed: bool = True

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` returns, without the time at which it ends: there is none."""
        keys = {"p256dh": base64url(self.point), "auth": base64url(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    @property
    def target(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, **self.subscription["keys"]}

    def unsubscribe(self) -> None:
        self.is_subscribed = False

    def messages(self) -> list[dict[str, Any]]:
        """Decrypt all that came, in order. Raises `InvalidTag` for what was not encrypted for this browser."""
        return [json.loads(decrypt(push.body, key=self.key, auth=self.auth)) for push in self.pushes]

    def shown(self) -> list[str]:
        """Return the texts that the browser shows: of one topic, the last."""
        by_topic = {push.headers["topic"]: each for push, each in zip(self.pushes, self.messages(), strict=True)}
        return [each["body"] for each in by_topic.values()]


def decrypt(body: bytes, *, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Return the plaintext of one record (RFC 8188, RFC 8291), derived step by step as the browser does."""
    salt, record_bytes, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender_point, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= record_bytes
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_point))
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = _expand(_hmac(auth, shared), b"WebPush: info\x00" + point + sender_point, 32)
    pseudorandom = _hmac(salt, secret)
    content_key = _expand(pseudorandom, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _expand(pseudorandom, b"Content-Encoding: nonce\x00", 12)
    padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\x00")
    assert padded[-1:] == b"\x02", "the last record ends with 2"
    return padded[:-1]


def _hmac(key: bytes, data: bytes) -> bytes:
    """Return the first step of HKDF (RFC 5869, 2.2)."""
    step = HMAC(key, SHA256())
    step.update(data)
    return step.finalize()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(SHA256(), length, info).derive(key)


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
