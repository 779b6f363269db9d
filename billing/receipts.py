"""Store receipts: a verified transaction is one paid order, once, for whoever brought it first."""

from typing import Any

from django.conf import settings

from billing.choices import ProductCode, Provider
from billing.orders import Purchase, record_purchase
from billing.providers.base import ReceiptVerifier
from billing.providers.mock import MockProvider


def validate_receipt(*, owner: Any, store: str, receipt: str) -> bool:
    """Whether the receipt is good for this owner; a transaction seen for the first time grants one credit.

    The owner may send it again (the answer got lost in the boatyard); to anybody else it is simply not valid.
    """
    for verifier in _verifiers():
        transaction_id = verifier.transaction_of(receipt)
        if transaction_id is not None:
            purchase = Purchase(Provider(verifier.name), transaction_id, ProductCode.OSMOSIS_INSPECTION)
            return record_purchase(owner=owner, purchase=purchase, cause=f"receipt from the {store}") is not None
    return False


def _verifiers() -> list[ReceiptVerifier]:
    return [MockProvider()] if settings.MOCK_BILLING else []
