"""Submit App Store receipts that Apple did not sign, or not for this app, as the true owner: none may grant anything.

Control: the receipt's content is accepted, whatever its signature, app or environment; each kind then counts.
"""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

import jwt
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.LibraryUtility import _get_cattrs_converter
from appstoreserverlibrary.signed_data_verifier import SignedDataVerifier
from django.conf import settings
from django.test import override_settings

from accounts.models import User
from billing.models import LedgerTransaction, Order
from billing.provider_registry import stores
from billing.sync import receipts
from billing.vocabulary import Provider
from drills.harness.runner import DrillContext, Result, main
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.forged_transactions import FORGERIES, a_notification, genuine, renewal_info

# Apple signed these, but they are no transactions and grant nothing even without the guard. Tests cover them.
FORGED: Final = [forge for forge in FORGERIES if forge not in (renewal_info, a_notification)]


def disable_guard() -> AbstractContextManager[object]:
    def decode_unverified(_: SignedDataVerifier, signed: str) -> JWSTransactionDecodedPayload:
        payload = jwt.decode(signed, options={"verify_signature": False})
        return _get_cattrs_converter(JWSTransactionDecodedPayload).structure(payload, JWSTransactionDecodedPayload)

    return patch.object(SignedDataVerifier, "verify_and_decode_signed_transaction", decode_unverified)


def drill(context: DrillContext) -> Result:
    times = 1 if context.small else 10
    with _apple() as apple:
        owner = User.objects.create_user(email="drill@example.org", password=None)
        taken = [
            forge.__name__
            for forge in FORGED * times
            if _redeem(owner, forge(apple, apple.transactions[apple.buy("osmosis_inspection", token=str(owner.pk))]))
        ]
        rows = Order.objects.count() + LedgerTransaction.objects.count()
        bought = apple.transactions[apple.buy("osmosis_inspection", token=str(owner.pk))]
        counts = _redeem(owner, genuine(apple, bought))
    tried = len(FORGED) * times
    figure = (
        f"{tried - len(taken)} of {tried} refused, {rows} rows; the true one {'counts' if counts else 'is refused'}"
    )
    figure += f" (taken: {sorted(set(taken))})" if taken else ""
    attacks = {forge.__name__: forge.__name__ in taken for forge in FORGED}
    passed = not taken and not rows and counts
    return Result(f"{len(FORGED)} kinds × {times}", figure, "all refused, 0 rows", passed, attacks)


def _redeem(owner: User, receipt: str) -> bool:
    verified = receipts.verify_receipt(store=Provider.APP_STORE, receipt=receipt)
    return verified is not None and receipts.redeem_receipt(owner=owner, receipt=verified, cause="drill")


@contextmanager
def _apple() -> Iterator[FakeAppStore]:
    with FakeAppStore() as apple, tempfile.TemporaryDirectory() as roots, override_settings():
        configure_app_store(settings, apple, Path(roots))
        yield apple
    stores.cache_clear()


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
