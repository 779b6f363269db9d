"""Where an address leads: to this machine, to its containers, or out into the world."""

import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_NAME: Final = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*")
# Whatever the resolver takes for a number: 127.1 and 2130706433 are 127.0.0.1.
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3}", re.IGNORECASE)
# Names that no resolver of a phone's knows.
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
# A domain of others': whoever registers under it would be let in by a dot before it.
_OF_EVERYBODY: Final = re.compile(r"[^.]*|(?:co|com|org|net|ac|edu|gov|gob|go|or|ne|gen)\.[a-z]{2}", re.IGNORECASE)
# What browsers and servers read differently.
_AMBIGUOUS: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_NOWHERE: Final = urlsplit("")


def parts_of(url: str) -> SplitResult:
    """An address that cannot be read is none."""
    try:
        found = urlsplit(url)
        _ = found.hostname, found.port
    except ValueError:
        return _NOWHERE
    return found


def hosts_of(url: str) -> list[str]:
    """Every host that clients might take from an address: its own, and any that a parameter names."""
    found = parts_of(url)
    named = [value for name, value in parse_qsl(found.query) if name.lower() in ("host", "hostaddr", "hostname")]
    return [unquote(found.hostname or ""), *named]


def is_ours(host: str | None) -> bool:
    """Whether a host is this machine: no name at all is a socket in its file system."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    address = _address_of(host)
    return address is not None and address.is_loopback


def is_inside(host: str | None) -> bool:
    """Whether a host is this machine, a container by its name, which has no dot, or of a private network."""
    if is_ours(host):
        return True
    address = _address_of(str(host))
    if address is None:
        return "." not in str(host) and is_name(str(host))
    return address.is_private and not address.is_unspecified


def is_name(host: str) -> bool:
    return _NAME.fullmatch(host) is not None and len(host) <= 253


def is_reachable(host: str | None) -> bool:
    """Whether phones may reach a host: by a name of the public kind, or an address that is routed."""
    if not host:
        return False
    address = _address_of(host)
    if address is not None:
        return address.is_global and host == str(address)
    last = host.rpartition(".")[2].lower()
    return "." in host and is_name(host) and not _NUMERIC.fullmatch(last) and last not in _OF_NO_PHONE


def lets_anybody_in(allowed: str) -> bool:
    """Whether an entry of ALLOWED_HOSTS stands for hosts of others too."""
    return "*" in allowed or (allowed.startswith(".") and _OF_EVERYBODY.fullmatch(allowed[1:]) is not None)


def is_origin(url: str) -> bool:
    """Whether an address ends with its host, so that a path can be put behind it."""
    found = parts_of(url)
    return url == f"{found.scheme}://{found.netloc}"


def leads_away(url: str) -> bool:
    """Whether an address is not one that a phone reaches by https, or not plainly so."""
    found = parts_of(url)
    is_plain = "@" not in found.netloc and not _AMBIGUOUS.search(url)
    return found.scheme != "https" or not is_plain or not is_reachable(found.hostname)


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    found: IPv4Address | IPv6Address | None = None
    with suppress(ValueError, OSError):
        found = IPv4Address(socket.inet_aton(host)) if _NUMERIC.fullmatch(host) else ip_address(host.strip("[]"))
    return getattr(found, "ipv4_mapped", None) or found
