"""Test that no trend is shown across blasting or painting: not later, not earlier, and not in a race."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corrosion.comparison import compute, work
from corrosion.judgement.change import measure_change
from corrosion.models import Comparison, Maintenance, SupersededAnswer
from inspections.models import Inspection
from tests.corrosion.rows import body_of, compare, point, visit, work_off
from tests.corrosion.timeline.boats import (
    FIRST_DAY,
    finished,
    live_in,
    maintain,
    noon,
    photo,
    segments_of,
    steps_of,
    timeline,
    visits_of,
)

pytestmark = pytest.mark.django_db
RUSTY, CLEAN = photo(0.3), photo(0.05)
BETWEEN = ["maintenance_between"]
DAYS = [FIRST_DAY + timedelta(days=10 * number) for number in range(4)]


def ids(*inspections):
    return [str(inspection.pk) for inspection in inspections]


@pytest.mark.parametrize("kind", ["blasted", "painted"])
def test_nothing_is_compared_across_work_on_the_surface(subscriber, owner, predictor, kind):
    before, after = visits_of(owner, [RUSTY, CLEAN])
    maintain(subscriber, DAYS[0] + timedelta(days=3), kind)
    for pair in ((before, after), (after, before)):
        body = body_of(subscriber, *pair)
        assert (body["comparable"], body["trend"], body["reasons"]) == (False, None, BETWEEN)
        assert "blasted or painted" in body["explanation"]
    assert predictor.calls == 0


@pytest.mark.parametrize("kind", ["anodes", "cleaned"])
def test_other_maintenance_is_shown_and_restarts_nothing(subscriber, owner, predictor, kind):
    visits = visits_of(owner, [RUSTY, CLEAN])
    finished(subscriber)
    event = maintain(subscriber, DAYS[0] + timedelta(days=3), kind)
    body = timeline(subscriber)
    assert (body["pending"], body["events"]) == (False, [event])
    assert (steps_of(body), segments_of(body)) == ([None, "improving"], [(*ids(*visits), "improving")])


def test_identical_photos_are_not_stable_across_work(subscriber, owner):
    before, after = visits_of(owner, [CLEAN, CLEAN])
    maintain(subscriber, DAYS[1])
    assert body_of(subscriber, before, after)["reasons"] == BETWEEN


def test_a_timeline_starts_a_new_segment_at_the_work(subscriber, owner, predictor):
    visits = visits_of(owner, [CLEAN, RUSTY, CLEAN, RUSTY])
    maintain(subscriber, DAYS[2])
    body = finished(subscriber)
    assert steps_of(body) == [None, "worsening", BETWEEN, "worsening"]
    assert segments_of(body) == [(*ids(*visits[:2]), "worsening"), (*ids(*visits[2:]), "worsening")]


def test_work_on_one_point_leaves_the_others_comparable(subscriber, owner, predictor):
    before, after = visits_of(owner, [RUSTY, CLEAN], [CLEAN, RUSTY])
    maintain(subscriber, DAYS[1], points=[1])
    body = body_of(subscriber, before, after)
    assert (body["comparable"], body["trend"]) == (True, "worsening")
    assert [entry["reasons"] for entry in body["points"]] == [BETWEEN, []]
    lanes = finished(subscriber)
    assert (steps_of(lanes, 0), steps_of(lanes, 1)) == ([None, BETWEEN], [None, "worsening"])


@pytest.mark.parametrize(
    ("performed_on", "expected"),
    [(DAYS[0], "improving"), (DAYS[0] + timedelta(days=1), BETWEEN), (DAYS[1], BETWEEN)],
    ids=["the day of the first visit", "the day after", "the day of the second visit"],
)
def test_work_on_the_day_of_a_visit_counts_as_before_it(subscriber, owner, predictor, performed_on, expected):
    visits_of(owner, [RUSTY, CLEAN])
    maintain(subscriber, performed_on)
    assert steps_of(finished(subscriber)) == [None, expected]


@pytest.mark.parametrize(
    ("zone", "expected"), [("UTC", BETWEEN), ("Pacific/Auckland", "improving"), ("America/Los_Angeles", BETWEEN)]
)
def test_the_day_of_a_visit_is_the_owners(subscriber, owner, predictor, zone, expected):
    """The first visit is at noon UTC on the 10th, which is the 11th in Auckland: on the day of the work."""
    live_in(subscriber, zone)
    first, _ = visits_of(owner, [RUSTY, CLEAN])
    Inspection.objects.filter(pk=first.pk).update(created_at=noon(FIRST_DAY) + timedelta(hours=1))
    maintain(subscriber, FIRST_DAY + timedelta(days=1))
    assert steps_of(finished(subscriber)) == [None, expected]


def test_a_new_zone_of_the_owner_counts_at_once(subscriber, owner, predictor):
    first, second = visits_of(owner, [RUSTY, CLEAN])
    Inspection.objects.filter(pk=first.pk).update(created_at=noon(FIRST_DAY) + timedelta(hours=1))
    live_in(subscriber, "Pacific/Auckland")
    maintain(subscriber, FIRST_DAY + timedelta(days=1))
    assert steps_of(finished(subscriber)) == [None, "improving"]
    live_in(subscriber, "UTC")
    body = timeline(subscriber)
    assert (body["pending"], steps_of(body)) == (True, [None, BETWEEN])
    assert body_of(subscriber, first, second)["comparable"] is False


# --- adding and removing -----------------------------------------------------------------------------------------
def test_work_noted_later_is_shown_at_once_and_recomputes_what_it_touches(subscriber, owner, predictor):
    visits = visits_of(owner, [CLEAN, RUSTY, CLEAN])
    finished(subscriber)
    maintain(subscriber, DAYS[2])
    state = dict(Comparison.objects.values_list("after", "state").filter(before=visits[1]))
    assert state == {visits[2].pk: "pending"}
    assert Comparison.objects.get(before=visits[0], after=visits[1]).state == "done"
    body = timeline(subscriber)
    assert body["pending"]
    assert steps_of(body) == [None, "worsening", BETWEEN]
    assert body_of(subscriber, visits[0], visits[2])["reasons"] == BETWEEN
    assert steps_of(finished(subscriber)) == [None, "worsening", BETWEEN]


def test_removed_work_leaves_no_answer_until_it_is_computed_again(subscriber, owner, predictor):
    visits_of(owner, [CLEAN, RUSTY])
    noted = maintain(subscriber, DAYS[1])
    finished(subscriber)
    subscriber.delete(f"/corrosion/maintenance/{noted['maintenance_id']}")
    body = timeline(subscriber)
    assert (body["pending"], steps_of(body)) == (True, [None, None])
    assert steps_of(finished(subscriber)) == [None, "worsening"]


def test_points_that_the_work_does_not_touch_keep_their_answer_meanwhile(subscriber, owner, predictor):
    visits_of(owner, [RUSTY, CLEAN], [CLEAN, RUSTY])
    finished(subscriber)
    maintain(subscriber, DAYS[1], points=[1])
    body = timeline(subscriber)
    assert body["pending"]
    assert (steps_of(body, 0), steps_of(body, 1)) == ([None, BETWEEN], [None, "worsening"])


def test_a_second_coat_recomputes_nothing(subscriber, owner, predictor):
    visits_of(owner, [RUSTY, CLEAN])
    maintain(subscriber, DAYS[1])
    finished(subscriber)
    maintain(subscriber, DAYS[1] - timedelta(days=1), "blasted")
    assert not timeline(subscriber)["pending"]


def test_work_of_another_vessel_changes_nothing(subscriber, owner, predictor):
    visits_of(owner, [RUSTY, CLEAN])
    visits_of(owner, [RUSTY, CLEAN], vessel_label="Gannet")
    finished(subscriber)
    finished(subscriber, "Gannet")
    maintain(subscriber, DAYS[1], label="Gannet")
    assert not timeline(subscriber)["pending"]
    assert steps_of(timeline(subscriber)) == [None, "improving"]


def test_a_given_up_comparison_is_reopened_by_work_across_it(subscriber, owner, predictor):
    visits_of(owner, [RUSTY, CLEAN])
    Comparison.objects.update(attempts=Comparison.retry.max_attempts)
    work_off()
    maintain(subscriber, DAYS[1])
    assert steps_of(finished(subscriber)) == [None, BETWEEN]
    assert Comparison.objects.get().reasons == BETWEEN


def test_noting_and_reopening_are_one_transaction(subscriber, owner, predictor, monkeypatch):
    visits_of(owner, [RUSTY, CLEAN])
    finished(subscriber)
    monkeypatch.setattr(work, "reopen_finished", lambda *_, **__: 1 / 0)
    answer = subscriber.post(
        "/corrosion/maintenance",
        {"vessel_label": "Tern", "kind": "painted", "performed_on": DAYS[1].isoformat()},
    )
    assert answer.status_code == 500
    assert not Maintenance.objects.exists()
    assert not SupersededAnswer.objects.exists()


# --- races -------------------------------------------------------------------------------------------------------
def during_measurement(monkeypatch, act):
    """Have `act` done once, while a worker measures."""
    left = [act]

    def measure(*args, **kwargs):
        if left:
            left.pop()()
        return measure_change(*args, **kwargs)

    monkeypatch.setattr(compute, "measure_change", measure)


def test_an_answer_from_before_the_work_was_noted_is_not_stored(subscriber, owner, predictor, monkeypatch):
    visits_of(owner, [RUSTY, CLEAN])
    during_measurement(monkeypatch, lambda: maintain(subscriber, DAYS[1]))
    [pk] = Comparison.objects.values_list("pk", flat=True)
    compute.compute(pk)
    assert Comparison.objects.get().state == "pending"
    assert steps_of(timeline(subscriber)) == [None, BETWEEN]
    work_off()
    assert Comparison.objects.get().reasons == BETWEEN


def test_an_answer_is_not_stored_after_the_work_was_removed_and_the_row_claimed_again(
    subscriber, owner, predictor, monkeypatch
):
    """Both attempts have the number 1: the revision tells them apart."""
    visits_of(owner, [RUSTY, CLEAN])
    [pk] = Comparison.objects.values_list("pk", flat=True)

    def note_and_let_another_worker_claim():
        maintain(subscriber, DAYS[1])
        assert work.claim(pk).attempts == 1

    during_measurement(monkeypatch, note_and_let_another_worker_claim)
    compute.compute(pk)
    assert Comparison.objects.get().state == "pending"


def test_a_row_that_was_not_visible_to_the_work_is_checked_when_its_answer_is_stored(
    subscriber, owner, predictor, monkeypatch
):
    """A comparison may be requested in a transaction that commits after the work's: nothing reopens it."""
    visits_of(owner, [RUSTY, CLEAN])
    vessel = Inspection.objects.first().vessel

    def note_unseen():
        Maintenance.objects.create(vessel=vessel, kind="painted", performed_on=DAYS[1])

    during_measurement(monkeypatch, note_unseen)
    [pk] = Comparison.objects.values_list("pk", flat=True)
    compute.compute(pk)
    assert Comparison.objects.get().state == "pending"
    work_off()
    assert Comparison.objects.get().reasons == BETWEEN


def test_a_trend_that_the_release_before_stored_is_never_shown(subscriber, owner, predictor):
    """It knows no maintenance, and its workers may still store answers during a deployment."""
    before, after = visits_of(owner, [RUSTY, CLEAN])
    finished(subscriber)
    vessel = Inspection.objects.first().vessel
    Maintenance.objects.create(vessel=vessel, kind="painted", performed_on=DAYS[1])
    assert Comparison.objects.get().trend == "improving"
    body = timeline(subscriber)
    assert (body["pending"], steps_of(body)) == (True, [None, BETWEEN])
    assert segments_of(body) == [(*ids(before, before), None), (*ids(after, after), None)]
    assert compare(subscriber, before, after).status_code == 202
    assert body_of(subscriber, before, after)["reasons"] == BETWEEN


def test_a_worker_holds_the_vessel_while_it_stores(subscriber, owner, predictor, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite runs one IMMEDIATE transaction at a time")
    visits_of(owner, [RUSTY, CLEAN])
    with CaptureQueriesContext(connection) as captured:
        work_off()
    statements = [each["sql"] for each in captured.captured_queries]
    [locked] = [place for place, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql and "vessel" in sql]
    assert any("corrosion_maintenance" in sql for sql in statements[locked:])


@pytest.mark.parametrize("shown", [RUSTY, CLEAN], ids=["as before the paint", "as after it"])
def test_a_visit_during_which_the_hull_was_painted_is_compared_with_no_other(subscriber, owner, predictor, shown):
    """An inspection stays open for days: its photos may be from before the paint or from after it."""
    opened, painted, submitted = (DAYS[0] + timedelta(days=days) for days in (20, 21, 22))
    first = visit(owner, point(mid=RUSTY), created_at=noon(DAYS[0]))
    second = visit(owner, point(mid=shown), created_at=noon(opened), submitted_at=noon(submitted))
    third = visit(owner, point(mid=CLEAN), created_at=noon(DAYS[0] + timedelta(days=40)))
    maintain(subscriber, painted)
    for pair in ((first, second), (second, third), (first, third)):
        assert body_of(subscriber, *pair)["reasons"] == BETWEEN
    steps = steps_of(finished(subscriber))
    assert [step for step in steps if step not in (None, BETWEEN)] == []


def test_a_late_result_is_of_the_days_of_its_photos(subscriber, owner, predictor):
    first = visit(owner, point(mid=RUSTY), created_at=noon(DAYS[0]))
    second = visit(owner, point(mid=CLEAN), created_at=noon(DAYS[0] + timedelta(days=1)), finished_at=noon(DAYS[1]))
    maintain(subscriber, DAYS[0] + timedelta(days=2))
    assert body_of(subscriber, first, second)["trend"] == "improving"
