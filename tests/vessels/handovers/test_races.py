"""Test parallel requests of a handover: one effect, no deadlock, and a control without the lock."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from inspections.models import Inspection
from tests.concurrency import at_once
from tests.vessels.handovers.acts import buy_credit, confirm, credits, dispute, hand_over, offered, vessel_of
from vessels.models import Handover, Vessel

pytestmark = pytest.mark.django_db(transaction=True)
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed row lock can show a race",
)


def in_turn(*acts: Callable[[], Any]) -> Callable[[], Any]:
    turns = count()

    def act() -> Any:
        return acts[next(turns) % len(acts)]()

    return act


def statuses(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_of_parallel_offers_of_one_vessel_one_is_made(seller):
    vessel, addresses = vessel_of(seller), count()
    path = f"/vessels/{vessel.pk}/handovers"
    answers = at_once(6, lambda: seller.post(path, {"to_email": f"b{next(addresses)}@example.org"}))
    assert statuses(answers) == [201, *[409] * 5]
    assert Handover.objects.count() == 1


def test_parallel_codes_of_both_parties_complete_it_once(seller, buyer):
    for number in range(3):
        buy_credit(buyer.owner)
        handover_id, mailed = offered(seller, buyer, vessel_of(seller, f"Tern {number}").pk, credits=1)
        answers = at_once(
            6,
            in_turn(*(lambda p=p, h=handover_id, m=mailed: confirm(p, h, m[p.owner.email]) for p in (seller, buyer))),
        )
        assert set(statuses(answers)) == {200}
        assert Handover.objects.get(pk=handover_id).status == "completed"
    assert credits(seller, buyer) == (3, 0)


def test_a_parallel_opening_and_completion_leave_each_inspection_with_one_owner(seller, buyer):
    for number in range(4):
        vessel = vessel_of(seller, f"Tern {number}")
        handover_id, mailed = offered(seller, buyer, vessel.pk)
        confirm(seller, handover_id, mailed[seller.owner.email])
        body = {"mode": "corrosion", "vessel_id": str(vessel.pk)}
        at_once(
            4,
            in_turn(
                lambda h=handover_id, m=mailed: confirm(buyer, h, m[buyer.owner.email]),
                lambda b=body: seller.post("/inspections", b),
            ),
        )
        owners = set(Inspection.objects.filter(vessel=vessel).values_list("owner", flat=True))
        assert owners <= {Vessel.objects.get(pk=vessel.pk).owner_id}


def test_handovers_in_both_directions_do_not_deadlock(seller, buyer):
    acts = []
    for one, other in ((seller, buyer), (buyer, seller)):
        for number in range(3):
            handover_id, mailed = offered(one, other, vessel_of(one, f"{one.owner.email[0]} {number}").pk)
            confirm(one, handover_id, mailed[one.owner.email])
            acts.append(lambda p=other, h=handover_id, m=mailed: confirm(p, h, m[p.owner.email]))
    assert set(statuses(at_once(6, in_turn(*acts)))) == {200}
    assert set(Handover.objects.values_list("status", flat=True)) == {"completed"}


def test_a_former_owner_deletes_no_inspection_of_the_new_one(seller, buyer):
    for number in range(4):
        inspection_id = seller.complete("corrosion", seed=number, vessel_label=f"Tern {number}") if not number else None
        vessel = vessel_of(seller, f"Tern {number}")
        handover_id, mailed = offered(seller, buyer, vessel.pk)
        confirm(seller, handover_id, mailed[seller.owner.email])
        target = inspection_id or Inspection.objects.values_list("pk", flat=True).first()
        answers = at_once(
            2,
            in_turn(
                lambda h=handover_id, m=mailed: confirm(buyer, h, m[buyer.owner.email]),
                lambda t=target: seller.delete(f"/inspections/{t}"),
            ),
        )
        assert set(statuses(answers)) <= {200, 404, 409}
    assert Inspection.objects.get().deleted_at is None
    assert Inspection.objects.get().owner == buyer.owner


def test_parallel_disputes_and_onward_offers_leave_one_handover_under_way(seller, buyer):
    for number in range(4):
        vessel = vessel_of(seller, f"Tern {number}")
        handover_id = hand_over(seller, buyer, vessel.pk)
        at_once(
            2,
            in_turn(
                lambda h=handover_id: dispute(seller, h),
                lambda v=vessel: buyer.post(f"/vessels/{v.pk}/handovers", {"to_email": "third@example.org"}),
            ),
        )
        under_way = Handover.objects.filter(vessel=vessel, status__in=["initiated", "pending_codes", "disputed"])
        assert [row.status for row in under_way] == ["disputed"]


def test_a_buyer_who_names_a_vessel_alike_at_that_moment_gets_two_names(seller, buyer):
    for number in range(4):
        name = f"Tern {number}"
        handover_id, mailed = offered(seller, buyer, vessel_of(seller, name).pk)
        confirm(seller, handover_id, mailed[seller.owner.email])
        answers = at_once(
            2,
            in_turn(
                lambda h=handover_id, m=mailed: confirm(buyer, h, m[buyer.owner.email]),
                lambda n=name: buyer.post("/vessels", {"name": n}),
            ),
        )
        assert set(statuses(answers)) <= {200, 201}


@ON_POSTGRES_ONLY
def test_without_the_locks_two_offers_reach_the_constraint(seller, monkeypatch):
    """The control: only the database refuses the second one, as an error."""
    vessel, addresses = vessel_of(seller), count()
    locked = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda rows, *a, **k: rows if rows.model is Vessel else locked(rows, *a, **k)
    )
    monkeypatch.setattr("billing.entitlements.entitlements.lock", lambda _: None)
    monkeypatch.setattr("vessels.handovers.offers.refuse_in_handover", lambda _: None)
    path = f"/vessels/{vessel.pk}/handovers"
    answers = at_once(4, lambda: verified_offer(seller, path, next(addresses)))
    assert 500 in statuses(answers)
    assert Handover.objects.count() == 1


def verified_offer(seller: Any, path: str, number: int) -> Any:
    return seller.post(path, {"to_email": f"b{number}@example.org"})
