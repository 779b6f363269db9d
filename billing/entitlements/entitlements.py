"""Entitlements of an owner. The only module to query them; results are frozen, and changes lock one row per owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Exists, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Owner, User
from billing.entitlements import free_inspection, paid_periods
from billing.ledger import inspection_credits
from billing.models import Entitlement
from billing.vocabulary import Plan
from maretech.common.database.prepared_query import PreparedQuery
from maretech.common.http.errors import ServiceUnavailable

# An attempt fails only if an erasure deletes the row at this moment.
_MAX_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class OsmosisEntitlement:
    """The osmosis entitlement. `paid` means a standing test pass or an available credit."""

    pass_standing: bool
    credits: int
    credits_held: int

    @property
    def paid(self) -> bool:
        return self.pass_standing or self.credits > 0


@dataclass(frozen=True, slots=True)
class CorrosionEntitlement:
    """The corrosion entitlement.

    `ends_at` is the end of the paid access unless it is renewed. It is None without paid access and for the test
    subscription.
    """

    subscribed: bool
    plan: str | None
    ends_at: datetime | None
    free_used: bool


def lock(owner: Owner) -> Entitlement:
    """Lock the owner's row until the transaction ends, creating it if missing."""
    for _ in range(_MAX_ATTEMPTS):
        Entitlement.objects.bulk_create([Entitlement(user_id=_id(owner))], ignore_conflicts=True)
        row = Entitlement.objects.select_for_update().filter(user_id=_id(owner)).first()
        if row is not None:
            return row
    raise ServiceUnavailable("This account is changing at this moment. Try again shortly.", retry_after=1)


def lock_all(*owners: UUID) -> None:
    """Lock the rows of several owners, in the order of their ids, so that two callers never wait for each other."""
    for owner_id in sorted(set(owners)):
        lock(owner_id)


def osmosis_entitlement(owner: Owner) -> OsmosisEntitlement:
    balance = inspection_credits.balance_of(_id(owner))
    pass_standing = settings.MOCK_BILLING and _row(owner).mock_osmosis_paid
    return OsmosisEntitlement(pass_standing, balance.available, balance.held)


def corrosion_entitlement(owner: Owner) -> CorrosionEntitlement:
    """Returns the current corrosion entitlement from money that belongs to us.

    Of several subscriptions, the one with the latest end of access counts. A test subscription has no end, and counts
    only while test payments are on.
    """
    row = _row(owner)
    free_used = row.corrosion_free_used_at is not None or free_inspection.is_used_up(_address(owner))
    if settings.MOCK_BILLING and row.mock_subscription_active:
        return CorrosionEntitlement(True, row.mock_plan, None, free_used)
    plan, ends_at = _LONGEST_ACCESS.first(owner_id=_id(owner)) or (None, None)
    if ends_at is None or ends_at <= timezone.now():
        return CorrosionEntitlement(False, None, None, free_used)
    return CorrosionEntitlement(True, plan, ends_at, free_used)


def set_mock_osmosis_pass(*, owner: Owner, paid: bool) -> None:
    """Set the osmosis test pass. Runs in the caller's transaction."""
    row = lock(owner)
    row.mock_osmosis_paid = paid
    row.save(update_fields=["mock_osmosis_paid", "updated_at"])


def set_mock_corrosion_subscription(*, owner: Owner, active: bool, plan: str = Plan.MONTHLY) -> None:
    """Set the corrosion test subscription. Runs in the caller's transaction."""
    row = lock(owner)
    row.mock_subscription_active, row.mock_plan = active, plan if active else ""
    row.save(update_fields=["mock_subscription_active", "mock_plan", "updated_at"])


def use_up_free_corrosion(owner: Owner) -> None:
    """Mark the free inspection as used, for the owner and the owner's current address, once its result is delivered.

    Runs in the caller's transaction; the first date stays.
    """
    lock(owner)
    free_inspection.remember(_address(_id(owner)))
    Entitlement.objects.filter(user_id=_id(owner), corrosion_free_used_at=None).update(
        corrosion_free_used_at=timezone.now()
    )


@transaction.atomic
def move_to_new_address(*, user_id: UUID, old: str, new: str) -> None:
    """Follow a change of address: a used free inspection counts for the old and the new address."""
    if lock(user_id).corrosion_free_used_at is not None:
        free_inspection.remember(old, new)


def forget(owner: Owner, *, address: str) -> None:
    """Delete the entitlements of an erased account. Keeps the fact that its address used the free inspection."""
    if lock(owner).corrosion_free_used_at is not None:
        free_inspection.remember(address)
    Entitlement.objects.filter(user_id=_id(owner)).delete()


def osmosis_pass_standing(owner_id: Combinable) -> Exists | Value:
    """Returns an expression for other apps: whether the owner in that column has a standing test pass.

    Production has none, and its queries look for none.
    """
    if not settings.MOCK_BILLING:
        return Value(value=False, output_field=BooleanField())
    return Exists(Entitlement.objects.filter(user_id=owner_id, mock_osmosis_paid=True))


def _row(owner: Owner) -> Entitlement:
    return Entitlement.objects.filter(user_id=_id(owner)).first() or Entitlement(user_id=_id(owner))


def _address(owner: Owner) -> str:
    """Returns the address that the caller already loaded, or the current one if only the id is known."""
    return User.objects.values_list("email", flat=True).get(pk=owner) if isinstance(owner, UUID) else owner.email


def _id(owner: Owner) -> UUID:
    """Returns the owner's id. An owner is a user or a user's id."""
    return owner if isinstance(owner, UUID) else owner.pk


def _longest_access(owner_id: UUID) -> QuerySet[Any, Any]:
    paid = paid_periods.running().filter(owner_id=owner_id)
    return paid.order_by(F("access_ends_at").desc(nulls_last=True)).values_list("plan", F("access_ends_at"))


# Opening an inspection needs it three times, and compiling it costs more than running it.
_LONGEST_ACCESS: Final = PreparedQuery(_longest_access, "owner_id")
