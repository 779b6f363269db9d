"""Compute how long the payments for a subscription give access. The only module that decides this.

Access requires two things: the provider reports the subscription as running, and its payment belongs to us. A payment
that was refunded, withheld by a bank or lost to a chargeback gives no access. Grants by staff do not depend on a
payment.
"""

from typing import Any, Final

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Least

from billing.models import Dispute, Order, Subscription
from billing.vocabulary import DisputeState, OrderStatus, Provider, SubscriptionState

# States of the payment for the latest paid period.
OURS: Final = "ours"
CONTESTED: Final = "contested"
GONE: Final = "gone"

_WITH_MONEY: Final = (OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.DISPUTED)
_OPEN: Final = Dispute.objects.filter(order=OuterRef("pk"), state=DisputeState.OPEN)


def running() -> QuerySet[Subscription]:
    """Returns the subscriptions that their providers report as running, annotated with `money` and `access_ends_at`.

    `money` is the state of the payment for the newest period; it is empty without a payment. `access_ends_at` is None
    if no payment of ours covers the subscription; it may lie in the past. The newest period also decides about access
    that the provider grants beyond it (grace, a longer period, a renewal that has not reached us yet). If its payment
    is not ours, an older period still counts until its own end.
    """
    paid = _paid_orders()
    ours = paid.filter(money=OURS, period_ends_at__isnull=False)
    return (
        Subscription.objects.exclude(state=SubscriptionState.LAPSED)
        .annotate(
            money=Subquery(paid.values("money")[:1], output_field=CharField()),
            paid_until=Subquery(ours.values("period_ends_at")[:1]),
        )
        .annotate(
            access_ends_at=Case(
                When(Q(provider=Provider.STAFF) | Q(money=OURS), then=F("ends_at")),
                # PostgreSQL's LEAST ignores NULL and returns the other value.
                When(paid_until__isnull=False, then=Least("ends_at", "paid_until")),
                default=Value(None),
                output_field=DateTimeField(),
            )
        )
    )


def _paid_orders() -> QuerySet[Any]:
    """Returns the owner's paid orders of a subscription, newest period first, each with the state of its `money`."""
    orders = Order.objects.filter(subscription=OuterRef("pk"), owner=OuterRef("owner"), paid_at__isnull=False)
    money = Case(
        When(~Q(status__in=_WITH_MONEY) | Q(refund_asked_at__isnull=False), then=Value(GONE)),
        When(Exists(_OPEN.filter(is_inquiry=False)), then=Value(CONTESTED)),
        When(Q(status=OrderStatus.DISPUTED) & ~Exists(_OPEN), then=Value(CONTESTED)),
        default=Value(OURS),
        output_field=CharField(),
    )
    newest_first = (F("period_ends_at").desc(nulls_last=True), F("paid_at").desc(), F("pk").desc())
    return orders.annotate(money=money).order_by(*newest_first)
