"""Test that the guard around every test sees outside calls in a transaction, and nothing else."""

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from inspections.objects import garbage_collection
from maretech.common.storage import object_store
from testing.phone import jpeg

pytestmark = pytest.mark.django_db


def test_calls_of_store_and_mail_server_in_a_transaction_are_recorded(calls_inside_transactions):
    with transaction.atomic():
        object_store().head("x")
        EmailMessage("Subject", "Text", to=["me@example.org"]).send()
    assert calls_inside_transactions == ["LocalStore.head", "EmailMessage.send"]
    calls_inside_transactions.clear()


def test_calls_outside_a_transaction_are_not_recorded(calls_inside_transactions):
    object_store().head("x")
    assert calls_inside_transactions == []


def test_the_garbage_collection_calls_the_store_outside_a_transaction(phone, settings, calls_inside_transactions):
    settings.ORPHAN_AGE_HOURS = -1
    opened = phone.open()
    object_store().write(f"inspections/{opened['inspection_id']}/view/x.jpg", jpeg(1), content_type="image/jpeg")
    assert len(garbage_collection.collect_garbage().orphans) == 1
    assert calls_inside_transactions == []
