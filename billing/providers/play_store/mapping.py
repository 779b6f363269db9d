"""Convert Google's purchases into our types (androidpublisher v3).

Malformed data raises `KeyError`, `TypeError` or `ValueError`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any, Final

from billing.providers.base import Refunded, StorePurchase, SubscriptionFacts, Voided
from billing.providers.play_store.refs import SUBSCRIPTION, Ref, is_order_id, is_token
from billing.vocabulary import SubscriptionState

Row = Mapping[str, Any]
# purchases.products: purchaseState and purchaseType; the type is present only for other than ordinary purchases.
_PURCHASED, _CANCELLED = 0, 1
_TEST, _PROMOTION = 0, 1
_STATE: Final = "SUBSCRIPTION_STATE_"
# A state missing here was never paid (pending, or cancelled while pending).
_SUBSCRIPTION_STATES: Final = {
    "ACTIVE": SubscriptionState.ACTIVE,
    "IN_GRACE_PERIOD": SubscriptionState.GRACE,
    "CANCELED": SubscriptionState.CANCELLED,
    "ON_HOLD": SubscriptionState.LAPSED,
    "PAUSED": SubscriptionState.LAPSED,
    "EXPIRED": SubscriptionState.LAPSED,
}
# The reference of a refund without an order.
_UNNAMED: Final = "voided"


def one_time(found: Row, ref: Ref, *, allow_test: bool) -> StorePurchase | None:
    """Convert a purchase of inspections.

    Returns None for another kind of purchase, or one that was not bought (a reward for watching an advertisement, say).
    License testers and redeemed codes pay nothing. Google refunds all of it, or some of several units, and never
    reverses that.
    """
    kind = found.get("purchaseType")
    is_test = kind == _TEST
    is_known = kind in (None, _PROMOTION) or (is_test and allow_test)
    if not is_known or found.get("productId", ref.what) != ref.what:
        return None
    return StorePurchase(
        ref=str(ref),
        product=ref.what,
        owner_token=str(found.get("obfuscatedExternalAccountId", "")),
        is_paid=found["purchaseState"] == _PURCHASED,
        is_acknowledged=found.get("acknowledgementState") == 1,
        bought_at=_of_millis(found["purchaseTimeMillis"]),
        amount_minor=None if kind is None else 0,
        refunds=_refunds(found),
        quantity=_count(found.get("quantity", 1)),
        is_test=is_test,
    )


def _refunds(found: Row) -> tuple[Refunded, ...]:
    """Returns one refund per refunded unit while others remain, or one for all of them."""
    order_id, bought = found.get("orderId", ""), _count(found.get("quantity", 1))
    left = int(found.get("refundableQuantity", bought))
    if found["purchaseState"] == _CANCELLED or (bought > 1 and left == 0):
        return (refunded(order_id),)
    if not 0 < left < bought:
        return ()
    name = refunded(order_id).ref
    return tuple(Refunded(ref=f"{name}/{nth + 1}", amount_minor=0, quantity=1) for nth in range(bought - left))


def _count(quantity: Any) -> int:
    if not isinstance(quantity, int) or quantity < 1:
        raise ValueError(quantity)
    return quantity


def subscription(
    found: Row, token: str, *, plans: Mapping[str, str], now: datetime, allow_test: bool
) -> StorePurchase | None:
    """Returns the latest paid period with the state of its subscription, or None for a product that we do not sell."""
    item, is_test = _item(found, plans), "testPurchase" in found
    if item is None or (is_test and not allow_test):
        return None
    state = _SUBSCRIPTION_STATES.get(found["subscriptionState"].removeprefix(_STATE))
    order_id = _paid_order(item) if state else ""
    ends_at = _of_text(item["expiryTime"]) if state else None
    return StorePurchase(
        ref=str(Ref(SUBSCRIPTION, token, order_id)),
        product=item["productId"],
        owner_token=_account(found),
        is_paid=bool(order_id),
        is_acknowledged=found.get("acknowledgementState") == "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
        bought_at=_of_text(found["startTime"]) if "startTime" in found else now,
        period_ends_at=ends_at,
        subscription=_facts(found, item, token, plans[item["productId"]], state, now) if state else None,
        amount_minor=0 if is_test or _is_free(item, order_id) else None,
        is_test=is_test,
    )


def products(found: Row) -> set[str]:
    """Returns the products of a subscription, of the current period and from the next one on."""
    return {item["productId"] for item in found["lineItems"]}


def voided(row: Row, *, one_time: AbstractSet[str]) -> Voided | None:
    """Convert a row of the list of voided purchases, which does not name the product.

    Returns None if it cannot be ours.
    """
    token, order_id = row["purchaseToken"], row.get("orderId", "")
    if not is_token(token) or not is_order_id(order_id or "-"):
        return None
    refs = [Ref(product, token) for product in sorted(one_time)]
    if order_id:
        refs.append(Ref(SUBSCRIPTION, token, order_id))
    return Voided(refs=tuple(map(str, refs)), refund=None if "voidedQuantity" in row else refunded(order_id))


def refunded(order_id: str) -> Refunded:
    """Returns the refund of a whole order. An order is voided once, so its id identifies the refund forever."""
    if not is_order_id(order_id or "-"):
        raise ValueError(order_id)
    return Refunded(ref=order_id or _UNNAMED, amount_minor=0)


def _facts(found: Row, item: Row, token: str, plan: str, state: SubscriptionState, now: datetime) -> SubscriptionFacts:
    ends_at, replaced = _of_text(item["expiryTime"]), found.get("linkedPurchaseToken", "")
    if state == SubscriptionState.ACTIVE and "autoRenewingPlan" not in item:
        state = SubscriptionState.CANCELLED  # prepaid: it ends without a renewal
    return SubscriptionFacts(
        ref=str(Ref(SUBSCRIPTION, token)),
        plan=plan,
        state=state,
        ends_at=min(ends_at, now) if state == SubscriptionState.LAPSED else ends_at,
        replaces=str(Ref(SUBSCRIPTION, replaced)) if is_token(replaced) else "",
    )


def _item(found: Row, plans: Mapping[str, str]) -> Row | None:
    """Returns the one of our plans that runs longest; a plan that begins later has no end yet."""
    ours = [item for item in found["lineItems"] if item["productId"] in plans]
    return max(ours, key=lambda item: item.get("expiryTime", ""), default=None)


def _paid_order(item: Row) -> str:
    """Returns the order of the latest paid period. A declined renewal does not count."""
    order_id = item.get("latestSuccessfulOrderId", "")
    if order_id and not is_order_id(order_id):
        raise ValueError(order_id)
    return str(order_id)


def _is_free(item: Row, order_id: str) -> bool:
    """Returns whether the period is free: a trial, or the first period of a redeemed code.

    The orders of later periods have dots.
    """
    if "offerPhase" in item:
        return "freeTrial" in item["offerPhase"]
    return "signupPromotion" in item and ".." not in order_id


def _account(found: Row) -> str:
    """Returns the account that the app gave to Google.

    A subscription resumed outside the app has that of its predecessor.
    """
    outside = found.get("outOfAppPurchaseContext", {}).get("expiredExternalAccountIdentifiers", {})
    account = found.get("externalAccountIdentifiers") or outside
    return str(account.get("obfuscatedExternalAccountId", ""))


def _of_millis(millis: str) -> datetime:
    return datetime.fromtimestamp(int(millis) / 1000, UTC)


def _of_text(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
