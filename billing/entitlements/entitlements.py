"""What an owner may use. Asked here only, answered by frozen objects, changed under the lock of one row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Q
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import User
from billing.entitlements import free_inspection, paid_periods
from billing.ledger import inspection_credits
from billing.models import Entitlement
from billing.vocabulary import Plan


@dataclass(frozen=True, slots=True)
class OsmosisEntitlement:
    """`paid`: a standing pass, or a credit to spend."""

    pass_standing: bool
    credits: int
    credits_held: int

    @property
    def paid(self) -> bool:
        return self.pass_standing or self.credits > 0


@dataclass(frozen=True, slots=True)
class CorrosionEntitlement:
    """`ends_at` is when the paid access ends unless it is renewed; None without one, and for the test subscription."""

    subscribed: bool
    plan: str | None
    ends_at: datetime | None
    free_used: bool


def lock(owner: Any) -> Entitlement:
    """The owner's row, locked until the transaction ends."""
    Entitlement.objects.bulk_create([Entitlement(user_id=_id(owner))], ignore_conflicts=True)
    return Entitlement.objects.select_for_update().get(user_id=_id(owner))


def osmosis_entitlement(owner: Any) -> OsmosisEntitlement:
    balance = inspection_credits.balance_of(_id(owner))
    pass_standing = settings.MOCK_BILLING and _row(owner).mock_osmosis_paid
    return OsmosisEntitlement(pass_standing, balance.available, balance.held)


def corrosion_entitlement(owner: Any) -> CorrosionEntitlement:
    """What is paid for now, by money that is ours; of several subscriptions the one that gives access longest counts.

    A test subscription has no end, and counts only while test payments are on.
    """
    row = _row(owner)
    free_used = row.corrosion_free_used_at is not None or free_inspection.is_used_up(_address(owner))
    if settings.MOCK_BILLING and row.mock_subscription_active:
        return CorrosionEntitlement(True, row.mock_plan, None, free_used)
    paid = paid_periods.running().filter(Q(access_ends_at__gt=timezone.now()), owner_id=_id(owner))
    longest_first = paid.order_by(F("access_ends_at").desc()).values_list("plan", F("access_ends_at"))
    plan, ends_at = longest_first.first() or (None, None)
    return CorrosionEntitlement(plan is not None, plan, ends_at, free_used)


def set_mock_osmosis_pass(*, owner: Any, paid: bool) -> None:
    """Runs in the caller's transaction."""
    row = lock(owner)
    row.mock_osmosis_paid = paid
    row.save(update_fields=["mock_osmosis_paid", "updated_at"])


def set_mock_corrosion_subscription(*, owner: Any, active: bool, plan: str = Plan.MONTHLY) -> None:
    """Runs in the caller's transaction."""
    row = lock(owner)
    row.mock_subscription_active, row.mock_plan = active, plan if active else ""
    row.save(update_fields=["mock_subscription_active", "mock_plan", "updated_at"])


def use_up_free_corrosion(owner: Any) -> None:
    """The free inspection's result was delivered: used up for the owner and for the address the owner has now.

    Runs in the caller's transaction; the first date stays.
    """
    lock(owner)
    free_inspection.remember(_address(_id(owner)))
    Entitlement.objects.filter(user_id=_id(owner), corrosion_free_used_at=None).update(
        corrosion_free_used_at=timezone.now()
    )


@transaction.atomic
def follow_address(*, user_id: UUID, old: str, new: str) -> None:
    """The account has another address now: whoever used the free inspection used it for both."""
    if lock(user_id).corrosion_free_used_at is not None:
        free_inspection.remember(old, new)


def forget(owner: Any, *, address: str) -> None:
    """The account is erased: its allowances go, that the free inspection of its address was used stays."""
    if lock(owner).corrosion_free_used_at is not None:
        free_inspection.remember(address)
    Entitlement.objects.filter(user_id=_id(owner)).delete()


def osmosis_pass_standing(owner_id: Combinable) -> Exists:
    """For a query of another app: whether the owner in that column has a standing pass."""
    passes = Entitlement.objects.filter(user_id=owner_id, mock_osmosis_paid=True)
    return Exists(passes.filter(mock_osmosis_paid=settings.MOCK_BILLING))  # where they are off, none is both


def _row(owner: Any) -> Entitlement:
    return Entitlement.objects.filter(user_id=_id(owner)).first() or Entitlement(user_id=_id(owner))


def _address(owner: Any) -> str:
    """As the caller has read it, or as it is now where only the id is known."""
    return User.objects.values_list("email", flat=True).get(pk=owner) if isinstance(owner, UUID) else owner.email


def _id(owner: Any) -> UUID:
    """An owner is given as a user or as a user's id."""
    return owner if isinstance(owner, UUID) else owner.pk
