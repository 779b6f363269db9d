"""How long what was paid for a subscription gives access. The only place that says so.

Access takes two things: the provider's word that the subscription runs, and money for it that is ours. Money that went
back, that a bank holds or that a bank kept gives none. What staff give is independent of money.
"""

from typing import Any, Final

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Least

from billing.models import Dispute, Order, Subscription
from billing.vocabulary import DisputeState, OrderStatus, Provider, SubscriptionState

# What became of the money of the period that was paid last.
OURS: Final = "ours"
CONTESTED: Final = "contested"
GONE: Final = "gone"

_WITH_MONEY: Final = (OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.DISPUTED)
_OPEN: Final = Dispute.objects.filter(order=OuterRef("pk"), state=DisputeState.OPEN)


def running() -> QuerySet[Subscription]:
    """Those that their providers call running, with `money` (of the newest period) and `access_ends_at`.

    `money` is empty where nothing was paid. `access_ends_at` is None where no money that is ours pays for it; it may
    lie in the past. The newest period decides for what its provider grants beyond it (grace, a longer period, a renewal
    that we have not heard of yet); where its money is not ours, an older one still counts until its own end.
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
                # Postgres takes the other one where one of two is NULL.
                When(paid_until__isnull=False, then=Least("ends_at", "paid_until")),
                default=Value(None),
                output_field=DateTimeField(),
            )
        )
    )


def _paid_orders() -> QuerySet[Any]:
    """What the owner of a subscription paid for it, the newest period first, each with what became of its `money`."""
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
