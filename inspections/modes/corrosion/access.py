"""Access rules of corrosion: one free inspection, then by subscription."""

from typing import NoReturn
from uuid import UUID

from accounts.models import Owner
from billing.entitlements import entitlements
from billing.errors import CorrosionSubscriptionRequired
from inspections.modes.base import Access
from inspections.vocabulary import AccessKind


class CorrosionAccess:
    def open_access(self, *, owner: Owner, inspection_id: UUID, free_points: int, max_points: int) -> Access:
        """Raises `CorrosionSubscriptionRequired` once the free inspection is used up."""
        entitlement = entitlements.corrosion_entitlement(owner)
        if entitlement.subscribed:
            return Access(AccessKind.SUBSCRIPTION, max_points)
        if entitlement.free_used:
            raise CorrosionSubscriptionRequired
        return Access(AccessKind.FREE, free_points)

    def points_allowed_now(self, *, owner: Owner, access: Access, free_points: int, max_points: int) -> int:
        """Returns the allowance: it never shrinks; subscribing raises it at once."""
        subscribed = entitlements.corrosion_entitlement(owner).subscribed
        return max(access.points_allowed, max_points if subscribed else free_points)

    def may_open_beside_unfinished(self, *, owner: Owner) -> bool:
        return entitlements.corrosion_entitlement(owner).subscribed

    def refuse_more_points(self) -> NoReturn:
        raise CorrosionSubscriptionRequired

    def confirm_at_submission(self, *, owner: Owner, inspection_id: UUID, access: Access) -> Access:
        return access

    def settle_delivered(self, *, owner: Owner, inspection_id: UUID, access: Access, usable: bool) -> None:
        if access.kind == AccessKind.FREE:
            entitlements.use_up_free_corrosion(owner)

    def settle_undelivered(self, *, owner: Owner, inspection_id: UUID) -> None:
        """A failed or expired inspection costs nothing, so there is nothing to return."""
