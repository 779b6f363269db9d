"""The osmosis credit account: grant, hold, spend, give back. The only module that adds entries.

Every call runs inside the caller's transaction, with the owner's entitlement row locked (`entitlements.lock`), so that
a balance that was read is still true when the entry is written.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from billing.choices import CreditKind
from billing.errors import OsmosisCreditRequired
from billing.models import CreditEntry


@dataclass(frozen=True, slots=True)
class Balance:
    available: int
    held: int


def balance_of(owner: Any) -> Balance:
    """Computed from the entries; nothing is cached."""
    counts = CreditEntry.objects.filter(owner=owner).aggregate(
        **{kind.value: Count("pk", filter=Q(kind=kind)) for kind in CreditKind}
    )
    available = counts["grant"] - counts["hold"] + counts["give_back"]
    return Balance(available, counts["hold"] - counts["spend"] - counts["give_back"])


def grant(*, owner: Any, source: UUID) -> None:
    _add(CreditKind.GRANT, owner, source)


def hold(*, owner: Any, source: UUID) -> None:
    """Take one credit out of reach for `source`. Raises `OsmosisCreditRequired` when none is available."""
    if balance_of(owner).available < 1:
        raise OsmosisCreditRequired
    _add(CreditKind.HOLD, owner, source)


def is_held(*, source: UUID) -> bool:
    """Whether `source` holds a credit that is neither spent nor given back."""
    kinds = set(CreditEntry.objects.filter(source=source).values_list("kind", flat=True))
    return CreditKind.HOLD in kinds and not kinds & {CreditKind.SPEND, CreditKind.GIVE_BACK}


def spend(*, owner: Any, source: UUID) -> None:
    """The held credit is gone. Without one (an inspection under a pass) nothing happens."""
    _settle(CreditKind.SPEND, owner, source)


def give_back(*, owner: Any, source: UUID) -> None:
    """The held credit can be used again. Without one nothing happens."""
    _settle(CreditKind.GIVE_BACK, owner, source)


def _settle(kind: CreditKind, owner: Any, source: UUID) -> None:
    if is_held(source=source):
        _add(kind, owner, source)


def _add(kind: CreditKind, owner: Any, source: UUID) -> None:
    """An owner is given as a user or as a user's id."""
    owner_id = owner if isinstance(owner, UUID) else owner.pk
    CreditEntry.objects.create(owner_id=owner_id, kind=kind, source=source)
