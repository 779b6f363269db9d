"""The dangers that production refuses, each with its own id."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.http.request import validate_host

from accounts.notifications.push_services import is_service
from dossiers.verification.keys import decoded
from maretech.checks.addresses import (
    hosts_of,
    is_inside,
    is_origin,
    is_reachable,
    is_unreachable_by_phone,
    matches_foreign_hosts,
    parts_of,
)
from maretech.checks.bounds import GUESSES_AN_HOUR, allows_guessing
from maretech.checks.letters import account_is_incomplete, api_is_foreign, prints_nothing
from maretech.checks.secrets import MIN_VARIETY, is_key_of_service, is_weak, weak
from maretech.checks.services import broker_is_overheard, brokers, database_is_overheard
from maretech.checks.statements import refiner_is_exposed, transcriber_is_exposed, whisper_is_incomplete
from maretech.checks.tuning import is_safe_tuning
from notifications.channels.vapid import Vapid


def _app_store_is_set_up() -> bool:
    named = (settings.APP_STORE_APPLE_ID, settings.APP_STORE_ISSUER_ID, settings.APP_STORE_KEY_ID)
    has_roots = bool(settings.APP_STORE_ROOTS_DIR) and any(Path(settings.APP_STORE_ROOTS_DIR).glob("*.cer"))
    return all(named) and bool(settings.APP_STORE_PRIVATE_KEY) and has_roots


def _is_google_key(text: str) -> bool:
    """Return whether the text is a key file that asks Google for its tokens. Only Google knows if it is valid."""
    try:
        key = json.loads(text)
        load_pem_private_key(key["private_key"].encode(), password=None)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    return bool(key.get("client_email")) and key.get("token_uri") == "https://oauth2.googleapis.com/token"


def _names_a_project(text: str) -> bool:
    return bool(json.loads(text).get("project_id"))


def _allows_other_hosts(service: str) -> bool:
    """Return whether an entry of PUSH_SERVICE_HOSTS is more than one public host, or than the hosts of one domain."""
    domain = service.removeprefix("*.")
    is_public_suffix = service != domain and matches_foreign_hosts(f".{domain}")
    return not is_service(service) or not is_reachable(domain) or is_public_suffix


def _signs_for_browsers() -> bool:
    try:
        Vapid(settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT)
    except ValueError:
        return False
    return "@localhost" not in settings.VAPID_SUBJECT


def _signs_dossiers() -> bool:
    """Return whether dossiers have a key of their own. A malformed one is reported by `settings_make_sense`."""
    try:
        return bool(settings.DOSSIER_SIGNING_KEY) and len(set(decoded(settings.DOSSIER_SIGNING_KEY))) >= MIN_VARIETY
    except ValueError:
        return True


def _is_redis(url: str) -> bool:
    found = parts_of(url)
    return found.scheme in ("redis", "rediss") and bool(found.hostname)


def _is_overheard_store(endpoint: str) -> bool:
    found = parts_of(endpoint)
    return found.scheme != "https" and not (found.scheme == "http" and all(map(is_inside, hosts_of(endpoint))))


def _allows_only_own_hosts() -> bool:
    hosts = settings.ALLOWED_HOSTS
    return not any(map(matches_foreign_hosts, hosts)) and any(is_reachable(host.removeprefix(".")) for host in hosts)


def _staff_links_work() -> bool:
    url = settings.PUBLIC_URL
    host = parts_of(url).hostname
    origins = [parts_of(origin).hostname for origin in settings.CSRF_TRUSTED_ORIGINS]
    is_of_ours = host is not None and (validate_host(host, settings.ALLOWED_HOSTS) or host in origins)
    return is_of_ours and is_origin(url) and not is_unreachable_by_phone(url)


def _cookies_are_safe() -> bool:
    of_session = settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE
    of_csrf = settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE
    names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    return (
        all(each[:2] == (True, True) and each[2] in ("Lax", "Strict") for each in (of_session, of_csrf))
        and all(name.startswith("__Host-") for name in names)
        and settings.SESSION_COOKIE_DOMAIN is settings.CSRF_COOKIE_DOMAIN is None
    )


def _is_open_to_forgery(origin: str) -> bool:
    return not origin.startswith("https://") or origin.startswith("https://*")


def _mail_provider_is_safe() -> bool:
    """Return whether only the provider can report bounces, and mail reaches it encrypted."""
    secret = str(settings.ANYMAIL.get("WEBHOOK_SECRET", "")).partition(":")[2]
    addresses = [str(value) for name, value in settings.ANYMAIL.items() if name.endswith("_URL")]
    return not weak(secret) and all(parts_of(address).scheme == "https" for address in addresses)


def _mail_is_private() -> bool:
    return settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in ("localhost", "127.0.0.1")


DANGERS: tuple[tuple[str, Callable[[], bool], str], ...] = (
    ("maretech.E001", lambda: is_weak("SECRET_KEY"), "SECRET_KEY is missing, the default, or guessable."),
    (
        "maretech.E002",
        lambda: is_weak("JWT_SIGNING_KEY"),
        "JWT_SIGNING_KEY is missing, the default, guessable, or equal to SECRET_KEY.",
    ),
    ("maretech.E003", lambda: settings.MOCK_BILLING, "MOCK_BILLING is on: every purchase succeeds without payment."),
    ("maretech.E004", lambda: settings.ENGINE == "stub", "ENGINE=stub invents results: set another engine."),
    ("maretech.E005", lambda: settings.DEBUG, "DEBUG is on: error pages show code and settings."),
    (
        "maretech.E006",
        lambda: not _allows_only_own_hosts(),
        "ALLOWED_HOSTS contains a host that is not yours, or no host that phones reach.",
    ),
    ("maretech.E007", lambda: settings.USES_SQLITE, "DATABASE_URL is SQLite: set a Postgres database."),
    (
        "maretech.E008",
        lambda: settings.USES_FILESYSTEM_BROKER or not settings.REDIS_URL or not all(map(_is_redis, brokers())),
        "The broker or the rate counters are not in Redis: set REDIS_URL.",
    ),
    (
        "maretech.E073",
        database_is_overheard,
        "DATABASE_URL reaches another machine unencrypted: add ?sslmode=verify-full (at least require).",
    ),
    (
        "maretech.E074",
        lambda: any(map(broker_is_overheard, brokers())),
        "REDIS_URL or CELERY_BROKER_URL reaches another machine without verified encryption: use rediss://.",
    ),
    (
        "maretech.E009",
        lambda: not settings.S3_BUCKET,
        "S3_BUCKET is not set: photos would be stored on this server's disk.",
    ),
    (
        "maretech.E010",
        lambda: not (settings.EMAIL_PROVIDER or settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")),
        "EMAIL_URL is not a mail server, and EMAIL_PROVIDER is not set: no mail would be delivered.",
    ),
    (
        "maretech.E018",
        lambda: bool(settings.EMAIL_HOST) and not _mail_is_private(),
        "EMAIL_URL sends reset codes without encryption: use smtp+tls:// or smtp+ssl://.",
    ),
    (
        "maretech.E075",
        lambda: bool(settings.OPS_WEBHOOK_URL) and parts_of(settings.OPS_WEBHOOK_URL).scheme != "https",
        "OPS_WEBHOOK_URL is not https: others could read the notifications of staff.",
    ),
    (
        "maretech.E076",
        lambda: bool(settings.EMAIL_PROVIDER) and not _mail_provider_is_safe(),
        "ANYMAIL has no random WEBHOOK_SECRET (user:password) of 40 characters, or an address that is not https.",
    ),
    (
        "maretech.E014",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY or settings.STRIPE_WEBHOOK_SECRET)
            and not is_key_of_service(settings.STRIPE_SECRET_KEY, "sk_live_", "rk_live_")
        ),
        "STRIPE_SECRET_KEY is not a live Stripe key: no payment would be charged.",
    ),
    (
        "maretech.E015",
        lambda: settings.STRIPE_API_BASE != "https://api.stripe.com",
        "STRIPE_API_BASE is not Stripe's address.",
    ),
    (
        "maretech.E017",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY)
            and any(map(is_unreachable_by_phone, (settings.CHECKOUT_SUCCESS_URL, settings.CHECKOUT_CANCEL_URL)))
        ),
        "CHECKOUT_SUCCESS_URL or CHECKOUT_CANCEL_URL is not an https page that phones reach.",
    ),
    (
        "maretech.E016",
        lambda: (
            bool(settings.STRIPE_SECRET_KEY or settings.STRIPE_WEBHOOK_SECRET)
            and not is_key_of_service(settings.STRIPE_WEBHOOK_SECRET, "whsec_")
        ),
        "STRIPE_WEBHOOK_SECRET is not a Stripe secret: events could be forged, or none would be accepted.",
    ),
    (
        "maretech.E041",
        lambda: bool(settings.METRICS_TOKEN) and is_weak("METRICS_TOKEN"),
        "METRICS_TOKEN is guessable or another key: set a long random one, or none to close /metrics.",
    ),
    # App Store
    (
        "maretech.E020",
        lambda: settings.APP_STORE_ENVIRONMENT == "sandbox",
        "APP_STORE_ENVIRONMENT=sandbox refuses real purchases: only test purchases would be granted.",
    ),
    (
        "maretech.E021",
        lambda: bool(settings.APP_STORE_API_BASE),
        "APP_STORE_API_BASE is not Apple's address: leave it empty.",
    ),
    (
        "maretech.E022",
        lambda: bool(settings.APP_STORE_BUNDLE_ID) and not _app_store_is_set_up(),
        "The App Store settings are incomplete: ids, key or Apple's root certificates are missing.",
    ),
    # Google Play
    (
        "maretech.E031",
        lambda: settings.PLAY_API_BASE != "https://androidpublisher.googleapis.com",
        "PLAY_API_BASE is not Google's address.",
    ),
    (
        "maretech.E032",
        lambda: settings.PLAY_CERTS_URL != "https://www.googleapis.com/oauth2/v1/certs",
        "PLAY_CERTS_URL is not Google's address: others could sign Google's pushes.",
    ),
    (
        "maretech.E033",
        lambda: bool(settings.PLAY_PACKAGE_NAME) and not _is_google_key(settings.PLAY_SERVICE_ACCOUNT_JSON),
        "PLAY_SERVICE_ACCOUNT_JSON is not the text of a Google service account's key file.",
    ),
    (
        "maretech.E034",
        lambda: bool(settings.PLAY_PACKAGE_NAME) and not (settings.PLAY_PUSH_AUDIENCE and settings.PLAY_PUSH_ACCOUNT),
        "PLAY_PUSH_AUDIENCE or PLAY_PUSH_ACCOUNT is missing: pushes from Google Play would be refused.",
    ),
    (
        "maretech.E072",
        lambda: is_weak("ADDRESS_HASH_KEY"),
        "ADDRESS_HASH_KEY is missing, guessable or another key: hashes would reveal addresses.",
    ),
    # Push
    (
        "maretech.E080",
        lambda: settings.FCM_BASE_URL != "https://fcm.googleapis.com",
        "FCM_BASE_URL is not Google's: others could read the notifications of owners.",
    ),
    (
        "maretech.E081",
        lambda: (
            bool(settings.FCM_SERVICE_ACCOUNT_JSON)
            and not (
                _is_google_key(settings.FCM_SERVICE_ACCOUNT_JSON)
                and _names_a_project(settings.FCM_SERVICE_ACCOUNT_JSON)
            )
        ),
        "FCM_SERVICE_ACCOUNT_JSON is not the text of a service account's key file from Google.",
    ),
    (
        "maretech.E082",
        lambda: any(map(_allows_other_hosts, settings.PUSH_SERVICE_HOSTS)),
        "PUSH_SERVICE_HOSTS lets owners aim our requests at other hosts: name each push service by its public host.",
    ),
    (
        "maretech.E083",
        lambda: bool(settings.VAPID_PRIVATE_KEY or settings.VAPID_SUBJECT) and not _signs_for_browsers(),
        "VAPID_PRIVATE_KEY is not from make_vapid_key, or VAPID_SUBJECT is no mailto: or https: contact.",
    ),
    # Dossiers
    (
        "maretech.E090",
        lambda: not _signs_dossiers(),
        "DOSSIER_SIGNING_KEY is missing or guessable: others could sign dossiers. make_dossier_key prints one.",
    ),
    # Statements
    (
        "maretech.E095",
        transcriber_is_exposed,
        "TRANSCRIBER=openai_endpoint needs TRANSCRIPTION_URL with https, or with a host inside, and a model.",
    ),
    (
        "maretech.E096",
        refiner_is_exposed,
        "REFINER=language_model needs REFINEMENT_URL with https, or with a host inside, and REFINEMENT_MODEL.",
    ),
    (
        "maretech.E097",
        whisper_is_incomplete,
        "TRANSCRIBER=faster_whisper needs its package, and a WHISPER_MODEL_DIR with model, config and tokenizer.",
    ),
    # Letters
    ("maretech.E100", prints_nothing, "LETTERS=fake prints nothing: owners would pay for no letter."),
    (
        "maretech.E101",
        account_is_incomplete,
        "LETTERS=lob needs a live LOB_API_KEY, LOB_WEBHOOK_SECRET and LOB_SENDER (adr_…).",
    ),
    (
        "maretech.E102",
        api_is_foreign,
        "LOB_API_BASE is not Lob's address: others could read dossiers and addresses.",
    ),
    # Access
    (
        "maretech.E050",
        lambda: not settings.ADMIN_REQUIRE_SECOND_FACTOR,
        "ADMIN_REQUIRE_SECOND_FACTOR is off: a password alone grants access to the admin.",
    ),
    (
        "maretech.E051",
        lambda: any(allows_guessing(limit) for limit in GUESSES_AN_HOUR),
        "RATE_LIMIT_CREDENTIALS or RATE_LIMIT_ACCOUNT allows password guessing: lower it.",
    ),
    (
        "maretech.E052",
        lambda: any(_is_open_to_forgery(origin) for origin in settings.CSRF_TRUSTED_ORIGINS),
        "CSRF_TRUSTED_ORIGINS lets other sites post to the admin: name each origin, with https.",
    ),
    (
        "maretech.E071",
        lambda: not _staff_links_work(),
        "PUBLIC_URL is not https:// with a host of ALLOWED_HOSTS: links in mails to staff would not work.",
    ),
    (
        "maretech.E053",
        lambda: bool(settings.S3_PUBLIC_ENDPOINT_URL) and is_unreachable_by_phone(settings.S3_PUBLIC_ENDPOINT_URL),
        "S3_PUBLIC_ENDPOINT_URL is not an https address that phones reach: uploads would be unencrypted or fail.",
    ),
    (
        "maretech.E065",
        lambda: bool(settings.S3_ENDPOINT_URL) and _is_overheard_store(settings.S3_ENDPOINT_URL),
        "S3_ENDPOINT_URL is neither https nor inside this machine or its containers: photos would be unencrypted.",
    ),
    (
        "maretech.E064",
        lambda: not (settings.S3_ACCESS_KEY_ID and settings.S3_SECRET_ACCESS_KEY),
        "S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY is missing: links to the store cannot be signed.",
    ),
    ("maretech.E058", lambda: not settings.SECURE_SSL_REDIRECT, "SECURE_SSL_REDIRECT is off: browsers could use http."),
    (
        "maretech.E059",
        lambda: settings.ALLOW_REMOTE_SERVICES,
        "ALLOW_REMOTE_SERVICES is for development: leave it out in production.",
    ),
    (
        "maretech.E063",
        lambda: not _cookies_are_safe(),
        "An admin cookie is not Secure, HttpOnly, SameSite and limited to this host.",
    ),
    (
        "maretech.E067",
        lambda: not re.search(r"@(?!localhost\b)[\w-]+(\.[\w-]+)+>?$", settings.DEFAULT_FROM_EMAIL),
        "DEFAULT_FROM_EMAIL is not an address of a public domain: mail servers would refuse the mail.",
    ),
    (
        "maretech.E068",
        lambda: not is_safe_tuning(settings.PGOPTIONS),
        "PGOPTIONS sets more than safe tuning: it could lift limits and triggers, or lose committed data.",
    ),
)
