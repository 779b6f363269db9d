"""Sales of app stores: one grant per purchase, for the owner that the store names.

A store is queried outside any transaction. A receipt from a phone and a notification lead to the same result: the
store's current state of the purchase is recorded.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements, subscriptions
from billing.models import Order, Subscription
from billing.privacy import pseudonyms
from billing.provider_registry import can, is_tester, receipt_verifiers, stores
from billing.providers.base import ProviderUnavailable, Refunded, StorePurchase
from billing.providers.capabilities import Can
from billing.vocabulary import EventOutcome, OrderStatus, ProductCode, Provider

log = structlog.get_logger(__name__)


class UnmatchedPurchase(Exception):
    """A paid purchase with an owner that is unknown or impossible: staff must check it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A verified receipt: the purchase that it proves, and the time of the query."""

    provider: Provider
    purchase: StorePurchase
    asked_at: datetime


def verify_receipt(*, store: str, receipt: str) -> Receipt | None:
    """Returns the verified receipt, or None if it cannot be verified. Raises `ProviderUnavailable`."""
    for verifier in receipt_verifiers(store):
        asked_at = timezone.now()
        purchase = verifier.purchase_of(receipt)
        if purchase is not None:
            return Receipt(Provider(verifier.name), purchase, asked_at)
    return None


@transaction.atomic
def redeem_receipt(*, owner: User, receipt: Receipt, cause: str) -> bool:
    """Grant a purchase seen for the first time. Returns whether the receipt is valid for this owner.

    The owner may send it again (the answer got lost in the boatyard). For any other person it is invalid.
    """
    purchase = receipt.purchase
    is_owners = can(receipt.provider, Can.ANY_OWNER) or (
        _may_belong_to(owner, receipt.provider, purchase) and _may_test(owner, receipt)
    )
    return purchase.is_paid and is_owners and _record(owner, receipt, cause=cause)


def sync_purchase(provider: Provider, ref: str) -> EventOutcome:
    """Query the current state of a purchase and record it. Returns the outcome.

    The owner that the store names gets the grant even if their phone never sent the receipt. A purchase without an
    owner waits for the phone that sends it. Raises `UnmatchedPurchase`, and `ProviderUnavailable`.
    """
    if pseudonyms.is_pseudonym(ref):  # no reference is left to query with
        return EventOutcome.SYNCED
    store = stores()[provider]
    asked_at, purchase = timezone.now(), store.purchase(ref)
    if purchase is None:
        return EventOutcome.FOREIGN
    owner, receipt = _owner_of(provider, purchase), Receipt(provider, purchase, asked_at)
    cause = f"{provider} was asked"  # no more: a cause is kept forever, and the reference may be a key to the purchase
    if purchase.is_test and (owner is None or not _may_test(owner, receipt)):
        return EventOutcome.REFUSED_TEST if owner or purchase.owner_token else EventOutcome.UNCLAIMED
    if not purchase.is_paid:
        if owner is not None:
            _note(owner, receipt, cause=cause)
    elif owner is None and not purchase.owner_token:
        return EventOutcome.UNCLAIMED
    elif owner is None or not _record(owner, receipt, cause=cause):
        raise UnmatchedPurchase("of somebody else" if owner else "of nobody we know")
    else:
        acknowledge(provider, purchase)
    latest = Order.objects.filter(provider=provider, provider_ref__in=pseudonyms.with_pseudonyms(purchase.latest_ref))
    if purchase.latest_ref and not latest.exists():  # a renewal that was not reported to us
        return sync_purchase(provider, purchase.latest_ref)
    return EventOutcome.SYNCED


def acknowledge(provider: Provider, purchase: StorePurchase) -> None:
    """Report the grant and its owner to the store, then stop polling its orders. Raises `ProviderUnavailable`."""
    if provider in stores():
        owner = _owner_of(provider, purchase)
        if owner is not None:
            stores()[provider].acknowledge(purchase, owner_id=owner.pk)
        granted = Q(provider_ref__in=pseudonyms.with_pseudonyms(purchase.ref))
        if purchase.subscription is not None:  # reported once for all its periods
            names = pseudonyms.with_pseudonyms(purchase.subscription.ref)
            granted |= Q(subscription__provider=provider, subscription__provider_ref__in=names)
        for order in Order.objects.filter(granted, provider=provider):
            orders.stop_polling(order.pk)


def acknowledge_soon(receipt: Receipt) -> None:
    """Report a new grant to the store. If that fails now, the next poll of the order retries."""
    try:
        acknowledge(receipt.provider, receipt.purchase)
    except ProviderUnavailable as error:
        log.warning("not acknowledged yet", provider=receipt.provider, error=str(error))


def voided() -> dict[UUID, Refunded | None]:
    """Returns the orders that a store voided and that are not refunded here, with the refund, or None for a part.

    Raises `ProviderUnavailable`.
    """
    found = dict[UUID, Refunded | None]()
    for provider, store in stores().items():
        for each in store.voided():
            known = Order.objects.filter(provider=provider, provider_ref__in=pseudonyms.with_pseudonyms(*each.refs))
            for order in known.exclude(status=OrderStatus.REFUNDED):
                found[order.pk] = found.get(order.pk) or each.refund
    return found


def sync_voided(order_id: UUID, refund: Refunded | None) -> None:
    """Query the purchase of a voided order and record its refund. Raises `ProviderUnavailable`."""
    order = Order.objects.get(pk=order_id)
    sync_order(order)
    if refund is None:
        return
    cause = f"{order.provider} voided {refund.ref}"
    orders.settle_refunds(order.pk, reported=[refund], is_all=False, asked_at=timezone.now(), cause=cause)


def sync_order(order: Order) -> None:
    sync_purchase(Provider(order.provider), order.provider_ref)


def sync_subscription(subscription: Subscription) -> None:
    """Query the subscription by the store's reference. Raises `ProviderUnavailable`."""
    sync_purchase(Provider(subscription.provider), subscription.provider_ref)


def _record(owner: User, receipt: Receipt, *, cause: str) -> bool:
    """Record the subscription, the paid order and its refunds in one transaction.

    Returns False if they belong to another owner.
    """
    begun = None
    with transaction.atomic():
        receipt = _as_stored(owner, receipt)
        purchase = receipt.purchase
        known = Order.objects.filter(owner=owner, provider=receipt.provider, provider_ref=purchase.ref)
        if purchase.subscription is not None:
            begun = subscriptions.record(
                owner_id=owner.pk,
                provider=receipt.provider,
                facts=purchase.subscription,
                asked_at=receipt.asked_at,
                cause=cause,
                is_test=purchase.is_test,
                # Otherwise an old receipt would take it back from a person who has subscribed since.
                passes_on=purchase.owner_token == str(owner.pk) and not purchase.latest_ref,
            )
            if begun is None and not known.exists():
                return False
        order = orders.record_purchase(owner=owner, purchase=_purchase_of(receipt, begun), cause=cause)
        if order is None:
            return False
        orders.settle_refunds(
            order.pk,
            reported=purchase.refunds,
            is_all=purchase.tells_all_refunds,
            asked_at=receipt.asked_at,
            cause=cause,
        )
    return True


def _as_stored(owner: User, receipt: Receipt) -> Receipt:
    """Lock the owner's row and return the receipt with the references under which we store it."""
    entitlements.lock(owner)
    return replace(receipt, purchase=pseudonyms.as_stored(receipt.provider, owner.pk, receipt.purchase))


def _purchase_of(receipt: Receipt, begun: Subscription | None) -> orders.Purchase:
    purchase = receipt.purchase
    return orders.Purchase(
        provider=receipt.provider,
        provider_ref=purchase.ref,
        product=ProductCode(purchase.product),
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        subscription=begun,
        period_ends_at=purchase.period_ends_at,
        quantity=purchase.quantity,
        is_test=purchase.is_test,
        is_polled=can(receipt.provider, Can.NAME_OWNER) and not purchase.owner_token,
    )


def _may_belong_to(owner: User, provider: Provider, purchase: StorePurchase) -> bool:
    """Returns whether the purchase may belong to this owner.

    A purchase stays with its current owner. Otherwise it belongs to the owner that the store names, or without one to
    the first owner who submits it. Of several simultaneous submissions, the database accepts one.
    """
    holder = _current_owner(provider, purchase)
    if holder is not None:
        return bool(holder == owner)
    if purchase.owner_token:
        return purchase.owner_token == str(owner.pk)
    return _owner_of_subscription(provider, purchase) in (None, owner)


def _may_test(owner: User, receipt: Receipt) -> bool:
    """Returns whether this owner is granted the purchase, if it is a test."""
    if not receipt.purchase.is_test or is_tester(receipt.provider, owner.pk):
        return True
    return _current_owner(receipt.provider, receipt.purchase) == owner  # granted before, and followed up


def _owner_of(provider: Provider, purchase: StorePurchase) -> User | None:
    """Returns the current owner, else the one that the store names, else the owner of the renewed subscription."""
    holder = _current_owner(provider, purchase)
    return holder or _named_owner(purchase) or _owner_of_subscription(provider, purchase)


def _current_owner(provider: Provider, purchase: StorePurchase) -> User | None:
    known_as = pseudonyms.with_pseudonyms(purchase.ref)
    order = Order.objects.filter(provider=provider, provider_ref__in=known_as).select_related("owner").first()
    return order.owner if order is not None else None


def _owner_of_subscription(provider: Provider, purchase: StorePurchase) -> User | None:
    """Returns the owner of the subscription, or of the one it replaces."""
    if purchase.subscription is None:
        return None
    for name in (purchase.subscription.ref, purchase.subscription.replaces):
        known = Subscription.objects.filter(provider=provider, provider_ref__in=pseudonyms.with_pseudonyms(name))
        begun = known.select_related("owner").first()
        if begun is not None:
            return begun.owner
    return None


def _named_owner(purchase: StorePurchase) -> User | None:
    try:
        return User.objects.filter(pk=UUID(purchase.owner_token)).first()
    except ValueError:
        return None


@transaction.atomic
def _note(owner: User, receipt: Receipt, *, cause: str) -> None:
    """Update the records of a purchase that is not paid, or no longer paid. It grants nothing."""
    receipt = _as_stored(owner, receipt)
    purchase = receipt.purchase
    if purchase.subscription is not None:
        subscriptions.record(
            owner_id=owner.pk,
            provider=receipt.provider,
            facts=purchase.subscription,
            asked_at=receipt.asked_at,
            cause=cause,
        )
    for order in Order.objects.filter(owner=owner, provider=receipt.provider, provider_ref=purchase.ref):
        orders.settle_refunds(
            order.pk,
            reported=purchase.refunds,
            is_all=purchase.tells_all_refunds,
            asked_at=receipt.asked_at,
            cause=cause,
        )
