"""Test that a comparison without a surviving attempt ends, says so, and can be reopened by staff."""

import re

import pytest

from accounts.models import StaffAction, User
from accounts.staff.permissions import support_group
from corrosion.comparison import compute
from corrosion.judgement.trend import NO_CHANGE
from corrosion.models import Comparison
from corrosion.tasks import compute_comparison
from notifications.models import Notification
from testing.factories import UserFactory
from tests.conftest import browser
from tests.corrosion.pictures import plate, png, seen_from
from tests.corrosion.rows import compare, point, visit

pytestmark = pytest.mark.django_db
LIST = "/admin/corrosion/comparison/"


@pytest.fixture
def failing(subscriber, owner, predictor, monkeypatch):
    """The two inspections of a comparison that fails on every attempt."""

    def die(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(compute, "measure_change", die)
    before = visit(owner, point(mid=png(plate(1))))
    after = visit(owner, point(mid=png(seen_from(plate(1), turn=2))))
    compare(subscriber, before, after)
    return before, after


@pytest.fixture
def given_up(failing):
    pk = Comparison.objects.get().pk
    for _ in range(Comparison.retry.max_attempts):
        with pytest.raises(RuntimeError):
            compute_comparison(pk)
    compute_comparison(pk)
    return failing


@pytest.fixture
def desk(db):
    staff: User = UserFactory.create(is_staff=True)
    staff.groups.add(support_group())
    return browser(staff)


def test_staff_are_notified_once_a_day_with_a_link(given_up, desk, subscriber, owner):
    (found,) = Notification.objects.filter(kind="comparison_given_up", recipient=None)
    (path,) = re.findall(r"https?://[^/]+(/admin/\S+)", found.body)
    assert desk.get(path).status_code == 200
    other = visit(owner, point(mid=png(seen_from(plate(1), turn=3))))
    compare(subscriber, given_up[0], other)
    (pk,) = Comparison.objects.filter(state="pending").values_list("pk", flat=True)
    for _ in range(Comparison.retry.max_attempts):
        with pytest.raises(RuntimeError):
            compute_comparison(pk)
    compute_comparison(pk)
    assert Comparison.objects.get(pk=pk).state == "done"
    assert Notification.objects.filter(kind="comparison_given_up").count() == 1


def test_a_comparison_has_a_limited_number_of_attempts(failing):
    pk = Comparison.objects.get().pk
    for _ in range(Comparison.retry.max_attempts):
        assert Comparison.objects.get().state == "pending"
        with pytest.raises(RuntimeError):
            compute_comparison(pk)
    compute_comparison(pk)
    assert Comparison.objects.get().state == "done"


def test_the_owner_is_shown_that_the_comparison_failed(subscriber, given_up):
    answer = compare(subscriber, *given_up)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["comparable"], body["trend"], body["reasons"]) == (False, None, ["could_not_be_compared"])
    assert "support" in body["explanation"]


def test_staff_can_find_and_recompute_a_failed_comparison(
    subscriber, given_up, desk, broker, monkeypatch, django_capture_on_commit_callbacks
):
    row = Comparison.objects.get()
    assert list(desk.get(LIST, {"given_up": "yes"}).context["cl"].queryset) == [row]
    assert "act/compute-anew/" in desk.get(f"{LIST}{row.pk}/change/").content.decode()
    monkeypatch.setattr(compute, "measure_change", lambda *_, **__: NO_CHANGE)
    broker.clear()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{LIST}{row.pk}/act/compute-anew/", {"reason": "the worker was out of memory"})
    assert broker == [("corrosion.tasks.compute_comparison", (row.pk,))]
    assert StaffAction.objects.get().reason == "the worker was out of memory"
    compute_comparison(row.pk)
    assert compare(subscriber, *given_up).json()["trend"] == "stable"


def test_a_recomputation_needs_a_reason(given_up, desk):
    row = Comparison.objects.get()
    desk.post(f"{LIST}{row.pk}/act/compute-anew/", {"reason": " "})
    assert Comparison.objects.get().state == "done"
    assert not StaffAction.objects.exists()


def test_a_pending_comparison_cannot_be_reopened(failing, desk):
    row = Comparison.objects.get()
    answer = desk.post(f"{LIST}{row.pk}/act/compute-anew/", {"reason": "impatience"}, follow=True)
    assert "Only a finished comparison" in answer.content.decode()
    assert not StaffAction.objects.exists()
