"""The ledger: journal entries of two or more postings that sum to zero per unit. The database seals them (`0004`)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.catalogue.currencies import signed_amount
from billing.models.orders import Order
from billing.vocabulary import Account, EntryKind


class LedgerTransaction(models.Model):
    """One journal entry of money or credits. It is written after its postings, which seals it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=24, choices=EntryKind.choices())
    source = models.CharField(max_length=300, help_text="Its cause: an order, an inspection or a refund.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="bookings")
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="bookings")
    booked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = "journal entry", "journal entries"
        indexes = [models.Index(fields=["owner", "booked_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values()), name="a_booking_is_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(source=""), name="a_booking_names_its_source"),
            models.UniqueConstraint(fields=["kind", "source"], name="a_source_is_booked_once"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind__in=[EntryKind.CREDIT_SPEND, EntryKind.CREDIT_GIVE_BACK]),
                name="a_held_credit_is_settled_one_way",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind__in=[EntryKind.DISPUTE_CLOSE, EntryKind.LOSS_BOOKING]),
                name="a_dispute_is_closed_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class LedgerEntry(models.Model):
    """One posting: the change of one account in a journal entry, above zero for an increase, below for a decrease.

    Money is in minor units of its currency.
    """

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=24, choices=Account.choices())
    unit = models.CharField(max_length=10, help_text="A currency, or INSPECTION for credits.")
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = "posting"
        indexes = [models.Index(fields=["account", "unit"])]
        constraints = [
            models.CheckConstraint(condition=Q(account__in=Account.values()), name="an_entry_is_of_a_known_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="an_entry_moves_something"),
            models.CheckConstraint(condition=Q(unit__regex=r"^([A-Z]{3}|INSPECTION)$"), name="an_entry_has_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {signed_amount(self.amount, self.unit)}"
