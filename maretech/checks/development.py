"""What is live, or another machine's, and so no development machine's."""

from urllib.parse import urlsplit

from django.conf import settings

from maretech.checks.addresses import is_ours


def remote_services() -> list[str]:
    """The settings that reach a service on another machine."""
    database = settings.DATABASES["default"]
    hosts = [database.get("HOST"), *(database.get("OPTIONS", {}).get(name) for name in ("host", "hostaddr"))]
    brokers = [url for url in f"{settings.REDIS_URL};{settings.CELERY_BROKER_URL}".split(";") if url]
    return [
        name
        for name, is_remote in (
            ("DATABASE_URL", not all(is_ours(host) for host in hosts)),
            ("REDIS_URL or CELERY_BROKER_URL", any(_is_remote(url) for url in brokers)),
            ("S3_BUCKET", bool(settings.S3_BUCKET) and not _is_local_store(settings.S3_ENDPOINT_URL)),
            ("EMAIL_URL", settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not is_ours(settings.EMAIL_HOST)),
        )
        if is_remote
    ]


def _is_remote(url: str) -> bool:
    """Of brokers, `filesystem` and `memory` are inside the process or on its disk."""
    found = urlsplit(url)
    return found.scheme not in ("filesystem", "memory", "unix", "redis+socket") and not is_ours(found.hostname)


def _is_local_store(endpoint: str) -> bool:
    """Without an address it is the provider's own."""
    return bool(endpoint) and is_ours(urlsplit(endpoint).hostname)


def live_keys() -> list[str]:
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
