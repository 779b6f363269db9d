"""Request side: resolve the two inspections and return the state of their comparison."""

import uuid

from django.utils import timezone

from accounts.models import User
from corrosion.comparison import answers, work
from corrosion.errors import ComparisonOfAnotherMode, InvalidComparison
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison
from corrosion.tasks import send_comparison
from corrosion.vocabulary import ComparisonState
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus, Mode


def own_pair(*, owner: User, from_id: str | None, to_id: str | None) -> tuple[Inspection, Inspection]:
    """Returns both requested inspections, in one statement. Raises `InvalidComparison` or `ComparisonOfAnotherMode`."""
    ids = _uuid(from_id), _uuid(to_id)
    own = Inspection.objects.owned_by(owner).select_related("policy").in_bulk(ids)
    if len(own) < 2:
        raise InvalidComparison
    before, after = (own[each] for each in ids)
    if not before.mode == after.mode == Mode.CORROSION:
        raise ComparisonOfAnotherMode
    if not before.status == after.status == InspectionStatus.COMPLETED:
        raise InvalidComparison
    return before, after


def request_comparison(*, before: Inspection, after: Inspection) -> Comparison:
    """Returns the comparison, computed or pending. The first request starts it; later ones resend it if due."""
    comparison, _ = Comparison.objects.select_related("before__policy", "after__policy").get_or_create(
        before=before, after=after, defaults={"rule_version": RULE_VERSION}
    )
    answers.reopen_outdated(comparison)
    is_due = comparison.state == ComparisonState.PENDING and comparison.due_at <= timezone.now()
    if is_due and not answers.compute_without_pixels(comparison) and work.claim_to_send(comparison.pk):
        send_comparison(comparison.pk)
    return comparison


def send_next(owner_id: uuid.UUID) -> None:
    """Send the owner's oldest due comparison, unless one is sent already."""
    due = work.next_of_owner(owner_id)
    if due is not None:
        send_comparison(due)


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise InvalidComparison from None
