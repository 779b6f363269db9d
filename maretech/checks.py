"""Start-up refuses a dangerous configuration. Each refusal has an id, so that it can be named and tested."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from billing.stores import app_store
from inspections.choices import Mode
from inspections.engines.registry import UnknownEngine, engine_for
from maretech.common.throttling import parse_rate

MIN_SECRET_LENGTH = 40
MAX_RETENTION = 3650
# Beyond these a number is a typing error, or a guard that is not one any more.
BOUNDS = {
    "TRUSTED_PROXY_COUNT": (0, 10),
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


def _weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or secret.startswith("insecure") or len(set(secret)) < 8


def _retention() -> list[int]:
    return [getattr(settings, name) for name in dir(settings) if name.startswith("RETENTION_")]


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


def _out_of_bounds() -> list[str]:
    return [name for name, (low, high) in BOUNDS.items() if not low <= getattr(settings, name) <= high]


def _lets_guess(limit: str) -> bool:
    try:
        count, seconds = parse_rate(settings.RATE_LIMITS[limit])
    except ValueError:  # said by `settings_make_sense`
        return False
    return count * 3600 > GUESSES_AN_HOUR[limit] * seconds


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
    ("maretech.E008", lambda: settings.USES_FILESYSTEM_BROKER, "The broker is the filesystem: set REDIS_URL."),
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
        lambda: settings.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_")),
        "STRIPE_SECRET_KEY is a test key: nobody would be charged.",
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
            and any("//localhost" in url for url in (settings.CHECKOUT_SUCCESS_URL, settings.CHECKOUT_CANCEL_URL))
        ),
        "CHECKOUT_SUCCESS_URL or CHECKOUT_CANCEL_URL leads owners to their own phone.",
    ),
    (
        "maretech.E040",
        lambda: not all(1 <= kept_for <= MAX_RETENTION for kept_for in _retention()),
        "A RETENTION_* is below 1, and what is still needed would go at once, or above 3650, and keeps for no reason.",
    ),
    (
        "maretech.E016",
        lambda: bool(settings.STRIPE_SECRET_KEY) and not settings.STRIPE_WEBHOOK_SECRET,
        "STRIPE_WEBHOOK_SECRET is missing: nothing that Stripe says would be heard.",
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
        "APP_STORE_ENVIRONMENT=sandbox takes purchases that nobody paid.",
    ),
    ("maretech.E021", lambda: bool(settings.APP_STORE_API_BASE), "APP_STORE_API_BASE is not Apple's."),
    (
        "maretech.E022",
        lambda: bool(settings.APP_STORE_BUNDLE_ID) and not _app_store_is_set_up(),
        "The App Store is set up in part: its ids, its key or Apple's root certificates are missing.",
    ),
    # Google Play
    (
        "maretech.E030",
        lambda: settings.PLAY_ALLOW_TEST_PURCHASES,
        "PLAY_ALLOW_TEST_PURCHASES gives what testers buy without money.",
    ),
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
        "maretech.E056",
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
        "maretech.E059",
        lambda: not settings.PUBLIC_URL.startswith("https://") or "*" in settings.PUBLIC_URL,
        "PUBLIC_URL is not https: the link by which staff choose their password could be read on the way.",
    ),
    (
        "maretech.E053",
        lambda: settings.S3_PUBLIC_ENDPOINT_URL.startswith("http://"),
        "S3_PUBLIC_ENDPOINT_URL is not https: photos and their links could be read on the way.",
    ),
    (
        "maretech.E055",
        lambda: settings.HEARTBEAT_STALE_SECONDS < 3 * settings.HEARTBEAT_SECONDS,
        "HEARTBEAT_STALE_SECONDS is less than three heartbeats: queues that are worked on would be called silent.",
    ),
)


@register()
def production_is_safe(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Nothing is dangerous in development; in production every danger is an error."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [
        Error(text, id=danger_id) for danger_id, is_dangerous, text in DANGERS if is_dangerous()
    ]
    return found + [Error(f"{name} is out of all proportion.", id="maretech.E054") for name in _out_of_bounds()]


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


def _app_store_makes_sense() -> list[CheckMessage]:
    """The library that verifies knows environments in which it verifies nothing: none but Apple's two ever starts."""
    if settings.APP_STORE_ENVIRONMENT not in ("production", "sandbox"):
        return [Error("APP_STORE_ENVIRONMENT is neither production nor sandbox.", id="maretech.E023")]
    try:
        app_store()
    except ValueError as exc:
        return [Error(f"The App Store is set up wrongly: {exc}.", id="maretech.E024")]
    return []


def refuse_dangerous_start() -> None:
    """Called by every process that serves. Raises `ImproperlyConfigured` naming each danger."""
    found = [*production_is_safe(), *environment_is_known(), *settings_make_sense()]
    if found:
        raise ImproperlyConfigured("; ".join(f"{danger.id}: {danger.msg}" for danger in found))
