"""Run inspections through random steps: their state must always equal that of a model of a dozen lines."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from inspections.lifecycle import transitions
from inspections.models import InferenceJob, Inspection
from inspections.work import analysis
from inspections.work.sweeper import sweep
from testing.factories import UserFactory
from testing.phone import Phone, jpeg, work

STEPS: Final = 25
ANGLES: Final = ("wide", "mid", "close")
MOST_POINTS: Final = 10


class Broken(Exception):
    """Raised by an engine that cannot continue."""


@dataclass
class Point:
    opened: bool = False
    shot: set[str] = field(default_factory=set)


@dataclass
class Expected:
    """The model's state of one inspection. `holds` is true while a credit is held for it."""

    opened: dict[str, Any]
    status: str = "pending"
    failure: str | None = None
    points: list[Point] = field(default_factory=lambda: [Point()])
    attempts: int = 0
    job: str | None = None
    holds: bool = False
    deleted: bool = False

    @property
    def path(self) -> str:
        return f"/inspections/{self.opened['inspection_id']}"

    @property
    def is_photographed(self) -> bool:
        return any(point.shot for point in self.points)

    def is_whole(self) -> bool:
        """Return whether each point has every photo; a point that is neither opened nor shot does not count."""
        counting = [point for point in self.points if point.opened or point.shot] or self.points[:1]
        return all(point.shot == {upload["angle"] for upload in self.opened["uploads"]} for point in counting)


class Life(RuleBasedStateMachine):
    """One owner, who has bought some credits, and everything that can happen to their inspections."""

    mode: str
    names_openings = True  # by an idempotency key; without one, an empty inspection is opened only once
    inspections = Bundle("inspections")

    def __init__(self) -> None:
        super().__init__()
        self.around = ExitStack()
        self.around.enter_context(transaction.atomic())
        block: Any = connection.atomic_blocks[-1]
        block._from_testcase = True  # this transaction is the life's, not the code's: see testing.plugins.outside_calls
        self.around.callback(transaction.set_rollback, True)
        self.phone = Phone.of(UserFactory.create())
        self.known: list[Expected] = []
        self.available = 0
        self.set_out()

    def teardown(self) -> None:
        self.around.close()

    def set_out(self) -> None:
        """Prepare what the owner starts with."""

    def may_open(self) -> bool:
        raise NotImplementedError

    def reopened(self) -> Expected | None:
        """Return the inspection that a second opening returns, if any."""
        return None

    @rule(target=inspections)
    def open(self) -> Any:
        again, allowed = self.reopened(), self.may_open()
        key = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())} if self.names_openings else {}
        answer = self.phone.post("/inspections", {"mode": self.mode}, **key)
        if again is not None:
            assert (answer.status_code, answer.json()["inspection_id"]) == (200, again.opened["inspection_id"])
            return again
        if not allowed:
            assert answer.status_code in (402, 403), answer.content
            return multiple()
        assert answer.status_code == 201, answer.content
        self.known.append(Expected(answer.json(), holds=self.takes_credit()))
        return self.known[-1]

    def takes_credit(self) -> bool:
        return False

    @rule(one=inspections, shoots=st.booleans(), spelling=st.sampled_from(["complete", "submit"]), anyway=st.booleans())
    def submit(self, one: Expected, shoots: bool, spelling: str, anyway: bool) -> None:  # noqa: FBT001 -- drawn
        """Submit. A link stays writable until it expires; the worker ignores later uploads."""
        if shoots and not one.deleted:
            self.phone.shoot(one.opened["uploads"])
            one.points[0].shot |= {upload["angle"] for upload in one.opened["uploads"]}
        answer = self.phone.post(f"{one.path}/{spelling}", {"accept_incomplete": anyway})
        if one.deleted:
            assert answer.status_code == 404
        elif one.job is None and one.status == "failed":
            assert (answer.status_code, answer.json()["error_code"]) == (409, "INSPECTION_CLOSED")
        elif one.job is None and not (one.is_photographed and (anyway or one.is_whole())):
            assert (answer.status_code, answer.json()["error_code"]) == (409, "UPLOADS_MISSING")
        else:
            assert answer.status_code == {"complete": 200, "submit": 202}[spelling], answer.content
            if one.job is None:
                one.status = "processing"
            one.job = str(InferenceJob.objects.get(inspection=one.opened["inspection_id"]).pk)

    @rule(
        one=inspections,
        outcomes=st.lists(
            st.sampled_from(["broken", "killed", "stopped", "put off", "delivered"]), min_size=1, max_size=5
        ),
    )
    def attempt(self, one: Expected, outcomes: list[str]) -> None:
        for outcome in outcomes if one.job else ():
            self.attempt_once(one, outcome)

    def attempt_once(self, one: Expected, outcome: str) -> None:
        was_queued = one.status == "processing" and not one.deleted
        if outcome == "delivered":
            work(one.opened["inspection_id"])
        elif outcome == "broken" and was_queued:
            with patch.object(analysis, "engine_for", side_effect=Broken), pytest.raises(Broken):
                work(one.opened["inspection_id"])
        else:
            job = InferenceJob.objects.get(inspection=one.opened["inspection_id"])
            held = transitions.claim(job.pk, worker="here", task_id="t")
            assert (held is not None) == was_queued
            self.lose_lease(job, held, outcome)
        if was_queued and outcome not in ("stopped", "put off"):
            self.attempted(one, delivered=outcome == "delivered")

    def lose_lease(self, job: InferenceJob, held: transitions.JobLease | None, outcome: str) -> None:
        if outcome == "stopped":
            assert transitions.release(job.pk, worker="here") == (held is not None)
        elif outcome == "put off" and held is not None:
            transitions.postpone(held, error="the store did not answer")
        else:
            InferenceJob.objects.filter(pk=job.pk, state="running").update(lease_until=moments_ago())
            sweep()

    def attempted(self, one: Expected, *, delivered: bool) -> None:
        one.attempts += 1
        if delivered:
            one.status = "completed"
            one.holds = False
        elif one.attempts == settings.JOB_MAX_ATTEMPTS:
            self.fails(one, "technical_failure")

    @rule(one=inspections)
    def let_expire(self, one: Expected) -> None:
        Inspection.objects.filter(pk=one.opened["inspection_id"]).update(expires_at=moments_ago())
        sweep()
        if one.status == "pending" and not one.deleted:
            self.fails(one, "expired")

    @rule(one=inspections)
    def requeue(self, one: Expected) -> None:
        try:
            with transaction.atomic():
                transitions.requeue_failed(Inspection.objects.get(pk=one.opened["inspection_id"]).pk, cause="staff")
        except transitions.TransitionRefused:
            assert not self.may_requeue(one)
        else:
            assert self.may_requeue(one)
            one.status, one.failure, one.attempts = "processing", None, 0

    def may_requeue(self, one: Expected) -> bool:
        return one.failure == "technical_failure" and not one.deleted

    @rule(one=inspections)
    def delete(self, one: Expected) -> None:
        assert self.phone.delete(one.path).status_code == (404 if one.deleted else 204)
        if one.status in ("pending", "processing") and not one.deleted:
            self.fails(one, "deleted")
        one.deleted = True

    def fails(self, one: Expected, reason: str) -> None:
        one.status, one.failure = "failed", reason
        self.available += one.holds
        one.holds = False

    @invariant()
    def each_has_the_expected_state(self) -> None:
        for one in self.known:
            answer, result = self.phone.get(one.path), self.phone.get(f"{one.path}/result")
            if one.deleted:
                assert (answer.status_code, result.status_code) == (404, 404)
                continue
            body = answer.json()
            assert (body["status"], body["failure_reason"]) == (one.status, one.failure)
            assert len(body["slots"]) == len(one.points)
            assert result.status_code == (200 if one.status == "completed" else 409)
            refused = {"completed": None, "failed": "INSPECTION_FAILED"}.get(one.status, "RESULT_NOT_READY")
            assert result.json().get("error_code") == refused

    @invariant()
    def the_list_shows_what_is_left_newest_first(self) -> None:
        listed = self.phone.get(f"/inspections?mode={self.mode}&page_size=100").json()["results"]
        left = [one.opened["inspection_id"] for one in reversed(self.known) if not one.deleted]
        assert [row["inspection_id"] for row in listed] == left

    @invariant()
    def a_job_keeps_its_inspection(self) -> None:
        for one in self.known:
            jobs = InferenceJob.objects.filter(inspection=one.opened["inspection_id"]).values_list("pk", flat=True)
            assert [str(job) for job in jobs] == ([one.job] if one.job else [])


class PaidLife(Life):
    """Osmosis: every inspection holds a credit until it is delivered, or gives it back."""

    mode = "osmosis"

    def set_out(self) -> None:
        for _ in range(3):
            self.buy()

    @rule()
    def buy(self) -> None:
        self.phone.buy()
        self.available += 1

    def may_open(self) -> bool:
        return self.available > 0

    def takes_credit(self) -> bool:
        self.available -= 1
        return True

    @invariant()
    def credits_balance(self) -> None:
        assert self.phone.credits() == (self.available, sum(one.holds for one in self.known))


class FreeLife(Life):
    """Corrosion without a subscription: one unfinished inspection at a time, until one is delivered."""

    mode = "corrosion"

    def may_open(self) -> bool:
        return not any(one.status == "completed" for one in self.known)

    def reopened(self) -> Expected | None:
        unfinished = (one for one in self.known if one.status in ("pending", "processing") and not one.deleted)
        return next(unfinished, None)

    def may_requeue(self, one: Expected) -> bool:
        return super().may_requeue(one) and self.reopened() is None

    @invariant()
    def a_result_uses_the_free_inspection(self) -> None:
        used = self.phone.get("/entitlements/corrosion").json()["corrosion_free_used"]
        assert used == any(one.status == "completed" for one in self.known)


class SubscribedLife(Life):
    """Corrosion with a subscription: up to ten points, shot in any order."""

    mode = "corrosion"
    names_openings = False

    def set_out(self) -> None:
        self.phone.subscribe()
        self.seeds = count()

    def may_open(self) -> bool:
        return True

    def reopened(self) -> Expected | None:
        return next((one for one in reversed(self.known) if self.is_empty(one)), None)

    def is_empty(self, one: Expected) -> bool:
        return one.status == "pending" and not one.deleted and not one.is_photographed

    @rule(one=Life.inspections)
    def open_a_point(self, one: Expected) -> None:
        answer = self.phone.post(f"{one.path}/slots")
        if one.deleted or one.status != "pending":
            assert answer.status_code == (404 if one.deleted else 409)
            return
        reserved = next((number for number, point in enumerate(one.points) if not point.opened), None)
        if reserved is None and len(one.points) == MOST_POINTS:
            assert answer.json()["error_code"] == "POINT_LIMIT_REACHED"
            return
        if reserved is None:
            one.points.append(Point())
            reserved = len(one.points) - 1
        one.points[reserved].opened = True
        assert (answer.status_code, answer.json()["point_index"]) == (201, reserved + 1)

    @rule(one=Life.inspections, point=st.integers(0, 3), angles=st.sets(st.sampled_from(ANGLES), min_size=1))
    def shoot(self, one: Expected, point: int, angles: set[str]) -> None:
        if one.deleted:
            return
        number = point % len(one.points)
        slot = self.phone.get(one.path).json()["slots"][number]["slot_id"]
        for angle in sorted(angles):
            content = jpeg(next(self.seeds) % 40)
            answer = self.phone.declare(slot, angle, content)
            if one.status != "pending":
                assert answer.json()["error_code"] == "INSPECTION_CLOSED"
                return
            assert answer.status_code in (200, 201)
            self.phone.upload(answer.json()["upload"], content)
            one.points[number].shot.add(angle)


def live(life: type[Life], *, lives: int, derandomize: bool, **options: Any) -> None:
    """Raise the fault of the first life that differs. The drill draws new lives each time, the tests the same few."""
    drawn = profile(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=list(HealthCheck),
        **options,
    )
    run_state_machine_as_test(life, settings=drawn)


def moments_ago() -> Any:
    return timezone.now() - timedelta(seconds=1)
