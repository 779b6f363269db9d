"""Payouts to payees, carried out by workers: each is sent once, and followed until it has arrived.

The provider is called outside any transaction. A crash in between leaves a payout that is being sent: its transfer is
looked for first, and made only if there is none.
"""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.models import Owner
from billing import orders
from billing.errors import CheckoutUnavailable
from billing.models import LedgerEntry, Payee, PayeePayout, PayeeShare
from billing.payees import schedule, transitions
from billing.provider_registry import payout_sender
from billing.providers.base import ProviderRefused, ProviderUnavailable
from billing.providers.transfers import Transferred
from billing.vocabulary import Account, PayeePayoutState

log = structlog.get_logger(__name__)
SCHEDULED, SENDING, PAID, SETTLED, FAILED, CANCELLED = PayeePayoutState


def due_payouts() -> QuerySet[PayeePayout]:
    return PayeePayout.due().order_by("due_at")


def payouts_of(payee: Owner) -> QuerySet[PayeePayout]:
    """Return the payouts of a user who is a payee, newest first, and whether each `is_blocked`."""
    own = PayeePayout.objects.filter(payee__user=payee).select_related("share__order")
    own = own.annotate(is_blocked=Exists(PayeePayout.blocked().filter(pk=OuterRef("pk"))))
    return own.order_by("-created_at", "-pk")


def unpaid() -> QuerySet[PayeePayout]:
    """Return the failed payouts with money that is still owed and not scheduled again."""
    of_share = PayeePayout.objects.filter(share=OuterRef("share"))
    later = of_share.filter(created_at__gt=OuterRef("created_at")).exclude(state=CANCELLED)
    postings = LedgerEntry.objects.filter(transaction__order=OuterRef("share__order"), account=Account.PAYEES_OWED)
    balance = postings.order_by().values("account").annotate(total=Sum("amount")).values("total")
    failed = PayeePayout.objects.filter(state=FAILED).exclude(Exists(later))
    return failed.annotate(balance=Subquery(balance)).filter(balance__lt=0)


def late() -> QuerySet[PayeePayout]:
    """Return the payouts that should have arrived, without those that are kept back."""
    return PayeePayout.awaited().filter(settles_by__lt=timezone.now().date())


def carry_out(payout_id: UUID) -> None:
    """Make one attempt: begin, send, or look whether it has arrived. Idempotent. An outage does not count."""
    payout = PayeePayout.claim(payout_id)
    if payout is None:
        return
    try:
        if payout.state == SCHEDULED and not _begin(payout_id):
            return
        if payout.state == PAID:
            _follow(payout)
        else:
            _send(payout_id)
    except (ProviderUnavailable, CheckoutUnavailable) as error:
        log.warning("payout not carried out", payout=str(payout_id), error=str(error))


def sync(payout_id: UUID) -> None:
    """Ask the provider about a payout that it has sent, also after it has arrived. Raises the provider's errors."""
    _follow(PayeePayout.objects.get(pk=payout_id))


@transaction.atomic
def block_payout(order_id: UUID) -> bool:
    """Keep back what is not paid out of a delivered order, while a complaint is open. False without a payee."""
    return _set_blocked(order_id, is_blocked=True)


@transaction.atomic
def unblock_payout(order_id: UUID) -> bool:
    """Let the payout of an order go on. False without a payee."""
    return _set_blocked(order_id, is_blocked=False)


@transaction.atomic
def pay_again(payout_id: UUID) -> PayeePayout | None:
    """Schedule another payout of what a failed one did not bring.

    Returns None if it has not failed, if nothing is owed, or if another one is scheduled already.
    """
    failed = _locked(payout_id)
    owed = orders.owed(failed.share.order)
    is_scheduled = PayeePayout.objects.filter(share=failed.share, state=SCHEDULED).exists()
    if failed.state != FAILED or owed < 1 or is_scheduled:
        return None
    return schedule.schedule(failed.share, amount_minor=owed)


@transaction.atomic
def _begin(payout_id: UUID) -> bool:
    """Take the money out of the books. Returns whether there is something to send."""
    payout = _locked(payout_id)
    if payout.state != SCHEDULED or PayeePayout.blocked().filter(pk=payout_id).exists():
        return False
    owed = orders.owed(payout.share.order)
    if owed < 1:
        transitions.cancel(payout)
    elif not payout.payee.account_ref:
        transitions.fail(payout, reason="The payee has no account at the provider.")
    else:
        transitions.begin(payout, owed_minor=owed)
    return payout.state == SENDING


def _send(payout_id: UUID) -> None:
    payout = PayeePayout.objects.select_related("payee", "share__order").get(pk=payout_id)
    sender = payout_sender(payout.share.order.provider)
    try:
        found = sender.transfer_of(str(payout_id)) or sender.send(
            payout_id=str(payout_id),
            account_ref=payout.payee.account_ref,
            amount_minor=payout.sent_minor,
            currency=payout.currency,
            payment_ref="" if _is_paid_already(payout) else payout.share.order.payment_ref,
            key=f"payout:{payout_id}:{timezone.now():%Y-%m-%d}",  # a refusal sticks to its key
        )
    except ProviderRefused as error:
        _end(payout_id, SENDING, refusal=f"The provider refuses: {error}.")
    else:
        _end(payout_id, SENDING, transfer=found)


def _is_paid_already(payout: PayeePayout) -> bool:
    """Returns whether the payment has paid its payee before: a second transfer draws on our balance."""
    return PayeePayout.objects.filter(share=payout.share, paid_at__isnull=False).exists()


def _follow(payout: PayeePayout) -> None:
    """Look at the transfer of a payout: has it arrived, or was it taken back?"""
    found = payout_sender(payout.share.order.provider).transfer(payout.provider_ref)
    if found.returned_minor >= found.amount_minor:
        _end(payout.pk, PayeePayoutState(payout.state), refusal="The transfer was taken back.")
    elif found.has_arrived and payout.state == PAID:
        _end(payout.pk, PAID)


@transaction.atomic
def _end(payout_id: UUID, state: PayeePayoutState, *, transfer: Transferred | None = None, refusal: str = "") -> None:
    """Record the outcome of an attempt, unless another worker has recorded one since."""
    payout = _locked(payout_id)
    if payout.state != state:
        return
    if refusal:
        transitions.fail(payout, reason=refusal)
    elif transfer is not None:
        transitions.confirm(payout, transfer)
    else:
        transitions.settle(payout)


def _locked(payout_id: UUID) -> PayeePayout:
    """Lock the order, then its payee, then the payout, always in this sequence."""
    order_id, payee_id = PayeePayout.objects.values_list("share__order_id", "payee_id").get(pk=payout_id)
    orders.locked(order_id)
    Payee.objects.select_for_update().get(pk=payee_id)
    found = PayeePayout.objects.select_for_update(of=("self",))
    return found.select_related("payee", "share__order", "share__payee").get(pk=payout_id)


def _set_blocked(order_id: UUID, *, is_blocked: bool) -> bool:
    orders.locked(order_id)
    share = PayeeShare.objects.filter(order_id=order_id)
    since = timezone.now() if is_blocked else None
    return bool(share.filter(blocked_at__isnull=is_blocked).update(blocked_at=since) or share.exists())
