"""Attack appointments: one slot for many owners at once, holds that do not end, payments that arrive late, old codes.

Of the owners who ask for a slot at once one holds it, and no other waits for a lock. A hold ends on time without any
worker. A payment after its end confirms, or goes back. Of several scans one checks in, and only with a fresh code.
Everything happens in this process; the sweeps run only where the drill calls them.

Control: the table allows two appointments of a slot and two check-ins, and the rules wait for locks or take none.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from math import inf
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from billing.api.checkout_views import present_page
from billing.models import Order, RefundRequest
from billing.orders import services
from billing.orders.refund_requests import request_refund
from drills.harness.api_client import at_once, side_by_side
from drills.harness.runner import DrillContext, Result, main
from maretech.common.http.errors import APIError
from surveys.appointments import holding, paying
from surveys.appointments.holding import hold_slot
from surveys.appointments.transitions import BadTransition
from surveys.check_ins import scanning, tokens
from surveys.errors import SlotTaken
from surveys.models import Appointment, AppointmentEvent, AppointmentOrder, CheckIn, Slot, Surveyor
from surveys.models.appointments import AppointmentQuerySet
from surveys.tasks import sweep_appointments
from surveys.vocabulary import AppointmentStatus, CheckInResult
from testing.database_role import as_owner
from testing.fake_stripe import FakeStripe
from testing.surveys import confirmed_of, place_of, slot_of, surveyor_in
from testing.web_purchases import deliver_events, forget_clients

AT_ONCE: Final = 60  # connections of Postgres
REFUSED_WITHIN_SECONDS: Final = 0.1
LOCKED_SECONDS: Final = 10
CONSTRAINTS: Final = ((Appointment, "one_appointment_occupies_a_slot"), (CheckIn, "an_appointment_is_checked_in_once"))


def disable_guard() -> AbstractContextManager[object]:
    def waits(slot: Slot) -> None:
        """Wait for the lock of the slot, without excluding others."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM surveys_slot WHERE id = %s FOR SHARE", [slot.pk])

    def without_end(rows: AppointmentQuerySet) -> AppointmentQuerySet:
        return rows.filter(status__in=holding_statuses())

    stack = ExitStack()
    stack.enter_context(_without_constraints())
    stack.enter_context(patch.object(holding, "_lock_now", waits))
    stack.enter_context(patch.object(holding, "_refuse_taken", _refuse_held))
    stack.enter_context(patch.object(AppointmentQuerySet, "occupying", without_end))
    stack.enter_context(patch.object(services, "request_refund", lambda *_, **__: None))
    stack.enter_context(patch.object(scanning, "lock_appointment", _look_slowly))
    stack.enter_context(patch.object(tokens, "LIFETIME_SECONDS", 3600))
    return stack


def holding_statuses() -> list[str]:
    return [status for status in AppointmentStatus.values() if status not in ("released", "cancelled")]


def _look_slowly(appointment_id: UUID) -> Appointment:
    """Read without a lock, and act on it later."""
    found = Appointment.objects.get(pk=appointment_id)
    time.sleep(0.05)
    return found


def _refuse_held(slot: Slot) -> None:
    """Look, and act on it later."""
    if Appointment.objects.filter(slot=slot, status__in=holding_statuses()).exists():
        raise SlotTaken
    time.sleep(0.05)


@contextmanager
def _without_constraints() -> Iterator[None]:
    found = [(model, each) for model, name in CONSTRAINTS for each in model._meta.constraints if each.name == name]
    with as_owner(), connection.schema_editor() as editor:
        for model, constraint in found:
            editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        for table in (CheckIn, AppointmentOrder, AppointmentEvent, Appointment):
            table.objects.all().delete()
        with as_owner(), connection.schema_editor() as editor:
            for model, constraint in found:
                editor.add_constraint(model, constraint)


def drill(context: DrillContext) -> Result:
    times = 1 if context.small else 10
    crowd = 8 if context.small else 200
    with _paid_through(context.fake):
        return _attacked(context, times, crowd)


@contextmanager
def _paid_through(fake: FakeStripe) -> Iterator[None]:
    """Have this process trust the fake's events."""
    keys = {"STRIPE_SECRET_KEY": fake.secret_key, "STRIPE_WEBHOOK_SECRET": fake.webhook_secret}
    with override_settings(**keys, STRIPE_API_BASE=fake.base_url, ALLOWED_HOSTS=["testserver"]):
        forget_clients()
        yield
    forget_clients()


def _attacked(context: DrillContext, times: int, crowd: int) -> Result:
    surveyor = surveyor_in(account_ref=context.fake.connect_account()["id"])
    days = iter(range(2, 10_000))
    attacks: dict[str, Callable[[Slot], bool]] = {
        "two owners hold one slot": partial(_two_hold, [_owner() for _ in range(crowd)]),
        "a hold does not end without a worker": _hold_stays,
        "a late payment takes the slot of another owner": partial(_late_payment_takes, context.fake),
        "a late payment is lost": partial(_late_payment_is_lost, context.fake),
        "two scans check in": _two_check_in,
        "an old code checks in": _old_code,
    }
    within = inf if context.small else REFUSED_WITHIN_SECONDS
    if connection.vendor == "postgresql":  # SQLite has no locks of rows
        attacks["a refusal waits for a lock"] = partial(_refusal_waits, 8 if context.small else 100, within)
    succeeded = dict.fromkeys(attacks, False)
    for name, attack in attacks.items():
        for _ in range(times):
            slot = slot_of(surveyor, starts_in=timedelta(days=next(days)))
            succeeded[name] = attack(slot) or succeeded[name]
    count = sum(succeeded.values())
    figure = f"{count} of {len(attacks)} attacks succeeded" + _names(succeeded)
    refused = "under the lock" if context.small else f"within {REFUSED_WITHIN_SECONDS:.1f} s at p99"
    bound = f"one holds, refused {refused}, nothing lost"
    return Result(f"{len(attacks)} attacks × {times}, {crowd} owners at once", figure, bound, not count, succeeded)


def _names(succeeded: dict[str, bool]) -> str:
    names = [name for name, done in succeeded.items() if done]
    return f" ({', '.join(names)})" if names else ""


def _owner() -> User:
    return User.objects.create(email=f"{uuid4().hex}@example.org", email_verified_at=timezone.now())


def _try(slot: Slot, owner: User) -> str:
    try:
        hold_slot(owner=owner, slot_id=slot.pk, dossier_id=None)
    except APIError as refusal:
        return refusal.error_code
    return "held"


def _two_hold(owners: list[User], slot: Slot) -> bool:
    Appointment.objects.filter(owner__in=owners).update(status=AppointmentStatus.RELEASED, ended_at=timezone.now())
    side_by_side(partial(_try, slot), owners, by=min(len(owners), AT_ONCE))
    return Appointment.objects.filter(slot=slot).count() != 1


def _hold_stays(slot: Slot) -> bool:
    _try(slot, _owner())
    _end_holds(slot)
    return _try(slot, _owner()) != "held"


def _late_payment_takes(fake: FakeStripe, slot: Slot) -> bool:
    """Pay after the hold is over, while somebody else holds the slot: the payment must go back."""
    order = _paid_late(fake, slot, then=lambda: _take_over(slot))
    active = Appointment.objects.filter(slot=slot, status__in=holding_statuses())
    has_one = active.count() == 1 and active.get().orders.count() == 0
    return not (has_one and (RefundRequest.objects.filter(order=order).exists() or _is_refund_off()))


def _take_over(slot: Slot) -> None:
    Appointment.objects.filter(slot=slot).update(status=AppointmentStatus.RELEASED, ended_at=timezone.now())
    _try(slot, _owner())


def _is_refund_off() -> bool:
    """Return whether the control has switched refunds off, which another attack is about."""
    return services.offer_payment.__globals__["request_refund"] is not request_refund


def _late_payment_is_lost(fake: FakeStripe, slot: Slot) -> bool:
    """Pay after the hold is over: with a free slot it is confirmed, with a withdrawn one the money goes back."""
    _paid_late(fake, slot, then=sweep_appointments)
    confirmed = Appointment.objects.filter(slot=slot, status=AppointmentStatus.CONFIRMED).count()
    other = slot_of(slot.surveyor, starts_in=slot.starts_at - timezone.now() + timedelta(hours=6))
    withdrawn = _paid_late(fake, other, then=lambda: _withdraw(other))
    return confirmed != 1 or not RefundRequest.objects.filter(order=withdrawn).exists()


def _withdraw(slot: Slot) -> None:
    sweep_appointments()
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=timezone.now())


def _paid_late(fake: FakeStripe, slot: Slot, *, then: Callable[[], Any]) -> Order:
    owner = _owner()
    row = hold_slot(owner=owner, slot_id=slot.pk, dossier_id=None)
    order_id, _ = _open_order(owner, row)
    present_page(order_id)
    since = len(fake.events)
    fake.pay(Order.objects.get(pk=order_id).provider_ref)
    _end_holds(slot)
    then()
    deliver_events(fake, since=since)
    return Order.objects.get(pk=order_id)


def _open_order(owner: User, row: Appointment) -> Any:
    with patch("surveys.appointments.paying.step_up.require"):  # a session of this owner is not needed here
        return paying.open_order(owner=owner, session=None, appointment_id=row.pk)  # type: ignore[arg-type]


def _end_holds(slot: Slot) -> None:
    Appointment.objects.filter(slot=slot).update(held_until=timezone.now())


def _two_check_in(slot: Slot) -> bool:
    row = confirmed_of(_owner(), slot)
    _begin(row)
    scan = partial(_scan, slot.surveyor, tokens.make_token(row))
    return at_once([scan] * 8).count(CheckInResult.CHECKED_IN) != 1


def _old_code(slot: Slot) -> bool:
    row = confirmed_of(_owner(), slot)
    _begin(row)
    with patch("surveys.check_ins.tokens.time.time", lambda: timezone.now().timestamp() - 61):
        token = tokens.make_token(row)
    return _scan(slot.surveyor, token) != CheckInResult.EXPIRED


def _begin(row: Appointment) -> None:
    Appointment.objects.filter(pk=row.pk).update(starts_at=timezone.now())


def _scan(surveyor: Surveyor, token: str) -> str:
    try:
        return scanning.scan(surveyor=surveyor, token=token, place_id=place_of(surveyor).pk).result
    except BadTransition as error:  # two decided to check in
        return str(error)


def _refusal_waits(count: int, within: float, slot: Slot) -> bool:
    """Ask for a slot that another transaction has locked, one request after the other.

    The answers must come while the lock is held and, in the full drill, which runs alone, `within` seconds.
    """
    locked, freed = threading.Event(), threading.Event()

    def keep_lock() -> None:
        with transaction.atomic():
            Slot.objects.select_for_update().get(pk=slot.pk)
            locked.set()
            freed.wait()
        connections.close_all()

    thread = threading.Thread(target=keep_lock)
    thread.start()
    locked.wait()
    ending = threading.Timer(LOCKED_SECONDS, freed.set)  # what waits for the lock gets it in the end
    ending.start()
    seconds = sorted(_refused_after(slot, owner) for owner in [_owner() for _ in range(count)])
    has_waited = freed.is_set()
    ending.cancel()
    freed.set()
    thread.join()
    return has_waited or seconds[int(len(seconds) * 0.99)] > within


def _refused_after(slot: Slot, owner: User) -> float:
    began = time.monotonic()
    _try(slot, owner)
    return time.monotonic() - began


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
