"""The services that we connect to, and whether others could read or change the traffic on the way."""

from typing import Any, Final
from urllib.parse import parse_qsl

from django.conf import settings

from maretech.checks.addresses import hosts_of, is_inside, is_ours, parts_of

# `require` does not verify the server, but it stops passive eavesdroppers. The start-up check cannot know which
# authority signed a provider's certificate; .env.production.template names verify-full, which does verify the server.
_ENCRYPTED: Final = ("require", "verify-ca", "verify-full")
_VERIFIED: Final = {"ssl_cert_reqs": ("required", "CERT_REQUIRED"), "ssl_check_hostname": ("true", "True", "1")}
# Clients reach this machine through these, or through a host that is named.
_LOCAL_BROKERS: Final = ("filesystem", "memory", "unix", "redis+socket")
_NETWORK_BROKERS: Final = ("redis", "rediss", "amqp", "amqps", "pyamqp")


def brokers() -> list[str]:
    """Return the addresses of the message brokers and the counters' stores; there may be several of each."""
    return [url for url in f"{settings.REDIS_URL};{settings.CELERY_BROKER_URL}".split(";") if url]


def database_is_elsewhere() -> bool:
    return not all(is_ours(host) for host in _database_hosts())


def broker_is_elsewhere(url: str) -> bool:
    """Return whether a broker is elsewhere. An unknown scheme may reach a provider's cloud without naming a host."""
    scheme = parts_of(url).scheme
    is_here = scheme in _NETWORK_BROKERS and all(map(is_ours, hosts_of(url)))
    return scheme not in _LOCAL_BROKERS and not is_here


def database_is_overheard() -> bool:
    mode = _database_options().get("sslmode") or settings.PGSSLMODE
    return not all(is_inside(host) for host in _database_hosts()) and mode not in _ENCRYPTED


def broker_is_overheard(url: str) -> bool:
    found = parts_of(url)
    if found.scheme not in ("redis", "rediss") or all(map(is_inside, hosts_of(url))):  # other checks refuse the others
        return False
    lax = [name for name, value in parse_qsl(found.query) if value not in _VERIFIED.get(name, (value,))]
    return found.scheme != "rediss" or bool(lax)


def _database_options() -> dict[str, Any]:
    return settings.DATABASES["default"].get("OPTIONS") or {}


def _database_hosts() -> list[str]:
    """Return the hosts as libpq finds them: the environment adds what the address omits. A service may be anywhere."""
    if settings.USES_SQLITE:
        return []
    options = _database_options()
    host = settings.DATABASES["default"].get("HOST") or options.get("host") or settings.PGHOST
    address = options.get("hostaddr") or settings.PGHOSTADDR
    service = "service.invalid" if settings.PGSERVICE else ""
    return [part.strip() for named in (host, address, service) for part in str(named or "").split(",")]
