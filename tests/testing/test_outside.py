"""Test that the guard around every test sees outside calls in a transaction, and nothing else."""

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from inspections.objects import garbage_collection
from maretech.common.storage import object_store
from testing.phone import jpeg

pytestmark = pytest.mark.django_db


def test_calls_of_store_and_mail_server_in_a_transaction_are_recorded(asked_inside_a_transaction):
    with transaction.atomic():
        object_store().head("x")
        EmailMessage("Subject", "Text", to=["me@example.org"]).send()
    assert asked_inside_a_transaction == ["LocalStore.head", "EmailMessage.send"]
    asked_inside_a_transaction.clear()


def test_calls_outside_a_transaction_are_not_recorded(asked_inside_a_transaction):
    object_store().head("x")
    assert asked_inside_a_transaction == []


def test_the_garbage_collection_calls_the_store_outside_a_transaction(phone, settings, asked_inside_a_transaction):
    settings.ORPHAN_AGE_HOURS = -1
    opened = phone.open()
    object_store().write(f"inspections/{opened['inspection_id']}/view/x.jpg", jpeg(1), content_type="image/jpeg")
    assert len(garbage_collection.collect_garbage().orphans) == 1
    assert asked_inside_a_transaction == []
