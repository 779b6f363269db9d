"""Web checkout: create the order, then call the provider, then follow the outcome.

The provider is called outside any transaction. A crash in between leaves an order that `follow_order` resolves: without
a page it gets the one that was opened for it, with a page it gets the outcome.
"""

from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import orders
from billing.catalogue.currencies import COUNTED_OTHERWISE_BY_STRIPE, money
from billing.catalogue.products import product_on_sale
from billing.disputes import cases
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
from billing.providers.base import (
    Checkout,
    EventSubject,
    Invoice,
    NotOurs,
    Payment,
    ProviderRefused,
    ProviderUnavailable,
    UnknownToProvider,
)
from billing.providers.stripe import StripeProvider
from billing.vocabulary import OrderStatus, Outcome, Plan, ProductCode, Provider, SubscriptionState
from maretech.common.http.errors import Invalid, NotFound

log = structlog.get_logger(__name__)

STRIPE: Final = Provider.STRIPE
NAMES: Final = {
    ProductCode.OSMOSIS_INSPECTION: "Hull inspection",
    ProductCode.CORROSION_MONTHLY: "Hull tracking, monthly",
    ProductCode.CORROSION_YEARLY: "Hull tracking, yearly",
}
PRODUCT_OF_PLAN: Final = {Plan.MONTHLY: ProductCode.CORROSION_MONTHLY, Plan.YEARLY: ProductCode.CORROSION_YEARLY}
UNRESOLVED: Final = (OrderStatus.CREATED, OrderStatus.PENDING)


class AmountDiffers(Exception):
    """The paid amount differs from the order's: nothing is granted until staff have checked it."""


def make_way(*, owner: Any, product_code: str) -> None:
    """Close the owner's payment pages for other subscriptions before a subscription is bought.

    Calls the provider, so it must run outside any transaction. Raises `AlreadySubscribed` and `CheckoutUnavailable`,
    and the same errors as `order_for`.
    """
    product = _on_sale(product_code)
    if not product.plan:
        return
    if subscriptions.live(owner.pk).exists():
        raise AlreadySubscribed
    for order in orders.open_subscription_orders(owner):
        try:
            if order.product_id == product.pk:
                follow_order(order)  # it may be paid, or closed
            else:
                cancel(owner=owner, order_id=order.pk)
        except OrderNotCancellable:  # just paid, which the next check of the owner shows, or being paid
            continue
        except (ProviderUnavailable, ProviderRefused, AmountDiffers) as error:
            raise CheckoutUnavailable from error


def order_for(*, owner: Any, product_code: str) -> tuple[Order, bool]:
    """Create the order, or return False with the open order for the same subscription.

    Raises `Invalid` for a product that is not on sale, or not on the web, `AlreadySubscribed`, and `CheckoutInProgress`
    if the page of another subscription was opened since `make_way`. Runs in the caller's transaction.
    """
    product = _on_sale(product_code)
    if product.plan:
        entitlements.lock(owner)
        if subscriptions.live(owner.pk).exists():
            raise AlreadySubscribed
        opened = orders.open_subscription_orders(owner).first()
        if opened is not None and opened.product_id != product.pk:
            raise CheckoutInProgress(retry_after=1)
        if opened is not None:
            return opened, False
    return orders.open_order(owner=owner, product=product, provider=STRIPE, cause="checkout"), True


def get_or_open_page(order: Order) -> Checkout:
    """Returns the order's payment page; opens it if missing. On `CheckoutUnavailable` the order stays unchanged."""
    try:
        return _bring_up_to_date(order)
    except (ProviderUnavailable, ProviderRefused) as error:
        raise CheckoutUnavailable from error


def follow(about: EventSubject, ref: str) -> Outcome:
    """Query the current state of the provider's `ref` and record it.

    Ignores objects that are not ours. Raises the errors of the provider.
    """
    try:
        match about:
            case EventSubject.CHECKOUT:
                _follow_checkout(stripe().checkout(ref))
            case EventSubject.PAYMENT:
                _follow_payment(ref)
            case EventSubject.SUBSCRIPTION:
                _follow_subscription(ref)
            case EventSubject.INVOICE:
                _follow_invoice(stripe().invoice(ref))
    except NotOurs:
        return Outcome.FOREIGN
    except UnknownToProvider:
        if _is_known(ref):
            raise
        return Outcome.FOREIGN
    return Outcome.FOLLOWED


def is_foreign(payment_ref: str) -> bool:
    """Returns whether a payment of the account that no order knows belongs to another product."""
    try:
        return stripe().checkout_of_payment(payment_ref) is None and not stripe().invoice_of_payment(payment_ref)
    except (NotOurs, UnknownToProvider):
        return True


def follow_order(order: Order) -> None:
    """Resolve an order without recent news. If the provider refuses to open its page, the order fails."""
    try:
        if order.refund_asked_at is not None and order.status == OrderStatus.PAID:
            _give_all_back(order)
        else:
            _bring_up_to_date(order)
    except ProviderRefused:
        if order.status != OrderStatus.CREATED:
            raise
        orders.close_unpaid(order.pk, to=OrderStatus.FAILED, cause="the provider refused to open a page")


def follow_subscription(subscription: Subscription) -> None:
    _follow_subscription(subscription.provider_ref)


def end_subscription(subscription: Subscription) -> None:
    """End a subscription now, so that nothing more is billed. Raises `ProviderUnavailable`."""
    try:
        stripe().end_subscription(subscription.provider_ref)
    except ProviderRefused as error:  # it has already ended; the provider is queried to confirm that
        log.info("subscription not ended by us", subscription=str(subscription.pk), error=str(error))
    follow_subscription(subscription)


def stop_subscription(subscription: Subscription) -> None:
    """Stop the renewal. The subscription still runs to its end: returned money would give access again.

    Raises the errors of the provider.
    """
    if subscription.state == SubscriptionState.GRACE:  # the next period is due, and Stripe would still collect it
        end_subscription(subscription)
        return
    try:
        stripe().cancel_at_period_end(subscription.provider_ref)
    except ProviderRefused as error:  # it has already ended; the provider is queried to confirm that
        log.info("subscription not stopped by us", subscription=str(subscription.pk), error=str(error))
    follow_subscription(subscription)


def cancel(*, owner: Any, order_id: UUID) -> None:
    """Cancel an order for its owner; the provider refunds the money. Raises the same errors as `orders.cancel`."""
    order = Order.objects.select_related("product").filter(pk=order_id, owner=owner).first()
    if order is None:
        raise NotFound
    if order.provider != STRIPE:
        orders.cancel(owner=owner, order_id=order_id)
    elif order.status in UNRESOLVED:
        _close_page(order)
        if orders.cancel(owner=owner, order_id=order_id).provider_ref != order.provider_ref:
            _close_page(Order.objects.get(pk=order_id))  # opened meanwhile
    elif order.status != OrderStatus.CANCELLED and orders.ask_refund(order_id):
        try:
            _give_all_back(order)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise RefundPending from error


def refund(order: Order, *, amount_minor: int, key: str) -> None:
    """Refund an order for staff, once per `key`. Raises the provider's errors, also above the refundable amount."""
    stripe().refund(order.payment_ref, amount_minor=amount_minor, key=key)
    try:
        _follow_payment(order.payment_ref)
    except ProviderRefused as error:  # the query failed; the refund itself was made
        raise ProviderUnavailable(str(error)) from error


def _on_sale(product_code: str) -> Product:
    if not settings.STRIPE_SECRET_KEY:
        raise Invalid(product="Nothing is sold on the web here.")
    try:
        product = product_on_sale(product_code)
    except NotOnSale:
        raise Invalid(product="This cannot be bought now.") from None
    if product.currency in COUNTED_OTHERWISE_BY_STRIPE:
        raise Invalid(product="This cannot be bought on the web in its currency.")
    return product


def _bring_up_to_date(order: Order) -> Checkout:
    found = stripe().checkout(order.provider_ref) if order.provider_ref else _opened(order)
    _write_down(order.pk, found)
    if found.url and Order.objects.filter(pk=order.pk, status=OrderStatus.CANCELLED).exists():
        found = _closed(found)  # cancelled while the page was being opened; the owner never saw the page
        _write_down(order.pk, found)
    return found


def _closed(found: Checkout) -> Checkout:
    try:
        return stripe().close_checkout(found.ref)
    except ProviderRefused:  # just paid, or closed
        return stripe().checkout(found.ref)


def _follow_checkout(found: Checkout) -> None:
    order = _order(found.order_id)
    if order is not None and order.provider_ref in ("", found.ref):
        _write_down(order.pk, found)


def _follow_payment(ref: str) -> None:
    """Find the order of a payment and follow it.

    If no order knows the payment yet, its page or invoice identifies the order.
    """
    order = Order.objects.filter(provider=STRIPE, payment_ref=ref).select_related("product").first()
    if order is not None and order.status in orders.UNPAID:
        _bring_up_to_date(order)  # record the payment before its outcome
    elif order is not None:
        _write_down_payment(order, stripe().payment(ref))
    elif (page := stripe().checkout_of_payment(ref)) is not None:
        _follow_checkout(page)
    elif (bill := stripe().invoice_of_payment(ref)) is not None:
        _follow_invoice(bill)
    else:
        raise NotOurs("it paid no page and no bill")


def _follow_subscription(ref: str) -> Subscription | None:
    asked_at, facts = timezone.now(), stripe().subscription(ref)
    order = _order(facts.order_id)
    if order is None:
        return None
    if order.status in orders.UNPAID:  # paid and granted together, and only for the requested amount
        _bring_up_to_date(order)
        return Subscription.objects.filter(provider=STRIPE, provider_ref=ref).first()
    return subscriptions.record(
        owner_id=order.owner_id, provider=STRIPE, facts=facts, asked_at=asked_at, cause=f"stripe {ref}"
    )


def _follow_invoice(found: Invoice) -> None:
    """Record a paid period as an order of its own. The order of the checkout covers the first period."""
    subscription = _follow_subscription(found.subscription_ref)
    if subscription is None or not found.is_paid:
        return
    if found.is_first:
        _follow_first_payment(subscription, found)
        return
    purchase = orders.Purchase(
        provider=STRIPE,
        provider_ref=found.ref,
        product=PRODUCT_OF_PLAN[Plan(subscription.plan)],
        payment_ref=found.payment_ref,
        amount_minor=found.amount_minor,
        currency=found.currency,
        subscription=subscription,
        period_ends_at=found.period_ends_at,
    )
    order = orders.record_purchase(owner=subscription.owner, purchase=purchase, cause=f"stripe {found.ref}")
    if order is not None and order.payment_ref:
        _write_down_payment(order, stripe().payment(order.payment_ref))
    surplus_at = subscription.surplus_at
    if order is not None and surplus_at is not None and order.paid_at is not None and order.paid_at > surplus_at:
        orders.call_off(order.pk)
        _give_back_now(order)


def _follow_first_payment(subscription: Subscription, found: Invoice) -> None:
    """Add the payment to the first order, which may have been read before its page had a payment."""
    first = subscription.orders.order_by("created_at").first()
    if first is not None and not first.payment_ref and found.payment_ref:
        orders.note_page(first.pk, provider_ref="", payment_ref=found.payment_ref)
        _write_down_payment(first, stripe().payment(found.payment_ref))


def _write_down(order_id: UUID, found: Checkout) -> None:
    """Record the state of a page. A paid page alone grants nothing: the amount must match the order's."""
    cause = f"stripe {found.ref}"
    orders.note_page(order_id, provider_ref=found.ref, payment_ref=found.payment_ref)
    if found.is_paid:
        _write_down_paid(Order.objects.get(pk=order_id), found, cause=cause)
    elif found.is_expired:
        orders.close_unpaid(order_id, to=OrderStatus.EXPIRED, cause=cause)
    elif found.has_failed:
        orders.close_unpaid(order_id, to=OrderStatus.FAILED, cause=cause)


def _write_down_paid(order: Order, found: Checkout, *, cause: str) -> None:
    if (found.amount_minor, found.currency) != (order.price_minor, order.currency):
        asked, paid = money(order.price_minor, order.currency), money(found.amount_minor, found.currency)
        raise AmountDiffers(f"paid {paid}, asked {asked}")
    payment = stripe().payment(found.payment_ref) if found.payment_ref else None
    if found.subscription_ref:
        _write_down_subscription(order, found.subscription_ref, cause=cause)
    else:
        orders.pay(order.pk, cause=cause)
    if payment is not None:
        order.refresh_from_db()
        _write_down_payment(order, payment)
    if found.subscription_ref:
        _give_back_now(order)


def _write_down_subscription(order: Order, ref: str, *, cause: str) -> None:
    """Pay the order and grant its subscription in one transaction. If another one is live, cancel the order at once."""
    asked_at, facts = timezone.now(), stripe().subscription(ref)
    with transaction.atomic():
        begun = subscriptions.record(
            owner_id=order.owner_id, provider=STRIPE, facts=facts, asked_at=asked_at, cause=cause
        )
        if begun is None:
            return
        is_new = orders.pay(order.pk, cause=cause)
        orders.note_subscription(order.pk, begun)
        begun.refresh_from_db()
        if is_new and begun.surplus_at is not None:
            orders.call_off(order.pk)


def _write_down_payment(order: Order, found: Payment) -> None:
    cause = f"stripe {found.ref}"
    if found.fee_minor:
        orders.book_fee(order.pk, amount_minor=found.fee_minor, currency=found.fee_currency)
    for each in found.refunds:
        # A failed refund left and came back: both are lines in the provider's records, and so in ours.
        orders.refund(order.pk, amount_minor=each.amount_minor, refund_ref=each.ref, cause=f"stripe {each.ref}")
        if each.is_reversed:
            orders.reverse_refund(order.pk, refund_ref=each.ref, cause=f"stripe {each.ref}")
    for dispute in found.disputes:
        cases.record(order, dispute, cause=f"{cause} {dispute.ref}")
    for line in found.settled:
        orders.convert(order.pk, line)


def _close_page(order: Order) -> None:
    try:
        if order.provider_ref:
            stripe().close_checkout(order.provider_ref)
    except ProviderRefused:
        # Paid, being paid, or closed: the provider has the answer.
        found = _bring_up_to_date(order)
        if not (found.is_expired or found.has_failed):
            raise OrderNotCancellable from None
    except ProviderUnavailable as error:
        raise CheckoutUnavailable from error


def _give_back_now(order: Order) -> None:
    """Refund a cancelled order. If the provider does not accept it now, the next poll of the order retries."""
    order.refresh_from_db()
    if order.refund_asked_at is None or order.status != OrderStatus.PAID:
        return
    try:
        _give_all_back(order)
    except (ProviderUnavailable, ProviderRefused) as error:
        log.warning("not refunded yet", order=str(order.pk), error=str(error))


def _give_all_back(order: Order) -> None:
    """Refund the rest. The refund may already have been requested on another day, so check first."""
    if not order.payment_ref and order.provider_ref:  # the page may have been read before it had a payment
        orders.note_page(order.pk, provider_ref="", payment_ref=stripe().checkout(order.provider_ref).payment_ref)
        order.refresh_from_db()
    if not order.payment_ref:
        raise ProviderUnavailable("the payment has no name yet")
    _follow_payment(order.payment_ref)
    order.refresh_from_db()
    if order.status == OrderStatus.PAID:
        _ask_refund(order)
        _follow_payment(order.payment_ref)


def _ask_refund(order: Order) -> None:
    """Request the refund with one key per day, because a refusal (of a disputed payment, say) sticks to its key.

    Still refunds at most once: the amount is all that is left.
    """
    key = f"cancel:{order.pk}:{timezone.now():%Y-%m-%d}"
    stripe().refund(order.payment_ref, amount_minor=orders.refundable(order), key=key)


def _opened(order: Order) -> Checkout:
    return stripe().open_checkout(
        order_id=str(order.pk),
        name=NAMES[ProductCode(order.product.code)],
        price_minor=order.price_minor,
        currency=order.currency,
        plan=order.product.plan,
        success_url=settings.CHECKOUT_SUCCESS_URL,
        cancel_url=settings.CHECKOUT_CANCEL_URL,
    )


def _order(order_id: str) -> Order | None:
    try:
        return Order.objects.filter(pk=UUID(order_id), provider=STRIPE).first()
    except ValueError:
        return None


def _is_known(ref: str) -> bool:
    """Returns whether one of our orders or subscriptions has this reference at Stripe."""
    bought = Order.objects.filter(Q(provider_ref=ref) | Q(payment_ref=ref), provider=STRIPE)
    return bought.exists() or Subscription.objects.filter(provider=STRIPE, provider_ref=ref).exists()


@cache
def stripe() -> StripeProvider:
    """Returns the Stripe client of the process. Raises `CheckoutUnavailable` without a key."""
    if not settings.STRIPE_SECRET_KEY:
        raise CheckoutUnavailable
    return StripeProvider(
        secret_key=settings.STRIPE_SECRET_KEY,
        api_base=settings.STRIPE_API_BASE,
        timeout_seconds=settings.STRIPE_TIMEOUT_SECONDS,
        grace=timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS),
        knows=lambda order_id: _order(order_id) is not None,
    )
