"""Pseudonyms for the purchases of an erased owner: the ledger stays, under names that lead to no person.

We keep a provider's references to payments, because the provider's records name them too. A purchase token of Google
Play is more: it lets its holder read the purchase. A keyed hash replaces it, which still recognises the same purchase
in later messages from Google. We query Google about it no more.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, Lookup, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.crypto import salted_hmac

from accounts.models import Erasure
from billing.models import Finding, Order, ProviderEvent, Subscription
from billing.provider_registry import body_names, can, providers_that
from billing.providers.base import StorePurchase
from billing.providers.capabilities import Can
from billing.vocabulary import EventState, Provider

MARK: Final = ":erased-"
NAMES_AT_ONCE: Final = 50
_ID: Final = re.compile(rb'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')


@BinaryField.register_lookup
class Holds(Lookup[bytes]):
    """`body__holds=b"..."`: whether a binary field contains these bytes. Django has no such lookup."""

    lookup_name = "holds"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return self._sql("POSITION({part} IN {whole}) > 0", compiler, connection, part_first=True)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return self._sql("INSTR({whole}, {part}) > 0", compiler, connection, part_first=False)

    def _sql(
        self, template: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *, part_first: bool
    ) -> tuple[str, tuple[Any, ...]]:
        whole, whole_params = self.process_lhs(compiler, connection)
        part, part_params = self.process_rhs(compiler, connection)
        first, second = (part_params, whole_params) if part_first else (whole_params, part_params)
        return template.format(whole=whole, part=part), (*first, *second)


def pseudonym_of(ref: str) -> str:
    """Replace the token of a reference by a keyed hash. The provider's order number stays.

    The same reference always gives the same result, which is useless as a key to the purchase.
    """
    what, colon, rest = ref.partition(":")
    token, *order = rest.split(":")
    if not colon or is_pseudonym(ref):
        return ref
    name = what + MARK + salted_hmac("billing.erased", token, algorithm="sha256").hexdigest()
    return ":".join((name, *order))


def is_pseudonym(ref: str) -> bool:
    return MARK in ref


def with_pseudonyms(*refs: str) -> set[str]:
    """Returns the references together with their hashed forms."""
    return {*refs, *map(pseudonym_of, refs)} - {""}


def as_stored(provider: Provider, owner_id: UUID, purchase: StorePurchase) -> StorePurchase:
    """Returns the purchase with the references under which we store it.

    Runs in the caller's transaction, under the owner's lock.
    """
    begun = purchase.subscription
    if not can(provider, Can.SECRET_REFS) or not Erasure.objects.filter(user_id=owner_id).exists():
        return purchase
    if Order.objects.filter(provider=provider, provider_ref=purchase.ref).exists():
        return purchase  # its references are not hashed yet
    if begun is not None:
        if Subscription.objects.filter(provider=provider, provider_ref=begun.ref).exists():
            return purchase
        begun = replace(begun, ref=pseudonym_of(begun.ref), replaces=pseudonym_of(begun.replaces))
    return replace(
        purchase, ref=pseudonym_of(purchase.ref), latest_ref=pseudonym_of(purchase.latest_ref), subscription=begun
    )


@transaction.atomic
def pseudonymise(owner_id: UUID) -> None:
    """Replace every purchase key of this owner by its hash. The caller holds the lock on the owner's row."""
    secretive = providers_that(Can.SECRET_REFS)
    for order in Order.objects.filter(owner_id=owner_id, provider__in=secretive).exclude(provider_ref=""):
        name = pseudonym_of(order.provider_ref)
        Finding.objects.filter(provider=order.provider, ref=order.provider_ref[:200]).update(ref=name)
        Order.objects.filter(pk=order.pk).update(provider_ref=name, look_at=None)
    for subscription in Subscription.objects.filter(owner_id=owner_id, provider__in=secretive):
        Subscription.objects.filter(pk=subscription.pk).update(provider_ref=pseudonym_of(subscription.provider_ref))


def events_of(owner_id: UUID) -> QuerySet[ProviderEvent]:
    """Returns the webhook events about this owner, as far as their contents still identify the owner."""
    orders, begun = Order.objects.filter(owner_id=owner_id), Subscription.objects.filter(owner_id=owner_id)
    about = Q(pk__in=())
    for provider in Provider:
        refs = _refs(orders, begun, provider)
        about |= Q(provider=provider, ref__in=refs)
        for token in {_token(ref) for ref in refs} - {""} if can(provider, Can.SECRET_REFS) else ():
            about |= Q(provider=provider, ref__contains=token)
    found = set(ProviderEvent.objects.filter(about).values_list("pk", flat=True))
    for provider in Provider:
        names = body_names(provider)
        if names is None:
            continue
        # We send the order's id with the order.
        ids = orders.filter(provider=provider).values_list("pk", flat=True)
        found |= _events_with(provider, (f'"{n}"'.encode() for n in {*_refs(orders, begun, provider), *map(str, ids)}))
        # The events of a customer name no order. The customer id in the other events leads to them.
        bodies = ProviderEvent.objects.filter(pk__in=found, provider=provider).values_list("body", flat=True)
        found |= _events_with(provider, {name for body in bodies.iterator() for name in names.customers(bytes(body))})
    return ProviderEvent.objects.filter(pk__in=found)


def forget(events: QuerySet[ProviderEvent]) -> None:
    """Erase the contents of the events and keep the record of their arrival.

    A purchase key stays in an event until the event is processed.
    """
    for event in events.defer("body"):
        is_done_with = can(event.provider, Can.SECRET_REFS) and event.state != EventState.WAITING
        ref = pseudonym_of(event.ref) if is_done_with else event.ref
        erased = {"body": b"", "headers": {}, "error": event.error.partition(":")[0], "ref": ref}
        ProviderEvent.objects.filter(pk=event.pk).update(**erased)


def forget_if_erased(event_id: UUID) -> None:
    """Erase a late event about an erased owner, so that it does not bring the personal data back."""
    event = ProviderEvent.objects.get(pk=event_id)
    body, erased = bytes(event.body), Erasure.objects.values("user_id")
    names = body_names(Provider(event.provider))
    refs = with_pseudonyms(event.ref, *(name.decode().strip('"') for name in names.refs(body)) if names else ())
    if can(event.provider, Can.SECRET_REFS):  # the reference of an order of a subscription includes that of the latter
        refs |= {f"subscription:{_token(ref)}" for ref in refs}
    named = Q(provider_ref__in=refs) | Q(payment_ref__in=refs) | Q(pk__in=[UUID(i.decode()) for i in _ID.findall(body)])
    bought = Order.objects.filter(named, provider=event.provider, owner__in=erased)
    begun = Subscription.objects.filter(provider=event.provider, provider_ref__in=refs, owner__in=erased)
    if bought.exists() or begun.exists():
        forget(ProviderEvent.objects.filter(pk=event_id))


def _refs(orders: QuerySet[Order], begun: QuerySet[Subscription], provider: Provider) -> set[str]:
    """Returns all references of this provider to the orders and subscriptions."""
    bought = orders.filter(provider=provider).values_list("provider_ref", "payment_ref")
    subscribed = begun.filter(provider=provider).values_list("provider_ref", flat=True)
    return {*(ref for row in bought for ref in row), *subscribed} - {""}


def _token(ref: str) -> str:
    return ref.partition(":")[2].partition(":")[0]


def _events_with(provider: Provider, names: Iterable[bytes]) -> set[UUID]:
    bodies = ProviderEvent.objects.filter(provider=provider).exclude(body=b"")
    every, found = list(names), set()
    for start in range(0, len(every), NAMES_AT_ONCE):  # one scan of the inbox serves this many names
        holds_any = reduce(or_, (Q(body__holds=name) for name in every[start:][:NAMES_AT_ONCE]))
        found |= set(bodies.filter(holds_any).values_list("pk", flat=True))
    return found
