"""Google Play as a store: receipts and pushes are hints, and Google's server gives the state."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from billing.providers.base import Event, Products, ProviderUnavailable, StorePurchase, Voided
from billing.providers.play_store import mapping
from billing.providers.play_store.publisher import Publisher
from billing.providers.play_store.pushes import Pushes
from billing.providers.play_store.refs import SUBSCRIPTION, VOIDED, Ref, is_token
from billing.vocabulary import SubscriptionState

_LONGEST_RECEIPT: Final = 8_000
# Google lists the voided purchases of the last 30 days; the hour allows for clock differences.
_LISTED: Final = timedelta(days=30) - timedelta(hours=1)


class PlayStore:
    """Read purchases by their token, server to server, whatever a phone claims."""

    name = "play_store"

    def __init__(
        self,
        *,
        package_name: str,
        products: Products,
        publisher: Publisher,
        pushes: Pushes,
        allow_test_purchases: bool = False,
    ) -> None:
        self._package_name = package_name
        self._products = products
        self._publisher = publisher
        self._pushes = pushes
        self._allow_test = allow_test_purchases

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        """Returns the purchase of the original JSON that a phone submits. Only the token of that JSON is used.

        Returns None for a purchase outside our app or of a product that we do not sell. Raises `ProviderUnavailable`.
        """
        fields = _parsed(receipt)
        token, product = fields.get("purchaseToken"), fields.get("productId")
        if fields.get("packageName") != self._package_name or not isinstance(token, str) or not is_token(token):
            return None
        if not isinstance(product, str):
            return None
        if product in self._products.one_time:
            return self._one_time(Ref(product, token))
        return self._subscription(token, of=product) if product in self._products.plans else None

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Return the event of a genuine push.

        Raises `InvalidSignature`, or `ProviderUnavailable` without Google's keys.
        """
        return self._pushes.read(body, headers)

    def purchase(self, ref: str) -> StorePurchase | None:
        """Returns the current state of a purchase. For a subscription, always its latest paid period.

        With `voided:token:order_id`, returns the refund of that order if Google lists it as voided.
        """
        known = Ref.parse(ref, one_time=self._products.one_time)
        if known is None:
            return None
        if known.what in self._products.one_time:
            # A notification of a voided purchase names no product, so the purchase may be of another one.
            others = sorted(self._products.one_time - {known.what})
            return self._one_time(known, *(Ref(product, known.token) for product in others))
        found = self._subscription(known.token)
        if found is None or known.what != VOIDED:
            return found
        order = Ref(SUBSCRIPTION, known.token, known.order_id)
        refunds = tuple(each.refund for each in self.voided() if str(order) in each.refs and each.refund)
        if not refunds:
            return found
        latest = found.ref if found.is_paid and found.ref != str(order) else ""
        return replace(found, ref=str(order), is_paid=False, refunds=refunds, latest_ref=latest)

    def acknowledge(self, purchase: StorePurchase, *, owner_id: UUID) -> None:
        """Acknowledge the grant to Google, which refunds a purchase without it after three days. Idempotent.

        Raises `ProviderUnavailable`.
        """
        ref = Ref.parse(purchase.ref, one_time=self._products.one_time)
        state = purchase.subscription.state if purchase.subscription else None
        if ref is None or not purchase.is_paid or purchase.is_acknowledged or state == SubscriptionState.LAPSED:
            return
        kind = "products" if ref.what in self._products.one_time else "subscriptions"
        self._publisher.acknowledge(kind, purchase.product, ref.token)

    def voided(self) -> Iterator[Voided]:
        """Yield the refunds of the last 30 days, of one-time products and subscriptions.

        Raises `ProviderUnavailable`.
        """
        now = datetime.now(UTC)
        with _parsed_answer():
            for row in self._publisher.voided(since=now - _LISTED, until=now):
                found = mapping.voided(row, one_time=self._products.one_time)
                if found is not None:
                    yield found

    def _one_time(self, *refs: Ref) -> StorePurchase | None:
        """Returns the purchase of the first reference that Google knows, or None."""
        for ref in refs:
            found = self._publisher.product(ref.what, ref.token)
            if found is not None:
                with _parsed_answer():
                    return mapping.one_time(found, ref, allow_test=self._allow_test)
        return None

    def _subscription(self, token: str, *, of: str = "") -> StorePurchase | None:
        found = self._publisher.subscription(token)
        with _parsed_answer():
            if found is None or (of and of not in mapping.products(found)):
                return None
            return mapping.subscription(
                found, token, plans=self._products.plans, now=datetime.now(UTC), allow_test=self._allow_test
            )


@contextmanager
def _parsed_answer() -> Iterator[None]:
    """Treat a malformed answer as no answer."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ProviderUnavailable("an answer that makes no sense") from error


def _parsed(receipt: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(receipt) if len(receipt) <= _LONGEST_RECEIPT else None
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
