"""Test parallel requests: two vessels of one name, and a vessel that is deleted while it is used."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from inspections.capture import opening
from inspections.models import Inspection
from tests.concurrency import MeetingPoint, at_once
from vessels import changes
from vessels.models import Vessel
from vessels.registration import find_or_create_vessel

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed row lock can show a race",
)


def in_turn(*acts: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that makes the next of these calls each time."""
    turns = count()

    def act() -> Any:
        return acts[next(turns) % len(acts)]()

    return act


def statuses(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_parallel_additions_of_one_name_make_one_vessel(phone):
    spellings = [lambda name=name: phone.post("/vessels", {"name": name}) for name in ("Möwe", "MÖWE", "möwe ")]
    answers = at_once(AT_ONCE, in_turn(*spellings))
    assert statuses(answers) == [200] * (AT_ONCE - 1) + [201]
    assert {answer.json()["vessel_id"] for answer in answers} == {str(Vessel.objects.get().pk)}


@ON_POSTGRES_ONLY
def test_a_lookup_before_the_insert_is_not_enough(owner):
    """The control: another transaction inserts the vessel between lookup and insert."""
    meeting = MeetingPoint(2)

    def make() -> Vessel:
        own = meeting.after(Vessel.objects.filter(owner=owner, name_key="tern").first)()
        return own or Vessel.objects.create(owner=owner, name="Tern", name_key="tern")

    with pytest.raises(IntegrityError):
        at_once(2, make)


def test_parallel_additions_and_deletions_of_a_vessel_succeed(owner, phone):
    for _ in range(5):
        vessel, _ = find_or_create_vessel(owner=owner, name="Tern")
        answers = at_once(
            4,
            in_turn(
                lambda: phone.post("/vessels", {"name": "Tern"}),
                lambda vessel_id=vessel.pk: phone.delete(f"/vessels/{vessel_id}"),
            ),
        )
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}


def test_one_of_two_parallel_renames_to_one_name_is_refused(phone):
    paths = [f"/vessels/{phone.add_vessel(name)['vessel_id']}" for name in ("Tern", "Gannet")]
    answers = at_once(2, in_turn(*(lambda path=path: phone.patch(path, {"name": "Puffin"}) for path in paths)))
    assert statuses(answers) == [200, 409]


def test_a_parallel_rename_and_addition_of_one_name_cause_no_server_error(phone):
    for number in range(5):
        path = f"/vessels/{phone.add_vessel('Tern')['vessel_id']}"
        name = f"Puffin {number}"
        answers = at_once(
            2,
            in_turn(
                lambda path=path, name=name: phone.patch(path, {"name": name}),
                lambda name=name: phone.post("/vessels", {"name": name}),
            ),
        )
        assert set(statuses(answers)) <= {200, 201, 409}
        Vessel.objects.all().delete()


def opened_and_deleted(phone, vessel_id: str) -> list[Any]:
    return at_once(
        2,
        in_turn(
            lambda: phone.post("/inspections", {"mode": "corrosion", "vessel_id": vessel_id}),
            lambda: phone.delete(f"/vessels/{vessel_id}"),
        ),
    )


def meet_after_the_lock(monkeypatch) -> None:
    """Continue the opening and the deletion together once both have read the vessel."""
    held = MeetingPoint(2).after(changes.lock_vessel)
    monkeypatch.setattr(changes, "lock_vessel", held)
    monkeypatch.setattr(opening, "lock_vessel", held)


def test_a_parallel_opening_and_deletion_leave_no_inspection_without_its_vessel(phone, monkeypatch):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    meet_after_the_lock(monkeypatch)
    answers = statuses(opened_and_deleted(phone, vessel_id))
    assert answers in ([201, 204], [204, 404])
    assert Inspection.objects.count() == Vessel.objects.count() == answers.count(201)
    if Vessel.objects.exists():
        assert Inspection.objects.get().vessel == Vessel.objects.get()


@ON_POSTGRES_ONLY
def test_a_parallel_opening_or_deletion_fails_without_the_locks(phone, monkeypatch):
    """The control of the test above."""
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    meet_after_the_lock(monkeypatch)
    monkeypatch.setattr(changes.entitlements, "lock", lambda _: None)
    locked = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda rows, *_, **__: rows if rows.model is Vessel else locked(rows)
    )
    assert 500 in statuses(opened_and_deleted(phone, vessel_id))


def test_a_parallel_opening_by_name_and_deletion_both_succeed(phone):
    phone.subscribe()
    keys = count()
    for _ in range(5):
        vessel_id = phone.add_vessel("Tern")["vessel_id"]
        body = {"mode": "corrosion", "vessel_label": "Tern"}
        answers = at_once(
            2,
            in_turn(
                lambda body=body: phone.post("/inspections", body, HTTP_IDEMPOTENCY_KEY=f"k{next(keys)}"),
                lambda vessel_id=vessel_id: phone.delete(f"/vessels/{vessel_id}"),
            ),
        )
        assert statuses(answers) == [201, 204]
    assert Inspection.objects.exclude(vessel=None).count() == 5


def test_parallel_renames_and_openings_do_not_deadlock(phone):
    phone.subscribe()
    vessel_id, keys = phone.add_vessel("Tern")["vessel_id"], count()
    answers = at_once(
        AT_ONCE,
        in_turn(
            lambda: phone.patch(f"/vessels/{vessel_id}", {"name": f"Tern {next(keys)}"}),
            lambda: phone.post(
                "/inspections", {"mode": "corrosion", "vessel_id": vessel_id}, HTTP_IDEMPOTENCY_KEY=f"k{next(keys)}"
            ),
        ),
    )
    assert statuses(answers) == [200] * 4 + [201] * 4
    assert set(Inspection.objects.values_list("vessel_label", flat=True)) == {Vessel.objects.get().name}
