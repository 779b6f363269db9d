"""What app stores sold: one grant for each purchase, for the owner whom the store names.

A store is asked outside every transaction. What a phone brings and what a notification hints at come to the same:
the purchase as the store has it now is written down.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements, subscriptions
from billing.models import Order, Subscription
from billing.privacy import pseudonyms
from billing.provider_registry import play_store, stores
from billing.providers.base import ProviderUnavailable, ReceiptVerifier, Refunded, StorePurchase
from billing.providers.mock import MockProvider
from billing.vocabulary import OrderStatus, Outcome, ProductCode, Provider

log = structlog.get_logger(__name__)


class UnmatchedPurchase(Exception):
    """Somebody paid, and the store names an owner whom we do not know, or who it cannot be: staff have to look."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was verified: what it proves, and when it was asked."""

    provider: Provider
    purchase: StorePurchase
    asked_at: datetime


def verified(*, store: str, receipt: str) -> Receipt | None:
    """What a receipt proves; None for anything that cannot be verified. Raises `ProviderUnavailable`."""
    for verifier in _verifiers(store):
        asked_at = timezone.now()
        purchase = verifier.purchase_of(receipt)
        if purchase is not None:
            return Receipt(Provider(verifier.name), purchase, asked_at)
    return None


@transaction.atomic
def take(*, owner: Any, receipt: Receipt, cause: str) -> bool:
    """Whether the receipt is good for this owner; a purchase seen for the first time is granted.

    The owner may send it again (the answer got lost in the boatyard); to anybody else it is simply not valid.
    """
    purchase = receipt.purchase
    is_owners = receipt.provider == Provider.MOCK or (
        _may_be_of(owner, receipt.provider, purchase) and _may_test(owner, receipt)
    )
    return purchase.is_paid and is_owners and _write_down(owner, receipt, cause=cause)


def follow(provider: Provider, ref: str) -> Outcome:
    """Ask the store how a purchase stands, and write that down; returns what came of it.

    It is granted to the owner whom the store names even if their phone never brought it. One that names no owner waits
    for the phone that brings it. Raises `UnmatchedPurchase`, and `ProviderUnavailable`.
    """
    if pseudonyms.is_hidden(ref):  # there is nothing left to ask by
        return Outcome.FOLLOWED
    store = stores()[provider]
    asked_at, purchase = timezone.now(), store.purchase(ref)
    if purchase is None:
        return Outcome.FOREIGN
    owner, receipt = _owner_of(provider, purchase), Receipt(provider, purchase, asked_at)
    cause = f"{provider} was asked"  # and no more: a cause is kept for good, and the purchase's name may be a key to it
    if purchase.is_test and (owner is None or not _may_test(owner, receipt)):
        return Outcome.REFUSED_TEST if owner or purchase.owner_token else Outcome.UNCLAIMED
    if not purchase.is_paid:
        if owner is not None:
            _note(owner, receipt, cause=cause)
    elif owner is None and not purchase.owner_token:
        return Outcome.UNCLAIMED
    elif owner is None or not _write_down(owner, receipt, cause=cause):
        raise UnmatchedPurchase("of somebody else" if owner else "of nobody we know")
    else:
        acknowledge(provider, purchase)
    latest = Order.objects.filter(provider=provider, provider_ref__in=pseudonyms.either(purchase.latest_ref))
    if purchase.latest_ref and not latest.exists():  # a renewal that nobody told us
        return follow(provider, purchase.latest_ref)
    return Outcome.FOLLOWED


def acknowledge(provider: Provider, purchase: StorePurchase) -> None:
    """Tell the store that it is granted, and to whom; done for good once it has heard. Raises `ProviderUnavailable`."""
    if provider in stores():
        owner = _owner_of(provider, purchase)
        if owner is not None:
            stores()[provider].acknowledge(purchase, owner_id=owner.pk)
        granted = Q(provider_ref__in=pseudonyms.either(purchase.ref))
        if purchase.subscription is not None:  # told once, for all its periods
            names = pseudonyms.either(purchase.subscription.ref)
            granted |= Q(subscription__provider=provider, subscription__provider_ref__in=names)
        for order in Order.objects.filter(granted, provider=provider):
            orders.settled(order.pk)


def acknowledge_soon(receipt: Receipt) -> None:
    """Tell the store of what was just granted. If it cannot be told now, it is when the order is looked at again."""
    try:
        acknowledge(receipt.provider, receipt.purchase)
    except ProviderUnavailable as error:
        log.warning("not acknowledged yet", provider=receipt.provider, error=str(error))


def voided() -> dict[UUID, Refunded | None]:
    """The orders that Google Play took back and that stand as if it had not, with what went back, None for a part.

    Raises `ProviderUnavailable`.
    """
    store, found = play_store(), dict[UUID, Refunded | None]()
    for each in store.voided() if store else ():
        known = Order.objects.filter(provider=Provider.PLAY_STORE, provider_ref__in=pseudonyms.either(*each.refs))
        for order in known.exclude(status=OrderStatus.REFUNDED):
            found[order.pk] = found.get(order.pk) or each.refund
    return found


def follow_voided(order_id: UUID, refund: Refunded | None) -> None:
    """Look at what was taken back, and write down that it was. Raises `ProviderUnavailable`."""
    order = Order.objects.get(pk=order_id)
    follow_order(order)
    if refund is None:
        return
    cause = f"{order.provider} voided {refund.ref}"
    orders.settle_refunds(order.pk, told=[refund], is_all=False, asked_at=timezone.now(), cause=cause)


def follow_order(order: Order) -> None:
    follow(Provider(order.provider), order.provider_ref)


def follow_subscription(subscription: Subscription) -> None:
    """Ask by what the store knows the subscription under. Raises `ProviderUnavailable`."""
    follow(Provider(subscription.provider), subscription.provider_ref)


def _write_down(owner: Any, receipt: Receipt, *, cause: str) -> bool:
    """In one transaction: the subscription, the paid order, and what went back of it."""
    begun = None
    with transaction.atomic():
        receipt = _as_kept(owner, receipt)
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
                # Else an old receipt would fetch it back from whoever subscribed since.
                passes_on=purchase.owner_token == str(owner.pk) and not purchase.latest_ref,
            )
            if begun is None and not known.exists():
                return False
        order = orders.record_purchase(owner=owner, purchase=_bought(receipt, begun), cause=cause)
        if order is None:
            return False
        orders.settle_refunds(
            order.pk,
            told=purchase.refunds,
            is_all=purchase.tells_all_refunds,
            asked_at=receipt.asked_at,
            cause=cause,
        )
    return True


def _as_kept(owner: Any, receipt: Receipt) -> Receipt:
    """Under the names that it is kept under here, and with the owner's row locked."""
    entitlements.lock(owner)
    return replace(receipt, purchase=pseudonyms.as_kept(receipt.provider, owner.pk, receipt.purchase))


def _bought(receipt: Receipt, begun: Subscription | None) -> orders.Purchase:
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
        is_followed=receipt.provider == Provider.APP_STORE and not purchase.owner_token,
    )


def _may_be_of(owner: Any, provider: Provider, purchase: StorePurchase) -> bool:
    """Whose it is already, it stays; else it is for whom the store names; else for the first who brings it.

    Of several who bring it at the same moment, the database lets one have it.
    """
    holder = _holder_of(provider, purchase)
    if holder is not None:
        return bool(holder == owner)
    if purchase.owner_token:
        return purchase.owner_token == str(owner.pk)
    return _whose_subscription(provider, purchase) in (None, owner)


def _may_test(owner: Any, receipt: Receipt) -> bool:
    """Whether this owner is granted what was bought in the sandbox. Google's testers are named to Google itself."""
    if not receipt.purchase.is_test or receipt.provider != Provider.APP_STORE:
        return True
    allowed = settings.APP_STORE_SANDBOX
    is_named = allowed == "everyone" or str(owner.pk) in allowed.split(",")
    return is_named or _holder_of(receipt.provider, receipt.purchase) == owner  # granted before, and followed up


def _owner_of(provider: Provider, purchase: StorePurchase) -> User | None:
    """Whose it is already; else whom the store names; else whose subscription it renews."""
    holder = _holder_of(provider, purchase)
    return holder or _named(purchase) or _whose_subscription(provider, purchase)


def _holder_of(provider: Provider, purchase: StorePurchase) -> User | None:
    known_as = pseudonyms.either(purchase.ref)
    order = Order.objects.filter(provider=provider, provider_ref__in=known_as).select_related("owner").first()
    return order.owner if order is not None else None


def _whose_subscription(provider: Provider, purchase: StorePurchase) -> User | None:
    """Whose it is, or whose the one is that it takes the place of."""
    if purchase.subscription is None:
        return None
    for name in (purchase.subscription.ref, purchase.subscription.replaces):
        known = Subscription.objects.filter(provider=provider, provider_ref__in=pseudonyms.either(name))
        begun = known.select_related("owner").first()
        if begun is not None:
            return begun.owner
    return None


def _named(purchase: StorePurchase) -> User | None:
    try:
        return User.objects.filter(pk=UUID(purchase.owner_token)).first()
    except ValueError:
        return None


@transaction.atomic
def _note(owner: Any, receipt: Receipt, *, cause: str) -> None:
    """What is not paid, or not any more, buys nothing: what is known of it is brought up to date."""
    receipt = _as_kept(owner, receipt)
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
            told=purchase.refunds,
            is_all=purchase.tells_all_refunds,
            asked_at=receipt.asked_at,
            cause=cause,
        )


def _verifiers(store: str) -> list[ReceiptVerifier]:
    mock: list[ReceiptVerifier] = [MockProvider()] if settings.MOCK_BILLING else []
    real = stores().get(Provider(store))
    return [*mock, real] if real else mock
