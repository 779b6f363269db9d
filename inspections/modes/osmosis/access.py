"""Access rules of osmosis: a valid pass, or a credit held for the inspection."""

from typing import NoReturn
from uuid import UUID

from accounts.models import Owner
from billing import orders
from billing.entitlements import entitlements
from billing.errors import OsmosisCreditRequired
from billing.ledger import inspection_credits
from billing.notices import notify_of_returned_credit
from inspections.errors import PointLimitReached
from inspections.modes.base import Access
from inspections.vocabulary import AccessKind


class OsmosisAccess:
    def open_access(self, *, owner: Owner, inspection_id: UUID, free_points: int, max_points: int) -> Access:
        """Uses the pass, or holds a credit. Raises `OsmosisCreditRequired` without either."""
        if entitlements.osmosis_entitlement(owner).pass_standing:
            return Access(AccessKind.PASS, max_points)
        inspection_credits.hold(owner=owner, inspection_id=inspection_id)
        return Access(AccessKind.CREDIT, max_points)

    def points_allowed_now(self, *, owner: Owner, access: Access, free_points: int, max_points: int) -> int:
        return max(access.points_allowed, max_points)

    def may_open_beside_unfinished(self, *, owner: Owner) -> bool:
        return True

    def refuse_more_points(self) -> NoReturn:
        raise PointLimitReached

    def confirm_at_submission(self, *, owner: Owner, inspection_id: UUID, access: Access) -> Access:
        """Check that the pass is still valid or the credit still held; either may have replaced the other meanwhile.

        Raises `OsmosisCreditRequired` for a withdrawn pass or a refunded credit.
        """
        if access.kind == AccessKind.CREDIT and inspection_credits.is_held(owner=owner, inspection_id=inspection_id):
            return access
        if entitlements.osmosis_entitlement(owner).pass_standing:
            return Access(AccessKind.PASS, access.points_allowed)
        if access.kind == AccessKind.CREDIT:
            raise OsmosisCreditRequired
        inspection_credits.hold(owner=owner, inspection_id=inspection_id)
        return Access(AccessKind.CREDIT, access.points_allowed)

    def settle_delivered(self, *, owner: Owner, inspection_id: UUID, access: Access, usable: bool) -> None:
        """Spend the credit for a result, unless every photo was unusable."""
        entitlements.lock(owner)
        if usable:
            orders.spend_credit(owner=owner, inspection_id=inspection_id)
        else:
            _give_back(owner, inspection_id)

    def settle_undelivered(self, *, owner: Owner, inspection_id: UUID) -> None:
        """Return the credit of a failed, expired or withdrawn inspection."""
        entitlements.lock(owner)
        _give_back(owner, inspection_id)


def _give_back(owner: Owner, inspection_id: UUID) -> None:
    if inspection_credits.give_back(owner=owner, inspection_id=inspection_id):
        notify_of_returned_credit(owner, inspection_id=inspection_id)
