"""Test that no call waits for ever on the database, and that a timeout asks the caller to retry."""

import pytest
from django.conf import settings as declared
from django.db import connection

from tests.contract.refusals import refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(declared.USES_SQLITE, reason="SQLite has one limit, the 30 s of its `timeout`"),
]


@pytest.fixture
def held_table():
    """Hold a lock on the table in another connection that does not release it."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE inspections_inspection IN ACCESS EXCLUSIVE MODE")
    yield
    other.close()


@pytest.mark.parametrize("wait", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
def test_every_wait_on_the_database_has_a_timeout(wait):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [wait])
        assert 1_000 <= cursor.fetchone()[0] <= 60_000


@pytest.mark.parametrize("wait", ["statement_timeout", "lock_timeout"])
def test_a_database_timeout_answers_with_retry_after(wait, phone, held_table):
    with connection.cursor() as cursor:
        cursor.execute(f"SET {wait} = 200")
    try:
        answer = phone.get("/inspections?mode=corrosion")
        refused(answer, 503, "SERVICE_UNAVAILABLE")
        assert int(answer["Retry-After"]) > 0
    finally:
        connection.close()
