"""Test the page of one inspection."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import CaptureSlot, InferenceJob, Inspection, InspectionEvent, MediaAsset
from testing.factories import InspectionFactory, JobFactory
from testing.phone import jpeg
from tests.inspections.admin.states import STATES, add_points, attempted, completed, page

pytestmark = pytest.mark.django_db


def seen(client, inspection) -> str:
    answer = client.get(page(inspection))
    assert answer.status_code == 200
    return answer.content.decode()


def queries_of(client, inspection) -> int:
    seen(client, inspection)  # content types and the like are cached
    with CaptureQueriesContext(
        connection,
    ) as queries:
        seen(client, inspection)
    return len(queries)


@pytest.mark.parametrize("state", STATES)
def test_the_page_explains_every_state(state, desk):
    text = seen(desk, STATES[state]())
    for heading in ("Current state", "Next automatic step", "What staff can do", "Timeline"):
        assert heading in text


@pytest.mark.parametrize("state", STATES)
def test_the_page_takes_few_queries_in_every_state(state, desk):
    assert queries_of(desk, STATES[state]()) <= 18


def test_more_points_attempts_and_events_take_no_more_queries(desk):
    few = add_points(InspectionFactory.create(), 1)
    many = add_points(InspectionFactory.create(), 6)
    assert queries_of(desk, few) == queries_of(desk, many)
    once, often = JobFactory.create(failed=True), JobFactory.create(failed=True)
    for job, times in ((once, 1), (often, 5)):
        for number in range(times):
            attempted(job, error=f"ValueError: {number}")
            InspectionEvent.objects.create(inspection=job.inspection, subject="job", to_state="queued", cause="x")
    assert queries_of(desk, once.inspection) == queries_of(desk, often.inspection)


def test_photos_and_overlays_have_working_links(desk, phone):
    inspection = Inspection.objects.get(pk=phone.complete("corrosion", points=2))
    links = set(re.findall(r'<img src="http://testserver([^"]+)"', seen(desk, inspection)))
    assert len(links) == 2 * 3 + 2
    for link in links:
        picture = desk.get(link)
        assert picture.status_code == 200
        assert picture["Content-Type"] in ("image/jpeg", "image/png")


def test_staff_can_see_the_findings_of_the_engine(desk, phone):
    inspection = Inspection.objects.get(pk=phone.complete("osmosis", points=1))
    text = seen(desk, inspection)
    assert "blister_count" in text
    assert inspection.result.explanation in text.replace("&#x27;", "'")


def test_a_rejected_photo_shows_its_reason(desk, phone):
    opened = phone.open("corrosion")
    phone.put(opened["uploads"][0], jpeg(1, size=(96, 96)))
    asset = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"])
    MediaAsset.objects.filter(pk=asset.pk).update(
        state="rejected", uploaded_at=asset.created_at, retake_reasons=["too_small"], quality_meta={"width": 96}
    )
    text = seen(desk, Inspection.objects.get(pk=opened["inspection_id"]))
    assert "too_small" in text
    assert "<dt>width</dt><dd>96</dd>" in text


def test_the_framing_of_a_photo_is_shown(desk, phone):
    opened = phone.open("corrosion")
    framing = {"shift_x": 0.3, "shift_y": 0, "scale": 1.4, "rotation_deg": -2.5}
    MediaAsset.objects.filter(pk=opened["uploads"][0]["asset_id"]).update(
        framing=framing, warnings=["framed_differently"]
    )
    text = seen(desk, Inspection.objects.get(pk=opened["inspection_id"]))
    assert "framed_differently" in text
    assert "<dt>shift x</dt><dd>0.3</dd>" in text
    assert "<dt>rotation deg</dt><dd>-2.5</dd>" in text


def test_a_replaced_photo_is_still_shown(desk, phone):
    opened = phone.open("corrosion")
    slot = phone.post(f"/inspections/{opened['inspection_id']}/slots").json()
    phone.declare(slot["slot_id"], "wide", jpeg(1))
    assert "1 replaced photo(s)" in seen(desk, Inspection.objects.get(pk=opened["inspection_id"]))


@pytest.mark.parametrize("state", ["deleted", "deleted_after_completion"])
def test_a_deleted_inspection_is_shown_as_deleted_without_pictures(state, desk):
    text = seen(desk, STATES[state]())
    assert "Deleted by its owner" in text
    assert "<img" not in text
    assert "/v1/storage/" not in text
    assert "Signal:" not in text


def test_the_page_shows_no_exif_data_and_no_secret(desk):
    inspection = completed()
    slot = CaptureSlot.objects.filter(inspection=inspection).first()
    slot.assets.update(
        quality_meta={"width": 640, "latitude": 55.6761, "gps": "here"}, capture={"position": [55.6761, 12.5683]}
    )
    job = JobFactory.create(running=True)
    text = seen(desk, inspection) + seen(desk, job.inspection)
    assert "640" in text
    for secret in ("55.67", "gps", "12.56", str(InferenceJob.objects.get(pk=job.pk).lease), inspection.owner.password):
        assert secret not in text


def test_the_page_shows_staff_actions(desk, boss):
    inspection = STATES["technically_failed"]()
    desk.post(f"/admin/inspections/inspection/{inspection.pk}/act/requeue/", {"reason": "store was down <again>"})
    text = seen(desk, inspection)
    assert "store was down &lt;again&gt;" in text
    assert "staff@example.org" in text
