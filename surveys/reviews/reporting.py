"""Reports of reviews: each weighs as much as its reporter is trusted, and enough of them hide the review."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from maretech.common.http.errors import NotFound
from surveys.errors import AppointmentRefused, ReportedToday
from surveys.models import Appointment, Review, ReviewReport
from surveys.reviews.moderation import hide_for_reports
from surveys.vocabulary import ReviewState

# Hundredths. A reporter is trusted more after an appointment, or with an account of some age, and less for each of
# the reports that staff rejected.
CUSTOMER, KNOWN, NEW = 100, 50, 10
_KNOWN_AFTER: Final = timedelta(days=30)


@transaction.atomic
def report_review(*, reporter: User, review_id: UUID, reason: str) -> ReviewReport:
    """Report a visible review, once a day. Hides it if the reports of different people weigh enough.

    Raises `NotFound`, `EmailUnverified`, `AppointmentRefused` for an own review, or `ReportedToday`.
    """
    review = Review.objects.select_for_update().filter(pk=review_id, state=ReviewState.VISIBLE).first()
    if review is None:
        raise NotFound
    require_verified(reporter)
    if review.author_id == reporter.pk:
        raise AppointmentRefused("OWN_REVIEW", "This is your own review.")
    day = timezone.now().date()
    try:
        with transaction.atomic():
            report = ReviewReport.objects.create(
                review=review, reporter=reporter, day=day, reason=reason, weight=weight_of(reporter)
            )
    except IntegrityError as exc:
        raise ReportedToday from exc
    if weight_against(review) >= settings.REVIEW_HIDING_WEIGHT:
        hide_for_reports(review)
    return report


def weight_of(reporter: User) -> int:
    """Return how much a report of this person weighs, in hundredths."""
    if Appointment.objects.of_owner(reporter).filter(checked_in_at__isnull=False).exists():
        trust = CUSTOMER
    else:
        trust = KNOWN if reporter.created_at <= timezone.now() - _KNOWN_AFTER else NEW
    rejected = ReviewReport.objects.filter(reporter=reporter, is_rejected=True).values("review").distinct().count()
    return trust >> min(rejected, trust.bit_length())


def weight_against(review: Review) -> int:
    """Return the weight of the reports since staff decided last: a reporter counts once, whatever the days."""
    reports = ReviewReport.objects.filter(review=review)
    if review.decided_at is not None:
        reports = reports.filter(created_at__gt=review.decided_at)
    each = reports.values("reporter").annotate(most=Max("weight")).values_list("most", flat=True)
    return sum(each)
