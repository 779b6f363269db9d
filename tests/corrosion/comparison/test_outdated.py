"""Test that answers of another model or rule are replaced little by little, and kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from corrosion.comparison import outdated, work
from corrosion.models import Comparison, SupersededAnswer
from corrosion.tasks import recompute_outdated_steps
from testing.factories import JobFactory, UserFactory
from testing.phone import Phone
from tests.corrosion.rows import body_of, compare, subscribe, work_off
from tests.corrosion.timeline.boats import FIRST_DAY, finished, maintain, photo, steps_of, timeline, visits_of

pytestmark = pytest.mark.django_db
CLEAN, RUSTY, RUSTIER = (photo(rust) for rust in (0.05, 0.2, 0.35))


@pytest.fixture
def judged(subscriber, owner, predictor):
    """The timeline of three visits, judged by the model of today; tomorrow's is another one."""
    visits_of(owner, [CLEAN, RUSTY, RUSTIER])
    body = finished(subscriber)
    predictor.model_version = "colour-2"
    return body


def models() -> list[str]:
    return sorted(set(Comparison.objects.values_list("model_version", flat=True)))


def work_through(rounds: int = 10) -> None:
    for _ in range(rounds):
        recompute_outdated_steps()
        work_off()


def test_every_answer_of_a_timeline_is_judged_again_by_the_new_model(judged, subscriber):
    work_through()
    assert models() == ["colour-2"]
    assert timeline(subscriber) == judged


def test_the_old_answers_are_kept_with_their_cause(judged):
    old = {row.pk: {name: getattr(row, name) for name in work.ANSWER} for row in Comparison.objects.all()}
    work_through()
    kept = SupersededAnswer.objects.all()
    assert {row.comparison_id: {name: getattr(row, name) for name in work.ANSWER} for row in kept} == old
    assert {(row.cause, row.model_version) for row in kept} == {("model", "colour-1")}
    assert all(row.superseded_at > row.computed_at for row in kept)


@pytest.mark.parametrize("changed", ["model", "rule"])
def test_answers_that_are_not_computed_again_yet_are_pending(judged, subscriber, predictor, changed):
    if changed == "rule":
        predictor.model_version = "colour-1"
        Comparison.objects.update(rule_version="matched-0")
    assert timeline(subscriber) == judged | {"pending": True}
    assert not Comparison.awaited().exists()  # the scheduler has them computed; a reader speeds nothing up


def test_an_answer_without_pixels_is_of_no_model(judged, subscriber):
    Comparison.objects.update(model_version="")
    assert not timeline(subscriber)["pending"]


def test_a_step_shows_its_old_answer_while_it_is_computed_again(judged, subscriber):
    assert len(outdated.reopen_outdated()) == 1
    body = timeline(subscriber)
    assert body == judged | {"pending": True}


def test_an_old_answer_is_not_shown_across_work_that_was_noted_meanwhile(judged, subscriber):
    outdated.reopen_outdated()
    pending = Comparison.objects.get(state="pending")
    day = pending.before.created_at.date() + timedelta(days=1)
    noted = maintain(subscriber, day)
    assert ["maintenance_between"] in steps_of(timeline(subscriber))
    subscriber.delete(f"/corrosion/maintenance/{noted['maintenance_id']}")
    assert steps_of(timeline(subscriber)) == [None, "worsening", "worsening"]


def test_new_rules_have_their_own_cause(judged, predictor):
    predictor.model_version = "colour-1"
    Comparison.objects.update(rule_version="matched-0")
    work_through()
    assert {row.cause for row in SupersededAnswer.objects.all()} == {"rule"}
    assert set(Comparison.objects.values_list("rule_version", flat=True)) != {"matched-0"}


def test_a_request_that_finds_an_old_answer_keeps_it_too(judged, subscriber):
    row = Comparison.objects.first()
    body_of(subscriber, row.before, row.after)
    assert [(kept.comparison_id, kept.cause) for kept in SupersededAnswer.objects.all()] == [(row.pk, "model")]


def test_an_answer_outside_of_timelines_waits_for_its_request(judged, subscriber):
    Comparison.objects.update(in_timeline=False)
    assert outdated.reopen_outdated() == []


def test_current_answers_and_answers_without_pixels_are_left_alone(judged, predictor):
    predictor.model_version = "colour-1"
    assert outdated.reopen_outdated() == []
    predictor.model_version = "colour-2"
    Comparison.objects.update(model_version="")
    assert outdated.reopen_outdated() == []


def test_answers_of_deleted_inspections_are_left_alone(judged, subscriber):
    for lane in judged["points"]:
        for visited in lane["visits"][1:]:
            subscriber.delete(f"/inspections/{visited['inspection_id']}")
    assert outdated.reopen_outdated() == []


# --- slices ------------------------------------------------------------------------------------------------------
def test_one_answer_of_an_owner_waits_at_a_time(judged):
    assert len(outdated.reopen_outdated()) == 1
    assert outdated.reopen_outdated() == []


def test_a_round_is_limited_and_takes_the_oldest_answer_of_each_owner(judged, predictor, settings):
    settings.COMPARISONS_RECOMPUTED_AT_ONCE = 2
    predictor.model_version = "colour-1"
    for _ in range(2):
        other = UserFactory.create()
        visits_of(other, [CLEAN, RUSTY])
        work_off()
    predictor.model_version = "colour-2"
    oldest = Comparison.objects.order_by("computed_at").first()
    reopened = Comparison.objects.filter(pk__in=outdated.reopen_outdated())
    assert oldest in reopened
    assert reopened.values("before__owner").distinct().count() == 2
    assert outdated.reopen_outdated() == []


def test_nothing_is_reopened_while_new_comparisons_fill_the_limit(judged, settings, predictor):
    settings.COMPARISONS_RECOMPUTED_AT_ONCE = 1
    other = UserFactory.create()
    visits_of(other, [CLEAN, RUSTY])
    assert outdated.reopen_outdated() == []
    work_off()
    assert len(outdated.reopen_outdated()) == 1


def test_nothing_is_reopened_while_an_analysis_waits(judged):
    job = JobFactory.create(queued_at=timezone.now() - timedelta(hours=1))
    assert outdated.reopen_outdated() == []
    type(job).objects.all().delete()
    assert len(outdated.reopen_outdated()) == 1


def test_the_reopened_are_sent(judged, broker, django_capture_on_commit_callbacks):
    broker.clear()
    with django_capture_on_commit_callbacks(execute=True):
        recompute_outdated_steps()
    [(name, arguments)] = broker
    assert name == "corrosion.tasks.compute_comparison"
    assert Comparison.objects.get(pk=arguments[0]).state == "pending"


def test_another_owner_keeps_one_answer_at_a_time_too(judged, stranger, predictor):
    other = Phone.of(stranger)
    subscribe(other)
    predictor.model_version = "colour-1"
    visits_of(stranger, [CLEAN, RUSTY])
    finished(other)
    predictor.model_version = "colour-2"
    owners = {Comparison.objects.get(pk=pk).before.owner_id for pk in outdated.reopen_outdated()}
    assert len(owners) == 2


# --- superseded answers ------------------------------------------------------------------------------------------
def test_an_answer_is_superseded_once_of_two_who_reopen_it(judged):
    first, second = (Comparison.objects.order_by("pk").first() for _ in range(2))
    assert work.reopen(first, cause="model")
    assert not work.reopen(second, cause="staff")
    assert [row.cause for row in SupersededAnswer.objects.all()] == ["model"]


def test_a_stale_reader_does_not_reopen_a_newer_answer(judged):
    stale = Comparison.objects.order_by("pk").first()
    work.reopen(Comparison.objects.get(pk=stale.pk), cause="model")
    work_off()
    assert not work.reopen(stale, cause="model")


def test_reopening_and_keeping_are_one_transaction(judged, monkeypatch):
    monkeypatch.setattr(SupersededAnswer.objects, "bulk_create", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.reopen(Comparison.objects.first(), cause="model")
    assert not Comparison.objects.filter(state="pending").exists()


def test_a_superseded_answer_never_changes(judged):
    outdated.reopen_outdated()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupersededAnswer.objects.update(trend="stable")
    assert SupersededAnswer.objects.get().trend == "worsening"


@pytest.mark.parametrize(
    "wrong",
    [{"cause": "boredom"}, {"comparable": False}, {"trend": None}, {"trend": "better"}],
    ids=["cause", "comparable", "trend", "word"],
)
def test_the_database_refuses_a_contradictory_superseded_answer(judged, wrong):
    answer = {"comparable": True, "trend": "stable", "cause": "model", "computed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        SupersededAnswer.objects.create(comparison=Comparison.objects.first(), rule_version="x", **(answer | wrong))


def test_answers_replaced_by_maintenance_and_its_removal_are_kept(subscriber, owner, predictor):
    visits_of(owner, [CLEAN, RUSTY])
    finished(subscriber)
    noted = maintain(subscriber, FIRST_DAY + timedelta(days=3))
    finished(subscriber)
    subscriber.delete(f"/corrosion/maintenance/{noted['maintenance_id']}")
    finished(subscriber)
    kept = list(SupersededAnswer.objects.order_by("superseded_at"))
    assert [(row.cause, row.trend) for row in kept] == [("maintenance", "worsening"), ("maintenance", None)]
    row = Comparison.objects.get()
    assert compare(subscriber, row.before, row.after).json()["trend"] == "worsening"
