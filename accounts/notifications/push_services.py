"""Check the address of a browser's push service, and its keys. Without Django: channels use it too.

A browser sends the address that we call: without a list, any user could direct our requests to any host.
"""

import base64
import re
from collections.abc import Collection
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

MAX_ENDPOINT_LENGTH: Final = 2048
POINT_BYTES: Final = 65
AUTH_BYTES: Final = 16
# Chrome and Edge on Android, Firefox, Safari, Edge on Windows. `*.` means one or more labels.
PUSH_SERVICES: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Lower case, as browsers write it. The last label has a letter first: no number is a host.
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
# No user, no blank, backslash or fragment, nothing that two parsers could read differently.
_ENDPOINT: Final = re.compile(r"(https?)://([a-z0-9.:-]+)(/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]+)")
# A fake push service, for development and tests.
_FAKE: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost):[0-9]{1,5}")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def is_push_endpoint(endpoint: str, *, services: Collection[str]) -> bool:
    """Return whether an address is https, without a port or user, at a host that one of `services` names.

    `services` are hosts, `*.` with a domain, or the address of a fake on this machine (`http://127.0.0.1:8123`).
    """
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None or len(endpoint) > MAX_ENDPOINT_LENGTH:
        return False
    scheme, host, _ = found.groups()
    if scheme == "http":
        return is_fake_service(f"http://{host}") and f"http://{host}" in services
    return _HOST.fullmatch(host) is not None and any(_names(service, host) for service in services)


def is_fake_service(service: str) -> bool:
    return _FAKE.fullmatch(service) is not None


def is_service(service: str) -> bool:
    """Return whether an entry of the list names one host, or the hosts below a domain."""
    return _HOST.fullmatch(service.removeprefix("*.")) is not None


def _names(service: str, host: str) -> bool:
    return host.endswith(service[1:]) if service.startswith("*.") else host == service


def is_point(text: str) -> bool:
    """Return whether a text is a public key on P-256: 65 bytes in base64url."""
    try:
        raw = decoded(text)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return len(raw) == POINT_BYTES


def is_auth_secret(text: str) -> bool:
    """Return whether a text is 16 bytes in base64url."""
    try:
        return len(decoded(text)) == AUTH_BYTES
    except ValueError:
        return False


def encoded(raw: bytes) -> str:
    """Return bytes as base64url without padding, the one spelling that is stored."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes of base64url, with or without padding. Raises `ValueError`."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
