"""Planning of payouts: scheduled when money becomes owed, cancelled when nothing is owed any more."""

from datetime import UTC, date, datetime, time
from typing import Final

from django.utils import timezone

from billing.models import PayeePayout, PayeeShare
from billing.payees import transitions
from billing.payees.business_days import business_day_after
from billing.vocabulary import PayeePayoutState

_DAYS_TO_SETTLE: Final = 2


def plan(share: PayeeShare, *, owed_minor: int, is_raised: bool) -> None:
    """Follow what is owed of a share: it `is_raised` if it was less before.

    A failed payout is no reason for another: staff decide. Runs in the caller's transaction, under the locks of the
    share's order and of its payee.
    """
    scheduled = PayeePayout.objects.filter(share=share, state=PayeePayoutState.SCHEDULED).first()
    if scheduled is None:
        if owed_minor > 0 and is_raised:
            schedule(share, amount_minor=owed_minor)
    elif owed_minor < 1:
        transitions.cancel(scheduled)
    else:
        PayeePayout.objects.filter(pk=scheduled.pk).update(amount_minor=owed_minor)


def schedule(share: PayeeShare, *, amount_minor: int) -> PayeePayout:
    """Schedule a payout for the payee's next business day."""
    payee = share.payee
    scheduled_for, settles_by = payout_days(timezone.now().date(), country=payee.country)
    return PayeePayout.objects.create(
        share=share,
        payee=payee,
        amount_minor=amount_minor,
        currency=payee.currency,
        scheduled_for=scheduled_for,
        settles_by=settles_by,
        due_at=datetime.combine(scheduled_for, time.min, UTC),
    )


def payout_days(day: date, *, country: str) -> tuple[date, date]:
    """Return the next business day after a day (UTC), and the one by which the money should have arrived."""
    first = business_day_after(day, country=country)
    return first, business_day_after(first, country=country, count=_DAYS_TO_SETTLE)
