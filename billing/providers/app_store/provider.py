"""What phones and Apple bring, and what is asked of Apple's server, over HTTP."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import requests
from appstoreserverlibrary.api_client import APIError, APIException, AppStoreServerAPIClient
from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload as Transaction
from cattrs import BaseValidationError
from cryptography import x509

from billing.providers.app_store import facts
from billing.providers.app_store.signatures import NotSigned, Signatures
from billing.providers.base import (
    About,
    Event,
    ForgedEvent,
    ProviderUnavailable,
    StorePurchase,
    SubscriptionFacts,
)

# The library has two more, in which it verifies no signature at all.
ENVIRONMENTS: Final = {"production": Environment.PRODUCTION, "sandbox": Environment.SANDBOX}
_UNKNOWN: Final = (
    APIError.INVALID_TRANSACTION_ID,
    APIError.TRANSACTION_ID_NOT_FOUND,
    APIError.ORIGINAL_TRANSACTION_ID_NOT_FOUND,
)
_ID: Final = re.compile(r"[0-9]{1,64}")
_KIND_LENGTH: Final = 100
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What Apple's server knows us by. `private_key` is a PEM."""

    issuer_id: str
    key_id: str
    private_key: str


class AppStore:
    """Transactions and notifications of one app in one environment; those of any other are refused.

    Nothing that a phone or a notification says is believed but the name of a transaction: how that stands, Apple's
    server is asked, and what it answers is verified too.
    """

    name = "app_store"

    def __init__(
        self,
        *,
        bundle_id: str,
        apple_id: int,
        environment: str,
        roots_dir: str,
        api_key: ApiKey,
        api_base: str,
        timeout_seconds: float,
    ) -> None:
        """Raises `ValueError` for another environment, for a folder without a root and for a key that is none."""
        if environment not in ENVIRONMENTS:
            raise ValueError(f"{environment} is no environment of the App Store")
        self._signatures = Signatures(
            roots=_roots(roots_dir),
            bundle_id=bundle_id,
            apple_id=apple_id,
            environment=ENVIRONMENTS[environment],
            timeout_seconds=timeout_seconds,
        )
        self._client = _Client(
            api_key.private_key.encode(), api_key.key_id, api_key.issuer_id, bundle_id, ENVIRONMENTS[environment]
        )
        self._client.reach(api_base, timeout_seconds=timeout_seconds)

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        """What a StoreKit 2 transaction proves, as Apple has it now."""
        try:
            brought = self._signatures.transaction(receipt)
        except NotSigned:
            return None
        return self.purchase(brought.transactionId or "")

    def purchase(self, ref: str) -> StorePurchase | None:
        """A transaction as it stands now; with it, where it is of a subscription, how that stands."""
        bought = self._transaction(ref) if _ID.fullmatch(ref) else None
        if bought is None or bought.productId not in facts.PRODUCTS:
            return None
        product, begun, latest = bought.productId, None, ""
        if product in facts.PLANS:
            begun, newest = self._subscription(bought)
            latest = newest if newest != bought.transactionId else ""
        return facts.purchase(bought, product=product, subscription=begun, latest=latest)

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """What a notification (version 2) is about: a transaction, or nothing that is ours."""
        try:
            said = self._signatures.notification(_signed_payload(body))
            named = said.data.signedTransactionInfo if said.data else None
            ref = self._signatures.transaction(named).transactionId if named else None
        except NotSigned as error:
            raise ForgedEvent from error
        if not said.notificationUUID or not said.rawNotificationType:
            raise ForgedEvent
        kind = "/".join(word for word in (said.rawNotificationType, said.rawSubtype) if word)
        return Event(
            id=said.notificationUUID,
            kind=kind[:_KIND_LENGTH],
            verdict="JWS, OCSP",
            about=About.PURCHASE if ref else About.NOTHING,
            ref=ref or "",
        )

    def acknowledge(self, purchase: StorePurchase) -> None:
        """Apple is told by the app, which finishes the transaction."""

    def _transaction(self, ref: str) -> Transaction | None:
        answer = _asked(lambda: self._client.get_transaction_info(ref))
        if answer is None:
            return None
        with _as_expected():
            found = self._signatures.transaction(answer.signedTransactionInfo or "")
        if ref not in (found.transactionId, found.originalTransactionId) or not found.transactionId:
            raise ProviderUnavailable("another transaction than asked for")
        return found

    def _subscription(self, bought: Transaction) -> tuple[SubscriptionFacts, str]:
        """How the subscription of a transaction stands, and the name of its latest transaction."""
        original = bought.originalTransactionId or ""
        answer = _asked(lambda: self._client.get_all_subscription_statuses(original))
        groups = (answer.data if answer else None) or []
        for item in (item for group in groups for item in group.lastTransactions or []):
            if item.originalTransactionId == original:
                with _as_expected():
                    latest = self._signatures.transaction(item.signedTransactionInfo or "")
                    renewal = self._signatures.renewal(item.signedRenewalInfo or "")
                names = {latest.originalTransactionId, renewal.originalTransactionId}
                if names == {original} and latest.productId in facts.PLANS:
                    return facts.subscription(latest, renewal, now=datetime.now(UTC)), latest.transactionId or ""
        raise ProviderUnavailable("no status of this subscription, or of a plan that is not ours")


class _Client(AppStoreServerAPIClient):
    def reach(self, api_base: str, *, timeout_seconds: float) -> None:
        self._base_url = api_base or self._base_url
        self._timeout_seconds = timeout_seconds

    def _execute_request(
        self, method: str, url: str, params: Any, headers: dict[str, str], json: Any, data: bytes | None
    ) -> requests.Response:
        return requests.request(
            method, url, params=params, headers=headers, json=json, data=data, timeout=self._timeout_seconds
        )


def _roots(folder: str) -> list[bytes]:
    roots = [path.read_bytes() for path in sorted(Path(folder).glob("*.cer"))] if folder else []
    if not roots:
        raise ValueError("there is no root certificate (*.cer)")
    for root in roots:
        x509.load_der_x509_certificate(root)
    return roots


def _asked(ask: Callable[[], Answer]) -> Answer | None:
    """What Apple's server answers; None where it knows no such transaction."""
    try:
        return ask()
    except APIException as error:
        if error.api_error in _UNKNOWN:
            return None
        raise ProviderUnavailable(f"{error.http_status_code} {error.raw_api_error or ''}".strip()) from error
    except (requests.RequestException, BaseValidationError, TypeError, ValueError, RecursionError) as error:
        raise ProviderUnavailable(type(error).__name__) from error


@contextmanager
def _as_expected() -> Iterator[None]:
    """An answer that is not signed is no answer: who gave it, nobody knows."""
    try:
        yield
    except NotSigned as error:
        raise ProviderUnavailable("an answer that cannot be verified") from error


def _signed_payload(body: bytes) -> str:
    try:
        signed = json.loads(body)["signedPayload"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ForgedEvent from error
    if not isinstance(signed, str):
        raise ForgedEvent
    return signed
