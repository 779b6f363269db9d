"""Test that database errors quote no value: not in the log, not in a row, not in a task's failure."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from django.db import DataError, IntegrityError, connection, transaction

from accounts.models import Consent, Device, User
from maretech.celery import app
from maretech.common.http.exception_handler import as_refusal
from maretech.common.observability.logging import SHARED_PROCESSORS

SECRET = "ExponentPushToken[of-a-phone]"
EMAIL = "skipper@example.org"
SECRETS = (SECRET, EMAIL, "argon2$", "Failing row", "DETAIL")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Collect the output of every logger, traceback included, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    processors = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(tracebacks),
        structlog.processors.JSONRenderer(),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=processors, foreign_pre_chain=SHARED_PROCESSORS)
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user(EMAIL, "keel-and-rudder-7")


def doubled(owner: User) -> None:
    """Raise a unique violation: DETAIL names the key and its values."""
    for _ in range(2):
        Device.objects.create(user=owner, platform="ios", push_token=SECRET)


def nonsense(owner: User) -> None:
    """Raise a check violation: DETAIL shows the whole row."""
    Device.objects.create(user=owner, platform="toaster", push_token=SECRET)


def incomplete(owner: User) -> None:
    """Raise a NOT NULL violation: DETAIL shows the whole row."""
    Consent.objects.bulk_create([Consent(user=owner, document=EMAIL, version=None)])


def too_long(owner: User) -> None:
    Device.objects.create(user=owner, platform="ios", push_token=SECRET * 100)


def unreadable(owner: User) -> None:
    """Raise an error with the value in its main message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(%s AS uuid)", [SECRET])


BREAKS: tuple[Callable[[User], None], ...] = (doubled, nonsense, incomplete)
ON_POSTGRES = (*BREAKS, too_long, unreadable)
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes these values")


def broken(owner: User, how: Callable[[User], None]) -> Exception:
    with pytest.raises((IntegrityError, DataError)) as raised, transaction.atomic():
        how(owner)
    return raised.value


def whole_chain(error: BaseException | None) -> str:
    said = ""
    while error is not None:
        said += f"{error!r} {error}"
        error = error.__cause__ or error.__context__
    return said


@pytest.mark.parametrize("how", BREAKS)
def test_an_error_quotes_no_value(owner: User, how: Callable[[User], None]) -> None:
    text = whole_chain(broken(owner, how))
    assert not [secret for secret in SECRETS if secret in text], text


@postgres_only
@pytest.mark.parametrize("how", [too_long, unreadable])
def test_an_error_about_a_value_does_not_quote_it(owner: User, how: Callable[[User], None]) -> None:
    error = broken(owner, how)
    assert SECRET not in whole_chain(error)
    assert "(22" in str(error)


@postgres_only
def test_an_error_names_the_broken_constraint(owner: User) -> None:
    text = str(broken(owner, doubled))
    assert "one_device_per_user_and_push_token" in text or "a_push_token_belongs_to_one_account" in text
    assert "(23505)" in text


@pytest.mark.parametrize("how", ON_POSTGRES if connection.vendor == "postgresql" else BREAKS)
def test_a_failing_request_writes_no_value_into_the_log(
    owner: User, how: Callable[[User], None], lines: io.StringIO
) -> None:
    refusal = as_refusal(broken(owner, how))
    assert refusal.status == 500
    assert "unexpected error" in lines.getvalue()
    assert not [secret for secret in SECRETS if secret in lines.getvalue()]
    assert not [secret for secret in SECRETS if secret in json.dumps(refusal.details) + refusal.text]


@pytest.mark.parametrize("how", ON_POSTGRES if connection.vendor == "postgresql" else BREAKS)
def test_a_failing_task_writes_no_value_into_the_log(
    owner: User, how: Callable[[User], None], lines: io.StringIO
) -> None:
    """Celery puts the error's text into its line, beside the traceback."""

    @app.task(name=f"tests.{how.__name__}")
    def failing() -> None:
        with transaction.atomic():
            how(owner)

    failing.apply(throw=False)
    assert "Error" in lines.getvalue()
    assert not [secret for secret in SECRETS if secret in lines.getvalue()], lines.getvalue()[-2000:]
