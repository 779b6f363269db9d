"""Start-up refuses a dangerous configuration. Each refusal has an id, so that it can be named and tested.

Every process asks as Django is set up, whatever it is for; `manage.py check` alone reports instead.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from billing.stores import app_store
from inspections.choices import Mode
from inspections.engines.registry import UnknownEngine, engine_for
from maretech.common.throttling import parse_rate
from maretech.database_role import faults_of_role

MIN_SECRET_LENGTH = 40
# Stripe's are longer, and look random.
MIN_KEY_LENGTH = 24
MIN_VARIETY = 8
# Beyond these a number is a typing error, or a guard that is not one any more.
BOUNDS = {
    "TRUSTED_PROXY_COUNT": (1, 10),  # without one nothing ends TLS, and every caller has the same address
    "SECURE_HSTS_SECONDS": (31_536_000, 94_608_000),  # browsers' lists take no site below a year
    "DATABASE_STATEMENT_SECONDS": (1, 600),
    "DATABASE_LOCK_SECONDS": (1, 120),
    "DATABASE_IDLE_SECONDS": (1, 600),
    "TASK_SOFT_LIMIT_SECONDS": (30, 3600),
    "TASK_HARD_LIMIT_SECONDS": (60, 7200),
    "WORKER_STOP_SECONDS": (1, 3600),
    "STRIPE_TIMEOUT_SECONDS": (1, 60),
    "APP_STORE_TIMEOUT_SECONDS": (1, 60),
    "PLAY_TIMEOUT_SECONDS": (1, 60),
    "APP_STORE_APPLE_ID": (0, 10**11),
    "ORDER_RECHECK_SECONDS": (10, 3600),
    "SUBSCRIPTION_GRACE_DAYS": (1, 30),
    "DISPUTE_ACKNOWLEDGE_HOURS": (1, 72),
    "DISPUTE_TRIAGE_HOURS": (1, 168),
    "DISPUTE_RESOLVE_DAYS": (1, 21),
    "INSPECTION_OPEN_HOURS": (1, 720),
    "CHECKS_AT_ONCE_PER_OWNER": (1, 8),
    "UPLOADS_PER_ANGLE": (2, 200),
    "UPLOAD_BYTES_PER_INSPECTION": (100 * 1024**2, 100 * 1024**3),
    "UPLOADS_PER_OWNER": (50, 100_000),
    "UPLOAD_BYTES_PER_OWNER": (1024**3, 512 * 1024**3),
    "EXPORT_MAX_BYTES": (64 * 1024**2, 64 * 1024**3),
    "OPENING_WINDOW_MINUTES": (1, 120),
    "RETENTION_EXPORT_HOURS": (1, 720),
    "RETENTION_RESET_CODE_HOURS": (1, 720),
    "RETENTION_SESSION_DAYS": (1, 730),
    "RETENTION_WEBHOOK_DAYS": (1, 730),
    "RETENTION_HEARTBEAT_DAYS": (1, 730),
    "ACCESS_TOKEN_SECONDS": (60, 900),
    "REFRESH_TOKEN_DAYS": (1, 365),
    "RESET_CODE_MINUTES": (1, 60),
    "RESET_CODE_TRIES": (1, 10),
    "ADMIN_IDLE_MINUTES": (1, 480),
    "ADMIN_SESSION_HOURS": (1, 24),
    "UPLOAD_LINK_SECONDS": (60, 86_400),
    "VIEW_LINK_SECONDS": (60, 86_400),
    "MAX_REQUEST_BODY_BYTES": (4096, 4 * 1024 * 1024),
    "IDEMPOTENCY_KEEP_HOURS": (24, 720),
    "IDEMPOTENCY_TAKEOVER_SECONDS": (10, 600),
    "ORPHAN_AGE_HOURS": (2, 720),
    "JOB_LEASE_SECONDS": (10, 600),
    "JOB_MAX_ATTEMPTS": (1, 10),
    "JOB_REENQUEUE_SECONDS": (5, 600),
    "SWEEP_SECONDS": (1, 300),
    "HEARTBEAT_SECONDS": (1, 60),
    "HEARTBEAT_STALE_SECONDS": (10, 600),
}
# Enough for anybody, too few to guess with: an address may be a whole harbour's, an account is one person's.
GUESSES_AN_HOUR = {"credentials": 3600, "account": 60}
# Calls an hour. Below the first, people who do nothing wrong are locked out; beyond the second nothing is limited.
RATE_BOUNDS = {
    "default": (600, 60_000),
    "credentials": (30, 3600),
    "account": (5, 60),
    "payments": (30, 6000),
    "webhooks": (600, 600_000),
    "poll": (600, 60_000),
    "uploads": (600, 360_000),
}
# The role that owns the tables runs these. Migrations may take their time, so that they may have no limit.
OWNERS_COMMANDS: Final = ("migrate", "grant_application_role")
_OWNER_MAY_WAIT: Final = ("DATABASE_STATEMENT_SECONDS", "DATABASE_LOCK_SECONDS", "DATABASE_IDLE_SECONDS")
# They tell what is wrong instead of starting anything.
_REPORTING_COMMANDS: Final = ("check", "help", "version", "--help", "-h", "--version")
_TUNING: Final = re.compile(
    r"(\s*-c\s*(work_mem|maintenance_work_mem|jit|random_page_cost|effective_io_concurrency|application_name"
    r"|synchronous_commit)=[\w.]+)*\s*"
)


def _weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or secret.startswith("insecure") or len(set(secret)) < MIN_VARIETY


def _app_store_is_set_up() -> bool:
    named = (settings.APP_STORE_APPLE_ID, settings.APP_STORE_ISSUER_ID, settings.APP_STORE_KEY_ID)
    has_roots = bool(settings.APP_STORE_ROOTS_DIR) and any(Path(settings.APP_STORE_ROOTS_DIR).glob("*.cer"))
    return all(named) and bool(settings.APP_STORE_PRIVATE_KEY) and has_roots


def _is_google_key(text: str) -> bool:
    """Whether it is a key file that asks Google for its tokens; that Google takes the key, only Google can tell."""
    try:
        key = json.loads(text)
        load_pem_private_key(key["private_key"].encode(), password=None)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    return bool(key.get("client_email")) and key.get("token_uri") == "https://oauth2.googleapis.com/token"


def _numbers() -> dict[str, float]:
    """Every number that is read from the environment, and every other that has a bound."""
    names = sorted({*settings.NUMBERS_READ, *BOUNDS})
    return {name: getattr(settings, name, settings.NUMBERS_READ.get(name, math.nan)) for name in names}


def _out_of_bounds() -> Iterator[CheckMessage]:
    for name, value in _numbers().items():
        if name not in BOUNDS:
            yield Error(f"{name} has no known safe range.", id="maretech.E057")
        elif not BOUNDS[name][0] <= value <= BOUNDS[name][1] and not (
            is_owners_process() and name in _OWNER_MAY_WAIT and value == 0
        ):
            low, high = BOUNDS[name]
            yield Error(
                f"{name} is out of all proportion: {low} to {high}.",
                id="maretech.E040" if name.startswith("RETENTION_") else "maretech.E054",
            )


def _rates_out_of_bounds() -> Iterator[CheckMessage]:
    for name, rate in settings.RATE_LIMITS.items():
        try:
            count, seconds = parse_rate(rate)
        except ValueError:  # said by `settings_make_sense`
            continue
        low, high = RATE_BOUNDS.get(name, (1, 0))
        if not low * seconds <= count * 3600 <= high * seconds and name not in GUESSES_AN_HOUR:
            yield Error(f"RATE_LIMIT_{name.upper()} locks people out, or limits nothing.", id="maretech.E062")
        elif name in GUESSES_AN_HOUR and count * 3600 < low * seconds:
            yield Error(f"RATE_LIMIT_{name.upper()} locks people out.", id="maretech.E062")


def _lets_guess(limit: str) -> bool:
    try:
        count, seconds = parse_rate(settings.RATE_LIMITS[limit])
    except ValueError:  # said by `settings_make_sense`
        return False
    return count * 3600 > GUESSES_AN_HOUR[limit] * seconds


def _is_ours(host: str | None) -> bool:
    """Whether a host is this machine: no name at all is a socket in its file system."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_inside(url: str) -> bool:
    """Whether an address is of this machine or of a container's network, where names have no dot."""
    host = urlsplit(url).hostname
    return _is_ours(host) or ("." not in str(host) and ":" not in str(host))


def _remote_services() -> list[str]:
    """The settings that reach a service on another machine."""
    database = settings.DATABASES["default"]
    hosts = [database.get("HOST"), *(database.get("OPTIONS", {}).get(name) for name in ("host", "hostaddr"))]
    brokers = [url for url in f"{settings.REDIS_URL};{settings.CELERY_BROKER_URL}".split(";") if url]
    return [
        name
        for name, is_remote in (
            ("DATABASE_URL", not all(_is_ours(host) for host in hosts)),
            ("REDIS_URL or CELERY_BROKER_URL", any(_is_remote(url) for url in brokers)),
            ("S3_BUCKET", bool(settings.S3_BUCKET) and not _is_local_store(settings.S3_ENDPOINT_URL)),
            ("EMAIL_URL", settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not _is_ours(settings.EMAIL_HOST)),
        )
        if is_remote
    ]


def _is_remote(url: str) -> bool:
    """Of brokers, `filesystem` and `memory` are inside the process or on its disk."""
    found = urlsplit(url)
    return found.scheme not in ("filesystem", "memory", "unix", "redis+socket") and not _is_ours(found.hostname)


def _is_local_store(endpoint: str) -> bool:
    """Without an address it is the provider's own."""
    return bool(endpoint) and _is_ours(urlsplit(endpoint).hostname)


def _live_keys() -> list[str]:
    """The settings with which real people's money would move."""
    asks_google = settings.PLAY_API_BASE == "https://androidpublisher.googleapis.com"
    return [
        name
        for name, is_live in (
            ("STRIPE_SECRET_KEY", settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))),
            (
                "APP_STORE_ENVIRONMENT",
                bool(settings.APP_STORE_BUNDLE_ID)
                and settings.APP_STORE_ENVIRONMENT == "production"
                and not settings.APP_STORE_API_BASE,
            ),
            (
                "PLAY_SERVICE_ACCOUNT_JSON",
                bool(settings.PLAY_SERVICE_ACCOUNT_JSON) and asks_google and not settings.PLAY_ALLOW_TEST_PURCHASES,
            ),
        )
        if is_live
    ]


def _leads_away(url: str) -> bool:
    """Whether a return address is not an https page that a phone reaches."""
    found = urlsplit(url)
    return found.scheme != "https" or _is_ours(found.hostname)


def _brokers() -> tuple[str, str]:
    return settings.CELERY_BROKER_URL, settings.REDIS_URL


def _is_redis(url: str) -> bool:
    return url.startswith(("redis://", "rediss://")) and bool(urlsplit(url).hostname)


def _cookies_are_safe() -> bool:
    of_session = settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE
    of_csrf = settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE
    names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    return (
        all(each[:2] == (True, True) and each[2] in ("Lax", "Strict") for each in (of_session, of_csrf))
        and all(name.startswith("__Host-") for name in names)
        and settings.SESSION_COOKIE_DOMAIN is settings.CSRF_COOKIE_DOMAIN is None
    )


def _is_key_of_stripe(secret: str, *kinds: str) -> bool:
    return secret.startswith(kinds) and len(secret) >= MIN_KEY_LENGTH and len(set(secret)) >= MIN_VARIETY


def _is_open_to_forgery(origin: str) -> bool:
    return not origin.startswith("https://") or origin.startswith("https://*")


def _mail_is_private() -> bool:
    return settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in ("localhost", "127.0.0.1")


DANGERS: tuple[tuple[str, Callable[[], bool], str], ...] = (
    ("maretech.E001", lambda: _weak(settings.SECRET_KEY), "SECRET_KEY is missing, default or weak."),
    (
        "maretech.E002",
        lambda: _weak(settings.JWT_SIGNING_KEY) or settings.JWT_SIGNING_KEY == settings.SECRET_KEY,
        "JWT_SIGNING_KEY is missing, default, weak or the SECRET_KEY.",
    ),
    ("maretech.E003", lambda: settings.MOCK_BILLING, "MOCK_BILLING gives paid inspections away."),
    ("maretech.E004", lambda: settings.ENGINE == "stub", "ENGINE=stub invents results."),
    ("maretech.E005", lambda: settings.DEBUG, "DEBUG shows the inside of the server."),
    ("maretech.E006", lambda: not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS is open."),
    ("maretech.E007", lambda: settings.USES_SQLITE, "DATABASE_URL is SQLite, which one machine outgrows."),
    (
        "maretech.E008",
        lambda: settings.USES_FILESYSTEM_BROKER or not all(map(_is_redis, _brokers())),
        "The broker or the counters are not in Redis: set REDIS_URL.",
    ),
    ("maretech.E009", lambda: not settings.S3_BUCKET, "Photos would lie on this server's disk: set S3_BUCKET."),
    (
        "maretech.E010",
        lambda: not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"),
        "Mail reaches nobody: set EMAIL_URL to a mail server.",
    ),
    (
        "maretech.E018",
        lambda: bool(settings.EMAIL_HOST) and not _mail_is_private(),
        "EMAIL_URL sends reset codes in the clear: smtp+tls:// or smtp+ssl://.",
    ),
    (
        "maretech.E014",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY or settings.STRIPE_WEBHOOK_SECRET)
            and not _is_key_of_stripe(settings.STRIPE_SECRET_KEY, "sk_live_", "rk_live_")
        ),
        "STRIPE_SECRET_KEY is no live key of Stripe's: nobody would be charged.",
    ),
    (
        "maretech.E015",
        lambda: settings.STRIPE_API_BASE != "https://api.stripe.com",
        "STRIPE_API_BASE is not Stripe's.",
    ),
    (
        "maretech.E017",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY)
            and any(map(_leads_away, (settings.CHECKOUT_SUCCESS_URL, settings.CHECKOUT_CANCEL_URL)))
        ),
        "CHECKOUT_SUCCESS_URL or CHECKOUT_CANCEL_URL is no https page, or leads owners to their own phone.",
    ),
    (
        "maretech.E016",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY or settings.STRIPE_WEBHOOK_SECRET)
            and not _is_key_of_stripe(settings.STRIPE_WEBHOOK_SECRET, "whsec_")
        ),
        "STRIPE_WEBHOOK_SECRET is missing or none of Stripe's: anybody could guess it, or nothing would be heard.",
    ),
    (
        "maretech.E041",
        lambda: bool(settings.METRICS_TOKEN) and _weak(settings.METRICS_TOKEN),
        "METRICS_TOKEN is weak: leave it out, and nobody reads /metrics, or make it long.",
    ),
    # App Store
    (
        "maretech.E020",
        lambda: settings.APP_STORE_ENVIRONMENT == "sandbox",
        "APP_STORE_ENVIRONMENT=sandbox refuses what owners pay: only tests would be granted.",
    ),
    ("maretech.E021", lambda: bool(settings.APP_STORE_API_BASE), "APP_STORE_API_BASE is not Apple's."),
    (
        "maretech.E022",
        lambda: bool(settings.APP_STORE_BUNDLE_ID) and not _app_store_is_set_up(),
        "The App Store is set up in part: its ids, its key or Apple's root certificates are missing.",
    ),
    # Google Play
    (
        "maretech.E031",
        lambda: settings.PLAY_API_BASE != "https://androidpublisher.googleapis.com",
        "PLAY_API_BASE is not Google's.",
    ),
    (
        "maretech.E032",
        lambda: settings.PLAY_CERTS_URL != "https://www.googleapis.com/oauth2/v1/certs",
        "PLAY_CERTS_URL is not Google's: others could sign what Google is taken to say.",
    ),
    (
        "maretech.E033",
        lambda: bool(settings.PLAY_PACKAGE_NAME) and not _is_google_key(settings.PLAY_SERVICE_ACCOUNT_JSON),
        "PLAY_SERVICE_ACCOUNT_JSON is not the text of a service account's key file from Google.",
    ),
    (
        "maretech.E034",
        lambda: bool(settings.PLAY_PACKAGE_NAME) and not (settings.PLAY_PUSH_AUDIENCE and settings.PLAY_PUSH_ACCOUNT),
        "PLAY_PUSH_AUDIENCE or PLAY_PUSH_ACCOUNT is missing: nothing that Google Play says would be heard.",
    ),
    (
        "maretech.E072",
        lambda: _weak(settings.ADDRESS_HASH_KEY),
        "ADDRESS_HASH_KEY is weak: addresses could be guessed from their hashes.",
    ),
    # Doors
    (
        "maretech.E050",
        lambda: not settings.ADMIN_REQUIRE_SECOND_FACTOR,
        "ADMIN_REQUIRE_SECOND_FACTOR is off: a password alone opens the admin.",
    ),
    (
        "maretech.E051",
        lambda: any(_lets_guess(limit) for limit in GUESSES_AN_HOUR),
        "RATE_LIMIT_CREDENTIALS or RATE_LIMIT_ACCOUNT lets passwords be guessed.",
    ),
    (
        "maretech.E052",
        lambda: any(_is_open_to_forgery(origin) for origin in settings.CSRF_TRUSTED_ORIGINS),
        "CSRF_TRUSTED_ORIGINS lets others post to the admin: name each origin, with https.",
    ),
    (
        "maretech.E071",
        lambda: not settings.PUBLIC_URL.startswith("https://") or "*" in settings.PUBLIC_URL,
        "PUBLIC_URL is not https: the link by which staff choose their password could be read on the way.",
    ),
    (
        "maretech.E053",
        lambda: bool(settings.S3_PUBLIC_ENDPOINT_URL) and not settings.S3_PUBLIC_ENDPOINT_URL.startswith("https://"),
        "S3_PUBLIC_ENDPOINT_URL is not https: photos and their links could be read on the way.",
    ),
    (
        "maretech.E065",
        lambda: (
            bool(settings.S3_ENDPOINT_URL)
            and not settings.S3_ENDPOINT_URL.startswith("https://")
            and not (settings.S3_ENDPOINT_URL.startswith("http://") and _is_inside(settings.S3_ENDPOINT_URL))
        ),
        "S3_ENDPOINT_URL is not https, nor inside this machine or its containers: photos could be read on the way.",
    ),
    (
        "maretech.E064",
        lambda: not (settings.S3_ACCESS_KEY_ID and settings.S3_SECRET_ACCESS_KEY),
        "S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY is missing: no link to the store could be signed.",
    ),
    ("maretech.E058", lambda: not settings.SECURE_SSL_REDIRECT, "SECURE_SSL_REDIRECT is off: the admin speaks http."),
    (
        "maretech.E059",
        lambda: settings.ALLOW_REMOTE_SERVICES,
        "ALLOW_REMOTE_SERVICES is for trials: production reaches other machines anyway.",
    ),
    (
        "maretech.E063",
        lambda: not _cookies_are_safe(),
        "A cookie of the admin is not Secure, HttpOnly, SameSite and of this host alone.",
    ),
    (
        "maretech.E066",
        lambda: settings.CELERY_TASK_SOFT_TIME_LIMIT >= settings.CELERY_TASK_TIME_LIMIT,
        "TASK_SOFT_LIMIT_SECONDS is not below TASK_HARD_LIMIT_SECONDS: tasks would be killed without a word.",
    ),
    (
        "maretech.E067",
        lambda: not re.search(r"@(?!localhost\b)[\w-]+(\.[\w-]+)+>?$", settings.DEFAULT_FROM_EMAIL),
        "DEFAULT_FROM_EMAIL names no address of yours: mail servers refuse mail from nowhere.",
    ),
    (
        "maretech.E068",
        lambda: not _TUNING.fullmatch(settings.PGOPTIONS),
        "PGOPTIONS sets more than the tuning of a connection: limits and seals of the database could be lifted.",
    ),
    (
        "maretech.E055",
        lambda: settings.HEARTBEAT_STALE_SECONDS < 3 * settings.HEARTBEAT_SECONDS,
        "HEARTBEAT_STALE_SECONDS is less than three heartbeats: queues that are worked on would be called silent.",
    ),
)


@register()
def production_is_safe(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """In production every danger is an error."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [
        Error(text, id=danger_id) for danger_id, is_dangerous, text in DANGERS if is_dangerous()
    ]
    return [*found, *_out_of_bounds(), *_rates_out_of_bounds()]


@register()
def development_is_harmless(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """A production whose ENVIRONMENT was forgotten is not taken for a development machine."""
    if settings.ENVIRONMENT != "development":
        return []
    live = [Error(f"{name} is live in development.", id="maretech.E060") for name in _live_keys()]
    remote = [] if settings.ALLOW_REMOTE_SERVICES else _remote_services()
    text = "{} is on another machine. ENVIRONMENT=production is for that, or ALLOW_REMOTE_SERVICES=true for a trial."
    return [*live, *(Error(text.format(name), id="maretech.E061") for name in remote)]


@register()
def environment_is_readable(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """What cannot be read is refused everywhere: its default may be another than what was meant."""
    return [Error(f"{name} is {how}.", id="maretech.E056") for name, how in sorted(settings.MALFORMED.items())]


@register()
def environment_is_known(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """A typing error in ENVIRONMENT must not leave production unguarded."""
    if settings.ENVIRONMENT in ("development", "production"):
        return []
    return [Error("ENVIRONMENT is neither development nor production.", id="maretech.E011")]


@register()
def settings_make_sense(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """A typing error is found at the start, not by the first owner."""
    found: list[CheckMessage] = []
    for mode in Mode.values:
        try:
            engine_for(mode=mode, name=settings.ENGINE)
        except UnknownEngine:
            found.append(Error(f"ENGINE={settings.ENGINE} is no engine for {mode}.", id="maretech.E012"))
    for name, rate in settings.RATE_LIMITS.items():
        try:
            parse_rate(rate)
        except ValueError as exc:
            found.append(Error(f"RATE_LIMIT_{name.upper()}: {exc}", id="maretech.E013"))
    return [*found, *_app_store_makes_sense()]


def _names_sandbox_buyers(text: str) -> bool:
    if text in ("everyone", "off"):
        return True
    try:
        return all(str(UUID(name)) == name for name in text.split(","))
    except ValueError:
        return False


def _app_store_makes_sense() -> list[CheckMessage]:
    """The library that verifies knows environments in which it verifies nothing: none but Apple's two ever starts."""
    if settings.APP_STORE_ENVIRONMENT not in ("production", "sandbox"):
        return [Error("APP_STORE_ENVIRONMENT is neither production nor sandbox.", id="maretech.E023")]
    if not _names_sandbox_buyers(settings.APP_STORE_SANDBOX):
        return [Error("APP_STORE_SANDBOX is neither everyone nor off nor ids of accounts.", id="maretech.E025")]
    try:
        app_store()
    except ValueError as exc:
        return [Error(f"The App Store is set up wrongly: {exc}.", id="maretech.E024")]
    return []


@register(Tags.database)
def role_is_bounded(app_configs: Any = None, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """`check --database default`: the role as which the application connects cannot change the books."""
    return _faults_of_role() if databases else []


def _faults_of_role() -> list[CheckMessage]:
    """The owner of the tables migrates, and does nothing else."""
    if not settings.PRODUCTION or is_owners_process() or connection.vendor != "postgresql":
        return []
    text = "The role of DATABASE_URL {}. The application has a role of its own: docs/runbooks/deploy.md."
    return [Error(text.format(fault), id="maretech.E070") for fault in faults_of_role()]


def refuse_dangerous_start() -> None:
    """Called by every process as Django is set up. Raises `ImproperlyConfigured` naming each danger."""
    _refuse(
        [
            *environment_is_readable(),
            *environment_is_known(),
            *production_is_safe(),
            *development_is_harmless(),
            *settings_make_sense(),
        ]
    )


def refuse_mighty_role() -> None:
    """Called by every process that serves. A database that does not answer now is asked at the first connection."""
    if settings.PRODUCTION:
        with suppress(OperationalError):
            connection.ensure_connection()
        connection.close()  # no child process shares it


def watch_connections() -> None:
    """Have the first connection of this process refused if its role may change the books."""
    if settings.PRODUCTION:
        connection_created.connect(_look_at_role, dispatch_uid="look at role")


def _look_at_role(connection: BaseDatabaseWrapper, **_: Any) -> None:
    try:
        _refuse(_faults_of_role())
    except BaseException as exc:
        connection.close()  # or the next statement would use it
        if isinstance(exc, ImproperlyConfigured) and _command():
            raise SystemExit(str(exc)) from None  # a command may go on after any exception but this
        raise
    connection_created.disconnect(dispatch_uid="look at role")


def _refuse(found: list[CheckMessage]) -> None:
    if found:
        raise ImproperlyConfigured("; ".join(f"{danger.id}: {danger.msg}" for danger in found))


def is_owners_process() -> bool:
    """Whether this is `manage.py migrate` or what grants: the one who owns the tables runs it."""
    return _command() in OWNERS_COMMANDS


def reports_itself() -> bool:
    """Whether this is a command that names what is wrong, and must not be refused for it."""
    return _command() in _REPORTING_COMMANDS or "--help" in sys.argv[1:]


def _command() -> str:
    is_ours = Path(sys.argv[0]).name in ("manage.py", "django-admin")
    return sys.argv[1] if is_ours and len(sys.argv) > 1 else ""
