"""The checks of the configuration. Each error has an id, so that it can be named and tested.

Every process runs them during Django's set-up, whatever its purpose; only `manage.py check` reports instead.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from billing.provider_registry import app_store
from dossiers.verification.keys import is_key
from inspections.engines.registry import is_registered
from inspections.vocabulary import Mode
from maretech.checks.bounds import contradictions, out_of_bounds, rates_out_of_bounds
from maretech.checks.command_line import is_owners_process
from maretech.checks.dangers import DANGERS
from maretech.checks.development import live_keys, remote_services
from maretech.checks.letters import countries_are_unknown
from maretech.common.http.throttling import parse_rate
from maretech.database_role import faults_of_role


@register()
def production_is_safe(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Return an error for each danger; none outside production."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [
        Error(text, id=danger_id) for danger_id, is_dangerous, text in DANGERS if is_dangerous()
    ]
    return [*found, *out_of_bounds(), *contradictions(), *rates_out_of_bounds()]


@register()
def development_is_harmless(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Refuse a production without ENVIRONMENT, so that it does not run as a development machine."""
    if settings.ENVIRONMENT != "development":
        return []
    live = [
        Error(f"{name} is a live key in development, or not a known test key.", id="maretech.E060")
        for name in live_keys()
    ]
    remote = [] if settings.ALLOW_REMOTE_SERVICES else remote_services()
    text = "{} is on another machine. Set ENVIRONMENT=production, or ALLOW_REMOTE_SERVICES=true for a trial."
    return [*live, *(Error(text.format(name), id="maretech.E061") for name in remote)]


@register()
def environment_is_readable(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Refuse an unreadable value everywhere: its default may differ from what was meant."""
    return [Error(f"{name} is {how}.", id="maretech.E056") for name, how in sorted(settings.MALFORMED.items())]


@register()
def environment_is_known(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Refuse an unknown ENVIRONMENT: a typing error must not leave production unguarded."""
    if settings.ENVIRONMENT in ("development", "production"):
        return []
    return [Error("ENVIRONMENT is neither development nor production.", id="maretech.E011")]


@register()
def settings_make_sense(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Find typing errors at the start, before the first owner meets them."""
    found: list[CheckMessage] = [
        Error(f"ENGINE={settings.ENGINE}: there is no such engine for {mode}.", id="maretech.E012")
        for mode in Mode.values()
        if not is_registered(mode=mode, name=settings.ENGINE)
    ]
    for name, rate in settings.RATE_LIMITS.items():
        try:
            parse_rate(rate)
        except ValueError as exc:
            found.append(Error(f"RATE_LIMIT_{name.upper()}: {exc}", id="maretech.E013"))
    if countries_are_unknown():
        text = "LETTER_COUNTRIES is empty, or names a country not by its two capital letters."
        found.append(Error(text, id="maretech.E103"))
    return [*found, *_app_store_makes_sense(), *_dossier_keys_make_sense()]


def _dossier_keys_make_sense() -> list[CheckMessage]:
    """Allow only keys that `make_dossier_key` prints: with another one no dossier could be verified."""
    signing, retired = settings.DOSSIER_SIGNING_KEY, settings.DOSSIER_RETIRED_KEYS
    wrong = [] if not signing or is_key(signing) else ["DOSSIER_SIGNING_KEY"]
    wrong += [] if all(map(is_key, retired)) else ["DOSSIER_RETIRED_KEYS"]
    return [Error(f"{name} is not from make_dossier_key.", id="maretech.E091") for name in wrong]


def _names_sandbox_buyers(text: str) -> bool:
    if text in ("everyone", "off"):
        return True
    try:
        return all(str(UUID(name)) == name for name in text.split(","))
    except ValueError:
        return False


def _app_store_makes_sense() -> list[CheckMessage]:
    """Allow only Apple's two environments: in others the verifying library verifies nothing."""
    if settings.APP_STORE_ENVIRONMENT not in ("production", "sandbox"):
        return [Error("APP_STORE_ENVIRONMENT is neither production nor sandbox.", id="maretech.E023")]
    if not _names_sandbox_buyers(settings.APP_STORE_SANDBOX):
        return [Error("APP_STORE_SANDBOX is neither everyone, off nor account ids.", id="maretech.E025")]
    try:
        if settings.APP_STORE_BUNDLE_ID:
            app_store()
    except ValueError as exc:
        return [Error(f"The App Store settings are wrong: {exc}.", id="maretech.E024")]
    return []


@register(Tags.database)
def role_is_bounded(app_configs: Any = None, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """`check --database default`: the role that the application connects as cannot change the books."""
    return faults_of_own_role() if databases else []


def faults_of_own_role() -> list[CheckMessage]:
    """Return the faults of the role. The owner of the tables is exempt: it only migrates."""
    if not settings.PRODUCTION or is_owners_process() or connection.vendor != "postgresql":
        return []
    text = "The role of DATABASE_URL {}. Use the application's own role: docs/runbooks/deploy.md."
    return [Error(text.format(fault), id="maretech.E070") for fault in faults_of_role()]
