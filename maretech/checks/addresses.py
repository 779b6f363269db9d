"""Classifies addresses: this machine, its containers, or the public network."""

import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_NAME: Final = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*")
# Every form that the resolver reads as a number: 127.1 and 2130706433 are 127.0.0.1.
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3}", re.IGNORECASE)
# Names that no phone's resolver knows.
_OF_NO_PHONE: Final = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "arpa",
    "test",
    "example",
    "invalid",
)
# Domains open to registration: a leading dot would let in every host that someone registers below it.
_PUBLIC_SUFFIX: Final = re.compile(r"[^.]*|(?:co|com|org|net|ac|edu|gov|gob|go|or|ne|gen)\.[a-z]{2}", re.IGNORECASE)
# Characters that browsers and servers interpret differently.
_AMBIGUOUS: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_NOWHERE: Final = urlsplit("")


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address; an unreadable address counts as empty."""
    try:
        found = urlsplit(url)
        _ = found.hostname, found.port
    except ValueError:
        return _NOWHERE
    return found


def hosts_of(url: str) -> list[str]:
    """Return every host that clients might take from an address: its own, and any that a parameter names."""
    found = parts_of(url)
    named = [value for name, value in parse_qsl(found.query) if name.lower() in ("host", "hostaddr", "hostname")]
    return [unquote(found.hostname or ""), *named]


def is_ours(host: str | None) -> bool:
    """Return whether a host is this machine. A missing name is a socket in its file system."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    address = _address_of(host)
    return address is not None and address.is_loopback


def is_inside(host: str | None) -> bool:
    """Return whether a host is this machine, a container (a name without a dot), or in a private network."""
    if is_ours(host):
        return True
    address = _address_of(str(host))
    if address is None:
        return "." not in str(host) and is_name(str(host))
    return address.is_private and not address.is_unspecified


def is_name(host: str) -> bool:
    return _NAME.fullmatch(host) is not None and len(host) <= 253


def is_reachable(host: str | None) -> bool:
    """Return whether phones can reach a host: by a public name, or by a routed address."""
    if not host:
        return False
    address = _address_of(host)
    if address is not None:
        return address.is_global and host == str(address)
    last = host.rpartition(".")[2].lower()
    return "." in host and is_name(host) and not _NUMERIC.fullmatch(last) and last not in _OF_NO_PHONE


def matches_foreign_hosts(allowed: str) -> bool:
    """Return whether an entry of ALLOWED_HOSTS also matches hosts of others."""
    return "*" in allowed or (allowed.startswith(".") and _PUBLIC_SUFFIX.fullmatch(allowed[1:]) is not None)


def is_origin(url: str) -> bool:
    """Return whether an address ends with its host, so that a path can be appended."""
    found = parts_of(url)
    return url == f"{found.scheme}://{found.netloc}"


def is_unreachable_by_phone(url: str) -> bool:
    """Return whether an address is not, or not unambiguously, one that a phone reaches by https."""
    found = parts_of(url)
    is_plain = "@" not in found.netloc and not _AMBIGUOUS.search(url)
    return found.scheme != "https" or not is_plain or not is_reachable(found.hostname)


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    found: IPv4Address | IPv6Address | None = None
    with suppress(ValueError, OSError):
        found = IPv4Address(socket.inet_aton(host)) if _NUMERIC.fullmatch(host) else ip_address(host.strip("[]"))
    return getattr(found, "ipv4_mapped", None) or found
