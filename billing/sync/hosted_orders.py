"""Sales on payment pages of a provider: query the state of a page, payment, subscription or invoice, and record it.

The provider is called outside any transaction. Every call is idempotent, whatever the order of the calls.
"""

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import orders
from billing.catalogue.currencies import money
from billing.catalogue.products import DISPLAY_NAMES, PRODUCT_OF_PLAN
from billing.disputes import cases
from billing.entitlements import subscriptions
from billing.models import Order, Subscription
from billing.notices import tell_staff_of_failed_refund
from billing.provider_registry import hosted_checkout, order_of
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
from billing.services.hooks import hooks_of
from billing.vocabulary import EventOutcome, OrderStatus, Plan, ProductCode, Provider

log = structlog.get_logger(__name__)


class AmountDiffers(Exception):
    """The paid amount differs from the order's: nothing is granted until staff have checked it."""


def sync_subject(provider: Provider, about: EventSubject, ref: str) -> EventOutcome:
    """Query the current state of the provider's `ref` and record it.

    Ignores objects that are not ours. Raises the errors of the provider.
    """
    try:
        match about:
            case EventSubject.CHECKOUT:
                _sync_checkout(provider, hosted_checkout(provider).checkout(ref))
            case EventSubject.PAYMENT:
                sync_payment(provider, ref)
            case EventSubject.SUBSCRIPTION:
                sync_subscription(provider, ref)
            case EventSubject.INVOICE:
                _sync_invoice(provider, hosted_checkout(provider).invoice(ref))
    except NotOurs:
        return EventOutcome.FOREIGN
    except UnknownToProvider:
        if _is_known(provider, ref):
            raise
        return EventOutcome.FOREIGN
    return EventOutcome.SYNCED


def sync_page(order: Order) -> Checkout:
    """Open the order's payment page if it has none, and record the page's state. Raises the errors of the provider."""
    provider = hosted_checkout(order.provider)
    found = provider.checkout(order.provider_ref) if order.provider_ref else _opened(order)
    _record_page(order, found)
    if found.url and Order.objects.filter(pk=order.pk, status=OrderStatus.CANCELLED).exists():
        found = _closed(order, found)  # cancelled while the page was being opened; the owner never saw the page
        _record_page(order, found)
    return found


def sync_payment(provider: Provider, ref: str) -> None:
    """Find the order of a payment and record the payment's outcome.

    If no order knows the payment yet, its page or invoice identifies the order.
    """
    order = Order.objects.filter(provider=provider, payment_ref=ref).select_related("product").first()
    if order is not None and order.status in orders.UNPAID:
        sync_page(order)  # record the payment before its outcome
    elif order is not None:
        record_payment(order, hosted_checkout(provider).payment(ref))
    elif (page := hosted_checkout(provider).checkout_of_payment(ref)) is not None:
        _sync_checkout(provider, page)
    elif (bill := hosted_checkout(provider).invoice_of_payment(ref)) is not None:
        _sync_invoice(provider, bill)
    else:
        raise NotOurs("it paid no page and no bill")


def sync_subscription(provider: Provider, ref: str) -> Subscription | None:
    """Record the current state of a subscription. Returns None if no order of ours bought it."""
    asked_at, facts = timezone.now(), hosted_checkout(provider).subscription(ref)
    order = order_of(provider, facts.order_id)
    if order is None:
        return None
    if order.status in orders.UNPAID:  # paid and granted together, and only for the requested amount
        sync_page(order)
        return Subscription.objects.filter(provider=provider, provider_ref=ref).first()
    return subscriptions.record(
        owner_id=order.owner_id, provider=provider, facts=facts, asked_at=asked_at, cause=f"{provider} {ref}"
    )


def is_foreign(provider: Provider, payment_ref: str) -> bool:
    """Returns whether a payment of the account that no order knows belongs to another product."""
    client = hosted_checkout(provider)
    try:
        return client.checkout_of_payment(payment_ref) is None and not client.invoice_of_payment(payment_ref)
    except (NotOurs, UnknownToProvider):
        return True


def find_payment(order: Order) -> None:
    """Find the provider's name of an order's payment. Raises `ProviderUnavailable` while it has none."""
    if not order.payment_ref and order.provider_ref:  # the page may have been read before it had a payment
        found = hosted_checkout(order.provider).checkout(order.provider_ref)
        orders.note_page(order.pk, provider_ref="", payment_ref=found.payment_ref)
        order.refresh_from_db()
    if not order.payment_ref:
        raise ProviderUnavailable("the payment has no name yet")


def refund_rest(order: Order) -> None:
    """Refund all that is left. The refund may already have been requested on another day, so check first.

    Raises the errors of the provider.
    """
    provider = hosted_checkout(order.provider)
    find_payment(order)
    sync_payment(Provider(order.provider), order.payment_ref)
    order.refresh_from_db()
    if order.status == OrderStatus.PAID:
        # One key per day, because a refusal (of a disputed payment, say) sticks to its key. Still refunds at most
        # once: the amount is all that is left.
        key = f"cancel:{order.pk}:{timezone.now():%Y-%m-%d}"
        try:
            provider.refund(order.payment_ref, amount_minor=orders.refundable(order), key=key)
        except ProviderRefused:  # the polls of the order try again, and staff look for the reason
            tell_staff_of_failed_refund(order, source="cancelled")
            raise
        sync_payment(Provider(order.provider), order.payment_ref)


def _sync_checkout(provider: Provider, found: Checkout) -> None:
    order = order_of(provider, found.order_id)
    if order is not None and order.provider_ref in ("", found.ref):
        _record_page(order, found)


def _sync_invoice(provider: Provider, found: Invoice) -> None:
    """Record a paid period as an order of its own. The order of the checkout covers the first period."""
    subscription = sync_subscription(provider, found.subscription_ref)
    if subscription is None or not found.is_paid:
        return
    if found.is_first:
        _record_first_payment(subscription, found)
        return
    purchase = orders.Purchase(
        provider=provider,
        provider_ref=found.ref,
        product=PRODUCT_OF_PLAN[Plan(subscription.plan)],
        payment_ref=found.payment_ref,
        amount_minor=found.amount_minor,
        currency=found.currency,
        subscription=subscription,
        period_ends_at=found.period_ends_at,
    )
    order = orders.record_purchase(owner=subscription.owner, purchase=purchase, cause=f"{provider} {found.ref}")
    if order is not None and order.payment_ref:
        record_payment(order, hosted_checkout(provider).payment(order.payment_ref))
    surplus_at = subscription.surplus_at
    if order is not None and surplus_at is not None and order.paid_at is not None and order.paid_at > surplus_at:
        orders.call_off(order.pk)
        _refund_cancelled(order)


def _record_first_payment(subscription: Subscription, found: Invoice) -> None:
    """Add the payment to the first order, which may have been read before its page had a payment."""
    first = subscription.orders.order_by("created_at").first()
    if first is not None and not first.payment_ref and found.payment_ref:
        orders.note_page(first.pk, provider_ref="", payment_ref=found.payment_ref)
        record_payment(first, hosted_checkout(first.provider).payment(found.payment_ref))


def _record_page(order: Order, found: Checkout) -> None:
    """Record the state of a page. A paid page alone grants nothing: the amount must match the order's."""
    cause = f"{order.provider} {found.ref}"
    orders.note_page(order.pk, provider_ref=found.ref, payment_ref=found.payment_ref)
    if found.is_paid:
        _record_paid_page(Order.objects.get(pk=order.pk), found, cause=cause)
    elif found.is_expired:
        orders.close_unpaid(order.pk, to=OrderStatus.EXPIRED, cause=cause)
    elif found.has_failed:
        orders.close_unpaid(order.pk, to=OrderStatus.FAILED, cause=cause)


def _record_paid_page(order: Order, found: Checkout, *, cause: str) -> None:
    if (found.amount_minor, found.currency) != (order.price_minor, order.currency):
        expected, paid = money(order.price_minor, order.currency), money(found.amount_minor, found.currency)
        raise AmountDiffers(f"paid {paid}, asked {expected}")
    payment = hosted_checkout(order.provider).payment(found.payment_ref) if found.payment_ref else None
    if found.subscription_ref:
        _record_bought_subscription(order, found.subscription_ref, cause=cause)
    else:
        orders.pay(order.pk, cause=cause)
    if payment is not None:
        order.refresh_from_db()
        record_payment(order, payment)
    if found.subscription_ref:
        _refund_cancelled(order)


def _record_bought_subscription(order: Order, ref: str, *, cause: str) -> None:
    """Pay the order and grant its subscription in one transaction. If another one is live, cancel the order at once."""
    asked_at, facts = timezone.now(), hosted_checkout(order.provider).subscription(ref)
    with transaction.atomic():
        begun = subscriptions.record(
            owner_id=order.owner_id, provider=Provider(order.provider), facts=facts, asked_at=asked_at, cause=cause
        )
        if begun is None:
            return
        is_new = orders.pay(order.pk, cause=cause)
        orders.note_subscription(order.pk, begun)
        begun.refresh_from_db()
        if is_new and begun.surplus_at is not None:
            orders.call_off(order.pk)


def record_payment(order: Order, found: Payment) -> None:
    """Post the new fee, refunds and disputes of a payment."""
    provider = order.provider
    if found.fee_minor:
        orders.post_fee(order.pk, amount_minor=found.fee_minor, currency=found.fee_currency)
    for each in found.refunds:
        # A failed refund left and came back: both are lines in the provider's records, and so in ours.
        cause = f"{provider} {each.ref}"
        orders.refund(order.pk, amount_minor=each.amount_minor, refund_ref=each.ref, cause=cause)
        orders.note_refund_made(each.request_id, refund_ref=each.ref)
        if each.is_reversed:  # noted first: what failed waits for staff, and is not requested as money that came back
            orders.note_refund_failed(each.request_id, refund_ref=each.ref)
            orders.reverse_refund(order.pk, refund_ref=each.ref, cause=cause)
    for dispute in found.disputes:
        cases.record(order, dispute, cause=f"{provider} {found.ref} {dispute.ref}")
    for line in found.settled:
        orders.convert(order.pk, line)


def _refund_cancelled(order: Order) -> None:
    """Refund a cancelled order. If the provider does not accept it now, the next poll of the order retries."""
    order.refresh_from_db()
    if order.refund_asked_at is None or order.status != OrderStatus.PAID:
        return
    try:
        refund_rest(order)
    except (ProviderUnavailable, ProviderRefused) as error:
        log.warning("not refunded yet", order=str(order.pk), error=str(error))


def _opened(order: Order) -> Checkout:
    return hosted_checkout(order.provider).open_checkout(
        order_id=str(order.pk),
        name=_name_of(ProductCode(order.product.code)),
        price_minor=order.price_minor,
        currency=order.currency,
        plan=order.product.plan,
        success_url=settings.CHECKOUT_SUCCESS_URL,
        cancel_url=settings.CHECKOUT_CANCEL_URL,
    )


def _name_of(code: ProductCode) -> str:
    """Returns the product's name on the payment page. The app of a service may be gone while its order is open."""
    hooks = hooks_of(code)
    return hooks.name if hooks is not None else DISPLAY_NAMES.get(code, code.label)


def _closed(order: Order, found: Checkout) -> Checkout:
    provider = hosted_checkout(order.provider)
    try:
        return provider.close_checkout(found.ref)
    except ProviderRefused:  # just paid, or closed
        return provider.checkout(found.ref)


def _is_known(provider: Provider, ref: str) -> bool:
    """Returns whether one of our orders or subscriptions has this reference at the provider."""
    bought = Order.objects.filter(Q(provider_ref=ref) | Q(payment_ref=ref), provider=provider)
    return bought.exists() or Subscription.objects.filter(provider=provider, provider_ref=ref).exists()
