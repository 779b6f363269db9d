"""Test fair order: an owner has one waiting message at a time, so many comparisons delay no other owner."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.utils import timezone

from corrosion.comparison.work import comparisons_to_send
from corrosion.models import Comparison
from corrosion.tasks import compute_comparison, send_pending_comparisons
from testing.phone import Phone
from tests.corrosion.pictures import plate, png
from tests.corrosion.rows import compare, point, subscribe, visit

pytestmark = pytest.mark.django_db
SENT = "corrosion.tasks.compute_comparison"


@pytest.fixture
def visits(owner):
    """Six pairs of visits."""
    return [visits_of_one(owner, seed, days_ago=20 - seed) for seed in range(4)]


def visits_of_one(owner, seed: int, *, days_ago: int = 1):
    created_at = timezone.now() - timedelta(days=days_ago)
    return visit(owner, point(mid=png(plate(seed))), created_at=created_at)


@pytest.fixture
def ask_for_all(phone, visits, django_capture_on_commit_callbacks):
    def ask() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for before, after in combinations(visits, 2):
                assert compare(phone, before, after).status_code == 202

    subscribe(phone)
    return ask


def messages(broker) -> list[int]:
    return [int(arguments[0]) for name, arguments in broker if name == SENT]


def test_an_owner_has_one_waiting_message(ask_for_all, broker):
    ask_for_all()
    ask_for_all()
    assert len(messages(broker)) == 1
    assert comparisons_to_send() == []


def test_a_comparison_of_another_owner_is_sent_at_once(
    ask_for_all, broker, stranger, django_capture_on_commit_callbacks
):
    ask_for_all()
    other = Phone.of(stranger)
    subscribe(other)
    with django_capture_on_commit_callbacks(execute=True):
        compare(other, *(visits_of_one(stranger, seed, days_ago=9 - seed) for seed in range(2)))
    first, second = messages(broker)
    assert Comparison.objects.get(pk=second).before.owner == stranger
    assert Comparison.objects.get(pk=first).before.owner != stranger


def test_each_computed_comparison_sends_the_next_one(ask_for_all, broker, django_capture_on_commit_callbacks):
    ask_for_all()
    done = 0
    while len(messages(broker)) > done:
        with django_capture_on_commit_callbacks(execute=True):
            compute_comparison(messages(broker)[done])
        done += 1
    assert len(set(messages(broker))) == done == 6
    assert not Comparison.objects.filter(state="pending").exists()


def test_a_failing_comparison_does_not_block_the_next_one(
    ask_for_all, broker, monkeypatch, django_capture_on_commit_callbacks
):
    ask_for_all()

    def die(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("corrosion.comparison.compute.measure_change", die)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        compute_comparison(messages(broker)[0])
    assert len(set(messages(broker))) == 2


def test_the_sweep_sends_the_next_one_when_a_message_is_lost(ask_for_all, broker, django_capture_on_commit_callbacks):
    ask_for_all()
    Comparison.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        send_pending_comparisons()
    assert len(messages(broker)) == 2


def test_a_long_backlog_takes_the_sweep_one_update_per_owner(ask_for_all, django_assert_num_queries):
    ask_for_all()
    Comparison.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with django_assert_num_queries(2):
        assert len(comparisons_to_send()) == 1
