"""HTTP client for one environment of the App Store, with its signatures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar

import requests
from appstoreserverlibrary.api_client import APIError, APIException, AppStoreServerAPIClient
from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload as Transaction
from appstoreserverlibrary.models.UpdateAppAccountTokenRequest import UpdateAppAccountTokenRequest
from cattrs import BaseValidationError

from billing.providers.app_store import mapping
from billing.providers.app_store.signatures import NotSigned, Signatures
from billing.providers.base import Products, ProviderUnavailable, StorePurchase, SubscriptionFacts

_UNKNOWN: Final = (
    APIError.INVALID_TRANSACTION_ID,
    APIError.TRANSACTION_ID_NOT_FOUND,
    APIError.ORIGINAL_TRANSACTION_ID_NOT_FOUND,
)
# A retry would be refused again: a family-shared purchase, or one that Apple no longer knows.
_REFUSED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Our credentials for Apple's server. `private_key` is a PEM."""

    issuer_id: str
    key_id: str
    private_key: str


@dataclass(frozen=True, slots=True)
class _Subscribed:
    """The state of a transaction's subscription, with the additional data from Apple."""

    facts: SubscriptionFacts
    latest: str
    token: str | None


class AppStoreServer:
    """Query the server of one environment and trust only its signed data.

    Every call raises `ProviderUnavailable` without a valid answer.
    """

    def __init__(
        self,
        signatures: Signatures,
        *,
        environment: Environment,
        bundle_id: str,
        products: Products,
        api_key: ApiKey,
        api_base: str,
        timeout_seconds: float,
    ) -> None:
        """Raises `ValueError` for an invalid key."""
        self._products = products
        self.signatures = signatures
        self.is_test = environment != Environment.PRODUCTION
        self._client = _Client(api_key.private_key.encode(), api_key.key_id, api_key.issuer_id, bundle_id, environment)
        self._client.set_endpoint(api_base, timeout_seconds=timeout_seconds)

    def purchase(self, transaction_id: str) -> StorePurchase | None:
        """Returns the current state of a transaction, with that of its subscription if it has one."""
        bought = self._transaction(transaction_id)
        if bought is None or bought.productId is None:
            return None
        if bought.productId in self._products.one_time:
            return mapping.purchase(
                bought, product=bought.productId, token=bought.appAccountToken, is_test=self.is_test
            )
        if bought.productId not in self._products.plans:
            return None
        begun = self._subscription(bought)
        return mapping.purchase(
            bought,
            product=bought.productId,
            subscription=begun.facts,
            latest=begun.latest if begun.latest != bought.transactionId else "",
            token=bought.appAccountToken or begun.token,
            is_test=self.is_test,
        )

    def set_owner(self, original_transaction_id: str, owner_id: str) -> None:
        """Set the owner at Apple, also for renewals. Ignores a permanent refusal."""
        update = UpdateAppAccountTokenRequest(appAccountToken=owner_id)
        try:
            self._client.set_app_account_token(original_transaction_id, update)
        except APIException as error:
            if error.http_status_code not in _REFUSED:
                raise ProviderUnavailable(str(error.http_status_code)) from error
        except requests.RequestException as error:
            raise ProviderUnavailable(type(error).__name__) from error

    def _transaction(self, ref: str) -> Transaction | None:
        answer = _call(lambda: self._client.get_transaction_info(ref))
        if answer is None:
            return None
        with _verified_answer():
            found = self.signatures.transaction(answer.signedTransactionInfo or "")
        if ref not in (found.transactionId, found.originalTransactionId) or not found.transactionId:
            raise ProviderUnavailable("another transaction than requested")
        return found

    def _subscription(self, bought: Transaction) -> _Subscribed:
        original = bought.originalTransactionId or ""
        answer = _call(lambda: self._client.get_all_subscription_statuses(original))
        groups = (answer.data if answer else None) or []
        for item in (item for group in groups for item in group.lastTransactions or []):
            if item.originalTransactionId == original:
                with _verified_answer():
                    latest = self.signatures.transaction(item.signedTransactionInfo or "")
                    renewal = self.signatures.renewal(item.signedRenewalInfo or "")
                names = {latest.originalTransactionId, renewal.originalTransactionId}
                plan = self._products.plans.get(latest.productId or "")
                if names == {original} and plan is not None:
                    now = datetime.now(UTC)
                    found = mapping.subscription(latest, renewal, plan=plan, now=now, is_test=self.is_test)
                    token = renewal.appAccountToken or latest.appAccountToken
                    return _Subscribed(found, latest.transactionId or "", token)
        raise ProviderUnavailable("no status of this subscription, or of a plan that is not ours")


class _Client(AppStoreServerAPIClient):
    def set_endpoint(self, api_base: str, *, timeout_seconds: float) -> None:
        self._base_url = api_base or self._base_url
        self._timeout_seconds = timeout_seconds

    def _execute_request(
        self, method: str, url: str, params: Any, headers: dict[str, str], json: Any, data: bytes | None
    ) -> requests.Response:
        return requests.request(
            method, url, params=params, headers=headers, json=json, data=data, timeout=self._timeout_seconds
        )


def _call(request: Callable[[], Answer]) -> Answer | None:
    """Returns the answer of Apple's server, or None if it does not know the transaction."""
    try:
        return request()
    except APIException as error:
        if error.api_error in _UNKNOWN:
            return None
        raise ProviderUnavailable(f"{error.http_status_code} {error.raw_api_error or ''}".strip()) from error
    except (requests.RequestException, BaseValidationError, TypeError, ValueError, RecursionError) as error:
        raise ProviderUnavailable(type(error).__name__) from error


@contextmanager
def _verified_answer() -> Iterator[None]:
    """Treat an answer without a valid signature as no answer: it could come from anyone."""
    try:
        yield
    except NotSigned as error:
        raise ProviderUnavailable("an answer that cannot be verified") from error
