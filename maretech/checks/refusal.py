"""Refuse to start, or to serve, with a dangerous configuration. Every process does so, except commands that report."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from maretech.checks.command_line import command
from maretech.checks.configuration import (
    development_is_harmless,
    environment_is_known,
    environment_is_readable,
    faults_of_own_role,
    production_is_safe,
    settings_make_sense,
)

_UID = "check role"


def refuse_dangerous_start() -> None:
    """Refuse to start with a dangerous configuration. Every process calls this during Django's set-up.

    Raises `ImproperlyConfigured` naming each danger.
    """
    _refuse(
        [
            *environment_is_readable(),
            *environment_is_known(),
            *production_is_safe(),
            *development_is_harmless(),
            *settings_make_sense(),
        ]
    )


def refuse_privileged_role() -> None:
    """Refuse to serve with a too powerful role. Every serving process calls this.

    If the database does not answer now, the check runs at the first connection.
    """
    if settings.PRODUCTION:
        with suppress(OperationalError):
            connection.ensure_connection()
        connection.close()  # no child process may share it


def watch_connections() -> None:
    """Refuse the first connection of this process if its role may change the books."""
    if settings.PRODUCTION:
        connection_created.connect(_check_role, dispatch_uid=_UID)


def _check_role(connection: BaseDatabaseWrapper, **_: Any) -> None:
    try:
        _refuse(faults_of_own_role())
    except BaseException as exc:
        connection.close()  # otherwise the next statement would use it
        if isinstance(exc, ImproperlyConfigured) and command():
            raise SystemExit(str(exc)) from None  # a command may continue after any other exception
        raise
    connection_created.disconnect(dispatch_uid=_UID)


def _refuse(found: list[CheckMessage]) -> None:
    if found:
        raise ImproperlyConfigured("; ".join(f"{danger.id}: {danger.msg}" for danger in found))
