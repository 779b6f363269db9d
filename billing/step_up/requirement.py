"""Whether a purchase needs a step-up first."""

from datetime import timedelta
from typing import Final

import structlog
from django.utils import timezone

from accounts.identity.step_up import check_available, is_flagged, is_open
from accounts.models import Session, User
from billing.errors import StepUpRequired
from billing.models import Order, StepUpRule
from billing.step_up.rules import rules_for
from billing.vocabulary import OrderStatus, StepUpRuleKind

STAFF_FLAG: Final = "staff_flag"

log = structlog.get_logger(__name__)


def require(*, user: User, session: Session, price_minor: int, currency: str) -> None:
    """Return if this purchase needs no step-up, or the session is open by one.

    `price_minor` is the whole price in minor units of `currency`, three capital letters. Runs at most five statements,
    changes nothing, and holds no lock. Raises `StepUpRequired`, `StepUpUnavailable` while no code can reach the user,
    and `ValueError` for a session of another user.
    """
    if session.user_id != user.pk:
        raise ValueError("the session is another user's")
    cause = _cause(user=user, session=session, price_minor=price_minor, currency=currency)
    if cause is None or is_open(session):
        return
    log.info("step-up required", user_id=str(user.pk), cause=cause)
    check_available(user)
    raise StepUpRequired


def _cause(*, user: User, session: Session, price_minor: int, currency: str) -> str | None:
    """Return why the purchase needs a step-up, the kind of a rule or the flag; None if it needs none."""
    if is_flagged(user):
        return STAFF_FLAG
    rules = rules_for(currency)
    new_device = rules.get(StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT)
    if new_device is not None and _is_new_and_high(new_device, session, price_minor):
        return StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT
    failed = rules.get(StepUpRuleKind.FAILED_PAYMENTS)
    if failed is not None and _has_failed_often(failed, user):
        return StepUpRuleKind.FAILED_PAYMENTS
    return None


def _is_new_and_high(rule: StepUpRule, session: Session, price_minor: int) -> bool:
    """Return whether the rule fires. A sign-in is a session: signing in again makes a phone new again."""
    assert rule.device_age_hours is not None  # the table's constraint
    assert rule.amount_minor is not None
    is_new = session.created_at > timezone.now() - timedelta(hours=rule.device_age_hours)
    return is_new and price_minor >= rule.amount_minor


def _has_failed_often(rule: StepUpRule, user: User) -> bool:
    """Return whether the rule fires. An order that was paid after it had failed does not count."""
    assert rule.window_days is not None  # the table's constraint
    assert rule.failed_payments is not None
    since = timezone.now() - timedelta(days=rule.window_days)
    failed = Order.objects.filter(owner=user, status=OrderStatus.FAILED)
    # An order fails at most once (`orders.transitions`), so that no order is counted twice.
    return failed.filter(events__to_status=OrderStatus.FAILED, events__at__gt=since).count() >= rule.failed_payments
