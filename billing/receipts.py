"""Store receipts: a verified transaction grants one credit, once, to whoever brought it first."""

from typing import Any

from django.conf import settings
from django.db import transaction

from billing import credits, entitlements
from billing.models import StoreReceipt
from billing.providers.base import ReceiptVerifier
from billing.providers.mock import MockProvider


def validate_receipt(*, owner: Any, store: str, receipt: str) -> bool:
    """Whether the receipt is good for this owner; a transaction seen for the first time grants one credit.

    The owner may send it again (the answer got lost in the boatyard); to anybody else it is simply not valid.
    """
    for verifier in _verifiers():
        transaction_id = verifier.transaction_of(receipt)
        if transaction_id is not None:
            return _claim(owner=owner, store=store, verified_by=verifier.name, transaction_id=transaction_id)
    return False


def _verifiers() -> list[ReceiptVerifier]:
    return [MockProvider()] if settings.MOCK_BILLING else []


@transaction.atomic
def _claim(*, owner: Any, store: str, verified_by: str, transaction_id: str) -> bool:
    entitlements.lock(owner)
    identity = {"verified_by": verified_by, "transaction_id": transaction_id}
    offered = StoreReceipt(owner=owner, store=store, **identity)
    StoreReceipt.objects.bulk_create([offered], ignore_conflicts=True)
    kept = StoreReceipt.objects.get(**identity)
    if kept.pk == offered.pk:
        credits.grant(owner=owner, source=kept.pk)
    return bool(kept.owner_id == owner.pk)
