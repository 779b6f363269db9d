"""Environments of a production, safe and otherwise, and the checks' findings, without a process for each."""

import os
import runpy
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from django.conf import UserSettingsHolder, settings
from django.core.checks import WARNING, CheckMessage, Tags
from django.core.checks.registry import registry

from maretech import checks

SETTINGS: Final = Path(checks.__file__).parents[1] / "settings.py"
# Everything that a production with web sales needs; no value belongs to a real account.
SAFE_ENVIRONMENT: Final = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
    "ADDRESS_HASH_KEY": secrets.token_urlsafe(48),
    "DOSSIER_SIGNING_KEY": secrets.token_urlsafe(32),
    "PUBLIC_URL": "https://api.example.org",
    "ALLOWED_HOSTS": "api.example.org",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_URL": "postgres://maretech:secret@database.invalid:5432/maretech?sslmode=verify-full",
    "REDIS_URL": "rediss://broker.invalid:6379/0",
    "S3_BUCKET": "photos",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret",
    "EMAIL_URL": "smtp+tls://maretech:secret@mail.invalid:587",
    "DEFAULT_FROM_EMAIL": "no-reply@example.org",
    "STRIPE_SECRET_KEY": f"sk_live_{secrets.token_hex(16)}",
    "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
    "CHECKOUT_SUCCESS_URL": "https://example.org/paid",
    "CHECKOUT_CANCEL_URL": "https://example.org/cancelled",
}


def dangers_under(variables: Mapping[str, str], *, changed: Mapping[str, Any] | None = None) -> list[CheckMessage]:
    """Return what `check --deploy` finds with this environment alone; `changed` are settings without a variable."""
    with _settings_of(variables, changed or {}):
        found = [
            *checks.environment_is_readable(),
            *checks.environment_is_known(),
            *checks.production_is_safe(),
            *checks.development_is_harmless(),
            *checks.settings_make_sense(),
            *registry.run_checks(tags=[Tags.security], include_deployment_checks=True),
        ]
        return [danger for danger in found if danger.level >= WARNING]


@contextmanager
def _settings_of(variables: Mapping[str, str], changed: Mapping[str, Any]) -> Iterator[None]:
    """Reload the settings without the signals of an override: only the checks read them."""
    environment = {"VAR_DIR": str(settings.VAR_DIR), "ENV_FILE": os.devnull, **variables}
    with (
        patch.dict(os.environ, environment, clear=True),
        patch("maretech.common.observability.logging.logging_config", lambda **_: {}),
    ):
        read = runpy.run_path(str(SETTINGS))
    lazy: Any = settings  # Django's types hide the settings behind it
    holder = UserSettingsHolder(lazy._wrapped)
    for name, value in {**read, **changed}.items():
        if name.isupper():
            setattr(holder, name, value)
    former, lazy._wrapped = lazy._wrapped, holder
    try:
        yield
    finally:
        lazy._wrapped = former
