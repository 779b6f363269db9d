"""Orders of owners, paid or not, each change of state with its cause, and the refunds that we owe."""

import uuid
from datetime import timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from billing.models.catalogue import Product
from billing.models.subscriptions import Subscription
from billing.vocabulary import OrderStatus, Provider, RefundRequestState
from maretech.common.work.durable import DurableWork, Retry

# The cause of a request that repeats a failed one: the start of that one's cause, and this.
REPEATED: Final = ", again"
REPEATED_CAUSE_LENGTH: Final = 190


class Order(models.Model):
    """One purchase, at the price and policy of its creation. Only `billing.orders` writes it.

    `provider_ref` is the provider's reference (a checkout session, a store transaction). It belongs to one order, and
    so to one owner, forever.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="orders")
    quantity = models.PositiveIntegerField(default=1, db_default=1, help_text="Units bought.")
    delivered = models.PositiveIntegerField(default=0, db_default=0, help_text="Units used.")
    price_minor = models.PositiveIntegerField(help_text="Total of all units, in minor units of the currency.")
    currency = models.CharField(max_length=3)
    cancel_within_hours = models.PositiveIntegerField()
    provider = models.CharField(max_length=16, choices=Provider.choices())
    provider_ref = models.CharField(max_length=500, blank=True)
    payment_ref = models.CharField(max_length=200, blank=True, help_text="The provider's reference of the payment.")
    subscription = models.ForeignKey(
        Subscription, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    period_ends_at = models.DateTimeField(
        null=True, blank=True, help_text="End of the subscription period that it paid."
    )
    begins_subscription = models.BooleanField(
        default=False, db_default=False, help_text="Its payment page sells a subscription."
    )
    is_test = models.BooleanField(
        "test", default=False, db_default=False, help_text="A test purchase in its store: no money was paid or posted."
    )
    status = models.CharField(max_length=16, choices=OrderStatus.choices(), default=OrderStatus.CREATED)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True, help_text="Next query of the provider.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Time of the store query that gave this state. A later query replaces it."
    )
    refund_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Time of the cancellation. A refund follows."
    )
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a service: the app that gives it has taken the payment."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "created_at", "id"]),
            models.Index(fields=["status", "updated_at"]),
            models.Index(fields=["look_at"]),
            models.Index(fields=["provider", "payment_ref"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values()), name="an_order_has_a_known_status"),
            models.CheckConstraint(condition=Q(provider__in=Provider.values()), name="an_order_has_a_known_provider"),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="a_purchase_belongs_to_one_order",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(begins_subscription=True, status__in=["created", "pending"]),
                name="an_owner_has_one_open_subscription_page",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="an_order_is_of_something"),
            models.CheckConstraint(
                condition=Q(delivered__lte=F("quantity")), name="no_more_is_delivered_than_was_bought"
            ),
            models.CheckConstraint(condition=Q(is_test=False) | Q(price_minor=0), name="a_test_purchase_costs_nothing"),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=False)
                | Q(status__in=["created", "pending", "failed", "expired", "cancelled"]),
                name="what_was_paid_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.pk}"


class OrderEvent(models.Model):
    """One change of an order's state. Rows are append-only."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    from_status = models.CharField(max_length=16, choices=OrderStatus.choices(), blank=True)
    to_status = models.CharField(max_length=16, choices=OrderStatus.choices())
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cause=""), name="an_order_changes_for_a_cause")]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"


class RefundRequest(DurableWork):
    """A refund that we owe the owner of an order, asked for until it ends. Only `orders.refund_requests` writes it.

    The provider carries its id with the refund. `amount_minor` is the most that it returns.
    """

    retry = Retry(first=timedelta(minutes=1), factor=4, longest=timedelta(days=1))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refund_requests")
    amount_minor = models.PositiveIntegerField()
    cause = models.CharField(max_length=200, help_text="A second request for the same cause has no effect.")
    state = models.CharField(
        max_length=8, choices=RefundRequestState.choices(), default=RefundRequestState.OPEN, db_index=True
    )
    refund_ref = models.CharField(max_length=200, blank=True, help_text="The provider's reference of the refund.")
    error = models.CharField(max_length=300, blank=True, help_text="Why the provider refused it last.")
    requested_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="a_refund_request_is_about_money"),
            models.CheckConstraint(condition=~Q(cause=""), name="a_refund_is_requested_for_a_cause"),
            models.UniqueConstraint(fields=["order", "cause"], name="a_cause_refunds_an_order_once"),
            models.CheckConstraint(
                condition=Q(state=RefundRequestState.OPEN, ended_at=None)
                | Q(
                    state__in=[RefundRequestState.DONE, RefundRequestState.DROPPED, RefundRequestState.FAILED],
                    ended_at__isnull=False,
                ),
                name="a_refund_request_that_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RefundRequestState.DONE, RefundRequestState.FAILED]) | ~Q(refund_ref=""),
                name="a_refund_that_was_made_has_its_providers_name",
            ),
        ]

    def __str__(self) -> str:
        return f"Refund request {self.pk}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=RefundRequestState.OPEN)

    @classmethod
    def owed(cls) -> QuerySet[Self]:
        """Return the requests whose money we still owe the owner: open ones, and failed ones that staff decide."""
        again = Concat(Left(OuterRef("cause"), REPEATED_CAUSE_LENGTH), Value(REPEATED))
        was_repeated = Exists(cls.objects.filter(order=OuterRef("order"), cause=again))
        failed = Q(state=RefundRequestState.FAILED) & ~Q(was_repeated)
        return cls.objects.filter(Q(state=RefundRequestState.OPEN) | failed)
