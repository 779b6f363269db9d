"""Credit entries are only ever added, whoever tries otherwise."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from billing import credits, entitlements
from billing.models import CreditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(owner) -> CreditEntry:
    with transaction.atomic():
        entitlements.lock(owner)
        credits.grant(owner=owner, source=uuid4())
    return CreditEntry.objects.get()


def test_the_database_refuses_to_change_an_entry(entry):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CreditEntry.objects.update(source=uuid4())


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's triggers would also refuse to empty the table between tests"
)
def test_postgres_refuses_to_delete_an_entry(entry):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CreditEntry.objects.all().delete()
