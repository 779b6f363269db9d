"""Test that staff can requeue an inspection after a technical failure."""

import pytest

from accounts.models import StaffAction
from inspections.models import Inspection, InspectionEvent
from inspections.vocabulary import InspectionStatus, JobState
from testing.factories import JobFactory
from testing.phone import work
from tests.inspections.admin.states import STATES, free, page, technically_failed

pytestmark = pytest.mark.django_db


def requeue(client, inspection, reason="the store was down"):
    return client.post(f"/admin/inspections/inspection/{inspection.pk}/act/requeue/", {"reason": reason}, follow=True)


def test_a_technical_failure_is_requeued_with_a_stored_reason(desk, staff, broker, django_capture_on_commit_callbacks):
    inspection = technically_failed()
    assert "/act/requeue/" in desk.get(page(inspection)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = requeue(desk, inspection)
    assert "The analysis is queued again." in answer.content.decode()
    inspection.refresh_from_db()
    inspection.job.refresh_from_db()
    assert (inspection.status, inspection.job.state) == (InspectionStatus.PROCESSING, JobState.QUEUED)
    assert broker == [("inspections.tasks.analyse", (str(inspection.job.pk),))]
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason) == (staff, "requeue", "the store was down")
    assert (action.subject_type, action.subject_id) == ("inspections.inspection", str(inspection.pk))
    assert InspectionEvent.objects.filter(inspection=inspection, cause="queued again by staff").count() == 2


def test_a_requeued_inspection_can_be_completed(desk, phone):
    opened = phone.open("corrosion")
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/complete")
    inspection = Inspection.objects.get(pk=opened["inspection_id"])
    JobFactory._meta.model.objects.filter(inspection=inspection).update(
        state="failed", attempt=3, finished_at=inspection.submitted_at
    )
    Inspection.objects.filter(pk=inspection.pk).update(
        status="failed", failure_reason="technical_failure", finished_at=inspection.submitted_at
    )
    requeue(desk, inspection)
    work(opened["inspection_id"])
    assert phone.get(f"/inspections/{inspection.pk}/result").status_code == 200


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_blank_reason_is_refused_and_nothing_changes(desk, reason, broker):
    inspection = technically_failed()
    answer = requeue(desk, inspection, reason)
    assert "This field is required." in answer.content.decode()
    inspection.refresh_from_db()
    assert (inspection.status, broker) == (InspectionStatus.FAILED, [])
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("state", [name for name in STATES if name != "technically_failed"])
def test_only_a_technical_failure_can_be_requeued(desk, state):
    inspection = STATES[state]()
    before = Inspection.objects.get(pk=inspection.pk).status
    assert "/act/requeue/" not in desk.get(page(inspection)).content.decode()
    answer = requeue(desk, inspection)
    assert "Only an inspection that failed for a technical reason can be queued again." in answer.content.decode()
    inspection.refresh_from_db()
    assert inspection.status == before
    assert not StaffAction.objects.exists()


def test_a_second_free_inspection_blocks_requeuing_the_first(desk):
    inspection = technically_failed(access="free")
    free(owner=inspection.owner)
    answer = requeue(desk, inspection)
    assert "another free inspection" in answer.content.decode()
    inspection.refresh_from_db()
    assert inspection.status == InspectionStatus.FAILED
    assert not StaffAction.objects.exists()
