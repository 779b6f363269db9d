"""Test random actions of an owner in random order against a model in memory of the server's answers."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inspections.models import Inspection
from inspections.work.sweeper import sweep
from testing.factories import UserFactory
from testing.phone import Phone, jpeg, work

ANGLES = ("wide", "mid", "close")
MOST_POINTS = 10
WHICH = st.integers(0, 3)


@dataclass
class Point:
    opened: bool = False
    shot: set[str] = field(default_factory=set)


@dataclass
class Life:
    """The required state of an inspection."""

    status: str = "pending"
    points: list[Point] = field(default_factory=lambda: [Point()])

    @property
    def is_photographed(self) -> bool:
        return any(point.shot for point in self.points)

    def is_whole(self) -> bool:
        counting = [point for point in self.points if point.opened or point.shot] or self.points[:1]
        return all(point.shot == set(ANGLES) for point in counting)


class Owner(RuleBasedStateMachine):
    """Subscribed, with one phone. `gone` is an inspection that was deleted."""

    @initialize()
    def sign_up(self) -> None:
        self.phone = Phone.of(UserFactory.create())
        self.phone.subscribe()
        self.lives: dict[str, Life] = {}
        self.seeds = count()

    def pick(self, which: int) -> tuple[str, Life]:
        return list(self.lives.items())[which % len(self.lives)]

    @rule()
    def open(self) -> None:
        waiting = [one for one, life in self.lives.items() if life.status == "pending" and not life.is_photographed]
        answer = self.phone.post("/inspections", {"mode": "corrosion"})
        opened = answer.json()["inspection_id"]
        if waiting:
            assert (answer.status_code, opened) == (200, waiting[-1])
        else:
            assert answer.status_code == 201
            assert opened not in self.lives
            self.lives[opened] = Life()

    @precondition(lambda self: self.lives)
    @rule(which=WHICH)
    def open_a_point(self, which: int) -> None:
        inspection, life = self.pick(which)
        answer = self.phone.post(f"/inspections/{inspection}/slots")
        if life.status != "pending":
            assert answer.status_code == (404 if life.status == "gone" else 409)
            return
        reserved = next((number for number, point in enumerate(life.points) if not point.opened), None)
        if reserved is None and len(life.points) == MOST_POINTS:
            assert answer.json()["error_code"] == "POINT_LIMIT_REACHED"
            return
        if reserved is None:
            life.points.append(Point())
            reserved = len(life.points) - 1
        life.points[reserved].opened = True
        assert (answer.status_code, answer.json()["point_index"]) == (201, reserved + 1)

    @precondition(lambda self: self.lives)
    @rule(which=WHICH, point=WHICH, angles=st.sets(st.sampled_from(ANGLES), min_size=1))
    def shoot(self, which: int, point: int, angles: set[str]) -> None:
        inspection, life = self.pick(which)
        if life.status == "gone":
            return
        slots = self.phone.get(f"/inspections/{inspection}").json()["slots"]
        number = point % len(slots)
        for angle in sorted(angles):
            content = jpeg(next(self.seeds) % 40)
            answer = self.phone.declare(slots[number]["slot_id"], angle, content)
            if life.status != "pending":
                assert answer.json()["error_code"] == "INSPECTION_CLOSED"
                return
            assert answer.status_code in (200, 201)
            assert self.phone.put(answer.json()["upload"], content).status_code == 200
            life.points[number].shot.add(angle)

    @precondition(lambda self: self.lives)
    @rule(which=WHICH, spelling=st.sampled_from(["complete", "submit"]), anyway=st.booleans())
    def submit(self, which: int, spelling: str, anyway: bool) -> None:  # noqa: FBT001
        inspection, life = self.pick(which)
        answer = self.phone.post(f"/inspections/{inspection}/{spelling}", {"accept_incomplete": anyway})
        if life.status in ("gone", "failed"):
            assert answer.status_code == (404 if life.status == "gone" else 409)
        elif life.status == "pending" and not (life.is_photographed and (anyway or life.is_whole())):
            assert answer.json()["error_code"] == "UPLOADS_MISSING"
        else:
            assert answer.status_code == {"complete": 200, "submit": 202}[spelling]
            life.status = "completed" if life.status == "completed" else "processing"

    @precondition(lambda self: self.lives)
    @rule(which=WHICH)
    def let_the_worker_work(self, which: int) -> None:
        inspection, life = self.pick(which)
        if life.status == "processing":
            work(inspection)
            life.status = "completed"

    @precondition(lambda self: self.lives)
    @rule(which=WHICH)
    def let_the_time_run_out(self, which: int) -> None:
        inspection, life = self.pick(which)
        Inspection.objects.filter(pk=inspection).update(expires_at=timezone.now() - timedelta(seconds=1))
        sweep()
        life.status = "failed" if life.status == "pending" else life.status

    @precondition(lambda self: self.lives)
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        inspection, life = self.pick(which)
        assert self.phone.delete(f"/inspections/{inspection}").status_code == (404 if life.status == "gone" else 204)
        life.status = "gone"

    @invariant()
    def the_server_says_what_the_model_says(self) -> None:
        for inspection, life in self.lives.items():
            answer, result = (self.phone.get(f"/inspections/{inspection}{part}") for part in ("", "/result"))
            if life.status == "gone":
                assert (answer.status_code, result.status_code) == (404, 404)
                continue
            assert answer.json()["status"] == life.status
            assert len(answer.json()["slots"]) == len(life.points)
            expected = {"completed": None, "failed": "INSPECTION_FAILED"}.get(life.status, "RESULT_NOT_READY")
            assert result.json().get("error_code") == expected

    @invariant()
    def the_list_holds_what_is_not_gone_newest_first(self) -> None:
        listed = [one["inspection_id"] for one in self.phone.get("/inspections?mode=corrosion").json()["results"]]
        assert listed == [one for one, life in reversed(self.lives.items()) if life.status != "gone"]


@pytest.mark.django_db
def test_an_inspections_life_is_what_the_model_says():
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Owner,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, derandomize=True, suppress_health_check=checks
        ),
    )
