"""What the owner of a disputed payment explains to staff. The bank decides about the payment."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import Owner, User
from billing.entitlements import entitlements
from billing.models import Dispute, DisputeExplanation
from billing.vocabulary import DisputeState
from maretech.common.http.errors import NotEligible, NotFound

MAX_EXPLANATIONS: Final = 20


def own_dispute(*, owner: Owner, dispute_id: UUID) -> Dispute:
    """Return the dispute of a payment of this owner. Raises `NotFound`."""
    found = Dispute.objects.filter(pk=dispute_id, order__owner=owner).prefetch_related("explanations").first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def explain(*, owner: User, dispute_id: UUID, text: str) -> DisputeExplanation:
    """Add an explanation. Raises `NotFound`, or `NotEligible` for a closed dispute and after too many."""
    entitlements.lock(owner)
    dispute = own_dispute(owner=owner, dispute_id=dispute_id)
    if dispute.state != DisputeState.OPEN:
        raise NotEligible("RESOLVED", "The bank has decided this dispute.")
    if dispute.explanations.count() >= MAX_EXPLANATIONS:
        raise NotEligible("TOO_MANY_ATTEMPTS", "So many explanations are enough. Our staff will decide.")
    return DisputeExplanation.objects.create(dispute=dispute, text=text)
