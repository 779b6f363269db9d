"""Subscriptions as reported by their providers. The only module that writes them.

A provider's facts replace its earlier ones. Of two answers, the one with the later request time counts, whatever their
order of arrival, because it includes everything that happened before the request.

An owner has one live subscription. Our checkout does not sell a second one, but a store may, and a payment may arrive
late. Such a subscription is recorded as surplus, and staff get a finding.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.entitlements import end_notices, entitlements, paid_periods, second_subscriptions
from billing.models import Subscription, SubscriptionEvent
from billing.provider_registry import providers_that
from billing.providers.base import SubscriptionFacts
from billing.providers.capabilities import Can
from billing.vocabulary import Provider, SubscriptionState

LAPSED: Final = SubscriptionState.LAPSED
_CAUSE_LENGTH: Final = 200


@transaction.atomic
def record(
    *,
    owner_id: UUID,
    provider: Provider,
    facts: SubscriptionFacts,
    asked_at: datetime,
    cause: str,
    passes_on: bool = False,
    is_test: bool = False,
) -> Subscription | None:
    """Record the state of a subscription at the time of the request. Returns None if another owner has it.

    With `passes_on`, the subscription moves to this owner: the provider reports that they paid for its latest period.
    """
    entitlements.lock(owner_id)
    state = LAPSED if facts.ends_at <= asked_at else facts.state
    reported = {"plan": facts.plan, "state": state, "ends_at": facts.ends_at}
    offered = Subscription(owner_id=owner_id, provider=provider, provider_ref=facts.ref, asked_at=asked_at, **reported)
    offered.is_test = is_test
    Subscription.objects.bulk_create([offered], ignore_conflicts=True)
    stored = Subscription.objects.select_for_update().get(provider=provider, provider_ref=facts.ref)
    if stored.owner_id != owner_id:
        if not passes_on or asked_at <= stored.asked_at:
            return None
        _move_to(stored, owner_id, cause=cause)
    if stored.pk == offered.pk:
        _add_event(stored, before="", cause=cause)
    elif asked_at > stored.asked_at:
        _change(stored, reported, asked_at=asked_at, cause=cause)
    if facts.replaces:
        _end_replaced(provider, facts.replaces, asked_at=asked_at, cause=cause)
    settle(owner_id)
    stored.refresh_from_db()
    return stored


def live(owner_id: UUID) -> QuerySet[Subscription]:
    """Returns the bought subscriptions that run and give access, or may give it again; each blocks another purchase.

    A subscription with a contested payment may give access again. One without its money does not.
    """
    bought = _bought().filter(owner_id=owner_id)
    now = timezone.now()
    return bought.filter(Q(money=paid_periods.CONTESTED, ends_at__gt=now) | Q(access_ends_at__gt=now))


@transaction.atomic
def settle(owner_id: UUID) -> None:
    """Select the owner's current subscription, mark all other live ones as surplus and report new ones to staff.

    The current subscription stays current while it is live. Its successor is the oldest one that is not surplus.
    """
    entitlements.lock(owner_id)
    found = sorted(live(owner_id), key=lambda one: (not one.is_current, one.surplus_at is not None, one.created_at))
    current, ids = found[0] if found else None, [one.pk for one in found]
    bought = Subscription.objects.filter(owner_id=owner_id)
    bought.filter(is_current=True).exclude(pk__in=ids[:1]).update(is_current=False)
    bought.filter(surplus_at__isnull=False).exclude(pk__in=ids[1:]).update(surplus_at=None)
    if current is not None and not current.is_current:
        bought.filter(pk=current.pk).update(is_current=True)
    for one in found[1:]:
        if one.surplus_at is None:
            bought.filter(pk=one.pk).update(surplus_at=timezone.now())
            event = _add_event(one, before=one.state, cause=f"live beside {found[0].pk}")
            second_subscriptions.record_surplus_finding(one, beside=found[0], event_id=event.pk)
    end_notices.withdraw_untrue(owner_id)


def unsettled() -> QuerySet[Subscription]:
    """Returns the live subscriptions that are neither current nor surplus.

    Another release wrote them, or they became live again without an event.
    """
    now = timezone.now()
    aside = _bought().filter(is_current=False, surplus_at=None, ends_at__gt=now)
    return aside.filter(Q(money=paid_periods.CONTESTED) | Q(access_ends_at__gt=now))


def _bought() -> QuerySet[Subscription]:
    """Returns the subscriptions bought for money.

    Grants by staff and test purchases of the stores do not block a purchase.
    """
    return paid_periods.running().filter(is_test=False).exclude(provider=Provider.STAFF)


def settle_owner_of(subscription_id: UUID) -> None:
    settle(Subscription.objects.values_list("owner_id", flat=True).get(pk=subscription_id))


def to_stop() -> QuerySet[Subscription]:
    """Returns the subscriptions that would be renewed although the money for the newest period was refunded or lost.

    The recheck interval limits how often each is returned.
    """
    gone = paid_periods.running().filter(Q(money=paid_periods.GONE), provider__in=providers_that(Can.END))
    return gone.filter(_due_for_query()).exclude(state=SubscriptionState.CANCELLED).order_by("updated_at")


def extend(*, owner: User, plan: str, until: datetime, ref: str, cause: str) -> Subscription:
    """Grant access until `until`, in addition to paid subscriptions. Runs in the caller's transaction."""
    entitlements.lock(owner)
    now = timezone.now()
    given = Subscription.objects.create(
        owner=owner,
        provider=Provider.STAFF,
        provider_ref=ref,
        plan=plan,
        state=SubscriptionState.CANCELLED,
        ends_at=until,
        asked_at=now,
    )
    _add_event(given, before="", cause=cause)
    end_notices.withdraw_untrue(given.owner_id)
    return given


@transaction.atomic
def lapse(subscription_id: UUID, *, cause: str) -> None:
    """Mark a subscription as lapsed once its end has passed without a renewal."""
    owner_id = Subscription.objects.values_list("owner_id", flat=True).get(pk=subscription_id)
    entitlements.lock(owner_id)
    stored = Subscription.objects.select_for_update().get(pk=subscription_id)
    if stored.state != LAPSED and stored.ends_at <= timezone.now():
        _change(stored, {"state": LAPSED}, asked_at=stored.asked_at, cause=cause)
        settle(stored.owner_id)


def overdue() -> QuerySet[Subscription]:
    """Returns the subscriptions past their end that no provider reported as lapsed.

    Each is due for a query of its provider; the recheck interval limits how often it is returned.
    """
    ended = Subscription.objects.exclude(state=LAPSED).filter(ends_at__lte=timezone.now())
    return ended.filter(_due_for_query() | Q(updated_at__lte=F("ends_at"))).order_by("updated_at")


def note_query(subscription_id: UUID) -> None:
    """Record that the provider is being queried. The next query waits for the recheck interval, whatever the result."""
    Subscription.objects.filter(pk=subscription_id).update(updated_at=timezone.now())


def _due_for_query() -> Q:
    return Q(updated_at__lte=timezone.now() - timedelta(seconds=settings.ORDER_RECHECK_SECONDS))


def _end_replaced(provider: Provider, ref: str, *, asked_at: datetime, cause: str) -> None:
    """End the subscription that another one replaced, for any owner. The new one includes what was paid for it."""
    former = Subscription.objects.select_for_update().filter(provider=provider, provider_ref=ref).first()
    if former is not None and former.state != LAPSED:
        ended = {"state": LAPSED, "ends_at": min(former.ends_at, asked_at)}
        _change(former, ended, asked_at=max(former.asked_at, asked_at), cause=cause, is_replaced=True)
        end_notices.withdraw_untrue(former.owner_id)


def _move_to(stored: Subscription, owner_id: UUID, *, cause: str) -> None:
    former_owner_id = stored.owner_id
    stored.owner_id, stored.is_current, stored.surplus_at = owner_id, False, None
    stored.save(update_fields=["owner", "is_current", "surplus_at", "updated_at"])
    _add_event(stored, before=stored.state, cause=f"passed on to another account: {cause}"[:_CAUSE_LENGTH])
    end_notices.withdraw_untrue(former_owner_id)


def _change(
    stored: Subscription, reported: dict[str, Any], *, asked_at: datetime, cause: str, is_replaced: bool = False
) -> None:
    before, differs = stored.state, any(getattr(stored, name) != value for name, value in reported.items())
    for name, value in {**reported, "asked_at": asked_at}.items():
        setattr(stored, name, value)
    stored.save(update_fields=[*reported, "asked_at", "updated_at"])
    if differs:
        _add_event(stored, before=before, cause=cause)
    if stored.state == LAPSED != before and not is_replaced and not live(stored.owner_id).exists():
        end_notices.notify_of_lapse(stored)


def _add_event(stored: Subscription, *, before: str, cause: str) -> SubscriptionEvent:
    return SubscriptionEvent.objects.create(
        subscription=stored, from_state=before, to_state=stored.state, ends_at=stored.ends_at, cause=cause
    )
