"""Billing's part in erasure and export: purchases stay in the ledger under a pseudonym that identifies no person."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing import orders
from billing.api.serializers import OrderSerializer
from billing.entitlements import entitlements
from billing.errors import OrderNotCancellable, RefundPending
from billing.models import (
    Dispute,
    DisputeExplanation,
    DisputeStep,
    Entitlement,
    Finding,
    LedgerEntry,
    LedgerTransaction,
    Order,
    OrderEvent,
    Payee,
    PayeePayout,
    PayeeShare,
    Payout,
    Product,
    ProviderEvent,
    Reconciliation,
    RefundRequest,
    StepUpRule,
    Subscription,
    SubscriptionEvent,
    UsedFreeInspection,
)
from billing.privacy import pseudonyms
from billing.provider_registry import providers_that
from billing.providers.base import ProviderRefused, ProviderUnavailable
from billing.providers.capabilities import Can
from billing.services.selling import release_service_order
from billing.sync import checkout
from billing.sync.hosted_orders import AmountDiffers
from billing.vocabulary import Grant, SubscriptionState


def count(subject: DataSubject) -> Counts:
    return {
        "entitlement": Entitlement.objects.filter(user_id=subject.id).count(),
        "orders to close": len(_closable(subject)),
        "subscriptions to end": len(_running(subject)),
        "provider events to blank": pseudonyms.events_of(subject.id).exclude(body=b"", headers={}).count(),
        "orders that stay in the books": Order.objects.filter(owner_id=subject.id).count(),
        "bookings that stay in the books": LedgerTransaction.objects.filter(owner_id=subject.id).count(),
    }


def erase(subject: DataSubject) -> None:
    """Erase the local data first, then notify the providers. Raises `ExceptionGroup` until all of them accept."""
    _forget(subject)
    for order_id in _unpaid_services(subject):
        release_service_order(order_id)  # the polls close its page
    errors = [error for call in _provider_calls(subject) if (error := _error_of(call)) is not None]
    if errors:
        raise ExceptionGroup("some calls of the providers failed", errors)


def export(user: User, archive: Archive) -> None:
    bought = Order.objects.filter(owner=user).select_related("product").prefetch_related("events")
    begun = Subscription.objects.filter(owner=user).order_by("created_at")
    posted = LedgerTransaction.objects.filter(owner=user).prefetch_related("entries").order_by("booked_at")
    archive.json("payments/entitlement.json", _entitlement(user))
    archive.json("payments/orders.json", OrderSerializer(bought.order_by("created_at"), many=True).data)
    archive.json("payments/subscriptions.json", [_subscription(row) for row in begun])
    archive.json("payments/bookings.json", [_journal_entry(row) for row in posted])
    disputed = Dispute.objects.filter(order__owner=user).order_by("opened_at")
    archive.json("payments/disputes.json", [_dispute(row) for row in disputed])
    returned = RefundRequest.objects.filter(order__owner=user).order_by("requested_at")
    archive.json("payments/refunds.json", [_refund(row) for row in returned])
    paid_out = PayeePayout.objects.filter(payee__user=user).order_by("created_at")
    archive.json("payments/payouts.json", [_payout(row) for row in paid_out])


def _provider_calls(subject: DataSubject) -> Iterator[Callable[[], object]]:
    """Yield the provider calls, those that stop further charges first."""
    for subscription in _running(subject):
        yield partial(checkout.end_subscription, subscription)
    for order in _closable(subject):
        yield partial(checkout.cancel, owner=order.owner, order_id=order.pk)


def _error_of(call: Callable[[], object]) -> Exception | None:
    """Run one provider call and return its error, so that a failed call does not stop the others."""
    # Too late to cancel, or a refund in progress: the regular polling follows the order.
    with suppress(OrderNotCancellable, RefundPending):
        try:
            call()
        except (ProviderRefused, ProviderUnavailable, AmountDiffers) as error:
            return error
    return None


@transaction.atomic
def _forget(subject: DataSubject) -> None:
    entitlements.lock(subject.id)  # first, in the same lock sequence as all other code
    pseudonyms.forget(pseudonyms.events_of(subject.id))
    pseudonyms.pseudonymise(subject.id)
    entitlements.forget(subject.id, address=subject.email)
    DisputeExplanation.objects.filter(dispute__order__owner=subject.id).update(text="")


def _unpaid_services(subject: DataSubject) -> list[UUID]:
    """Returns the open orders of services. What is paid is ended by the app that delivers it."""
    opened = Order.objects.filter(owner_id=subject.id, status__in=checkout.UNRESOLVED)
    return list(opened.filter(product__grants=Grant.SERVICE).values_list("pk", flat=True))


def _closable(subject: DataSubject) -> list[Order]:
    found = Order.objects.filter(owner_id=subject.id).select_related("product", "owner")
    return [order for order in found.order_by("created_at") if orders.may_be_cancelled(order)]


def _running(subject: DataSubject) -> list[Subscription]:
    """Returns the subscriptions that we can end. Only the buyer can end a store's subscription, in the store."""
    found = Subscription.objects.filter(owner_id=subject.id, provider__in=providers_that(Can.END))
    return list(found.exclude(state=SubscriptionState.LAPSED))


def _entitlement(user: User) -> dict[str, Any]:
    """Returns the current entitlements.

    The keys name neither product, because the person may never have used one of them.
    """
    single, tracking = entitlements.osmosis_entitlement(user), entitlements.corrosion_entitlement(user)
    return {
        "credits": single.credits,
        "credits_held": single.credits_held,
        "test_pass": single.pass_standing,
        "free_inspection_used": tracking.free_used,
        "subscribed": tracking.subscribed,
        "plan": tracking.plan,
        "subscribed_until": tracking.ends_at,
    }


def _subscription(row: Subscription) -> dict[str, Any]:
    presented = {"provider": row.provider, "plan": row.plan, "state": row.state, "ends_at": row.ends_at}
    history = [{"state": event.to_state, "ends_at": event.ends_at, "at": event.at} for event in row.events.all()]
    return {**presented, "created_at": row.created_at, "history": history}


def _journal_entry(row: LedgerTransaction) -> dict[str, Any]:
    postings = [{"account": entry.account, "unit": entry.unit, "amount": entry.amount} for entry in row.entries.all()]
    return {"kind": row.kind, "order_id": row.order_id, "at": row.booked_at, "entries": postings}


def _dispute(row: Dispute) -> dict[str, Any]:
    return {
        "order_id": row.order_id,
        "state": row.state,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "explained": list(row.explanations.values_list("text", flat=True)),
    }


def _refund(row: RefundRequest) -> dict[str, Any]:
    return {
        "order_id": row.order_id,
        "state": row.state,
        "amount_minor": row.amount_minor,
        "requested_at": row.requested_at,
        "ended_at": row.ended_at,
    }


def _payout(row: PayeePayout) -> dict[str, Any]:
    return {
        "payout_id": row.pk,
        "state": row.state,
        "amount_minor": row.amount_minor,
        "netted_minor": row.netted_minor,
        "currency": row.currency,
        "scheduled_for": row.scheduled_for,
        "paid_at": row.paid_at,
        "settled_at": row.settled_at,
    }


_BOOKS: Final = "references of the provider, by which its records are compared with ours"
_CODE: Final = "fixed words of the code"
_MONEY: Final = "a currency"
_REFUSAL: Final = "the provider's word for why it refuses"

PERSONAL_DATA: Final = PersonalData(
    app="billing",
    erased=(Entitlement,),
    retained={
        UsedFreeInspection: {"address_hash": "a keyed hash: the free inspection is free once for each address"},
        Order: {
            "currency": _MONEY,
            "provider_ref": f"{_BOOKS}; a purchase token becomes a keyed hash",
            "payment_ref": _BOOKS,
        },
        OrderEvent: {"cause": f"{_CODE}, ids of ours, {_BOOKS}"},
        RefundRequest: {"cause": f"{_CODE}, ids of ours", "refund_ref": _BOOKS, "error": _REFUSAL},
        Payee: {"country": "of the account that was paid", "currency": _MONEY, "account_ref": _BOOKS},
        PayeeShare: {},
        PayeePayout: {"currency": _MONEY, "provider_ref": _BOOKS, "reason": _REFUSAL},
        Subscription: {"provider_ref": f"{_BOOKS}; a purchase token becomes a keyed hash"},
        SubscriptionEvent: {"cause": f"{_CODE}, {_BOOKS}"},
        LedgerTransaction: {"source": f"an id of ours, {_BOOKS}"},
        LedgerEntry: {"unit": _MONEY},
        Dispute: {"provider_ref": _BOOKS, "reason": "the reason that the provider gives", "currency": _MONEY},
        DisputeExplanation: {"text": "blanked"},
        DisputeStep: {"what": _CODE, "note": "a note by staff; the person's address is removed"},
        ProviderEvent: {
            "event_id": "makes a repeated event count once",
            "kind": "the provider's name of the kind",
            "about": _CODE,
            "ref": f"{_BOOKS}; a purchase token becomes a keyed hash once the event is processed",
            "body": "blanked",
            "headers": "blanked",
            "verdict": _CODE,
            "error": "only the kind of the error stays",
        },
        Finding: {
            "ref": f"{_BOOKS}, or an id of ours; a purchase token becomes a keyed hash",
            "currency": _MONEY,
            "detail": f"{_CODE}, ids of ours",
            "resolution": "a note by staff; the person's address is removed",
        },
    },
    impersonal=(Product, Payout, Reconciliation, StepUpRule),
    staff_wrote=((DisputeStep, "note"), (Finding, "resolution")),
    count=count,
    erase=erase,
    export=export,
)
