"""Handovers: a vessel passes from its owner to another person, with its history."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Self

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.identity.addresses import MAX_LENGTH
from accounts.models import User
from maretech.common.work.durable import DurableWork, Retry
from vessels.models.vessels import Vessel
from vessels.naming import MAX_NAME
from vessels.vocabulary import HandoverStatus, Party

MAX_CREDITS: Final = 1000
MAX_REASON: Final = 1000
OPEN: Final = ("initiated", "pending_codes")
# The vessel is locked.
UNDER_WAY: Final = (*OPEN, "disputed")
# Without a change of owner.
ENDED: Final = ("cancelled", "declined", "expired", "failed")
_TIMES: Final = ("ended_at", "completed_at", "disputed_at", "decided_at")


def _with_times(*written: str, status: Sequence[str]) -> Q:
    """Return the condition that rows of these statuses have exactly these times."""
    return Q(status__in=status, **{f"{name}__isnull": name not in written for name in _TIMES})


def _status_tells_its_times() -> Q:
    changed_owner = (
        _with_times("completed_at", status=["completed"])
        | _with_times("completed_at", "disputed_at", status=["disputed"])
        | _with_times("completed_at", "disputed_at", "decided_at", status=["completed", "reversed"])
    )
    return _with_times(status=OPEN) | _with_times("ended_at", status=ENDED) | (changed_owner & Q(buyer__isnull=False))


class HandoverQuerySet(models.QuerySet["Handover"]):
    def of(self, user: User) -> "HandoverQuerySet":
        """Return the handovers of a party, with the open offers to the address that the user has proven."""
        own = Q(seller=user) | Q(buyer=user)
        if user.email_verified:
            own |= Q(buyer=None, to_email=user.email, status__in=OPEN)
        return self.filter(own)

    def overdue(self) -> "HandoverQuerySet":
        return self.filter(status__in=OPEN, expires_at__lte=timezone.now())


class Handover(models.Model):
    """An offer of a vessel to an address, and its outcome. Only `handovers.transitions` writes `status`.

    `buyer` is the account that has proven the address, once a worker or the buyer has found it. What moved is kept to
    move it back: the ids by app, and the vessel's details as they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vessel = models.ForeignKey(Vessel, null=True, on_delete=models.SET_NULL, related_name="handovers")
    vessel_name = models.CharField(max_length=MAX_NAME, blank=True, help_text="When it was offered.")
    seller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_as_seller", db_index=False)
    buyer = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="handovers_as_buyer", db_index=False
    )
    to_email = models.EmailField(max_length=MAX_LENGTH, blank=True, help_text="The address that the seller typed.")
    credits = models.PositiveIntegerField(default=0, help_text="What the buyer pays the seller.")
    status = models.CharField(max_length=16, choices=HandoverStatus.choices(), default=HandoverStatus.INITIATED)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, help_text="When an address without an account got its invitation.")
    ended_at = models.DateTimeField(null=True, help_text="When the offer ended without a change of owner.")
    completed_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    disputed_by = models.CharField(max_length=8, choices=Party.choices(), blank=True)
    dispute_reason = models.CharField(max_length=MAX_REASON, blank=True)
    decided_at = models.DateTimeField(null=True, help_text="When the dispute was decided.")
    moved = models.JSONField(default=dict)
    former_details = models.JSONField(default=dict)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index("seller", F("created_at").desc(), F("id").desc(), name="handovers_of_a_seller"),
            models.Index("buyer", F("created_at").desc(), F("id").desc(), name="handovers_of_a_buyer"),
            models.Index(fields=["expires_at"], condition=Q(status__in=OPEN), name="handovers_to_expire"),
            models.Index(
                fields=["to_email"], condition=Q(buyer__isnull=True, status__in=OPEN), name="offers_to_an_address"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["vessel"],
                condition=Q(status__in=UNDER_WAY),
                name="a_vessel_is_in_one_handover_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(buyer__isnull=True) | ~Q(buyer=F("seller")), name="nobody_buys_from_themselves"
            ),
            models.CheckConstraint(condition=Q(credits__lte=MAX_CREDITS), name="a_handover_costs_a_plausible_price"),
            models.CheckConstraint(condition=_status_tells_its_times(), name="handover_status_tells_its_times"),
            # Also for the release before, which knows no handovers and would delete the vessel.
            models.CheckConstraint(
                condition=~Q(status__in=UNDER_WAY) | Q(vessel__isnull=False),
                name="a_vessel_stays_while_it_is_in_a_handover",
            ),
            models.CheckConstraint(
                condition=Q(disputed_at=None, disputed_by="", dispute_reason="")
                | Q(disputed_at__isnull=False, disputed_by__in=Party.values()),
                name="a_dispute_of_a_handover_has_its_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} handover {self.id}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN and self.expires_at > timezone.now()

    @property
    def current_status(self) -> HandoverStatus:
        """The status, also while the sweep has not ended an overdue offer yet."""
        return HandoverStatus.EXPIRED if self.status in OPEN and not self.is_open else HandoverStatus(self.status)

    def party_of(self, user: User) -> Party:
        """Return which party a user is who may see this handover."""
        return Party.SELLER if self.seller_id == user.pk else Party.BUYER


class HandoverCode(DurableWork):
    """The code of one party: made and mailed by a worker, and only its keyed hash is kept.

    A used code is the party's consent. The buyer's waits until the address has an account.
    """

    # A person waits for it, for as long as the offer is open.
    retry = Retry(first=timedelta(minutes=1), factor=2, longest=timedelta(hours=1))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="codes")
    party = models.CharField(max_length=8, choices=Party.choices())
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong ones.")
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="handover_codes_to_mail")]
        constraints = [
            models.UniqueConstraint(fields=["handover", "party"], name="one_code_per_party_of_a_handover"),
            models.CheckConstraint(condition=Q(party__in=Party.values()), name="a_handover_has_two_parties"),
            models.CheckConstraint(
                condition=~Q(code_hash="") | Q(sent_at=None, used_at=None),
                name="only_a_handover_code_that_was_made_is_sent_or_used",
            ),
        ]

    def __str__(self) -> str:
        return f"code of the {self.party}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(sent_at=None, used_at=None)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the codes of open offers to mail, and those of buyers without an account who await an invitation."""
        open_ = cls.unfinished().filter(handover__status__in=OPEN, handover__expires_at__gt=timezone.now())
        return open_.filter(
            Q(party=Party.SELLER) | Q(handover__buyer__isnull=False) | Q(handover__invited_at__isnull=True)
        )


class HandoverEvent(models.Model):
    """One change of a handover's status, with its cause. Append-only."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="events")
    from_status = models.CharField(max_length=16, choices=HandoverStatus.choices(), blank=True)
    to_status = models.CharField(max_length=16, choices=HandoverStatus.choices())
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cause=""), name="a_handover_changes_for_a_cause")]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"
