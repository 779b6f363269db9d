"""Hide a review, and show it again. The only writer of a review's state."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.staff.audit import record_staff_action
from surveys.models import Review, ReviewReport
from surveys.vocabulary import ReviewState


class NoChange(Exception):
    """The review is in this state already, by a decision of staff."""


def hide_for_reports(review: Review) -> None:
    """Hide the review until staff decide. The caller has locked it."""
    _write(review, ReviewState.HIDDEN, hidden_at=timezone.now())


@transaction.atomic
def hide(*, staff: User, review_id: UUID, reason: str) -> None:
    """Decide that the review is not shown. Raises `NoChange`, `ReasonRequired`."""
    review = _locked(review_id)
    if review.state == ReviewState.HIDDEN and not review.awaits_staff:
        raise NoChange("Staff have hidden this review already.")
    record_staff_action(staff=staff, action="hide_review", subject=review, reason=reason)
    now = timezone.now()
    _write(review, ReviewState.HIDDEN, hidden_at=review.hidden_at or now, decided_at=now)


@transaction.atomic
def show(*, staff: User, review_id: UUID, reason: str) -> None:
    """Decide that the review is shown; the reports of it were wrong. Raises `NoChange`, `ReasonRequired`."""
    review = _locked(review_id)
    if review.state == ReviewState.VISIBLE:
        raise NoChange("This review is visible.")
    record_staff_action(staff=staff, action="show_review", subject=review, reason=reason)
    _write(review, ReviewState.VISIBLE, decided_at=timezone.now())
    ReviewReport.objects.filter(review=review).update(is_rejected=True)


def _locked(review_id: UUID) -> Review:
    return Review.objects.select_for_update().get(pk=review_id)


def _write(review: Review, state: ReviewState, **times: object) -> None:
    review.state = state
    for name, value in times.items():
        setattr(review, name, value)
    review.save(update_fields=["state", *times])
