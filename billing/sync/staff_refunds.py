"""Refunds by staff: recorded first, then requested, once per submitted form.

The provider is called outside any transaction, with the form's key. A crash in between leaves a record with an unknown
outcome. While the provider remembers the key, the same refund can be requested again.
"""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAction, User
from accounts.staff.audit import ASKED, action_by_key, keep_outcome, record_staff_action, staff_actions_on
from billing import orders
from billing.catalogue.currencies import money
from billing.entitlements import entitlements
from billing.errors import CheckoutUnavailable
from billing.models import Order
from billing.provider_registry import can, refund_key_lifetime
from billing.providers.base import ProviderRefused, ProviderUnavailable
from billing.providers.capabilities import Can
from billing.sync import checkout
from billing.vocabulary import Provider

REFUND: Final = "refund"
DONE: Final = "refunded"
_CAUSE: Final = "refunded by staff"
_SOLD_BY_A_STORE: Final = (
    "The store sold it, and the store refunds it: the owner requests the refund there. The server then posts it."
)


class RefundRefused(Exception):
    """No provider was called, and nothing was recorded. The text gives the reason."""


class RefundUnfinished(Exception):
    """The provider refused or did not answer. The text gives the next step."""


def refusal_reason(order: Order) -> str | None:
    """Returns the reason why the order cannot be refunded now, or None if it can."""
    if can(order.provider, Can.SELL_IN_APP):
        return _SOLD_BY_A_STORE
    if order.provider == Provider.STAFF:
        return "It was a grant by staff: there is no payment to refund."
    if orders.refundable(order) < 1:
        return f"Nothing is left to refund: the order is {order.status}."
    if order.refund_asked_at is not None or orders.open_requests(order).exists():
        return "The order was cancelled: the refund of the rest is in progress."
    if can(order.provider, Can.HOST_CHECKOUT) and not order.payment_ref:
        return "The provider has not reported the payment yet."
    return None


def unfinished(order: Order) -> StaffAction | None:
    """Returns the refund with an unknown outcome that can still be requested again with its key."""
    begun = staff_actions_on(order).filter(action=REFUND, detail__outcome=ASKED)
    return begun.filter(at__gt=timezone.now() - refund_key_lifetime(order.provider)).first()


def refund_by_staff(*, staff: User, order: Order, amount_minor: int, key: UUID, reason: str) -> int:
    """Refund the amount once per key. Returns the refundable rest. Raises `RefundRefused` and `RefundUnfinished`."""
    done = _recorded_action(staff, order.pk, amount_minor, key, reason)
    if done.detail["outcome"] == ASKED:
        _request_refund(order, done)
    elif done.detail["outcome"] != DONE:
        raise RefundUnfinished(f"This refund was tried already. Its outcome: {done.detail['outcome']}.")
    order.refresh_from_db()
    return orders.refundable(order)


@transaction.atomic
def _recorded_action(staff: User, order_id: UUID, amount_minor: int, key: UUID, reason: str) -> StaffAction:
    """Returns the record of the refund, new or known. A refund that needs no provider is posted with it."""
    order = Order.objects.get(pk=order_id)
    entitlements.lock(order.owner_id)
    order.refresh_from_db()
    known = action_by_key(order, action=REFUND, key=key)
    _check_refund(order, amount_minor, known)
    if known is not None:
        return known
    is_ours = not can(order.provider, Can.HOST_CHECKOUT)
    if is_ours:
        orders.refund(order.pk, amount_minor=amount_minor, refund_ref=f"staff:{key}", cause=_CAUSE)
    detail = {"amount_minor": amount_minor, "key": str(key), "outcome": DONE if is_ours else ASKED}
    return record_staff_action(staff=staff, action=REFUND, subject=order, reason=reason, detail=detail)


def _check_refund(order: Order, amount_minor: int, known: StaffAction | None) -> None:
    if known is not None:
        if known.detail["amount_minor"] != amount_minor:
            raise RefundRefused("This form was sent already, with another amount. Open it again.")
        if known.detail["outcome"] == ASKED and known.at <= timezone.now() - refund_key_lifetime(order.provider):
            raise RefundRefused("This form is too old to be sent again. Open a new one.")
    elif (why := refusal_reason(order)) is not None:
        raise RefundRefused(why)
    elif (begun := unfinished(order)) is not None:
        amount = money(begun.detail["amount_minor"], order.currency)
        raise RefundRefused(f"The outcome of the refund of {amount} is unknown: open the form again.")
    elif not 0 < amount_minor <= (left := orders.refundable(order)):
        raise RefundRefused(f"No more than {money(left, order.currency)} is left to refund.")


def _request_refund(order: Order, done: StaffAction) -> None:
    key = f"staff:{order.pk}:{done.detail['key']}"
    try:
        checkout.refund(order, amount_minor=done.detail["amount_minor"], key=key)
    except ProviderRefused as error:
        keep_outcome(done, f"refused: {error}")
        raise RefundUnfinished(f"{order.get_provider_display()} refuses ({error}): nothing was refunded.") from error
    except (ProviderUnavailable, CheckoutUnavailable) as error:
        raise RefundUnfinished(
            f"{order.get_provider_display()} did not answer, so the outcome of the refund is unknown. "
            "Open the form again and send it as proposed: the refund happens once."
        ) from error
    keep_outcome(done, DONE)
