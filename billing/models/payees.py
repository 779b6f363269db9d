"""Payees, who deliver what owners buy; their shares of orders, and the payouts of these shares."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from billing.models.disputes import Dispute
from billing.models.orders import Order, RefundRequest
from billing.vocabulary import DisputeState, OrderStatus, PayeePayoutState, Provider
from maretech.common.work.durable import DurableWork, Retry

OPEN_STATES = (PayeePayoutState.SCHEDULED, PayeePayoutState.SENDING, PayeePayoutState.PAID)
SENT_STATES = (PayeePayoutState.PAID, PayeePayoutState.SETTLED)


class Payee(models.Model):
    """A user who is paid for services. Only `payees.register` writes it.

    Its lock serialises the payouts and debts of the payee.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payee")
    country = models.CharField(max_length=2, help_text="Two letters, such as DE. Its business days count.")
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=16, choices=Provider.choices())
    account_ref = models.CharField(max_length=100, blank=True, help_text="The payee's account at the provider.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="a_payee_has_a_country"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_payee_has_a_currency"),
            models.CheckConstraint(condition=Q(provider__in=Provider.values()), name="a_payee_has_a_known_provider"),
            models.UniqueConstraint(
                fields=["provider", "account_ref"],
                condition=~Q(account_ref=""),
                name="an_account_belongs_to_one_payee",
            ),
        ]

    def __str__(self) -> str:
        return f"Payee {self.pk}"


class PayeeShare(models.Model):
    """An order that is shared with a payee since its delivery, at the fee of that day.

    Only `orders.shares` writes it. The ledger has the amounts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="share")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="shares")
    fee_basis_points = models.PositiveIntegerField(help_text="Our part of the price, in hundredths of a per cent.")
    blocked_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then an open complaint keeps its payout back."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fee_basis_points__lte=10_000), name="a_fee_is_a_part_of_the_price")
        ]

    def __str__(self) -> str:
        return f"Share of order {self.order_id}"


class PayeePayout(DurableWork):
    """One payout of a share, less the debts that it settles. Only `payees.transitions` writes its state.

    While it is scheduled, `amount_minor` is what is owed now, and `netted_minor` is 0.
    """

    retry = Retry(first=timedelta(minutes=1), factor=2, longest=timedelta(hours=6))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(PayeeShare, on_delete=models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="payouts")
    state = models.CharField(
        max_length=16, choices=PayeePayoutState.choices(), default=PayeePayoutState.SCHEDULED, db_index=True
    )
    amount_minor = models.PositiveIntegerField(help_text="Owed for the order, before debts.")
    netted_minor = models.PositiveIntegerField(default=0, help_text="Kept back for debts of the payee.")
    currency = models.CharField(max_length=3)
    scheduled_for = models.DateField()
    settles_by = models.DateField(help_text="The day by which it should have arrived.")
    provider_ref = models.CharField(max_length=200, blank=True, help_text="The provider's reference of the transfer.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it failed.")
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "payout to a payee"
        verbose_name_plural = "payouts to payees"
        indexes = [models.Index(fields=["payee", "created_at", "id"]), models.Index(fields=["paid_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PayeePayoutState.values()), name="a_payees_payout_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(netted_minor__lte=F("amount_minor")), name="no_more_is_netted_than_is_paid_out"
            ),
            models.CheckConstraint(
                condition=Q(settles_by__gt=F("scheduled_for")), name="a_payout_settles_after_it_was_sent"
            ),
            models.UniqueConstraint(
                fields=["share"],
                condition=Q(state=PayeePayoutState.SCHEDULED),
                name="a_share_has_one_scheduled_payout",
            ),
            models.UniqueConstraint(
                fields=["provider_ref"], condition=~Q(provider_ref=""), name="a_transfer_is_one_payout"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SENT_STATES)
                | Q(paid_at__isnull=False) & ~Q(provider_ref="")
                | Q(state=PayeePayoutState.SETTLED, netted_minor=F("amount_minor")),
                name="what_was_paid_out_names_its_transfer",
            ),
            models.CheckConstraint(
                condition=Q(state=PayeePayoutState.SETTLED, settled_at__isnull=False)
                | ~Q(state=PayeePayoutState.SETTLED),
                name="a_settled_payout_has_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(state=PayeePayoutState.FAILED, failed_at__isnull=False) & ~Q(reason=""))
                | (~Q(state=PayeePayoutState.FAILED) & Q(failed_at=None, reason="")),
                name="exactly_a_failed_payout_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Payout {self.pk} to a payee"

    @property
    def sent_minor(self) -> int:
        return self.amount_minor - self.netted_minor

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state__in=OPEN_STATES)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the open payouts without those that wait for a dispute, a complaint or a refund to end."""
        return cls.unfinished().exclude(Q(pk__in=cls.blocked().values("pk")))

    @classmethod
    def blocked(cls) -> QuerySet[Self]:
        """Return the scheduled payouts that wait for a dispute, a complaint or a refund to end."""
        order = OuterRef("share__order")
        contested = Dispute.objects.filter(order=order, state=DisputeState.OPEN)
        refunding = RefundRequest.owed().filter(order=order)
        waits = Q(share__blocked_at__isnull=False) | Q(share__order__status=OrderStatus.DISPUTED)
        scheduled = cls.objects.filter(state=PayeePayoutState.SCHEDULED)
        return scheduled.filter(waits | Q(Exists(contested)) | Q(Exists(refunding)))
