"""Live or remote services, which a development machine must not use."""

import re
from typing import Final

from django.conf import settings

from maretech.checks.addresses import hosts_of, is_inside, is_ours, parts_of
from maretech.checks.letters import may_print
from maretech.checks.services import broker_is_elsewhere, brokers, database_is_elsewhere
from maretech.checks.statements import endpoints_elsewhere

# Any other prefix of a Stripe key, such as sk_org_live_, may be live.
_STRIPES_TEST_KEY: Final = re.compile(r"(sk|rk)(_org)?_test_[A-Za-z0-9_]+")


def remote_services() -> list[str]:
    """Return the settings that reach a service on another machine."""
    return [
        name
        for name, is_remote in (
            ("DATABASE_URL, PGHOST, PGHOSTADDR or PGSERVICE", database_is_elsewhere()),
            ("REDIS_URL or CELERY_BROKER_URL", any(map(broker_is_elsewhere, brokers()))),
            ("S3_BUCKET", bool(settings.S3_BUCKET) and not _is_local_store(settings.S3_ENDPOINT_URL)),
            (
                "OPS_WEBHOOK_URL",
                bool(settings.OPS_WEBHOOK_URL) and not all(map(is_ours, hosts_of(settings.OPS_WEBHOOK_URL))),
            ),
            ("EMAIL_PROVIDER", bool(settings.EMAIL_PROVIDER)),
            ("EMAIL_URL", settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not is_ours(settings.EMAIL_HOST)),
        )
        if is_remote
    ] + endpoints_elsewhere()


def _is_local_store(endpoint: str) -> bool:
    """Return whether the store is on this machine. Without an address it is the provider's own."""
    return parts_of(endpoint).scheme in ("http", "https") and all(map(is_ours, hosts_of(endpoint)))


def live_keys() -> list[str]:
    """Return the settings that would move real people's money, or post real letters."""
    return [
        name
        for name, is_live in (
            ("STRIPE_SECRET_KEY", _may_be_live(settings.STRIPE_SECRET_KEY)),
            ("LOB_API_KEY", may_print(settings.LOB_API_KEY)),
            (
                "APP_STORE_ENVIRONMENT",
                bool(settings.APP_STORE_BUNDLE_ID)
                and settings.APP_STORE_ENVIRONMENT == "production"
                and not _is_stand_in(settings.APP_STORE_API_BASE),
            ),
            (
                "PLAY_SERVICE_ACCOUNT_JSON",
                bool(settings.PLAY_SERVICE_ACCOUNT_JSON)
                and not _is_stand_in(settings.PLAY_API_BASE)
                and not settings.PLAY_ALLOW_TEST_PURCHASES,
            ),
        )
        if is_live
    ]


def _may_be_live(key: str) -> bool:
    return bool(key) and not _STRIPES_TEST_KEY.fullmatch(key)


def _is_stand_in(api_base: str) -> bool:
    """Return whether a store's address is a server of our own. Without an address it is the real store's."""
    return bool(api_base) and all(map(is_inside, hosts_of(api_base)))
