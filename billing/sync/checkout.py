"""Buy and cancel on the web: create the order, then call the provider that hosts the payment page.

The provider is called outside any transaction. A crash in between leaves an order that `sync_order` resolves: without
a page it gets the one that was opened for it, with a page it gets the outcome.
"""

from typing import Final
from uuid import UUID

import structlog

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_on_sale
from billing.entitlements import entitlements, subscriptions
from billing.errors import (
    AlreadySubscribed,
    CheckoutInProgress,
    CheckoutUnavailable,
    NotOnSale,
    OrderNotCancellable,
    RefundPending,
)
from billing.models import Order, Product, Subscription
from billing.provider_registry import can, hosted_checkout, web_seller
from billing.providers.base import Checkout, ProviderRefused, ProviderUnavailable
from billing.providers.capabilities import Can
from billing.sync import hosted_orders
from billing.sync.hosted_orders import AmountDiffers
from billing.vocabulary import Grant, OrderStatus, Provider, SubscriptionState
from maretech.common.http.errors import Invalid, NotFound

log = structlog.get_logger(__name__)

UNRESOLVED: Final = (OrderStatus.CREATED, OrderStatus.PENDING)


def close_replaced_pages(*, owner: User, product_code: str) -> None:
    """Close the owner's payment pages for other subscriptions before a subscription is bought.

    Calls the provider, so it must run outside any transaction. Raises `AlreadySubscribed` and `CheckoutUnavailable`,
    and the same errors as `order_for`.
    """
    product, _ = _on_sale(product_code)
    if not product.plan:
        return
    if subscriptions.live(owner.pk).exists():
        raise AlreadySubscribed
    for order in orders.open_subscription_orders(owner):
        try:
            if order.product_id == product.pk:
                sync_order(order)  # it may be paid, or closed
            else:
                cancel(owner=owner, order_id=order.pk)
        except OrderNotCancellable:  # just paid, which the next check of the owner shows, or being paid
            continue
        except (ProviderUnavailable, ProviderRefused, AmountDiffers) as error:
            raise CheckoutUnavailable from error


def order_for(*, owner: User, product_code: str) -> tuple[Order, bool]:
    """Create the order, or return False with the open order for the same subscription.

    Raises `Invalid` for a product that is not on sale, or not on the web, `AlreadySubscribed`, and `CheckoutInProgress`
    if the page of another subscription was opened since `close_replaced_pages`. Runs in the caller's transaction.
    """
    product, provider = _on_sale(product_code)
    if product.plan:
        entitlements.lock(owner)
        if subscriptions.live(owner.pk).exists():
            raise AlreadySubscribed
        opened = orders.open_subscription_orders(owner).first()
        if opened is not None and opened.product_id != product.pk:
            raise CheckoutInProgress(retry_after=1)
        if opened is not None:
            return opened, False
    return orders.open_order(owner=owner, product=product, provider=provider, cause="checkout"), True


def get_or_open_page(order: Order) -> Checkout:
    """Returns the order's payment page; opens it if missing. On `CheckoutUnavailable` the order stays unchanged."""
    try:
        return hosted_orders.sync_page(order)
    except (ProviderUnavailable, ProviderRefused) as error:
        raise CheckoutUnavailable from error


def sync_order(order: Order) -> None:
    """Resolve an order without recent news. If the provider refuses to open its page, the order fails."""
    try:
        if order.refund_asked_at is not None and order.status == OrderStatus.PAID:
            hosted_orders.refund_rest(order)
        else:
            found = hosted_orders.sync_page(order)
            if found.is_expired or found.has_failed:
                orders.stop_polling(order.pk)
    except ProviderRefused:
        if order.provider_ref or order.status not in (OrderStatus.CREATED, OrderStatus.CANCELLED):
            raise
        orders.close_unpaid(order.pk, to=OrderStatus.FAILED, cause="the provider refused to open a page")
        orders.stop_polling(order.pk)


def sync_subscription(subscription: Subscription) -> None:
    hosted_orders.sync_subscription(Provider(subscription.provider), subscription.provider_ref)


def end_subscription(subscription: Subscription) -> None:
    """End a subscription now, so that nothing more is billed. Raises `ProviderUnavailable`."""
    try:
        hosted_checkout(subscription.provider).end_subscription(subscription.provider_ref)
    except ProviderRefused as error:  # it has already ended; the provider is queried to confirm that
        log.info("subscription not ended by us", subscription=str(subscription.pk), error=str(error))
    sync_subscription(subscription)


def stop_subscription(subscription: Subscription) -> None:
    """Stop the renewal. The subscription still runs to its end: returned money would give access again.

    Raises the errors of the provider.
    """
    if subscription.state == SubscriptionState.GRACE:  # the next period is due, and would still be collected
        end_subscription(subscription)
        return
    try:
        hosted_checkout(subscription.provider).cancel_at_period_end(subscription.provider_ref)
    except ProviderRefused as error:  # it has already ended; the provider is queried to confirm that
        log.info("subscription not stopped by us", subscription=str(subscription.pk), error=str(error))
    sync_subscription(subscription)


def cancel(*, owner: User, order_id: UUID) -> None:
    """Cancel an order for its owner; the provider refunds the money. Raises the same errors as `orders.cancel`."""
    order = Order.objects.select_related("product").filter(pk=order_id, owner=owner).first()
    if order is None:
        raise NotFound
    if order.product.grants == Grant.SERVICE:
        raise OrderNotCancellable
    if not can(order.provider, Can.HOST_CHECKOUT):
        orders.cancel(owner=owner, order_id=order_id)
    elif order.status in UNRESOLVED:
        _close_page(order)
        if orders.cancel(owner=owner, order_id=order_id).provider_ref != order.provider_ref:
            _close_page(Order.objects.get(pk=order_id))  # opened meanwhile
    elif order.status != OrderStatus.CANCELLED and orders.ask_refund(order_id):
        try:
            hosted_orders.refund_rest(order)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise RefundPending from error


def refund(order: Order, *, amount_minor: int, key: str) -> None:
    """Refund an order for staff, once per `key`. Raises the provider's errors, also above the refundable amount."""
    hosted_checkout(order.provider).refund(order.payment_ref, amount_minor=amount_minor, key=key)
    try:
        hosted_orders.sync_payment(Provider(order.provider), order.payment_ref)
    except ProviderRefused as error:  # the query failed; the refund itself was made
        raise ProviderUnavailable(str(error)) from error


def web_offer(product_code: str, *, currency: str = "") -> tuple[Product, Provider]:
    """Returns the product on sale and the provider that sells it on the web, by default in the product's currency.

    Raises `Invalid`.
    """
    provider = web_seller()
    if provider is None:
        raise Invalid(product="Nothing is sold on the web here.")
    try:
        product = product_on_sale(product_code)
    except NotOnSale:
        raise Invalid(product="This product is not on sale.") from None
    if (currency or product.currency) in hosted_checkout(provider).unsupported_currencies:
        raise Invalid(product="This product is not sold on the web in its currency.")
    return product, provider


def _on_sale(product_code: str) -> tuple[Product, Provider]:
    """Returns the offer of a product that is sold by its code alone. Raises `Invalid`, also for a service."""
    product, provider = web_offer(product_code)
    if product.grants == Grant.SERVICE:
        raise Invalid(product="This product is not on sale.")
    return product, provider


def _close_page(order: Order) -> None:
    try:
        if order.provider_ref:
            hosted_checkout(order.provider).close_checkout(order.provider_ref)
    except ProviderRefused:
        # Paid, being paid, or closed: the provider has the answer.
        found = hosted_orders.sync_page(order)
        if not (found.is_expired or found.has_failed):
            raise OrderNotCancellable from None
    except ProviderUnavailable as error:
        raise CheckoutUnavailable from error
