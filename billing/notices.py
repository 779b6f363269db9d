"""What owners are notified of about their money, and staff about the books. Each runs in the caller's transaction."""

import hashlib
from datetime import date
from typing import Final
from uuid import UUID

from accounts.models import Owner
from billing.models import Dispute, Finding, Order, PayeePayout, Payout, ProviderEvent, Subscription
from billing.vocabulary import Provider
from notifications.notify import notify
from notifications.vocabulary import KindName

_CORROSION: Final = "corrosion"
_OSMOSIS: Final = "osmosis"


def notify_of_payment(order: Order) -> None:
    """Notify of money that was received; a gift and a test are none."""
    if order.price_minor and order.provider != Provider.STAFF:
        _notify(order.owner_id, KindName.PAYMENT_RECEIVED, event=str(order.pk), order_id=order.pk)


def notify_of_refund(order: Order, *, source: str) -> None:
    """Notify of a refund, once per source. A source may hold a secret of the provider, so the key has its hash."""
    event = f"{order.pk}:{_hash(source)}"
    _notify(order.owner_id, KindName.PAYMENT_REFUNDED, event=event, order_id=order.pk)


def notify_of_returned_credit(owner: Owner, *, inspection_id: UUID) -> None:
    _notify(owner, KindName.CREDIT_RETURNED, event=str(inspection_id), variant=_OSMOSIS, inspection_id=inspection_id)


def notify_of_lapse(subscription: Subscription) -> None:
    event = f"{subscription.pk}:{subscription.ends_at.isoformat()}"
    _notify(
        subscription.owner_id,
        KindName.SUBSCRIPTION_LAPSED,
        event=event,
        variant=_CORROSION,
        subscription_id=subscription.pk,
    )


def notify_of_end(subscription: Subscription) -> None:
    event = f"{subscription.pk}:{subscription.ends_at.isoformat()}"
    _notify(
        subscription.owner_id,
        KindName.SUBSCRIPTION_ENDING,
        event=event,
        variant=_CORROSION,
        subscription_id=subscription.pk,
    )


def tell_staff_of_dispute(case: Dispute) -> None:
    _notify(None, KindName.DISPUTE_OPENED, event=str(case.pk), dispute_id=case.pk)


def tell_staff_of_differences(provider: Provider, day: date) -> None:
    """Notify staff once that this day's books differ, however many differences there are and become."""
    _notify(None, KindName.DIFFERENCES_FOUND, event=f"{provider}:{day}", provider=provider.value, day=day)


def tell_staff_of_dead_letter(event: ProviderEvent) -> None:
    _notify(None, KindName.WEBHOOK_DEAD_LETTER, event=str(event.pk), event_id=event.pk)


def tell_staff_of_second_subscription(found: Finding) -> None:
    _notify(None, KindName.SECOND_SUBSCRIPTION, event=found.ref, finding_id=found.pk)


def tell_staff_of_failed_refund(order: Order, *, source: str) -> None:
    """Notify staff, once per source, of a refund with money that came back, or that the provider refuses."""
    _notify(None, KindName.REFUND_FAILED, event=f"{order.pk}:{_hash(source)}", order_id=order.pk)


def tell_staff_of_failed_payout(payout: Payout) -> None:
    _notify(None, KindName.BANK_PAYOUT_FAILED, event=str(payout.pk), payout_id=payout.pk)


def notify_of_payout(payout: PayeePayout) -> None:
    _notify(payout.payee.user_id, KindName.PAYOUT_SENT, event=str(payout.pk), payout_id=payout.pk)


def notify_of_failed_payout(payout: PayeePayout) -> None:
    """Notify the payee and staff, once each, that what is owed was not paid."""
    _notify(payout.payee.user_id, KindName.PAYOUT_FAILED, event=str(payout.pk), payout_id=payout.pk)
    _notify(None, KindName.PAYEE_PAYOUT_FAILED, event=str(payout.pk), payout_id=payout.pk)


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:32]


def _notify(owner: Owner | None, kind: KindName, *, event: str, variant: str = "", **data: object) -> None:
    notify(kind=kind, recipient=owner, event_key=f"{kind}:{event}", data=data, variant=variant)
