"""Where an address leads: to this machine, to its containers, or out into the world."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_ours(host: str | None) -> bool:
    """Whether a host is this machine: no name at all is a socket in its file system."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_inside(url: str) -> bool:
    """Whether an address is of this machine or of a container's network, where names have no dot."""
    host = urlsplit(url).hostname
    return is_ours(host) or ("." not in str(host) and ":" not in str(host))


def leads_away(url: str) -> bool:
    """Whether a return address is not an https page that a phone reaches."""
    found = urlsplit(url)
    return found.scheme != "https" or is_ours(found.hostname)
