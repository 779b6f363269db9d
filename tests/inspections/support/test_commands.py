"""Test the commands of daily work."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import StaffAction
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus
from testing.factories import JobFactory
from tests.inspections.admin import states

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("state", states.STATES)
def test_explain_inspection_explains_every_state(state):
    inspection = states.STATES[state]()
    text = run("explain_inspection", str(inspection.pk))
    assert text.startswith(f"{inspection.mode} inspection {inspection.pk} of {inspection.owner.email}:")
    assert "Current state:\n  - " in text
    assert "What staff can do:\n  - " in text


def test_an_unknown_inspection_is_refused_in_one_line():
    with pytest.raises(CommandError, match="There is no inspection"):
        run("explain_inspection", str(uuid.uuid4()))


def test_a_malformed_id_is_refused_in_one_line():
    with pytest.raises(CommandError, match="nonsense"):
        run("explain_inspection", "nonsense")


def test_sweep_jobs_prints_its_results(broker, django_capture_on_commit_callbacks):
    long_ago = timezone.now() - timedelta(minutes=5)
    waiting = JobFactory.create(enqueued_at=long_ago)
    states.lost()
    overdue = states.overdue()
    with django_capture_on_commit_callbacks(execute=True):
        text = run("sweep_jobs")
    assert "1 job(s) recovered from lost workers" in text
    assert "1 inspection(s) ended as expired" in text
    assert "2 analysis job(s) sent" in text
    assert str(waiting.pk) in text
    assert "0 photo check(s) sent" in text
    assert [task for task, _ in broker].count("inspections.tasks.analyse") == 2
    overdue.refresh_from_db()
    assert overdue.status == InspectionStatus.FAILED


def test_requeue_job_requeues_failed_jobs_and_names_others(staff):
    failed = [states.technically_failed() for _ in range(2)]
    done = states.completed()
    with pytest.raises(CommandError) as refused:
        run(
            "requeue_job",
            *(str(inspection.pk) for inspection in (*failed, done)),
            "nonsense",
            "--staff",
            staff.email,
            "--reason",
            "outage of 3 May",
        )
    assert str(done.pk) in str(refused.value)
    assert "nonsense: There is no such inspection." in str(refused.value)
    statuses = Inspection.objects.filter(pk__in=[row.pk for row in failed]).values_list("status", flat=True)
    assert set(statuses) == {InspectionStatus.PROCESSING}
    assert list(StaffAction.objects.values_list("reason", flat=True)) == ["outage of 3 May"] * 2


@pytest.mark.parametrize(("email", "reason"), [("nobody@example.org", "why"), ("staff@example.org", "  ")])
def test_requeue_job_needs_staff_and_a_reason(staff, email, reason):
    inspection = states.technically_failed()
    with pytest.raises(CommandError):
        run("requeue_job", str(inspection.pk), "--staff", email, "--reason", reason)
    inspection.refresh_from_db()
    assert inspection.status == InspectionStatus.FAILED
    assert not StaffAction.objects.exists()
